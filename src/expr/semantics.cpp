#include "expr/semantics.hpp"

#include <fmt/core.h>

#include <cmath>
#include <compare>

namespace tieout::expr {
namespace {

using model::Moment;
using model::Value;
using Kind = Value::Kind;

constexpr std::int64_t kNanos = 1'000'000'000;
constexpr std::int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z
constexpr std::int64_t kLongestDuration = 315'576'000'000;

constexpr unsigned pair(Kind a, Kind b) { return static_cast<unsigned>(a) << 8 | static_cast<unsigned>(b); }

bool is_number(Kind kind) { return kind >= Kind::integer && kind <= Kind::decimal; }

template <class T>
Order ordered(const T& a, const T& b) {
  return a < b ? Order::less : b < a ? Order::greater : Order::same;
}
Order ordered(double a, double b) {
  return a < b ? Order::less : a > b ? Order::greater : a == b ? Order::same : Order::unordered;
}
Order reversed(Order order) {
  return order == Order::less ? Order::greater : order == Order::greater ? Order::less : order;
}

Order order_int_uint(std::int64_t a, std::uint64_t b) {
  return a < 0 ? Order::less : ordered(static_cast<std::uint64_t>(a), b);
}
/// As CEL has it: within the range of the integer, the integer is compared as the nearest double.
Order order_int_double(std::int64_t a, double b) {
  if (std::isnan(b)) return Order::unordered;
  if (b > 9223372036854775808.0) return Order::less;
  if (b < -9223372036854775808.0) return Order::greater;
  return ordered(static_cast<double>(a), b);
}
Order order_uint_double(std::uint64_t a, double b) {
  if (std::isnan(b)) return Order::unordered;
  if (b > 18446744073709551616.0) return Order::less;
  if (b < 0) return Order::greater;
  return ordered(static_cast<double>(a), b);
}

Decimal decimal_of(const Value& value) {
  if (value.is(Kind::integer)) return Decimal(value.as_integer());
  if (value.is(Kind::unsigned_integer)) return Decimal::from_mantissa(static_cast<__int128>(value.as_unsigned()), 0);
  return value.as_decimal();
}

Order order_decimals(const Value& a, const Value& b) {
  const auto result = decimal_of(a) <=> decimal_of(b);
  return result < 0 ? Order::less : result > 0 ? Order::greater : Order::same;
}

Order order_numbers(const Value& a, const Value& b) {
  switch (pair(a.kind(), b.kind())) {
    case pair(Kind::integer, Kind::unsigned_integer):
      return order_int_uint(a.as_integer(), b.as_unsigned());
    case pair(Kind::unsigned_integer, Kind::integer):
      return reversed(order_int_uint(b.as_integer(), a.as_unsigned()));
    case pair(Kind::integer, Kind::floating):
      return order_int_double(a.as_integer(), b.as_floating());
    case pair(Kind::floating, Kind::integer):
      return reversed(order_int_double(b.as_integer(), a.as_floating()));
    case pair(Kind::unsigned_integer, Kind::floating):
      return order_uint_double(a.as_unsigned(), b.as_floating());
    case pair(Kind::floating, Kind::unsigned_integer):
      return reversed(order_uint_double(b.as_unsigned(), a.as_floating()));
    default:
      break;
  }
  // A double is no exact amount: it neither equals a decimal nor stands before or after one.
  if (a.is(Kind::floating) || b.is(Kind::floating)) return Order::incomparable;
  return order_decimals(a, b);
}

bool equal_items(std::span<const Value> a, std::span<const Value> b, Frame& frame) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!equal(a[i], b[i], frame)) return false;
  return true;
}

bool equal_maps(const Value& a, const Value& b, Frame& frame) {
  if (a.entries().size() != b.entries().size()) return false;
  for (const model::MapEntry& entry : a.entries()) {
    const Value* other = b.find(entry.key);
    if (!other || !equal(entry.value, *other, frame)) return false;
  }
  return true;
}

bool equal_optionals(const Value& a, const Value& b, Frame& frame) {
  if (!a.optional_has_value() || !b.optional_has_value()) return a.optional_has_value() == b.optional_has_value();
  return equal(a.optional_value(), b.optional_value(), frame);
}

/// 192.168.0.1 and ::ffff:c0a8:1 are one address.
std::string_view short_address(const Value& value) {
  constexpr std::string_view mapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  const std::string_view address = value.address();
  return address.size() == 16 && address.starts_with(mapped) ? address.substr(12) : address;
}

Value overflow(std::string_view what) { return failed(fmt::format("{} overflow: the result does not fit", what)); }

Value integers(Arithmetic op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  switch (op) {
    case Arithmetic::add:
      if (__builtin_add_overflow(a, b, &result)) return overflow("int");
      break;
    case Arithmetic::subtract:
      if (__builtin_sub_overflow(a, b, &result)) return overflow("int");
      break;
    case Arithmetic::multiply:
      if (__builtin_mul_overflow(a, b, &result)) return overflow("int");
      break;
    case Arithmetic::divide:
      if (b == 0) return failed("divide by zero");
      if (b == -1) return a == INT64_MIN ? overflow("int") : Value::integer(-a);
      result = a / b;
      break;
    case Arithmetic::modulo:
      if (b == 0) return failed("modulus by zero");
      result = b == -1 ? 0 : a % b;
      break;
  }
  return Value::integer(result);
}

Value unsigned_integers(Arithmetic op, std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  switch (op) {
    case Arithmetic::add:
      if (__builtin_add_overflow(a, b, &result)) return overflow("uint");
      break;
    case Arithmetic::subtract:
      if (__builtin_sub_overflow(a, b, &result)) return overflow("uint");
      break;
    case Arithmetic::multiply:
      if (__builtin_mul_overflow(a, b, &result)) return overflow("uint");
      break;
    case Arithmetic::divide:
      if (b == 0) return failed("divide by zero");
      result = a / b;
      break;
    case Arithmetic::modulo:
      if (b == 0) return failed("modulus by zero");
      result = a % b;
      break;
  }
  return Value::unsigned_integer(result);
}

/// Absent (no such overload) for what doubles cannot do.
Value doubles(Arithmetic op, double a, double b) {
  switch (op) {
    case Arithmetic::add:
      return Value::floating(a + b);
    case Arithmetic::subtract:
      return Value::floating(a - b);
    case Arithmetic::multiply:
      return Value::floating(a * b);
    case Arithmetic::divide:
      return Value::floating(a / b);
    case Arithmetic::modulo:
      break;
  }
  return Value::absent();
}

Value decimals(Arithmetic op, const Decimal& a, const Decimal& b) {
  Result<Decimal> result = Decimal{};
  switch (op) {
    case Arithmetic::add:
      result = Decimal::add(a, b);
      break;
    case Arithmetic::subtract:
      result = Decimal::subtract(a, b);
      break;
    case Arithmetic::multiply:
      result = Decimal::multiply(a, b);
      break;
    case Arithmetic::divide:
    case Arithmetic::modulo:
      return failed("decimals are divided with divide(a, b, places, 'half_up'), which says how to round");
  }
  if (!result) return failed(result.error().what);
  return Value::decimal(*result);
}

Value moment_result(Kind kind, __int128 seconds, std::int64_t nanos) {
  Moment moment;
  if (!normalise(seconds, nanos, moment)) return failed("duration out of range");
  if (kind == Kind::instant) return valid_instant(moment) ? Value::instant(moment) : failed("timestamp out of range");
  return valid_duration(moment) ? Value::duration(moment) : failed("duration out of range");
}

Value moments(Arithmetic op, const Value& a, const Value& b) {
  const Moment x = a.as_moment(), y = b.as_moment();
  const bool both_instants = a.is(Kind::instant) && b.is(Kind::instant);
  if (op == Arithmetic::add && !both_instants) {
    const Kind kind = a.is(Kind::instant) || b.is(Kind::instant) ? Kind::instant : Kind::duration;
    return moment_result(kind, static_cast<__int128>(x.seconds) + y.seconds, std::int64_t{x.nanos} + y.nanos);
  }
  if (op != Arithmetic::subtract || (a.is(Kind::duration) && b.is(Kind::instant))) return Value::absent();
  const __int128 seconds = static_cast<__int128>(x.seconds) - y.seconds;
  // The distance of two timestamps must fit into 64 bits of nanoseconds, about 292 years.
  if (both_instants && (seconds > INT64_MAX / kNanos || seconds < INT64_MIN / kNanos))
    return failed("duration out of range");
  return moment_result(both_instants || a.is(Kind::duration) ? Kind::duration : Kind::instant, seconds,
                       std::int64_t{x.nanos} - y.nanos);
}

Value concatenated(const Value& a, const Value& b, Frame& frame) {
  if (a.is(Kind::list)) {
    if (!frame.charge(a.items().size() + b.items().size())) return cost_exceeded();
    std::vector<Value> items;
    items.reserve(a.items().size() + b.items().size());
    items.insert(items.end(), a.items().begin(), a.items().end());
    items.insert(items.end(), b.items().begin(), b.items().end());
    return Value::list(std::move(items));
  }
  if (!frame.charge((a.as_text().size() + b.as_text().size()) / 8)) return cost_exceeded();
  return Value::joined(a, b);
}

}  // namespace

Value failed(std::string_view what) { return Value::error(Fault{"expr.eval", std::string(what)}); }
Value failed(Fault fault) { return Value::error(std::move(fault)); }
Value cost_exceeded() {
  return Value::error(Fault{"expr.cost", "the expression takes more steps than its limit allows"});
}

Value no_such_overload(std::string_view function, std::span<const Value* const> arguments) {
  std::string kinds;
  for (const Value* argument : arguments) kinds += (kinds.empty() ? "" : ", ") + std::string(type_name(*argument));
  return failed(fmt::format("no such overload: '{}' cannot be applied to ({})", function, kinds));
}

Value placed(Value error, std::size_t offset) {
  const Fault& fault = error.as_fault();
  if (!fault.field.empty()) return error;
  Fault with_place = fault;
  with_place.field = "@" + std::to_string(offset);
  return Value::error(std::move(with_place));
}

bool equal(const Value& a, const Value& b, Frame& frame) {
  if (!frame.charge(1)) return false;
  if (a.kind() != b.kind()) {
    if (is_number(a.kind()) && is_number(b.kind())) return order_numbers(a, b) == Order::same;
    return false;
  }
  switch (a.kind()) {
    case Kind::floating:
      return a.as_floating() == b.as_floating();
    case Kind::text:
    case Kind::bytes:
    case Kind::type:
      return a.as_text() == b.as_text();
    case Kind::decimal:
      return a.as_decimal() == b.as_decimal();
    case Kind::list:
      return equal_items(a.items(), b.items(), frame);
    case Kind::map:
      return equal_maps(a, b, frame);
    case Kind::record:
      return a.shape().names == b.shape().names && equal_items(a.slots(), b.slots(), frame);
    case Kind::optional:
      return equal_optionals(a, b, frame);
    case Kind::ip_address:
      return short_address(a) == short_address(b);
    default:
      return a.same(b);
  }
}

Order order(const Value& a, const Value& b) {
  if (a.kind() != b.kind())
    return is_number(a.kind()) && is_number(b.kind()) ? order_numbers(a, b) : Order::incomparable;
  switch (a.kind()) {
    case Kind::boolean:
      return ordered(a.as_boolean() ? 1 : 0, b.as_boolean() ? 1 : 0);
    case Kind::integer:
      return ordered(a.as_integer(), b.as_integer());
    case Kind::unsigned_integer:
      return ordered(a.as_unsigned(), b.as_unsigned());
    case Kind::floating:
      return ordered(a.as_floating(), b.as_floating());
    case Kind::decimal:
      return order_decimals(a, b);
    case Kind::text:  // UTF-8 bytes sort as code points do
    case Kind::bytes:
      return ordered(a.as_text(), b.as_text());
    case Kind::date:
      return ordered(std::chrono::sys_days{a.as_date()}, std::chrono::sys_days{b.as_date()});
    case Kind::instant:
    case Kind::duration:
      return ordered(a.as_moment(), b.as_moment());
    default:
      return Order::incomparable;
  }
}

Value arithmetic(Arithmetic op, const Value& a, const Value& b, Frame& frame) {
  Value result;
  switch (pair(a.kind(), b.kind())) {
    case pair(Kind::integer, Kind::integer):
      return integers(op, a.as_integer(), b.as_integer());
    case pair(Kind::unsigned_integer, Kind::unsigned_integer):
      return unsigned_integers(op, a.as_unsigned(), b.as_unsigned());
    case pair(Kind::floating, Kind::floating):
      result = doubles(op, a.as_floating(), b.as_floating());
      break;
    case pair(Kind::decimal, Kind::decimal):
    case pair(Kind::decimal, Kind::integer):
    case pair(Kind::integer, Kind::decimal):
      return decimals(op, decimal_of(a), decimal_of(b));
    case pair(Kind::instant, Kind::instant):
    case pair(Kind::instant, Kind::duration):
    case pair(Kind::duration, Kind::instant):
    case pair(Kind::duration, Kind::duration):
      result = moments(op, a, b);
      break;
    case pair(Kind::text, Kind::text):
    case pair(Kind::bytes, Kind::bytes):
    case pair(Kind::list, Kind::list):
      if (op == Arithmetic::add) return concatenated(a, b, frame);
      break;
    default:
      break;
  }
  if (!result.is_absent()) return result;
  const Value* both[] = {&a, &b};
  return no_such_overload(std::string_view("+-*/%").substr(static_cast<std::size_t>(op), 1), both);
}

Value negate(const Value& a) {
  switch (a.kind()) {
    case Kind::integer:
      return a.as_integer() == INT64_MIN ? overflow("int") : Value::integer(-a.as_integer());
    case Kind::floating:
      return Value::floating(-a.as_floating());
    case Kind::decimal:
      return Value::decimal(-a.as_decimal());
    default:
      break;
  }
  const Value* one[] = {&a};
  return no_such_overload("-", one);
}

const Value* find_index(const Value& target, const Value& key, std::string& why) {
  if (target.is(Kind::map)) {
    if (const Value* found = target.find(key)) return found;
    why = fmt::format("no such key: {}", key.display());
    return nullptr;
  }
  if (!target.is(Kind::list)) {
    why = fmt::format("no such overload: {} has no elements to index", type_name(target));
    return nullptr;
  }
  std::int64_t position = -1;
  if (key.is(Kind::integer)) {
    position = key.as_integer();
  } else if (key.is(Kind::unsigned_integer)) {
    position = key.as_unsigned() > INT64_MAX ? -1 : static_cast<std::int64_t>(key.as_unsigned());
  } else if (key.is(Kind::floating) && key.as_floating() == std::trunc(key.as_floating()) &&
             std::fabs(key.as_floating()) < 1e15) {
    position = static_cast<std::int64_t>(key.as_floating());
  } else {
    why = fmt::format("invalid argument: a list is indexed by whole numbers, not by {}", key.display());
    return nullptr;
  }
  if (position >= 0 && static_cast<std::size_t>(position) < target.items().size())
    return &target.items()[static_cast<std::size_t>(position)];
  why = fmt::format("index out of bounds: {} in a list of {}", key.display(), target.items().size());
  return nullptr;
}

Value index(const Value& target, const Value& key) {
  std::string why;
  if (const Value* found = find_index(target, key, why)) return *found;
  return failed(why);
}

Value contained(const Value& item, const Value& in, Frame& frame) {
  if (in.is(Kind::map)) return Value::boolean(in.find(item) != nullptr);
  if (in.is(Kind::list)) {
    for (const Value& candidate : in.items())
      if (equal(item, candidate, frame)) return Value::boolean(true);
    return frame.exhausted ? cost_exceeded() : Value::boolean(false);
  }
  const Value* both[] = {&item, &in};
  return no_such_overload("in", both);
}

bool is_zero_value(const Value& value) {
  switch (value.kind()) {
    case Kind::absent:
    case Kind::null:
      return true;
    case Kind::boolean:
      return !value.as_boolean();
    case Kind::integer:
    case Kind::unsigned_integer:
      return value.as_unsigned() == 0;
    case Kind::floating:
      return value.as_floating() == 0;
    case Kind::decimal:
      return value.as_decimal().is_zero();
    case Kind::text:
    case Kind::bytes:
      return value.as_text().empty();
    case Kind::instant:
    case Kind::duration:
      return value.as_moment() == Moment{};
    case Kind::list:
      return value.items().empty();
    case Kind::map:
      return value.entries().empty();
    case Kind::optional:
      return !value.optional_has_value();
    default:
      return false;
  }
}

std::string_view type_name(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return "null_type";
    case Kind::instant:
      return "google.protobuf.Timestamp";
    case Kind::duration:
      return "google.protobuf.Duration";
    case Kind::optional:
      return "optional_type";
    case Kind::ip_address:
      return "net.IP";
    case Kind::ip_range:
      return "net.CIDR";
    case Kind::record:
      return value.shape().name.empty() ? "record" : std::string_view(value.shape().name);
    default:
      return model::to_text(value.kind());
  }
}

bool valid_instant(Moment moment) { return moment.seconds >= kFirstSecond && moment.seconds <= kLastSecond; }

bool valid_duration(Moment moment) {
  if (moment.seconds == kLongestDuration) return moment.nanos == 0;
  return moment.seconds > -kLongestDuration - 1 && moment.seconds < kLongestDuration;
}

bool normalise(__int128 seconds, std::int64_t nanos, Moment& out) {
  seconds += nanos / kNanos;
  std::int64_t rest = nanos % kNanos;
  if (rest < 0) {
    rest += kNanos;
    --seconds;
  }
  if (seconds > INT64_MAX || seconds < INT64_MIN) return false;
  out = {static_cast<std::int64_t>(seconds), static_cast<std::int32_t>(rest)};
  return true;
}

}  // namespace tieout::expr
