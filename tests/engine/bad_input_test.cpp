// Bad input gets its own coded reason and never stops the rest, never crashes, never guesses.
#include "world.hpp"

namespace tieout::engine {
namespace {

std::string state_of(World& world, const std::string& record) {
  const auto explained = world.engine->explain(record);
  return explained ? explained->state + " " + explained->reason_code : explained.error().code;
}

struct Bad : ::testing::Test {
  Bad() : world({.hubspot_seed = "generated:5", .quickbooks_seed = "generated", .mapping_settings = {}}) {}
  std::vector<std::string> deals() {
    std::vector<std::string> ids;
    const auto page = *json::parse(world.crm_call("GET", "/crm/v3/objects/deals?limit=5").body);
    for (const json::Value& deal : page["results"].items()) ids.push_back(deal["id"].text());
    return ids;
  }
  void edit(const std::string& object, const std::string& id, const std::string& properties) {
    const auto answer =
        world.crm_call("PATCH", "/crm/v3/objects/" + object + "/" + id, R"({"properties":)" + properties + "}");
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  World world;
};

TEST_F(Bad, Edge048ADealWhoseAmountIsNotItsLinesIsHeldAndTheOthersGoOn) {
  edit("deals", deals()[0], R"({"amount":"1.23"})");
  must(world.engine->sync());
  EXPECT_EQ(state_of(world, "deal " + deals()[0]), "held deal.amount.mismatch");
  EXPECT_EQ(world.books_query("Invoice").size(), 4u);
}

TEST_F(Bad, Edge037ACurrencyThatTheBooksDoNotKeepIsHeld) {
  edit("deals", deals()[1], R"({"deal_currency_code":"EUR"})");
  must(world.engine->sync());
  EXPECT_EQ(state_of(world, "deal " + deals()[1]), "held deal.currency.unsupported");
}

TEST_F(Bad, Edge062AnInvoiceInAClosedPeriodIsHeldBeforeItIsSent) {
  edit("deals", deals()[2], R"({"closedate":"2020-01-15T00:00:00Z"})");
  const auto closed =
      world.quickbooks->handle(sandbox::make_request("POST", "/_sandbox/close_books", R"({"date":"2020-12-31"})"));
  ASSERT_EQ(closed.status, 200) << closed.body;
  must(world.engine->sync());
  EXPECT_EQ(state_of(world, "deal " + deals()[2]), "held period.closed");
}

TEST_F(Bad, Edge095ANameTakenByAVendorIsHeldAndItsDealWaitsAndSaysForWhat) {
  const auto page = *json::parse(world.crm_call("GET", "/crm/v3/objects/companies?limit=1&properties=name").body);
  const json::Value& company = page["results"].items().front();
  const auto vendor =
      world.books_call("POST", "/vendor", R"({"DisplayName":")" + company["properties"]["name"].text() + R"("})");
  ASSERT_EQ(vendor.status, 200) << vendor.body;
  const RunReport report = must(world.engine->sync());
  EXPECT_EQ(state_of(world, "company " + company["id"].text()), "held quickbooks.name.taken");
  bool waits = false;
  for (const decide::Withheld& one : report.withheld)
    waits = waits || (one.code == "depends" && one.reason.find("company " + company["id"].text()) != std::string::npos);
  EXPECT_TRUE(waits);
  // A person gives it another name for the books, and everything that waited follows.
  must(world.engine->fix("company " + company["id"].text(), "name",
                         company["properties"]["name"].text() + " (Customer)", "tester"));
  must(world.engine->sync());
  EXPECT_EQ(state_of(world, "company " + company["id"].text()), "in_sync ");
  EXPECT_EQ(world.books_query("Invoice").size(), 5u);
  EXPECT_TRUE(must(world.engine->reconcile()).ties_out);
}

TEST_F(Bad, AWrongTokenIsSaidAndNothingIsWritten) {
  World locked(
      {.hubspot_seed = "generated:2", .quickbooks_seed = "generated", .mapping_settings = {}, .books_token = "wrong"});
  const std::int64_t writes = locked.writes();
  const auto synced = locked.engine->sync();
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().code.substr(0, 15), "quickbooks.auth") << synced.error().code;
  EXPECT_EQ(locked.writes(), writes);
}

TEST_F(Bad, ASkippedRecordNeedsAReasonAndKeepsIt) {
  edit("deals", deals()[0], R"({"amount":"1.23"})");
  must(world.engine->sync());
  EXPECT_FALSE(world.engine->skip("deal " + deals()[0], "", "tester"));
  must(world.engine->skip("deal " + deals()[0], "a test order", "tester"));
  must(world.engine->sync());
  EXPECT_EQ(state_of(world, "deal " + deals()[0]), "skipped review.skipped");
  EXPECT_TRUE(must(world.engine->reconcile()).ties_out);
}

TEST_F(Bad, ADealThatIsMendedGoesOnByItself) {
  edit("deals", deals()[0], R"({"amount":"1.23"})");
  must(world.engine->sync());
  edit("deals", deals()[0], R"({"amount":""})");
  must(world.engine->sync());
  EXPECT_EQ(state_of(world, "deal " + deals()[0]), "in_sync ");
  EXPECT_EQ(world.books_query("Invoice").size(), 5u);
}

TEST(Total, ThatTheBooksMakeOtherwiseThanPlannedIsHeldAndBreaksTheTieOut) {
  // The books tax a line marked TAX by their own default rate, of which the mapping knows nothing.
  World world(
      {.hubspot_seed = "generated:2", .quickbooks_seed = "generated", .mapping_settings = {{"line_tax_code", "TAX"}}});
  const RunReport report = must(world.engine->sync());
  const auto invoices = world.books_query("Invoice");
  ASSERT_EQ(invoices.size(), 2u);
  ASSERT_FALSE(Decimal::of(invoices.front()["TxnTaxDetail"]["TotalTax"].text()).is_zero());
  EXPECT_EQ(records_in(report, Side::books, "invoice", State::held), 2);
  EXPECT_EQ(state_of(world, "invoice " + invoices.front()["Id"].text()), "held invoice.total.differs");
  for (const Standing& deal : must(world.engine->standings(Side::crm, "deal"))) {
    EXPECT_EQ(deal.code, "invoice.total.differs") << deal.id;
    // Sales is told what the books say, whatever was planned.
    const auto page = *json::parse(
        world.crm_call("GET", "/crm/v3/objects/deals/" + deal.id + "?properties=tieout_invoice_total").body);
    const auto invoice = std::find_if(invoices.begin(), invoices.end(),
                                      [&](const json::Value& one) { return one["Id"].text() == deal.partner; });
    ASSERT_NE(invoice, invoices.end());
    EXPECT_EQ(Decimal::of(page["properties"]["tieout_invoice_total"].text()),
              Decimal::of((*invoice)["TotalAmt"].text()));
  }
  EXPECT_EQ(must(world.engine->status()).dirty, 0);
  EXPECT_FALSE(must(world.engine->reconcile()).ties_out);
}

}  // namespace
}  // namespace tieout::engine
