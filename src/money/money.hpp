// Money: a count of minor units (cents; whole yen) with its currency. It is made either exactly or with a word that
// says how to round, two currencies never mix, and splitting always adds up.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "money/currency.hpp"
#include "money/decimal.hpp"

namespace tieout {

/// Holds   |units| <= 10^18.
class Money {
 public:
  static constexpr std::int64_t kMaxUnits = 1'000'000'000'000'000'000;

  /// Zero of no currency.
  constexpr Money() = default;
  /// minor(1050, eur) is EUR 10.50. Stops the process past kMaxUnits.
  static Money minor(std::int64_t units, Currency currency);
  /// The amount as it is. Fails with money.scale.refused when it has more places than the currency (never cuts them),
  /// money.amount.too_large.
  static Result<Money> exact(Decimal amount, Currency currency);
  /// The amount rounded to the currency as said. Fails with money.amount.too_large.
  static Result<Money> round(Decimal amount, Currency currency, Rounding rounding);

  std::int64_t units() const { return units_; }
  Currency currency() const { return currency_; }
  Decimal amount() const { return Decimal::from_mantissa(units_, currency_.exponent()); }
  bool is_zero() const { return units_ == 0; }
  bool is_negative() const { return units_ < 0; }

  Money operator-() const { return Money{-units_, currency_}; }
  /// Fail with money.currency.mismatch, money.amount.too_large.
  static Result<Money> add(Money a, Money b);
  static Result<Money> subtract(Money a, Money b);
  /// For amounts known to be of one currency: stop the process when they are not.
  Money operator+(Money other) const;
  Money operator-(Money other) const;
  /// Fails with money.currency.mismatch; otherwise -1, 0 or 1.
  static Result<int> compare(Money a, Money b);
  bool operator==(const Money&) const = default;

  /// Shares in proportion to the weights, by largest remainder; equal remainders by position, so the same input gives
  /// the same shares for ever. Weights may be zero or negative (a return inside an invoice); their sum may not be zero
  /// unless this amount is zero.
  /// Holds   sum of the shares == *this.   Fails   money.split.no_weight, money.amount.too_large.
  Result<std::vector<Money>> split_by(std::span<const std::int64_t> weights) const;
  /// For weights written in code: stops the process where split_by would fail.
  std::vector<Money> split(std::initializer_list<std::int64_t> weights) const;

  /// "EUR 80.00", "JPY 1000".
  std::string to_text() const;

 private:
  constexpr Money(std::int64_t units, Currency currency) : units_(units), currency_(currency) {}
  std::int64_t units_ = 0;
  Currency currency_;
};

/// May amounts of this currency be written to a target that keeps `places` places? Fails with money.scale.refused:
/// KWD 1.234 into two places is refused as a whole, never cut.
Result<Currency> require_places(Currency currency, int places);

}  // namespace tieout
