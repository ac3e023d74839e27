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

/// A second opinion in the words of the field matrix: what one field should be on both sides, or a conflict. The texts
/// are what each side shows; nothing else is known.
struct Opinion {
  bool conflict = false;
  std::optional<std::string> crm, books;  ///< what is to be written there
};

struct Situation {
  Owner owner;
  std::optional<std::string> crm, books;  ///< now; nothing: the side did not say
  bool has_base, crm_later;
  std::string crm_base, books_base;
};

Opinion by_hand(const Situation& it) {
  const std::string crm = it.crm.value_or(""), books = it.books.value_or("");
  if (crm == books) return {};
  bool crm_wins = false;
  if (!it.has_base) {
    if (crm.empty() || books.empty())
      crm_wins = !crm.empty();
    else if (it.owner == Owner::ask)
      return {true, {}, {}};
    else
      crm_wins = it.owner == Owner::crm || (it.owner == Owner::latest && it.crm_later);
  } else {
    const bool crm_edit = it.crm && crm != it.crm_base, books_edit = it.books && books != it.books_base;
    if (!crm_edit && !books_edit) return {};
    if (it.owner == Owner::crm || it.owner == Owner::books)
      crm_wins = it.owner == Owner::crm;
    else if (crm_edit && books_edit && it.owner == Owner::ask)
      return {true, {}, {}};
    else
      crm_wins = crm_edit && books_edit ? it.crm_later : crm_edit;
  }
  Opinion out;
  if (crm_wins && it.crm) out.books = crm;
  if (!crm_wins && it.books) out.crm = books;
  return out;
}

Record with_phone(const std::optional<std::string>& phone) {
  Record record(model::type_named("company"));
  if (phone) record.set("phone", Value::text(*phone));
  return record;
}

std::optional<std::string> phone_in(const std::optional<Record>& record) {
  if (!record) return std::nullopt;
  return std::string(record->text("phone"));
}

void expect_as_by_hand(const Situation& it, bool to_crm, bool to_books) {
  const Record crm = with_phone(it.crm), books = with_phone(it.books);
  const Record crm_base = with_phone(it.crm_base), books_base = with_phone(it.books_base);
  MergeInput in = input(crm, books, it.has_base ? &crm_base : nullptr, it.has_base ? &books_base : nullptr);
  in.crm_modified_at = instant_from_ms(it.crm_later ? 2000 : 1000);
  in.books_modified_at = instant_from_ms(it.crm_later ? 1000 : 2000);
  const MergeResult result = merge(in, {{model::type_named("company").index_of("phone"), it.owner, to_crm, to_books}});
  Opinion opinion = by_hand(it);
  if (!to_crm) opinion.crm.reset();
  if (!to_books) opinion.books.reset();
  const std::string about = "owner " + std::to_string(static_cast<int>(it.owner)) + " crm '" + it.crm.value_or("-") +
                            "' books '" + it.books.value_or("-") + "' base " +
                            (it.has_base ? "'" + it.crm_base + "' '" + it.books_base + "'" : "none") +
                            (it.crm_later ? " crm later" : " books later");
  EXPECT_EQ(!result.conflicts.empty(), opinion.conflict) << about;
  EXPECT_EQ(phone_in(result.wanted_crm), opinion.crm) << about;
  EXPECT_EQ(phone_in(result.wanted_books), opinion.books) << about;
  EXPECT_EQ(result.crm_steps.size(), opinion.crm ? 1U : 0U) << about;
  EXPECT_EQ(result.books_steps.size(), opinion.books ? 1U : 0U) << about;
}

TEST(Merge, EverySituationOfAFieldIsRuledAsByHand) {
  const std::optional<std::string> says[] = {std::nullopt, "", "a", "b"};
  int situations = 0;
  for (const Owner owner : {Owner::crm, Owner::books, Owner::latest, Owner::ask})
    for (const auto& crm : says)
      for (const auto& books : says)
        for (const bool has_base : {false, true})
          for (const std::string crm_base : {"", "a"})
            for (const std::string books_base : {"", "a"})
              for (const bool crm_later : {false, true})
                for (const bool to_crm : {false, true})
                  for (const bool to_books : {false, true}) {
                    expect_as_by_hand({owner, crm, books, has_base, crm_later, crm_base, books_base}, to_crm, to_books);
                    ++situations;
                  }
  EXPECT_EQ(situations, 4096);
}

TEST(Merge, SeveralFieldsOfOneSideAreWrittenTogether) {
  const Record base = company("old", "1"), crm = company("new", "2");
  const MergeResult to_books = merge(input(crm, base, &base, &base), rules(Owner::latest));
  ASSERT_TRUE(to_books.wanted_books);
  EXPECT_EQ(to_books.wanted_books->text("name"), "new");
  EXPECT_EQ(to_books.wanted_books->text("phone"), "2");
  const MergeResult to_crm = merge(input(base, crm, &base, &base), rules(Owner::latest));
  ASSERT_TRUE(to_crm.wanted_crm);
  EXPECT_EQ(to_crm.wanted_crm->text("name"), "new");
  EXPECT_EQ(to_crm.wanted_crm->text("phone"), "2");
}

TEST(Merge, AFieldThatIsNoTextIsMergedByItsValue) {
  const auto active = [](const Value& value) {
    Record record(model::type_named("company"));
    record.set("active", value);
    return record;
  };
  const Record yes = active(Value::boolean(true)), no = active(Value::boolean(false)), silent = active(Value::absent());
  const std::vector<FieldRule> rule{{model::type_named("company").index_of("active"), Owner::crm, true, true}};
  EXPECT_FALSE(merge(input(yes, yes, &yes, &yes), rule).wanted_books);
  EXPECT_TRUE(merge(input(no, yes, &yes, &yes), rule).wanted_books);
  EXPECT_TRUE(merge(input(yes, silent, nullptr, nullptr), rule).wanted_books);
}

TEST(Merge, OneBaseAloneIsNoAgreement) {
  const Record crm = company("crm"), books = company("books");
  for (const bool crm_has : {false, true}) {
    const MergeResult result =
        merge(input(crm, books, crm_has ? &crm : nullptr, crm_has ? nullptr : &books), rules(Owner::books));
    ASSERT_TRUE(result.wanted_crm);
    EXPECT_EQ(result.wanted_crm->text("name"), "books");
  }
}

}  // namespace
}  // namespace tieout::decide
