// Steps that compute: logic, comparison, arithmetic, calls, and the making of lists and maps.
#include <fmt/core.h>
#include <re2/re2.h>

#include <array>

#include "expr/semantics.hpp"
#include "expr/step.hpp"

namespace tieout::expr {
namespace {

using model::MapEntry;
using model::Value;
using Kind = Value::Kind;

Value not_boolean(const Value& value, std::string_view where, std::size_t offset) {
  const Value* one[] = {&value};
  return placed(no_such_overload(where, one), offset);
}

/// && and ||: the deciding value wins, wherever it stands; an error counts only when nothing decides.
class Logic final : public Step {
 public:
  Logic(bool is_and, Steps operands, std::size_t offset)
      : decides_(!is_and), operands_(std::move(operands)), offset_(offset) {}
  Value evaluate(Frame& frame) const override {
    Value error;
    for (const StepPtr& step : operands_) {
      Operand operand(*step, frame);
      if (operand->is(Kind::boolean)) {
        if (operand->as_boolean() == decides_) return Value::boolean(decides_);
      } else if (error.is_absent()) {
        error = operand.is_error() ? operand.take() : not_boolean(*operand, decides_ ? "||" : "&&", offset_);
      }
    }
    return error.is_absent() ? Value::boolean(!decides_) : error;
  }

 private:
  bool decides_;
  Steps operands_;
  std::size_t offset_;
};

class Not final : public Step {
 public:
  Not(StepPtr operand, std::size_t offset) : operand_(std::move(operand)), offset_(offset) {}
  Value evaluate(Frame& frame) const override {
    Operand operand(*operand_, frame);
    if (operand->is(Kind::boolean)) return Value::boolean(!operand->as_boolean());
    return operand.is_error() ? operand.take() : not_boolean(*operand, "!", offset_);
  }

 private:
  StepPtr operand_;
  std::size_t offset_;
};

class Conditional final : public Step {
 public:
  Conditional(StepPtr condition, StepPtr yes, StepPtr no, std::size_t offset)
      : condition_(std::move(condition)), yes_(std::move(yes)), no_(std::move(no)), offset_(offset) {}
  Value evaluate(Frame& frame) const override {
    Operand condition(*condition_, frame);
    if (condition->is(Kind::boolean)) return (condition->as_boolean() ? yes_ : no_)->evaluate(frame);
    return condition.is_error() ? condition.take() : not_boolean(*condition, "?:", offset_);
  }

 private:
  StepPtr condition_, yes_, no_;
  std::size_t offset_;
};

class Equality final : public Step {
 public:
  Equality(StepPtr a, StepPtr b, bool negated) : a_(std::move(a)), b_(std::move(b)), negated_(negated) {}
  Value evaluate(Frame& frame) const override {
    Operand a(*a_, frame);
    if (a.is_error()) return a.take();
    Operand b(*b_, frame);
    if (b.is_error()) return b.take();
    const bool same = equal(*a, *b, frame);
    return frame.exhausted ? cost_exceeded() : Value::boolean(same != negated_);
  }

 private:
  StepPtr a_, b_;
  bool negated_;
};

class Comparison final : public Step {
 public:
  Comparison(StepPtr a, StepPtr b, std::string symbol, std::size_t offset)
      : a_(std::move(a)), b_(std::move(b)), symbol_(std::move(symbol)), offset_(offset) {}
  Value evaluate(Frame& frame) const override {
    Operand a(*a_, frame);
    if (a.is_error()) return a.take();
    Operand b(*b_, frame);
    if (b.is_error()) return b.take();
    switch (order(*a, *b)) {
      case Order::less:
        return Value::boolean(symbol_[0] == '<');
      case Order::greater:
        return Value::boolean(symbol_[0] == '>');
      case Order::same:
        return Value::boolean(symbol_.size() == 2);
      case Order::unordered:
        return Value::boolean(false);
      case Order::incomparable:
        break;
    }
    const Value* both[] = {&*a, &*b};
    return placed(no_such_overload(symbol_, both), offset_);
  }

 private:
  StepPtr a_, b_;
  std::string symbol_;
  std::size_t offset_;
};

class ArithmeticStep final : public Step {
 public:
  ArithmeticStep(Arithmetic op, StepPtr a, StepPtr b, std::size_t offset)
      : op_(op), a_(std::move(a)), b_(std::move(b)), offset_(offset) {}
  Value evaluate(Frame& frame) const override {
    Operand a(*a_, frame);
    if (a.is_error()) return a.take();
    Operand b(*b_, frame);
    if (b.is_error()) return b.take();
    Value result = arithmetic(op_, *a, *b, frame);
    return result.is_error() ? placed(std::move(result), offset_) : std::move(result);
  }

 private:
  Arithmetic op_;
  StepPtr a_, b_;
  std::size_t offset_;
};

class Negation final : public Step {
 public:
  Negation(StepPtr operand, std::size_t offset) : operand_(std::move(operand)), offset_(offset) {}
  Value evaluate(Frame& frame) const override {
    Operand operand(*operand_, frame);
    if (operand.is_error()) return operand.take();
    Value result = negate(*operand);
    return result.is_error() ? placed(std::move(result), offset_) : std::move(result);
  }

 private:
  StepPtr operand_;
  std::size_t offset_;
};

class Containment final : public Step {
 public:
  Containment(StepPtr item, StepPtr in, std::size_t offset)
      : item_(std::move(item)), in_(std::move(in)), offset_(offset) {}
  Value evaluate(Frame& frame) const override {
    Operand item(*item_, frame);
    if (item.is_error()) return item.take();
    Operand in(*in_, frame);
    if (in.is_error()) return in.take();
    Value result = contained(*item, *in, frame);
    return result.is_error() ? placed(std::move(result), offset_) : std::move(result);
  }

 private:
  StepPtr item_, in_;
  std::size_t offset_;
};

class CallStep final : public Step {
 public:
  CallStep(std::string name, std::vector<const Overload*> candidates, Steps arguments, std::size_t offset)
      : name_(std::move(name)), candidates_(std::move(candidates)), arguments_(std::move(arguments)), offset_(offset) {}

  Value evaluate(Frame& frame) const override {
    switch (arguments_.size()) {
      case 0:
        return dispatch({}, frame);
      case 1:
        return with<1>(frame);
      case 2:
        return with<2>(frame);
      case 3:
        return with<3>(frame);
      case 4:
        return with<4>(frame);
      default:
        return with_many(frame);
    }
  }

 private:
  template <std::size_t N>
  Value with(Frame& frame) const {
    std::array<Value, N> owned;
    std::array<const Value*, N> pointers;
    for (std::size_t i = 0; i < N; ++i) {
      pointers[i] = arguments_[i]->peek(frame);
      if (pointers[i] == nullptr) {
        owned[i] = arguments_[i]->evaluate(frame);
        pointers[i] = &owned[i];
      }
      if (pointers[i]->is_error()) return *pointers[i];
    }
    return dispatch(pointers, frame);
  }

  Value with_many(Frame& frame) const {
    std::vector<Value> owned;
    std::vector<const Value*> pointers;
    owned.reserve(arguments_.size());
    for (const StepPtr& argument : arguments_) {
      owned.push_back(argument->evaluate(frame));
      if (owned.back().is_error()) return owned.back();
    }
    for (const Value& value : owned) pointers.push_back(&value);
    return dispatch(pointers, frame);
  }

  Value dispatch(std::span<const Value* const> arguments, Frame& frame) const {
    if (!frame.charge(1)) return cost_exceeded();
    for (const Overload* overload : candidates_) {
      if (!accepts(*overload, arguments)) continue;
      Value result = overload->call ? call_standard(*overload, arguments, frame) : call_host(*overload, arguments);
      return result.is_error() ? placed(std::move(result), offset_) : std::move(result);
    }
    return placed(no_such_overload(name_, arguments), offset_);
  }

  static Value call_standard(const Overload& overload, std::span<const Value* const> arguments, Frame& frame) {
    Call call{arguments.data(), arguments.size(), frame};
    return overload.call(call);
  }

  Value call_host(const Overload& overload, std::span<const Value* const> arguments) const {
    if (!overload.host) return failed(fmt::format("the function '{}' is declared but not provided", name_));
    std::vector<Value> copies;
    copies.reserve(arguments.size());
    for (const Value* argument : arguments) copies.push_back(*argument);
    Result<Value> result = (*overload.host)(copies);
    return result ? *std::move(result) : failed(std::move(result).error());
  }

  std::string name_;
  std::vector<const Overload*> candidates_;
  Steps arguments_;
  std::size_t offset_;
};

class Matches final : public Step {
 public:
  Matches(StepPtr text, std::unique_ptr<re2::RE2> pattern, std::size_t offset)
      : text_(std::move(text)), pattern_(std::move(pattern)), offset_(offset) {}
  Value evaluate(Frame& frame) const override {
    Operand text(*text_, frame);
    if (text.is_error()) return text.take();
    if (!text->is_text()) return not_boolean(*text, "matches", offset_);
    const std::string_view subject = text->as_text();
    if (!frame.charge(1 + subject.size() / 8)) return cost_exceeded();
    return Value::boolean(re2::RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), *pattern_));
  }

 private:
  StepPtr text_;
  std::unique_ptr<re2::RE2> pattern_;
  std::size_t offset_;
};

class ListStep final : public Step {
 public:
  ListStep(Steps items, std::vector<bool> optional_at)
      : items_(std::move(items)), optional_at_(std::move(optional_at)) {}
  Value evaluate(Frame& frame) const override {
    if (!frame.charge(items_.size())) return cost_exceeded();
    std::vector<Value> made;
    made.reserve(items_.size());
    for (std::size_t i = 0; i < items_.size(); ++i) {
      Value item = items_[i]->evaluate(frame);
      if (item.is_error()) return item;
      if (!optional_at_[i]) {
        made.push_back(std::move(item));
      } else if (!item.is(Kind::optional)) {
        return not_boolean(item, "[?]", 0);
      } else if (item.optional_has_value()) {
        made.push_back(item.optional_value());
      }
    }
    return Value::list(std::move(made));
  }

 private:
  Steps items_;
  std::vector<bool> optional_at_;
};

class MapStep final : public Step {
 public:
  MapStep(Steps parts, std::vector<bool> optional_at, std::size_t offset)
      : parts_(std::move(parts)), optional_at_(std::move(optional_at)), offset_(offset) {}

  Value evaluate(Frame& frame) const override {
    if (!frame.charge(parts_.size())) return cost_exceeded();
    std::vector<MapEntry> entries;
    entries.reserve(parts_.size() / 2);
    for (std::size_t i = 0; i < parts_.size(); i += 2) {
      Value key = parts_[i]->evaluate(frame);
      if (key.is_error()) return key;
      Value value = parts_[i + 1]->evaluate(frame);
      if (value.is_error()) return value;
      if (optional_at_[i / 2]) {
        if (!value.is(Kind::optional)) return not_boolean(value, "{?}", offset_);
        if (!value.optional_has_value()) continue;
        value = Value(value.optional_value());
      }
      entries.push_back({std::move(key), std::move(value)});
    }
    return checked(std::move(entries), frame);
  }

 private:
  Value checked(std::vector<MapEntry> entries, Frame& frame) const {
    const std::size_t count = entries.size();
    for (const MapEntry& entry : entries)
      if (!entry.key.is(Kind::boolean) && !entry.key.is(Kind::integer) && !entry.key.is(Kind::unsigned_integer) &&
          !entry.key.is_text())
        return placed(failed(fmt::format("unsupported key type: {}", type_name(entry.key))), offset_);
    if (!frame.charge(count)) return cost_exceeded();
    const Value map = Value::map(std::move(entries));
    for (const MapEntry& entry : map.entries())
      if (map.find(entry.key) != &entry.value)
        return placed(failed(fmt::format("repeated key: {}", entry.key.display())), offset_);
    return map;
  }

  Steps parts_;
  std::vector<bool> optional_at_;
  std::size_t offset_;
};

struct BinaryName {
  std::string_view name;
  Arithmetic op;
};
constexpr BinaryName kArithmetic[] = {{"_+_", Arithmetic::add},
                                      {"_-_", Arithmetic::subtract},
                                      {"_*_", Arithmetic::multiply},
                                      {"_/_", Arithmetic::divide},
                                      {"_%_", Arithmetic::modulo}};

}  // namespace

StepPtr make_logic(bool is_and, Steps operands, std::size_t offset) {
  return std::make_unique<Logic>(is_and, std::move(operands), offset);
}
StepPtr make_not(StepPtr operand, std::size_t offset) { return std::make_unique<Not>(std::move(operand), offset); }
StepPtr make_conditional(StepPtr condition, StepPtr yes, StepPtr no, std::size_t offset) {
  return std::make_unique<Conditional>(std::move(condition), std::move(yes), std::move(no), offset);
}
StepPtr make_call(std::string name, std::vector<const Overload*> candidates, Steps arguments, std::size_t offset) {
  return std::make_unique<CallStep>(std::move(name), std::move(candidates), std::move(arguments), offset);
}
StepPtr make_list(Steps items, std::vector<bool> optional_at) {
  return std::make_unique<ListStep>(std::move(items), std::move(optional_at));
}
StepPtr make_map(Steps parts, std::vector<bool> optional_at, std::size_t offset) {
  return std::make_unique<MapStep>(std::move(parts), std::move(optional_at), offset);
}

StepPtr make_matches(StepPtr text, std::string_view pattern, std::size_t offset) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  auto compiled = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!compiled->ok())
    return make_failure(fmt::format("the regular expression is malformed: {}", compiled->error()), offset);
  return std::make_unique<Matches>(std::move(text), std::move(compiled), offset);
}

StepPtr make_operator(const std::string& name, Steps& operands, std::size_t offset) {
  if (operands.size() == 1) {
    if (name == "!_") return make_not(std::move(operands[0]), offset);
    if (name == "-_") return std::make_unique<Negation>(std::move(operands[0]), offset);
    return nullptr;
  }
  if (operands.size() != 2) return nullptr;
  StepPtr& a = operands[0];
  StepPtr& b = operands[1];
  for (const BinaryName& binary : kArithmetic)
    if (binary.name == name) return std::make_unique<ArithmeticStep>(binary.op, std::move(a), std::move(b), offset);
  if (name == "_==_" || name == "_!=_") return std::make_unique<Equality>(std::move(a), std::move(b), name == "_!=_");
  if (name == "_<_" || name == "_<=_" || name == "_>_" || name == "_>=_")
    return std::make_unique<Comparison>(std::move(a), std::move(b), name.substr(1, name.size() - 2), offset);
  if (name == "@in") return std::make_unique<Containment>(std::move(a), std::move(b), offset);
  if (name == "_[_]") return make_index(std::move(a), std::move(b), offset);
  if (name == "_[?_]") return make_optional_index(std::move(a), std::move(b), offset);
  return nullptr;
}

}  // namespace tieout::expr
