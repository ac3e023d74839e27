// Names that are nearly the same. Comparing a million names with a million others is out of the question, and comparing
// within blocks grows with the largest block; so the keys are sorted three ways (as they are, with their words in
// order, and backwards, for a slip near the beginning) and each is compared with its next neighbours only. Work grows
// as the sort does; the result depends on names and ids alone, not on the order in which they came.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tieout::prove {

struct NameEntry {
  std::string key;         ///< model::match_key of the name
  std::string_view id;     ///< orders equal keys
  std::int32_t group = 0;  ///< side
  std::int32_t index = 0;  ///< the caller's
};

struct NamePair {
  std::int32_t first = 0, second = 0;  ///< positions in the entries; first has the smaller (group, id)
  int similarity = 0;                  ///< at_least .. 999: equal keys are no business of this
};

/// Pairs of different keys that are alike by at least `at_least` (0..1000), each once, ordered by their entries' ids.
std::vector<NamePair> similar_names(const std::vector<NameEntry>& entries, int at_least);

}  // namespace tieout::prove
