// Decimals that strangers send: text in and out unharmed, arithmetic exact or refused. Two numbers, a line each; the
// laws checked are those of arithmetic, not those of our code.
#include "money/decimal.hpp"

#include "money/currency.hpp"
#include "money/money.hpp"
#include "target.hpp"

namespace tieout::fuzz {

namespace {

constexpr Rounding kAll[] = {Rounding::half_up, Rounding::half_even, Rounding::half_down, Rounding::up,
                             Rounding::down,    Rounding::ceiling,   Rounding::floor};

void alone(Decimal a) {
  const auto again = Decimal::parse(a.to_text());
  require(again && *again == a && again->scale() == a.scale(), "a decimal reads back with its places");
  require(a.normalised() == a && a.normalised().scale() == a.needed_scale(),
          "without idle zeros it is the same number");
  for (const Rounding rounding : kAll)
    for (const int places : {0, 2, 18}) {
      const auto rounded = Decimal::round(a, places, rounding);
      if (!rounded) continue;
      require(rounded->scale() == places, "rounded to the places asked for");
      if (places >= a.needed_scale()) require(*rounded == a, "nothing is lost where there is room");
      if (rounding == Rounding::floor) require(*rounded <= a, "floor goes down");
      if (rounding == Rounding::ceiling) require(*rounded >= a, "ceiling goes up");
      if (rounding == Rounding::down) require(rounded->abs() <= a.abs(), "down goes towards zero");
      if (rounding == Rounding::up) require(rounded->abs() >= a.abs(), "up goes away from zero");
    }
}

void together(Decimal a, Decimal b) {
  require((a < b) == (b > a) && (a == b) == (b == a), "order has two sides");
  const auto sum = Decimal::add(a, b);
  const auto other_sum = Decimal::add(b, a);
  require(sum.has_value() == other_sum.has_value() && (!sum || *sum == *other_sum), "a + b is b + a");
  if (sum)
    if (const auto back = Decimal::subtract(*sum, b)) require(*back == a, "a + b - b is a");
  const auto product = Decimal::multiply(a, b);
  const auto other_product = Decimal::multiply(b, a);
  require(product.has_value() == other_product.has_value() && (!product || *product == *other_product),
          "a * b is b * a");
  for (const Rounding rounding : kAll) {
    (void)Decimal::multiply(a, b, 2, rounding);
    const auto quotient = Decimal::divide(a, b, 6, rounding);
    if (b.is_zero())
      require(!quotient && quotient.error().code == "decimal.divide_by_zero", "nothing is divided by zero");
    if (quotient) require(quotient->scale() == 6, "a quotient has the places asked for");
  }
}

}  // namespace

void one_input(std::string_view input) {
  const auto [first, second] = two_lines(input);
  const auto a = Decimal::parse(first);
  if (a) alone(*a);
  const auto b = Decimal::parse(second);
  if (a && b) together(*a, *b);
  (void)parse_rounding(first);
}

}  // namespace tieout::fuzz
