// The main job on real data: 830 orders of a food trader become invoices, get paid, and both sides tie out.
#include "world.hpp"

namespace tieout::engine {
namespace {

Decimal sum_of_invoices(World& world) {
  Decimal sum;
  for (const json::Value& invoice : world.books_query("Invoice")) sum += Decimal::of(invoice["TotalAmt"].text());
  return sum;
}

TEST(MainJob, WonDealsBecomePaidInvoicesTiedOutToTheCent) {
  World world;
  const std::int64_t writes_at_first = world.writes();
  const decide::Plan first = must(world.engine->plan());
  EXPECT_EQ(world.writes(), writes_at_first) << "a plan writes nothing to anybody";
  EXPECT_GT(first.withheld.size(), 0u);
  EXPECT_GE(accept_all(*world.engine), 5);

  const decide::Plan plan = must(world.engine->plan());
  EXPECT_EQ(world.writes(), writes_at_first);
  // 1,265,793.29 (lines rounded half up) + 64,942.69 freight: said before anything is written.
  EXPECT_EQ(plan.new_receivables.at("USD"), Decimal::of("1330735.98"));

  must(world.engine->apply(plan));
  // Two names are taken: one by a vendor of the books (edge case 95), one by the other of two dirty customers.
  EXPECT_EQ(rename_taken(*world.engine), 2);
  const RunReport applied = must(world.engine->sync());
  EXPECT_TRUE(applied.complete);
  EXPECT_EQ(sum_of_invoices(world), Decimal::of("1330735.98"));
  EXPECT_EQ(records_in(applied, Side::crm, "deal", State::in_sync), 830);
  EXPECT_EQ(records_in(applied, Side::crm, "deal", State::held), 1) << "the deal without lines";

  // Customers pay in the books; the deals learn of it.
  int paid = 0;
  for (const json::Value& invoice : world.books_query("Invoice")) {
    if (paid++ == 20) break;
    const std::string amount = paid % 2 ? invoice["TotalAmt"].text() : "10.00";
    const auto answer = world.quickbooks->handle(sandbox::make_request(
        "POST", "/_sandbox/pay",
        R"({"invoice":")" + invoice["Id"].text() + R"(","amount":")" + amount + R"(","date":"2026-11-20"})"));
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  const RunReport synced = must(world.engine->sync());
  EXPECT_EQ(synced.written.updated, 20);
  EXPECT_EQ(synced.written.created, 0);

  const TieOut result = must(world.engine->reconcile());
  EXPECT_TRUE(result.ties_out) << result.verdict << "\n"
                               << (result.differences.empty() ? "" : result.differences.front().what);
  EXPECT_EQ(result.invoiced_deals, 830);
  EXPECT_EQ(result.held_deals, 1);
  EXPECT_EQ(result.totals.at("USD").invoiced_books, Decimal::of("1330735.98"));
  EXPECT_EQ(result.totals.at("USD").paid_crm, result.totals.at("USD").paid_books);
  EXPECT_NE(result.verdict.find("1,330,735.98"), std::string::npos) << result.verdict;
}

TEST(MainJob, RoundingByDocumentGivesTheOtherKnownTotal) {
  WorldOptions options;
  options.quickbooks_seed = "generated";
  // The rounding line needs an item; the CRM's freight product serves no other purpose here than to exist, so make one.
  World bare(options);
  const auto made =
      bare.books_call("POST", "/item",
                      R"({"Name":"Rounding","Type":"Service","IncomeAccountRef":{"value":")" +
                          bare.books_query("Account", " where AccountType = 'Income'").front()["Id"].text() + R"("}})");
  ASSERT_EQ(made.status, 200) << made.body;
  const std::string item = (*json::parse(made.body))["Item"]["Id"].text();
  EngineSettings settings;
  settings.entity = "Northwind";
  settings.settle = Milliseconds{0};
  settings.mapping_settings = {{"rounding_level", "document"}, {"rounding_item", item}};
  Engine engine(*bare.store, {"crm", "hubspot", bare.crm.get()}, {"books", "quickbooks", bare.books.get()},
                shipped_packs(), bare.clock, settings);
  const decide::Plan plan = must(engine.plan());
  // 1,265,793.22 (each order's exact sum, rounded) + 64,942.69 freight.
  EXPECT_EQ(plan.new_receivables.at("USD"), Decimal::of("1330735.91"));
  must(engine.apply(plan));
  EXPECT_EQ(sum_of_invoices(bare), Decimal::of("1330735.91"));
  EXPECT_TRUE(must(engine.reconcile()).ties_out);
}

TEST(MainJob, ASecondSyncMakesNoWriteAndNoCallBeyondTheDeltaQueries) {
  World world;
  must(world.engine->plan());
  accept_all(*world.engine);
  must(world.engine->sync());
  const std::int64_t writes = world.writes();
  world.reopen();
  const std::int64_t requests = world.requests();
  const std::int64_t delta_queries = world.delta_queries();
  const RunReport again = must(world.engine->sync());
  EXPECT_EQ(again.written.total(), 0);
  EXPECT_EQ(world.writes(), writes);
  EXPECT_EQ(world.requests() - requests, world.delta_queries() - delta_queries)
      << world.crm_state().dump() << world.books_state().dump();
}

TEST(MainJob, EveryRecordIsInExactlyOneState) {
  World world;
  must(world.engine->plan());
  accept_all(*world.engine);
  const RunReport report = must(world.engine->sync());
  std::int64_t sum = 0;
  for (const ports::Tally& line : report.tally)
    for (const std::int64_t count : line.count) sum += count;
  EXPECT_EQ(sum, report.records);
  EXPECT_EQ(records_in(report, Side::crm, "company", State::in_sync) +
                records_in(report, Side::crm, "company", State::held) +
                records_in(report, Side::crm, "company", State::skipped) +
                records_in(report, Side::crm, "company", State::pending),
            93);
  EXPECT_EQ(must(world.store->dirty_count()), 0);
}

TEST(MainJob, AStalePlanIsRefusedBeforeAnythingIsWritten) {
  World world;
  must(world.engine->plan());
  accept_all(*world.engine);
  const decide::Plan plan = must(world.engine->plan());
  // Somebody changes a planned deal's line after the plan was made.
  const auto lines = *json::parse(world.crm_call("GET", "/crm/v3/objects/line_items?limit=1&properties=quantity").body);
  const std::string id = lines["results"].items().front()["id"].text();
  ASSERT_EQ(world.crm_call("PATCH", "/crm/v3/objects/line_items/" + id, R"({"properties":{"quantity":"999"}})").status,
            200);
  const std::int64_t writes = world.writes();
  const auto applied = world.engine->apply(plan);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().code, "plan.stale");
  EXPECT_EQ(world.writes(), writes);
}

TEST(MainJob, ApplyingTheSamePlanTwiceWritesOnce) {
  World world;
  must(world.engine->plan());
  accept_all(*world.engine);
  const decide::Plan plan = must(world.engine->plan());
  must(world.engine->apply(plan));  // one customer is refused, so that some of the plan's invoices must wait
  const std::int64_t writes = world.writes();
  const RunReport again = must(world.engine->apply(plan));
  EXPECT_EQ(again.written.total(), 0);
  EXPECT_EQ(world.writes(), writes);
}

TEST(MainJob, Edge145ALostStoreMakesNoSecondInvoice) {
  World world;
  must(world.engine->plan());
  accept_all(*world.engine);
  must(world.engine->sync());
  const std::size_t invoices = world.books_query("Invoice").size();
  world.lose_store();
  must(world.engine->plan());
  accept_all(*world.engine);
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), invoices);
  const TieOut result = must(world.engine->reconcile());
  EXPECT_TRUE(result.ties_out) << result.verdict << "\n"
                               << (result.differences.empty() ? "" : result.differences.front().what);
}

}  // namespace
}  // namespace tieout::engine
