#include "engine/engine.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

constexpr int kMostRounds = 6;  // what a round makes possible (a wait that ended, a balance to show) the next one does

}  // namespace

Engine::Engine(ports::Store& store, Connection crm, Connection books, const mapping::PackSet& packs,
               ports::Clock& clock, EngineSettings settings)
    : parts_(new Parts{.store = store,
                       .halves = {Half{Side::crm, std::move(crm), {}}, Half{Side::books, std::move(books), {}}},
                       .packs = packs,
                       .clock = clock,
                       .settings = std::move(settings),
                       .variables = {},
                       .progress = {},
                       .run = {}}) {}

Engine::~Engine() = default;

void Engine::on_progress(Progress progress) { parts_->progress = std::move(progress); }

Result<decide::Plan> Engine::plan() {
  TRY_VOID(parts_->start("plan", Mode::plan));
  TRY_VOID(parts_->note_doubts());
  TRY_VOID(parts_->observe_all());
  TRY_VOID(parts_->decide_all());
  TRY_VOID(parts_->weigh_plan());
  return parts_->make_plan();
}

/// Rounds of deciding and acting until a round changes nothing.
Result<Unit> Engine::Parts::rounds() {
  run.mode = Mode::act;
  for (int round = 0; round < kMostRounds; ++round) {
    const std::int64_t before = run.done;
    TRY_VOID(decide_all());
    if (!run.stale.empty()) ++run.done;  // what is read again is decided again
    TRY_VOID(reread_stale());
    if (run.new_doubts > 0) TRY_VOID(resolve_doubts());
    if (run.done == before) break;
  }
  return Unit{};
}

Result<RunReport> Engine::sync() {
  Parts& parts = *parts_;
  TRY_VOID(parts.start("sync", Mode::act));
  // What this run writes is found again by this name: it can be told, and undone, as a whole.
  parts.run.plan_id =
      "run-" + hex(sha256(fmt::format("{}|{}", parts.settings.entity, to_ms(parts.run.started)))).substr(0, 8);
  TRY_VOID(parts.facts_for_doubts());
  TRY_VOID(parts.sweep());
  TRY_VOID(parts.observe_all());
  TRY_VOID(parts.resolve_doubts());
  TRY_VOID(parts.weigh_if_many());
  TRY_VOID(parts.rounds());
  return parts.finish();
}

/// The lines of the plan that would not be the same any more. Once the plan has been begun, a line whose record is now
/// held or waits is no reason to refuse the others (the vendor refused something that it depends on); a record that now
/// wants something else always is.
Result<std::vector<std::string>> Engine::Parts::stale_lines(const decide::Plan& plan) {
  std::set<std::string> current;
  std::set<std::pair<RecordId, std::string>> sources;
  for (const decide::Change& change : run.changes) {
    current.insert(change.key());
    sources.emplace(change.source, change.flow);
  }
  const auto stored = store.plan(plan.id);
  if (!stored) return fail(stored.error());
  const bool begun = stored->has_value() && (*stored)->status != "proposed";
  std::vector<std::string> stale;
  for (const decide::Change& change : plan.changes) {
    if (current.contains(change.key())) continue;
    if (begun && !sources.contains({change.source, change.flow})) continue;
    TRY(intents, store.intents_of(change.source));
    const bool tried = std::any_of(intents.begin(), intents.end(), [&](const ports::Intent& intent) {
      return intent.plan == plan.id && intent.type == change.type && intent.side == change.side;
    });
    if (!tried) stale.push_back(fmt::format("{} ({})", change.source_name, change.title));
  }
  return stale;
}

Result<Unit> Engine::Parts::mark_plan(const decide::Plan& plan, std::string_view status) {
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  TRY_VOID(store.save_plan({plan.id, plan.digest, plan.created_at, decide::to_json(plan).dump(), std::string(status)}));
  if (status == "proposed") return transaction->commit();  // nobody approved it yet
  const std::string changes = std::to_string(plan.changes.size());
  const std::pair<std::string_view, std::string_view> more[] = {{"changes", changes}};
  Deed deed;
  deed.action = status == "applied" ? "plan.applied" : "plan.approved";
  deed.by = settings.operated_by;
  deed.plan = plan.id;
  deed.plan_digest = plan.digest;
  deed.more = more;
  TRY_VOID(witness(deed));
  if (status == "applying") {
    TRY(size, store.log_size());
    run.approval_leaf = size - 1;
  }
  return transaction->commit();
}

Result<RunReport> Engine::apply(const decide::Plan& plan) {
  Parts& parts = *parts_;
  TRY_VOID(parts.start("apply", Mode::act));
  parts.run.plan_id = plan.id;
  if (!plan.undoes.empty()) return parts.apply_undo(plan);
  TRY_VOID(parts.facts_for_doubts());
  TRY_VOID(parts.observe_all());
  TRY_VOID(parts.resolve_doubts());
  parts.run.mode = Mode::plan;
  TRY_VOID(parts.decide_all());
  TRY(stale, parts.stale_lines(plan));
  if (!stale.empty())
    return fail(
        "plan.stale",
        fmt::format("{} of the plan's {} changes would not be the same any more, first {}. Nothing was written; make "
                    "a new plan",
                    stale.size(), plan.changes.size(), stale.front()));
  parts.run.changes.clear();
  parts.run.change_keys.clear();
  parts.run.planned.clear();
  parts.run.allowed.emplace();
  for (const decide::Change& change : plan.changes) parts.run.allowed->insert(change.key());
  TRY_VOID(parts.mark_plan(plan, "applying"));
  TRY_VOID(parts.rounds());
  TRY_VOID(parts.mark_plan(plan, "applied"));
  return parts.finish();
}

Result<ObserveReport> Engine::observe() {
  TRY_VOID(parts_->start("observe", Mode::plan));
  TRY_VOID(parts_->observe_all());
  return parts_->run.report.observed;
}

Result<StatusReport> Engine::status() {
  Parts& parts = *parts_;
  StatusReport report;
  report.entity = parts.settings.entity;
  TRY(tally, parts.store.tally());
  for (const ports::Tally& line : tally)
    for (const std::int64_t count : line.count) report.records += count;
  report.tally = std::move(tally);
  TRY(links, parts.store.link_count());
  report.links = links;
  TRY(dirty, parts.store.dirty_count());
  report.dirty = dirty;
  TRY(unfinished, parts.store.unfinished_intents(10'000));
  report.unfinished_intents = static_cast<std::int64_t>(unfinished.size());
  TRY(withheld, parts.withheld(1000));
  report.withheld = std::move(withheld);
  TRY(stopped, parts.stopped_lanes());
  report.breakers = std::move(stopped);
  TRY(last, parts.store.setting("last_run_at"));
  report.last_sync_at = last;
  return report;
}

Result<std::vector<model::Record>> Engine::records(ports::Side side, std::string_view type) {
  std::vector<model::Record> out;
  RecordId after = RecordId::none;
  for (;;) {
    TRY(page, parts_->store.all(side, type, after, 5000));
    if (page.empty()) return out;
    for (const StoredRecord& record : page) {
      after = record.id;
      if (record.deleted) continue;
      TRY(body, parts_->readable(record));
      if (body) out.push_back(std::move(*body));
    }
  }
}

}  // namespace tieout::engine
