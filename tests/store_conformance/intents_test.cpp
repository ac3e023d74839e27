#include "conformance.hpp"

namespace tieout {
namespace {

TEST_P(StoreConformance, AnIntentKeepsEveryField) {
  Intent intent = write_of("inv-9120-1", deal("9120"));
  intent.side = Side::books;
  intent.kind = 1;
  intent.target = invoice("77");
  intent.link = new_link();
  intent.vendor_id = "77";
  intent.version = "3";
  intent.reference = "tieout:9120";
  intent.wanted = digest_for("wanted");
  intent.plan = "plan-7f3a09";
  const auto ids = must(store->add_intents({&intent, 1}));
  const auto all = must(store->intents_of(intent.source));
  ASSERT_EQ(all.size(), 1u);
  const Intent& stored = all[0];
  EXPECT_EQ(stored.id, ids.at(0));
  EXPECT_EQ(stored.key, intent.key);
  EXPECT_EQ(stored.side, intent.side);
  EXPECT_EQ(stored.type, intent.type);
  EXPECT_EQ(stored.object, intent.object);
  EXPECT_EQ(stored.kind, intent.kind);
  EXPECT_EQ(stored.source, intent.source);
  EXPECT_EQ(stored.target, intent.target);
  EXPECT_EQ(stored.link, intent.link);
  EXPECT_EQ(stored.vendor_id, intent.vendor_id);
  EXPECT_EQ(stored.version, intent.version);
  EXPECT_EQ(stored.body, intent.body);
  EXPECT_EQ(stored.reference, intent.reference);
  EXPECT_EQ(stored.wanted, intent.wanted);
  EXPECT_EQ(stored.plan, intent.plan);
  EXPECT_EQ(stored.state, IntentState::open);
  EXPECT_EQ(stored.created_at, kMorning);
  EXPECT_EQ(stored.attempts, 0);
  EXPECT_EQ(must(store->intents_of(intent.target)).size(), 1u) << "also by what is changed";
}

TEST_P(StoreConformance, ALookUpThatDecidesNothingIsCountedAndKept) {
  const RecordId sale = deal("1");
  const Intent intent = write_of("inv-1-1", sale);
  const IntentId id = must(store->add_intents({&intent, 1})).at(0);
  must(store->finish_intent(id, IntentState::in_doubt, "", "http.timeout", "no answer", kMorning));
  must(store->note_look_up(id, "looked_up.unsure", "too early to tell", kNoon));
  const Intent now = must(store->unfinished_intents(10)).at(0);
  EXPECT_EQ(now.state, IntentState::in_doubt);
  EXPECT_EQ(now.attempts, 2);
  EXPECT_EQ(now.finished_at, kNoon);
  EXPECT_EQ(now.answer_code, "looked_up.unsure");
  must(store->finish_intent(id, IntentState::confirmed, "77", "ok", "", kNoon));
  must(store->note_look_up(id, "looked_up.unsure", "", kMorning));  // too late: it is finished
  EXPECT_EQ(must(store->intents_of(sale)).at(0).state, IntentState::confirmed);
}

TEST_P(StoreConformance, ARepeatedKeyIsRefusedAndNamedAndNothingOfTheBatchStays) {
  const RecordId sale = deal("1");
  const Intent first = write_of("inv-1-1", sale);
  must(store->add_intents({&first, 1}));
  const std::vector<Intent> batch{write_of("inv-2-1", sale), write_of("inv-1-1", sale), write_of("inv-3-1", sale)};
  must(store->begin());
  const auto refused = store->add_intents(batch);
  ASSERT_EQ(code_of(refused), "store.intent.repeated");
  EXPECT_NE(refused.error().what.find("inv-1-1"), std::string::npos) << refused.error().what;
  must(store->commit());
  EXPECT_EQ(must(store->intents_of(sale)).size(), 1u);
  EXPECT_EQ(code_of(store->add_intents({&first, 1})), "store.intent.repeated");
  must(store->finish_intent(must(store->intents_of(sale)).at(0).id, IntentState::refused, "", "x", "", kNoon));
  EXPECT_EQ(code_of(store->add_intents({&first, 1})), "store.intent.repeated") << "for ever, whatever became of it";
}

TEST_P(StoreConformance, ARepeatedKeyInsideOneBatchIsRefusedToo) {
  const std::vector<Intent> batch{write_of("inv-1-1", deal("1")), write_of("inv-1-1", deal("2"))};
  EXPECT_EQ(code_of(store->add_intents(batch)), "store.intent.repeated");
  EXPECT_TRUE(must(store->unfinished_intents(10)).empty());
}

TEST_P(StoreConformance, UnfinishedAreTheOpenAndTheDoubtfulOldestFirst) {
  const RecordId sale = deal("1");
  std::vector<Intent> batch;
  for (int i = 0; i < 5; ++i) batch.push_back(write_of("inv-" + std::to_string(9 - i), sale));
  const auto ids = must(store->add_intents(batch));
  must(store->finish_intent(ids[0], IntentState::confirmed, "1001", "ok", "", kNoon));
  must(store->finish_intent(ids[1], IntentState::in_doubt, "", "http.timeout", "no answer", kNoon));
  must(store->finish_intent(ids[3], IntentState::refused, "", "quickbooks.name.taken", "taken", kNoon));
  const auto unfinished = must(store->unfinished_intents(10));
  ASSERT_EQ(unfinished.size(), 3u);
  EXPECT_EQ(unfinished[2].id, ids[4]);
  EXPECT_EQ(unfinished[0].id, ids[1]);
  EXPECT_EQ(unfinished[0].state, IntentState::in_doubt);
  EXPECT_EQ(unfinished[0].answer_code, "http.timeout");
  EXPECT_EQ(unfinished[0].attempts, 1);
  EXPECT_EQ(unfinished[1].id, ids[2]);
  EXPECT_EQ(must(store->unfinished_intents(1)).size(), 1u);
  const auto story = must(store->intents_of(sale));
  ASSERT_EQ(story.size(), 5u);
  EXPECT_EQ(story[0].vendor_id, "1001");
  EXPECT_EQ(story[0].answer_code, "ok");
  EXPECT_EQ(story[0].finished_at, kNoon);
  EXPECT_EQ(story[3].answer, "taken");
}

TEST_P(StoreConformance, AFinishedIntentCannotBecomeAnythingElse) {
  const Intent intent = write_of("inv-1", deal("1"));
  const IntentId id = must(store->add_intents({&intent, 1})).at(0);
  must(store->finish_intent(id, IntentState::in_doubt, "", "http.timeout", "", kNoon));
  must(store->finish_intent(id, IntentState::confirmed, "1001", "ok", "", kNoon));
  EXPECT_EQ(code_of(store->finish_intent(id, IntentState::refused, "", "x", "", kNoon)), "store.intent.finished");
  must(store->finish_intent(id, IntentState::confirmed, "1001", "ok", "", kNoon));
  EXPECT_EQ(must(store->intents_of(intent.source)).at(0).state, IntentState::confirmed);
  EXPECT_EQ(code_of(store->finish_intent(IntentId{4711}, IntentState::refused, "", "", "", kNoon)),
            "store.intent.unknown");
}

TEST_P(StoreConformance, KeysAreCountedByPrefix) {
  const RecordId sale = deal("1");
  const std::vector<Intent> batch{write_of("inv-1-1", sale), write_of("inv-1-2", sale), write_of("inv-10-1", sale),
                                  write_of("inw", sale), write_of("in", sale)};
  must(store->add_intents(batch));
  EXPECT_EQ(must(store->intents_with_key_prefix("inv-1-")), 2);
  EXPECT_EQ(must(store->intents_with_key_prefix("inv-1")), 3);
  EXPECT_EQ(must(store->intents_with_key_prefix("inv-1_")), 0) << "no pattern";
  EXPECT_EQ(must(store->intents_with_key_prefix("%")), 0) << "no pattern";
  EXPECT_EQ(must(store->intents_with_key_prefix("")), 5);
}

}  // namespace
}  // namespace tieout
