#include "expr/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "expr/network.hpp"
#include "expr/semantics.hpp"
#include "expr/time_text.hpp"

namespace tieout::expr {
namespace {

using model::Value;
using Kind = Value::Kind;

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::size_t offset_of(std::string_view text, std::size_t position) {
  std::size_t at = 0;
  for (; position > 0 && at < text.size(); --position) {
    ++at;
    while (at < text.size() && continues(text[at])) ++at;
  }
  return position > 0 ? std::string_view::npos : at;
}

std::string double_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  const double magnitude = std::fabs(value);
  const bool fixed = magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e21);
  char buffer[64];
  const auto [end, problem] = std::to_chars(buffer, buffer + sizeof buffer, value,
                                            fixed ? std::chars_format::fixed : std::chars_format::scientific);
  return problem == std::errc{} ? std::string(buffer, end) : std::string{};
}

std::string plain_text(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return value.as_boolean() ? "true" : "false";
    case Kind::integer:
      return std::to_string(value.as_integer());
    case Kind::unsigned_integer:
      return std::to_string(value.as_unsigned());
    case Kind::floating:
      return double_text(value.as_floating());
    case Kind::decimal:
      return value.as_decimal().to_text();
    case Kind::text:
    case Kind::bytes:
    case Kind::type:
      return std::string(value.as_text());
    case Kind::date:
      return tieout::to_text(value.as_date());
    case Kind::instant:
      return instant_text(value.as_moment());
    case Kind::duration:
      return duration_text(value.as_moment());
    case Kind::ip_address:
    case Kind::ip_range:
      return address_text(value);
    default:
      return value.display();
  }
}

std::string nested_text(const Value& value) {
  if (value.is(Kind::list)) {
    std::string out = "[";
    for (const Value& item : value.items()) out += (out.size() > 1 ? ", " : "") + nested_text(item);
    return out + "]";
  }
  if (!value.is(Kind::map)) return plain_text(value);
  std::vector<std::pair<std::string, std::string>> entries;
  for (const model::MapEntry& entry : value.entries())
    entries.emplace_back(nested_text(entry.key), nested_text(entry.value));
  std::sort(entries.begin(), entries.end());
  std::string out = "{";
  for (const auto& [key, content] : entries) out += (out.size() > 1 ? ", " : "") + key + ": " + content;
  return out + "}";
}

}  // namespace tieout::expr
