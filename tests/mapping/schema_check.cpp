#include "schema_check.hpp"

#include <re2/re2.h>
#include <algorithm>

#include "money/decimal.hpp"

namespace tieout::mapping {
namespace {

class Checker {
 public:
  explicit Checker(const json::Value& root) : root_(root) {}

  std::string check(const json::Value& schema, const json::Value& value, const std::string& path) const {
    if (schema.is_bool()) return schema.as_bool() ? "" : path + ": not allowed";
    if (const json::Value* ref = schema.find("$ref"))
      return check(root_["$defs"][ref->text().substr(std::string("#/$defs/").size())], value, path);
    if (const json::Value* type = schema.find("type"); type && !is_type(*type, value))
      return path + ": is no " + type->dump();
    if (const json::Value* words = schema.find("enum");
        words && std::find(words->items().begin(), words->items().end(), value) == words->items().end())
      return path + ": is none of " + words->dump();
    if (const json::Value* only = schema.find("const"); only && !(*only == value))
      return path + ": is not " + only->dump();
    if (const json::Value* pattern = schema.find("pattern");
        pattern && value.is_string() && !RE2::PartialMatch(value.text(), pattern->text()))
      return path + ": '" + value.text() + "' is not of the form " + pattern->text();
    if (std::string wrong = alternatives(schema, value, path); !wrong.empty()) return wrong;
    return value.is_object() ? members(schema, value, path) : items(schema, value, path);
  }

 private:
  static bool is_type(const json::Value& type, const json::Value& value) {
    if (type.is_array())
      return std::any_of(type.items().begin(), type.items().end(),
                         [&](const json::Value& one) { return is_type(one, value); });
    const std::string& name = type.text();
    return name == "object"    ? value.is_object()
           : name == "array"   ? value.is_array()
           : name == "string"  ? value.is_string()
           : name == "boolean" ? value.is_bool()
           : name == "integer" ? value.is_number() && Decimal::of(value.text()).needed_scale() == 0
                               : name == "number" && value.is_number();
  }

  std::string alternatives(const json::Value& schema, const json::Value& value, const std::string& path) const {
    for (const char* kind : {"oneOf", "anyOf"}) {
      const json::Value* choices = schema.find(kind);
      if (!choices) continue;
      int fitting = 0;
      std::string why;
      for (const json::Value& choice : choices->items()) {
        const std::string wrong = check(choice, value, path);
        fitting += wrong.empty() ? 1 : 0;
        if (wrong.size() > why.size()) why = wrong;  // the deepest path is the likeliest to be meant
      }
      if (fitting == 0 || (fitting > 1 && std::string(kind) == "oneOf"))
        return path + ": fits " + std::to_string(fitting) + " forms; " + why;
    }
    return "";
  }

  std::string members(const json::Value& schema, const json::Value& value, const std::string& path) const {
    for (const json::Value& name : schema["required"].items())
      if (!value.find(name.text())) return path + ": lacks " + name.text();
    for (const auto& [name, member] : value.members()) {
      const json::Value* known = schema["properties"].find(name);
      const json::Value* rest = schema.find("additionalProperties");
      if (!known && !rest) continue;
      const std::string wrong = check(known ? *known : *rest, member, path + "/" + name);
      if (!wrong.empty()) return wrong;
    }
    return "";
  }

  std::string items(const json::Value& schema, const json::Value& value, const std::string& path) const {
    const json::Value* item = schema.find("items");
    if (!item || !value.is_array()) return "";
    if (schema.find("maxItems") && static_cast<std::int64_t>(value.size()) > schema["maxItems"].as_int())
      return path + ": too many";
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string wrong = check(*item, value.items()[i], path + "/" + std::to_string(i));
      if (!wrong.empty()) return wrong;
    }
    return "";
  }

  const json::Value& root_;
};

}  // namespace

std::string against_schema(const json::Value& schema, const json::Value& value) {
  return Checker(schema).check(schema, value, "");
}

}  // namespace tieout::mapping
