// The fast form: a tree of steps, each of which makes one value from the frame. A step whose value already stands
// somewhere (a variable, a local, a field of a record) can be peeked at, so that its consumer copies nothing.
#pragma once

#include <memory>
#include <vector>

#include "expr/ast.hpp"
#include "expr/frame.hpp"
#include "expr/registry.hpp"

namespace tieout::expr {

class Step {
 public:
  virtual ~Step() = default;
  virtual model::Value evaluate(Frame& frame) const = 0;
  /// The value where it stands, or nullptr: then evaluate() gives it (or the error).
  virtual const model::Value* peek(Frame& frame) const {
    (void)frame;
    return nullptr;
  }
  virtual const model::Value* constant() const { return nullptr; }
};
using StepPtr = std::unique_ptr<const Step>;
using Steps = std::vector<StepPtr>;

/// The value of a step, borrowed where possible.
class Operand {
 public:
  Operand(const Step& step, Frame& frame) : at_(step.peek(frame)) {
    if (!at_) {
      own_ = step.evaluate(frame);
      at_ = &own_;
    }
  }
  Operand(const Operand&) = delete;
  Operand& operator=(const Operand&) = delete;
  const model::Value& operator*() const { return *at_; }
  const model::Value* operator->() const { return at_; }
  bool is_error() const { return at_->is_error(); }
  model::Value take() { return at_ == &own_ ? std::move(own_) : *at_; }

 private:
  model::Value own_;
  const model::Value* at_;
};

// Makers, by subject. `offset` is the place in the source that an error of the step names.
StepPtr make_constant(model::Value value);
StepPtr make_variable(int index, std::string name, std::size_t offset);
StepPtr make_local(int slot);
StepPtr make_lazy_local(int slot, const Step* definition);
StepPtr make_failure(std::string what, std::size_t offset);
/// slot: of the record that the checker expects, or -1.
StepPtr make_select(StepPtr target, std::string name, int slot, std::size_t offset);
StepPtr make_optional_select(StepPtr target, std::string name, int slot, std::size_t offset);
StepPtr make_has(StepPtr target, std::string name, int slot, std::size_t offset);
/// target.?name.orValue(otherwise) without making the optional.
StepPtr make_select_or(StepPtr target, std::string name, int slot, StepPtr otherwise, std::size_t offset);
StepPtr make_index(StepPtr target, StepPtr key, std::size_t offset);
StepPtr make_optional_index(StepPtr target, StepPtr key, std::size_t offset);
StepPtr make_logic(bool is_and, Steps operands, std::size_t offset);
StepPtr make_not(StepPtr operand, std::size_t offset);
StepPtr make_conditional(StepPtr condition, StepPtr yes, StepPtr no, std::size_t offset);
/// The operators that have steps of their own; nullptr for any other function.
StepPtr make_operator(const std::string& name, Steps& operands, std::size_t offset);
StepPtr make_call(std::string name, std::vector<const Overload*> candidates, Steps arguments, std::size_t offset);
/// text.matches(pattern) with a constant pattern; an error step when the pattern is malformed.
StepPtr make_matches(StepPtr text, std::string_view pattern, std::size_t offset);
StepPtr make_list(Steps items, std::vector<bool> optional_at);
StepPtr make_map(Steps keys_and_values, std::vector<bool> optional_at, std::size_t offset);
/// unit_cost: what one round of the body is charged.
StepPtr make_macro(const Ast& node, Steps arguments, std::uint64_t unit_cost);
StepPtr make_block(Steps definitions, std::vector<int> slots, StepPtr body);

}  // namespace tieout::expr
