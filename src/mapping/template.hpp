// Template: the vendor record that a pack writes, as a tree whose leaves are expressions. Rendered for a create, for an
// update (where what became empty is cleared), or for comparison (where only what matters to the vendor is shown), so
// that an update carries exactly the parts that differ.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "mapping/expression.hpp"
#include "mapping/vendor_schema.hpp"

namespace tieout::mapping {

/// How a vendor wants its values.
struct VendorStyle {
  bool scalars_as_text = false;          ///< numbers and truth values travel as strings
  std::set<std::string> changes_within;  ///< objects whose members change one by one; all others are sent whole
};

class Template {
 public:
  /// Values of variables; items of an `each` are pushed behind them.
  using Scope = std::vector<model::Value>;

  /// From the `out` section of a pack: dotted vendor path → expression, or {each, as, when, fields} for a list.
  /// Complains about paths that the schema does not have, may not be written or hold another type.
  static std::unique_ptr<Template> parse(const Yaml& out, const VendorSchema& schema,
                                         const expr::Environment& environment, Problems& problems);

  /// Fails with mapping.required, mapping.too_long, mapping.too_precise, mapping.result.kind, mapping.expression.
  Result<std::string> create(Scope& scope, const VendorStyle& style) const;
  /// Empty when the two scopes come to the same.
  Result<std::string> changes(Scope& wanted, Scope& now, const VendorStyle& style) const;

  /// Every leaf with its path ("Line[].Amount").
  void leaves(const std::string& path, std::vector<std::pair<std::string, const Expression*>>& out) const;
  /// Expressions that are no leaf: the lists of `each`, their conditions.
  void controls(std::vector<const Expression*>& out) const;

 private:
  enum class Kind : std::uint8_t { object, leaf, each, array };
  enum class Mode : std::uint8_t { create, update, compare };
  struct Rendering;

  bool parse_into(std::string_view path, const Yaml::Entry& entry, const expr::Environment& environment,
                  Problems& problems);
  void parse_leaf(const Yaml::Entry& entry, const expr::Environment& environment, Problems& problems);
  void parse_each(const Yaml::Entry& entry, const expr::Environment& environment, Problems& problems);
  Template* child(std::string_view name, int index, const Yaml::Entry& entry, Problems& problems);

  Result<bool> render(Rendering& to, Scope& scope, Mode mode) const;
  Result<bool> render_object(Rendering& to, Scope& scope, Mode mode) const;
  Result<bool> render_leaf(Rendering& to, Scope& scope, Mode mode) const;
  Result<bool> render_each(Rendering& to, Scope& scope, Mode mode) const;
  Result<bool> write(Rendering& to, const model::Value& value) const;
  Result<bool> render_changes(Rendering& to, Scope& wanted, Scope& now) const;

  Kind kind_ = Kind::object;
  std::string name_;
  const VendorSchema* schema_ = nullptr;
  std::vector<std::unique_ptr<Template>> children_;
  std::optional<Expression> expression_;  // leaf, or the list of an each
  std::optional<Expression> when_;
};

}  // namespace tieout::mapping
