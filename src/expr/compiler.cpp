#include "expr/compiler.hpp"

#include <map>

#include "expr/semantics.hpp"

namespace tieout::expr {
namespace {

using model::Value;
using Kind = Ast::Kind;

constexpr std::uint64_t kFoldingBudget = 10'000;
constexpr std::size_t kFoldedTextBytes = 10'000;  // a longer result is made anew each time rather than kept

class Compiler {
 public:
  StepPtr compile(const Ast& node) {
    if (!node.why_unresolved.empty()) return make_failure(node.why_unresolved, node.offset);
    switch (node.kind) {
      case Kind::literal:
        return make_constant(node.value);
      case Kind::ident:
        return compile_ident(node);
      case Kind::select:
        return make_select(compile(*node.args[0]), node.name, node.index, node.offset);
      case Kind::opt_select:
        return make_optional_select(compile(*node.args[0]), node.name, node.index, node.offset);
      case Kind::has:
        return make_has(compile(*node.args[0]), node.name, node.index, node.offset);
      case Kind::call:
        return compile_call(node);
      case Kind::logic_and:
      case Kind::logic_or:
        return make_logic(node.kind == Kind::logic_and, compile_all(node), node.offset);
      case Kind::conditional: {
        Steps parts = compile_all(node);
        return make_conditional(std::move(parts[0]), std::move(parts[1]), std::move(parts[2]), node.offset);
      }
      case Kind::list:
        return compile_list(node);
      case Kind::map:
        return compile_map(node);
      case Kind::macro:
        return node.macro == Ast::Macro::block ? compile_block(node) : compile_macro(node);
      case Kind::message:
        break;
    }
    return make_failure("this cannot be evaluated", node.offset);
  }

 private:
  Steps compile_all(const Ast& node) {
    Steps steps;
    steps.reserve(node.args.size());
    for (const AstPtr& argument : node.args) steps.push_back(compile(*argument));
    return steps;
  }

  StepPtr compile_ident(const Ast& node) {
    switch (node.refers) {
      case Ast::Refers::variable:
        return make_variable(node.index, node.name, node.offset);
      case Ast::Refers::constant:
        return make_constant(node.value);
      case Ast::Refers::local: {
        const auto lazy = lazy_.find(node.index);
        return lazy == lazy_.end() ? make_local(node.index) : make_lazy_local(node.index, lazy->second);
      }
      case Ast::Refers::unresolved:
        break;
    }
    return make_failure("unknown name '" + node.name + "'", node.offset);
  }

  static bool all_constant(const Steps& steps) {
    for (const StepPtr& step : steps)
      if (!step->constant()) return false;
    return true;
  }

  /// Evaluates a step that depends on nothing. What fails is left to fail when (and if) it is reached.
  static StepPtr folded(StepPtr step) {
    Frame frame;
    frame.budget = kFoldingBudget;
    Value value = step->evaluate(frame);
    if (value.is_error() || frame.exhausted) return step;
    if ((value.is_text() || value.is(Value::Kind::bytes)) && value.as_text().size() > kFoldedTextBytes) return step;
    return make_constant(std::move(value));
  }

  static bool is_pure(const Ast& node) {
    for (const Overload* overload : node.candidates)
      if (!overload->call) return false;
    return true;
  }

  StepPtr compile_call(const Ast& node) {
    const Ast* receiver = node.args.empty() ? nullptr : node.args[0].get();
    if (node.name == "orValue" && node.member && node.args.size() == 2 && receiver->kind == Kind::opt_select &&
        receiver->why_unresolved.empty())
      return make_select_or(compile(*receiver->args[0]), receiver->name, receiver->index, compile(*node.args[1]),
                            node.offset);
    Steps arguments = compile_all(node);
    const bool constant = !arguments.empty() && all_constant(arguments) && is_pure(node);
    StepPtr step = make_operator(node.name, arguments, node.offset);
    if (!step) step = compile_plain_call(node, std::move(arguments));
    return constant ? folded(std::move(step)) : std::move(step);
  }

  StepPtr compile_plain_call(const Ast& node, Steps arguments) {
    const Value* pattern = arguments.size() == 2 ? arguments[1]->constant() : nullptr;
    if (node.name == "matches" && pattern && pattern->is_text())
      return make_matches(std::move(arguments[0]), pattern->as_text(), node.offset);
    return make_call(node.name, node.candidates, std::move(arguments), node.offset);
  }

  StepPtr compile_list(const Ast& node) {
    Steps items = compile_all(node);
    const bool constant = all_constant(items);
    StepPtr step = make_list(std::move(items), node.optional_at);
    return constant ? folded(std::move(step)) : std::move(step);
  }

  StepPtr compile_map(const Ast& node) {
    Steps parts = compile_all(node);
    const bool constant = all_constant(parts);
    StepPtr step = make_map(std::move(parts), node.optional_at, node.offset);
    return constant ? folded(std::move(step)) : std::move(step);
  }

  StepPtr compile_macro(const Ast& node) {
    std::uint64_t cost = 1;
    for (std::size_t i = 1; i < node.args.size(); ++i) cost += node_count(*node.args[i]);
    return make_macro(node, compile_all(node), cost);
  }

  StepPtr compile_block(const Ast& node) {
    Steps definitions;
    for (std::size_t i = 0; i + 1 < node.args.size(); ++i) {
      definitions.push_back(compile(*node.args[i]));
      lazy_[node.locals[i]] = definitions.back().get();
    }
    StepPtr body = compile(*node.args.back());
    return make_block(std::move(definitions), node.locals, std::move(body));
  }

  std::map<int, const Step*> lazy_;
};

}  // namespace

StepPtr compile_steps(const Ast& root) { return Compiler().compile(root); }

std::uint64_t node_count(const Ast& root) {
  std::uint64_t count = 1;
  for (const AstPtr& argument : root.args) count += node_count(*argument);
  return count;
}

}  // namespace tieout::expr
