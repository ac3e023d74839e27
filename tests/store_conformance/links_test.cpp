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

}  // namespace
}  // namespace tieout
