#include "prove/preflight_doubles.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace tieout::prove {
namespace {

std::vector<std::pair<std::string, std::string>> named(const std::vector<NameEntry>& entries,
                                                       const std::vector<NamePair>& pairs) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const NamePair& pair : pairs)
    out.emplace_back(entries[static_cast<std::size_t>(pair.first)].key,
                     entries[static_cast<std::size_t>(pair.second)].key);
  return out;
}

std::vector<NameEntry> made_up_names(std::size_t count, std::vector<std::string>& ids) {
  static const char* kFirst[] = {"north", "blue",  "golden", "royal", "river", "stone",
                                 "alpha", "maple", "silver", "urban", "crown", "ocean"};
  static const char* kSecond[] = {"trading", "foods", "logistics", "textiles", "software",
                                  "motors",  "farms", "press",     "design",   "energy"};
  std::mt19937 random(11);
  std::vector<NameEntry> entries;
  ids.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    ids[i] = std::to_string(i);
    std::string key =
        std::string(kFirst[random() % 12]) + " " + kSecond[random() % 10] + " " + std::to_string(random() % count);
    entries.push_back({std::move(key), ids[i], 0, static_cast<std::int32_t>(i)});
  }
  return entries;
}

TEST(SimilarNames, FindsSlipsAtTheBeginningInTheMiddleAndSwappedWords) {
  const std::vector<NameEntry> entries = {{"alfreds futterkiste", "1", 0, 0},
                                          {"allreds futterkiste", "2", 0, 1},
                                          {"wolski zajazd", "3", 0, 2},
                                          {"zajazd wolsky", "4", 0, 3},
                                          {"elfreds futterkiste", "5", 0, 4}};
  const auto found = named(entries, similar_names(entries, 900));
  const std::set<std::pair<std::string, std::string>> pairs(found.begin(), found.end());
  EXPECT_TRUE(pairs.contains({"alfreds futterkiste", "allreds futterkiste"}));
  EXPECT_TRUE(pairs.contains({"alfreds futterkiste", "elfreds futterkiste"}));
  EXPECT_TRUE(pairs.contains({"wolski zajazd", "zajazd wolsky"}));
  EXPECT_FALSE(pairs.contains({"alfreds futterkiste", "wolski zajazd"}));
}

TEST(SimilarNames, Edge151TheSameResultInAnyOrder) {
  std::vector<std::string> ids;
  std::vector<NameEntry> entries = made_up_names(3'000, ids);
  const auto first = named(entries, similar_names(entries, 950));
  EXPECT_FALSE(first.empty());
  std::mt19937 random(5);
  for (int round = 0; round < 3; ++round) {
    std::shuffle(entries.begin(), entries.end(), random);
    ASSERT_EQ(named(entries, similar_names(entries, 950)), first);
  }
}

}  // namespace
}  // namespace tieout::prove
