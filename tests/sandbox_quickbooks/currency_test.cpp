// Several currencies: off until the company turns them on, one per customer, with a rate on the document.
#include "company.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

void turn_on(Company& c) {
  c.make("preferences", R"({"Id":"1","SyncToken":"1","sparse":true,"CurrencyPrefs":{"MultiCurrencyEnabled":true}})");
  c.make("companycurrency", R"({"Code":"EUR"})");
}

TEST(Currency, edge_037_AForeignDocumentIsRefusedWhileItIsOff) {
  Company c;
  const auto answer =
      c.post("/invoice", Company::invoice_body(c.customer("A"), "10", R"(,"CurrencyRef":{"value":"EUR"})"));
  EXPECT_EQ(answer.code(), "6000");
  EXPECT_NE(c.raw.body.find("Multi Currency should be enabled"), std::string::npos);
  EXPECT_EQ(c.post("/customer", R"({"DisplayName":"E","CurrencyRef":{"value":"EUR"}})").code(), "6000");
  EXPECT_EQ(c.post("/companycurrency", R"({"Code":"EUR"})").code(), "6000");
}

TEST(Currency, edge_036_ACustomersCurrencyIsFixedAndBindsItsDocuments) {
  Company c;
  turn_on(c);
  const std::string euro = c.make("customer", R"({"DisplayName":"E","CurrencyRef":{"value":"EUR"}})")["Id"].text();
  EXPECT_EQ(
      c.post("/customer", R"({"sparse":true,"Id":")" + euro + R"(","SyncToken":"0","CurrencyRef":{"value":"USD"}})")
          .code(),
      "6000");
  EXPECT_EQ(c.post("/invoice", Company::invoice_body(euro, "10", R"(,"CurrencyRef":{"value":"USD"})")).code(), "6000");
  const auto bill = c.make("invoice", Company::invoice_body(euro, "10", R"(,"ExchangeRate":1.08)"));
  EXPECT_EQ(bill["CurrencyRef"]["value"].text(), "EUR");
  EXPECT_EQ(bill["HomeTotalAmt"].text(), "10.80");
  EXPECT_EQ(bill["HomeBalance"].text(), "10.80");
}

TEST(Currency, edge_038_WithoutARateTheDaysRateIsTaken) {
  Company c;
  turn_on(c);
  c.make("exchangerate", R"({"SourceCurrencyCode":"EUR","Rate":1.20,"AsOfDate":"2026-03-01"})");
  const std::string euro = c.make("customer", R"({"DisplayName":"E","CurrencyRef":{"value":"EUR"}})")["Id"].text();
  EXPECT_EQ(c.make("invoice", Company::invoice_body(euro, "10"))["ExchangeRate"].text(), "1.20");
  EXPECT_EQ(c.make("invoice", Company::invoice_body(euro, "10", R"(,"TxnDate":"2026-02-01")"))["ExchangeRate"].text(),
            "1.10");
  EXPECT_EQ(c.get("/exchangerate?sourcecurrencycode=EUR&asofdate=2026-03-05")["ExchangeRate"]["Rate"].text(), "1.20");
  EXPECT_EQ(c.post("/invoice", Company::invoice_body(c.customer("U"), "10", R"(,"ExchangeRate":1.5)")).code(), "6000");
}

TEST(Currency, OnceOnItStaysOn) {
  Company c;
  turn_on(c);
  EXPECT_EQ(c.post("/preferences",
                   R"({"Id":"1","SyncToken":"2","sparse":true,"CurrencyPrefs":{"MultiCurrencyEnabled":false}})")
                .code(),
            "6000");
}

}  // namespace
}  // namespace tieout::sandbox::quickbooks
