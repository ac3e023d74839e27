#include "cli/to_json.hpp"

namespace tieout::cli {
namespace {

using json::Value;

Value text(std::string_view value) { return Value::string(std::string(value)); }
Value moment(Instant at) { return at == Instant{} ? Value() : text(to_text(at)); }

}  // namespace

Value to_json(const engine::Doubt& doubt) {
  Value out = Value::object();
  out.set("record", text(doubt.record));
  out.set("title", text(doubt.title));
  out.set("what", text(doubt.what));
  out.set("key", text(doubt.key));
  out.set("reference", text(doubt.reference));
  out.set("content", text(doubt.content));
  out.set("sent_at", moment(doubt.sent_at));
  out.set("look_ups", Value::number(doubt.look_ups));
  out.set("looked_up_at", moment(doubt.looked_up_at));
  out.set("answer", text(doubt.answer));
  out.set("believed_from", moment(doubt.believed_from));
  out.set("needs_person", Value::boolean(doubt.needs_person));
  out.set("outcome", text(doubt.outcome));
  return out;
}

Value to_json(const engine::DeadLetters& group) {
  Value out = Value::object();
  out.set("code", text(group.code));
  out.set("state", text(group.state));
  out.set("cause", text(group.cause));
  Value records = Value::array();
  for (const decide::Withheld& one : group.records) {
    Value line = Value::object();
    line.set("record", text(one.name));
    line.set("title", text(one.title));
    line.set("reason", text(one.reason));
    records.push(std::move(line));
  }
  out.set("records", std::move(records));
  return out;
}

Value to_json(const engine::ReplayReport& report) {
  Value out = Value::object();
  out.set("pages", Value::number(report.pages));
  out.set("records", Value::number(report.records));
  out.set("unreadable", Value::number(report.unreadable));
  out.set("reread", Value::number(report.reread));
  out.set("changed", Value::number(report.changed));
  out.set("gone", Value::number(report.gone));
  out.set("marked", Value::number(report.marked));
  return out;
}

Value to_json(const engine::BackfillReport& report) {
  Value out = Value::object();
  out.set("resumed", Value::boolean(report.resumed));
  out.set("fetched", Value::number(report.fetched));
  out.set("taken", Value::number(report.taken));
  out.set("fresh", Value::number(report.fresh));
  out.set("changed", Value::number(report.changed));
  out.set("unchanged", Value::number(report.unchanged));
  return out;
}

Value to_json(const engine::Breaker& breaker) {
  Value out = Value::object();
  out.set("lane", text(breaker.lane));
  out.set("code", text(breaker.code));
  out.set("text", text(breaker.text));
  out.set("count", Value::number(breaker.count));
  out.set("of", Value::number(breaker.of));
  out.set("held", Value::number(breaker.held));
  out.set("at", moment(breaker.at));
  return out;
}

}  // namespace tieout::cli
