#include "conformance.hpp"

namespace tieout {
namespace {

TEST_P(StoreConformance, ARollbackLeavesNothing) {
  const RecordId before = deal("1");
  const auto tally = must(store->tally());
  {
    const auto transaction = Transaction::on(*store);
    ASSERT_TRUE(transaction);
    const RecordId sale = observe(seen(Side::crm, "brand new type", "2", "x"));
    must(store->settle(before, State::held, "a", "b", "c", false));
    const LinkId link = must(store->new_link({LinkId::none, "a new flow", "how", kMorning, {}}));
    must(store->join(link, sale));
    const Intent intent = write_of("inv-1", sale);
    must(store->add_intents({&intent, 1}));
    must(store->set_setting("cursor", "far ahead"));
    must(store->add_event(before, {kNoon, "held", "x"}));
    must(store->save_plan({"p", "d", kNoon, "{}", "proposed"}));
  }  // goes without commit
  EXPECT_FALSE(must(store->find(Side::crm, "brand new type", "2")));
  EXPECT_EQ(record(before).state, State::pending);
  EXPECT_EQ(must(store->dirty_count()), 1);
  EXPECT_EQ(must(store->link_count()), 0);
  EXPECT_EQ(must(store->setting("cursor")), "");
  EXPECT_TRUE(must(store->unfinished_intents(5)).empty());
  EXPECT_TRUE(must(store->events(before)).empty());
  EXPECT_FALSE(must(store->plan("p")));
  ASSERT_EQ(must(store->tally()).size(), tally.size());
  EXPECT_EQ(must(store->tally())[0].count, tally[0].count);
  // The type's number was rolled back with the rest; the next use of the word must not rely on it.
  const RecordId again = observe(seen(Side::crm, "another new type", "3", "y"));
  EXPECT_EQ(record(again).type, "another new type");
  const RecordId first = observe(seen(Side::crm, "brand new type", "2", "x"));
  EXPECT_EQ(record(first).type, "brand new type");
  must(store->join(new_link(), first));
}

TEST_P(StoreConformance, ManySmallStepsCommitOrRollBackEachOnItsOwn) {
  for (int step = 0; step < 50; ++step) {
    must(store->begin());
    const RecordId sale = deal(std::to_string(step));
    const RecordId bill = invoice(std::to_string(step));
    const LinkId link = new_link();
    must(store->join(link, sale));
    must(store->join(link, bill));
    settle(sale, step % 3 ? State::in_sync : State::held, true);
    settle(bill, State::in_sync, true);
    if (step % 5 == 0)
      store->rollback();
    else
      must(store->commit());
  }
  EXPECT_EQ(must(store->link_count()), 40);
  EXPECT_EQ(must(store->all(Side::crm, "deal", RecordId::none, 100)).size(), 40u);
  for (const StoredRecord& sale : must(store->all(Side::crm, "deal", RecordId::none, 100)))
    EXPECT_EQ(must(store->linked(sale.link, Side::books))->vendor_id, sale.vendor_id);
}

TEST_P(StoreConformance, TransactionsDoNotNest) {
  must(store->begin());
  EXPECT_EQ(code_of(store->begin()), "store.transaction.nested");
  must(store->commit());
  EXPECT_EQ(code_of(store->commit()), "store.transaction.none");
  store->rollback();  // nothing to undo is fine
}

TEST_P(StoreConformance, AWriteOutsideATransactionIsOneOfItsOwn) {
  if (!GetParam().lasts) GTEST_SKIP();
  const RecordId sale = deal("1");
  settle(sale, State::failed, false);
  reopen();
  EXPECT_EQ(record(sale).state, State::failed);
}

}  // namespace
}  // namespace tieout
