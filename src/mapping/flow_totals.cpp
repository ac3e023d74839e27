// The totals of a derived document: its lines as money/document.hpp wants them, and the answer put back into the
// record, with the one rounding line that rounding by document needs in books that only add up lines.
#include <fmt/core.h>

#include "mapping/flow_parts.hpp"
#include "money/document.hpp"

namespace tieout::mapping {

using model::Record;
using model::Value;

const model::RecordShape& totals_shape() {
  static const model::RecordShape shape("totals", {"net_total", "tax_total", "total", "by_line", "by_document"});
  return shape;
}

namespace {

constexpr int kUnitPlaces = 7;  // of the unit prices of the books that are known so far

DocumentLine document_line(const Record& line, std::size_t index) {
  DocumentLine result;
  result.id = fmt::format("{}", index);
  const std::string_view kind = line.text("kind");
  result.kind = kind == "freight" ? LineKind::charge : kind == "discount" ? LineKind::discount : LineKind::item;
  result.quantity = line.decimal("quantity", 1);
  result.unit_price = line.decimal("unit_price", line.decimal("net_amount"));
  result.discount_percent = line.decimal("discount_percent");
  result.discount_amount = line.decimal("discount_amount");
  result.tax_code = line.text("tax_code");
  return result;
}

Result<std::string> word_of(const Expression& expression, std::span<const Value> scope) {
  TRY(value, expression.evaluate(scope));
  return value.is_text() ? std::string(value.as_text()) : std::string();
}

Result<DocumentRules> rules_of(const TotalsRule& rule, std::span<const Value> scope) {
  DocumentRules rules;
  TRY(code, word_of(rule.currency, scope));
  TRY(currency, Currency::parse(code));
  rules.currency = currency;
  TRY(rounding_word, word_of(rule.rounding, scope));
  TRY(rounding, parse_rounding(rounding_word));
  rules.rounding = rounding;
  TRY(level_word, word_of(rule.level, scope));
  TRY(level, parse_level(level_word));
  rules.amount_level = rules.tax_level = level;
  TRY(mode_word, word_of(rule.tax_mode, scope));
  TRY(mode, parse_tax_mode(mode_word));
  rules.tax_mode = mode;
  rules.target_unit_places = kUnitPlaces;
  return rules;
}

void put_totals(const TotalsRule& rule, const DocumentTotals& totals, std::vector<Record> lines, Currency currency,
                Record& record, std::vector<std::string>& notes) {
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i].set("net_amount", Value::decimal(totals.lines[i].net));
  if (!totals.rounding_difference.is_zero()) {
    Record line(record.type().element(rule.list));
    line.set("kind", Value::text("rounding"));
    line.set("description", Value::text(rule.rounding_text.empty() ? "Rounding" : rule.rounding_text));
    line.set("quantity", Value::decimal(Decimal(1)));
    line.set("unit_price", Value::decimal(totals.rounding_difference));
    line.set("net_amount", Value::decimal(totals.rounding_difference));
    lines.push_back(std::move(line));
    notes.push_back(fmt::format("rounded by document: a rounding line of {} {}", currency.code(),
                                totals.rounding_difference.to_text()));
  }
  record.set_records(record.type().fields[rule.list].name, lines);
  record.set("currency", Value::text(currency.code()));
  record.set("net_total", Value::decimal(totals.net_total));
  record.set("tax_total", Value::decimal(totals.tax_total));
  record.set("total", Value::decimal(totals.payable));
}

Hold hold_for(const Fault& fault, const Record& record) {
  const std::string field = fault.field.empty() ? "" : fmt::format("{}.{}", record.type().name, fault.field);
  return {fault.code, fault.what, field};
}

}  // namespace

Result<std::optional<Hold>> compute_document(const TotalsRule& rule, std::vector<Value>& scope, Record& record,
                                             std::vector<std::string>& notes, Value& totals_value) {
  const auto rules = rules_of(rule, scope);
  if (!rules) return std::optional<Hold>(hold_for(rules.error(), record));
  Document document;
  document.rules = *rules;
  const std::vector<Record> lines = record.records(record.type().fields[rule.list].name);
  for (std::size_t i = 0; i < lines.size(); ++i) document.lines.push_back(document_line(lines[i], i));

  const auto totals = compute_totals(document);
  if (!totals) return std::optional<Hold>(hold_for(totals.error(), record));
  document.rules.amount_level = document.rules.tax_level =
      rules->amount_level == Level::line ? Level::document : Level::line;
  const auto other = compute_totals(document);
  if (!other) return std::optional<Hold>(hold_for(other.error(), record));

  const bool is_by_line = rules->amount_level == Level::line;
  totals_value = Value::record(
      &totals_shape(), {Value::decimal(totals->net_total), Value::decimal(totals->tax_total),
                        Value::decimal(totals->payable), Value::decimal(is_by_line ? totals->payable : other->payable),
                        Value::decimal(is_by_line ? other->payable : totals->payable)});
  put_totals(rule, *totals, lines, rules->currency, record, notes);
  return std::optional<Hold>();
}

}  // namespace tieout::mapping
