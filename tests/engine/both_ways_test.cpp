// Both ways: an edit in the CRM reaches the books, an edit of a field that the other side owns is put back and
// explained, money taken by sales reaches the ledger, and our own writes are no news.
#include "world.hpp"

namespace tieout::engine {
namespace {

struct Small : ::testing::Test {
  Small() : world({.hubspot_seed = "generated:20", .quickbooks_seed = "generated", .mapping_settings = {}}) {}
  void SetUp() override { must(world.engine->sync()); }

  json::Value first(const std::string& object, const std::string& properties) {
    const auto page =
        *json::parse(world.crm_call("GET", "/crm/v3/objects/" + object + "?limit=1&properties=" + properties).body);
    return page["results"].items().front();
  }
  void edit(const std::string& object, const std::string& id, const std::string& properties) {
    const auto answer =
        world.crm_call("PATCH", "/crm/v3/objects/" + object + "/" + id, R"({"properties":)" + properties + "}");
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  World world;
};

TEST_F(Small, AnEditInTheCrmReachesTheBooks) {
  const json::Value company = first("companies", "name");
  edit("companies", company["id"].text(), R"({"phone":"+49 30 1234567"})");
  const RunReport report = must(world.engine->sync());
  EXPECT_EQ(report.written.updated, 1);
  const auto customers =
      world.books_query("Customer", " where DisplayName = '" + company["properties"]["name"].text() + "'");
  ASSERT_EQ(customers.size(), 1u);
  EXPECT_EQ(customers.front()["PrimaryPhone"]["FreeFormNumber"].text(), "+49 30 1234567");
}

TEST_F(Small, AnEditOfAFieldThatTheCrmOwnsIsPutBackAndExplained) {
  const json::Value customer = world.books_query("Customer").front();
  const auto answer =
      world.books_call("POST", "/customer",
                       R"({"Id":")" + customer["Id"].text() + R"(","SyncToken":")" + customer["SyncToken"].text() +
                           R"(","sparse":true,"BillAddr":{"City":"Elsewhere"}})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const decide::Plan plan = must(world.engine->plan());
  ASSERT_EQ(plan.changes.size(), 1u);
  ASSERT_FALSE(plan.changes[0].steps.empty());
  EXPECT_EQ(plan.changes[0].steps[0].field, "billing_city");
  EXPECT_NE(plan.changes[0].steps[0].owner.find("put back"), std::string::npos) << plan.changes[0].steps[0].owner;
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Customer").front()["BillAddr"]["City"].text(), customer["BillAddr"]["City"].text());
}

TEST_F(Small, AReceiptOnTheDealBecomesOnePaymentAndComesBack) {
  const json::Value deal = first("deals", "amount,tieout_invoice_total");
  const std::string id = deal["id"].text();
  edit("deals", id, R"({"receipt_amount":"1.00","receipt_date":"2026-11-20","receipt_reference":"CARD 42"})");
  must(world.engine->sync());
  const auto payments = world.books_query("Payment");
  ASSERT_EQ(payments.size(), 1u);
  EXPECT_EQ(Decimal::of(payments.front()["TotalAmt"].text()), Decimal::of("1.00"));
  const auto now =
      *json::parse(world
                       .crm_call("GET", "/crm/v3/objects/deals/" + id +
                                            "?properties=tieout_amount_paid,tieout_open_balance,tieout_last_payment_on")
                       .body);
  EXPECT_EQ(Decimal::of(now["properties"]["tieout_amount_paid"].text()), Decimal::of("1"));
  EXPECT_EQ(now["properties"]["tieout_last_payment_on"].text(), "2026-11-20");
  edit("deals", id, R"({"dealname":"Saved again"})");
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Payment").size(), 1u) << "saving the deal again is no second payment";
  EXPECT_TRUE(must(world.engine->reconcile()).ties_out);
}

TEST_F(Small, Edge046ADealThatChangesAfterItsInvoiceIsHeldWithBothAmounts) {
  const auto deals = *json::parse(world.crm_call("GET", "/crm/v3/objects/deals?limit=1&associations=line_items").body);
  const std::string line =
      deals["results"].items().front()["associations"]["line items"]["results"].items().front()["id"].text();
  ASSERT_FALSE(line.empty()) << deals.dump();
  const std::string deal = deals["results"].items().front()["id"].text();
  edit("line_items", line, R"({"quantity":"77"})");
  edit("deals", deal, R"({"amount":""})");
  const std::size_t invoices = world.books_query("Invoice").size();
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), invoices);
  const Explanation why = must(world.engine->explain("deal " + deal));
  EXPECT_EQ(why.state, "held");
  EXPECT_EQ(why.reason_code, "deal.changed_after_invoice") << why.reason;
  EXPECT_FALSE(must(world.engine->reconcile()).ties_out);
}

TEST_F(Small, Edge044ADealWonTwiceIsInvoicedOnce) {
  const json::Value deal = first("deals", "dealstage");
  const std::size_t invoices = world.books_query("Invoice").size();
  edit("deals", deal["id"].text(), R"({"dealstage":"contractsent"})");
  must(world.engine->sync());
  EXPECT_EQ(must(world.engine->explain("deal " + deal["id"].text())).reason_code, "deal.reopened");
  edit("deals", deal["id"].text(), R"({"dealstage":"closedwon"})");
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), invoices);
  EXPECT_EQ(must(world.engine->explain("deal " + deal["id"].text())).state, "in_sync");
}

TEST_F(Small, ExplainTellsTheWholeStoryOfADeal) {
  const json::Value deal = first("deals", "amount");
  const Explanation story = must(world.engine->explain(deal["id"].text()).error().code == "record.ambiguous"
                                     ? world.engine->explain("deal " + deal["id"].text())
                                     : world.engine->explain(deal["id"].text()));
  EXPECT_EQ(story.state, "in_sync");
  EXPECT_NE(story.linked_to.find("invoice"), std::string::npos);
  std::string all;
  for (const ExplainLine& line : story.story) all += line.text + "\n";
  EXPECT_NE(all.find("first read from crm"), std::string::npos) << all;
  EXPECT_NE(all.find("written: create invoice"), std::string::npos) << all;
}

TEST_F(Small, Edge137AConnectionThatPointsAtAnotherCompanyIsRefused) {
  {
    auto transaction = must(ports::Transaction::on(*world.store));
    auto facts = *json::parse(must(world.store->setting("facts/books")));
    facts.set("account_id", json::Value::string("1111"));
    must(world.store->set_setting("facts/books", facts.dump()));
    must(transaction.commit());
  }
  const json::Value company = first("companies", "name");
  edit("companies", company["id"].text(), R"({"phone":"1"})");
  const std::int64_t writes = world.writes();
  const auto synced = world.engine->sync();
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().code, "connection.other_account");
  EXPECT_EQ(world.writes(), writes);
}

TEST_F(Small, Edge137AnAccountThatTheVendorSaysIsAnotherIsRefusedBeforeAnyWrite) {
  // The CRM's account is not configured: only the vendor itself can tell that the token belongs to another one now.
  {
    auto transaction = must(ports::Transaction::on(*world.store));
    auto facts = *json::parse(must(world.store->setting("facts/crm")));
    facts.set("account_id", json::Value::string("1111"));
    must(world.store->set_setting("facts/crm", facts.dump()));
    must(transaction.commit());
  }
  const json::Value company = first("companies", "name");
  edit("companies", company["id"].text(), R"({"phone":"1"})");
  const std::int64_t writes = world.writes();
  const auto synced = world.engine->sync();
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().code, "connection.other_account");
  EXPECT_EQ(world.writes(), writes);
}

}  // namespace
}  // namespace tieout::engine
