#include "model/schema.hpp"

#include <fmt/core.h>

#include <set>

#include "base/json.hpp"

namespace tieout::model {

namespace {

json::Value text(std::string_view value) { return json::Value::string(std::string(value)); }

json::Value nullable(std::string_view kind) { return json::Value::array({text(kind), text("null")}); }

json::Value field_schema(const RecordType& type, int index) {
  const FieldDecl& field = type.fields[index];
  json::Value schema = json::Value::object();
  switch (field.kind) {
    case FieldKind::boolean:
      schema.set("type", nullable("boolean"));
      break;
    case FieldKind::integer:
      schema.set("type", nullable("integer"));
      break;
    case FieldKind::list:
      schema.set("type", nullable("array"));
      schema.set("items", json::Value::object({{"$ref", text(fmt::format("#/$defs/{}", type.element(index).name))}}));
      schema.set("maxItems", json::Value::number(std::int64_t{field.limit}));
      break;
    case FieldKind::date:
      schema.set("type", nullable("string")), schema.set("format", text("date"));
      break;
    case FieldKind::instant:
      schema.set("type", nullable("string")), schema.set("format", text("date-time"));
      break;
    case FieldKind::choice: {
      std::vector<json::Value> words;
      for (const std::string_view word : field.choices()) words.push_back(text(word));
      words.push_back(json::Value{});
      schema.set("enum", json::Value::array(std::move(words)));
      break;
    }
    default:
      schema.set("type", nullable("string"));
      if (field.is_decimal()) {
        schema.set("pattern", text(fmt::format("^-?[0-9]+(\\.[0-9]{{1,{}}})?$", field.limit)));
      } else {
        schema.set("maxLength", json::Value::number(std::int64_t{field.limit}));
      }
  }
  schema.set("description", text(field.doc));
  if (!field.example.empty()) schema.set("examples", json::Value::array({text(field.example)}));
  schema.set("x-owner", text(to_text(field.owner)));
  if (field.personal != Personal::none) schema.set("x-personal-data", text(to_text(field.personal)));
  if (field.kind == FieldKind::reference) schema.set("x-refers-to", text(field.of));
  return schema;
}

json::Value type_schema(const RecordType& type) {
  json::Value properties = json::Value::object();
  std::vector<json::Value> required;
  for (int i = 0; i < type.size(); ++i) {
    properties.set(std::string(type.fields[i].name), field_schema(type, i));
    if (type.fields[i].is_required) required.push_back(text(type.fields[i].name));
  }
  json::Value schema = json::Value::object();
  schema.set("title", text(type.name));
  schema.set("description", text(type.doc));
  schema.set("type", text("object"));
  schema.set("properties", std::move(properties));
  if (!required.empty()) schema.set("required", json::Value::array(std::move(required)));
  schema.set("additionalProperties", json::Value::boolean(false));
  return schema;
}

void collect_lists(const RecordType& type, std::set<std::string_view>& seen, json::Value& definitions) {
  for (int i = 0; i < type.size(); ++i) {
    if (type.fields[i].kind != FieldKind::list || !seen.insert(type.fields[i].of).second) continue;
    definitions.set(std::string(type.fields[i].of), type_schema(type.element(i)));
    collect_lists(type.element(i), seen, definitions);
  }
}

}  // namespace

std::string json_schema(const RecordType& type) {
  json::Value schema = json::Value::object({{"$schema", text("https://json-schema.org/draft/2020-12/schema")}});
  const json::Value own = type_schema(type);
  for (const auto& [name, value] : own.members()) schema.set(name, value);
  std::set<std::string_view> seen;
  json::Value definitions = json::Value::object();
  collect_lists(type, seen, definitions);
  if (definitions.size() > 0) schema.set("$defs", std::move(definitions));
  return schema.dump_pretty() + "\n";
}

}  // namespace tieout::model
