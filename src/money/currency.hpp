// Currencies by ISO 4217: which codes exist, how many digits their minor unit has, and from when to when they are good.
// A Currency is two bytes, so that every amount can carry one. What ISO lists but nobody can be invoiced in (gold, test
// codes, funds without a minor unit) is known here only to be refused by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tieout {

class Currency {
 public:
  /// ISO's "no currency": for places that are filled later. No parse returns it.
  constexpr Currency() = default;

  /// Three capital letters, current or retired. Fails with currency.code.unknown (with a suggestion where one is near)
  /// or currency.code.not_money (XAU, XTS, …: listed by ISO, but without minor units).
  static Result<Currency> parse(std::string_view code);
  /// By ISO number ("978"). Fails with currency.code.unknown.
  static Result<Currency> from_numeric(int number);
  /// For literals in code and tests: stops the process when there is no such currency.
  static Currency of(std::string_view code);
  /// Every currency that parse accepts, ordered by code.
  static std::vector<Currency> all();

  std::string_view code() const;
  std::string_view name() const;
  /// Digits of the minor unit: 0 (JPY) to 4 (CLF).
  int exponent() const;
  int numeric() const;

  /// Withdrawn codes stay readable, because old documents keep theirs (HRK until 2022-12-31, then EUR).
  bool is_retired() const { return last_day().has_value(); }
  std::optional<Date> last_day() const;
  std::optional<Currency> successor() const;
  /// Fails with currency.code.retired, naming the successor, when a document of that date may not carry it any more.
  Result<Currency> valid_on(Date date) const;

  constexpr bool operator==(const Currency&) const = default;

 private:
  explicit constexpr Currency(std::uint16_t index) : index_(index) {}
  std::uint16_t index_ = 0;
};

}  // namespace tieout
