#include <fmt/core.h>

#include "sandbox/hubspot/api.hpp"
#include "sandbox/hubspot/render.hpp"
#include "sandbox/kit/server.hpp"

namespace tieout::sandbox::hubspot {
namespace {

using json::Value;

constexpr int kMostUnique = 10;  // custom ones an object
constexpr std::string_view kValueTypes[] = {"string", "number", "date", "datetime", "enumeration", "bool"};
constexpr std::string_view kFieldTypes[] = {"textarea",
                                            "text",
                                            "date",
                                            "file",
                                            "number",
                                            "select",
                                            "radio",
                                            "checkbox",
                                            "booleancheckbox",
                                            "calculation_equation"};

template <std::size_t n>
bool one_of(const std::string_view (&all)[n], std::string_view text) {
  return std::find(std::begin(all), std::end(all), text) != std::end(all);
}

bool good_name(std::string_view name) {
  if (name.empty() || name.size() > 100 || name[0] < 'a' || name[0] > 'z') return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

Answer results_answer(int status, Value results) {
  Value out = Value::object();
  out.set("results", std::move(results));
  return json_answer(status, out);
}

Trouble missing_property(std::string_view name) {
  return {404, "OBJECT_NOT_FOUND", fmt::format("Property \"{}\" does not exist", name)};
}

void read_definition(const Value& body, Property& into) {
  const auto text = [&](const char* name, std::string& field) {
    if (const Value* value = body.find(name); value != nullptr && value->is_string()) field = value->text();
  };
  text("label", into.label);
  text("description", into.description);
  text("groupName", into.group);
  text("type", into.type);
  text("fieldType", into.field_type);
  into.display_order = body["displayOrder"].as_int(into.display_order);
  into.hidden = body["hidden"].as_bool(into.hidden);
  into.form_field = body["formField"].as_bool(into.form_field);
  if (!body["options"].is_array()) return;
  into.options.clear();
  for (const Value& item : body["options"].items())
    into.options.push_back({item["label"].text(), item["value"].text(), item["description"].text(),
                            item["displayOrder"].as_int(-1), item["hidden"].as_bool()});
}

std::optional<Trouble> wrong_definition(Schema& schema, const Property& property) {
  const auto bad = [](std::string message) { return Trouble{400, "VALIDATION_ERROR", std::move(message)}; };
  if (!one_of(kValueTypes, property.type)) return bad(fmt::format("{} is not a valid property type", property.type));
  if (!one_of(kFieldTypes, property.field_type))
    return bad(fmt::format("{} is not a valid field type", property.field_type));
  if (property.label.empty()) return bad("Some required fields were not set: [label]");
  if (schema.group(property.group) == nullptr)
    return Trouble{400, "VALIDATION_ERROR", fmt::format("Property group {} does not exist", property.group),
                   "PROPERTY_GROUP_NOT_FOUND"};
  return std::nullopt;
}

/// Makes a property, or says why not.
std::optional<Trouble> create(Call& call, Type type, const Value& body, std::string& rendered) {
  Schema& schema = call.crm.table(type).schema;
  Property property;
  property.name = body["name"].text();
  if (!good_name(property.name))
    return Trouble{400, "VALIDATION_ERROR",
                   fmt::format("\"{}\" is not a valid property name: lower-case letters, digits and "
                               "underscores, beginning with a letter",
                               property.name)};
  if (schema.find(property.name) >= 0)
    return Trouble{409, "CONFLICT", fmt::format("A property named '{}' already exists.", property.name),
                   "PROPERTY_ALREADY_EXISTS"};
  read_definition(body, property);
  property.unique = body["hasUniqueValue"].as_bool();
  if (auto trouble = wrong_definition(schema, property)) return trouble;
  int unique = 0;
  for (const Property& each : schema.all()) unique += each.unique && !each.hubspot_defined && !each.archived ? 1 : 0;
  if (property.unique && unique >= kMostUnique)
    return Trouble{400, "VALIDATION_ERROR",
                   fmt::format("at most {} properties of an object can have unique values", kMostUnique)};
  property.created = property.updated = call.now;
  rendered = to_json(schema.at(schema.add(std::move(property)))).dump();
  ++call.written;
  return std::nullopt;
}

Answer list(Call& call, Schema& schema) {
  const bool archived = call.flag("archived");
  Value results = Value::array();
  for (const Property& property : schema.all())
    if (property.archived == archived) results.push(to_json(property));
  return results_answer(200, std::move(results));
}

Answer one(Call& call, Schema& schema, std::string_view name) {
  Property* property = schema.any(name);
  if (property == nullptr || (property->archived && !(call.method() == "GET" && call.flag("archived"))))
    return trouble(call, missing_property(name));
  if (call.method() == "GET") return json_answer(200, to_json(*property));
  if (property->hubspot_defined)
    return trouble(
        call, Trouble{400, "VALIDATION_ERROR", fmt::format("{} is defined by HubSpot and cannot be changed", name)});
  ++call.written;
  if (call.method() == "DELETE") {
    schema.archive(schema.find(name), call.now);
    return no_content();
  }
  if (call.method() != "PATCH") return wrong_method();
  Property changed = *property;
  read_definition(call.body, changed);
  if (auto wrong = wrong_definition(schema, changed)) return trouble(call, *wrong);
  changed.updated = call.now;
  *property = changed;
  return json_answer(200, to_json(*property));
}

Answer batch(Call& call, Type type, std::string_view operation) {
  Schema& schema = call.crm.table(type).schema;
  std::string results;
  std::vector<Value> errors;
  for (const Value& input : call.body["inputs"].items()) {
    const std::string& name = input["name"].text();
    std::string rendered;
    std::optional<Trouble> wrong;
    if (operation == "create") {
      wrong = create(call, type, input, rendered);
    } else {
      const int number = schema.find(name);
      if (operation == "archive" && number >= 0 && !schema.at(number).hubspot_defined) {
        schema.archive(number, call.now);
        ++call.written;
      }
      if (operation == "read" && number >= 0) rendered = to_json(schema.at(number)).dump();
      if (operation == "read" && number < 0) wrong = missing_property(name);
    }
    if (wrong) errors.push_back(batch_error(wrong->category, wrong->message, {name}));
    if (rendered.empty()) continue;
    if (!results.empty()) results += ',';
    results += rendered;
  }
  if (operation == "archive") return no_content();
  return batch_answer(call, operation == "create" ? 201 : 200, results, errors);
}

Answer groups(Call& call, Schema& schema, std::string_view name) {
  if (call.method() == "GET" && name.empty()) {
    Value results = Value::array();
    for (const Group& group : schema.groups())
      if (!group.archived) results.push(to_json(group));
    return results_answer(200, std::move(results));
  }
  if (call.method() == "POST" && name.empty()) {
    Group group{call.body["name"].text(), call.body["label"].text(), call.body["displayOrder"].as_int(-1), false};
    if (!good_name(group.name) || group.label.empty())
      return bad_request(call, "Some required fields were not set: [name, label]");
    if (schema.group(group.name) != nullptr)
      return trouble(call,
                     Trouble{409, "CONFLICT", fmt::format("A property group named '{}' already exists.", group.name)});
    schema.groups().push_back(group);
    ++call.written;
    return json_answer(201, to_json(group));
  }
  Group* group = schema.group(name);
  if (group == nullptr)
    return trouble(call, Trouble{404, "OBJECT_NOT_FOUND", fmt::format("Property group {} does not exist", name)});
  if (call.method() == "GET") return json_answer(200, to_json(*group));
  ++call.written;
  if (call.method() == "DELETE") {
    group->archived = true;
    return no_content();
  }
  if (call.method() != "PATCH") return wrong_method();
  if (call.body["label"].is_string()) group->label = call.body["label"].text();
  group->display_order = call.body["displayOrder"].as_int(group->display_order);
  return json_answer(200, to_json(*group));
}

}  // namespace

Answer properties_api(Call& call) {
  const auto type = type_named(call.part(3));
  if (!type) return bad_request(call, fmt::format("Unable to infer object type from: {}", call.part(3)));
  Schema& schema = call.crm.table(*type).schema;
  const std::string_view name = call.part(4);
  if (name == "groups") return groups(call, schema, call.part(5));
  if (name == "batch") return call.method() == "POST" ? batch(call, *type, call.part(5)) : wrong_method();
  if (!name.empty()) return one(call, schema, name);
  if (call.method() == "GET") return list(call, schema);
  if (call.method() != "POST") return wrong_method();
  std::string rendered;
  if (auto wrong = create(call, *type, call.body, rendered)) return trouble(call, *wrong);
  return json_answer(201, std::move(rendered));
}

}  // namespace tieout::sandbox::hubspot
