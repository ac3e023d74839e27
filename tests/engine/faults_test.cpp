// With faults on, repeated sync ends with exactly one customer per company, one invoice per deal and a clean tie-out.
#include "world.hpp"

namespace tieout::engine {
namespace {

constexpr int kDeals = 40;
constexpr int kMostRuns = 60;

std::string faults_of(int seed, const std::string& write_prefix) {
  const std::string n = std::to_string(seed);
  return R"({"seed":)" + n + R"(,"rules":[
    {"kind":"lose_answer_after_commit","percent":30,"match":{"method":"POST","path_prefix":")" +
         write_prefix + R"("}},
    {"kind":"status_500_after_commit","percent":6,"match":{"method":"POST"}},
    {"kind":"status_500","percent":6},
    {"kind":"status_429","percent":8},
    {"kind":"truncate_body","percent":8},
    {"kind":"html_instead_of_json","percent":4},
    {"kind":"lose_request","percent":4},
    {"kind":"duplicate_page","percent":10}]})";
}

class Faults : public ::testing::TestWithParam<int> {};

TEST_P(Faults, EndWithOneCustomerPerCompanyAndOneInvoicePerDeal) {
  World world(
      {.hubspot_seed = "generated:" + std::to_string(kDeals), .quickbooks_seed = "generated", .mapping_settings = {}});
  const std::size_t customers_before = world.books_query("Customer").size();
  world.faults(*world.quickbooks, faults_of(GetParam(), "/v3/company/9130357849/batch"));
  world.faults(*world.hubspot, faults_of(GetParam() + 1000, "/crm/v3/objects/deals/batch/update"));
  int runs = 0;
  for (bool complete = false; !complete && runs < kMostRuns; ++runs) {
    auto report = world.engine->sync();  // may fail as a whole while the vendor is away; then the next run goes on
    complete = report && report->complete && must(world.store->dirty_count()) == 0;
    if (runs % 5 == 4) world.reopen();
  }
  world.heal();
  must(world.engine->sync());
  const RunReport last = must(world.engine->sync());
  EXPECT_TRUE(last.complete);
  EXPECT_EQ(last.written.total(), 0);
  EXPECT_EQ(world.books_query("Customer").size() - customers_before, static_cast<std::size_t>(kDeals));
  EXPECT_EQ(world.books_query("Invoice").size(), static_cast<std::size_t>(kDeals));
  const TieOut result = must(world.engine->reconcile());
  EXPECT_TRUE(result.ties_out) << result.verdict << "\n"
                               << (result.differences.empty() ? "" : result.differences.front().what);
  EXPECT_EQ(result.invoiced_deals, kDeals);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Faults, ::testing::Range(1, 21));

TEST(Doubt, Edge125AClockAheadOfTheVendorsDoesNotHideOurOwnInvoice) {
  World world({.hubspot_seed = "generated:3", .quickbooks_seed = "generated", .mapping_settings = {}});
  world.clock.ahead = std::chrono::hours{3};
  world.faults(
      *world.quickbooks,
      R"({"seed":1,"rules":[{"kind":"lose_answer_after_commit","match":{"method":"POST","path_prefix":"/v3/company/9130357849/batch"},"times":3}]})");
  for (int run = 0; run < 4; ++run) must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 3u);
  EXPECT_TRUE(must(world.engine->reconcile()).ties_out);
}

TEST(Doubt, Edge118NothingIsSentAgainBeforeItsSettleTime) {
  World world({.hubspot_seed = "generated:3",
               .quickbooks_seed = "generated",
               .mapping_settings = {},
               .settle = std::chrono::minutes{2}});
  // The request never arrives: a look-up finds nothing, which proves nothing until the settle time has passed.
  world.faults(
      *world.quickbooks,
      R"({"seed":1,"rules":[{"kind":"lose_request","match":{"method":"POST","path_prefix":"/v3/company/9130357849/batch"},"times":1}]})");
  const auto first = world.engine->sync();
  ASSERT_TRUE(first) << first.error().what;
  EXPECT_FALSE(first->complete);
  EXPECT_GT(first->written.in_doubt, 0);
  const std::int64_t writes = world.books_state()["writes"].as_int();
  must(world.engine->sync());
  EXPECT_EQ(world.books_state()["writes"].as_int(), writes) << "still in doubt: nothing about it may be written";
  world.clock.ahead += std::chrono::minutes{3};
  must(world.engine->sync());
  const RunReport last = must(world.engine->sync());
  EXPECT_TRUE(last.complete);
  EXPECT_EQ(world.books_query("Invoice").size(), 3u);
}

}  // namespace
}  // namespace tieout::engine
