// A YAML document as a tree in which every value knows where it stands, so that a mistake in a pack can be shown at its
// line and column. Scalars stay text: what they mean is for the reader of each key to say.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace tieout::mapping {

/// A place in a pack, printed "packs/hubspot/pack.yaml:12:7".
struct Place {
  std::shared_ptr<const std::string> path;
  int line = 0;  ///< from 1
  int column = 0;
  std::string to_text() const;
};

class Yaml {
 public:
  enum class Kind : std::uint8_t { null, scalar, list, map };
  struct Entry;

  /// Fails with mapping.yaml, naming line and column. Merge keys are refused, a key that
  /// stands twice too. At most 64 levels deep and 200,000 values.
  static Result<Yaml> parse(std::string_view text, const std::string& path);

  Kind kind() const { return kind_; }
  bool is_map() const { return kind_ == Kind::map; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_scalar() const { return kind_ == Kind::scalar; }
  bool is_null() const { return kind_ == Kind::null; }
  const Place& place() const { return place_; }
  /// The text of a scalar; empty for everything else.
  const std::string& text() const { return text_; }
  bool is_quoted() const { return quoted_; }  ///< '…', "…", | or >: always text
  const std::vector<Yaml>& items() const { return items_; }
  const std::vector<Entry>& entries() const { return entries_; }
  const Yaml* find(std::string_view key) const;

  /// A scalar at the same place with another text: for a text that has parts.
  Yaml with_text(std::string text) const;

  /// As JSON: unquoted true, false, null and numbers become what they look like.
  json::Value to_json() const;

 private:
  friend class YamlBuilder;
  Kind kind_ = Kind::null;
  bool quoted_ = false;
  Place place_;
  std::string text_;
  std::vector<Yaml> items_;
  std::vector<Entry> entries_;
};

struct Yaml::Entry {
  std::string key;
  Place place;  ///< of the key
  Yaml value;
};

}  // namespace tieout::mapping
