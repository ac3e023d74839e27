#include "mapping/flow.hpp"

#include <fmt/core.h>

#include "base/time.hpp"
#include "mapping/flow_parts.hpp"

namespace tieout::mapping {

using model::Record;
using model::Value;

const std::string& Flow::name() const { return parts_->name; }
const std::string& Flow::version() const { return parts_->version; }
FlowKind Flow::kind() const { return parts_->kind; }
const model::RecordType& Flow::type() const { return *parts_->from_type; }
FlowDirection Flow::direction() const { return parts_->direction; }
Unmatched Flow::unmatched(Side side) const { return parts_->unmatched[static_cast<std::size_t>(side)]; }
const std::vector<MatchKey>& Flow::match_keys() const { return parts_->keys; }
int Flow::name_field() const { return parts_->name_field; }
int Flow::suggest_at() const { return parts_->suggest_at; }
const std::vector<FieldPolicy>& Flow::fields() const { return parts_->fields; }
Side Flow::from_side() const { return parts_->from_side; }
const model::RecordType& Flow::from_type() const { return *parts_->from_type; }
Side Flow::to_side() const { return parts_->to_side; }
const model::RecordType& Flow::to_type() const { return *parts_->to_type; }
UpdatePolicy Flow::update_policy() const { return parts_->update; }
bool Flow::writes_back() const { return !parts_->write_back_field.empty(); }
std::string_view Flow::write_back_field() const { return parts_->write_back_field; }
const std::vector<std::string>& Flow::facts() const { return parts_->facts; }

std::string Message::text(std::span<const Value> scope) const {
  std::string out = texts_[0];
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const Result<Value> value = values_[i].evaluate(scope);
    if (!value || !value->has_value())
      out += "(none)";
    else if (value->is_text())
      out += value->as_text();
    else if (value->is(Value::Kind::decimal))
      out += value->as_decimal().to_text();
    else if (value->is(Value::Kind::date))
      out += tieout::to_text(value->as_date());
    else
      out += value->display();
    out += texts_[i + 1];
  }
  return out;
}

namespace {

/// The first check that applies, as a Skip or Hold.
Result<Verdict> first_of(const std::vector<Check>& checks, std::span<const Value> scope, const std::string& line = {}) {
  for (const Check& check : checks) {
    TRY(applies, check.when->holds(scope));
    if (!applies) continue;
    const std::string field = line.empty() || check.field.empty() ? line + check.field : line + "." + check.field;
    if (check.skips) return Verdict(Skip{check.code, check.message->text(scope)});
    return Verdict(Hold{check.code, check.message->text(scope), field});
  }
  return Verdict(Accept{});
}

FlowOutcome as_outcome(Verdict verdict) {
  if (Skip* skip = std::get_if<Skip>(&verdict)) return std::move(*skip);
  return std::get<Hold>(std::move(verdict));
}

/// record, id, settings, crm, books: the order of environment_for and the common variables.
std::vector<Value> scope_for(const Record& record, std::string_view id, const Variables& variables) {
  return {record.value(), Value::text(id), variables.settings(), variables.account(Side::crm),
          variables.account(Side::books)};
}

Result<bool> push_related(const std::vector<Flow::Parts::Related>& related, const Lookup& lookup,
                          std::vector<Value>& scope) {
  const std::vector<Value> before = scope;
  for (const auto& one : related) {
    TRY(id, one.id.evaluate(before));
    std::optional<Record> found;
    if (lookup && id.is_text() && !id.as_text().empty()) found = lookup(one.type->name, id.as_text());
    scope.push_back(found ? found->value() : Value::null());
  }
  return true;
}

Value facts_value(const std::vector<std::string>& names, const std::map<std::string, Value>& given) {
  std::vector<Value> slots;
  for (const std::string& name : names) {
    const auto found = given.find(name);
    slots.push_back(found == given.end() || found->second.is_absent() ? Value::null() : found->second);
  }
  return Value::record(std::make_shared<model::RecordShape>("facts", names), std::move(slots));
}

}  // namespace

Result<Verdict> Flow::check(Side side, const Record& record, std::string_view id, const Variables& variables) const {
  return first_of(parts_->checks[static_cast<std::size_t>(side)], scope_for(record, id, variables));
}

Result<FlowOutcome> Flow::derive(const DeriveInput& input, const Variables& variables) const {
  std::vector<Value> scope = scope_for(input.source, input.source_id, variables);
  scope.push_back(facts_value(parts_->facts, input.facts));
  TRY_VOID(push_related(parts_->related, input.lookup, scope));
  TRY(first, first_of(parts_->first_checks, scope));
  if (!std::holds_alternative<Accept>(first)) return as_outcome(std::move(first));

  if (parts_->line_list && !parts_->line_checks.empty()) {
    TRY(lines, parts_->line_list->evaluate(scope));
    const std::size_t count = lines.is(Value::Kind::list) ? lines.items().size() : 0;
    for (std::size_t i = 0; i < count; ++i) {
      std::vector<Value> inner = scope;
      inner.push_back(lines.items()[i]);
      TRY_VOID(push_related(parts_->line_related, input.lookup, inner));
      TRY(verdict, first_of(parts_->line_checks, inner, fmt::format("{}.lines[{}]", parts_->from_type->name, i)));
      if (!std::holds_alternative<Accept>(verdict)) return as_outcome(std::move(verdict));
    }
  }
  TRY(record, parts_->builder->build(scope));
  Derived derived{std::move(record), {}};
  if (parts_->totals) {
    Value totals;
    TRY(held, compute_document(*parts_->totals, scope, derived.record, derived.notes, totals));
    if (held) return FlowOutcome(*std::move(held));
    scope.push_back(std::move(totals));
    TRY(last, first_of(parts_->last_checks, scope));
    if (!std::holds_alternative<Accept>(last)) return as_outcome(std::move(last));
  }
  return FlowOutcome(std::move(derived));
}

}  // namespace tieout::mapping
