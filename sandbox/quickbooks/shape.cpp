#include "sandbox/quickbooks/shape.hpp"

#include <fmt/core.h>

#include "base/time.hpp"
#include "money/decimal.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;

Refusal wrong_kind(const Field& field, std::string_view wanted, const Value& value) {
  return unsupported_property(
      fmt::format("Can not construct instance of {} from value '{}' in {}", wanted, value.text(), field.name));
}

Refusal check_text(const Field& field, Value& value) {
  if (!value.is_string()) {
    if (!value.is_number() && !value.is_bool()) return wrong_kind(field, "String", value);
    value = Value::string(value.text());
  }
  if (value.text().empty()) {
    value = Value();
    return {};
  }
  if (field.max > 0 && value.text().size() > field.max) {  // bytes first: most texts are short
    const std::size_t count = characters(value.text());
    if (count > field.max) return bad_length(field.name, field.max, count);
  }
  return {};
}

Refusal check_decimal(const Field& field, Value& value) {
  if (value.is_string() && value.text().empty()) {
    value = Value();
    return {};
  }
  if (!value.is_number() && !value.is_string()) return wrong_kind(field, "BigDecimal", value);
  const auto number = Decimal::parse(value.text());
  // Nothing in a company's books needs more than 10^12; the bound keeps every later sum exact.
  static const Decimal bound = Decimal::of("999999999999");
  if (!number || number->abs() > bound || number->needed_scale() > 10) return wrong_kind(field, "BigDecimal", value);
  if (value.is_string() || value.text().find_first_of("eE") != std::string::npos)
    value = Value::number(number->to_text());
  return {};
}

Refusal check_date(const Field& field, Value& value) {
  if (!value.is_string()) return wrong_kind(field, "Date", value);
  if (value.text().empty()) {
    value = Value();
    return {};
  }
  const std::string& text = value.text();
  if (!parse_date(std::string_view(text).substr(0, 10))) return wrong_kind(field, "Date", value);
  if (text.size() > 10) {
    if (text[10] != 'T' && text[10] != '-' && text[10] != '+' && text[10] != 'Z')
      return wrong_kind(field, "Date", value);
    value = Value::string(text.substr(0, 10));
  }
  return {};
}

Refusal check_reference(const Field& field, Value& value) {
  if (!value.is_object()) return wrong_kind(field, "ReferenceType", value);
  for (auto& [name, member] : value.members()) {
    if (name != "value" && name != "name" && name != "type") return unsupported_property(name);
    if (member.is_number()) member = Value::string(member.text());
  }
  if (value["value"].text().empty()) value = Value();
  return {};
}

Refusal check_memo(const Field& field, Value& value) {
  if (!value.is_object()) return wrong_kind(field, "MemoRef", value);
  Value* text = value.find("value");
  if (!text || text->is_null()) {
    value = Value();
    return {};
  }
  if (Refusal no = check_text(field, *text)) return no;
  if (text->is_null()) value = Value();
  return {};
}

Refusal check_one(const Field& field, Value& value) {
  if (value.is_null()) return {};
  switch (field.kind) {
    case FieldKind::text:
      return check_text(field, value);
    case FieldKind::decimal:
      return check_decimal(field, value);
    case FieldKind::date:
      return check_date(field, value);
    case FieldKind::reference:
      return check_reference(field, value);
    case FieldKind::memo:
      return check_memo(field, value);
    case FieldKind::boolean:
      if (value.is_string() && (value.text() == "true" || value.text() == "false"))
        value = Value::boolean(value.text() == "true");
      return value.is_bool() ? Refusal{} : wrong_kind(field, "Boolean", value);
    case FieldKind::whole:
      if (value.as_int(-1) == -1 && value.text() != "-1") return wrong_kind(field, "Integer", value);
      value = Value::number(value.text());
      return {};
    case FieldKind::instant:
      return value.is_string() && parse_instant(value.text()) ? Refusal{} : wrong_kind(field, "Date", value);
    case FieldKind::word:
      if (!value.is_string()) return wrong_kind(field, "Enum", value);
      return is_word_of(field.enumeration, value.text()) ? Refusal{} : invalid_enumeration(field.name, value.text());
    case FieldKind::nested:
      return value.is_object() ? check_shape(*field.type, value) : wrong_kind(field, field.type->name, value);
    case FieldKind::any:
      return {};
  }
  return {};
}

}  // namespace

Refusal check_shape(const Type& type, Value& body) {
  for (auto& [name, value] : body.members()) {
    const Field* field = type.field(name);
    if (!field) {
      if (name == "domain" || name == "sparse" || name == "status") continue;  // come with every answer, harmless back
      return unsupported_property(name);
    }
    if (!field->list) {
      if (Refusal no = check_one(*field, value)) return no;
      continue;
    }
    if (value.is_null()) continue;
    if (!value.is_array()) return wrong_kind(*field, "List", value);
    for (Value& item : value.items())
      if (Refusal no = check_one(*field, item)) return no;
  }
  return {};
}

void drop_nulls(Value& document) {
  if (document.is_array()) {
    std::erase_if(document.items(), [](const Value& item) { return item.is_null(); });
    for (Value& item : document.items()) drop_nulls(item);
  } else if (document.is_object()) {
    std::erase_if(document.members(), [](const Value::Member& member) { return member.second.is_null(); });
    for (auto& [name, member] : document.members())
      if (member.is_object() || member.is_array()) drop_nulls(member);
  }
}

}  // namespace tieout::sandbox::quickbooks
