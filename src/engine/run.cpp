// The frame around every operation: what is remembered of both accounts first, then the steps, then the count that
// proves that no record got lost.
#include <fmt/core.h>

#include <algorithm>

#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

std::int64_t calls_for(std::int64_t records, int batch) { return batch <= 0 ? records : (records + batch - 1) / batch; }

}  // namespace

ports::ContentDigest short_digest(const Record& record) {
  const Digest whole = model::digest(record);
  ports::ContentDigest out;
  std::copy_n(whole.begin(), out.size(), out.begin());
  return out;
}

void Engine::Parts::tell(std::string_view stage, std::int64_t done, std::int64_t expected) {
  if (progress) progress(stage, done, expected);
}

Result<Unit> Engine::Parts::start(std::string_view command, Mode mode) {
  run = Run{};
  run.mode = mode;
  run.started = clock.now();
  run.report.command = std::string(command);
  tell_connectors_what_is_known();
  TRY_VOID(witness_configuration());
  return recall_facts();
}

void Engine::Parts::tell_connectors_what_is_known() {
  for (Half& half : halves)
    half.connection.connector->skip_known([this, &half](const ports::RawRecord& told) { return is_known(half, told); });
}

/// Stored in this very version, and saying the same in everything that was told: the echo of our own write.
bool Engine::Parts::is_known(Half& half, const ports::RawRecord& told) {
  const mapping::ObjectMapping* mapped = packs.find(half.connection.vendor, told.object);
  if (mapped == nullptr) return false;
  const auto stored = store.find(half.side, mapped->type().name, told.vendor_id);
  if (!stored || !*stored || (*stored)->version != told.version || (*stored)->deleted) return false;
  const auto body = readable(**stored);
  const auto record = mapped->to_canonical(told.body, *variables);
  if (!body || !*body || !record) return false;
  for (int i = 0; i < record->size(); ++i) {
    const model::Value& now = record->at(i);
    if (!now.is_absent() && now.has_value() != (*body)->at(i).has_value()) return false;
    if (now.has_value() && !now.same((*body)->at(i))) return false;
  }
  return true;
}

Result<RunReport> Engine::Parts::finish() {
  TRY(tally, store.tally());
  std::int64_t sum = 0;
  for (const ports::Tally& line : tally)
    for (const std::int64_t count : line.count) sum += count;
  run.report.tally = std::move(tally);
  run.report.records = sum;
  TRY(aside, withheld(1000));
  run.report.withheld = std::move(aside);
  for (Half& half : halves) run.report.calls[half.connection.name] = half.connection.connector->calls();
  for (const auto& [stage, ms] : run.stage_ms) run.report.stages.push_back({stage, ms});
  run.report.plan_id = run.plan_id;
  TRY(stopped, stopped_lanes());
  run.report.breakers = std::move(stopped);
  TRY(unfinished, store.unfinished_intents(1));
  run.report.complete = unfinished.empty() && run.report.written.retry_later == 0;
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  TRY_VOID(store.set_setting("last_run_at", to_text(clock.now())));
  TRY(armed, store.setting("breaker/armed"));
  if (armed.empty() && run.mode == Mode::act)  // the first load is done: from now on there is a "usual"
    TRY_VOID(store.set_setting("breaker/armed", std::to_string(to_ms(clock.now()))));
  TRY_VOID(transaction->commit());
  return run.report;
}

Result<std::vector<decide::Withheld>> Engine::Parts::withheld(int limit) {
  std::vector<decide::Withheld> out;
  for (const State state : {State::held, State::failed, State::pending}) {
    TRY(records, store.in_state(state, RecordId::none, limit));
    for (const StoredRecord& record : records) {
      if (state == State::pending && record.reason_code.empty()) continue;
      TRY(body, readable(record));
      out.push_back({record.id, name_of(record), body ? title_of(*body) : std::string(), record.state,
                     record.reason_code, record.reason});
    }
  }
  return out;
}

/// Calls and time under the vendors' limits.
void Engine::Parts::estimate(decide::Plan& plan) {
  std::map<std::pair<Side, std::string>, std::map<ports::WriteKind, std::int64_t>> volumes;
  for (const decide::Change& change : plan.changes) ++volumes[{change.side, change.type}][change.kind];
  for (const auto& [what, kinds] : volumes) {
    Half& half = this->half(what.first);
    const auto* mapped = packs.find_type(half.connection.vendor, model::type_named(what.second));
    for (const auto& [kind, count] : kinds) {
      const std::int64_t calls =
          calls_for(count, mapped ? half.connection.connector->batch_size(mapped->object(), kind) : 1);
      plan.calls[half.connection.name] += calls;
      const int per_minute = half.connection.connector->calls_per_minute();
      if (per_minute > 0) plan.estimated_seconds += calls * 60 / per_minute;
    }
  }
}

Result<decide::Plan> Engine::Parts::make_plan() {
  decide::Plan plan;
  plan.created_at = clock.now();
  plan.changes = std::move(run.changes);
  run.changes.clear();
  for (const decide::Change& change : plan.changes)
    if (change.type == "invoice" && change.kind == ports::WriteKind::create) ++plan.follow_ups;
  estimate(plan);
  if (plan.follow_ups > 0) {
    Half& crm = half(Side::crm);
    const auto* deals = packs.find_type(crm.connection.vendor, model::type_named("deal"));
    const int batch = deals ? crm.connection.connector->batch_size(deals->object(), ports::WriteKind::update) : 1;
    plan.calls[crm.connection.name] += calls_for(plan.follow_ups, batch);
  }
  TRY(aside, withheld(1000));
  plan.withheld = std::move(aside);
  // What this plan moves on is not withheld any more, whatever the last run left it in.
  std::set<RecordId> moving;
  for (const decide::Change& change : plan.changes) moving.insert({change.source, change.target});
  std::erase_if(plan.withheld, [&](const decide::Withheld& one) { return moving.contains(one.record); });
  plan.seal();
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  TRY_VOID(store.save_plan({plan.id, plan.digest, plan.created_at, decide::to_json(plan).dump(), "proposed"}));
  TRY_VOID(transaction->commit());
  return plan;
}

}  // namespace tieout::engine
