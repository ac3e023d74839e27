// Steps that reach for what is already there: constants, variables, locals, fields, elements.
//
// On a record, a field that was not sent (absent) is like a key that a map does not have, and a field that was sent
// empty (null) reads as null; has() and .? take both for "nothing there", because to a mapping they mean the same.
#include <fmt/core.h>

#include "expr/semantics.hpp"
#include "expr/step.hpp"

namespace tieout::expr {
namespace {

using model::Value;
using Kind = Value::Kind;

class Constant final : public Step {
 public:
  explicit Constant(Value value) : value_(std::move(value)) {}
  Value evaluate(Frame&) const override { return value_; }
  const Value* peek(Frame&) const override { return &value_; }
  const Value* constant() const override { return &value_; }

 private:
  Value value_;
};

class Variable final : public Step {
 public:
  Variable(int index, std::string name, std::size_t offset)
      : index_(static_cast<std::size_t>(index)), name_(std::move(name)), offset_(offset) {}
  Value evaluate(Frame& frame) const override {
    if (const Value* value = peek(frame)) return *value;
    return placed(failed(fmt::format("no value for the variable '{}'", name_)), offset_);
  }
  const Value* peek(Frame& frame) const override {
    if (index_ >= frame.variables.size() || frame.variables[index_].is_absent()) return nullptr;
    return &frame.variables[index_];
  }

 private:
  std::size_t index_;
  std::string name_;
  std::size_t offset_;
};

class LocalStep final : public Step {
 public:
  explicit LocalStep(int slot) : slot_(slot) {}
  Value evaluate(Frame& frame) const override { return frame.locals[slot_]; }
  const Value* peek(Frame& frame) const override { return &frame.locals[slot_]; }

 private:
  int slot_;
};

/// A value of cel.block: made when it is first asked for, then kept.
class LazyLocal final : public Step {
 public:
  LazyLocal(int slot, const Step* definition) : slot_(slot), definition_(definition) {}
  Value evaluate(Frame& frame) const override { return *peek(frame); }
  const Value* peek(Frame& frame) const override {
    Value& value = frame.locals[slot_];
    if (value.is_absent()) value = definition_->evaluate(frame);
    return &value;
  }

 private:
  int slot_;
  const Step* definition_;
};

class Failure final : public Step {
 public:
  Failure(std::string what, std::size_t offset) : error_(placed(failed(what), offset)) {}
  Value evaluate(Frame&) const override { return error_; }

 private:
  Value error_;
};

/// What a field name finds in a record or map. Null pointer when there is nothing of that name.
class FieldFinder {
 public:
  FieldFinder(std::string name, int slot) : name_(std::move(name)), slot_(slot) {}

  const std::string& name() const { return name_; }

  const Value* find(const Value& target) const {
    if (target.is(Kind::record)) {
      const auto slots = target.slots();
      const model::RecordShape& shape = target.shape();
      // The checker's slot, when the record has the expected shape (or one that agrees here).
      if (slot_ >= 0 && static_cast<std::size_t>(slot_) < slots.size() &&
          shape.names[static_cast<std::size_t>(slot_)] == name_)
        return present(slots[static_cast<std::size_t>(slot_)]);
      const int found = shape.index_of(name_);
      return found < 0 ? nullptr : present(slots[static_cast<std::size_t>(found)]);
    }
    if (target.is(Kind::map)) return target.find(std::string_view(name_));
    return nullptr;
  }

  static bool has_fields(const Value& target) { return target.is(Kind::record) || target.is(Kind::map); }

  /// For has() and .?: an empty field of a record counts as nothing.
  const Value* find_filled(const Value& target) const {
    const Value* found = find(target);
    return found && target.is(Kind::record) && found->is_null() ? nullptr : found;
  }

  Value not_found(const Value& target) const {
    if (!has_fields(target))
      return failed(fmt::format("no such overload: {} has no field '{}'", type_name(target), name_));
    return failed(
        fmt::format("no such key: '{}'{}", name_,
                    target.is(Kind::record) ? fmt::format(" was not sent; read it with .?{}.orValue(…)", name_) : ""));
  }

 private:
  static const Value* present(const Value& value) { return value.is_absent() ? nullptr : &value; }
  std::string name_;
  int slot_;
};

/// optional.field: none stays none; a field that is not there makes none.
Value select_through_optional(const Value& target, const FieldFinder& finder) {
  if (!target.optional_has_value()) return Value::none();
  const Value& inner = target.optional_value();
  if (inner.is(Kind::optional)) return select_through_optional(inner, finder);
  if (!FieldFinder::has_fields(inner)) return finder.not_found(inner);
  const Value* found = finder.find_filled(inner);
  if (!found) return Value::none();
  return found->is(Kind::optional) ? *found : Value::some(*found);
}

class Select final : public Step {
 public:
  Select(StepPtr target, FieldFinder finder, std::size_t offset)
      : target_(std::move(target)), finder_(std::move(finder)), offset_(offset) {}

  const Value* peek(Frame& frame) const override {
    const Value* target = target_->peek(frame);
    return target ? finder_.find(*target) : nullptr;
  }
  Value evaluate(Frame& frame) const override {
    Operand target(*target_, frame);
    if (target.is_error()) return target.take();
    if (const Value* found = finder_.find(*target)) return *found;
    Value result = target->is(Kind::optional) ? select_through_optional(*target, finder_) : finder_.not_found(*target);
    return result.is_error() ? placed(std::move(result), offset_) : std::move(result);
  }

 private:
  StepPtr target_;
  FieldFinder finder_;
  std::size_t offset_;
};

class OptionalSelect final : public Step {
 public:
  OptionalSelect(StepPtr target, FieldFinder finder, std::size_t offset)
      : target_(std::move(target)), finder_(std::move(finder)), offset_(offset) {}
  Value evaluate(Frame& frame) const override {
    Operand target(*target_, frame);
    if (target.is_error()) return target.take();
    if (target->is(Kind::optional)) {
      Value result = select_through_optional(*target, finder_);
      return result.is_error() ? placed(std::move(result), offset_) : std::move(result);
    }
    if (!FieldFinder::has_fields(*target)) return placed(finder_.not_found(*target), offset_);
    const Value* found = finder_.find_filled(*target);
    return found ? Value::some(*found) : Value::none();
  }

 private:
  StepPtr target_;
  FieldFinder finder_;
  std::size_t offset_;
};

class SelectOr final : public Step {
 public:
  SelectOr(StepPtr target, FieldFinder finder, StepPtr otherwise, std::size_t offset)
      : target_(std::move(target)), finder_(std::move(finder)), otherwise_(std::move(otherwise)), offset_(offset) {}

  /// Only when both ways can be peeked at: the fallback of a missing field is mostly a constant.
  const Value* peek(Frame& frame) const override {
    const Value* target = target_->peek(frame);
    if (!target || !FieldFinder::has_fields(*target)) return nullptr;
    const Value* found = finder_.find_filled(*target);
    return found ? found : otherwise_->peek(frame);
  }
  Value evaluate(Frame& frame) const override {
    Operand target(*target_, frame);
    if (target.is_error()) return target.take();
    if (target->is(Kind::optional)) {
      const Value result = select_through_optional(*target, finder_);
      if (result.is_error()) return placed(result, offset_);
      return result.optional_has_value() ? result.optional_value() : otherwise_->evaluate(frame);
    }
    if (!FieldFinder::has_fields(*target)) return placed(finder_.not_found(*target), offset_);
    const Value* found = finder_.find_filled(*target);
    return found ? *found : otherwise_->evaluate(frame);
  }

 private:
  StepPtr target_;
  FieldFinder finder_;
  StepPtr otherwise_;
  std::size_t offset_;
};

class Has final : public Step {
 public:
  Has(StepPtr target, FieldFinder finder, std::size_t offset)
      : target_(std::move(target)), finder_(std::move(finder)), offset_(offset) {}
  Value evaluate(Frame& frame) const override {
    Operand target(*target_, frame);
    if (target.is_error()) return target.take();
    if (target->is(Kind::optional)) {
      const Value result = select_through_optional(*target, finder_);
      if (result.is_error()) return placed(result, offset_);
      return Value::boolean(result.optional_has_value());
    }
    if (!FieldFinder::has_fields(*target)) return placed(finder_.not_found(*target), offset_);
    return Value::boolean(finder_.find_filled(*target) != nullptr);
  }

 private:
  StepPtr target_;
  FieldFinder finder_;
  std::size_t offset_;
};

Value index_optional(const Value& target, const Value& key) {
  const Value* inner = &target;
  while (inner->is(Kind::optional)) {
    if (!inner->optional_has_value()) return Value::none();
    inner = &inner->optional_value();
  }
  if (!inner->is(Kind::map) && !inner->is(Kind::list)) return index(*inner, key);
  std::string why;
  const Value* found = find_index(*inner, key, why);
  if (!found && why.starts_with("invalid argument")) return failed(why);
  return found ? Value::some(*found) : Value::none();
}

class Index final : public Step {
 public:
  Index(StepPtr target, StepPtr key, bool optional, std::size_t offset)
      : target_(std::move(target)), key_(std::move(key)), optional_(optional), offset_(offset) {}
  const Value* peek(Frame& frame) const override {
    if (optional_) return nullptr;
    const Value* target = target_->peek(frame);
    const Value* key = target ? key_->peek(frame) : nullptr;
    if (!key) return nullptr;
    if (target->is(Kind::map)) return target->find(*key);
    if (!target->is(Kind::list) || !key->is(Kind::integer)) return nullptr;
    return key->as_unsigned() < target->items().size() ? &target->items()[key->as_unsigned()] : nullptr;
  }
  Value evaluate(Frame& frame) const override {
    Operand target(*target_, frame);
    if (target.is_error()) return target.take();
    Operand key(*key_, frame);
    if (key.is_error()) return key.take();
    Value result = optional_ || target->is(Kind::optional) ? index_optional(*target, *key) : index(*target, *key);
    return result.is_error() ? placed(std::move(result), offset_) : std::move(result);
  }

 private:
  StepPtr target_;
  StepPtr key_;
  bool optional_;
  std::size_t offset_;
};

}  // namespace

StepPtr make_constant(Value value) { return std::make_unique<Constant>(std::move(value)); }
StepPtr make_variable(int index, std::string name, std::size_t offset) {
  return std::make_unique<Variable>(index, std::move(name), offset);
}
StepPtr make_local(int slot) { return std::make_unique<LocalStep>(slot); }
StepPtr make_lazy_local(int slot, const Step* definition) { return std::make_unique<LazyLocal>(slot, definition); }
StepPtr make_failure(std::string what, std::size_t offset) {
  return std::make_unique<Failure>(std::move(what), offset);
}
StepPtr make_select(StepPtr target, std::string name, int slot, std::size_t offset) {
  return std::make_unique<Select>(std::move(target), FieldFinder(std::move(name), slot), offset);
}
StepPtr make_optional_select(StepPtr target, std::string name, int slot, std::size_t offset) {
  return std::make_unique<OptionalSelect>(std::move(target), FieldFinder(std::move(name), slot), offset);
}
StepPtr make_has(StepPtr target, std::string name, int slot, std::size_t offset) {
  return std::make_unique<Has>(std::move(target), FieldFinder(std::move(name), slot), offset);
}
StepPtr make_select_or(StepPtr target, std::string name, int slot, StepPtr otherwise, std::size_t offset) {
  return std::make_unique<SelectOr>(std::move(target), FieldFinder(std::move(name), slot), std::move(otherwise),
                                    offset);
}
StepPtr make_index(StepPtr target, StepPtr key, std::size_t offset) {
  return std::make_unique<Index>(std::move(target), std::move(key), false, offset);
}
StepPtr make_optional_index(StepPtr target, StepPtr key, std::size_t offset) {
  return std::make_unique<Index>(std::move(target), std::move(key), true, offset);
}

}  // namespace tieout::expr
