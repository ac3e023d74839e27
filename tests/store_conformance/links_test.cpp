#include "conformance.hpp"

namespace tieout {
namespace {

TEST_P(StoreConformance, ALinkJoinsOneRecordOfEachSide) {
  const RecordId sale = deal("1"), bill = invoice("1");
  const LinkId link = new_link();
  must(store->join(link, sale));
  must(store->join(link, bill));
  EXPECT_EQ(must(store->linked(link, Side::crm))->id, sale);
  EXPECT_EQ(must(store->linked(link, Side::books))->id, bill);
  EXPECT_EQ(record(sale).link, link);
  EXPECT_EQ(must(store->link_count()), 1);
}

TEST_P(StoreConformance, ARecordIsInOneLinkAtMost) {
  const RecordId sale = deal("1");
  const LinkId first = new_link(), second = new_link();
  must(store->join(first, sale));
  EXPECT_EQ(code_of(store->join(second, sale)), "store.link.taken");
  EXPECT_EQ(record(sale).link, first);
  EXPECT_FALSE(must(store->linked(second, Side::crm)));
  must(store->join(first, sale));  // saying it again is no harm
}

TEST_P(StoreConformance, ALinkHasOneRecordOfASideAtMost) {
  const RecordId sale = deal("1"), rival = deal("2");
  const LinkId link = new_link();
  must(store->join(link, sale));
  EXPECT_EQ(code_of(store->join(link, rival)), "store.link.taken");
  EXPECT_EQ(record(rival).link, LinkId::none);
  EXPECT_EQ(must(store->linked(link, Side::crm))->id, sale);
}

TEST_P(StoreConformance, LinksAreUniqueInsideOneTransactionToo) {
  must(store->begin());
  const RecordId sale = deal("1"), rival = deal("2");
  const LinkId link = new_link(), another = new_link();
  must(store->join(link, sale));
  EXPECT_EQ(code_of(store->join(link, rival)), "store.link.taken");
  EXPECT_EQ(code_of(store->join(another, sale)), "store.link.taken");
  must(store->join(another, rival));  // a refusal leaves the transaction usable
  must(store->commit());
  EXPECT_EQ(must(store->linked(link, Side::crm))->id, sale);
  EXPECT_EQ(must(store->linked(another, Side::crm))->id, rival);
}

TEST_P(StoreConformance, JoiningALinkThatIsNotThereIsAFault) {
  const RecordId sale = deal("1");
  EXPECT_EQ(code_of(store->join(LinkId{4711}, sale)), "store.link.unknown");
  EXPECT_EQ(record(sale).link, LinkId::none);
  EXPECT_EQ(code_of(store->set_wanted(LinkId{4711}, digest_for("x"))), "store.link.unknown");
  EXPECT_FALSE(must(store->link(LinkId{4711})));
}

TEST_P(StoreConformance, ARecordThatLeavesItsLinkMakesRoomForAnother) {
  const RecordId sale = deal("1"), survivor = deal("2"), bill = invoice("1");
  const LinkId link = new_link(), another = new_link();
  must(store->join(link, sale));
  must(store->join(link, bill));
  must(store->settle(sale, State::in_sync, "", "", "", true));
  must(store->begin());
  must(store->leave(sale));
  must(store->join(link, survivor));  // in the same transaction already
  must(store->commit());
  EXPECT_EQ(record(sale).link, LinkId::none);
  EXPECT_FALSE(record(sale).agreed);
  EXPECT_EQ(must(store->linked(link, Side::crm))->id, survivor);
  EXPECT_EQ(must(store->linked(link, Side::books))->id, bill);
  EXPECT_EQ(must(store->dirty(Side::crm, "deal", RecordId::none, 10)).size(), 2U);
  must(store->leave(sale));  // out already: no harm
  must(store->join(another, sale));
  EXPECT_EQ(must(store->linked(another, Side::crm))->id, sale);
}

TEST_P(StoreConformance, ALinkMadeAndLeftInOneTransactionIsFree) {
  must(store->begin());
  const RecordId sale = deal("1"), rival = deal("2");
  const LinkId link = new_link();
  must(store->join(link, sale));
  must(store->leave(sale));
  must(store->join(link, rival));
  must(store->commit());
  EXPECT_EQ(must(store->linked(link, Side::crm))->id, rival);
  EXPECT_EQ(record(sale).link, LinkId::none);
}

TEST_P(StoreConformance, AnAliasLeadsToTheRecordThatLivesOn) {
  EXPECT_EQ(must(store->surviving(Side::crm, "deal", "1")), "1");
  must(store->add_alias(Side::crm, "deal", "1", "3", kNoon));
  must(store->add_alias(Side::crm, "deal", "2", "3", kNoon));
  must(store->add_alias(Side::crm, "deal", "3", "4", kNoon));
  EXPECT_EQ(must(store->surviving(Side::crm, "deal", "1")), "4");
  EXPECT_EQ(must(store->surviving(Side::books, "deal", "1")), "1");
  EXPECT_EQ(must(store->surviving(Side::crm, "company", "1")), "1");
  EXPECT_EQ(must(store->aliases_of(Side::crm, "deal", "3")), (std::vector<std::string>{"1", "2"}));
  must(store->add_alias(Side::crm, "deal", "3", "3", kNoon));  // of itself: nothing
  must(store->add_alias(Side::crm, "deal", "4", "1", kNoon));  // a ring ends somewhere
  EXPECT_FALSE(must(store->surviving(Side::crm, "deal", "1")).empty());
}

TEST_P(StoreConformance, ALinkKeepsWhyItExistsAndWhatWasLastDerived) {
  const LinkId id = must(store->new_link({LinkId::none, "customers", "key tax_id", kNoon, {}}));
  const auto link = must(store->link(id));
  ASSERT_TRUE(link);
  EXPECT_EQ(link->id, id);
  EXPECT_EQ(link->type, "customers");
  EXPECT_EQ(link->how, "key tax_id");
  EXPECT_EQ(link->created_at, kNoon);
  EXPECT_EQ(link->wanted, ContentDigest{});
  must(store->set_wanted(id, digest_for("wanted")));
  EXPECT_EQ(must(store->link(id))->wanted, digest_for("wanted"));
  const LinkId other_one = must(store->new_link({LinkId::none, "customers", "x", kNoon, digest_for("now")}));
  EXPECT_EQ(must(store->link(other_one))->wanted, digest_for("now"));
}

TEST_P(StoreConformance, AnAliasCanBeTakenBack) {
  must(store->add_alias(Side::crm, "deal", "1", "3", kNoon));
  must(store->add_alias(Side::crm, "deal", "2", "3", kNoon));
  must(store->drop_alias(Side::crm, "deal", "1"));
  must(store->drop_alias(Side::crm, "deal", "7"));  // was none
  EXPECT_EQ(must(store->surviving(Side::crm, "deal", "1")), "1");
  EXPECT_EQ(must(store->surviving(Side::crm, "deal", "2")), "3");
}

TEST_P(StoreConformance, LineageIsKeptInOrder) {
  const RecordId sale = deal("1");
  must(store->add_lineage({sale, LinkId{1}, kNoon, "unlinked", "ana", "left invoice 1"}));
  must(store->add_lineage({sale, LinkId{2}, kNoon, "repointed", "ben", "now invoice 2"}));
  const auto turns = must(store->lineage(sale));
  ASSERT_EQ(turns.size(), 2u);
  EXPECT_EQ(turns[0].what, "unlinked");
  EXPECT_EQ(turns[0].by, "ana");
  EXPECT_EQ(turns[1].link, LinkId{2});
  EXPECT_EQ(turns[1].at, kNoon);
  EXPECT_TRUE(must(store->lineage(invoice("1"))).empty());
}

TEST_P(StoreConformance, ARefusedPairIsKnownToBothAndCanBeTakenBack) {
  const RecordId sale = deal("1"), bill = invoice("1"), rival = invoice("2");
  must(store->refuse_pair(sale, bill, true, kNoon));
  must(store->refuse_pair(sale, bill, true, kNoon));
  must(store->refuse_pair(sale, rival, true, kNoon));
  EXPECT_EQ(must(store->refused_with(sale)), (std::vector{bill, rival}));
  EXPECT_EQ(must(store->refused_with(bill)), std::vector{sale});
  must(store->refuse_pair(bill, sale, false, kNoon));
  EXPECT_EQ(must(store->refused_with(sale)), std::vector{rival});
  EXPECT_TRUE(must(store->refused_with(bill)).empty());
}

}  // namespace
}  // namespace tieout
