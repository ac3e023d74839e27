#include "model/name_similarity.hpp"

#include <algorithm>
#include <array>
#include <bit>
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
    for (std::size_t k = 0; k < length && i + k < text.size(); ++k)
      letter = letter << 8 | static_cast<unsigned char>(text[i + k]);
    out += letter;
    i += length;
  }
  return out;
}

/// Marks for the letters of one text; names of up to 128 letters need no memory of their own.
class Marks {
 public:
  explicit Marks(std::size_t size) {
    if (size > kInside) outside_.resize(size);
  }
  bool operator[](std::size_t at) const {
    return outside_.empty() ? (inside_[at / 64] >> (at % 64) & 1) != 0 : outside_[at];
  }
  void set(std::size_t at) {
    if (outside_.empty())
      inside_[at / 64] |= std::uint64_t{1} << (at % 64);
    else
      outside_[at] = true;
  }

 private:
  static constexpr std::size_t kInside = 128;
  std::array<std::uint64_t, kInside / 64> inside_{};
  std::vector<bool> outside_;
};

/// Jaro's measure of so many matching letters, raised by Winkler for up to four equal ones at the beginning; in
/// thousandths.
template <class Text>
int winkler(std::int64_t matches, std::int64_t out_of_order, const Text& a, const Text& b) {
  if (matches == 0) return 0;
  const auto part = [&](std::size_t of) { return matches * kOne / static_cast<std::int64_t>(of); };
  const std::int64_t jaro = (part(a.size()) + part(b.size()) + (2 * matches - out_of_order) * kOne / (2 * matches)) / 3;
  std::int64_t prefix = 0;
  for (std::size_t i = 0; i < 4 && i < a.size() && i < b.size() && a[i] == b[i]; ++i) ++prefix;
  return static_cast<int>((jaro + prefix * (kOne - jaro) / 10 + 500) / 1000);
}

/// Letters match when they are no further apart than half the longer text. The shorter text goes first, so that both
/// ways of asking give the same.
template <class Text>
int jaro_winkler(const Text& one, const Text& other) {
  const bool in_order = one.size() != other.size() ? one.size() < other.size() : one < other;
  const Text &a = in_order ? one : other, &b = in_order ? other : one;
  if (a.empty()) return 0;
  const std::size_t window = std::max(b.size() / 2, std::size_t{1}) - 1;
  Marks of_a(a.size()), of_b(b.size());
  std::int64_t matches = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::size_t first = i > window ? i - window : 0, last = std::min(i + window + 1, b.size());
    for (std::size_t j = first; j < last; ++j) {
      if (a[i] != b[j] || of_b[j]) continue;
      of_a.set(i);
      of_b.set(j);
      ++matches;
      break;
    }
  }
  std::int64_t out_of_order = 0;
  for (std::size_t i = 0, j = 0; i < a.size(); ++i) {
    if (!of_a[i]) continue;
    while (!of_b[j]) ++j;
    out_of_order += a[i] != b[j++];
  }
  return winkler(matches, out_of_order, a, b);
}

/// Letters that need not be changed, of the longer text, in thousandths (Levenshtein). Kinder than Jaro to a slip in
/// the first letter.
template <class Text>
int edit_ratio(const Text& a, const Text& b) {
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer == 0) return 0;
  std::array<std::uint32_t, 129> inside;
  std::vector<std::uint32_t> outside(b.size() < inside.size() ? 0 : b.size() + 1);
  std::uint32_t* row = outside.empty() ? inside.data() : outside.data();
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<std::uint32_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::uint32_t diagonal = row[0];
    row[0] = static_cast<std::uint32_t>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::uint32_t changed = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return static_cast<int>((longer - row[b.size()]) * 1000 / longer);
}

std::string in_order(std::string_view key) {
  std::vector<std::string_view> words;
  for (std::string_view rest = key; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    words.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (std::is_sorted(words.begin(), words.end())) return std::string(key);
  std::sort(words.begin(), words.end());
  std::string out;
  out.reserve(key.size());
  for (const std::string_view word : words) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

/// The same two measures for ASCII texts of up to 64 letters, which nearly all names are: a letter's places in the text
/// are the bits of a word, so that a whole row of comparisons is one operation (Myers' method for the edits).
class Places {
 public:
  explicit Places(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) bits_[static_cast<unsigned char>(text[i])] |= std::uint64_t{1} << i;
  }
  std::uint64_t of(char letter) const { return bits_[static_cast<unsigned char>(letter)]; }

 private:
  std::array<std::uint64_t, 128> bits_{};
};

constexpr std::size_t kShort = 64;

std::uint64_t first_bits(std::size_t count) {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

int jaro_winkler_short(std::string_view one, std::string_view other) {
  const bool in_order = one.size() != other.size() ? one.size() < other.size() : one < other;
  const std::string_view a = in_order ? one : other, b = in_order ? other : one;
  const Places places(b);
  const std::size_t window = std::max(b.size() / 2, std::size_t{1}) - 1;
  std::uint64_t of_a = 0, of_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::uint64_t near = first_bits(i + window + 1) & ~first_bits(i > window ? i - window : 0);
    const std::uint64_t free = places.of(a[i]) & near & ~of_b;
    of_b |= free & (~free + 1);
    of_a |= static_cast<std::uint64_t>(free != 0) << i;
  }
  const std::int64_t matches = std::popcount(of_a);
  std::int64_t out_of_order = 0;
  for (; of_a != 0; of_a &= of_a - 1, of_b &= of_b - 1)
    out_of_order +=
        a[static_cast<std::size_t>(std::countr_zero(of_a))] != b[static_cast<std::size_t>(std::countr_zero(of_b))];
  return winkler(matches, out_of_order, a, b);
}

int edit_ratio_short(std::string_view a, std::string_view b) {
  const Places places(a);
  const std::uint64_t last = std::uint64_t{1} << (a.size() - 1);
  std::uint64_t more = ~std::uint64_t{0}, less = 0;
  std::size_t edits = a.size();
  for (const char letter : b) {
    std::uint64_t x = places.of(letter) | less;
    const std::uint64_t diagonal = ((more + (x & more)) ^ more) | x;
    const std::uint64_t right_less = more & diagonal, right_more = less | ~(more | diagonal);
    if ((right_more & last) != 0) ++edits;
    if ((right_less & last) != 0) --edits;
    x = right_more << 1 | 1;
    less = x & diagonal;
    more = right_less << 1 | ~(x | diagonal);
  }
  const std::size_t longer = std::max(a.size(), b.size());
  return static_cast<int>((longer - edits) * 1000 / longer);
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

int alike(std::string_view a, std::string_view b) {
  if (a == b) return 1000;
  if (is_ascii(a) && is_ascii(b)) {
    if (std::max(a.size(), b.size()) <= kShort) return std::max(jaro_winkler_short(a, b), edit_ratio_short(a, b));
    return std::max(jaro_winkler(a, b), edit_ratio(a, b));
  }
  const std::u32string left = letters_of(a), right = letters_of(b);
  return std::max(jaro_winkler(left, right), edit_ratio(left, right));
}

}  // namespace

int similarity_of_keys(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return 0;
  if (a == b) return 1000;
  int found = alike(a, b);
  if (a.find(' ') != std::string_view::npos || b.find(' ') != std::string_view::npos) {
    const std::string left = in_order(a), right = in_order(b);
    if (left == right) return 1000;
    if (left != a || right != b) found = std::max(found, alike(left, right));
  }
  return std::min(found, 999);  // the full measure is for the same words only
}

int similarity(std::string_view a, std::string_view b) { return similarity_of_keys(match_key(a), match_key(b)); }

}  // namespace tieout::model
