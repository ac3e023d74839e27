#include "prove/preflight_doubles.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

#include "model/name_similarity.hpp"

namespace tieout::prove {
namespace {

constexpr std::size_t kNeighbours = 8;
constexpr std::size_t kShortestName = 4;  // letters; below that, one letter is too much of the name

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

/// How often each letter stands in a key, in 32 heaps. Whatever the order of letters, two keys cannot be more alike
/// than what their heaps have in common allows; that is quickly counted and spares nearly every real comparison.
struct Heaps {
  std::array<std::uint8_t, 32> counts{};
  explicit Heaps(std::string_view key) {
    for (const char c : key) {
      std::uint8_t& count = counts[static_cast<unsigned char>(c) % 32];
      if (count < 255) ++count;
    }
  }
};

/// The largest similarity that keys of these heaps and sizes could have: Jaro with every common letter in place, and
/// four letters of prefix.
int most(const Heaps& a, const Heaps& b, std::size_t size_a, std::size_t size_b) {
  std::size_t common = 0;
  for (std::size_t i = 0; i < a.counts.size(); ++i) common += std::min(a.counts[i], b.counts[i]);
  const auto jaro = static_cast<int>((1000 * common / size_a + 1000 * common / size_b + 1002) / 3);
  return jaro + 4 * (1000 - jaro) / 10 + 2;
}

}  // namespace

std::vector<NamePair> similar_names(const std::vector<NameEntry>& entries, int at_least) {
  std::vector<std::int32_t> order(entries.size());
  std::iota(order.begin(), order.end(), 0);
  std::vector<std::string> sorted_by(entries.size());
  std::vector<Heaps> heaps;
  heaps.reserve(entries.size());
  for (const NameEntry& entry : entries) heaps.emplace_back(entry.key);
  std::vector<NamePair> pairs;
  const auto place = [&](std::int32_t at) {
    const NameEntry& entry = entries[static_cast<std::size_t>(at)];
    return std::tie(entry.group, entry.id);
  };
  const auto compare = [&](std::int32_t a, std::int32_t b) {
    const std::string& left = entries[static_cast<std::size_t>(a)].key;
    const std::string& right = entries[static_cast<std::size_t>(b)].key;
    if (left == right || std::min(left.size(), right.size()) < kShortestName) return;
    const bool possible = most(heaps[static_cast<std::size_t>(a)], heaps[static_cast<std::size_t>(b)], left.size(),
                               right.size()) >= at_least;
    if (!possible) return;
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
      for (std::size_t next = i + 1; next < order.size() && next <= i + kNeighbours; ++next)
        compare(order[i], order[next]);
  }
  std::sort(pairs.begin(), pairs.end(), [&](const NamePair& a, const NamePair& b) {
    return std::make_tuple(place(a.first), place(a.second)) < std::make_tuple(place(b.first), place(b.second));
  });
  pairs.erase(
      std::unique(pairs.begin(), pairs.end(),
                  [](const NamePair& a, const NamePair& b) { return a.first == b.first && a.second == b.second; }),
      pairs.end());
  return pairs;
}

}  // namespace tieout::prove
