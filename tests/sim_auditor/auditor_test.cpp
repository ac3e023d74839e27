// The auditor can fail: each wrong state is planted in the vendors' tables by hand, and named.
#include "planted.hpp"

namespace tieout::sim {
namespace {

struct TheAuditor : ::testing::Test, Planted {
  TheAuditor() : acme(company_named("Acme")), buyer(customer("Acme")), deal(sale(acme)) {}
  std::string acme, buyer, deal;
};

TEST_F(TheAuditor, HasNothingAgainstOneRightBill) {
  const std::string id = bill(buyer, "42.00", mark(deal));
  by_engine(
      "PATCH", "/crm/v3/objects/deals/" + deal,
      properties(R"({"tieout_invoice_id":")" + id +
                 R"(","tieout_invoice_total":"42.00","tieout_amount_paid":"0.00","tieout_open_balance":"42.00"})"));
  EXPECT_EQ(verdict(), Checks{});
}

TEST_F(TheAuditor, SeesTwoBillsOfASale) {
  bill(buyer, "42.00", mark(deal));
  bill(buyer, "42.00", mark(deal));
  EXPECT_EQ(verdict(), Checks{"once.two_bills_of_a_sale"});
}

TEST_F(TheAuditor, SeesABillThatIsNotToTheCent) {
  bill(buyer, "42.01", mark(deal));
  EXPECT_EQ(verdict(), Checks{"cents.bill_total"});
}

TEST_F(TheAuditor, SeesABillForASaleThatWasNotWon) {
  bill(buyer, "42.00", mark(sale(acme, "contractsent")));
  EXPECT_EQ(verdict(), Checks{"unasked.bill_for_no_sale"});
}

TEST_F(TheAuditor, SeesABillThatNamesNoSale) {
  bill(buyer, "42.00", "no mark at all");
  EXPECT_EQ(verdict(), Checks{"unasked.bill_without_mark"});
}

TEST_F(TheAuditor, SeesASecondBillAfterTheFirstWasVoided) {
  const std::string id = bill(buyer, "42.00", mark(deal));
  enter("invoice", R"({"Id":")" + id + R"(","SyncToken":"0"})", true, "?operation=void");
  bill(buyer, "42.00", mark(deal));
  EXPECT_EQ(verdict(), Checks{"once.billed_again"});
}

TEST_F(TheAuditor, SeesABillOfADealThatAPersonSkipped) {
  auditor->note({"review.skip", ports::Side::crm, "deal", deal, "left"}, now);
  now += std::chrono::hours{12};
  bill(buyer, "42.00", mark(deal));
  EXPECT_EQ(verdict(), Checks{"unasked.skipped_sale"});
}

TEST_F(TheAuditor, SeesTwoPaymentsOfAReceipt) {
  by_person("PATCH", "/crm/v3/objects/deals/" + deal, properties(R"({"receipt_amount":"5.00"})"));
  const std::string body = R"({"CustomerRef":{"value":")" + buyer +
                           R"("},"TotalAmt":5.00,"PrivateNote":"[tieout:receipt/)" + deal + R"(/1]"})";
  enter("payment", body);
  EXPECT_EQ(verdict(), Checks{});
  enter("payment", body);
  EXPECT_EQ(verdict(), Checks{"once.two_payments_of_a_receipt"});
}

TEST_F(TheAuditor, SeesAPaymentOverAnotherAmountThanTheReceipt) {
  by_person("PATCH", "/crm/v3/objects/deals/" + deal, properties(R"({"receipt_amount":"5.00"})"));
  enter("payment", R"({"CustomerRef":{"value":")" + buyer + R"("},"TotalAmt":6.00,"PrivateNote":"[tieout:receipt/)" +
                       deal + R"(/1]"})");
  EXPECT_EQ(verdict(), Checks{"cents.receipt"});
}

TEST_F(TheAuditor, SeesFiguresThatTheBooksNeverSaid) {
  const std::string id = bill(buyer, "42.00", mark(deal));
  by_engine("PATCH", "/crm/v3/objects/deals/" + deal,
            properties(R"({"tieout_invoice_id":")" + id + R"(","tieout_open_balance":"41.99"})"));
  EXPECT_EQ(verdict(), Checks{"cents.shown"});
}

TEST_F(TheAuditor, SeesAFieldOfTheDealWrittenOver) {
  by_engine("PATCH", "/crm/v3/objects/deals/" + deal, properties(R"({"amount":"1.00"})"));
  EXPECT_EQ(verdict(), Checks{"unasked.deal_field"});
}

TEST_F(TheAuditor, SeesAPersonsEditWrittenOver) {
  by_person("PATCH", "/crm/v3/objects/companies/" + acme, properties(R"({"phone":"1"})"));
  by_engine("PATCH", "/crm/v3/objects/companies/" + acme, properties(R"({"phone":"2"})"));
  EXPECT_EQ(verdict(), Checks{"unasked.edit_lost"});
}

TEST_F(TheAuditor, LetsAGapBeFilled) {
  by_engine("PATCH", "/crm/v3/objects/companies/" + acme,
            properties(R"({"phone":"2","tieout_payment_terms":"Net 30"})"));
  EXPECT_EQ(verdict(), Checks{});
}

TEST_F(TheAuditor, SeesWritesThatNoFlowKnows) {
  const std::string id = bill(buyer, "42.00", mark(deal));
  enter("invoice", R"({"Id":")" + id + R"(","SyncToken":"0"})", false, "?operation=void");
  EXPECT_EQ(verdict(), Checks{"unasked.kind_of_write"});
  enter("customer", R"({"Id":")" + buyer + R"(","SyncToken":"0","sparse":true,"Active":false})");
  EXPECT_EQ(verdict(), Checks{"unasked.customer_field"});
  by_engine("DELETE", "/crm/v3/objects/companies/" + acme);
  EXPECT_EQ(verdict(), Checks{"unasked.kind_of_write"});
}

TEST_F(TheAuditor, LetsAPersonAskForUndo) {
  const std::string id = bill(buyer, "42.00", mark(deal));
  auditor->note({"undo.run", ports::Side::books, "invoice", id, "undone"}, now);
  enter("invoice", R"({"Id":")" + id + R"(","SyncToken":"0"})", false, "?operation=void");
  EXPECT_EQ(verdict(), Checks{});
}

TEST_F(TheAuditor, SeesACompanyMadeTwice) {
  for (int i = 0; i < 2; ++i)
    by_engine("POST", "/crm/v3/objects/companies", properties(R"({"name":"Only In The Books"})"));
  EXPECT_EQ(verdict(), Checks{"once.two_of_one"});
}

TEST_F(TheAuditor, SeesAnInvoiceSentIntoBooksThatWereClosedLongAgo) {
  const json::Value day = json::Value::object({{"date", json::Value::string("2026-03-05")}});
  company->books_control(now, "POST", "/_sandbox/close_books", &day);
  now += std::chrono::hours{12};
  const auto refused = books->handle(
      sandbox::make_request("POST", "/v3/company/" + company->realm + "/invoice",
                            R"({"CustomerRef":{"value":")" + buyer +
                                R"("},"TxnDate":"2026-03-01","Line":[{"Amount":42,"DetailType":"SalesItemLineDetail",)"
                                R"("SalesItemLineDetail":{"ItemRef":{"value":"1"}}}]})",
                            {{"Authorization", "Bearer " + std::string(sandbox::quickbooks::kStaticToken)}}),
      now);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(verdict(), Checks{"unasked.closed_period"});
}

TEST_F(TheAuditor, SeesCountsThatDoNotAddUp) {
  engine::RunReport run;
  run.records = 3;
  run.tally.push_back({ports::Side::crm, "deal", {1, 1, 0, 0, 0}});
  EXPECT_EQ(verdict(&run), Checks{"lost.counts"});
}

}  // namespace
}  // namespace tieout::sim
