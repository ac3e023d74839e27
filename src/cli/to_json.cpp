#include "cli/to_json.hpp"

#include <fmt/core.h>

namespace tieout::cli {
namespace {

using json::Value;

Value text(std::string_view value) { return Value::string(std::string(value)); }
Value amount(const Decimal& value) { return Value::string(value.to_text()); }

Value tally_json(const std::vector<ports::Tally>& tally) {
  Value lines = Value::array();
  for (const ports::Tally& line : tally) {
    Value out = Value::object();
    out.set("side", text(to_text(line.side)));
    out.set("type", text(line.type));
    for (std::size_t i = 0; i < line.count.size(); ++i)
      out.set(std::string(ports::kStateNames[i]), Value::number(line.count[i]));
    lines.push(std::move(out));
  }
  return lines;
}

Value withheld_json(const std::vector<decide::Withheld>& withheld) {
  Value lines = Value::array();
  for (const decide::Withheld& one : withheld) {
    Value out = Value::object();
    out.set("record", text(one.name));
    out.set("title", text(one.title));
    out.set("state", text(to_text(one.state)));
    out.set("code", text(one.code));
    out.set("reason", text(one.reason));
    lines.push(std::move(out));
  }
  return lines;
}

Value written_json(const engine::WriteCounts& written) {
  Value out = Value::object();
  out.set("created", Value::number(written.created));
  out.set("updated", Value::number(written.updated));
  out.set("voided", Value::number(written.voided));
  out.set("refused", Value::number(written.refused));
  out.set("in_doubt", Value::number(written.in_doubt));
  out.set("retry_later", Value::number(written.retry_later));
  out.set("total", Value::number(written.total()));
  return out;
}

Value totals_json(const engine::CurrencyTotals& totals) {
  const auto both = [](const Decimal& crm, const Decimal& books) {
    Value out = Value::object();
    out.set("crm", amount(crm));
    out.set("books", amount(books));
    out.set("difference", amount(crm - books));
    return out;
  };
  Value out = Value::object();
  out.set("invoices", Value::number(totals.invoices));
  out.set("invoiced", both(totals.invoiced_crm, totals.invoiced_books));
  out.set("paid", both(totals.paid_crm, totals.paid_books));
  out.set("open", both(totals.open_crm, totals.open_books));
  return out;
}

Value difference_json(const engine::Difference& difference) {
  Value out = Value::object();
  out.set("cause", text(to_text(difference.cause)));
  out.set("explained", Value::boolean(difference.explained));
  out.set("record", text(difference.record));
  out.set("title", text(difference.title));
  out.set("currency", text(difference.currency));
  out.set("crm", amount(difference.crm));
  out.set("books", amount(difference.books));
  out.set("what", text(difference.what));
  return out;
}

}  // namespace

Value to_json(const engine::ObserveReport& report) {
  Value out = Value::object();
  out.set("fetched", Value::number(report.fetched));
  out.set("fresh", Value::number(report.fresh));
  out.set("changed", Value::number(report.changed));
  out.set("unchanged", Value::number(report.unchanged));
  out.set("quarantined", Value::number(report.quarantined));
  return out;
}

Value to_json(const engine::RunReport& report) {
  Value out = Value::object();
  out.set("command", text(report.command));
  out.set("complete", Value::boolean(report.complete));
  out.set("plan", text(report.plan_id));
  out.set("observed", to_json(report.observed));
  out.set("written", written_json(report.written));
  Value calls = Value::object();
  for (const auto& [name, count] : report.calls) calls.set(name, Value::number(count));
  out.set("calls", std::move(calls));
  out.set("records", Value::number(report.records));
  out.set("tally", tally_json(report.tally));
  out.set("withheld", withheld_json(report.withheld));
  Value breakers = Value::array();
  for (const engine::Breaker& one : report.breakers) breakers.push(to_json(one));
  out.set("breakers", std::move(breakers));
  Value notices = Value::array();
  for (const Fault& one : report.notices) {
    Value line = Value::object();
    line.set("code", text(one.code));
    line.set("what", text(one.what));
    notices.push(std::move(line));
  }
  out.set("notices", std::move(notices));
  Value stages = Value::array();
  for (const engine::StageTime& stage : report.stages) {
    Value line = Value::object();
    line.set("stage", text(stage.stage));
    line.set("milliseconds", Value::number(stage.wall_ms));
    stages.push(std::move(line));
  }
  out.set("stages", std::move(stages));
  return out;
}

Value to_json(const engine::StatusReport& report) {
  Value out = Value::object();
  out.set("entity", text(report.entity));
  out.set("last_sync_at", text(report.last_sync_at));
  out.set("records", Value::number(report.records));
  out.set("links", Value::number(report.links));
  out.set("to_decide", Value::number(report.dirty));
  out.set("in_doubt", Value::number(report.unfinished_intents));
  out.set("tally", tally_json(report.tally));
  out.set("withheld", withheld_json(report.withheld));
  Value breakers = Value::array();
  for (const engine::Breaker& one : report.breakers) breakers.push(to_json(one));
  out.set("breakers", std::move(breakers));
  return out;
}

Value to_json(const engine::Explanation& explanation) {
  Value out = Value::object();
  out.set("record", text(explanation.name));
  out.set("title", text(explanation.title));
  out.set("state", text(explanation.state));
  out.set("reason_code", text(explanation.reason_code));
  out.set("reason", text(explanation.reason));
  out.set("linked_to", text(explanation.linked_to));
  Value story = Value::array();
  for (const engine::ExplainLine& line : explanation.story) {
    Value one = Value::object();
    one.set("at", text(line.at));
    one.set("text", text(line.text));
    story.push(std::move(one));
  }
  out.set("story", std::move(story));
  Value lines = Value::array();
  for (const std::int64_t line : explanation.log_lines) lines.push(Value::number(line));
  out.set("log_lines", std::move(lines));
  Value evidence = Value::array();
  for (const engine::EvidencePiece& piece : explanation.evidence) {
    Value one = Value::object();
    one.set("line", Value::number(piece.line));
    one.set("at", text(piece.at));
    one.set("action", text(piece.action));
    one.set("by", text(piece.by));
    one.set("source", text(piece.source));
    one.set("request", text(piece.request));
    one.set("answer", text(piece.answer));
    evidence.push(std::move(one));
  }
  if (!explanation.evidence.empty()) out.set("evidence", std::move(evidence));
  Value fields = Value::object();
  for (const auto& [name, value] : explanation.fields) fields.set(name, text(value));
  out.set("fields", std::move(fields));
  return out;
}

Value to_json(const engine::ReviewItem& item) {
  Value out = Value::object();
  out.set("record", text(item.name));
  out.set("side", text(item.side));
  out.set("title", text(item.title));
  out.set("state", text(item.state));
  out.set("code", text(item.code));
  out.set("reason", text(item.reason));
  out.set("suggested", text(item.suggested));
  out.set("suggested_title", text(item.suggested_title));
  out.set("score", Value::number(std::int64_t{item.score}));
  return out;
}

Value to_json(const std::vector<engine::ReviewItem>& items) {
  Value out = Value::array();
  for (const engine::ReviewItem& item : items) out.push(to_json(item));
  return out;
}

Value to_json(const engine::TieOut& tie_out) {
  Value out = Value::object();
  out.set("ties_out", Value::boolean(tie_out.ties_out));
  out.set("verdict", text(tie_out.verdict));
  out.set("as_of", text(tie_out.as_of));
  Value totals = Value::object();
  for (const auto& [currency, one] : tie_out.totals) totals.set(currency, totals_json(one));
  out.set("totals", std::move(totals));
  out.set("customers_compared", Value::number(tie_out.customers_compared));
  out.set("won_deals", Value::number(tie_out.won_deals));
  out.set("invoiced_deals", Value::number(tie_out.invoiced_deals));
  out.set("deals_without_invoice", Value::number(tie_out.held_deals));
  Value differences = Value::array();
  for (const engine::Difference& one : tie_out.differences) differences.push(difference_json(one));
  out.set("differences", std::move(differences));
  return out;
}

Value to_json(const std::vector<ports::Written>& written) {
  Value out = Value::array();
  for (const ports::Written& one : written) {
    Value line = Value::object();
    line.set("run", text(one.plan));
    line.set("first_at", text(to_text(one.first_at)));
    line.set("last_at", text(to_text(one.last_at)));
    line.set("confirmed", Value::number(one.confirmed));
    line.set("open", Value::number(one.open));
    out.push(std::move(line));
  }
  return out;
}

Value to_json(const engine::LinkTurn& turn) {
  Value out = Value::object();
  out.set("what", text(turn.what));
  out.set("done", Value::boolean(turn.done));
  Value says = Value::array();
  for (const std::string& line : turn.says) says.push(text(line));
  out.set("says", std::move(says));
  Value documents = Value::array();
  for (const auto& one : turn.documents) {
    Value line = Value::object();
    line.set("record", text(one.name));
    line.set("number", text(one.title));
    line.set("status", text(one.status));
    line.set("currency", text(one.currency));
    line.set("total", amount(one.total));
    line.set("open_balance", amount(one.open));
    documents.push(std::move(line));
  }
  out.set("documents", std::move(documents));
  Value money = Value::object();
  for (const auto& [currency, amounts] : turn.money) {
    Value line = Value::object();
    line.set("total", amount(amounts.first));
    line.set("open_balance", amount(amounts.second));
    money.set(currency, std::move(line));
  }
  out.set("money", std::move(money));
  out.set("take_back", text(turn.back));
  return out;
}

Value to_json(const engine::LinkHistory& history) {
  Value out = Value::object();
  out.set("record", text(history.name));
  out.set("linked_to", text(history.linked_to));
  out.set("how", text(history.how));
  Value names = Value::array(), refused = Value::array(), turns = Value::array();
  for (const std::string& name : history.other_names) names.push(text(name));
  for (const std::string& one : history.refused) refused.push(text(one));
  for (const engine::ExplainLine& line : history.turns) {
    Value turn = Value::object();
    turn.set("at", text(line.at));
    turn.set("text", text(line.text));
    turns.push(std::move(turn));
  }
  out.set("also_known_as", std::move(names));
  out.set("not_the_same_as", std::move(refused));
  out.set("turns", std::move(turns));
  return out;
}

}  // namespace tieout::cli
