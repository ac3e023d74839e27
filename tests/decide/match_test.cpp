// Matching: keys link, several candidates ask, similar names only suggest.
#include "decide/match.hpp"

#include <gtest/gtest.h>

namespace tieout::decide {
namespace {

using model::Record;
using model::Value;
using ports::RecordId;

Record company(std::string_view name, std::string_view tax_id = "") {
  Record record(model::type_named("company"));
  record.set("name", Value::text(name));
  if (!tax_id.empty()) record.set("tax_id", Value::text(tax_id));
  return record;
}

MatchIndex index() {
  const auto& type = model::type_named("company");
  return MatchIndex({{type.index_of("tax_id"), true}, {type.index_of("name"), false}}, type.index_of("name"), 800);
}

TEST(Match, LinksTheOneRecordWithTheSameTaxId) {
  MatchIndex candidates = index();
  candidates.add(RecordId{1}, "11", company("Something else", "DE 123 456 788"));
  const Match match = candidates.match(company("Alfreds", "de123456788"));
  ASSERT_TRUE(std::holds_alternative<Exact>(match));
  EXPECT_EQ(std::get<Exact>(match).candidate.vendor_id, "11");
  EXPECT_EQ(std::get<Exact>(match).key, "tax_id");
}

TEST(Match, Edge101TheSameTaxIdTwiceAsksAPerson) {
  MatchIndex candidates = index();
  candidates.add(RecordId{1}, "11", company("Branch north", "DE123456788"));
  candidates.add(RecordId{2}, "12", company("Branch south", "DE123456788"));
  const Match match = candidates.match(company("Alfreds", "DE123456788"));
  ASSERT_TRUE(std::holds_alternative<Ambiguous>(match));
  EXPECT_EQ(std::get<Ambiguous>(match).candidates.size(), 2u);
}

TEST(Match, Edge100ASimilarNameOnlySuggests) {
  MatchIndex candidates = index();
  candidates.add(RecordId{1}, "11", company("Alfreds Futterkiste GmbH"));
  candidates.add(RecordId{2}, "12", company("Wolski Zajazd"));
  const Match match = candidates.match(company("Alfreds Futterkiste"));
  ASSERT_TRUE(std::holds_alternative<Suggested>(match));
  ASSERT_EQ(std::get<Suggested>(match).candidates.size(), 1u);
  EXPECT_EQ(std::get<Suggested>(match).candidates[0].vendor_id, "11");
}

TEST(Match, ARecordThatFoundItsPartnerIsNoCandidateAnyMore) {
  MatchIndex candidates = index();
  candidates.add(RecordId{1}, "11", company("Alfreds", "DE123456788"));
  candidates.remove(RecordId{1});
  EXPECT_TRUE(candidates.empty());
  EXPECT_TRUE(std::holds_alternative<NoMatch>(candidates.match(company("Alfreds", "DE123456788"))));
}

TEST(Match, GivesTheSameResultInAnyOrder) {
  std::vector<std::string> names{"Alfreds Futterkiste GmbH", "Alfreds Futterkisten", "Alfred's Futterkiste"};
  std::vector<std::string> first;
  std::sort(names.begin(), names.end());
  do {
    MatchIndex candidates = index();
    for (const std::string& name : names)
      candidates.add(RecordId{static_cast<std::int64_t>(name.size())}, name, company(name));
    const Match match = candidates.match(company("Alfreds Futterkiste"));
    ASSERT_TRUE(std::holds_alternative<Suggested>(match));
    std::vector<std::string> order;
    for (const Candidate& candidate : std::get<Suggested>(match).candidates) order.push_back(candidate.title);
    if (first.empty()) first = order;
    EXPECT_EQ(order, first);
  } while (std::next_permutation(names.begin(), names.end()));
}

}  // namespace
}  // namespace tieout::decide
