#include "conformance.hpp"

namespace tieout {
namespace {

TEST_P(StoreConformance, AFreshRecordIsPendingAndDirtyAndKeepsEveryField) {
  Observation observation = seen(Side::crm, "deal", "9120", std::string("b\0dy", 4));
  observation.payload = must(store->keep_payload(Side::crm, kMorning, "page"));
  const RecordId id = observe(observation);
  const StoredRecord stored = record(id);
  EXPECT_EQ(stored.id, id);
  EXPECT_EQ(stored.side, Side::crm);
  EXPECT_EQ(stored.type, "deal");
  EXPECT_EQ(stored.vendor_id, "9120");
  EXPECT_EQ(stored.version, "v1");
  EXPECT_EQ(stored.modified_at, kMorning);
  EXPECT_EQ(stored.digest, observation.digest);
  EXPECT_EQ(stored.body, observation.body);
  EXPECT_EQ(stored.payload, observation.payload);
  EXPECT_EQ(stored.first_seen_at, kMorning);
  EXPECT_EQ(stored.observed_at, kMorning);
  EXPECT_EQ(stored.state, State::pending);
  EXPECT_EQ(stored.link, LinkId::none);
  EXPECT_FALSE(stored.deleted);
  EXPECT_FALSE(stored.agreed);
  EXPECT_FALSE(stored.base);
  EXPECT_EQ(stored.reason_code + stored.reason + stored.waits_for + stored.decision, "");
  EXPECT_EQ(vendor_ids(must(store->dirty(Side::crm, "deal", RecordId::none, 10))), Ids{"9120"});
  EXPECT_EQ(must(store->dirty_count()), 1);
}

TEST_P(StoreConformance, ObserveSaysWhatIsFreshChangedAndUnchangedInOrder) {
  deal("1");
  deal("2");
  const std::vector<Observation> page{seen(Side::crm, "deal", "2", "deal 2, larger"),
                                      seen(Side::crm, "deal", "3", "deal 3"), seen(Side::crm, "deal", "1", "deal 1"),
                                      seen(Side::crm, "deal", "3", "deal 3")};
  const auto noted = must(store->observe(page, kNoon));
  ASSERT_EQ(noted.size(), 4u);
  EXPECT_EQ(noted[0].seen, Seen::changed);
  EXPECT_EQ(noted[1].seen, Seen::fresh);
  EXPECT_EQ(noted[2].seen, Seen::unchanged);
  EXPECT_EQ(noted[3].seen, Seen::unchanged) << "the same record twice in one page";
  EXPECT_EQ(noted[1].id, noted[3].id);
}

TEST_P(StoreConformance, ObserveSaysWhatWasLinkedAndWhatWentOrCameBack) {
  const RecordId sale = deal("1");
  must(store->join(new_link(), sale));
  Observation now = seen(Side::crm, "deal", "1", "deal 1");
  now.deleted = true;
  const Noted gone = must(store->observe({&now, 1}, kNoon)).at(0);
  EXPECT_TRUE(gone.gone && gone.linked && !gone.back);
  const Noted still = must(store->observe({&now, 1}, kNoon)).at(0);
  EXPECT_TRUE(!still.gone && still.linked && !still.back);
  now.deleted = false;
  const Noted back = must(store->observe({&now, 1}, kNoon)).at(0);
  EXPECT_TRUE(!back.gone && back.linked && back.back);
  now.vendor_id = "2";
  now.deleted = true;
  const Noted never_seen = must(store->observe({&now, 1}, kNoon)).at(0);
  EXPECT_TRUE(!never_seen.gone && !never_seen.linked);
}

TEST_P(StoreConformance, TheSameVendorIdOnAnotherSideOrOfAnotherTypeIsAnotherRecord) {
  const RecordId one = observe(seen(Side::crm, "deal", "7", "a"));
  const RecordId two = observe(seen(Side::books, "deal", "7", "a"));
  const RecordId three = observe(seen(Side::crm, "company", "7", "a"));
  EXPECT_NE(one, two);
  EXPECT_NE(one, three);
  EXPECT_EQ(must(store->find(Side::books, "deal", "7"))->id, two);
  EXPECT_FALSE(must(store->find(Side::books, "company", "7")));
  EXPECT_FALSE(must(store->find(Side::books, "never seen", "7")));
}

TEST_P(StoreConformance, UnchangedMovesVersionTimeAndPayloadAndNothingElse) {
  const RecordId id = deal("1");
  settle(id, State::in_sync, true);
  Observation again = seen(Side::crm, "deal", "1", "deal 1");
  again.version = "v2";
  again.modified_at = kNoon;
  again.payload = must(store->keep_payload(Side::crm, kNoon, "page 2"));
  observe(again, kNoon);
  const StoredRecord stored = record(id);
  EXPECT_EQ(stored.version, "v2");
  EXPECT_EQ(stored.modified_at, kNoon);
  EXPECT_EQ(stored.payload, again.payload);
  EXPECT_EQ(stored.observed_at, kMorning);
  EXPECT_EQ(stored.state, State::in_sync);
  EXPECT_TRUE(stored.agreed);
  EXPECT_EQ(must(store->dirty_count()), 0);
}

TEST_P(StoreConformance, AChangeOfAnAgreedRecordKeepsTheOldBodyAsBase) {
  const RecordId id = deal("1");
  must(store->join(new_link(), id));
  settle(id, State::in_sync, true);
  observe(seen(Side::crm, "deal", "1", "deal 1, second"), kNoon);
  EXPECT_EQ(record(id).base, "deal 1");
  EXPECT_EQ(record(id).body, "deal 1, second");
  EXPECT_EQ(record(id).state, State::pending);
  EXPECT_EQ(record(id).observed_at, kNoon);
  EXPECT_EQ(record(id).first_seen_at, kMorning);
  EXPECT_FALSE(record(id).agreed);
  EXPECT_EQ(must(store->dirty_count()), 1);

  observe(seen(Side::crm, "deal", "1", "deal 1, third"));
  EXPECT_EQ(record(id).base, "deal 1") << "a second change before the next agreement keeps the first base";

  settle(id, State::in_sync, true);
  EXPECT_FALSE(record(id).base) << "agreed again: the body is the base";
}

TEST_P(StoreConformance, WhatWasNeverAgreedOrIsNotLinkedGetsNoBase) {
  const RecordId linked = deal("1");
  must(store->join(new_link(), linked));
  observe(seen(Side::crm, "deal", "1", "deal 1, second"));
  EXPECT_FALSE(record(linked).base) << "a link alone is no agreement";

  const RecordId alone = deal("2");
  settle(alone, State::in_sync, true);
  observe(seen(Side::crm, "deal", "2", "deal 2, second"));
  EXPECT_FALSE(record(alone).base) << "nobody to agree with";
}

TEST_P(StoreConformance, AChangeClearsReasonAndWaitingAndKeepsTheDecision) {
  const RecordId id = deal("1");
  must(store->decide(id, "create"));
  must(store->settle(id, State::held, "deal.lines.none", "The deal has no lines.", "crm:company:5", false));
  observe(seen(Side::crm, "deal", "1", "deal 1 with lines"));
  const StoredRecord stored = record(id);
  EXPECT_EQ(stored.reason_code + stored.reason + stored.waits_for, "");
  EXPECT_EQ(stored.decision, "create");
  EXPECT_EQ(must(store->wake("crm:company:5")), 0);
}

TEST_P(StoreConformance, BeingDeletedIsAChangeEvenWithTheSameContent) {
  const RecordId id = deal("1");
  settle(id, State::in_sync, false);
  Observation gone = seen(Side::crm, "deal", "1", "deal 1");
  gone.deleted = true;
  const auto noted = must(store->observe({&gone, 1}, kNoon));
  EXPECT_EQ(noted.at(0).seen, Seen::changed);
  EXPECT_TRUE(record(id).deleted);
  EXPECT_EQ(must(store->dirty_count()), 1);
  EXPECT_TRUE(must(store->unlinked(Side::crm, "deal", RecordId::none, 10)).empty());
  EXPECT_EQ(must(store->all(Side::crm, "deal", RecordId::none, 10)).size(), 1u);
}

TEST_P(StoreConformance, MentionsAreFoundByWhatTheyMentionAndReplacedByLaterOnes) {
  Observation first = seen(Side::books, "invoice", "1", "one");
  first.mentions = {{"customer", "58"}, {"product", "11"}, {"customer", "58"}};
  observe(first);
  Observation second = seen(Side::books, "invoice", "2", "two");
  second.mentions = {{"customer", "58"}};
  observe(second);
  Observation payment = seen(Side::books, "payment", "3", "three");
  payment.mentions = {{"customer", "58"}};
  observe(payment);
  EXPECT_EQ(vendor_ids(must(store->mentioning(Side::books, "invoice", "customer", "58"))), (Ids{"1", "2"}));
  EXPECT_EQ(vendor_ids(must(store->mentioning(Side::books, "payment", "customer", "58"))), Ids{"3"});
  EXPECT_TRUE(must(store->mentioning(Side::crm, "invoice", "customer", "58")).empty());
  EXPECT_TRUE(must(store->mentioning(Side::books, "invoice", "customer", "5")).empty());

  first.body = "one, for another customer";
  first.digest = digest_for(first.body);
  first.mentions = {{"customer", "59"}, {"product", "11"}};
  observe(first);
  EXPECT_EQ(vendor_ids(must(store->mentioning(Side::books, "invoice", "customer", "58"))), Ids{"2"});
  EXPECT_EQ(vendor_ids(must(store->mentioning(Side::books, "invoice", "customer", "59"))), Ids{"1"});
  EXPECT_EQ(vendor_ids(must(store->mentioning(Side::books, "invoice", "product", "11"))), Ids{"1"});

  first.mentions.clear();  // same content: a newer mapping may still see fewer references
  observe(first);
  EXPECT_TRUE(must(store->mentioning(Side::books, "invoice", "product", "11")).empty());
}

TEST_P(StoreConformance, ListsGoInOrderOfIdAfterTheGivenOneUpToTheLimit) {
  std::vector<RecordId> ids;
  for (int i = 9; i >= 0; --i) ids.push_back(deal(std::to_string(i)));
  invoice("5");
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_EQ(vendor_ids(must(store->all(Side::crm, "deal", RecordId::none, 3))), (Ids{"9", "8", "7"}));
  EXPECT_EQ(vendor_ids(must(store->all(Side::crm, "deal", ids[7], 3))), (Ids{"1", "0"}));
  EXPECT_EQ(vendor_ids(must(store->dirty(Side::crm, "deal", ids[2], 2))), (Ids{"6", "5"}));
  EXPECT_EQ(vendor_ids(must(store->unlinked(Side::crm, "deal", ids[5], 2))), (Ids{"3", "2"}));
  must(store->join(new_link(), ids[6]));
  EXPECT_EQ(vendor_ids(must(store->unlinked(Side::crm, "deal", ids[5], 2))), (Ids{"2", "1"}));
  settle(ids[7], State::held, false);
  EXPECT_EQ(vendor_ids(must(store->dirty(Side::crm, "deal", ids[5], 3))), (Ids{"3", "1", "0"}));
}

TEST_P(StoreConformance, ARecordIsFoundByItsVendorIdInAnyTypeOrByOurOwnId) {
  const RecordId company = observe(seen(Side::crm, "company", "9120", "c"));
  observe(seen(Side::books, "customer", "9120", "k"));
  deal("91");
  EXPECT_EQ(must(store->with_vendor_id("9120")).size(), 2u);
  EXPECT_EQ(vendor_ids(must(store->with_vendor_id("91"))), Ids{"91"});
  EXPECT_EQ(vendor_ids(must(store->with_vendor_id(std::to_string(static_cast<std::int64_t>(company))))), Ids{"9120"});
  EXPECT_TRUE(must(store->with_vendor_id("912")).empty());
  EXPECT_TRUE(must(store->with_vendor_id("")).empty());
}

TEST_P(StoreConformance, AnswersInsideATransactionShowItsOwnWrites) {
  must(store->begin());
  Observation first = seen(Side::crm, "deal", "1", "one");
  first.mentions = {{"company", "5"}};
  const RecordId id = observe(first);
  EXPECT_EQ(must(store->find(Side::crm, "deal", "1"))->id, id);
  EXPECT_EQ(record(id).body, "one");
  const LinkId link = new_link();
  must(store->join(link, id));
  EXPECT_EQ(must(store->linked(link, Side::crm))->id, id);
  EXPECT_FALSE(must(store->linked(link, Side::books)));
  EXPECT_TRUE(must(store->unlinked(Side::crm, "deal", RecordId::none, 5)).empty());
  EXPECT_EQ(must(store->dirty_count()), 1);
  must(store->settle(id, State::held, "a.b", "why", "crm:company:5", true));
  EXPECT_EQ(record(id).reason, "why");
  EXPECT_TRUE(record(id).agreed);
  EXPECT_EQ(must(store->dirty_count()), 0);
  EXPECT_EQ(must(store->in_state(State::held, RecordId::none, 5)).size(), 1u);
  EXPECT_EQ(must(store->mentioning(Side::crm, "deal", "company", "5")).size(), 1u);
  EXPECT_EQ(must(store->with_vendor_id("1")).size(), 1u);
  EXPECT_EQ(must(store->wake("crm:company:5")), 1);
  EXPECT_EQ(must(store->dirty(Side::crm, "deal", RecordId::none, 5)).size(), 1u);
  first.body = "two";
  first.digest = digest_for("two");
  observe(first);
  EXPECT_EQ(record(id).base, "one");
  EXPECT_EQ(record(id).body, "two");
  EXPECT_EQ(must(store->tally()).at(0).count, (std::array<std::int64_t, 5>{1, 0, 0, 0, 0}));
  must(store->commit());
  EXPECT_EQ(record(id).base, "one");
  EXPECT_EQ(record(id).link, link);
}

}  // namespace
}  // namespace tieout
