// The canonical model as expressions see it, and what an expression gives as a canonical field takes it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "expr/type.hpp"
#include "mapping/expression.hpp"
#include "mapping/problems.hpp"
#include "model/record.hpp"

namespace tieout::mapping {

/// A record type for the checker: every field may be null.
expr::Type type_of(const model::RecordType& type);

/// May an expression of this type fill the field?
bool can_hold(const model::FieldDecl& field, const expr::Type& type);

/// The value as the field keeps it (a whole number becomes a decimal where one is wanted).
/// Fails with mapping.result.kind; field is left to the caller.
Result<model::Value> held_as(const model::FieldDecl& field, model::Value value);

/// Fields of a canonical record, each from an expression; a list field from an `each`.
class RecordBuilder {
 public:
  /// From the `in:` or `fields:` section of a pack.
  static std::unique_ptr<RecordBuilder> parse(const Yaml& fields, const model::RecordType& type,
                                              const expr::Environment& environment, Problems& problems);

  /// Fails with mapping.expression, mapping.result.kind or the code of a function; field is the canonical path.
  Result<model::Record> build(std::vector<model::Value>& scope) const;

  const model::RecordType& type() const { return *type_; }
  bool fills(int field) const;
  /// Every expression with the canonical path that it fills ("lines[].quantity").
  void leaves(const std::string& path, std::vector<std::pair<std::string, const Expression*>>& out) const;
  void controls(std::vector<const Expression*>& out) const;
  /// The list field's own builder, or nullptr.
  const RecordBuilder* list(int field) const;

 private:
  struct Field {
    int index = -1;
    std::optional<Expression> value;  // a plain field, or the list of an each
    std::optional<Expression> when;
    std::unique_ptr<RecordBuilder> item;  // set for a list field
  };
  void parse_field(const Yaml::Entry& entry, const expr::Environment& environment, Problems& problems);
  void parse_list(const Yaml::Entry& entry, Field& field, const expr::Environment& environment, Problems& problems);
  Result<bool> build_into(std::vector<model::Value>& slots, std::vector<model::Value>& scope, std::string& path) const;
  Result<model::Value> build_list(const Field& field, std::vector<model::Value>& scope, std::string& path) const;

  const model::RecordType* type_ = nullptr;
  std::vector<Field> fields_;
};

}  // namespace tieout::mapping
