// Operators as the checker sees them, conversions between types, and what optional values can do. The arithmetic itself
// is in semantics.cpp.
#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "expr/lexer.hpp"
#include "expr/registry.hpp"
#include "expr/semantics.hpp"
#include "expr/text.hpp"
#include "expr/time_text.hpp"

namespace tieout::expr {
namespace {

using model::Moment;
using model::Value;
using Kind = Value::Kind;

// The operators have steps of their own; these stand in for the checker only.
Value op_arithmetic(Call&) { return failed("an operator was called as a function"); }
constexpr Function op = &op_arithmetic;

Value out_of_range(std::string_view type) { return failed(fmt::format("range: the value does not fit into {}", type)); }
Value not_a(const Value& value, std::string_view type) {
  return failed(fmt::format("{} cannot be read as {}", value.display(), type));
}

Value same(Call& call) { return call[0]; }
Value type_of(Call& call) { return Value::type(type_name(call[0])); }

template <class T>
bool read_number(std::string_view text, T& out) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
  return problem == std::errc{} && end == text.data() + text.size() && !text.empty();
}

Value int_from_uint(Call& call) {
  return call[0].as_unsigned() > INT64_MAX ? out_of_range("int")
                                           : Value::integer(static_cast<std::int64_t>(call[0].as_unsigned()));
}
Value int_from_double(Call& call) {
  const double value = call[0].as_floating();
  if (!(value > -9223372036854775808.0 && value < 9223372036854775808.0)) return out_of_range("int");
  return Value::integer(static_cast<std::int64_t>(value));
}
Value int_from_text(Call& call) {
  std::int64_t value = 0;
  return read_number(call[0].as_text(), value) ? Value::integer(value) : not_a(call[0], "int");
}
Value int_from_instant(Call& call) { return Value::integer(call[0].as_moment().seconds); }
Value int_from_decimal(Call& call) {
  const Decimal value = call[0].as_decimal().normalised();
  if (value.scale() != 0)
    return failed(fmt::format("{} is no whole number; say how to round: int(round(x, 0, 'half_up'))",
                              call[0].as_decimal().to_text()));
  if (value.mantissa() > INT64_MAX || value.mantissa() < INT64_MIN) return out_of_range("int");
  return Value::integer(static_cast<std::int64_t>(value.mantissa()));
}

Value uint_from_int(Call& call) {
  return call[0].as_integer() < 0 ? out_of_range("uint") : Value::unsigned_integer(call[0].as_unsigned());
}
Value uint_from_double(Call& call) {
  const double value = call[0].as_floating();
  if (!(value > -1.0 && value < 18446744073709551616.0)) return out_of_range("uint");
  return Value::unsigned_integer(static_cast<std::uint64_t>(value));
}
Value uint_from_text(Call& call) {
  std::uint64_t value = 0;
  return read_number(call[0].as_text(), value) ? Value::unsigned_integer(value) : not_a(call[0], "uint");
}

Value double_from_int(Call& call) { return Value::floating(static_cast<double>(call[0].as_integer())); }
Value double_from_uint(Call& call) { return Value::floating(static_cast<double>(call[0].as_unsigned())); }
Value double_from_text(Call& call) {
  double value = 0;
  return read_number(call[0].as_text(), value) ? Value::floating(value) : not_a(call[0], "double");
}
Value double_from_decimal(Call& call) {
  return Value::floating(std::strtod(call[0].as_decimal().to_text().c_str(), nullptr));
}

Value bool_from_text(Call& call) {
  const std::string_view text = call[0].as_text();
  for (const std::string_view word : {"1", "t", "T", "true", "TRUE", "True"})
    if (text == word) return Value::boolean(true);
  for (const std::string_view word : {"0", "f", "F", "false", "FALSE", "False"})
    if (text == word) return Value::boolean(false);
  return not_a(call[0], "bool");
}

Value bytes_from_text(Call& call) { return Value::bytes(call[0].as_text()); }
Value text_from_bytes(Call& call) {
  if (!is_valid_utf8(call[0].as_text())) return failed("the bytes are not valid UTF-8");
  return Value::text(call[0].as_text());
}
Value text_from_any(Call& call) { return Value::text(plain_text(call[0])); }

Value instant_from_text(Call& call) {
  Moment moment;
  if (!read_instant(call[0].as_text(), moment)) return not_a(call[0], "timestamp");
  return valid_instant(moment) ? Value::instant(moment) : out_of_range("timestamp");
}
Value instant_from_int(Call& call) {
  const Moment moment{call[0].as_integer(), 0};
  return valid_instant(moment) ? Value::instant(moment) : out_of_range("timestamp");
}
Value duration_from_text(Call& call) {
  Moment moment;
  if (!read_duration(call[0].as_text(), moment)) return not_a(call[0], "duration");
  return valid_duration(moment) ? Value::duration(moment) : out_of_range("duration");
}
Value duration_from_int(Call& call) {
  const Moment moment{call[0].as_integer(), 0};
  return valid_duration(moment) ? Value::duration(moment) : out_of_range("duration");
}

Value some(Call& call) { return Value::some(call[0]); }
Value some_unless_zero(Call& call) { return is_zero_value(call[0]) ? Value::none() : Value::some(call[0]); }
Value none(Call&) { return Value::none(); }
Value has_value(Call& call) { return Value::boolean(call[0].optional_has_value()); }
Value value_of(Call& call) {
  return call[0].optional_has_value() ? call[0].optional_value() : failed("optional.none() has no value");
}
Value or_other(Call& call) { return call[0].optional_has_value() ? call[0] : call[1]; }
Value or_value(Call& call) { return call[0].optional_has_value() ? call[0].optional_value() : call[1]; }

constexpr Builtin kOperators[] = {
    {"!_", "(bool) -> bool", op},
    {"-_", "(int) -> int", op},
    {"-_", "(double) -> double", op},
    {"-_", "(decimal) -> decimal", op},
    {"_+_", "(int, int) -> int", op},
    {"_+_", "(uint, uint) -> uint", op},
    {"_+_", "(double, double) -> double", op},
    {"_+_", "(string, string) -> string", op},
    {"_+_", "(bytes, bytes) -> bytes", op},
    {"_+_", "(list(A), list(A)) -> list(A)", op},
    {"_+_", "(timestamp, duration) -> timestamp", op},
    {"_+_", "(duration, timestamp) -> timestamp", op},
    {"_+_", "(duration, duration) -> duration", op},
    {"_+_", "(decimal, decimal) -> decimal", op},
    {"_+_", "(decimal, int) -> decimal", op},
    {"_+_", "(int, decimal) -> decimal", op},
    {"_-_", "(int, int) -> int", op},
    {"_-_", "(uint, uint) -> uint", op},
    {"_-_", "(double, double) -> double", op},
    {"_-_", "(timestamp, timestamp) -> duration", op},
    {"_-_", "(timestamp, duration) -> timestamp", op},
    {"_-_", "(duration, duration) -> duration", op},
    {"_-_", "(decimal, decimal) -> decimal", op},
    {"_-_", "(decimal, int) -> decimal", op},
    {"_-_", "(int, decimal) -> decimal", op},
    {"_*_", "(int, int) -> int", op},
    {"_*_", "(uint, uint) -> uint", op},
    {"_*_", "(double, double) -> double", op},
    {"_*_", "(decimal, decimal) -> decimal", op},
    {"_*_", "(decimal, int) -> decimal", op},
    {"_*_", "(int, decimal) -> decimal", op},
    {"_/_", "(int, int) -> int", op},
    {"_/_", "(uint, uint) -> uint", op},
    {"_/_", "(double, double) -> double", op},
    {"_%_", "(int, int) -> int", op},
    {"_%_", "(uint, uint) -> uint", op},
    {"_==_", "(A, A) -> bool", op},
    {"_==_", "(decimal, int) -> bool", op},
    {"_==_", "(int, decimal) -> bool", op},
    {"_!=_", "(A, A) -> bool", op},
    {"_!=_", "(decimal, int) -> bool", op},
    {"_!=_", "(int, decimal) -> bool", op},
    {"@in", "(A, list(A)) -> bool", op},
    {"@in", "(A, map(A, B)) -> bool", op},
    {"_[_]", "(list(A), int) -> A", op},
    {"_[_]", "(map(A, B), A) -> B", op},
    {"_[_]", "(optional(list(A)), int) -> optional(A)", op},
    {"_[_]", "(optional(map(A, B)), A) -> optional(B)", op},
    {"_[?_]", "(list(A), int) -> optional(A)", op},
    {"_[?_]", "(map(A, B), A) -> optional(B)", op},
    {"_[?_]", "(optional(list(A)), int) -> optional(A)", op},
    {"_[?_]", "(optional(map(A, B)), A) -> optional(B)", op},
};

/// The four comparisons take the same pairs of types.
std::vector<Builtin> with_comparisons() {
  std::vector<Builtin> all(std::begin(kOperators), std::end(kOperators));
  constexpr const char* pairs[] = {"(bool, bool) -> bool",         "(int, int) -> bool",
                                   "(uint, uint) -> bool",         "(double, double) -> bool",
                                   "(string, string) -> bool",     "(bytes, bytes) -> bool",
                                   "(date, date) -> bool",         "(timestamp, timestamp) -> bool",
                                   "(duration, duration) -> bool", "(int, uint) -> bool",
                                   "(uint, int) -> bool",          "(int, double) -> bool",
                                   "(double, int) -> bool",        "(uint, double) -> bool",
                                   "(double, uint) -> bool",       "(decimal, decimal) -> bool",
                                   "(decimal, int) -> bool",       "(int, decimal) -> bool"};
  for (const char* name : {"_<_", "_<=_", "_>_", "_>=_"})
    for (const char* signature : pairs) all.push_back({name, signature, op});
  return all;
}

constexpr Builtin kConversions[] = {
    {"dyn", "(A) -> dyn", same},
    {"type", "(A) -> type", type_of},
    {"int", "(int) -> int", same},
    {"int", "(uint) -> int", int_from_uint},
    {"int", "(double) -> int", int_from_double},
    {"int", "(string) -> int", int_from_text},
    {"int", "(timestamp) -> int", int_from_instant},
    {"int", "(decimal) -> int", int_from_decimal},
    {"uint", "(uint) -> uint", same},
    {"uint", "(int) -> uint", uint_from_int},
    {"uint", "(double) -> uint", uint_from_double},
    {"uint", "(string) -> uint", uint_from_text},
    {"double", "(double) -> double", same},
    {"double", "(int) -> double", double_from_int},
    {"double", "(uint) -> double", double_from_uint},
    {"double", "(string) -> double", double_from_text},
    {"double", "(decimal) -> double", double_from_decimal},
    {"bool", "(bool) -> bool", same},
    {"bool", "(string) -> bool", bool_from_text},
    {"bytes", "(bytes) -> bytes", same},
    {"bytes", "(string) -> bytes", bytes_from_text},
    {"string", "(string) -> string", same},
    {"string", "(bytes) -> string", text_from_bytes},
    {"string", "(bool) -> string", text_from_any},
    {"string", "(int) -> string", text_from_any},
    {"string", "(uint) -> string", text_from_any},
    {"string", "(double) -> string", text_from_any},
    {"string", "(decimal) -> string", text_from_any},
    {"string", "(date) -> string", text_from_any},
    {"string", "(timestamp) -> string", text_from_any},
    {"string", "(duration) -> string", text_from_any},
    {"string", "(ip) -> string", text_from_any},
    {"string", "(cidr) -> string", text_from_any},
    {"timestamp", "(timestamp) -> timestamp", same},
    {"timestamp", "(string) -> timestamp", instant_from_text},
    {"timestamp", "(int) -> timestamp", instant_from_int},
    {"duration", "(duration) -> duration", same},
    {"duration", "(string) -> duration", duration_from_text},
    {"duration", "(int) -> duration", duration_from_int},
};

constexpr Builtin kOptional[] = {
    {"optional.of", "(A) -> optional(A)", some},   {"optional.ofNonZeroValue", "(A) -> optional(A)", some_unless_zero},
    {"optional.none", "() -> optional(A)", none},  {"hasValue", "optional(A).() -> bool", has_value},
    {"value", "optional(A).() -> A", value_of},    {"or", "optional(A).(optional(A)) -> optional(A)", or_other},
    {"orValue", "optional(A).(A) -> A", or_value},
};

}  // namespace

std::span<const Builtin> operator_functions() {
  static const std::vector<Builtin> all = with_comparisons();
  return all;
}
std::span<const Builtin> conversion_functions() { return kConversions; }
std::span<const Builtin> optional_functions() { return kOptional; }

}  // namespace tieout::expr
