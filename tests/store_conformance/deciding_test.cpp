#include "conformance.hpp"

namespace tieout {
namespace {

TEST_P(StoreConformance, SettleSaysWhereARecordStandsAndWhy) {
  const RecordId id = deal("1");
  must(store->settle(id, State::held, "deal.lines.none", "The deal has no lines.", "crm:company:123", false));
  EXPECT_EQ(record(id).state, State::held);
  EXPECT_EQ(record(id).reason_code, "deal.lines.none");
  EXPECT_EQ(record(id).reason, "The deal has no lines.");
  EXPECT_EQ(record(id).waits_for, "crm:company:123");
  EXPECT_EQ(must(store->dirty_count()), 0);
  settle(id, State::in_sync, false);
  EXPECT_EQ(record(id).reason_code + record(id).reason + record(id).waits_for, "");
}

TEST_P(StoreConformance, EveryRecordIsInExactlyOneStateAndTheTallyAddsUp) {
  constexpr std::array kOrder{State::in_sync, State::held, State::failed, State::skipped, State::pending, State::held};
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    const RecordId id = deal(std::to_string(i));
    settle(id, kOrder[i], false);
    settle(id, kOrder[i], false);  // saying it twice counts once
  }
  invoice("1");
  const auto tally = must(store->tally());
  ASSERT_EQ(tally.size(), 2u);
  EXPECT_EQ(tally[0].type, "deal");
  EXPECT_EQ(tally[0].count, (std::array<std::int64_t, 5>{1, 1, 2, 1, 1}));
  EXPECT_EQ(tally[1].side, Side::books);
  EXPECT_EQ(tally[1].count, (std::array<std::int64_t, 5>{1, 0, 0, 0, 0}));
  EXPECT_EQ(vendor_ids(must(store->in_state(State::held, RecordId::none, 10))), (Ids{"1", "5"}));
  EXPECT_EQ(vendor_ids(must(store->in_state(State::held, RecordId::none, 1))), Ids{"1"});
  EXPECT_EQ(vendor_ids(must(store->in_state(State::in_sync, RecordId::none, 10))), Ids{"0"});
}

TEST_P(StoreConformance, SettlingWithoutAgreementKeepsTheBase) {
  const RecordId id = deal("1");
  must(store->join(new_link(), id));
  settle(id, State::in_sync, true);
  observe(seen(Side::crm, "deal", "1", "second"));
  settle(id, State::held, false);
  EXPECT_EQ(record(id).base, "deal 1");
  EXPECT_FALSE(record(id).agreed);
  settle(id, State::in_sync, true);
  EXPECT_FALSE(record(id).base);
  EXPECT_TRUE(record(id).agreed);
  settle(id, State::pending, false);
  EXPECT_TRUE(record(id).agreed) << "waiting for a write does not undo the last agreement";
}

TEST_P(StoreConformance, WakeMarksDirtyAllThatWaitAndOnlyThem) {
  const RecordId one = deal("1"), two = deal("2"), other_one = deal("3");
  must(store->settle(one, State::pending, "waits", "waits for company 5", "crm:company:5", false));
  must(store->settle(two, State::held, "waits", "waits for company 5", "crm:company:5", false));
  must(store->settle(other_one, State::pending, "waits", "waits for company 55", "crm:company:55", false));
  EXPECT_EQ(must(store->wake("crm:company:5")), 2);
  EXPECT_EQ(vendor_ids(must(store->dirty(Side::crm, "deal", RecordId::none, 10))), (Ids{"1", "2"}));
  EXPECT_EQ(record(one).waits_for, "");
  EXPECT_EQ(record(other_one).waits_for, "crm:company:55");
  EXPECT_EQ(must(store->wake("crm:company:5")), 0) << "they wait no longer";
  EXPECT_EQ(record(two).state, State::held) << "only deciding changes the state";
}

TEST_P(StoreConformance, ADecisionIsKeptAndMarksDirty) {
  const RecordId id = deal("1");
  settle(id, State::held, false);
  must(store->decide(id, "link:58"));
  EXPECT_EQ(record(id).decision, "link:58");
  EXPECT_EQ(must(store->dirty_count()), 1);
  settle(id, State::in_sync, false);
  EXPECT_EQ(record(id).decision, "link:58");
  must(store->decide(id, ""));
  EXPECT_EQ(record(id).decision, "");
}

TEST_P(StoreConformance, MarkDirtyAsksForANewDecision) {
  const RecordId id = deal("1");
  settle(id, State::in_sync, false);
  must(store->mark_dirty(id));
  must(store->mark_dirty(id));
  EXPECT_EQ(must(store->dirty_count()), 1);
  EXPECT_EQ(record(id).state, State::in_sync);
}

TEST_P(StoreConformance, AnUnknownRecordIsAFault) {
  const RecordId nobody{4711};
  EXPECT_EQ(code_of(store->settle(nobody, State::held, "", "", "", false)), "store.record.unknown");
  EXPECT_EQ(code_of(store->mark_dirty(nobody)), "store.record.unknown");
  EXPECT_EQ(code_of(store->decide(nobody, "skip")), "store.record.unknown");
  EXPECT_EQ(code_of(store->join(new_link(), nobody)), "store.record.unknown");
  EXPECT_EQ(code_of(store->add_event(nobody, {kMorning, "held", "x"})), "store.record.unknown");
  EXPECT_FALSE(must(store->record(nobody)));
}

}  // namespace
}  // namespace tieout
