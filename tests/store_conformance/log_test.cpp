// The audit log as a store keeps it: leaves in order, a tree over them that can be asked at any level, nothing outside
// a transaction, nothing left after a rollback.
#include "base/merkle.hpp"
#include "conformance.hpp"

namespace tieout {
namespace {

void add(Store& store, const std::string& text, RecordId record = RecordId::none, RecordId partner = RecordId::none) {
  const NewLeaf leaf{record, partner, text};
  must(store.append_leaves({&leaf, 1}));
}

void add_many(Store& store, int count) {
  must(store.begin());
  const std::int64_t from = must(store.log_size());
  for (int i = 0; i < count; ++i) add(store, "line " + std::to_string(from + i));
  must(store.commit());
}

TEST_P(StoreConformance, LogRefusesALineOutsideATransaction) {
  const NewLeaf leaf{RecordId::none, RecordId::none, "alone"};
  EXPECT_EQ(code_of(store->append_leaves({&leaf, 1})), "store.transaction.none");
  EXPECT_EQ(must(store->log_size()), 0);
}

TEST_P(StoreConformance, LogGivesLeavesBackInOrderAndInPages) {
  add_many(*store, 40);
  const auto page = must(store->leaves(17, 5));
  ASSERT_EQ(page.size(), 5U);
  EXPECT_EQ(page.front().number, 17);
  EXPECT_EQ(page.front().text, "line 17");
  EXPECT_EQ(page.back().text, "line 21");
  EXPECT_TRUE(must(store->leaves(40, 5)).empty());
}

TEST_P(StoreConformance, LogFindsTheLinesOfARecordWhicheverEndItIs) {
  const RecordId a = deal("1"), b = invoice("2"), c = deal("3");
  must(store->begin());
  add(*store, "about a", a);
  add(*store, "about a and b", a, b);
  add(*store, "about c", c);
  add(*store, "about b and a", b, a);
  must(store->commit());
  std::vector<std::int64_t> numbers;
  for (const LogLeaf& leaf : must(store->leaves_of(a))) numbers.push_back(leaf.number);
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{0, 1, 3}));
  EXPECT_EQ(must(store->leaves_of(b)).size(), 2U);
}

TEST_P(StoreConformance, LogForgetsWhatIsRolledBack) {
  add_many(*store, 21);
  const Digest node = must(store->log_node(4, 0));
  must(store->begin());
  for (int i = 0; i < 20; ++i) add(*store, "never was");
  store->rollback();
  EXPECT_EQ(must(store->log_size()), 21);
  add_many(*store, 11);
  EXPECT_EQ(must(store->log_size()), 32);
  EXPECT_EQ(must(store->log_node(4, 0)), node);
  merkle::Frontier expected;
  for (int i = 0; i < 32; ++i) expected.append(merkle::leaf_hash("line " + std::to_string(i)));
  EXPECT_EQ(must(store->log_node(5, 0)), expected.root());
}

TEST_P(StoreConformance, LogKnowsEveryWholeSubtreeAndNoOther) {
  constexpr int kLeaves = 300;
  for (int i = 0; i < 20; ++i) {
    add_many(*store, kLeaves / 20);
    if (GetParam().lasts && i % 7 == 3) reopen();  // the tree goes on from what is kept
  }
  for (int level = 0; (kLeaves >> level) > 0; ++level) {
    for (int index = 0; index < kLeaves >> level; ++index) {
      merkle::Frontier part;
      for (int i = index << level; i < (index + 1) << level; ++i)
        part.append(merkle::leaf_hash("line " + std::to_string(i)));
      ASSERT_EQ(must(store->log_node(level, index)), part.root()) << level << "/" << index;
    }
    EXPECT_EQ(code_of(store->log_node(level, kLeaves >> level)), "store.log.range");
  }
  EXPECT_EQ(code_of(store->log_node(-1, 0)), "store.log.range");
  EXPECT_EQ(code_of(store->log_node(0, -1)), "store.log.range");
}

TEST_P(StoreConformance, KeepsTheSamePayloadOnceAndFindsItByItsDigest) {
  const PayloadId first = must(store->keep_payload(Side::crm, kMorning, "a page"));
  EXPECT_EQ(must(store->keep_payload(Side::crm, kNoon, "a page")), first);
  const PayloadId second = must(store->keep_payload(Side::crm, kNoon, "another page"));
  EXPECT_NE(second, first);
  EXPECT_EQ(must(store->payload_digest(second)), sha256("another page"));
  EXPECT_EQ(must(store->payload_by_digest(sha256("another page"))), "another page");
  EXPECT_EQ(must(store->payload_by_digest(sha256("no page"))), std::nullopt);
  EXPECT_EQ(must(store->payloads_after(first, 10)), std::vector<PayloadId>{second});
}

TEST_P(StoreConformance, WalksLinksAndIntentsInOrder) {
  const LinkId a = new_link(), b = new_link();
  const auto links = must(store->links_after(a, 10));
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links.front().id, b);
  const RecordId record = deal("1");
  const Intent intents[] = {write_of("k-1", record), write_of("k-2", record)};
  const auto ids = must(store->add_intents(intents));
  const auto found = must(store->intents_after(ids[0], 10));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().key, "k-2");
}

}  // namespace
}  // namespace tieout
