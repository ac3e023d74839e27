// Property definitions: what a type of object can carry, which values each property takes, and which ones are written
// by HubSpot alone.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "sandbox/hubspot/types.hpp"

namespace tieout::sandbox::hubspot {

struct Option {
  std::string label;
  std::string value;
  std::string description;
  std::int64_t display_order = -1;
  bool hidden = false;
};

/// Three properties are no stored values but facts of the record itself.
enum class Source : std::uint8_t { stored, object_id, created, modified };

struct Property {
  std::string name;
  std::string label;
  std::string description;
  std::string group;
  std::string type = "string";  ///< string, number, date, datetime, enumeration, bool
  std::string field_type = "text";
  std::vector<Option> options;
  bool unique = false;
  bool hubspot_defined = false;
  bool read_only = false;
  bool hidden = false;
  bool form_field = false;
  bool archived = false;
  std::int64_t display_order = -1;
  Instant created;
  Instant updated;
  Instant archived_at;
  Source source = Source::stored;
};

struct Group {
  std::string name;
  std::string label;
  std::int64_t display_order = -1;
  bool archived = false;
};

class Schema {
 public:
  explicit Schema(Type type);
  /// The number of a property that can be read and written; -1 when unknown or archived.
  int find(std::string_view name) const;
  /// Also when archived.
  Property* any(std::string_view name);
  Property& at(int number) { return properties_[static_cast<std::size_t>(number)]; }
  const Property& at(int number) const { return properties_[static_cast<std::size_t>(number)]; }
  /// Adds it, or revives the archived one of that name (values written before come back with it).
  int add(Property property);
  void archive(int number, Instant now);
  const std::vector<Property>& all() const { return properties_; }
  std::vector<Group>& groups() { return groups_; }
  Group* group(std::string_view name);
  const std::vector<int>& unique_numbers() const { return unique_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::vector<Property> properties_;
  std::unordered_map<std::string, int, Hash, std::equal_to<>> numbers_;
  std::vector<int> unique_;
  std::vector<Group> groups_;
};

json::Value to_json(const Property& property);
json::Value to_json(const Group& group);

/// A refused value, in HubSpot's words.
struct InvalidValue {
  std::string name;
  std::string error;  ///< PROPERTY_DOESNT_EXIST, INVALID_OPTION, …
  std::string message;
};

/// Brings a value into the form in which it is stored and given back: dates as "2026-11-21", instants in UTC with
/// milliseconds. Empty stays empty (it clears the property).
std::optional<InvalidValue> normalise(const Property& property, std::string& value);

}  // namespace tieout::sandbox::hubspot
