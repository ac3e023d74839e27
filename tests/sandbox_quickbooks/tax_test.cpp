// Sales tax, American and other.
#include "company.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

std::string line(const std::string& amount, const std::string& code, const std::string& more = {}) {
  return R"({"Amount":)" + amount +
         R"(,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"},"TaxCodeRef":{"value":")" +
         code + R"("})" + more + "}}";
}
std::string invoice(const std::string& customer, const std::string& lines, const std::string& more = {}) {
  return R"({"CustomerRef":{"value":")" + customer + R"("},"Line":[)" + lines + "]" + more + "}";
}
Company british() { return Company({.seed = "empty", .faults_file = {}, .no_limits = true, .country = "GB"}); }

TEST(TaxUs, OnlyTaxableLinesCountAndTheSumIsRoundedOnce) {
  Company c;
  // 3 × 1.05 at 10.1 %: 0.31815 on the sum, while three rounded lines would give 0.33.
  const auto made = c.make("invoice", invoice(c.customer("A"),
                                              line("1.05", "TAX") + "," + line("1.05", "TAX") + "," +
                                                  line("1.05", "TAX") + "," + line("100", "NON"),
                                              R"(,"TxnTaxDetail":{"TxnTaxCodeRef":{"value":"1"}})"));
  EXPECT_EQ(made["TxnTaxDetail"]["TotalTax"].text(), "0.32");
  EXPECT_EQ(made["TotalAmt"].text(), "103.47");
  const auto& tax = made["TxnTaxDetail"]["TaxLine"].items()[0]["TaxLineDetail"];
  EXPECT_EQ(tax["NetAmountTaxable"].text(), "3.15");
  EXPECT_EQ(tax["TaxPercent"].text(), "10.1");
}

TEST(TaxUs, edge_020_TheEnginePicksACodeUnlessTheTotalIsGiven) {
  Company c;
  const std::string a = c.customer("A");
  EXPECT_EQ(c.make("invoice", invoice(a, line("100", "TAX")))["TxnTaxDetail"]["TotalTax"].text(), "10.10");
  const auto given = c.make("invoice", invoice(a, line("100", "TAX"), R"(,"TxnTaxDetail":{"TotalTax":7.77})"));
  EXPECT_EQ(given["TotalAmt"].text(), "107.77");
  EXPECT_EQ(c.make("invoice", invoice(a, line("100", "NON")))["TotalAmt"].text(), "100.00");
  // A later edit of something else leaves the given total alone.
  const auto edited =
      c.make("invoice", R"({"sparse":true,"PrivateNote":"x","Id":")" + given["Id"].text() + R"(","SyncToken":"0"})");
  EXPECT_EQ(edited["TotalAmt"].text(), "107.77");
}

TEST(TaxUs, edge_014_DiscountBeforeOrAfterTax) {
  Company c;
  const std::string a = c.customer("A");
  const std::string lines =
      line("100", "TAX") +
      R"(,{"Amount":10,"DetailType":"DiscountLineDetail","DiscountLineDetail":{"PercentBased":false}})";
  EXPECT_EQ(c.make("invoice", invoice(a, lines, R"(,"ApplyTaxAfterDiscount":true)"))["TxnTaxDetail"]["TotalTax"].text(),
            "9.09");
  EXPECT_EQ(
      c.make("invoice", invoice(a, lines, R"(,"ApplyTaxAfterDiscount":false)"))["TxnTaxDetail"]["TotalTax"].text(),
      "10.10");
}

TEST(TaxGlobal, edge_021_EveryLineNeedsACode) {
  Company c = british();
  const std::string a = c.customer("A");
  EXPECT_EQ(c.post("/invoice", Company::invoice_body(a, "10")).code(), "6000");
  EXPECT_EQ(c.post("/invoice", Company::invoice_body(a, "10", R"(,"GlobalTaxCalculation":"NotApplicable")")).status,
            200);
  EXPECT_EQ(c.post("/invoice", invoice(a, line("10", "99"))).code(), "2500");
  EXPECT_EQ(c.post("/invoice", invoice(a, line("10", "1"), R"(,"GlobalTaxCalculation":"TaxIncluded")")).code(), "2170");
}

TEST(TaxGlobal, ExcludedIsPerRateOverTheSum) {
  Company c = british();
  const auto made =
      c.make("invoice", invoice(c.customer("A"), line("0.33", "1") + "," + line("0.33", "1") + "," + line("10", "2"),
                                R"(,"GlobalTaxCalculation":"TaxExcluded")"));
  EXPECT_EQ(made["TxnTaxDetail"]["TaxLine"].items()[0]["Amount"].text(), "0.13");  // 20 % of 0.66
  EXPECT_EQ(made["TxnTaxDetail"]["TaxLine"].items()[1]["Amount"].text(), "0.50");  // 5 % of 10
  EXPECT_EQ(made["TotalAmt"].text(), "11.29");
}

TEST(TaxGlobal, edge_005_InclusiveKeepsTheGross) {
  Company c = british();
  const auto made = c.make("invoice", invoice(c.customer("A"),
                                              line("8.33", "1", R"(,"TaxInclusiveAmt":9.99)") + "," +
                                                  line("8.33", "1", R"(,"TaxInclusiveAmt":9.99)"),
                                              R"(,"GlobalTaxCalculation":"TaxInclusive")"));
  EXPECT_EQ(made["TotalAmt"].text(), "19.98");
  EXPECT_EQ(made["Line"].items()[0]["Amount"].text(), "8.33");
  EXPECT_EQ(made["Line"].items()[0]["SalesItemLineDetail"]["TaxInclusiveAmt"].text(), "9.99");
  EXPECT_EQ(made["TxnTaxDetail"]["TotalTax"].text(), "3.32");
}

TEST(TaxService, MakesRatesAndACodeThatInvoicesCanUse) {
  Company c = british();
  const auto made = c.post("/taxservice/taxcode", R"({"TaxCode":"GST+PST","TaxRateDetails":[
      {"TaxRateName":"GST 5","RateValue":"5","TaxAgencyId":"1","TaxApplicableOn":"Sales"},
      {"TaxRateName":"PST 7","RateValue":"7","TaxAgencyId":"1","TaxApplicableOn":"Sales"}]})");
  ASSERT_EQ(made.status, 200) << c.raw.body;
  const auto bill = c.make("invoice", invoice(c.customer("A"), line("100", made["TaxCodeId"].text())));
  EXPECT_EQ(bill["TotalAmt"].text(), "112.00");
  EXPECT_EQ(bill["TxnTaxDetail"]["TaxLine"].size(), 2u);
  EXPECT_EQ(
      c.query("select * from TaxRate where Name = 'PST 7'")["QueryResponse"]["TaxRate"].items()[0]["RateValue"].text(),
      "7");
  EXPECT_EQ(c.post("/taxcode", R"({"Name":"X"})").code(), "500");
  EXPECT_EQ(c.post("/taxservice/taxcode", R"({"TaxCode":"gst+pst","TaxRateDetails":[{"TaxRateId":"1"}]})").code(),
            "6240");
}

}  // namespace
}  // namespace tieout::sandbox::quickbooks
