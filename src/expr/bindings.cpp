#include "expr/bindings.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "base/hash.hpp"
#include "expr/text.hpp"
#include "expr/time_text.hpp"

namespace tieout::expr {
namespace {

using model::MapEntry;
using model::Moment;
using model::Value;
using Kind = Value::Kind;

tl::unexpected<Fault> malformed(std::string_view tag, const json::Value& content) {
  return fail("expr.bindings.malformed",
              fmt::format("{} does not fit the tag '{}'", content.dump().substr(0, 80), tag));
}

template <class T>
bool read_whole(std::string_view text, T& out) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
  return problem == std::errc{} && end == text.data() + text.size() && !text.empty();
}

bool read_double(std::string_view text, double& out) {
  if (text == "NaN" || text == "nan") {
    out = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  return read_whole(text, out);
}

bool read_hex(std::string_view text, std::string& out) {
  if (text.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    std::uint8_t byte = 0;
    const auto [end, problem] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    if (problem != std::errc{} || end != text.data() + i + 2) return false;
    out += static_cast<char>(byte);
  }
  return true;
}

/// [seconds, nanos], or the text form.
bool read_moment(const json::Value& content, bool is_instant, Moment& out) {
  if (content.is_array() && content.size() == 2) {
    std::int64_t nanos = 0;
    if (!read_whole(content.items()[0].text(), out.seconds) || !read_whole(content.items()[1].text(), nanos))
      return false;
    if (nanos < 0) {
      nanos += 1'000'000'000;
      --out.seconds;
    }
    out.nanos = static_cast<std::int32_t>(nanos);
    return nanos >= 0 && nanos < 1'000'000'000;
  }
  return is_instant ? read_instant(content.text(), out) : read_duration(content.text(), out);
}

/// Tags of single values, which both notations share. Absent when the tag is none of them.
Result<Value> scalar(std::string_view tag, const json::Value& content) {
  const std::string& text = content.text();
  std::int64_t whole = 0;
  std::uint64_t natural = 0;
  double number = 0;
  Moment moment;
  std::string bytes;
  if (tag == "int") return read_whole(text, whole) ? Result<Value>(Value::integer(whole)) : malformed(tag, content);
  if (tag == "uint")
    return read_whole(text, natural) ? Result<Value>(Value::unsigned_integer(natural)) : malformed(tag, content);
  if (tag == "double")
    return read_double(text, number) ? Result<Value>(Value::floating(number)) : malformed(tag, content);
  if (tag == "bytes") return read_hex(text, bytes) ? Result<Value>(Value::bytes(bytes)) : malformed(tag, content);
  if (tag == "timestamp")
    return read_moment(content, true, moment) ? Result<Value>(Value::instant(moment)) : malformed(tag, content);
  if (tag == "duration")
    return read_moment(content, false, moment) ? Result<Value>(Value::duration(moment)) : malformed(tag, content);
  if (tag == "decimal") {
    const auto decimal = Decimal::parse(text);
    return decimal ? Result<Value>(Value::decimal(*decimal)) : malformed(tag, content);
  }
  if (tag == "date") {
    const auto date = parse_date(text);
    return date ? Result<Value>(Value::date(*date)) : malformed(tag, content);
  }
  return Value::absent();
}

Result<Value> number_from(const std::string& text) {
  if (text.find_first_of(".eE") == std::string::npos) {
    std::int64_t whole = 0;
    if (read_whole(text, whole)) return Value::integer(whole);
    std::uint64_t natural = 0;
    if (read_whole(text, natural)) return Value::unsigned_integer(natural);
  }
  const auto decimal = Decimal::parse(text);
  if (decimal) return Value::decimal(*decimal);
  return fail(
      "expr.bindings.malformed",
      fmt::format("{} is too large or too fine for an exact decimal; write {{\"$double\": \"{}\"}}", text, text));
}

Result<Value> object_from(const json::Value& plain) {
  if (plain.size() == 1 && plain.members()[0].first.starts_with('$')) {
    const auto& [tag, content] = plain.members()[0];
    TRY(value, scalar(std::string_view(tag).substr(1), content));
    if (!value.is_absent()) return value;
  }
  std::vector<MapEntry> entries;
  for (const auto& [name, content] : plain.members()) {
    TRY(value, value_from_json(content));
    entries.push_back({Value::text(name), std::move(value)});
  }
  return Value::map(std::move(entries));
}

Result<Value> tagged_map(const json::Value& content) {
  std::vector<MapEntry> entries;
  for (const json::Value& pair : content.items()) {
    if (pair.size() != 2) return malformed("map", content);
    TRY(key, value_from_tagged(pair.items()[0]));
    TRY(value, value_from_tagged(pair.items()[1]));
    entries.push_back({std::move(key), std::move(value)});
  }
  return Value::map(std::move(entries));
}

json::Value safe_number(const Value& value) {
  constexpr std::int64_t exact = std::int64_t{1} << 53;
  const std::string text = plain_text(value);
  const bool small = value.is(Kind::integer) ? value.as_integer() > -exact && value.as_integer() < exact
                                             : value.as_unsigned() < static_cast<std::uint64_t>(exact);
  return small ? json::Value::number(text) : json::Value::string(text);
}

}  // namespace

Result<Value> value_from_json(const json::Value& plain) {
  switch (plain.kind()) {
    case json::Kind::null:
      return Value::null();
    case json::Kind::boolean:
      return Value::boolean(plain.as_bool());
    case json::Kind::number:
      return number_from(plain.text());
    case json::Kind::string:
      return Value::text(plain.text());
    case json::Kind::object:
      return object_from(plain);
    case json::Kind::array:
      break;
  }
  std::vector<Value> items;
  for (const json::Value& content : plain.items()) {
    TRY(value, value_from_json(content));
    items.push_back(std::move(value));
  }
  return Value::list(std::move(items));
}

Result<Value> value_from_tagged(const json::Value& tagged) {
  if (!tagged.is_object() || tagged.size() != 1)
    return fail("expr.bindings.malformed",
                fmt::format("{} is no tagged value such as {{\"int\": \"1\"}}", tagged.dump().substr(0, 80)));
  const auto& [tag, content] = tagged.members()[0];
  if (tag == "null") return Value::null();
  if (tag == "bool") return Value::boolean(content.as_bool());
  if (tag == "string") return Value::text(content.text());
  if (tag == "type") return Value::type(content.text());
  if (tag == "map") return tagged_map(content);
  if (tag == "optional") {
    if (content.is_null()) return Value::none();
    TRY(inner, value_from_tagged(content));
    return Value::some(std::move(inner));
  }
  if (tag == "list") {
    std::vector<Value> items;
    for (const json::Value& item : content.items()) {
      TRY(value, value_from_tagged(item));
      items.push_back(std::move(value));
    }
    return Value::list(std::move(items));
  }
  TRY(value, scalar(tag, content));
  if (value.is_absent()) return fail("expr.bindings.malformed", fmt::format("unknown tag '{}'", tag));
  return value;
}

Result<Bindings> read_bindings(std::string_view text) {
  TRY(document, json::parse(text));
  if (!document.is_object())
    return fail("expr.bindings.malformed", "bindings are a JSON object: variable name to value");
  Bindings bindings;
  for (const auto& [name, content] : document.members()) {
    TRY(value, value_from_json(content));
    bindings.emplace_back(name, std::move(value));
  }
  return bindings;
}

json::Value value_to_json(const Value& value) {
  switch (value.kind()) {
    case Kind::absent:
    case Kind::null:
      return {};
    case Kind::boolean:
      return json::Value::boolean(value.as_boolean());
    case Kind::integer:
    case Kind::unsigned_integer:
      return safe_number(value);
    case Kind::floating: {
      const std::string text = double_text(value.as_floating());
      return std::isfinite(value.as_floating()) ? json::Value::number(text) : json::Value::string(text);
    }
    case Kind::bytes:
      return json::Value::string(base64(value.as_bytes()));
    case Kind::list: {
      json::Value out = json::Value::array();
      for (const Value& item : value.items()) out.push(value_to_json(item));
      return out;
    }
    case Kind::map: {
      json::Value out = json::Value::object();
      for (const MapEntry& entry : value.entries()) out.set(plain_text(entry.key), value_to_json(entry.value));
      return out;
    }
    case Kind::record: {
      json::Value out = json::Value::object();
      for (std::size_t i = 0; i < value.slots().size(); ++i)
        if (!value.slot(i).is_absent()) out.set(value.shape().names[i], value_to_json(value.slot(i)));
      return out;
    }
    case Kind::optional:
      return value.optional_has_value() ? value_to_json(value.optional_value()) : json::Value();
    default:
      return json::Value::string(plain_text(value));
  }
}

}  // namespace tieout::expr
