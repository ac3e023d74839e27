// The audit log of a whole round: every write, link and decision has its line in the same transaction, the store agrees
// with the lines, and a row that is changed behind the program's back is found.
#include <gtest/gtest.h>

#include <random>

#include "../engine/world.hpp"
#include "engine/log_audit.hpp"
#include "prove/log_leaf.hpp"
#include "prove/log_proof.hpp"
#include "store/sqlite/connection.hpp"

namespace tieout::engine {
namespace {

WorldOptions generated(int deals) {
  WorldOptions options;
  options.hubspot_seed = "generated:" + std::to_string(deals);
  options.quickbooks_seed = "generated";
  return options;
}

std::vector<prove::Leaf> lines_of(ports::Store& store) {
  std::vector<prove::Leaf> out;
  for (const ports::LogLeaf& line : must(store.leaves(0, 100'000))) out.push_back(must(prove::parse_leaf(line.text)));
  return out;
}
std::map<std::string, int> actions_of(ports::Store& store) {
  std::map<std::string, int> out;
  for (const prove::Leaf& leaf : lines_of(store)) ++out[leaf.action];
  return out;
}
std::string findings_of(const LogReport& report) {
  std::string out = std::to_string(report.findings.count()) + " findings";
  for (const prove::LogFinding& one : report.findings.first())
    out += "\n" + one.code + " " + std::to_string(one.line) + ": " + one.what;
  return out;
}
constexpr std::string_view kNone = "0 findings";

prove::Checkpoint checkpoint_of(ports::Store& store) {
  const std::int64_t size = must(store.log_size());
  return {"test", size, must(prove::root_of(size, subtree_of(store)))};
}

TEST(AuditLog, TellsOfEveryWriteAndAgreesWithTheStore) {
  World world(generated(12));
  must(world.engine->sync());
  must(world.engine->sync());
  const LogReport report = must(check_log(*world.store, {checkpoint_of(*world.store)}));
  EXPECT_EQ(findings_of(report), kNone);
  EXPECT_GT(report.writes, 12 * 2);
  EXPECT_EQ(report.signed_lines, report.lines);
  auto actions = actions_of(*world.store);
  EXPECT_EQ(actions["log.begun"], 1);
  EXPECT_EQ(actions["config.mapping"], 1);
  EXPECT_EQ(actions["config.account"], 2);
  EXPECT_EQ(actions["policy.applied"], 1) << "once for the run that wrote";
  EXPECT_EQ(actions["write.asked"], report.writes);
  EXPECT_EQ(actions["write.confirmed"], report.writes);
}

TEST(AuditLog, LeadsFromAnInvoiceBackToWhereItCameFrom) {
  World world(generated(2));
  const decide::Plan plan = must(world.engine->plan());
  must(world.engine->apply(plan));
  const std::string id = world.books_query("Invoice").front()["Id"].text();
  const Evidence evidence = must(world.engine->evidence("invoice " + id));
  std::map<std::string, EvidencePiece> by_action;
  for (const EvidencePiece& piece : evidence.pieces)
    if (by_action.find(piece.action) == by_action.end()) by_action[piece.action] = piece;
  EXPECT_NE(by_action["write.asked"].source.find("dealname"), std::string::npos) << "the CRM's words";
  EXPECT_NE(by_action["write.asked"].request.find("\"Line\""), std::string::npos) << "what was asked";
  EXPECT_NE(by_action["write.confirmed"].answer.find("\"Id\":\"" + id + "\""), std::string::npos)
      << "what was answered";
  std::set<std::string> actions;
  for (const ports::LogLeaf& line : evidence.lines) actions.insert(must(prove::parse_leaf(line.text)).action);
  EXPECT_TRUE(actions.contains("plan.approved") && actions.contains("config.mapping") && actions.contains("log.begun"));
  for (const auto& [digest, text] : evidence.texts) EXPECT_EQ(hex(sha256(text)), digest);
}

TEST(AuditLog, NamesThePersonWhoDecided) {
  World world;
  must(world.engine->sync());
  const auto items = must(world.engine->review());
  ASSERT_FALSE(items.empty());
  must(world.engine->skip(items.front().side + " " + items.front().name, "not ours", "ana"));
  const prove::Leaf last = lines_of(*world.store).back();
  EXPECT_EQ(last.action, "review.skip");
  EXPECT_EQ(last.by, "ana");
  EXPECT_NE(last.text.find("not ours"), std::string::npos);
  EXPECT_EQ(findings_of(must(check_log(*world.store, {}))), kNone);
}

TEST(AuditLog, AgreesAfterLostAnswersRefusalsAndRestarts) {
  for (const int seed : {1, 2, 3}) {
    World world(generated(8));
    const std::string rules =
        R"({"seed":)" + std::to_string(seed) +
        R"(,"rules":[{"kind":"lose_answer_after_commit","percent":30,"match":{"method":"POST","path_prefix":"/v3/company/9130357849/batch"}},)"
        R"({"kind":"status_500","percent":6},{"kind":"status_429","percent":8},{"kind":"lose_request","percent":4}]})";
    world.faults(*world.quickbooks, rules);
    world.faults(*world.hubspot, rules);
    for (int run = 0; run < 8; ++run) {
      (void)world.engine->sync().has_value();
      if (run == 2) world.reopen();
    }
    EXPECT_EQ(findings_of(must(check_log(*world.store, {checkpoint_of(*world.store)}))), kNone) << "seed " << seed;
    EXPECT_GT(actions_of(*world.store)["write.in_doubt"] + actions_of(*world.store)["write.adopted"], 0);
  }
}

// -- behind the program's back

class Behind : public ::testing::Test {
 protected:
  void SetUp() override {
    world_ = std::make_unique<World>(generated(6));
    must(world_->engine->apply(must(world_->engine->plan())));
    checkpoint_ = checkpoint_of(*world_->store);
    must(backup_sqlite(original(), pristine()));
  }
  std::string original() const { return (world_->folder / "store.db").string(); }
  std::string pristine() const { return (world_->folder / "pristine.db").string(); }

  /// As someone would who has the program's own sources: the checksums of the pages are right afterwards.
  void sql(const std::string& path, const std::string& statements) {
    auto db = must(sqlite::Connection::open(path, {.create = false}));
    const auto done = db->script(statements);
    EXPECT_TRUE(done) << done.error().what << " in " << statements;
    EXPECT_GT(sqlite3_total_changes(db->handle()), 0) << "changed nothing: " << statements;
  }

  /// What verify finds after the statements were run on a copy.
  std::string found_after(const std::string& statements) {
    const std::string copy = (world_->folder / "copy.db").string();
    for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(copy + tail);
    std::filesystem::copy_file(pristine(), copy);
    if (!statements.empty()) sql(copy, statements);
    auto store = open_sqlite(copy, "Northwind", {.read_only = true});
    if (!store) return store.error().code;
    const auto report = check_log(**store, {checkpoint_});
    return report ? findings_of(*report) : report.error().code;
  }

  std::unique_ptr<World> world_;
  prove::Checkpoint checkpoint_;
};

TEST_F(Behind, NothingIsFoundWhenNothingWasChanged) { EXPECT_EQ(found_after(""), kNone); }

TEST_F(Behind, EachChangedRowIsFound) {
  const std::pair<const char*, const char*> changes[] = {
      {"log.root.differs",
       "UPDATE log_leaf SET text = CAST(replace(CAST(text AS TEXT), 'tieout', 'nobody') AS BLOB) WHERE id % 7 = 3"},
      {"log.line.missing", "DELETE FROM log_leaf WHERE id % 1048576 = 9"},
      {"log.shorter", "DELETE FROM log_leaf WHERE id = (SELECT max(id) FROM log_leaf)"},
      {"log.tree.differs", "UPDATE log_node SET hash = zeroblob(32) WHERE level = 4 AND number = 0"},
      {"log.write.differs",
       "UPDATE intent SET body = CAST(replace(CAST(body AS TEXT), '1', '2') AS BLOB) WHERE id = 3"},
      {"log.write.differs", "UPDATE intent SET vendor_id = '99999' WHERE id = 2"},
      {"log.write.differs", "UPDATE intent SET state = 3 WHERE id = 1"},
      {"log.write.missing", "DELETE FROM intent WHERE id = 4"},
      {"log.write.unwitnessed",
       "INSERT INTO intent (entity, id, state, attempts, side, type, object, kind, source, target, link, created_at, "
       "finished_at, key, vendor_id, answer_code, answer, version, reference, plan, wanted, body) SELECT entity, "
       "1000000, state, attempts, side, type, object, kind, source, target, link, "
       "created_at, finished_at, key || 'x', vendor_id, answer_code, answer, version, reference, plan, wanted, body "
       "FROM "
       "intent WHERE id = 1"},
      {"log.link.differs",
       "UPDATE record SET link = NULL WHERE id = (SELECT max(id) FROM record WHERE link IS NOT NULL)"},
      {"log.payload.missing", "DELETE FROM payload WHERE id = 1"},
      {"log.payload.differs", "UPDATE payload SET digest = zeroblob(32) WHERE id = 1"},
      {"log.plan.differs", "UPDATE plan SET digest = 'x'"},
      {"log.record.differs", "UPDATE record SET digest = zeroblob(16) WHERE id = 5"},
  };
  for (const auto& [code, statement] : changes) {
    const std::string found = found_after(statement);
    EXPECT_NE(found.find(code), std::string::npos) << statement << "\n" << found;
    EXPECT_NE(found, kNone);
  }
}

TEST_F(Behind, ALogMadeAnewWithEveryHashRightIsFoundByACheckpoint) {
  const std::string copy = (world_->folder / "anew.db").string();
  std::filesystem::copy_file(pristine(), copy);
  sql(copy, "CREATE TABLE kept AS SELECT * FROM log_leaf ORDER BY id; DELETE FROM log_leaf; DELETE FROM log_node");
  {
    auto store = must(open_sqlite(copy, "Northwind"));
    must(store->begin());
    for (const ports::LogLeaf& line : must(world_->store->leaves(0, 100'000))) {
      prove::Leaf leaf = must(prove::parse_leaf(line.text));
      if (leaf.action == "plan.approved") leaf.by = "somebody else";
      const ports::NewLeaf again{ports::RecordId::none, ports::RecordId::none, prove::to_text(leaf)};
      must(store->append_leaves({&again, 1}));
    }
    must(store->commit());
  }
  sql(copy, "DROP TABLE kept; UPDATE log_leaf SET record = NULL");
  auto store = must(open_sqlite(copy, "Northwind", {.read_only = true}));
  EXPECT_EQ(findings_of(must(check_log(*store, {}))), kNone) << "without a checkpoint nobody could tell";
  const std::string found = findings_of(must(check_log(*store, {checkpoint_})));
  EXPECT_NE(found.find("log.root.differs"), std::string::npos) << found;
}

TEST_F(Behind, EverySingleBitOfALineCounts) {
  std::mt19937 random(5);
  const auto lines = must(world_->store->leaves(0, 100'000));
  for (int i = 0; i < 60; ++i) {
    const auto& line = lines[random() % lines.size()];
    const std::size_t at = random() % line.text.size();
    const int bit = 1 << random() % 8;
    const std::string found =
        found_after("UPDATE log_leaf SET text = CAST(substr(text, 1, " + std::to_string(at) + ") || x'" +
                    hex(std::string(1, static_cast<char>(line.text[at] ^ bit))) + "' || substr(text, " +
                    std::to_string(at + 2) + ") AS BLOB) WHERE id % 1099511627776 = " + std::to_string(line.number));
    EXPECT_NE(found, kNone) << "line " << line.number << ", byte " << at << ", bit " << bit;
  }
}

}  // namespace
}  // namespace tieout::engine
