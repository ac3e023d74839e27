// Sales forms: lines, sums, numbers, dates, periods.
#include "company.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

const char* kTwoLines =
    R"([{"Amount":30.00,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"},"Qty":3,"UnitPrice":10}},
        {"Amount":9.99,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"},"Qty":3,"UnitPrice":3.33}})";

std::string with_lines(const std::string& customer, const std::string& lines, const std::string& more = {}) {
  return R"({"CustomerRef":{"value":")" + customer + R"("},"Line":)" + lines + more + "}";
}

TEST(Sales, TotalsAreComputedAndASubtotalLineIsAdded) {
  Company c;
  const auto invoice = c.make("invoice", with_lines(c.customer("A"), std::string(kTwoLines) + "]"));
  EXPECT_EQ(invoice["TotalAmt"].text(), "39.99");
  EXPECT_EQ(invoice["Balance"].text(), "39.99");
  ASSERT_EQ(invoice["Line"].size(), 3u);
  EXPECT_EQ(invoice["Line"].items()[2]["DetailType"].text(), "SubTotalLineDetail");
  EXPECT_EQ(invoice["Line"].items()[2]["Amount"].text(), "39.99");
  EXPECT_EQ(invoice["Line"].items()[2].find("Id"), nullptr);
  EXPECT_EQ(invoice["SyncToken"].text(), "0");
  EXPECT_EQ(invoice["TxnDate"].text(), "2026-03-10");
  EXPECT_EQ(invoice["MetaData"]["CreateTime"].text(), "2026-03-10T10:00:00-08:00");
}

TEST(Sales, AmountMustBeQuantityTimesPriceToTheCent) {
  Company c;
  const std::string a = c.customer("A");
  const auto line = [](const std::string& amount, const std::string& qty, const std::string& price) {
    return R"([{"Amount":)" + amount +
           R"(,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"},"Qty":)" + qty +
           R"(,"UnitPrice":)" + price + "}}]";
  };
  EXPECT_EQ(c.post("/invoice", with_lines(a, line("10.01", "3", "3.3333333"))).code(), "6070");
  EXPECT_EQ(c.post("/invoice", with_lines(a, line("10.00", "3", "3.3333333"))).status, 200);
  // 0.5 cents go up: 1.5 × 0.03 = 0.045
  EXPECT_EQ(c.post("/invoice", with_lines(a, line("0.05", "1.5", "0.03"))).status, 200);
  EXPECT_EQ(c.post("/invoice", with_lines(a, line("0.04", "1.5", "0.03"))).code(), "6070");
}

TEST(Sales, WhatIsMissingOrUnknownIsNamed) {
  Company c;
  const std::string a = c.customer("A");
  EXPECT_EQ(c.post("/invoice", R"({"Line":[]})").code(), "2020");
  EXPECT_EQ(c.post("/invoice", with_lines(a, "[]")).code(), "2020");
  EXPECT_EQ(c.post("/invoice", Company::invoice_body("999", "10")).code(), "2500");
  EXPECT_EQ(
      c.post(
           "/invoice",
           with_lines(
               a,
               R"([{"Amount":1,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"77"}}}])"))
          .code(),
      "2500");
  EXPECT_EQ(c.post("/invoice", with_lines(a, R"([{"DetailType":"SalesItemLineDetail"}])")).code(), "2020");
  EXPECT_EQ(c.post("/invoice", Company::invoice_body(a, "1", R"(,"TxnDate":"2026-02-30")")).code(), "2010");
}

TEST(Sales, AnInactiveCustomerCannotBeInvoiced) {
  Company c;
  const std::string a = c.customer("A");
  c.make("customer", R"({"sparse":true,"Active":false,"Id":")" + a + R"(","SyncToken":"0"})");
  EXPECT_EQ(c.post("/invoice", Company::invoice_body(a, "10")).code(), "2500");
}

TEST(Sales, edge_034_ALineWithoutItemFallsBackToTheDefaultItem) {
  Company c;
  const auto invoice =
      c.make("invoice", with_lines(c.customer("A"), R"([{"Amount":5,"DetailType":"SalesItemLineDetail"}])"));
  EXPECT_EQ(invoice["Line"].items()[0]["SalesItemLineDetail"]["ItemRef"]["name"].text(), "Services");
}

TEST(Sales, PercentDiscountComesFromTheSubtotal) {
  Company c;
  const auto invoice = c.make(
      "invoice",
      with_lines(
          c.customer("A"),
          std::string(kTwoLines) +
              R"(,{"DetailType":"DiscountLineDetail","DiscountLineDetail":{"PercentBased":true,"DiscountPercent":10}}])"));
  EXPECT_EQ(invoice["TotalAmt"].text(), "35.99");  // 39.99 less 4.00
  EXPECT_EQ(invoice["Line"].items().back()["Amount"].text(), "4.00");
}

TEST(Sales, edge_019_ANegativeTotalIsRefused) {
  Company c;
  EXPECT_EQ(c.post("/invoice", Company::invoice_body(c.customer("A"), "-10")).code(), "6000");
}

TEST(Sales, ShippingIsALineThatStaysOutOfTheSubtotal) {
  Company c;
  const auto invoice = c.make(
      "invoice",
      with_lines(
          c.customer("A"),
          std::string(kTwoLines) +
              R"(,{"Amount":32.38,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"SHIPPING_ITEM_ID"}}}])"));
  EXPECT_EQ(invoice["TotalAmt"].text(), "72.37");
  EXPECT_EQ(invoice["Line"].items()[3]["Amount"].text(), "39.99");
}

TEST(Sales, NumbersAreGivenInOneSequenceUnlessTheCompanyNumbersItself) {
  Company c;
  const std::string a = c.customer("A");
  const auto number = [&](const std::string& more = {}) {
    return c.make("invoice", Company::invoice_body(a, "1", more))["DocNumber"].text();
  };
  EXPECT_EQ(number(), "1001");
  EXPECT_EQ(c.make("salesreceipt", Company::invoice_body(a, "1"))["DocNumber"].text(), "1002");
  EXPECT_EQ(number(R"(,"DocNumber":"2000")"), "2000");
  EXPECT_EQ(number(), "2001");
  c.make("preferences", R"({"Id":"1","SyncToken":"1","sparse":true,"SalesFormsPrefs":{"CustomTxnNumbers":true}})");
  EXPECT_EQ(number(), "");
  EXPECT_EQ(number(R"(,"DocNumber":"AUTO_GENERATE")"), "2002");
}

TEST(Sales, edge_058_ADuplicateNumberIsRefusedWithItsHolderUnlessAllowed) {
  Company c;
  const std::string a = c.customer("A");
  const std::string first = c.invoice(a, "1", R"(,"DocNumber":"INV-7")");
  const auto again = c.post("/invoice", Company::invoice_body(a, "1", R"(,"DocNumber":"inv-7")"));
  EXPECT_EQ(again.code(), "6140");
  EXPECT_NE(c.raw.body.find("TxnId=" + first), std::string::npos);
  EXPECT_EQ(
      c.post("/invoice?include=allowduplicatedocnum", Company::invoice_body(a, "1", R"(,"DocNumber":"INV-7")")).status,
      200);
  EXPECT_EQ(c.post("/creditmemo", Company::invoice_body(a, "1", R"(,"DocNumber":"INV-7")")).status, 200);
  EXPECT_EQ(
      c.post("/invoice", Company::invoice_body(a, "1", R"(,"DocNumber":")" + std::string(22, '9') + R"(")")).code(),
      "2050");
}

TEST(Sales, edge_062_AClosedPeriodRefusesEveryWrite) {
  Company c;
  const std::string a = c.customer("A");
  const std::string old = c.invoice(a, "10", R"(,"TxnDate":"2026-01-31")");
  EXPECT_EQ(c.control("close_books", R"({"date":"2026-01-31"})").status, 200);
  EXPECT_EQ(c.post("/invoice", Company::invoice_body(a, "1", R"(,"TxnDate":"2026-01-31")")).code(), "6210");
  EXPECT_EQ(c.post("/invoice", Company::invoice_body(a, "1", R"(,"TxnDate":"2026-02-01")")).status, 200);
  const std::string key = R"("Id":")" + old + R"(","SyncToken":"0")";
  EXPECT_EQ(c.post("/invoice", R"({"sparse":true,"TxnDate":"2026-03-01",)" + key + "}").code(), "6210");
  EXPECT_EQ(c.post("/invoice?operation=delete", "{" + key + "}").code(), "6210");
  EXPECT_EQ(c.post("/invoice?operation=void", "{" + key + "}").code(), "6210");
  EXPECT_EQ(c.control("close_books", R"({"date":null})").status, 200);
  EXPECT_EQ(c.post("/invoice?operation=void", "{" + key + "}").status, 200);
}

TEST(Sales, DueDateFollowsTheTerm) {
  Company c;
  const std::string a = c.customer("A");
  const auto due = [&](const std::string& term, const std::string& day) {
    return c
        .make("invoice",
              Company::invoice_body(
                  a, "1", R"(,"TxnDate":")" + day + R"(","SalesTermRef":{"value":")" + term + R"("})"))["DueDate"]
        .text();
  };
  EXPECT_EQ(due("3", "2026-01-31"), "2026-03-02");  // Net 30
  const std::string fifteenth =
      c.make("term", R"({"Name":"15th","DayOfMonthDue":15,"DueNextMonthDays":5})")["Id"].text();
  EXPECT_EQ(due(fifteenth, "2026-03-09"), "2026-03-15");
  EXPECT_EQ(due(fifteenth, "2026-03-12"), "2026-04-15");
  const std::string last = c.make("term", R"({"Name":"31st","DayOfMonthDue":31})")["Id"].text();
  EXPECT_EQ(due(last, "2026-02-10"), "2026-02-28");
  EXPECT_EQ(c.make("invoice", Company::invoice_body(a, "1"))["DueDate"].text(), "2026-03-10");
}

TEST(Sales, SparseUpdateOfLinesReplacesThemAndKeepsGivenIds) {
  Company c;
  const auto made = c.make("invoice", with_lines(c.customer("A"), std::string(kTwoLines) + "]"));
  const auto changed = c.make("invoice", R"({"sparse":true,"Id":")" + made["Id"].text() + R"(","SyncToken":"0","Line":[
      {"Id":"2","Amount":9.99,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"}}},
      {"Amount":1,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"}}}]})");
  EXPECT_EQ(changed["TotalAmt"].text(), "10.99");
  EXPECT_EQ(changed["Line"].items()[0]["Id"].text(), "2");
  EXPECT_EQ(changed["Line"].items()[1]["Id"].text(), "3");
  EXPECT_EQ(changed["Line"].size(), 3u);
  EXPECT_EQ(changed["DocNumber"].text(), made["DocNumber"].text());
}

TEST(Sales, GroupItemsAreExpanded) {
  Company c;
  const std::string tea =
      c.make("item", R"({"Name":"Tea","Type":"Service","UnitPrice":2.5,"IncomeAccountRef":{"value":"8"}})")["Id"]
          .text();
  const std::string group =
      c.make("item",
             R"({"Name":"Tea for two","Type":"Group","ItemGroupDetail":{"ItemGroupLine":[{"ItemRef":{"value":")" + tea +
                 R"("},"Qty":2}]}})")["Id"]
          .text();
  const auto invoice = c.make(
      "invoice",
      with_lines(c.customer("A"), R"([{"DetailType":"GroupLineDetail","GroupLineDetail":{"GroupItemRef":{"value":")" +
                                      group + R"("},"Quantity":3}}])"));
  EXPECT_EQ(invoice["TotalAmt"].text(), "15.00");
  EXPECT_EQ(invoice["Line"].items()[0]["GroupLineDetail"]["Line"].items()[0]["SalesItemLineDetail"]["Qty"].text(), "6");
}

TEST(Sales, edge_074_AnInventoryItemNeedsAQuantity) {
  Company c;
  const std::string item =
      c.make(
           "item",
           R"({"Name":"Crate","Type":"Inventory","QtyOnHand":5,"InvStartDate":"2026-01-01","IncomeAccountRef":{"value":"8"},"ExpenseAccountRef":{"value":"13"},"AssetAccountRef":{"value":"4"}})")
          ["Id"]
              .text();
  const std::string a = c.customer("A");
  EXPECT_EQ(
      c.post("/invoice",
             with_lines(
                 a, R"([{"Amount":1,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":")" +
                        item + R"("}}}])"))
          .code(),
      "6520");
}

TEST(Sales, edge_032_ADepositOnTheInvoiceLowersItsBalance) {
  Company c;
  const auto invoice = c.make("invoice", Company::invoice_body(c.customer("A"), "100", R"(,"Deposit":30)"));
  EXPECT_EQ(invoice["Balance"].text(), "70.00");
  EXPECT_EQ(invoice["TotalAmt"].text(), "100.00");
}

TEST(Sales, RefundReceiptNeedsAnAccountAndSendingMarksTheForm) {
  Company c;
  const std::string a = c.customer("A");
  EXPECT_EQ(c.post("/refundreceipt", Company::invoice_body(a, "5")).code(), "2020");
  EXPECT_EQ(c.post("/refundreceipt", Company::invoice_body(a, "5", R"(,"DepositToAccountRef":{"value":"3"})")).status,
            200);
  const std::string id = c.invoice(a, "5");
  EXPECT_EQ(c.post("/invoice/" + id + "/send", "").code(), "2020");
  EXPECT_EQ(c.post("/invoice/" + id + "/send?sendTo=a%40b.example", "")["Invoice"]["EmailStatus"].text(), "EmailSent");
}

}  // namespace
}  // namespace tieout::sandbox::quickbooks
