#include "money/money.hpp"

#include <fmt/core.h>

#include "base/check.hpp"
#include "money/allocate.hpp"

namespace tieout {
namespace {

bool fits(__int128 units) { return units <= Money::kMaxUnits && units >= -Money::kMaxUnits; }

tl::unexpected<Fault> too_large(Currency currency) {
  return fail("money.amount.too_large",
              fmt::format("an amount in {} is over 10^18 minor units; check where it comes from", currency.code()));
}

tl::unexpected<Fault> mismatch(Money a, Money b) {
  return fail("money.currency.mismatch",
              fmt::format("{} and {} cannot be put together; amounts are never converted here, so use one currency",
                          a.to_text(), b.to_text()));
}

}  // namespace

Money Money::minor(std::int64_t units, Currency currency) {
  CHECK(fits(units), "an amount is at most 10^18 minor units");
  return Money{units, currency};
}

Result<Money> Money::exact(Decimal amount, Currency currency) {
  if (amount.needed_scale() > currency.exponent()) {
    return fail("money.scale.refused",
                fmt::format("{} has more places than {} knows ({}); say how it is to be rounded, or mend the amount",
                            amount.to_text(), currency.code(), currency.exponent()));
  }
  return round(amount, currency, Rounding::down);
}

Result<Money> Money::round(Decimal amount, Currency currency, Rounding rounding) {
  const auto rounded = Decimal::round(amount, currency.exponent(), rounding);
  if (!rounded || !fits(rounded->mantissa())) return too_large(currency);
  return Money{static_cast<std::int64_t>(rounded->mantissa()), currency};
}

Result<Money> Money::add(Money a, Money b) {
  if (a.currency_ != b.currency_) return mismatch(a, b);
  const std::int64_t sum = a.units_ + b.units_;  // each is at most 10^18, so 64 bits hold the sum
  if (!fits(sum)) return too_large(a.currency_);
  return Money{sum, a.currency_};
}

Result<Money> Money::subtract(Money a, Money b) {
  if (a.currency_ != b.currency_) return mismatch(a, b);
  return add(a, -b);
}

Money Money::operator+(Money other) const {
  const auto sum = add(*this, other);
  CHECK(sum.has_value(), "amounts of one currency are added");
  return *sum;
}

Money Money::operator-(Money other) const { return *this + -other; }

Result<int> Money::compare(Money a, Money b) {
  if (a.currency_ != b.currency_) return mismatch(a, b);
  return a.units_ < b.units_ ? -1 : a.units_ > b.units_ ? 1 : 0;
}

Result<std::vector<Money>> Money::split_by(std::span<const std::int64_t> weights) const {
  TRY(units, allocate(units_, weights));
  std::vector<Money> shares;
  shares.reserve(units.size());
  for (const auto share : units) shares.push_back(Money{share, currency_});
  return shares;
}

std::vector<Money> Money::split(std::initializer_list<std::int64_t> weights) const {
  auto shares = split_by({weights.begin(), weights.size()});
  CHECK(shares.has_value(), "weights written in code can be split by");
  return *std::move(shares);
}

std::string Money::to_text() const { return fmt::format("{} {}", currency_.code(), amount().to_text()); }

Result<Currency> require_places(Currency currency, int places) {
  if (currency.exponent() <= places) return currency;
  return fail("money.scale.refused",
              fmt::format("{} has {} places and the target keeps {}; amounts are never cut, so this currency cannot be "
                          "written there",
                          currency.code(), currency.exponent(), places),
              "currency");
}

}  // namespace tieout
