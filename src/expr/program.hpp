// Program: one expression, read, type-checked and compiled once, then run for record after record. Compilation turns
// field names into slots, resolves overloads, folds constants and compiles regular expressions, so that a run only
// does what depends on the record. A Program is immutable: any number of threads may run it at the same time.
//
// A run always ends: the language has no loops beyond the macros over lists and maps, and what these may do is counted
// against a CostLimit. Nesting is bounded when the source is read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expr/environment.hpp"
#include "expr/type.hpp"

namespace tieout::expr {

/// One unit is about one step of evaluation, or eight bytes of text made. A mapping's field takes 1 to 50.
struct CostLimit {
  std::uint64_t units = 1'000'000;
};

struct CompileOptions {
  bool check = true;           ///< false: names and overloads that cannot be resolved fail when they are evaluated
  std::optional<Type> expect;  ///< the result must be assignable to this type
};

constexpr std::size_t kMaxSourceBytes = 100'000;
constexpr int kMaxDepth = 250;  ///< of nesting in the source

class Program {
 public:
  /// Fails with expr.parse, expr.type, expr.unknown_name or expr.too_large. The message starts with line:column,
  /// shows the line with a caret under the place, and proposes a name where one is near.
  static Result<Program> compile(std::string_view source, const Environment& environment, CompileOptions options = {});

  /// variables: by the index that Environment::add_variable gave; missing ones at the end are unknown variables.
  /// Fails with expr.eval (what failed and where), expr.cost, or the code of a host function.
  Result<model::Value> run(std::span<const model::Value> variables, CostLimit limit = {}) const;
  /// The same without the Result: a failure is a Value of kind error, whose Fault run() would return.
  model::Value evaluate(std::span<const model::Value> variables, CostLimit limit = {}) const;

  const Type& result_type() const;
  const std::string& source() const;
  /// What the expression reads: "source.domain", "source.lines", in order of first mention, each once. A prefix stands
  /// alone when everything below it may be read.
  const std::vector<std::string>& reads() const;

  struct Body;

 private:
  explicit Program(std::shared_ptr<const Body> body) : body_(std::move(body)) {}
  std::shared_ptr<const Body> body_;
};

}  // namespace tieout::expr
