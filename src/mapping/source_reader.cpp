#include "mapping/source_reader.hpp"

#include <fmt/core.h>
#define SIMDJSON_EXCEPTIONS 0  // a value that is not what it seems is an answer here, never an exception
#include <simdjson.h>

#include <charconv>
#include <cstring>
#include <optional>

#include "base/time.hpp"

namespace tieout::mapping {

namespace {

namespace od = simdjson::ondemand;
using model::Value;
using Kind = VendorSchema::Kind;

Result<Value> not_a(Kind kind, std::string_view text) {
  constexpr std::string_view kWords[] = {"a text", "a number", "a whole number", "true or false", "a date", "a time"};
  const std::string shown(text.substr(0, 60));
  return fail("mapping.source.kind", fmt::format("'{}' is not {}", shown, kWords[static_cast<int>(kind)]));
}

Result<Value> integer_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) return Value::integer(number);
  const auto decimal = Decimal::parse(text);  // "12.0" and 1e3 are whole numbers too
  if (!decimal || decimal->needed_scale() > 0 || decimal->abs() > Decimal(INT64_MAX)) return not_a(Kind::integer, text);
  return Value::integer(static_cast<std::int64_t>(decimal->rounded(0, Rounding::down).mantissa()));
}

std::optional<Instant> from_milliseconds(std::string_view text) {
  constexpr std::int64_t kYear9999 = 253402300799999;
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (error != std::errc{} || end != text.data() + text.size() || ms < -62135596800000 || ms > kYear9999)
    return std::nullopt;
  return instant_from_ms(ms);
}

Result<Value> instant_of(std::string_view text) {
  if (const auto instant = parse_instant(text)) return Value::instant(*instant);
  if (const auto instant = from_milliseconds(text)) return Value::instant(*instant);
  if (const auto date = parse_date(text)) return Value::instant(Instant{std::chrono::sys_days{*date}});
  return not_a(Kind::instant, text);
}

Result<Value> date_of(std::string_view text) {
  if (const auto date = parse_date(text)) return Value::date(*date);
  if (const auto instant = parse_instant(text)) return Value::date(utc_date(*instant));
  if (const auto instant = from_milliseconds(text)) return Value::date(utc_date(*instant));
  return not_a(Kind::date, text);
}

class SourceReader {
 public:
  Result<Value> document(const VendorSchema& schema, std::string_view json) {
    const std::size_t needed = json.size() + simdjson::SIMDJSON_PADDING;
    if (buffer_.size() < needed) buffer_.resize(needed * 2);
    std::memcpy(buffer_.data(), json.data(), json.size());
    std::memset(buffer_.data() + json.size(), ' ', simdjson::SIMDJSON_PADDING);

    od::document document;
    od::object object;
    auto error = parser_.iterate(buffer_.data(), json.size(), buffer_.size()).get(document);
    if (!error) error = document.get_object().get(object);
    if (error) return malformed(error);
    Value value;
    if (!read_object(schema, object, value)) {
      if (path_.empty() && fault_.code.empty()) return malformed(error_);
      fault_.field = path_;
      fault_.what = fmt::format("{}: {}", path_, fault_.what);
      return fail(std::move(fault_));
    }
    const char* rest = nullptr;
    if (!document.current_location().get(rest))
      return fail("mapping.source.malformed", "something follows the record's JSON");
    return value;
  }

  void reset() {
    path_.clear();
    fault_ = {};
    error_ = simdjson::SUCCESS;
  }

 private:
  static Result<Value> malformed(simdjson::error_code error) {
    return fail("mapping.source.malformed",
                fmt::format("the vendor's record is no readable JSON object: {}", simdjson::error_message(error)));
  }

  bool trouble(simdjson::error_code error) {
    error_ = error;
    return false;
  }
  bool trouble(Fault fault) {
    fault_ = std::move(fault);
    return false;
  }
  /// On the way out of a failure: puts the name before what is already known of the path.
  bool under(const std::string& name) {
    if (!fault_.code.empty()) path_ = path_.empty() ? name : path_[0] == '[' ? name + path_ : name + "." + path_;
    return false;
  }

  bool read_object(const VendorSchema& schema, od::object& object, Value& out) {
    std::vector<Value> slots(schema.all_absent().slots().begin(), schema.all_absent().slots().end());
    for (auto member : object) {
      od::field field;
      if (const auto error = std::move(member).get(field)) return trouble(error);
      const int index = child_of(schema, field);
      if (index == kBroken) return false;
      if (index < 0) continue;
      const VendorSchema& child = *schema.children()[static_cast<std::size_t>(index)];
      if (!child.is_used()) continue;
      if (!read_value(child, field.value(), slots[static_cast<std::size_t>(index)])) return under(child.name());
    }
    out = Value::record(schema.shape(), std::move(slots));
    return true;
  }

  static constexpr int kBroken = -2;

  /// Names are compared as they are written; only one with an escape is unescaped first.
  int child_of(const VendorSchema& schema, od::field& field) {
    const char* raw = field.key().raw();
    const char* end = raw;
    while (*end != '"' && *end != '\\') ++end;
    if (*end == '"') return schema.index_of({raw, static_cast<std::size_t>(end - raw)});
    std::string_view name;
    if (const auto error = field.unescaped_key().get(name)) return trouble(error), kBroken;
    return schema.index_of(name);
  }

  bool read_value(const VendorSchema& schema, od::value& value, Value& out) {
    od::json_type type;
    if (const auto error = value.type().get(type)) return trouble(error);
    if (type == od::json_type::null) {
      bool is_null = false;
      if (const auto error = value.is_null().get(is_null)) return trouble(error);
      out = schema.kind() == Kind::object ? schema.all_null() : Value::null();
      return true;
    }
    if (schema.kind() == Kind::object) {
      od::object object;
      if (type != od::json_type::object) return trouble(Fault("mapping.source.kind", "must be an object"));
      if (const auto error = value.get_object().get(object)) return trouble(error);
      return read_object(schema, object, out);
    }
    if (schema.kind() == Kind::list) return read_list(schema, type, value, out);
    return read_leaf(schema.kind(), type, value, out);
  }

  bool read_list(const VendorSchema& schema, od::json_type type, od::value& value, Value& out) {
    if (type != od::json_type::array) return trouble(Fault("mapping.source.kind", "must be a list"));
    od::array array;
    if (const auto error = value.get_array().get(array)) return trouble(error);
    std::vector<Value> items;
    for (auto element : array) {
      od::value item;
      if (const auto error = std::move(element).get(item)) return trouble(error);
      items.emplace_back();
      if (!read_value(schema.item(), item, items.back())) return under(fmt::format("[{}]", items.size() - 1));
    }
    out = Value::list(std::move(items));
    return true;
  }

  bool read_leaf(Kind kind, od::json_type type, od::value& value, Value& out) {
    std::string_view text;
    if (type == od::json_type::string) {
      if (const auto error = value.get_string().get(text)) return trouble(error);
      if (kind == Kind::text) return out = Value::text(text), true;
      if (text.empty()) return out = Value::null(), true;
    } else if (type == od::json_type::number || type == od::json_type::boolean) {
      text = value.raw_json_token();
      while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
      // The raw token of a number is only checked as far as its reader goes: a Decimal reads all of it.
      if (type == od::json_type::number && kind != Kind::number && !Decimal::parse(text))
        return trouble(Fault("mapping.source.kind", fmt::format("'{}' is no number that can be kept exactly", text)));
      bool truth = false;
      if (type == od::json_type::boolean)
        if (const auto error = value.get_bool().get(truth)) return trouble(error);
      if (kind == Kind::text) return out = Value::text(text), true;
    } else {
      return trouble(Fault("mapping.source.kind", "must be a single value, not an object or a list"));
    }
    Result<Value> read = read_scalar(kind, text);
    if (!read) return trouble(std::move(read).error());
    out = *std::move(read);
    return true;
  }

  od::parser parser_;
  std::vector<char> buffer_;
  std::string path_;
  Fault fault_;
  simdjson::error_code error_ = simdjson::SUCCESS;
};

}  // namespace

Result<Value> read_scalar(Kind kind, std::string_view text) {
  switch (kind) {
    case Kind::number: {
      const auto number = Decimal::parse(text);
      return number ? Value::decimal(*number) : not_a(kind, text);
    }
    case Kind::integer:
      return integer_of(text);
    case Kind::boolean:
      if (text == "true" || text == "false") return Value::boolean(text == "true");
      return not_a(kind, text);
    case Kind::date:
      return date_of(text);
    case Kind::instant:
      return instant_of(text);
    default:
      return Value::text(text);
  }
}

Result<Value> read_source(const VendorSchema& schema, std::string_view json) {
  thread_local SourceReader reader;
  reader.reset();
  return reader.document(schema, json);
}

}  // namespace tieout::mapping
