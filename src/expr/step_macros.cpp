// Steps of the macros over lists and maps. Each round is charged with the size of its body, so that nested macros
// cannot run away. Errors in all() and exists() count only when no element decides, as with && and ||.
#include <fmt/core.h>

#include "expr/semantics.hpp"
#include "expr/step.hpp"

namespace tieout::expr {
namespace {

using model::MapEntry;
using model::Value;
using Kind = Value::Kind;
using Macro = Ast::Macro;

Value wants_boolean(const Value& value, std::string_view macro) {
  if (value.is_error()) return value;
  const Value* one[] = {&value};
  return no_such_overload(macro, one);
}

/// What the macros share: the range, and setting the variables for each of its elements.
class Comprehension : public Step {
 public:
  Comprehension(const Ast& node, Steps arguments, std::uint64_t unit_cost)
      : macro_(node.macro),
        locals_(node.locals),
        filter_(node.has_filter),
        arguments_(std::move(arguments)),
        unit_cost_(unit_cost),
        offset_(node.offset) {}

  Value evaluate(Frame& frame) const override {
    Operand range(*arguments_[0], frame);
    if (range.is_error()) return range.take();
    if (!range->is(Kind::list) && !range->is(Kind::map))
      return placed(failed(fmt::format("no such overload: {} is neither a list nor a map", type_name(*range))),
                    offset_);
    Value result = run(*range, frame);
    return result.is_error() ? placed(std::move(result), offset_) : std::move(result);
  }

 protected:
  virtual Value run(const Value& range, Frame& frame) const = 0;

  static std::size_t size(const Value& range) {
    return range.is(Kind::list) ? range.items().size() : range.entries().size();
  }
  /// The single variable's value of a round: the item of a list, the key of a map.
  static const Value& single(const Value& range, std::size_t i) {
    return range.is(Kind::list) ? range.items()[i] : range.entries()[i].key;
  }

  /// Sets the variables for round i. False when the budget is gone.
  bool enter(const Value& range, std::size_t i, Frame& frame) const {
    if (!frame.charge(unit_cost_)) return false;
    if (locals_.size() == 1) {
      frame.locals[locals_[0]] = single(range, i);
    } else {
      frame.locals[locals_[0]] =
          range.is(Kind::list) ? Value::integer(static_cast<std::int64_t>(i)) : range.entries()[i].key;
      frame.locals[locals_[1]] = range.is(Kind::list) ? range.items()[i] : range.entries()[i].value;
    }
    return true;
  }

  Value body(Frame& frame) const { return arguments_.back()->evaluate(frame); }

  /// 1 take it, 0 leave it, -1 `out` has an error.
  int wanted(Frame& frame, Value& out) const {
    if (!filter_) return 1;
    out = arguments_[1]->evaluate(frame);
    if (out.is(Kind::boolean)) return out.as_boolean() ? 1 : 0;
    out = wants_boolean(out, "filter");
    return -1;
  }

  Macro macro_;
  std::vector<int> locals_;
  bool filter_;
  Steps arguments_;
  std::uint64_t unit_cost_;
  std::size_t offset_;
};

class Quantifier final : public Comprehension {
 public:
  using Comprehension::Comprehension;

 private:
  Value run(const Value& range, Frame& frame) const override {
    return macro_ == Macro::exists_one ? exactly_one(range, frame) : decide(range, frame, macro_ == Macro::exists);
  }

  Value decide(const Value& range, Frame& frame, bool decides) const {
    Value error;
    for (std::size_t i = 0; i < size(range); ++i) {
      if (!enter(range, i, frame)) return cost_exceeded();
      Value result = body(frame);
      if (result.is(Kind::boolean)) {
        if (result.as_boolean() == decides) return result;
      } else if (error.is_absent()) {
        error = wants_boolean(result, decides ? "exists" : "all");
      }
    }
    return error.is_absent() ? Value::boolean(!decides) : error;
  }

  Value exactly_one(const Value& range, Frame& frame) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < size(range); ++i) {
      if (!enter(range, i, frame)) return cost_exceeded();
      const Value result = body(frame);
      if (!result.is(Kind::boolean)) return wants_boolean(result, "exists_one");
      count += result.as_boolean() ? 1 : 0;
    }
    return Value::boolean(count == 1);
  }
};

class ListMaker final : public Comprehension {
 public:
  using Comprehension::Comprehension;

 private:
  Value run(const Value& range, Frame& frame) const override {
    std::vector<Value> made;
    for (std::size_t i = 0; i < size(range); ++i) {
      if (!enter(range, i, frame)) return cost_exceeded();
      Value result;
      if (const int take = wanted(frame, result); take <= 0) {
        if (take < 0) return result;
        continue;
      }
      result = body(frame);
      if (macro_ == Macro::filter) {
        if (!result.is(Kind::boolean)) return wants_boolean(result, "filter");
        if (result.as_boolean()) made.push_back(single(range, i));
      } else if (result.is_error()) {
        return result;
      } else {
        made.push_back(std::move(result));
      }
    }
    return Value::list(std::move(made));
  }
};

class MapMaker final : public Comprehension {
 public:
  using Comprehension::Comprehension;

 private:
  Value run(const Value& range, Frame& frame) const override {
    std::vector<MapEntry> made;
    for (std::size_t i = 0; i < size(range); ++i) {
      if (!enter(range, i, frame)) return cost_exceeded();
      Value result;
      if (const int take = wanted(frame, result); take <= 0) {
        if (take < 0) return result;
        continue;
      }
      result = body(frame);
      if (result.is_error()) return result;
      if (macro_ == Macro::transform_map) {
        made.push_back({frame.locals[locals_[0]], std::move(result)});
      } else if (!result.is(Kind::map)) {
        return failed(fmt::format("no such overload: transformMapEntry() wants a map, not {}", type_name(result)));
      } else {
        if (!frame.charge(result.entries().size())) return cost_exceeded();
        made.insert(made.end(), result.entries().begin(), result.entries().end());
      }
    }
    const Value map = Value::map(std::move(made));
    for (const MapEntry& entry : map.entries())
      if (map.find(entry.key) != &entry.value) return failed(fmt::format("repeated key: {}", entry.key.display()));
    return map;
  }
};

class Sorter final : public Comprehension {
 public:
  using Comprehension::Comprehension;

 private:
  Value run(const Value& range, Frame& frame) const override {
    if (!range.is(Kind::list)) return failed("no such overload: sortBy() sorts lists");
    std::vector<std::pair<Value, std::size_t>> keys;
    for (std::size_t i = 0; i < size(range); ++i) {
      if (!enter(range, i, frame)) return cost_exceeded();
      keys.emplace_back(body(frame), i);
      if (keys.back().first.is_error()) return keys.back().first;
      if (order(keys.front().first, keys.back().first) == Order::incomparable)
        return failed(fmt::format("no such overload: {} and {} have no order", type_name(keys.front().first),
                                  type_name(keys.back().first)));
    }
    if (!frame.charge(keys.size() * 8)) return cost_exceeded();
    std::stable_sort(keys.begin(), keys.end(),
                     [](const auto& a, const auto& b) { return order(a.first, b.first) == Order::less; });
    std::vector<Value> sorted;
    sorted.reserve(keys.size());
    for (const auto& [key, position] : keys) sorted.push_back(range.items()[position]);
    return Value::list(std::move(sorted));
  }
};

class Bind final : public Step {
 public:
  Bind(int slot, StepPtr value, StepPtr body) : slot_(slot), value_(std::move(value)), body_(std::move(body)) {}
  Value evaluate(Frame& frame) const override {
    frame.locals[slot_] = value_->evaluate(frame);  // an error stays there: it counts only when the name is used
    return body_->evaluate(frame);
  }

 private:
  int slot_;
  StepPtr value_, body_;
};

class OptionalMap final : public Step {
 public:
  OptionalMap(bool flat, int slot, StepPtr target, StepPtr body, std::size_t offset)
      : flat_(flat), slot_(slot), target_(std::move(target)), body_(std::move(body)), offset_(offset) {}
  Value evaluate(Frame& frame) const override {
    Operand target(*target_, frame);
    if (target.is_error()) return target.take();
    if (!target->is(Kind::optional))
      return placed(failed(fmt::format("no such overload: an optional value is wanted, not {}", type_name(*target))),
                    offset_);
    if (!target->optional_has_value()) return Value::none();
    frame.locals[slot_] = target->optional_value();
    Value result = body_->evaluate(frame);
    if (result.is_error()) return result;
    if (flat_ && !result.is(Kind::optional))
      return placed(
          failed(fmt::format("no such overload: optFlatMap() wants an optional result, not {}", type_name(result))),
          offset_);
    return flat_ ? std::move(result) : Value::some(std::move(result));
  }

 private:
  bool flat_;
  int slot_;
  StepPtr target_, body_;
  std::size_t offset_;
};

class Block final : public Step {
 public:
  Block(Steps definitions, std::vector<int> slots, StepPtr body)
      : definitions_(std::move(definitions)), slots_(std::move(slots)), body_(std::move(body)) {}
  Value evaluate(Frame& frame) const override {
    for (const int slot : slots_) frame.locals[slot] = Value::absent();
    return body_->evaluate(frame);
  }

 private:
  Steps definitions_;
  std::vector<int> slots_;
  StepPtr body_;
};

}  // namespace

StepPtr make_macro(const Ast& node, Steps arguments, std::uint64_t unit_cost) {
  switch (node.macro) {
    case Macro::all:
    case Macro::exists:
    case Macro::exists_one:
      return std::make_unique<Quantifier>(node, std::move(arguments), unit_cost);
    case Macro::map:
    case Macro::filter:
    case Macro::transform_list:
      return std::make_unique<ListMaker>(node, std::move(arguments), unit_cost);
    case Macro::transform_map:
    case Macro::transform_map_entry:
      return std::make_unique<MapMaker>(node, std::move(arguments), unit_cost);
    case Macro::sort_by:
      return std::make_unique<Sorter>(node, std::move(arguments), unit_cost);
    case Macro::bind:
      return std::make_unique<Bind>(node.locals[0], std::move(arguments[0]), std::move(arguments[1]));
    case Macro::opt_map:
    case Macro::opt_flat_map:
      return std::make_unique<OptionalMap>(node.macro == Macro::opt_flat_map, node.locals[0], std::move(arguments[0]),
                                           std::move(arguments[1]), node.offset);
    case Macro::block:
      break;
  }
  return nullptr;
}

StepPtr make_block(Steps definitions, std::vector<int> slots, StepPtr body) {
  return std::make_unique<Block>(std::move(definitions), std::move(slots), std::move(body));
}

}  // namespace tieout::expr
