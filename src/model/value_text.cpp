// Value::display(): a value as an expression would write it, for messages and tests.
#include <fmt/format.h>

#include <cmath>

#include "model/value.hpp"

namespace tieout::model {
namespace {

constexpr std::int32_t kNanos = 1'000'000'000;

void append_quoted(std::string& out, std::string_view text) {
  out += '\'';
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  out += '\'';
}

std::string moment_text(Moment moment, bool is_instant) {
  std::string fraction;
  const bool negative = !is_instant && moment.seconds < 0;
  if (negative && moment.nanos != 0) moment = {moment.seconds + 1, kNanos - moment.nanos};
  if (moment.nanos != 0) {
    fraction = fmt::format(".{:09}", moment.nanos);
    fraction.resize(fraction.find_last_not_of('0') + 1);
  }
  if (!is_instant) return fmt::format("{}{}{}s", negative ? "-" : "", std::abs(moment.seconds), fraction);
  const std::string whole_seconds = tieout::to_text(instant_from_ms(moment.seconds * 1000));
  return whole_seconds.substr(0, whole_seconds.size() - 5) + fraction + "Z";
}

std::string floating_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  std::string text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

void display_aggregate(std::string& out, const Value& value) {
  bool first = true;
  const auto separate = [&] {
    if (!std::exchange(first, false)) out += ", ";
  };
  switch (value.kind()) {
    case Value::Kind::list:
      out += '[';
      for (const Value& item : value.items()) separate(), out += item.display();
      out += ']';
      return;
    case Value::Kind::map:
      out += '{';
      for (const MapEntry& entry : value.entries())
        separate(), out += entry.key.display() + ": " + entry.value.display();
      out += '}';
      return;
    default:
      out += value.shape().name + "{";
      for (std::size_t i = 0; i < value.slots().size(); ++i)
        if (!value.slot(i).is_absent()) separate(), out += value.shape().names[i] + ": " + value.slot(i).display();
      out += '}';
  }
}

std::string address_text(const Value& value) {
  const std::string_view bytes = value.address();
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (bytes.size() == 4) {
      out += (i ? "." : "") + std::to_string(byte);
    } else {
      out += fmt::format("{}{:02x}", i && i % 2 == 0 ? ":" : "", byte);
    }
  }
  return value.is(Value::Kind::ip_range) ? fmt::format("{}/{}", out, value.prefix()) : out;
}

}  // namespace

std::string Value::display() const {
  std::string out;
  switch (kind()) {
    case Kind::absent:
      return "absent";
    case Kind::null:
      return "null";
    case Kind::boolean:
      return as_boolean() ? "true" : "false";
    case Kind::integer:
      return std::to_string(as_integer());
    case Kind::unsigned_integer:
      return std::to_string(as_unsigned()) + "u";
    case Kind::floating:
      return floating_text(as_floating());
    case Kind::decimal:
      return "decimal('" + as_decimal().to_text() + "')";
    case Kind::text:
      append_quoted(out, as_text());
      return out;
    case Kind::bytes:
      for (const char c : as_text()) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
      return "b'" + out + "'";
    case Kind::date:
      return "date('" + tieout::to_text(as_date()) + "')";
    case Kind::instant:
      return "timestamp('" + moment_text(as_moment(), true) + "')";
    case Kind::duration:
      return "duration('" + moment_text(as_moment(), false) + "')";
    case Kind::list:
    case Kind::map:
    case Kind::record:
      display_aggregate(out, *this);
      return out;
    case Kind::optional:
      return optional_has_value() ? "optional.of(" + optional_value().display() + ")" : "optional.none()";
    case Kind::type:
      return std::string(as_text());
    case Kind::ip_address:
      return "ip('" + address_text(*this) + "')";
    case Kind::ip_range:
      return "cidr('" + address_text(*this) + "')";
    case Kind::error:
      return "error(" + as_fault().code + ": " + as_fault().what + ")";
  }
  return out;
}

std::string_view to_text(Value::Kind kind) {
  constexpr std::string_view names[] = {"absent", "null",     "bool", "int",       "uint",     "double", "decimal",
                                        "string", "bytes",    "date", "timestamp", "duration", "list",   "map",
                                        "record", "optional", "type", "ip",        "cidr",     "error"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace tieout::model
