// Settings: values that an installation chooses and expressions read.
#include <fmt/core.h>

#include "mapping/environments.hpp"
#include "mapping/source_reader.hpp"

namespace tieout::mapping {

using model::Value;

namespace {

bool is_choice(const std::string& type) { return type.find('|') != std::string::npos; }

VendorSchema::Kind kind_of(const std::string& type) {
  if (type == "number") return VendorSchema::Kind::number;
  if (type == "integer") return VendorSchema::Kind::integer;
  if (type == "boolean") return VendorSchema::Kind::boolean;
  if (type == "date") return VendorSchema::Kind::date;
  return VendorSchema::Kind::text;
}

expr::Type type_of_setting(const std::string& type) {
  switch (kind_of(type)) {
    case VendorSchema::Kind::number:
      return expr::Type::decimal();
    case VendorSchema::Kind::integer:
      return expr::Type::integer();
    case VendorSchema::Kind::boolean:
      return expr::Type::boolean();
    case VendorSchema::Kind::date:
      return expr::Type::date();
    default:
      return expr::Type::text();
  }
}

std::shared_ptr<const model::RecordShape> shape_of(const std::vector<SettingInfo>& settings) {
  std::vector<std::string> names;
  for (const SettingInfo& setting : settings) names.push_back(setting.name);
  return std::make_shared<model::RecordShape>("settings", std::move(names));
}

Result<Value> value_of(const SettingInfo& setting, const std::string& text) {
  if (text.empty()) return Value::null();
  const std::string padded = "|" + setting.type + "|";
  if (is_choice(setting.type) && padded.find("|" + text + "|") == std::string::npos)
    return fail("mapping.setting.kind",
                fmt::format("the setting {} is '{}'; it may be {}", setting.name, text, setting.type), setting.name);
  auto value = read_scalar(kind_of(setting.type), text);
  if (!value)
    return fail("mapping.setting.kind",
                fmt::format("the setting {} must be {}, but is '{}'", setting.name, setting.type, text), setting.name);
  return value;
}

}  // namespace

void parse_settings(const Yaml& section, std::vector<SettingInfo>& all, Problems& problems) {
  for (const Yaml::Entry& entry : section.entries()) {
    allow_keys(entry.value, {"type", "default", "doc"}, problems);
    SettingInfo setting{entry.key, text_of(entry.value, "type", true, problems),
                        text_of(entry.value, "default", false, problems), text_of(entry.value, "doc", true, problems)};
    constexpr std::string_view known[] = {"text", "number", "integer", "boolean", "date"};
    if (!is_choice(setting.type) && std::find(std::begin(known), std::end(known), setting.type) == std::end(known))
      problems.add("mapping.unknown_type", entry.place, fmt::format("'{}' is no type of a setting", setting.type));
    if (const auto fits = value_of(setting, setting.otherwise); !fits)
      problems.add("mapping.setting.kind", entry.place, fits.error().what);
    const auto same =
        std::find_if(all.begin(), all.end(), [&](const SettingInfo& s) { return s.name == setting.name; });
    if (same == all.end())
      all.push_back(std::move(setting));
    else if (same->type != setting.type || same->otherwise != setting.otherwise)
      problems.add("mapping.duplicate", entry.place,
                   fmt::format("the setting '{}' is declared elsewhere with another type or default", entry.key));
  }
}

expr::Type settings_type(const std::vector<SettingInfo>& settings) {
  auto record = std::make_shared<expr::RecordType>();
  record->shape = shape_of(settings);
  for (const SettingInfo& setting : settings)
    record->fields.push_back(expr::Type::nullable(type_of_setting(setting.type)));
  return expr::Type::record(std::move(record));
}

Result<Value> settings_value(const std::vector<SettingInfo>& settings,
                             std::span<const std::pair<std::string, std::string>> given) {
  for (const auto& [name, text] : given) {
    std::vector<std::string> names;
    for (const SettingInfo& setting : settings) names.push_back(setting.name);
    if (std::find(names.begin(), names.end(), name) == names.end())
      return fail("mapping.setting.unknown",
                  fmt::format("no mapping pack knows a setting '{}'{}", name, did_you_mean(name, names)), name);
  }
  std::vector<Value> slots;
  for (const SettingInfo& setting : settings) {
    const auto found =
        std::find_if(given.begin(), given.end(), [&](const auto& one) { return one.first == setting.name; });
    TRY(value, value_of(setting, found == given.end() ? setting.otherwise : found->second));
    slots.push_back(std::move(value));
  }
  return Value::record(shape_of(settings), std::move(slots));
}

}  // namespace tieout::mapping
