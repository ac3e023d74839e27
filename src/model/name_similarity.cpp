#include "model/name_similarity.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace tieout::model {
namespace {

constexpr std::int64_t kOne = 1'000'000;  // of the intermediate figures; the answer is in thousandths

std::u32string letters_of(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t letter = 0;
    for (std::size_t k = 0; k < length && i + k < text.size(); ++k) letter = letter << 8 | static_cast<unsigned char>(text[i + k]);
    out += letter;
    i += length;
  }
  return out;
}

/// Letters of each that have a partner in the other, no further apart than half the longer text; in their order.
struct Matches {
  std::u32string a, b;
};

Matches matching(const std::u32string& a, const std::u32string& b) {
  const std::size_t window = std::max(b.size() / 2, std::size_t{1}) - 1;
  std::vector<bool> taken(b.size(), false);
  Matches found;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::size_t first = i > window ? i - window : 0, last = std::min(i + window + 1, b.size());
    for (std::size_t j = first; j < last; ++j) {
      if (taken[j] || a[i] != b[j]) continue;
      taken[j] = true;
      found.a += a[i];
      break;
    }
  }
  for (std::size_t j = 0; j < b.size(); ++j)
    if (taken[j]) found.b += b[j];
  return found;
}

/// Jaro's measure, raised by Winkler for up to four equal letters at the beginning; in thousandths. The shorter text goes
/// first, so that both ways of asking give the same.
int jaro_winkler(std::u32string a, std::u32string b) {
  if (a == b) return 1000;
  if (a.size() > b.size() || (a.size() == b.size() && b < a)) a.swap(b);
  if (a.empty()) return 0;
  const Matches found = matching(a, b);
  const auto matches = static_cast<std::int64_t>(found.a.size());
  if (matches == 0) return 0;
  std::int64_t out_of_order = 0;
  for (std::size_t i = 0; i < found.a.size(); ++i) out_of_order += found.a[i] != found.b[i];
  const auto part = [&](std::size_t of) { return matches * kOne / static_cast<std::int64_t>(of); };
  const std::int64_t jaro = (part(a.size()) + part(b.size()) + (2 * matches - out_of_order) * kOne / (2 * matches)) / 3;
  std::int64_t prefix = 0;
  while (prefix < 4 && prefix < static_cast<std::int64_t>(a.size()) && a[static_cast<std::size_t>(prefix)] == b[static_cast<std::size_t>(prefix)]) ++prefix;
  // Never quite 1000 for texts that differ.
  return static_cast<int>(std::min<std::int64_t>((jaro + prefix * (kOne - jaro) / 10 + 500) / 1000, 999));
}

std::string in_order(std::string_view key) {
  std::vector<std::string_view> words;
  while (!key.empty()) {
    const std::size_t end = std::min(key.find(' '), key.size());
    words.push_back(key.substr(0, end));
    key.remove_prefix(std::min(end + 1, key.size()));
  }
  std::sort(words.begin(), words.end());
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

}  // namespace

int similarity_of_keys(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return 0;
  if (a == b) return 1000;
  const int as_they_are = jaro_winkler(letters_of(a), letters_of(b));
  const bool one_word = a.find(' ') == std::string_view::npos && b.find(' ') == std::string_view::npos;
  return one_word ? as_they_are : std::max(as_they_are, jaro_winkler(letters_of(in_order(a)), letters_of(in_order(b))));
}

int similarity(std::string_view a, std::string_view b) { return similarity_of_keys(match_key(a), match_key(b)); }

}  // namespace tieout::model
