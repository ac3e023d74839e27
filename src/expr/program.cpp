#include "expr/program.hpp"

#include <array>
#include <charconv>

#include "expr/checker.hpp"
#include "expr/compiler.hpp"
#include "expr/parser.hpp"
#include "expr/source.hpp"

namespace tieout::expr {

using model::Value;

struct Program::Body {
  std::string source;
  Checked checked;
  StepPtr step;
  std::vector<std::string> reads;
  std::uint64_t base_cost = 1;
};

Result<Program> Program::compile(std::string_view source, const Environment& environment, CompileOptions options) {
  TRY(tree, parse(source));
  TRY(checked, check(*tree, source, environment, options));
  auto body = std::make_shared<Body>();
  body->source = source;
  body->checked = std::move(checked);
  body->reads = paths_read(*tree, environment);
  body->base_cost = node_count(*tree);
  body->step = compile_steps(*tree);
  return Program(std::move(body));
}

Value Program::evaluate(std::span<const Value> variables, CostLimit limit) const {
  constexpr std::size_t kUsualLocals = 8;
  Frame frame;
  frame.variables = variables;
  frame.budget = limit.units;
  if (!frame.charge(body_->base_cost)) return cost_exceeded();
  const auto locals = static_cast<std::size_t>(body_->checked.local_count);
  Value result;
  if (locals == 0) {
    result = body_->step->evaluate(frame);
  } else if (locals <= kUsualLocals) {
    std::array<Value, kUsualLocals> few;
    frame.locals = few.data();
    result = body_->step->evaluate(frame);
  } else {
    std::vector<Value> many(locals);
    frame.locals = many.data();
    result = body_->step->evaluate(frame);
  }
  // An error of cost may have been swallowed by || on its way; it counts all the same.
  if (frame.exhausted) [[unlikely]]
    result = cost_exceeded();
  return result;
}

Result<Value> Program::run(std::span<const Value> variables, CostLimit limit) const {
  Value result = evaluate(variables, limit);
  if (!result.is_error()) return result;
  Fault fault = result.as_fault();
  if (!fault.field.empty() && fault.field.front() == '@') {
    std::size_t offset = 0;
    std::from_chars(fault.field.data() + 1, fault.field.data() + fault.field.size(), offset);
    fault.what = message_at(body_->source, offset, fault.what);
    fault.field.clear();
  }
  return fail(std::move(fault));
}

const Type& Program::result_type() const { return body_->checked.type; }
const std::string& Program::source() const { return body_->source; }
const std::vector<std::string>& Program::reads() const { return body_->reads; }

}  // namespace tieout::expr
