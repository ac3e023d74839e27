// Functions on lists and maps, lists taken as sets among them.
#include <fmt/core.h>

#include <algorithm>

#include "expr/registry.hpp"
#include "expr/semantics.hpp"

namespace tieout::expr {
namespace {

using model::Value;
using Kind = Value::Kind;
using Items = std::span<const Value>;

Value list_size(Call& call) { return Value::integer(static_cast<std::int64_t>(call[0].items().size())); }
Value map_size(Call& call) { return Value::integer(static_cast<std::int64_t>(call[0].entries().size())); }

/// Charges a look at every item (and at every pair when `square`). False when the budget is gone.
bool pay(Call& call, std::uint64_t steps) { return call.frame.charge(steps); }
Value made(Call& call, std::vector<Value> items) {
  return call.frame.exhausted ? cost_exceeded() : Value::list(std::move(items));
}

bool holds(Items items, const Value& wanted, Frame& frame) {
  return std::any_of(items.begin(), items.end(), [&](const Value& item) { return equal(item, wanted, frame); });
}

Value slice(Call& call) {
  const Items items = call[0].items();
  const std::int64_t from = call[1].as_integer(), to = call[2].as_integer();
  if (from < 0 || to < from || to > static_cast<std::int64_t>(items.size()))
    return failed(fmt::format("cannot slice({}, {}) a list of {}", from, to, items.size()));
  if (!pay(call, static_cast<std::uint64_t>(to - from))) return cost_exceeded();
  return Value::list({items.begin() + from, items.begin() + to});
}

bool flatten_into(Items items, std::int64_t depth, Frame& frame, std::vector<Value>& out) {
  for (const Value& item : items) {
    if (!frame.charge(1)) return false;
    if (item.is(Kind::list) && depth > 0) {
      if (!flatten_into(item.items(), depth - 1, frame, out)) return false;
    } else {
      out.push_back(item);
    }
  }
  return true;
}
Value flatten(Call& call) {
  const std::int64_t depth = call.count == 2 ? call[1].as_integer() : 1;
  if (depth < 0) return failed("flatten() wants a depth of zero or more");
  std::vector<Value> out;
  return flatten_into(call[0].items(), depth, call.frame, out) ? Value::list(std::move(out)) : cost_exceeded();
}

Value range(Call& call) {
  const std::int64_t count = call[0].as_integer();
  if (count < 0) return failed("lists.range() wants a count of zero or more");
  if (!pay(call, static_cast<std::uint64_t>(count))) return cost_exceeded();
  std::vector<Value> out;
  out.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) out.push_back(Value::integer(i));
  return Value::list(std::move(out));
}

Value distinct(Call& call) {
  std::vector<Value> out;
  for (const Value& item : call[0].items()) {
    if (call.frame.exhausted) break;
    if (!holds(out, item, call.frame)) out.push_back(item);
  }
  return made(call, std::move(out));
}

Value sort(Call& call) {
  const Items items = call[0].items();
  std::vector<Value> out(items.begin(), items.end());
  if (!pay(call, out.size() * 8)) return cost_exceeded();
  for (const Value& item : out)
    if (order(out.front(), item) == Order::incomparable)
      return failed(fmt::format("no such overload: {} and {} have no order", type_name(out.front()), type_name(item)));
  std::stable_sort(out.begin(), out.end(), [](const Value& a, const Value& b) { return order(a, b) == Order::less; });
  return Value::list(std::move(out));
}

Value reverse(Call& call) {
  const Items items = call[0].items();
  if (!pay(call, items.size())) return cost_exceeded();
  return Value::list({items.rbegin(), items.rend()});
}

Value first(Call& call) { return call[0].items().empty() ? Value::none() : Value::some(call[0].items().front()); }
Value last(Call& call) { return call[0].items().empty() ? Value::none() : Value::some(call[0].items().back()); }

/// Is every item of b in a?
bool covers(Items a, Items b, Frame& frame) {
  return std::all_of(b.begin(), b.end(), [&](const Value& item) { return holds(a, item, frame); });
}
Value answer(Call& call, bool value) { return call.frame.exhausted ? cost_exceeded() : Value::boolean(value); }
Value set_contains(Call& call) { return answer(call, covers(call[0].items(), call[1].items(), call.frame)); }
Value set_equivalent(Call& call) {
  return answer(call, covers(call[0].items(), call[1].items(), call.frame) &&
                          covers(call[1].items(), call[0].items(), call.frame));
}
Value set_intersects(Call& call) {
  const Items b = call[1].items();
  return answer(call, std::any_of(b.begin(), b.end(),
                                  [&](const Value& item) { return holds(call[0].items(), item, call.frame); }));
}

/// sum of ints, decimals or doubles; of nothing: 0.
Value sum(Call& call) {
  Value total = Value::integer(0);
  bool first_item = true;
  for (const Value& item : call[0].items()) {
    if (!pay(call, 1)) return cost_exceeded();
    if (item.kind() < Kind::integer || item.kind() > Kind::decimal)
      return failed(fmt::format("no such overload: sum() adds numbers, not {}", type_name(item)));
    total = std::exchange(first_item, false) ? item : arithmetic(Arithmetic::add, total, item, call.frame);
    if (total.is_error()) return total;
  }
  return total;
}
Value sum_decimals(Call& call) { return call[0].items().empty() ? Value::decimal(Decimal{}) : sum(call); }

constexpr Builtin kLists[] = {
    {"size", "(list(A)) -> int", list_size},
    {"size", "list(A).() -> int", list_size},
    {"size", "(map(A, B)) -> int", map_size},
    {"size", "map(A, B).() -> int", map_size},
    {"slice", "list(A).(int, int) -> list(A)", slice},
    {"flatten", "list(list(A)).() -> list(A)", flatten},
    {"flatten", "list(dyn).() -> list(dyn)", flatten},
    {"flatten", "list(dyn).(int) -> list(dyn)", flatten},
    {"lists.range", "(int) -> list(int)", range},
    {"distinct", "list(A).() -> list(A)", distinct},
    {"sort", "list(A).() -> list(A)", sort},
    {"reverse", "list(A).() -> list(A)", reverse},
    {"first", "list(A).() -> optional(A)", first},
    {"last", "list(A).() -> optional(A)", last},
    {"sum", "list(decimal).() -> decimal", sum_decimals},
    {"sum", "list(int).() -> int", sum},
    {"sum", "list(uint).() -> uint", sum},
    {"sum", "list(double).() -> double", sum},
    {"sum", "list(dyn).() -> dyn", sum},
    {"sets.contains", "(list(A), list(A)) -> bool", set_contains},
    {"sets.equivalent", "(list(A), list(A)) -> bool", set_equivalent},
    {"sets.intersects", "(list(A), list(A)) -> bool", set_intersects},
};

}  // namespace

std::span<const Builtin> list_functions() { return kLists; }

}  // namespace tieout::expr
