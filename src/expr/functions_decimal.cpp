// Exact amounts: decimals, their rounding, and the helpers that accountants need. Nothing here takes a double; where a
// result may not come out even, the call says how it is rounded.
#include <fmt/core.h>

#include "expr/registry.hpp"
#include "expr/semantics.hpp"
#include "money/allocate.hpp"
#include "money/currency.hpp"

namespace tieout::expr {
namespace {

using model::Value;
using Kind = Value::Kind;

Value result_of(const Result<Decimal>& result) {
  return result ? Value::decimal(*result) : failed(result.error().what);
}

Decimal number(const Value& value) {
  return value.is(Kind::integer) ? Decimal(value.as_integer()) : value.as_decimal();
}

/// Places and rounding as an expression gives them. False: `problem` says what is wrong.
bool rounding_arguments(const Value& places, const Value* word, int& out_places, Rounding& out_rounding,
                        Value& problem) {
  const std::int64_t wanted = places.as_integer();
  if (wanted < 0 || wanted > Decimal::kMaxScale) {
    problem = failed(fmt::format("a decimal has 0 to {} places, not {}", Decimal::kMaxScale, wanted));
    return false;
  }
  out_places = static_cast<int>(wanted);
  if (!word) return true;
  const auto parsed = parse_rounding(word->as_text());
  if (!parsed) {
    problem = failed(parsed.error().what);
    return false;
  }
  out_rounding = *parsed;
  return true;
}

Value same(Call& call) { return call[0]; }
Value from_text(Call& call) { return result_of(Decimal::parse(call[0].as_text())); }
Value from_int(Call& call) { return Value::decimal(Decimal(call[0].as_integer())); }
Value from_uint(Call& call) {
  return Value::decimal(Decimal::from_mantissa(static_cast<__int128>(call[0].as_unsigned()), 0));
}
Value is_decimal(Call& call) { return Value::boolean(Decimal::parse(call[0].as_text()).has_value()); }

/// round(x, places, 'half_up')
Value round(Call& call) {
  int places = 0;
  Rounding rounding = Rounding::half_up;
  Value problem;
  if (!rounding_arguments(call[1], &call[2], places, rounding, problem)) return problem;
  return result_of(Decimal::round(number(call[0]), places, rounding));
}

/// divide(a, b, places, 'half_up')
Value divide(Call& call) {
  int places = 0;
  Rounding rounding = Rounding::half_up;
  Value problem;
  if (!rounding_arguments(call[2], &call[3], places, rounding, problem)) return problem;
  return result_of(Decimal::divide(number(call[0]), number(call[1]), places, rounding));
}

/// percentOf(x, pct): exact, two places more than x and pct have together.
Value percent_of(Call& call) {
  return result_of(Decimal::multiply(Decimal::from_mantissa(1, 2), number(call[1]))
                       .and_then([&](Decimal rate) -> tl::expected<Decimal, Fault> {
                         return Decimal::multiply(number(call[0]), rate);
                       }));
}

/// taxOf(net, rate, places, rounding): rate in per cent (19 means 19 %).
Value tax_of(Call& call) {
  int places = 0;
  Rounding rounding = Rounding::half_up;
  Value problem;
  if (!rounding_arguments(call[2], &call[3], places, rounding, problem)) return problem;
  const auto rate = Decimal::multiply(number(call[1]), Decimal::from_mantissa(1, 2));
  if (!rate) return failed(rate.error().what);
  return result_of(Decimal::multiply(number(call[0]), *rate, places, rounding));
}

/// Whole units of 10^-places that a number is; false when it is not a whole number of them, or too large.
bool units_of(const Decimal& value, int places, std::int64_t& out) {
  if (value.needed_scale() > places) return false;
  const auto scaled = Decimal::round(value, places, Rounding::half_up);
  if (!scaled || scaled->mantissa() > 1'000'000'000'000'000'000 || scaled->mantissa() < -1'000'000'000'000'000'000)
    return false;
  out = static_cast<std::int64_t>(scaled->mantissa());
  return true;
}

/// allocate(total, [weights], places): shares that add up to the total again, by largest remainder.
Value allocate_shares(Call& call) {
  int places = 0;
  Rounding unused = Rounding::half_up;
  Value problem;
  if (!rounding_arguments(call[2], nullptr, places, unused, problem)) return problem;
  std::int64_t total = 0;
  if (!units_of(number(call[0]), places, total))
    return failed(fmt::format("{} is no amount with {} places; round it first", number(call[0]).to_text(), places));
  if (!call.frame.charge(call[1].items().size() * 4)) return cost_exceeded();
  int weight_places = 0;
  for (const Value& item : call[1].items()) {
    if (!item.is(Kind::integer) && !item.is(Kind::decimal))
      return failed(fmt::format("no such overload: a weight is an int or a decimal, not {}", type_name(item)));
    weight_places = std::max(weight_places, number(item).needed_scale());
  }
  std::vector<std::int64_t> weights(call[1].items().size());
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (!units_of(number(call[1].items()[i]), weight_places, weights[i])) return failed("a weight is too large");
  const auto shares = tieout::allocate(total, weights);
  if (!shares) return failed(shares.error().what);
  std::vector<Value> out;
  for (const std::int64_t share : *shares) out.push_back(Value::decimal(Decimal::from_mantissa(share, places)));
  return Value::list(std::move(out));
}

Value currency_digits(Call& call) {
  const auto currency = Currency::parse(call[0].as_text());
  return currency ? Value::integer(currency->exponent()) : failed(currency.error().what);
}

std::string grouped(const std::string& digits, std::string_view group, std::string_view point) {
  const std::size_t dot = digits.find('.');
  const std::string whole = digits.substr(0, dot);
  std::string out;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i > 0 && (whole.size() - i) % 3 == 0 && whole[i - 1] != '-') out += group;
    out += whole[i];
  }
  return dot == std::string::npos ? out : out + std::string(point) + digits.substr(dot + 1);
}

/// formatAmount(x, 'EUR'): "1,086.00" with the currency's digits; refuses an amount that has more.
/// formatAmount(x, places, group, point): formatAmount(x, 2, '.', ',') gives "1.086,00".
Value format_amount(Call& call) {
  const Decimal amount = number(call[0]);
  int places = 0;
  if (call.count == 2) {
    const auto currency = Currency::parse(call[1].as_text());
    if (!currency) return failed(currency.error().what);
    places = currency->exponent();
  } else {
    Rounding unused = Rounding::half_up;
    Value problem;
    if (!rounding_arguments(call[1], nullptr, places, unused, problem)) return problem;
  }
  if (amount.needed_scale() > places)
    return failed(fmt::format("{} has more than {} places; round it first", amount.to_text(), places));
  const auto shown = Decimal::round(amount, places, Rounding::half_up);
  if (!shown) return failed(shown.error().what);
  return Value::text(call.count == 2 ? grouped(shown->to_text(), ",", ".")
                                     : grouped(shown->to_text(), call[2].as_text(), call[3].as_text()));
}

Value scale(Call& call) { return Value::integer(call[0].as_decimal().needed_scale()); }

constexpr Builtin kDecimal[] = {
    {"decimal", "(decimal) -> decimal", same},
    {"decimal", "(string) -> decimal", from_text},
    {"decimal", "(int) -> decimal", from_int},
    {"decimal", "(uint) -> decimal", from_uint},
    {"isDecimal", "(string) -> bool", is_decimal},
    {"round", "(decimal, int, string) -> decimal", round},
    {"round", "(int, int, string) -> decimal", round},
    {"divide", "(decimal, decimal, int, string) -> decimal", divide},
    {"divide", "(decimal, int, int, string) -> decimal", divide},
    {"divide", "(int, decimal, int, string) -> decimal", divide},
    {"divide", "(int, int, int, string) -> decimal", divide},
    {"places", "decimal.() -> int", scale},
    {"percentOf", "(decimal, decimal) -> decimal", percent_of},
    {"percentOf", "(decimal, int) -> decimal", percent_of},
    {"percentOf", "(int, decimal) -> decimal", percent_of},
    {"percentOf", "(int, int) -> decimal", percent_of},
    {"taxOf", "(decimal, decimal, int, string) -> decimal", tax_of},
    {"taxOf", "(decimal, int, int, string) -> decimal", tax_of},
    {"taxOf", "(int, decimal, int, string) -> decimal", tax_of},
    {"taxOf", "(int, int, int, string) -> decimal", tax_of},
    {"allocate", "(decimal, list(decimal), int) -> list(decimal)", allocate_shares},
    {"allocate", "(decimal, list(int), int) -> list(decimal)", allocate_shares},
    {"allocate", "(int, list(decimal), int) -> list(decimal)", allocate_shares},
    {"allocate", "(int, list(int), int) -> list(decimal)", allocate_shares},
    {"currencyDigits", "(string) -> int", currency_digits},
    {"formatAmount", "(decimal, string) -> string", format_amount},
    {"formatAmount", "(int, string) -> string", format_amount},
    {"formatAmount", "(decimal, int, string, string) -> string", format_amount},
    {"formatAmount", "(int, int, string, string) -> string", format_amount},
};

}  // namespace

std::span<const Builtin> decimal_functions() { return kDecimal; }

}  // namespace tieout::expr
