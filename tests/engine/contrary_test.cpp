// A vendor's connector that behaves as no sandbox does at will: it dies at a write, cannot tell, reports a gap and then
// answers no read. What the engine notes then must still be the truth.
#include "world.hpp"

namespace tieout::engine {
namespace {

struct Killed {};

struct Contrary final : ports::Connector {
  ports::Connector& inner;
  bool dies = false, after = false, unsure = false, gap = false, reads_fail = false;
  int reads = 0;
  explicit Contrary(ports::Connector& connector) : inner(connector) {}

  void write(std::span<const ports::WriteRequest> requests,
             const std::function<void(std::size_t, ports::WriteOutcome)>& done) override {
    if (!dies) return inner.write(requests, done);
    if (after) inner.write(requests, [](std::size_t, const ports::WriteOutcome&) {});
    throw Killed{};
  }
  Result<ports::AccountFacts> facts() override { return inner.facts(); }
  Result<ports::Page> pull(const std::string& cursor) override { return inner.pull(cursor); }
  void skip_known(Known known) override { inner.skip_known(std::move(known)); }
  Result<std::vector<ports::RawRecord>> read(const std::string& object, std::span<const std::string> ids) override {
    ++reads;
    if (reads_fail) return fail("net.down", "nobody answers");
    return inner.read(object, ids);
  }
  Result<std::vector<ports::Lookup>> look_up(std::span<const ports::WriteRequest> requests, Instant since) override {
    if (unsure) return std::vector<ports::Lookup>(requests.size());
    return inner.look_up(requests, since);
  }
  std::vector<Fault> take_notices() override {
    if (!std::exchange(gap, false)) return {};
    return {Fault("quickbooks.delta.gap", "some changes may be missing")};
  }
  std::int64_t calls() const override { return inner.calls(); }
  int batch_size(const std::string& object, ports::WriteKind kind) const override {
    return inner.batch_size(object, kind);
  }
  int calls_per_minute() const override { return inner.calls_per_minute(); }
};

struct ContraryBooks : ::testing::Test {
  ContraryBooks() : world({.hubspot_seed = "generated:2", .quickbooks_seed = "generated", .mapping_settings = {}}) {}
  /// An engine over the same store, whose books are `books`.
  std::unique_ptr<Engine> engine(Milliseconds settle = std::chrono::minutes{2}) {
    EngineSettings settings;
    settings.entity = "Northwind";
    settings.settle = settle;
    return std::make_unique<Engine>(*world.store, Connection{"crm", "hubspot", world.crm.get(), ""},
                                    Connection{"books", "quickbooks", &books, "9130357849"}, shipped_packs(),
                                    world.clock, settings);
  }
  std::string first_finding() {
    const LogReport log = must(check_log(*world.store, {}));
    return log.findings.count() == 0 ? "" : log.findings.first().front().code;
  }
  bool log_says(const std::string& words) {
    for (const ports::LogLeaf& leaf : must(world.store->leaves(0, 100'000)))
      if (leaf.text.find(words) != std::string::npos) return true;
    return false;
  }
  World world;
  Contrary books{*world.books};
};

TEST_F(ContraryBooks, AWriteThatOnlyTheJournalKnowsIsToldToTheLogWhenItsLookUpDecidesNothing) {
  books.dies = true;
  EXPECT_THROW((void)engine()->sync(), Killed);
  world.store->rollback();
  books.dies = false;
  books.unsure = true;
  must(engine()->sync());
  EXPECT_TRUE(log_says("\"act\":\"write.in_doubt\""));
  EXPECT_EQ(first_finding(), "");
}

TEST_F(ContraryBooks, NeverWithALookUpThatCouldNotTellSaysSo) {
  books.dies = true;
  EXPECT_THROW((void)engine()->sync(), Killed);
  world.store->rollback();
  books.dies = false;
  books.unsure = true;
  world.clock.ahead += std::chrono::minutes{3};
  const auto doubts = must(engine()->doubts());
  ASSERT_FALSE(doubts.empty());
  must(engine()->end_doubt(doubts[0].record, std::nullopt, "ana", "called the bank"));
  EXPECT_FALSE(log_says("\"act\":\"write.absent\""));
  bool told = false;
  for (const ExplainLine& line : must(world.engine->explain(doubts[0].record)).story) {
    told = told || line.text.find("a last look could not tell") != std::string::npos;
    EXPECT_EQ(line.text.find("found nothing"), std::string::npos) << line.text;
  }
  EXPECT_TRUE(told);
  EXPECT_EQ(first_finding(), "");
}

TEST_F(ContraryBooks, AVoidInDoubtIsEndedByTheVoidDocumentAndByNoOther) {
  const std::string run = must(world.engine->sync()).plan_id;
  must(world.engine->sync());
  const std::string deal = [&] {
    const std::string note = world.books_query("Invoice").front()["PrivateNote"].text();
    const std::size_t begin = note.find("deal/") + 5;
    return note.substr(begin, note.find('/', begin) - begin);
  }();
  const std::string invoice = world.books_query("Invoice").front()["Id"].text();
  for (const bool arrives : {false, true}) {
    const decide::Plan plan = must(engine()->plan_undo("deal " + deal, false));
    EXPECT_EQ(log_says("\"act\":\"plan.approved\""), arrives) << "what is only proposed nobody approved";
    books.dies = true;
    books.after = arrives;
    EXPECT_THROW((void)engine()->apply(plan), Killed);
    world.store->rollback();
    books.dies = false;
    world.clock.ahead += std::chrono::minutes{3};
    const auto doubts = must(engine()->doubts());
    ASSERT_EQ(doubts.size(), 1U);
    const auto ended = engine()->end_doubt(doubts[0].record, invoice, "ana", "saw it");
    EXPECT_EQ(ended.has_value(), arrives) << (ended ? ended->outcome : ended.error().what);
    if (!arrives) must(engine()->end_doubt(doubts[0].record, std::nullopt, "ana", "it is not void"));
  }
  EXPECT_EQ(must(engine()->doubts()).size(), 0U);
}

TEST_F(ContraryBooks, AfterAGapTheRecordsAreAskedForUntilThatWorked) {
  must(world.engine->sync());
  const auto closed = [&](const RunReport& report) {
    for (const Fault& notice : report.notices)
      if (notice.code == "observe.gap.closed") return true;
    return false;
  };
  books.gap = true;
  books.reads_fail = true;
  const auto failed = engine()->sync();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, "net.down");
  books.reads_fail = false;
  books.reads = 0;
  EXPECT_TRUE(closed(must(engine()->sync()))) << "the gap was noted, though it is told once only";
  EXPECT_GT(books.reads, 0);
  EXPECT_FALSE(closed(must(engine()->sync())));
}

}  // namespace
}  // namespace tieout::engine
