#include "decide/plan.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/hash.hpp"

namespace tieout::decide {
namespace {

constexpr std::string_view kKinds[] = {"create", "update", "void"};

std::string digest_text(const ports::ContentDigest& digest) {
  return hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

ports::ContentDigest digest_from(std::string_view text) {
  ports::ContentDigest out{};
  if (text.size() != out.size() * 2) return out;
  const auto nibble = [](char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; };
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<std::uint8_t>((nibble(text[2 * i]) & 15) << 4 | (nibble(text[2 * i + 1]) & 15));
  return out;
}

json::Value step_json(const FieldStep& step) {
  json::Value out = json::Value::object();
  out.set("field", json::Value::string(step.field));
  out.set("before", json::Value::string(step.before));
  out.set("after", json::Value::string(step.after));
  out.set("owner", json::Value::string(step.owner));
  return out;
}

json::Value change_json(const Change& change) {
  json::Value out = json::Value::object();
  out.set("flow", json::Value::string(change.flow));
  out.set("kind", json::Value::string(std::string(kKinds[static_cast<int>(change.kind)])));
  out.set("side", json::Value::string(std::string(to_text(change.side))));
  out.set("type", json::Value::string(change.type));
  out.set("source_record", json::Value::number(static_cast<std::int64_t>(change.source)));
  out.set("target_record", json::Value::number(static_cast<std::int64_t>(change.target)));
  out.set("source", json::Value::string(change.source_name));
  out.set("title", json::Value::string(change.title));
  out.set("target", json::Value::string(change.target_name));
  out.set("wanted", json::Value::string(digest_text(change.wanted)));
  out.set("target_version", json::Value::string(change.target_version));
  if (!change.currency.empty()) {
    out.set("currency", json::Value::string(change.currency));
    out.set("amount", json::Value::string(change.amount.to_text()));
  }
  if (!change.why.empty()) out.set("why", json::Value::string(change.why));
  if (!change.steps.empty()) {
    json::Value steps = json::Value::array();
    for (const FieldStep& step : change.steps) steps.push(step_json(step));
    out.set("steps", std::move(steps));
  }
  return out;
}

Result<Change> change_from(const json::Value& value) {
  Change out;
  out.flow = value["flow"].text();
  const auto kind = std::find(std::begin(kKinds), std::end(kKinds), value["kind"].text());
  if (kind == std::end(kKinds)) return fail("plan.malformed", "a change of the plan has no known kind");
  out.kind = static_cast<ports::WriteKind>(kind - std::begin(kKinds));
  out.side = value["side"].text() == "crm" ? ports::Side::crm : ports::Side::books;
  out.type = value["type"].text();
  out.source = static_cast<ports::RecordId>(value["source_record"].as_int());
  out.target = static_cast<ports::RecordId>(value["target_record"].as_int());
  out.source_name = value["source"].text();
  out.title = value["title"].text();
  out.target_name = value["target"].text();
  out.wanted = digest_from(value["wanted"].text());
  out.target_version = value["target_version"].text();
  out.currency = value["currency"].text();
  out.why = value["why"].text();
  if (!out.currency.empty()) {
    TRY(amount, Decimal::parse(value["amount"].text()));
    out.amount = amount;
  }
  for (const json::Value& step : value["steps"].items())
    out.steps.push_back({step["field"].text(), step["before"].text(), step["after"].text(), step["owner"].text()});
  return out;
}

json::Value withheld_json(const Withheld& withheld) {
  json::Value out = json::Value::object();
  out.set("record", json::Value::string(withheld.name));
  out.set("title", json::Value::string(withheld.title));
  out.set("state", json::Value::string(std::string(to_text(withheld.state))));
  out.set("code", json::Value::string(withheld.code));
  out.set("reason", json::Value::string(withheld.reason));
  return out;
}

json::Value amounts_json(const std::map<std::string, Decimal>& amounts) {
  json::Value out = json::Value::object();
  for (const auto& [currency, amount] : amounts) out.set(currency, json::Value::string(amount.to_text()));
  return out;
}

}  // namespace

std::string Change::key() const {
  const std::string all = fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", flow, static_cast<int>(kind), to_text(side),
                                      type, source_name, target_name, digest_text(wanted), target_version, currency,
                                      currency.empty() ? std::string() : amount.normalised().to_text());
  return hex(sha256(all)).substr(0, 32);
}

std::int64_t Plan::count(ports::WriteKind kind) const {
  return std::count_if(changes.begin(), changes.end(), [&](const Change& change) { return change.kind == kind; });
}

void Plan::seal() {
  // An undo names what it reverses and by which rule: the same lines for another subject are another plan.
  std::string keys =
      undoes.empty() ? std::string() : fmt::format("undo|{}|{}|", undoes, unapply ? "unapply" : "credit");
  for (auto* totals : {&new_receivables, &payments, &reversed_receivables, &reversed_payments}) totals->clear();
  const auto add = [](std::map<std::string, Decimal>& totals, const Change& change) {
    auto [at, fresh] = totals.try_emplace(change.currency, change.amount);
    if (!fresh) at->second += change.amount;
  };
  for (const Change& change : changes) {
    keys += change.key();
    if (change.currency.empty()) continue;
    const bool is_payment = change.type == "payment";
    if (!undoes.empty())
      add(is_payment ? reversed_payments : reversed_receivables, change);
    else if (change.kind == ports::WriteKind::create)
      add(is_payment ? payments : new_receivables, change);
  }
  digest = hex(sha256(keys));
  id = (undoes.empty() ? "plan-" : "undo-") + digest.substr(0, 8);
}

json::Value to_json(const Plan& plan) {
  json::Value out = json::Value::object();
  out.set("format", json::Value::string("tieout-plan-1"));
  out.set("id", json::Value::string(plan.id));
  out.set("digest", json::Value::string(plan.digest));
  out.set("created_at", json::Value::string(to_text(plan.created_at)));
  out.set("new_receivables", amounts_json(plan.new_receivables));
  out.set("payments", amounts_json(plan.payments));
  if (!plan.undoes.empty()) {
    out.set("undoes", json::Value::string(plan.undoes));
    out.set("unapply", json::Value::boolean(plan.unapply));
    out.set("reversed_receivables", amounts_json(plan.reversed_receivables));
    out.set("reversed_payments", amounts_json(plan.reversed_payments));
  }
  json::Value calls = json::Value::object();
  for (const auto& [name, count] : plan.calls) calls.set(name, json::Value::number(count));
  out.set("calls", std::move(calls));
  out.set("estimated_seconds", json::Value::number(plan.estimated_seconds));
  out.set("follow_ups", json::Value::number(plan.follow_ups));
  json::Value changes = json::Value::array();
  for (const Change& change : plan.changes) changes.push(change_json(change));
  out.set("changes", std::move(changes));
  json::Value withheld = json::Value::array();
  for (const Withheld& one : plan.withheld) withheld.push(withheld_json(one));
  out.set("withheld", std::move(withheld));
  return out;
}

Result<Plan> plan_from_json(const json::Value& value) {
  if (value["format"].text() != "tieout-plan-1" || !value["changes"].is_array())
    return fail("plan.malformed", "this is no plan of Tieout; make one with: tieout plan --out FILE");
  Plan plan;
  for (const json::Value& one : value["changes"].items()) {
    TRY(change, change_from(one));
    plan.changes.push_back(std::move(change));
  }
  TRY(created, parse_instant(value["created_at"].text()));
  plan.created_at = created;
  for (const auto& [name, count] : value["calls"].members()) plan.calls[name] = count.as_int();
  plan.estimated_seconds = value["estimated_seconds"].as_int();
  plan.follow_ups = value["follow_ups"].as_int();
  plan.undoes = value["undoes"].text();
  plan.unapply = value["unapply"].as_bool();
  plan.seal();
  if (plan.digest != value["digest"].text() || plan.id != value["id"].text())
    return fail("plan.tampered", "the plan's digest does not fit its changes: it was edited. Make a new plan");
  return plan;
}

}  // namespace tieout::decide
