// The arithmetic of Decimal. Nearly every amount in real books fits 64 bits, so each operation first tries that and
// only then takes the wide path; both give the same digits. 128-bit divisions are the only slow instruction here, and
// only the wide paths have them. Products of two wide numbers go through 256 bits, because 10^36 squared needs 240.
#include "money/decimal.hpp"

#include <array>
#include <limits>

#include "base/check.hpp"

namespace tieout {
namespace {

using Wide = unsigned __int128;

constexpr int kMaxDigits = 36;

constexpr std::array<Wide, 39> make_powers() {
  std::array<Wide, 39> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}
constexpr std::array<Wide, 39> kPow10 = make_powers();
constexpr Wide kBound = kPow10[kMaxDigits];
constexpr Wide kNarrow = std::numeric_limits<std::uint64_t>::max();

constexpr Wide magnitude(__int128 value) { return value < 0 ? -static_cast<Wide>(value) : static_cast<Wide>(value); }
constexpr __int128 signed_of(Wide value, bool negative) {
  return negative ? -static_cast<__int128>(value) : static_cast<__int128>(value);
}

tl::unexpected<Fault> overflow() {
  return fail("decimal.overflow",
              "the number needs more than 36 digits or 18 places; check the amount, quantity or rate it came from");
}

/// Does the last kept digit go up? odd: is that digit odd; half: the dropped part against one half (-1, 0, 1);
/// something: is anything dropped at all.
bool goes_up(Rounding rounding, bool negative, bool odd, int half, bool something) {
  switch (rounding) {
    case Rounding::half_up:
      return half >= 0;
    case Rounding::half_even:
      return half > 0 || (half == 0 && odd);
    case Rounding::half_down:
      return half > 0;
    case Rounding::up:
      return something;
    case Rounding::down:
      return false;
    case Rounding::ceiling:
      return something && !negative;
    case Rounding::floor:
      break;
  }
  return something && negative;
}

template <class Unsigned>
int against_half(Unsigned rest, Unsigned divisor) {
  const Unsigned other = divisor - rest;  // rest < divisor, so nothing wraps, where rest * 2 could
  return rest < other ? -1 : rest > other ? 1 : 0;
}

/// value / divisor, rounded. 0 < divisor <= kNarrow: a power of ten up to 10^19, or checked by the caller.
Wide divide_rounded(Wide value, Wide divisor, Rounding rounding, bool negative) {
  if (value <= kNarrow) {
    const auto v = static_cast<std::uint64_t>(value), d = static_cast<std::uint64_t>(divisor);
    const std::uint64_t quotient = v / d, rest = v - quotient * d;
    return Wide{quotient} + goes_up(rounding, negative, quotient & 1, against_half(rest, d), rest != 0);
  }
  const Wide quotient = value / divisor, rest = value - quotient * divisor;
  return quotient + goes_up(rounding, negative, quotient & 1, against_half(rest, divisor), rest != 0);
}

/// a * b in 256 bits, as {high, low}.
std::array<Wide, 2> multiply_wide(Wide a, Wide b) {
  const Wide a0 = static_cast<std::uint64_t>(a), a1 = a >> 64, b0 = static_cast<std::uint64_t>(b), b1 = b >> 64;
  const Wide low = a0 * b0, cross1 = a1 * b0, cross2 = a0 * b1;
  const Wide middle = (low >> 64) + static_cast<std::uint64_t>(cross1) + static_cast<std::uint64_t>(cross2);
  return {a1 * b1 + (cross1 >> 64) + (cross2 >> 64) + (middle >> 64), (middle << 64) | static_cast<std::uint64_t>(low)};
}

/// Divides {high, low} by a divisor below 2^63, limb by limb.
std::array<Wide, 2> divide_wide(std::array<Wide, 2> value, std::uint64_t divisor, std::uint64_t& rest) {
  const std::array<std::uint64_t, 4> limbs = {
      static_cast<std::uint64_t>(value[0] >> 64), static_cast<std::uint64_t>(value[0]),
      static_cast<std::uint64_t>(value[1] >> 64), static_cast<std::uint64_t>(value[1])};
  std::array<std::uint64_t, 4> result{};
  Wide carry = 0;
  for (std::size_t i = 0; i < limbs.size(); ++i) {
    const Wide part = (carry << 64) | limbs[i];
    result[i] = static_cast<std::uint64_t>(part / divisor);
    carry = part % divisor;
  }
  rest = static_cast<std::uint64_t>(carry);
  return {(Wide{result[0]} << 64) | result[1], (Wide{result[2]} << 64) | result[3]};
}

/// a * b without its last `dropped` digits (1 to 36), rounded; false on overflow.
bool multiply_dropping(Wide a, Wide b, int dropped, Rounding rounding, bool negative, Wide& result) {
  const int first = dropped < 18 ? dropped : 18;
  std::uint64_t rest1 = 0, rest2 = 0;
  std::array<Wide, 2> quotient = divide_wide(multiply_wide(a, b), static_cast<std::uint64_t>(kPow10[first]), rest1);
  if (dropped > first) quotient = divide_wide(quotient, static_cast<std::uint64_t>(kPow10[dropped - first]), rest2);
  const Wide rest = Wide{rest2} * kPow10[first] + rest1;
  if (quotient[0] != 0 || quotient[1] >= kBound) return false;
  result = quotient[1] + goes_up(rounding, negative, quotient[1] & 1, against_half(rest, kPow10[dropped]), rest != 0);
  return result < kBound;
}

/// The product rounded half-even to 18 places when it has more; false on overflow.
bool multiply_magnitudes(Wide a, Wide b, int& scale, Wide& product) {
  const std::array<Wide, 2> exact = multiply_wide(a, b);
  if (scale <= Decimal::kMaxScale) {
    product = exact[1];
    return exact[0] == 0 && product < kBound;
  }
  const int dropped = scale - Decimal::kMaxScale;
  scale = Decimal::kMaxScale;
  return multiply_dropping(a, b, dropped, Rounding::half_even, false, product);
}

/// numerator * 10^digits / divisor in as many steps as fit 128 bits; false on overflow.
bool long_division(Wide numerator, int digits, Wide divisor, Rounding rounding, bool negative, Wide& result) {
  Wide quotient = numerator / divisor, rest = numerator % divisor;
  int step = 0;
  while (step < 18 && divisor <= kPow10[38] / kPow10[step + 1]) ++step;
  while (digits > 0) {
    const int now = digits < step ? digits : step;
    if (quotient >= kPow10[kMaxDigits - now]) return false;
    const Wide part = rest * kPow10[now];
    quotient = quotient * kPow10[now] + part / divisor;
    rest = part % divisor;
    digits -= now;
  }
  quotient += goes_up(rounding, negative, quotient & 1, against_half(rest, divisor), rest != 0);
  result = quotient;
  return quotient < kBound;
}

constexpr std::string_view kPairs =
    "000102030405060708091011121314151617181920212223242526272829303132333435363738394041424344454647484950515253545556"
    "57"
    "585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

char* write_digits(char* end, std::uint64_t value) {
  while (value >= 100) {
    const std::uint64_t pair = value % 100;
    value /= 100;
    *--end = kPairs[pair * 2 + 1];
    *--end = kPairs[pair * 2];
  }
  if (value >= 10) {
    *--end = kPairs[value * 2 + 1];
    *--end = kPairs[value * 2];
  } else {
    *--end = static_cast<char>('0' + value);
  }
  return end;
}

char* write_digits(char* end, Wide value) {
  constexpr std::uint64_t kChunk = 1'000'000'000'000'000'000;
  while (value > kNarrow) {
    const auto low = static_cast<std::uint64_t>(value % kChunk);
    value /= kChunk;
    char* const start = end - 18;
    end = write_digits(end, low);
    while (end > start) *--end = '0';
  }
  return write_digits(end, static_cast<std::uint64_t>(value));
}

}  // namespace

Decimal Decimal::from_mantissa(__int128 mantissa, int scale) {
  CHECK(scale >= 0 && scale <= kMaxScale && magnitude(mantissa) < kBound, "a decimal is built within its bounds");
  return Decimal{mantissa, scale};
}

int Decimal::needed_scale() const {
  int scale = scale_;
  Wide rest = magnitude(mantissa_);
  if (rest == 0) return 0;
  while (scale > 0 && rest > kNarrow && rest % 10 == 0) rest /= 10, --scale;
  if (rest > kNarrow) return scale;
  for (auto narrow = static_cast<std::uint64_t>(rest); scale > 0 && narrow % 10 == 0; narrow /= 10) --scale;
  return scale;
}

Result<Decimal> Decimal::round(Decimal value, int places, Rounding rounding) {
  CHECK(places >= 0 && places <= kMaxScale, "rounding keeps 0 to 18 places");
  const Wide size = magnitude(value.mantissa_);
  if (places >= value.scale_) {
    const int missing = places - value.scale_;
    if (size >= kPow10[kMaxDigits - missing]) return overflow();
    return Decimal{value.mantissa_ * static_cast<std::int64_t>(kPow10[missing]), places};
  }
  const bool negative = value.mantissa_ < 0;
  return Decimal{signed_of(divide_rounded(size, kPow10[value.scale_ - places], rounding, negative), negative), places};
}

Decimal Decimal::rounded(int places, Rounding rounding) const {
  if (places == scale_) return *this;
  const auto result = round(*this, places, rounding);
  CHECK(result.has_value(), "a number too large for the places asked for");
  return *result;
}

Decimal Decimal::normalised() const {
  const int scale = needed_scale();
  return scale == scale_ ? *this : rounded(scale, Rounding::down);
}

Decimal Decimal::operator-() const { return Decimal{-mantissa_, scale_}; }

namespace {
struct Parts {
  __int128 mantissa;
  int scale;
};

/// False on overflow of the exact sum at the larger scale.
inline bool add_parts(Parts a, Parts b, Parts& sum) {
  if (a.scale != b.scale) {
    Parts& small = a.scale < b.scale ? a : b;
    const int missing = a.scale < b.scale ? b.scale - a.scale : a.scale - b.scale;
    if (magnitude(small.mantissa) >= kPow10[kMaxDigits - missing]) return false;
    small.mantissa *= static_cast<std::int64_t>(kPow10[missing]);
    small.scale += missing;
  }
  sum = {a.mantissa + b.mantissa, a.scale};
  return magnitude(sum.mantissa) < kBound;
}

inline bool multiply_parts(Parts a, Parts b, Parts& product) {
  const Wide x = magnitude(a.mantissa), y = magnitude(b.mantissa);
  int scale = a.scale + b.scale;
  if (scale <= Decimal::kMaxScale && x <= kNarrow && y <= kNarrow) [[likely]] {
    const Wide exact = x * y;
    if (exact < kBound) {
      product = {signed_of(exact, (a.mantissa < 0) != (b.mantissa < 0)), scale};
      return true;
    }
  }
  Wide result = 0;
  if (!multiply_magnitudes(x, y, scale, result)) return false;
  product = {signed_of(result, (a.mantissa < 0) != (b.mantissa < 0)), scale};
  return true;
}

Parts parts_of(Decimal value) { return {value.mantissa(), value.scale()}; }
}  // namespace

Decimal Decimal::operator+(Decimal other) const {
  Parts sum{};
  if (add_parts(parts_of(*this), parts_of(other), sum)) [[likely]]
    return Decimal{sum.mantissa, sum.scale};
  const auto result = add(*this, other);
  CHECK(result.has_value(), "a sum of amounts left the bounds of a decimal");
  return *result;
}

Decimal Decimal::operator-(Decimal other) const { return *this + -other; }

Decimal Decimal::operator*(Decimal other) const {
  Parts product{};
  if (multiply_parts(parts_of(*this), parts_of(other), product)) [[likely]] {
    return Decimal{product.mantissa, product.scale};
  }
  const auto result = multiply(*this, other);
  CHECK(result.has_value(), "a product of amounts left the bounds of a decimal");
  return *result;
}

Result<Decimal> Decimal::add(Decimal a, Decimal b) {
  Parts sum{};
  if (add_parts(parts_of(a), parts_of(b), sum)) [[likely]]
    return Decimal{sum.mantissa, sum.scale};
  // Zeros after the point must not decide whether a sum is possible: 10^34 + 1.000 fits, only not with three places.
  if (!add_parts(parts_of(a.normalised()), parts_of(b.normalised()), sum)) return overflow();
  return Decimal{sum.mantissa, sum.scale};
}

Result<Decimal> Decimal::subtract(Decimal a, Decimal b) { return add(a, -b); }

Result<Decimal> Decimal::multiply(Decimal a, Decimal b) {
  Parts product{};
  if (multiply_parts(parts_of(a), parts_of(b), product)) [[likely]]
    return Decimal{product.mantissa, product.scale};
  if (!multiply_parts(parts_of(a.normalised()), parts_of(b.normalised()), product)) return overflow();
  return Decimal{product.mantissa, product.scale};
}

Result<Decimal> Decimal::multiply(Decimal a, Decimal b, int places, Rounding rounding) {
  CHECK(places >= 0 && places <= kMaxScale, "a product keeps 0 to 18 places");
  const bool negative = (a.mantissa_ < 0) != (b.mantissa_ < 0);
  const Wide x = magnitude(a.mantissa_), y = magnitude(b.mantissa_);
  const int dropped = a.scale_ + b.scale_ - places;
  if (dropped <= 0) {
    Parts product{};
    if (!multiply_parts(parts_of(a), parts_of(b), product)) return overflow();
    return round(Decimal{product.mantissa, product.scale}, places, rounding);
  }
  if (x <= kNarrow && y <= kNarrow && x * y <= kNarrow && dropped <= 19) [[likely]] {
    return Decimal{signed_of(divide_rounded(x * y, kPow10[dropped], rounding, negative), negative), places};
  }
  Wide result = 0;
  if (!multiply_dropping(x, y, dropped, rounding, negative, result)) return overflow();
  return Decimal{signed_of(result, negative), places};
}

Result<Decimal> Decimal::divide(Decimal a, Decimal b, int places, Rounding rounding) {
  CHECK(places >= 0 && places <= kMaxScale, "a division keeps 0 to 18 places");
  if (b.mantissa_ == 0) {
    return fail("decimal.divide_by_zero", "a division by zero; check the quantity, rate or total used as divisor");
  }
  const bool negative = (a.mantissa_ < 0) != (b.mantissa_ < 0);
  const Wide numerator = magnitude(a.mantissa_);
  Wide divisor = magnitude(b.mantissa_);
  int digits = places + b.scale_ - a.scale_;
  if (digits < 0) {
    // Fewer places are wanted than a has. Past 10^38 the divisor is more than twice any numerator: all is rest.
    if (divisor >= kPow10[38 + digits]) {
      const bool one = goes_up(rounding, negative, false, -1, numerator != 0);
      return Decimal{signed_of(one ? 1 : 0, negative), places};
    }
    divisor *= kPow10[-digits];
    digits = 0;
  }
  if (digits <= 19 && numerator <= kNarrow && divisor <= kNarrow && kPow10[digits] * numerator <= kNarrow) [[likely]] {
    return Decimal{signed_of(divide_rounded(numerator * kPow10[digits], divisor, rounding, negative), negative),
                   places};
  }
  Wide quotient = 0;
  if (!long_division(numerator, digits, divisor, rounding, negative, quotient)) return overflow();
  return Decimal{signed_of(quotient, negative), places};
}

std::strong_ordering Decimal::operator<=>(Decimal other) const {
  if (scale_ == other.scale_) return mantissa_ <=> other.mantissa_;
  if (sign() != other.sign()) return sign() < other.sign() ? std::strong_ordering::less : std::strong_ordering::greater;
  const bool this_is_small = scale_ < other.scale_;
  const int missing = this_is_small ? other.scale_ - scale_ : scale_ - other.scale_;
  const __int128 small = this_is_small ? mantissa_ : other.mantissa_;
  const auto power = static_cast<std::int64_t>(kPow10[missing]);
  if (magnitude(small) >= kPow10[kMaxDigits - missing]) {  // widened, it is past every mantissa there is
    const bool this_is_larger = this_is_small != (small < 0);
    return this_is_larger ? std::strong_ordering::greater : std::strong_ordering::less;
  }
  return this_is_small ? mantissa_ * power <=> other.mantissa_ : mantissa_ <=> other.mantissa_ * power;
}

std::string Decimal::to_text() const {
  std::array<char, 48> buffer;
  char* const end = buffer.data() + buffer.size();
  const Wide size = magnitude(mantissa_);
  char* start = write_digits(end, size);
  if (scale_ > 0) {
    char* const point = end - scale_;
    while (start >= point) *--start = '0';
    --start;
    for (char* c = start; c + 1 < point; ++c) *c = c[1];
    *(point - 1) = '.';
  }
  if (mantissa_ < 0) *--start = '-';
  return std::string(start, static_cast<std::size_t>(end - start));
}

Decimal Decimal::of(std::string_view text) {
  const auto result = parse(text);
  CHECK(result.has_value(), "a decimal literal in the program must be a decimal");
  return *result;
}

}  // namespace tieout
