// Three-way merge: owners, bases per side, and what must never happen (a blank that erases, an echo that loops).
#include "decide/merge.hpp"

#include <gtest/gtest.h>

namespace tieout::decide {
namespace {

using model::Owner;
using model::Record;
using model::Value;

Record company(std::string_view name, std::string_view phone = "030-1") {
  Record record(model::type_named("company"));
  record.set("name", Value::text(name)).set("phone", Value::text(phone));
  return record;
}

std::vector<FieldRule> rules(Owner owner) {
  const auto& type = model::type_named("company");
  return {{type.index_of("name"), owner, true, true}, {type.index_of("phone"), owner, true, true}};
}

MergeInput input(const Record& crm, const Record& books, const Record* crm_base, const Record* books_base) {
  MergeInput out;
  out.crm = &crm;
  out.books = &books;
  out.crm_base = crm_base;
  out.books_base = books_base;
  return out;
}

TEST(Merge, WritesAnEditOfTheOwnerToTheOtherSide) {
  const Record base = company("Alfreds"), crm = company("Alfreds Futterkiste");
  const MergeResult result = merge(input(crm, base, &base, &base), rules(Owner::crm));
  ASSERT_TRUE(result.wanted_books);
  EXPECT_EQ(result.wanted_books->text("name"), "Alfreds Futterkiste");
  EXPECT_FALSE(result.wanted_crm);
  ASSERT_EQ(result.books_steps.size(), 1u);
  EXPECT_EQ(result.books_steps[0].owner, "owner: crm");
}

TEST(Merge, PutsBackAnEditOfTheSideThatDoesNotOwnTheField) {
  const Record base = company("Alfreds"), books = company("Changed in the books");
  const MergeResult result = merge(input(base, books, &base, &base), rules(Owner::crm));
  ASSERT_TRUE(result.wanted_books);
  EXPECT_EQ(result.wanted_books->text("name"), "Alfreds");
  EXPECT_NE(result.books_steps[0].owner.find("put back"), std::string::npos);
}

TEST(Merge, DifferentSpellingsThatBothAgreedOnAreNoEdit) {
  const Record crm = company("A:B"), books = company("A-B");
  const MergeResult result = merge(input(crm, books, &crm, &books), rules(Owner::crm));
  EXPECT_FALSE(result.wanted_crm);
  EXPECT_FALSE(result.wanted_books);
}

TEST(Merge, LetsBothSidesEditDifferentFields) {
  const Record base = company("Alfreds", "1"), crm = company("Alfreds GmbH", "1"), books = company("Alfreds", "2");
  const MergeResult result = merge(input(crm, books, &base, &base), rules(Owner::latest));
  ASSERT_TRUE(result.wanted_books && result.wanted_crm);
  EXPECT_EQ(result.wanted_books->text("name"), "Alfreds GmbH");
  EXPECT_EQ(result.wanted_books->text("phone"), "2");
  EXPECT_EQ(result.wanted_crm->text("name"), "Alfreds GmbH");
  EXPECT_EQ(result.wanted_crm->text("phone"), "2");
}

TEST(Merge, TheLatestEditWinsWhereTheFlowSaysSo) {
  const Record base = company("old"), crm = company("crm"), books = company("books");
  MergeInput in = input(crm, books, &base, &base);
  in.crm_modified_at = instant_from_ms(1000);
  in.books_modified_at = instant_from_ms(2000);
  const MergeResult result = merge(in, rules(Owner::latest));
  ASSERT_TRUE(result.wanted_crm);
  EXPECT_EQ(result.wanted_crm->text("name"), "books");
  EXPECT_FALSE(result.wanted_books);
}

TEST(Merge, AsksWhenBothChangedAndWritesNothingAtAll) {
  const Record base = company("old", "1"), crm = company("crm", "2"), books = company("books", "1");
  const MergeResult result = merge(input(crm, books, &base, &base), rules(Owner::ask));
  ASSERT_EQ(result.conflicts.size(), 1u);
  EXPECT_EQ(result.conflicts[0].crm, "crm");
  EXPECT_FALSE(result.wanted_books) << "the phone must wait too: half a merge is a guess";
}

TEST(Merge, AtTheFirstAgreementABlankNeverErasesWhatTheOtherSideKnows) {
  const Record crm = company("Alfreds", ""), books = company("Alfreds", "030-0074321");
  const MergeResult result = merge(input(crm, books, nullptr, nullptr), rules(Owner::crm));
  ASSERT_TRUE(result.wanted_crm);
  EXPECT_EQ(result.wanted_crm->text("phone"), "030-0074321");
  EXPECT_FALSE(result.wanted_books);
}

TEST(Merge, Edge142AnAbsentFieldSaysNothing) {
  const Record base = company("Alfreds", "030-1");
  Record crm(model::type_named("company"));
  crm.set("name", Value::text("Alfreds"));  // the phone was not sent
  const MergeResult result = merge(input(crm, base, &base, &base), rules(Owner::crm));
  EXPECT_FALSE(result.wanted_books);
}

TEST(Merge, Edge142AnEmptiedFieldIsAnEdit) {
  const Record base = company("Alfreds", "030-1");
  Record crm = base;
  crm.set("phone", Value::null());
  const MergeResult result = merge(input(crm, base, &base, &base), rules(Owner::crm));
  ASSERT_TRUE(result.wanted_books);
  EXPECT_TRUE(result.wanted_books->get("phone").is_null());
}

TEST(Merge, RespectsTheDirectionOfAField) {
  const Record base = company("Alfreds"), crm = company("New");
  std::vector<FieldRule> one_way = rules(Owner::crm);
  for (FieldRule& rule : one_way) rule.to_books = false;
  const MergeResult result = merge(input(crm, base, &base, &base), one_way);
  EXPECT_FALSE(result.wanted_books);
}

}  // namespace
}  // namespace tieout::decide
