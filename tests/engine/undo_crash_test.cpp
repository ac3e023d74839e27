// The process dies in the middle of an undo, just before or just after a write went out, at each of its writes; and the
// undo of a whole round of real data. What was begun is taken up by the same apply, and happens once.
#include "world.hpp"

namespace tieout::engine {
namespace {

struct Killed {};

/// A connector in a process that dies at its nth write call.
struct Dying final : ports::Connector {
  ports::Connector& inner;
  int left;
  bool after;  ///< the request still goes out; its answer is never stored
  Dying(ports::Connector& connector, int writes, bool after_) : inner(connector), left(writes), after(after_) {}

  void write(std::span<const ports::WriteRequest> requests,
             const std::function<void(std::size_t, ports::WriteOutcome)>& done) override {
    if (left-- > 0) return inner.write(requests, done);
    if (after) inner.write(requests, [](std::size_t, const ports::WriteOutcome&) {});
    throw Killed{};
  }
  Result<ports::AccountFacts> facts() override { return inner.facts(); }
  Result<ports::Page> pull(const std::string& cursor) override { return inner.pull(cursor); }
  void skip_known(Known known) override { inner.skip_known(std::move(known)); }
  Result<std::vector<ports::RawRecord>> read(const std::string& object, std::span<const std::string> ids) override {
    return inner.read(object, ids);
  }
  Result<std::vector<ports::Lookup>> look_up(std::span<const ports::WriteRequest> requests, Instant after_) override {
    return inner.look_up(requests, after_);
  }
  std::int64_t calls() const override { return inner.calls(); }
  int batch_size(const std::string& object, ports::WriteKind kind) const override {
    return inner.batch_size(object, kind);
  }
  int calls_per_minute() const override { return inner.calls_per_minute(); }
};

struct Death {
  int at;
  bool after;
};

class UndoKilled : public ::testing::TestWithParam<Death> {};

TEST_P(UndoKilled, AtAnyWriteIsTakenUpAndDoneOnce) {
  constexpr int kSales = 4;
  World world({.hubspot_seed = "generated:4", .quickbooks_seed = "generated", .mapping_settings = {}});
  const std::string run = must(world.engine->sync()).plan_id;
  must(world.engine->sync());
  const json::Value first = world.books_query("Invoice").at(0);
  world.quickbooks->handle(sandbox::make_request(
      "POST", "/_sandbox/pay", R"({"invoice":")" + first["Id"].text() + R"(","amount":"1.00","date":"2026-11-20"})"));
  must(world.engine->sync());
  const decide::Plan plan = must(world.engine->plan_undo(run, false));
  {
    Dying books(*world.books, GetParam().at, GetParam().after);
    EngineSettings settings;
    settings.entity = "Northwind";
    settings.settle = Milliseconds{0};
    Engine dying(*world.store, Connection{"crm", "hubspot", world.crm.get(), ""},
                 Connection{"books", "quickbooks", &books, "9130357849"}, shipped_packs(), world.clock, settings);
    EXPECT_THROW((void)dying.apply(plan), Killed) << "fewer writes than this case dies at";
  }
  world.reopen();
  must(world.engine->apply(plan));
  must(world.engine->apply(plan));
  EXPECT_TRUE(must(world.engine->plan_undo(run, false)).changes.empty());
  EXPECT_EQ(world.books_query("CreditMemo").size(), 1u);
  int voided = 0;
  for (const json::Value& one : world.books_query("Invoice")) {
    EXPECT_TRUE(Decimal::of(one["Balance"].text()).is_zero());
    if (one["PrivateNote"].text().find("Voided") != std::string::npos) ++voided;
  }
  EXPECT_EQ(voided, kSales - 1);
  EXPECT_EQ(world.books_query("Payment").size(), 2u) << "the customer's, and the one that applies the credit";
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), static_cast<std::size_t>(kSales)) << "invoiced again by itself";
  EXPECT_TRUE(must(world.engine->reconcile()).ties_out);
}

INSTANTIATE_TEST_SUITE_P(EachWrite, UndoKilled,
                         ::testing::Values(Death{0, false}, Death{0, true}, Death{1, false}, Death{1, true},
                                           Death{2, false}, Death{2, true}),
                         [](const auto& one) {
                           return (one.param.after ? "AfterWrite" : "BeforeWrite") + std::to_string(one.param.at);
                         });

TEST(UndoNorthwind, TheReceivablesOfARoundGoBackToZeroToTheCent) {
  World world;
  must(world.engine->plan());
  accept_all(*world.engine);
  const decide::Plan round = must(world.engine->plan());
  must(world.engine->apply(round));
  must(world.engine->sync());
  const auto made = world.books_query("Invoice");
  Decimal invoiced, paid;
  std::set<std::string> paid_in_full;
  for (std::size_t i = 0; i < made.size(); ++i) {
    invoiced += Decimal::of(made[i]["TotalAmt"].text());
    if (i >= 20) continue;
    const std::string amount = i % 2 ? made[i]["TotalAmt"].text() : "1.00";
    if (i % 2) paid_in_full.insert(made[i]["Id"].text());
    paid += Decimal::of(amount);
    const auto answer = world.quickbooks->handle(sandbox::make_request(
        "POST", "/_sandbox/pay",
        R"({"invoice":")" + made[i]["Id"].text() + R"(","amount":")" + amount + R"(","date":"2026-11-20"})"));
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  must(world.engine->sync());
  const decide::Plan plan = must(world.engine->plan_undo(round.id, false));
  EXPECT_EQ(plan.reversed_receivables.at("USD"), invoiced - paid);
  const RunReport report = must(world.engine->apply(plan));
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.written.refused, 0);
  Decimal open;
  for (const json::Value& one : world.books_query("Invoice")) open += Decimal::of(one["Balance"].text());
  EXPECT_TRUE(open.is_zero()) << open.to_text();
  const TieOut result = must(world.engine->reconcile());
  EXPECT_TRUE(result.ties_out) << result.verdict;
  EXPECT_EQ(result.totals.at("USD").open_books, Decimal(0));
  const std::int64_t writes = world.writes();
  must(world.engine->sync());
  EXPECT_EQ(world.writes(), writes) << "nothing is done again by itself";
  // What is left was paid in full: with its payments taken off, it is void too.
  const decide::Plan rest = must(world.engine->plan_undo(round.id, true));
  EXPECT_EQ(rest.count(ports::WriteKind::void_document), static_cast<std::int64_t>(paid_in_full.size()));
  must(world.engine->apply(rest));
  EXPECT_TRUE(must(world.engine->reconcile()).ties_out);
}

}  // namespace
}  // namespace tieout::engine
