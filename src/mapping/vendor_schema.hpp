// What a vendor's record looks like, as its pack declares it: the names that exist, what each holds, how long or
// precise it may be, and which may not be written. Expressions are checked against it, reading follows it, writing
// obeys it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "expr/type.hpp"
#include "mapping/problems.hpp"
#include "mapping/yaml.hpp"
#include "model/value.hpp"

namespace tieout::mapping {

class VendorSchema {
 public:
  enum class Kind : std::uint8_t { text, number, integer, boolean, date, instant, object, list };

  /// An object schema from the YAML of a pack: each member "kind", "kind(limit)", with the words "required" and
  /// "readonly" after it, a map for an object, a list of one for a list.
  static std::unique_ptr<VendorSchema> parse(const Yaml& yaml, const std::string& name, Problems& problems);

  Kind kind() const { return kind_; }
  const std::string& name() const { return name_; }
  int limit() const { return limit_; }  ///< text: most characters; number: most places; 0: none stated
  bool is_required() const { return required_; }
  bool is_readonly() const { return readonly_; }
  const std::vector<std::unique_ptr<VendorSchema>>& children() const { return children_; }
  const VendorSchema& item() const { return *children_[0]; }  ///< of a list
  /// Child by name, with its slot; -1 when there is none. Fast: reading asks for every name of every record.
  int index_of(std::string_view child) const;
  std::vector<std::string> names() const;

  const expr::Type& type() const { return type_; }
  const std::shared_ptr<const model::RecordShape>& shape() const { return shape_; }
  /// An object of which nothing was sent, and one that was sent as null: shared by all records.
  const model::Value& all_absent() const { return all_absent_; }
  const model::Value& all_null() const { return all_null_; }

  /// Reading steps over what no expression asks for. path: "properties.name"; marks everything below it as well.
  void mark_used(std::string_view path);
  bool is_used() const { return used_; }
  /// "number(7)", for the field matrix.
  std::string kind_text() const;

 private:
  void parse_scalar(const Yaml& yaml, Problems& problems);
  void parse_members(const Yaml& yaml, Problems& problems);
  void finish_object();
  void build_table();
  void mark_all();

  Kind kind_ = Kind::text;
  std::string name_;
  int limit_ = 0;
  bool required_ = false;
  bool readonly_ = false;
  bool used_ = false;
  std::vector<std::unique_ptr<VendorSchema>> children_;
  std::vector<std::int16_t> table_;  // open addressing, a power of two
  expr::Type type_;
  std::shared_ptr<const model::RecordShape> shape_;
  model::Value all_absent_;
  model::Value all_null_;
};

}  // namespace tieout::mapping
