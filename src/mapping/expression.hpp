// Expression: one expression of a pack. Most are nothing but a path into the record ("source.properties.name"): these
// are copied slot by slot without running anything, and keep absent apart from null. Everything else is a compiled
// program.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "expr/program.hpp"
#include "mapping/problems.hpp"
#include "mapping/yaml.hpp"

namespace tieout::mapping {

class Expression {
 public:
  /// Compiles and checks; on a mistake complains (mapping.unknown_field, mapping.expression.malformed) at its place in
  /// the file and returns nothing.
  static std::optional<Expression> compile(const Yaml& yaml, const expr::Environment& environment, Problems& problems);

  /// The value for these variables, in the order of the environment. Absent when nothing is to be said.
  /// Fails with mapping.expression, or the code of a function that refused.
  Result<model::Value> evaluate(std::span<const model::Value> variables) const;
  /// For conditions: anything but true is false.
  Result<bool> holds(std::span<const model::Value> variables) const;

  /// What it gives, without nullable(…) and optional(…) around it.
  const expr::Type& type() const { return type_; }
  bool is_path() const { return !program_; }
  /// The text, when it is a constant.
  const std::string& text() const { return text_; }
  const Place& place() const { return place_; }
  /// "source.properties.name", … : all that it reads.
  const std::vector<std::string>& reads() const { return reads_; }

 private:
  bool resolve_path(const expr::Environment& environment);

  std::string text_;
  Place place_;
  expr::Type type_;
  std::vector<std::string> reads_;
  int variable_ = 0;  // a path: which variable, then which slots
  std::vector<int> slots_;
  std::optional<expr::Program> program_;
};

/// Without nullable(…) and optional(…).
expr::Type bare(const expr::Type& type);

}  // namespace tieout::mapping
