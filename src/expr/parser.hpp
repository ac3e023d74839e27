// Reads an expression into its tree: the grammar of CEL by precedence climbing, with the macros expanded on the way.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "expr/ast.hpp"

namespace tieout::expr {

/// Fails with expr.parse or expr.too_large.
Result<AstPtr> parse(std::string_view source);

/// Turns a call that is a macro into one (has, all, map, cel.bind, …); leaves any other call alone. On misuse returns
/// the message and sets `offset`; empty when all is well.
std::string expand_macro(AstPtr& call, std::size_t& offset);

AstPtr make_node(Ast::Kind kind, std::size_t offset);
void add_argument(Ast& parent, AstPtr child);

}  // namespace tieout::expr
