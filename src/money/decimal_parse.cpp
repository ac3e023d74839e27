// Reading decimals and rounding words from text. A vendor's "0.30000000000000004" comes in with all its digits, so that
// whoever rounds it has to say how; nothing is cut here without a fault.
#include <fmt/core.h>

#include <array>

#include "base/check.hpp"
#include "money/decimal.hpp"

namespace tieout {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

tl::unexpected<Fault> malformed(std::string_view text) {
  return fail("decimal.malformed",
              fmt::format("\"{}\" is no decimal number; write digits with a point, such as 1234.50, without blanks "
                          "or thousands marks",
                          text.substr(0, 60)));
}

tl::unexpected<Fault> too_long(std::string_view text) {
  return fail("decimal.overflow",
              fmt::format("\"{}\" has more than 36 digits or more than 18 places; round it where it comes from",
                          text.substr(0, 60)));
}

/// The number before its exponent is applied: digits without leading zeros, and how many stood after the point.
struct Digits {
  unsigned __int128 value = 0;
  int count = 0;   ///< significant digits read; more than 36 means the value is cut
  int places = 0;  ///< after the point
};

/// Reads digits into `digits`; returns how many stood there.
std::size_t read_digits(const char*& at, const char* end, Digits& digits) {
  const char* const start = at;
  std::uint64_t narrow = 0;
  if (digits.value == 0) {
    while (at != end && *at == '0') ++at;
    const char* const first = at;
    while (at != end && is_digit(*at) && at - first < 18)
      narrow = narrow * 10 + static_cast<std::uint64_t>(*at++ - '0');
    digits.value = narrow;
    digits.count = static_cast<int>(at - first);
  }
  for (; at != end && is_digit(*at); ++at) {
    if (digits.count <= 36) digits.count += 1;
    if (digits.count <= 36) digits.value = digits.value * 10 + static_cast<unsigned>(*at - '0');
  }
  return static_cast<std::size_t>(at - start);
}

/// Reads "e-3" at `at`; false when it is malformed. Larger than any that fits is reported as ±1000.
bool read_exponent(const char*& at, const char* end, int& exponent) {
  ++at;
  bool negative = false;
  if (at != end && (*at == '+' || *at == '-')) negative = *at++ == '-';
  if (at == end) return false;
  for (; at != end; ++at) {
    if (!is_digit(*at)) return false;
    if (exponent < 1000) exponent = exponent * 10 + (*at - '0');
  }
  if (exponent > 1000) exponent = 1000;
  if (negative) exponent = -exponent;
  return true;
}

}  // namespace

Result<Decimal> Decimal::parse(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  bool negative = false;
  if (at != end && (*at == '-' || *at == '+')) negative = *at++ == '-';
  Digits digits;
  if (read_digits(at, end, digits) == 0) return malformed(text);
  std::size_t places = 0;
  if (at != end && *at == '.') {
    ++at;
    places = read_digits(at, end, digits);
    if (places == 0) return malformed(text);
  }
  int exponent = 0;
  if (at != end) {
    if ((*at != 'e' && *at != 'E') || !read_exponent(at, end, exponent)) return malformed(text);
  }
  if (digits.count > 36 || places > 1'000'000) return too_long(text);
  int scale = static_cast<int>(places) - exponent;
  if (digits.value == 0 && scale < 0) scale = 0;
  for (; scale < 0; ++scale) {
    if (++digits.count > 36) return too_long(text);
    digits.value *= 10;
  }
  if (scale > kMaxScale) return too_long(text);
  const auto mantissa = static_cast<__int128>(digits.value);
  return Decimal{negative ? -mantissa : mantissa, scale};
}

namespace {
constexpr std::array<std::string_view, 7> kWords = {"half_up", "half_even", "half_down", "up",
                                                    "down",    "ceiling",   "floor"};
}

Result<Rounding> parse_rounding(std::string_view word) {
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (word == kWords[i]) return static_cast<Rounding>(i);
  }
  return fail("rounding.word.unknown",
              fmt::format("\"{}\" is no way of rounding; use half_up, half_even, half_down, up, down, ceiling or floor",
                          word.substr(0, 60)));
}

std::string_view to_text(Rounding rounding) { return kWords[static_cast<std::size_t>(rounding)]; }

}  // namespace tieout
