#include "prove/preflight_doubles.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "model/name_similarity.hpp"

namespace tieout::prove {
namespace {

constexpr std::size_t kNeighbours = 8;
constexpr std::size_t kShortestName = 4;  // below that, one letter is too much of the name

std::string words_in_order(const std::string& key) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < key.size();) {
    const std::size_t end = std::min(key.find(' ', at), key.size());
    words.push_back(key.substr(at, end - at));
    at = end + 1;
  }
  std::sort(words.begin(), words.end());
  std::string out;
  for (const std::string& word : words) out += word + ' ';
  return out;
}

/// Could texts of these lengths be alike enough at all? A third longer is too long for nine tenths.
bool lengths_allow(const std::string& a, const std::string& b) {
  const auto [shorter, longer] = std::minmax(a.size(), b.size());
  return shorter >= kShortestName && shorter * 5 >= longer * 3;
}

}  // namespace

std::vector<NamePair> similar_names(const std::vector<NameEntry>& entries, int at_least) {
  std::vector<std::int32_t> order(entries.size());
  std::iota(order.begin(), order.end(), 0);
  std::vector<std::string> sorted_by(entries.size());
  std::vector<NamePair> pairs;
  const auto place = [&](std::int32_t at) {
    const NameEntry& entry = entries[static_cast<std::size_t>(at)];
    return std::tie(entry.group, entry.id);
  };
  const auto compare = [&](std::int32_t a, std::int32_t b) {
    const std::string& left = entries[static_cast<std::size_t>(a)].key;
    const std::string& right = entries[static_cast<std::size_t>(b)].key;
    if (left == right || !lengths_allow(left, right)) return;
    const int similarity = model::similarity_of_keys(left, right);
    if (similarity < at_least) return;
    if (place(b) < place(a)) std::swap(a, b);
    pairs.push_back({a, b, similarity});
  };
  for (int pass = 0; pass < 3; ++pass) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::string& key = entries[i].key;
      sorted_by[i] = pass == 0 ? key : pass == 1 ? words_in_order(key) : std::string(key.rbegin(), key.rend());
    }
    std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
      const int by_key = sorted_by[static_cast<std::size_t>(a)].compare(sorted_by[static_cast<std::size_t>(b)]);
      return by_key != 0 ? by_key < 0 : place(a) < place(b);
    });
    for (std::size_t i = 0; i < order.size(); ++i)
      for (std::size_t next = i + 1; next < order.size() && next <= i + kNeighbours; ++next) compare(order[i], order[next]);
  }
  std::sort(pairs.begin(), pairs.end(), [&](const NamePair& a, const NamePair& b) {
    return std::make_tuple(place(a.first), place(a.second)) < std::make_tuple(place(b.first), place(b.second));
  });
  pairs.erase(std::unique(pairs.begin(), pairs.end(), [](const NamePair& a, const NamePair& b) { return a.first == b.first && a.second == b.second; }), pairs.end());
  return pairs;
}

}  // namespace tieout::prove
