// Which calls are macros and how many arguments each takes. A macro differs from a function in that one of its
// arguments is evaluated many times, or not at all, or is a name.
#include <fmt/core.h>

#include "expr/parser.hpp"

namespace tieout::expr {
namespace {

using Macro = Ast::Macro;

struct MacroForm {
  std::string_view name;
  std::size_t arguments;  ///< without the receiver
  std::size_t variables;  ///< leading arguments that are names
  bool filter;            ///< a condition stands before the body
  Macro macro;
};

constexpr MacroForm kForms[] = {
    {"all", 2, 1, false, Macro::all},
    {"exists", 2, 1, false, Macro::exists},
    {"exists_one", 2, 1, false, Macro::exists_one},
    {"existsOne", 2, 1, false, Macro::exists_one},
    {"map", 2, 1, false, Macro::map},
    {"map", 3, 1, true, Macro::map},
    {"filter", 2, 1, false, Macro::filter},
    {"all", 3, 2, false, Macro::all},
    {"exists", 3, 2, false, Macro::exists},
    {"exists_one", 3, 2, false, Macro::exists_one},
    {"existsOne", 3, 2, false, Macro::exists_one},
    {"transformList", 3, 2, false, Macro::transform_list},
    {"transformList", 4, 2, true, Macro::transform_list},
    {"transformMap", 3, 2, false, Macro::transform_map},
    {"transformMap", 4, 2, true, Macro::transform_map},
    {"transformMapEntry", 3, 2, false, Macro::transform_map_entry},
    {"transformMapEntry", 4, 2, true, Macro::transform_map_entry},
    {"sortBy", 2, 1, false, Macro::sort_by},
    {"optMap", 2, 1, false, Macro::opt_map},
    {"optFlatMap", 2, 1, false, Macro::opt_flat_map},
};

std::string expand_has(AstPtr& call, std::size_t& offset) {
  if (call->args.size() != 1) return {};
  AstPtr& argument = call->args[0];
  if (argument->kind != Ast::Kind::select) {
    offset = argument->offset;
    return "has() takes a field selection: has(source.domain)";
  }
  argument->kind = Ast::Kind::has;
  AstPtr taken = std::move(argument);
  call = std::move(taken);
  return {};
}

/// Takes the leading names off the arguments. False, with the offset of the culprit, when one is no plain name.
bool take_variables(Ast& call, std::size_t from, std::size_t count, std::size_t& offset) {
  for (std::size_t i = from; i < from + count; ++i) {
    const Ast& argument = *call.args[i];
    if (argument.kind != Ast::Kind::ident || argument.name.front() == '.') {
      offset = argument.offset;
      return false;
    }
    call.variables.push_back(argument.name);
  }
  const auto first = call.args.begin() + static_cast<std::ptrdiff_t>(from);
  call.args.erase(first, first + static_cast<std::ptrdiff_t>(count));
  return true;
}

bool integer_argument(const Ast& call, std::size_t index, std::int64_t& out) {
  const Ast& argument = *call.args[index];
  if (argument.kind != Ast::Kind::literal || !argument.value.is(model::Value::Kind::integer)) return false;
  out = argument.value.as_integer();
  return out >= 0;
}

/// cel.index(N), cel.iterVar(N, M), cel.accuVar(N, M): names that an optimiser would make; here they come from tests.
std::string expand_generated_name(AstPtr& call) {
  std::int64_t n = 0, m = 0;
  std::string name;
  if (call->name == "index" && call->args.size() == 2 && integer_argument(*call, 1, n)) {
    name = fmt::format("@index{}", n);
  } else if (call->args.size() == 3 && integer_argument(*call, 1, n) && integer_argument(*call, 2, m)) {
    name = fmt::format("@{}:{}:{}", call->name == "iterVar" ? "it" : "ac", n, m);
  } else {
    return fmt::format("cel.{}() takes whole numbers", call->name);
  }
  AstPtr node = make_node(Ast::Kind::ident, call->offset);
  node->name = std::move(name);
  call = std::move(node);
  return {};
}

std::string expand_block(Ast& call, std::size_t& offset) {
  if (call.args.size() != 3 || call.args[1]->kind != Ast::Kind::list) {
    offset = call.offset;
    return "cel.block() takes a list of values and an expression";
  }
  AstPtr values = std::move(call.args[1]);
  AstPtr body = std::move(call.args[2]);
  call.kind = Ast::Kind::macro;
  call.macro = Macro::block;
  call.args = std::move(values->args);
  for (std::size_t i = 0; i < call.args.size(); ++i) call.variables.push_back(fmt::format("@index{}", i));
  call.args.push_back(std::move(body));
  return {};
}

std::string expand_cel(AstPtr& call, std::size_t& offset) {
  if (call->name == "index" || call->name == "iterVar" || call->name == "accuVar") return expand_generated_name(call);
  if (call->name == "block") return expand_block(*call, offset);
  if (call->name != "bind") return {};
  if (call->args.size() != 4) return "cel.bind() takes a name, a value and an expression";
  call->args.erase(call->args.begin());
  if (!take_variables(*call, 0, 1, offset)) return "the first argument of cel.bind() is a plain name";
  call->kind = Ast::Kind::macro;
  call->macro = Macro::bind;
  return {};
}

}  // namespace

std::string expand_macro(AstPtr& call, std::size_t& offset) {
  if (!call->member) return call->name == "has" ? expand_has(call, offset) : std::string{};
  if (call->args[0]->kind == Ast::Kind::ident && call->args[0]->name == "cel") return expand_cel(call, offset);
  for (const MacroForm& form : kForms) {
    if (form.name != call->name || form.arguments + 1 != call->args.size()) continue;
    if (!take_variables(*call, 1, form.variables, offset))
      return fmt::format("{}() names its variable first: list.{}(x, …)", form.name, form.name);
    if (form.variables == 2 && call->variables[0] == call->variables[1]) return "the two variables have the same name";
    call->kind = Ast::Kind::macro;
    call->macro = form.macro;
    call->has_filter = form.filter;
    return {};
  }
  return {};
}

}  // namespace tieout::expr
