#include "conformance.hpp"

namespace tieout {
namespace {

TEST_P(StoreConformance, APayloadComesBackAsItWas) {
  std::string large;
  for (int i = 0; i < 50'000; ++i) large += std::to_string(i * 7919) + ",";
  const std::string binary("\0\xff\x01 bytes", 9);
  const PayloadId one = must(store->keep_payload(Side::crm, kMorning, large));
  const PayloadId two = must(store->keep_payload(Side::books, kMorning, binary));
  const PayloadId three = must(store->keep_payload(Side::books, kMorning, ""));
  EXPECT_EQ(must(store->payload(one)), large);
  EXPECT_EQ(must(store->payload(two)), binary);
  EXPECT_EQ(must(store->payload(three)), "");
  EXPECT_EQ(code_of(store->payload(PayloadId{4711})), "store.payload.unknown");
}

TEST_P(StoreConformance, PagesAreFoundByTheTimeTheyWereKept) {
  const PayloadId one = must(store->keep_payload(Side::crm, kMorning, "a"));
  const PayloadId two = must(store->keep_payload(Side::books, kNoon, "b"));
  const auto all = must(store->payloads(kMorning, kNoon + Milliseconds{1}, PayloadId::none, 10));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].id, one);
  EXPECT_EQ(all[1].id, two);
  EXPECT_EQ(all[1].side, Side::books);
  EXPECT_EQ(all[1].at, kNoon);
  EXPECT_EQ(must(store->payloads(kMorning, kNoon, PayloadId::none, 10)).size(), 1U) << "until is not included";
  EXPECT_EQ(must(store->payloads(kMorning, kNoon + Milliseconds{1}, one, 10)).size(), 1U);
}

TEST_P(StoreConformance, APlanIsKeptAndReplaced) {
  StoredPlan plan{"plan-7f3a09", "abc123", kMorning, R"({"changes":[]})", "proposed"};
  must(store->save_plan(plan));
  plan.status = "applied";
  must(store->save_plan(plan));
  const auto stored = must(store->plan("plan-7f3a09"));
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->id, plan.id);
  EXPECT_EQ(stored->digest, plan.digest);
  EXPECT_EQ(stored->created_at, plan.created_at);
  EXPECT_EQ(stored->body, plan.body);
  EXPECT_EQ(stored->status, "applied");
  EXPECT_FALSE(must(store->plan("plan-7f3a0")));
}

TEST_P(StoreConformance, ASettingIsEmptyUntilSetAndThenTheLastOne) {
  EXPECT_EQ(must(store->setting("cursor.crm")), "");
  must(store->set_setting("cursor.crm", "page 2"));
  must(store->set_setting("cursor.crm", "page 3"));
  EXPECT_EQ(must(store->setting("cursor.crm")), "page 3");
  EXPECT_EQ(must(store->setting("cursor")), "");
}

TEST_P(StoreConformance, TheStoryOfARecordIsToldInOrder) {
  const RecordId one = deal("1"), two = deal("2");
  must(store->add_event(one, {kNoon, "held", "no lines"}));
  must(store->add_event(two, {kNoon, "held", "no lines either"}));
  must(store->add_event(one, {kMorning, "released", "lines came"}));  // told later, whatever the clock says
  const auto story = must(store->events(one));
  ASSERT_EQ(story.size(), 2u);
  EXPECT_EQ(story[0].kind, "held");
  EXPECT_EQ(story[0].at, kNoon);
  EXPECT_EQ(story[0].text, "no lines");
  EXPECT_EQ(story[1].kind, "released");
  EXPECT_TRUE(must(store->events(deal("3"))).empty());
}

TEST_P(StoreConformance, WhatWasCommittedIsThereWhenOpenedAgain) {
  if (!GetParam().lasts) GTEST_SKIP() << "this one forgets by design";
  const RecordId sale = deal("1");
  const LinkId link = new_link();
  must(store->join(link, sale));
  must(store->settle(sale, State::held, "a.b", "why", "crm:company:5", true));
  const Intent intent = write_of("inv-1", sale);
  must(store->add_intents({&intent, 1}));
  must(store->set_setting("cursor", "c1"));
  must(store->add_event(sale, {kNoon, "held", "why"}));
  const PayloadId payload = must(store->keep_payload(Side::crm, kMorning, "page"));
  const auto tally = must(store->tally());
  reopen();
  EXPECT_EQ(record(sale).reason, "why");
  EXPECT_EQ(record(sale).link, link);
  EXPECT_EQ(must(store->link_count()), 1);
  EXPECT_EQ(must(store->unfinished_intents(5)).at(0).key, "inv-1");
  EXPECT_EQ(must(store->setting("cursor")), "c1");
  EXPECT_EQ(must(store->events(sale)).size(), 1u);
  EXPECT_EQ(must(store->payload(payload)), "page");
  EXPECT_EQ(must(store->tally()).at(0).count, tally.at(0).count);
  EXPECT_EQ(must(store->wake("crm:company:5")), 1);
  EXPECT_EQ(code_of(store->add_intents({&intent, 1})), "store.intent.repeated");
  EXPECT_GT(deal("2"), sale) << "ids go on, they are never given again";
}

TEST_P(StoreConformance, EntitiesDoNotSeeEachOther) {
  if (!GetParam().lasts) GTEST_SKIP() << "nothing is shared to begin with";
  const RecordId sale = deal("1");
  must(store->join(new_link(), sale));
  must(store->set_setting("cursor", "acme's"));
  const Intent intent = write_of("inv-1", sale);
  must(store->add_intents({&intent, 1}));
  store.reset();
  store = GetParam().open(place_, "globex");
  EXPECT_FALSE(must(store->find(Side::crm, "deal", "1")));
  EXPECT_FALSE(must(store->record(sale)));
  EXPECT_EQ(code_of(store->mark_dirty(sale)), "store.record.unknown");
  EXPECT_TRUE(must(store->tally()).empty());
  EXPECT_EQ(must(store->link_count()), 0);
  EXPECT_EQ(must(store->setting("cursor")), "");
  EXPECT_TRUE(must(store->unfinished_intents(5)).empty());
  EXPECT_TRUE(must(store->with_vendor_id("1")).empty());
  Intent same_key = intent;
  same_key.source = deal("1");
  must(store->add_intents({&same_key, 1}));  // each entity names its own writes
}

}  // namespace
}  // namespace tieout
