// Gives every node of a tree its meaning: which variable, local, constant or function a name stands for, which
// overloads a call may mean, and the type of the result. In an unchecked compile what cannot be resolved is left to
// fail when it is evaluated, as CEL wants.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "expr/ast.hpp"
#include "expr/environment.hpp"
#include "expr/program.hpp"

namespace tieout::expr {

struct Checked {
  Type type;
  int local_count = 0;
  std::vector<std::unique_ptr<Overload>> host_overloads;  ///< the tree points into these
};

/// Fails with expr.type or expr.unknown_name.
Result<Checked> check(Ast& root, std::string_view source, const Environment& environment,
                      const CompileOptions& options);

/// The paths of variables that a checked tree reads; see Program::reads.
std::vector<std::string> paths_read(const Ast& root, const Environment& environment);

/// The name that type(x) gives: "int", "google.protobuf.Timestamp", "list". Empty when the word is no type.
std::string_view denoted_type(std::string_view word);

}  // namespace tieout::expr
