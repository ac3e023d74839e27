// Decimal: an exact number with a fixed number of places, the only kind of number that money, quantities and rates are
// made of. It is an integer mantissa with a scale (12.340 is 12340 with scale 3), so no binary floating point comes
// near an amount, and text goes in and out unharmed. Rounding happens only where a word in the call asks for it.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tieout {

/// How a digit that has to go is decided. The words are the ones of the mapping packs.
enum class Rounding : std::uint8_t {
  half_up,    ///< 0.5 away from zero (2.5 → 3, -2.5 → -3): what accountants call commercial rounding
  half_even,  ///< 0.5 to the even neighbour (2.5 → 2, 3.5 → 4): bankers' rounding
  half_down,  ///< 0.5 towards zero
  up,         ///< away from zero
  down,       ///< towards zero (truncation)
  ceiling,    ///< towards plus infinity
  floor,      ///< towards minus infinity
};
Result<Rounding> parse_rounding(std::string_view word);
std::string_view to_text(Rounding rounding);

/// Holds   |mantissa| < 10^36 and 0 <= scale <= 18. Arithmetic that would leave these bounds fails with
///         decimal.overflow (checked operations) or stops the process (operators, for values known to be small:
///         amounts up to 10^18 with up to 6 places never come near).
/// Value   two decimals are equal when they are the same number: 1.50 == 1.5; the scale is kept for printing.
class Decimal {
 public:
  static constexpr int kMaxScale = 18;

  constexpr Decimal() = default;
  constexpr Decimal(std::int64_t whole) : mantissa_(whole) {}  // NOLINT: an integer is a decimal
  static Decimal from_mantissa(__int128 mantissa, int scale);

  /// "[-+]digits[.digits][e[-+]digits]" as JSON writes numbers; at most 36 significant digits and, after the
  /// exponent is applied, at most 18 places. No blanks, no thousands marks. Fails with decimal.malformed,
  /// decimal.overflow.
  static Result<Decimal> parse(std::string_view text);
  /// For literals in code and tests: stops the process when the text is no decimal.
  static Decimal of(std::string_view text);

  constexpr __int128 mantissa() const { return mantissa_; }
  constexpr int scale() const { return scale_; }
  constexpr bool is_zero() const { return mantissa_ == 0; }
  constexpr bool is_negative() const { return mantissa_ < 0; }
  constexpr int sign() const { return mantissa_ < 0 ? -1 : mantissa_ > 0 ? 1 : 0; }
  /// Places that are needed: 1.500 needs 1.
  int needed_scale() const;

  /// With exactly `places` places (0..18), rounded as said; adds zeros when there are fewer.
  Decimal rounded(int places, Rounding rounding) const;
  /// The same, but failing with decimal.overflow where `rounded` would stop; for numbers that strangers send.
  static Result<Decimal> round(Decimal value, int places, Rounding rounding);
  /// Without trailing zeros after the point: 1.500 → 1.5, 100 stays 100.
  Decimal normalised() const;

  Decimal operator-() const;
  Decimal abs() const { return is_negative() ? -*this : *this; }
  Decimal operator+(Decimal other) const;
  Decimal operator-(Decimal other) const;
  /// Exact; when the exact product needs more than 18 places it is rounded half-even to 18.
  Decimal operator*(Decimal other) const;
  Decimal& operator+=(Decimal other) { return *this = *this + other; }
  Decimal& operator-=(Decimal other) { return *this = *this - other; }

  /// The same, but failing with decimal.overflow instead of stopping; for numbers that strangers send.
  static Result<Decimal> add(Decimal a, Decimal b);
  static Result<Decimal> subtract(Decimal a, Decimal b);
  static Result<Decimal> multiply(Decimal a, Decimal b);
  /// a * b with `places` places, rounded once from the exact product (a tax: amount times rate). Fails with
  /// decimal.overflow.
  static Result<Decimal> multiply(Decimal a, Decimal b, int places, Rounding rounding);
  /// a / b with `places` places, rounded as said. Fails with decimal.divide_by_zero, decimal.overflow.
  static Result<Decimal> divide(Decimal a, Decimal b, int places, Rounding rounding);

  std::strong_ordering operator<=>(Decimal other) const;
  bool operator==(Decimal other) const { return (*this <=> other) == std::strong_ordering::equal; }

  /// "1234.50": as many places as the scale says, no thousands marks, "-0.00" never.
  std::string to_text() const;

 private:
  constexpr Decimal(__int128 mantissa, int scale) : mantissa_(mantissa), scale_(scale) {}
  __int128 mantissa_ = 0;
  std::int32_t scale_ = 0;
};

}  // namespace tieout
