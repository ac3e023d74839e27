// Records as JSON of ours: what `--json` prints, what test cases of packs are written in, what the API will speak.
#include <fmt/core.h>

#include "model/record.hpp"

namespace tieout::model {

namespace {

void write_value(const RecordType& type, int index, const Value& value, json::Writer& out) {
  switch (value.kind()) {
    case Value::Kind::boolean:
      out.boolean(value.as_boolean());
      return;
    case Value::Kind::integer:
      out.number(value.as_integer());
      return;
    case Value::Kind::decimal:
      out.string(value.as_decimal().to_text());
      return;
    case Value::Kind::text:
      out.string(value.as_text());
      return;
    case Value::Kind::date:
      out.string(tieout::to_text(value.as_date()));
      return;
    case Value::Kind::instant:
      out.string(tieout::to_text(value.as_instant()));
      return;
    case Value::Kind::list:
      out.begin_array();
      for (const Value& item : value.items()) write_json(Record(type.element(index), item), out);
      out.end_array();
      return;
    default:
      out.null();
  }
}

struct Reader {
  /// Path of the field being read, for the fault.
  std::string path;

  Result<Value> wrong_kind(const FieldDecl& field, const json::Value& value) const {
    return fail("model.json.kind",
                fmt::format("{} must be {}, but the JSON has {}", path, to_text(field.kind), value.dump()), path);
  }

  Result<Value> value_of(const RecordType& type, int index, const json::Value& value) {
    const FieldDecl& field = type.fields[index];
    if (value.is_null()) return Value::null();
    if (field.kind == FieldKind::list) return list_of(type.element(index), field, value);
    if (field.kind == FieldKind::boolean)
      return value.is_bool() ? Value::boolean(value.as_bool()) : wrong_kind(field, value);
    if (field.is_decimal() || field.kind == FieldKind::integer) return number_of(field, value);
    if (!value.is_string()) return wrong_kind(field, value);
    if (field.kind == FieldKind::date) {
      const auto date = parse_date(value.text());
      return date ? Value::date(*date) : wrong_kind(field, value);
    }
    if (field.kind == FieldKind::instant) {
      const auto instant = parse_instant(value.text());
      return instant ? Value::instant(*instant) : wrong_kind(field, value);
    }
    return Value::text(value.text());
  }

  Result<Value> number_of(const FieldDecl& field, const json::Value& value) const {
    if (!value.is_string() && !value.is_number()) return wrong_kind(field, value);
    const auto number = Decimal::parse(value.text());
    if (!number) return wrong_kind(field, value);
    if (field.kind != FieldKind::integer) return Value::decimal(*number);
    constexpr std::int64_t kMost = 999'999'999'999'999'999;
    if (number->needed_scale() > 0 || number->abs() > Decimal(kMost)) return wrong_kind(field, value);
    return Value::integer(static_cast<std::int64_t>(number->rounded(0, Rounding::down).mantissa()));
  }

  Result<Value> list_of(const RecordType& element, const FieldDecl& field, const json::Value& value) {
    if (!value.is_array()) return wrong_kind(field, value);
    std::vector<Value> items;
    const std::string here = path;
    for (const json::Value& item : value.items()) {
      path = fmt::format("{}[{}]", here, items.size());
      TRY(record, record_of(element, item));
      items.push_back(record.value());
    }
    path = here;
    return Value::list(std::move(items));
  }

  Result<Record> record_of(const RecordType& type, const json::Value& object) {
    if (!object.is_object())
      return fail("model.json.not_an_object", fmt::format("{} must be a JSON object", path), path);
    Record record(type);
    const std::string here = path;
    for (const auto& [name, value] : object.members()) {
      const int index = type.index_of(name);
      path = here + "." + name;
      if (index < 0) {
        const std::vector<std::string_view> names(type.shape().names.begin(), type.shape().names.end());
        const std::string_view near = closest(name, names);
        return fail("model.json.unknown_field",
                    fmt::format("a {} has no field {}{}", type.name, name,
                                near.empty() ? "" : fmt::format("; did you mean {}?", near)),
                    path);
      }
      TRY(read, value_of(type, index, value));
      record.at(index) = std::move(read);
    }
    path = here;
    return record;
  }
};

}  // namespace

void write_json(const Record& record, json::Writer& out) {
  out.begin_object();
  for (int i = 0; i < record.size(); ++i) {
    if (record.at(i).is_absent()) continue;
    out.key(record.type().fields[i].name);
    write_value(record.type(), i, record.at(i), out);
  }
  out.end_object();
}

std::string to_json(const Record& record) {
  std::string text;
  json::Writer out(text);
  write_json(record, out);
  return text;
}

Result<Record> from_json(const RecordType& type, const json::Value& object) {
  return Reader{std::string(type.name)}.record_of(type, object);
}

Result<Record> from_json(const RecordType& type, std::string_view text) {
  TRY(object, json::parse(text));
  return from_json(type, object);
}

}  // namespace tieout::model
