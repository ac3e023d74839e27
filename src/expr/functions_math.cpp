// The math extension. Everything here is on int, uint and double; decimals have their own functions, but for greatest
// and least, abs and sign, which mean the same for all numbers.
#include <fmt/core.h>

#include <cmath>

#include "expr/registry.hpp"
#include "expr/semantics.hpp"

namespace tieout::expr {
namespace {

using model::Value;
using Kind = Value::Kind;

template <Order Wanted>
Value extreme(std::span<const Value* const> numbers) {
  if (numbers.empty()) return failed("math.greatest() and math.least() want at least one number");
  const Value* best = numbers[0];
  for (const Value* number : numbers) {
    if (number->kind() < Kind::integer || number->kind() > Kind::decimal)
      return failed(fmt::format("no such overload: {} is no number", type_name(*number)));
    const Order found = order(*number, *best);
    if (found == Order::incomparable) return failed("no such overload: a decimal is not compared with a double");
    if (found == Wanted) best = number;
  }
  return *best;
}

template <Order Wanted>
Value extreme_of_arguments(Call& call) {
  if (call.count == 1 && call[0].is(Kind::list)) {
    if (!call.frame.charge(call[0].items().size())) return cost_exceeded();
    std::vector<const Value*> items;
    for (const Value& item : call[0].items()) items.push_back(&item);
    return extreme<Wanted>(items);
  }
  return extreme<Wanted>({call.arguments, call.count});
}

double half_away(double value) { return std::round(value); }

template <double (*F)(double)>
Value on_double(Call& call) {
  return Value::floating(F(call[0].as_floating()));
}
double square_root(double value) { return std::sqrt(value); }
double up(double value) { return std::ceil(value); }
double down(double value) { return std::floor(value); }
double cut(double value) { return std::trunc(value); }
Value square_root_of_int(Call& call) { return Value::floating(std::sqrt(static_cast<double>(call[0].as_integer()))); }
Value square_root_of_uint(Call& call) { return Value::floating(std::sqrt(static_cast<double>(call[0].as_unsigned()))); }

Value absolute(Call& call) {
  const Value& value = call[0];
  if (value.is(Kind::unsigned_integer)) return value;
  if (value.is(Kind::floating)) return Value::floating(std::fabs(value.as_floating()));
  if (value.is(Kind::decimal)) return Value::decimal(value.as_decimal().abs());
  return value.as_integer() < 0 ? negate(value) : value;
}

Value sign(Call& call) {
  const Value& value = call[0];
  if (value.is(Kind::unsigned_integer)) return Value::unsigned_integer(value.as_unsigned() > 0 ? 1 : 0);
  if (value.is(Kind::integer)) return Value::integer((value.as_integer() > 0) - (value.as_integer() < 0));
  if (value.is(Kind::decimal)) return Value::decimal(Decimal(value.as_decimal().sign()));
  const double number = value.as_floating();
  return std::isnan(number) ? value : Value::floating((number > 0) - (number < 0));
}

Value is_nan(Call& call) { return Value::boolean(std::isnan(call[0].as_floating())); }
Value is_infinite(Call& call) { return Value::boolean(std::isinf(call[0].as_floating())); }
Value is_finite(Call& call) { return Value::boolean(std::isfinite(call[0].as_floating())); }

Value bits(const Value& like, std::uint64_t pattern) {
  return like.is(Kind::integer) ? Value::integer(static_cast<std::int64_t>(pattern)) : Value::unsigned_integer(pattern);
}
Value bit_and(Call& call) { return bits(call[0], call[0].as_unsigned() & call[1].as_unsigned()); }
Value bit_or(Call& call) { return bits(call[0], call[0].as_unsigned() | call[1].as_unsigned()); }
Value bit_xor(Call& call) { return bits(call[0], call[0].as_unsigned() ^ call[1].as_unsigned()); }
Value bit_not(Call& call) { return bits(call[0], ~call[0].as_unsigned()); }

template <bool Left>
Value shift(Call& call) {
  const std::int64_t by = call[1].as_integer();
  if (by < 0) return failed(fmt::format("negative offset: {}", by));
  if (by > 63) return bits(call[0], 0);
  // A right shift fills with zeros, also for negative numbers.
  return bits(call[0], Left ? call[0].as_unsigned() << by : call[0].as_unsigned() >> by);
}

constexpr Function greatest = extreme_of_arguments<Order::greater>;
constexpr Function least = extreme_of_arguments<Order::less>;

constexpr Builtin kMath[] = {
    {"math.greatest", "(int...) -> int", greatest},
    {"math.greatest", "(uint...) -> uint", greatest},
    {"math.greatest", "(double...) -> double", greatest},
    {"math.greatest", "(decimal...) -> decimal", greatest},
    {"math.greatest", "(list(int)) -> int", greatest},
    {"math.greatest", "(list(uint)) -> uint", greatest},
    {"math.greatest", "(list(double)) -> double", greatest},
    {"math.greatest", "(list(decimal)) -> decimal", greatest},
    {"math.greatest", "(list(dyn)) -> dyn", greatest},
    {"math.greatest", "(dyn...) -> dyn", greatest},
    {"math.least", "(int...) -> int", least},
    {"math.least", "(uint...) -> uint", least},
    {"math.least", "(double...) -> double", least},
    {"math.least", "(decimal...) -> decimal", least},
    {"math.least", "(list(int)) -> int", least},
    {"math.least", "(list(uint)) -> uint", least},
    {"math.least", "(list(double)) -> double", least},
    {"math.least", "(list(decimal)) -> decimal", least},
    {"math.least", "(list(dyn)) -> dyn", least},
    {"math.least", "(dyn...) -> dyn", least},
    {"math.ceil", "(double) -> double", on_double<up>},
    {"math.floor", "(double) -> double", on_double<down>},
    {"math.round", "(double) -> double", on_double<half_away>},
    {"math.trunc", "(double) -> double", on_double<cut>},
    {"math.sqrt", "(double) -> double", on_double<square_root>},
    {"math.sqrt", "(int) -> double", square_root_of_int},
    {"math.sqrt", "(uint) -> double", square_root_of_uint},
    {"math.abs", "(int) -> int", absolute},
    {"math.abs", "(uint) -> uint", absolute},
    {"math.abs", "(double) -> double", absolute},
    {"math.abs", "(decimal) -> decimal", absolute},
    {"math.sign", "(int) -> int", sign},
    {"math.sign", "(uint) -> uint", sign},
    {"math.sign", "(double) -> double", sign},
    {"math.sign", "(decimal) -> decimal", sign},
    {"math.isNaN", "(double) -> bool", is_nan},
    {"math.isInf", "(double) -> bool", is_infinite},
    {"math.isFinite", "(double) -> bool", is_finite},
    {"math.bitAnd", "(int, int) -> int", bit_and},
    {"math.bitAnd", "(uint, uint) -> uint", bit_and},
    {"math.bitOr", "(int, int) -> int", bit_or},
    {"math.bitOr", "(uint, uint) -> uint", bit_or},
    {"math.bitXor", "(int, int) -> int", bit_xor},
    {"math.bitXor", "(uint, uint) -> uint", bit_xor},
    {"math.bitNot", "(int) -> int", bit_not},
    {"math.bitNot", "(uint) -> uint", bit_not},
    {"math.bitShiftLeft", "(int, int) -> int", shift<true>},
    {"math.bitShiftLeft", "(uint, int) -> uint", shift<true>},
    {"math.bitShiftRight", "(int, int) -> int", shift<false>},
    {"math.bitShiftRight", "(uint, int) -> uint", shift<false>},
};

}  // namespace

std::span<const Builtin> math_functions() { return kMath; }

}  // namespace tieout::expr
