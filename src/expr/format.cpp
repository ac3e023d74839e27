#include "expr/format.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "expr/semantics.hpp"
#include "expr/text.hpp"

namespace tieout::expr {
namespace {

using model::Value;
using Kind = Value::Kind;

constexpr int kDefaultPrecision = 6;
constexpr int kMaxPrecision = 1000;

Value wrong(std::string_view clause, std::string_view takes, const Value& given) {
  return failed(fmt::format("error during formatting: {} clause can only be used on {}, was given {}", clause, takes,
                            type_name(given)));
}

std::string in_base(std::uint64_t magnitude, bool negative, unsigned base, bool upper) {
  const std::string_view alphabet = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string digits(1, alphabet[magnitude % base]);
  for (std::uint64_t rest = magnitude / base; rest != 0; rest /= base) digits += alphabet[rest % base];
  if (negative) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

/// Fails by returning false when the value is no integer (or, where allowed, a bool).
bool integer_in_base(const Value& value, unsigned base, bool upper, std::string& out) {
  if (value.is(Kind::integer)) {
    const std::int64_t number = value.as_integer();
    out = in_base(number < 0 ? 0 - value.as_unsigned() : value.as_unsigned(), number < 0, base, upper);
  } else if (value.is(Kind::unsigned_integer)) {
    out = in_base(value.as_unsigned(), false, base, upper);
  } else {
    return false;
  }
  return true;
}

Value floating_clause(char verb, int precision, const Value& value, std::string& out) {
  if (value.is(Kind::decimal) && verb == 'f') {
    const auto rounded =
        Decimal::round(value.as_decimal(), std::min(precision, Decimal::kMaxScale), Rounding::half_even);
    if (!rounded) return failed(rounded.error());
    out = rounded->to_text();
    return Value::null();
  }
  double number = 0;
  if (value.is(Kind::floating)) {
    number = value.as_floating();
  } else if (value.is(Kind::integer)) {
    number = static_cast<double>(value.as_integer());
  } else if (value.is(Kind::unsigned_integer)) {
    number = static_cast<double>(value.as_unsigned());
  } else {
    return wrong(verb == 'e' ? "scientific" : "fixed-point", "doubles", value);
  }
  if (!std::isfinite(number)) {
    out = double_text(number);
  } else {
    out = verb == 'e' ? fmt::format("{:.{}e}", number, precision) : fmt::format("{:.{}f}", number, precision);
  }
  return Value::null();
}

Value hex_clause(bool upper, const Value& value, std::string& out) {
  if (integer_in_base(value, 16, upper, out)) return Value::null();
  if (!value.is_text() && !value.is(Kind::bytes)) return wrong("hex", "integers, byte buffers, and strings", value);
  for (const char c : value.as_text())
    out += fmt::format(fmt::runtime(upper ? "{:02X}" : "{:02x}"), static_cast<unsigned char>(c));
  return Value::null();
}

Value decimal_clause(const Value& value, std::string& out) {
  if (integer_in_base(value, 10, false, out)) return Value::null();
  if (value.is(Kind::decimal) && value.as_decimal().needed_scale() == 0) {
    out = value.as_decimal().normalised().to_text();
    return Value::null();
  }
  // Only a double that is no number at all is let through, by its name.
  if (!value.is(Kind::floating) || std::isfinite(value.as_floating())) return wrong("decimal", "integers", value);
  out = double_text(value.as_floating());
  return Value::null();
}

bool can_be_text(const Value& value) {
  switch (value.kind()) {
    case Kind::list:
      for (const Value& item : value.items())
        if (!can_be_text(item)) return false;
      return true;
    case Kind::map:
      for (const model::MapEntry& entry : value.entries())
        if (!can_be_text(entry.value)) return false;
      return true;
    default:
      return !value.is(Kind::optional) && !value.is(Kind::record);
  }
}

std::uint64_t nested_size(const Value& value, Frame& frame) {
  if (frame.exhausted) return 0;
  frame.charge(1);
  std::uint64_t size = value.is_text() || value.is(Kind::bytes) ? value.as_text().size() : 8;
  if (value.is(Kind::list))
    for (const Value& item : value.items()) size += nested_size(item, frame);
  if (value.is(Kind::map))
    for (const model::MapEntry& entry : value.entries()) size += nested_size(entry.value, frame);
  return size;
}

/// Null when `out` has the text; otherwise the error.
Value clause(char verb, int precision, const Value& value, Frame& frame, std::string& out) {
  switch (verb) {
    case 's':
      if (!frame.charge(nested_size(value, frame) / 8)) return cost_exceeded();
      if (!can_be_text(value)) return wrong("string", "values that have a text", value);
      out = nested_text(value);
      return Value::null();
    case 'd':
      return decimal_clause(value, out);
    case 'f':
    case 'e':
      return floating_clause(verb, precision, value, out);
    case 'b':
      if (value.is(Kind::boolean)) {
        out.assign(1, value.as_boolean() ? '1' : '0');
        return Value::null();
      }
      return integer_in_base(value, 2, false, out) ? Value::null() : wrong("binary", "integers and bools", value);
    case 'o':
      return integer_in_base(value, 8, false, out) ? Value::null() : wrong("octal", "integers", value);
    case 'x':
    case 'X':
      return hex_clause(verb == 'X', value, out);
    default:
      return failed(fmt::format("error during formatting: unrecognized formatting clause '%{}'", verb));
  }
}

}  // namespace

Value format_text(std::string_view pattern, std::span<const Value> arguments, Frame& frame) {
  std::string out;
  std::size_t next = 0;
  if (!frame.charge(pattern.size() / 8)) return cost_exceeded();
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      out += pattern[i];
      continue;
    }
    if (++i < pattern.size() && pattern[i] == '%') {
      out += '%';
      continue;
    }
    int precision = kDefaultPrecision;
    if (i < pattern.size() && pattern[i] == '.') {
      precision = 0;
      for (++i; i < pattern.size() && pattern[i] >= '0' && pattern[i] <= '9'; ++i)
        precision = std::min(precision * 10 + (pattern[i] - '0'), kMaxPrecision);
    }
    if (i >= pattern.size()) return failed("error during formatting: the text ends inside a % clause");
    if (next >= arguments.size()) return failed(fmt::format("error during formatting: index {} out of range", next));
    std::string text;
    Value problem = clause(pattern[i], precision, arguments[next++], frame, text);
    if (problem.is_error()) return problem;
    if (!frame.charge(text.size() / 8)) return cost_exceeded();
    out += text;
  }
  return Value::text(out);
}

}  // namespace tieout::expr
