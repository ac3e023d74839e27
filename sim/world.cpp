#include "sim/world.hpp"

#include <fmt/core.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace tieout::sim {
namespace {

using ports::Unit;
using std::chrono::hours;
using std::chrono::minutes;

constexpr std::int64_t kFirstMs = 1'767'571'200'000;  // 2026-01-05T00:00:00Z, a Monday
constexpr std::size_t kMostFound = 8;
constexpr int kEditsADay = 5, kStepsADay = 2;

std::string counts_of(const engine::RunReport& run) {
  std::string out = fmt::format("created {} updated {} voided {} refused {} doubt {} later {} records {}",
                                run.written.created, run.written.updated, run.written.voided, run.written.refused,
                                run.written.in_doubt, run.written.retry_later, run.records);
  for (const ports::Tally& line : run.tally) {
    out += fmt::format(" {}:{}", to_text(line.side), line.type);
    for (const std::int64_t count : line.count) out += fmt::format(",{}", count);
  }
  return out;
}

/// Which faults of the table people bring about, by the beginning of the action's kind.
constexpr std::pair<std::string_view, Kind> kByPeople[] = {
    {"merge", Kind::record_merged}, {"recreate", Kind::deleted_and_recreated}, {"lock", Kind::locked_period}};

/// Exponential-like gap with the given mean, in whole milliseconds, at least a second: no floating point, so that every
/// compiler draws the same.
Milliseconds gap(Rng& rng, Milliseconds mean) {
  const auto ms = static_cast<std::uint64_t>(mean.count());
  std::uint64_t out = 1000 + rng.below(ms);
  while (rng.chance(1, 3)) out += rng.below(ms);
  return Milliseconds{static_cast<std::int64_t>(out)};
}

/// The code with which the store refuses to be read, empty while all is well.
std::string store_fault(engine::Engine& engine) {
  if (const auto status = engine.status(); !status)
    return status.error().code.starts_with("store.") ? status.error().code : "";
  for (const ports::Side side : {ports::Side::crm, ports::Side::books})
    for (const char* type : {"company", "product", "deal", "invoice", "payment", "credit_note", "contact"})
      if (const auto all = engine.standings(side, type); !all && all.error().code.starts_with("store."))
        return all.error().code;
  return "";
}

}  // namespace

World::World(const SeedOptions& options, const mapping::PackSet& packs, Trace& trace)
    : options_(options),
      packs_(packs),
      trace_(trace),
      rng_(options.seed),
      clock_(instant_from_ms(kFirstMs)),
      start_(clock_.now()),
      end_(start_ + hours{24 * options.days}) {
  result_.seed = options.seed;
  make_site("north", 1);
  make_site("south", 2);
}

void World::make_site(const std::string& name, std::uint64_t number) {
  auto site = std::make_unique<Site>(rng_.stream("calendar/" + name));
  Rng draws = rng_.stream("quirks/" + name);
  Quirks quirks;
  // The second company is always the stranger one.
  const bool strange = number == 2;
  quirks.country = strange && draws.chance(1, 2) ? "GB" : "US";
  quirks.home_currency = quirks.country == "GB" ? "GBP" : "USD";
  constexpr int kOffsets[] = {-8 * 60, 0, 60, 5 * 60 + 30, 13 * 60};
  quirks.books_utc_offset_minutes = strange ? draws.pick(kOffsets) : quirks.country == "GB" ? 0 : -8 * 60;
  quirks.multi_currency = strange && draws.chance(1, 2);
  quirks.books_round_half_even = strange;
  quirks.index_delay = strange ? Milliseconds{draws.between(0, 15'000)} : Milliseconds{0};
  constexpr int kPages[] = {100, 50, 10};
  quirks.crm_page = strange ? draws.pick(kPages) : 100;
  quirks.books_page = strange ? draws.pick(kPages) : 1000;
  quirks.tight_limits = strange && draws.chance(1, 2);
  quirks.oauth = true;

  sandbox::HubspotOptions crm;
  crm.seed = "empty";
  crm.no_limits = !quirks.tight_limits;
  crm.index_delay = quirks.index_delay;
  site->crm = *sandbox::HubspotSandbox::create(crm, clock_.now());
  sandbox::quickbooks::QuickbooksOptions books;
  books.seed = "empty";
  books.no_limits = !quirks.tight_limits;
  books.country = quirks.country;
  books.realm = std::to_string(9'130'357'000 + static_cast<std::int64_t>(number));
  books.utc_offset_minutes = quirks.books_utc_offset_minutes;
  books.round_half_even = quirks.books_round_half_even;
  site->books = *sandbox::quickbooks::QuickbooksSandbox::create(books, clock_.now());
  site->company.reset(new Company{name, books.realm, quirks, *site->crm, *site->books});
  site->faults = std::make_unique<Faults>(rng_.stream("faults/" + name));
  site->faults->set_weather(0);
  site->people = std::make_unique<People>(*site->company, rng_.stream("people/" + name));
  site->auditor = std::make_unique<Auditor>(*site->company);
  site->node = std::make_unique<Node>(*site->company, clock_, *site->faults, rng_.stream("node/" + name), trace_,
                                      packs_, [this] { people_act(); });
  sites_.push_back(std::move(site));
}

/// What a quirk needs of the vendor's own settings, as an accountant would switch it on.
void World::settle_quirks(Site& site) {
  if (!site.company->quirks.multi_currency) return;
  const auto preferences =
      json::parse(R"({"Id":"1","SyncToken":"0","sparse":true,"CurrencyPrefs":{"MultiCurrencyEnabled":true}})");
  site.company->books_call(clock_.now(), "POST", "/preferences", &*preferences);
  const auto euro = json::parse(R"({"Code":"EUR"})");
  site.company->books_call(clock_.now(), "POST", "/companycurrency", &*euro);
}

SeedResult World::run() {
  for (auto& site : sites_) {
    settle_quirks(*site);
    if (const auto done = site->node->set_up(); !done)
      add(*site, {{Harm::stuck, "start.failed", "", done.error().code + ": " + done.error().what}});
    site->people->settle_in(clock_.now());
    site->next_edit = clock_.now() + gap(site->rng, minutes{30});
    site->next_step = clock_.now() + gap(site->rng, minutes{30});
    site->next_day = clock_.now();
  }
  while (result_.found.empty()) {
    Site* next = nullptr;
    const auto due = [](const Site& site) { return std::min({site.next_edit, site.next_step, site.next_day}); };
    for (auto& site : sites_)
      if (next == nullptr || due(*site) < due(*next)) next = site.get();
    if (due(*next) >= end_ || clock_.now() >= end_) break;
    clock_.pass_until(due(*next));
    if (next->next_day <= clock_.now())
      new_day(*next);
    else if (next->next_edit <= clock_.now())
      people_act();
    else
      step(*next);
  }
  if (result_.found.empty()) heal_all();
  for (auto& site : sites_)
    if (result_.found.empty()) last_hour(*site);
  for (auto& site : sites_) {
    result_.calls += site->node->http().calls();
    result_.disk_writes += site->node->disk_counts().writes + site->node->disk_counts().syncs;
    for (std::size_t i = 0; i < kKinds; ++i) result_.faults[i] += site->faults->counts()[i];
    result_.faults[static_cast<std::size_t>(Kind::other_rounding)] += site->books->rounded_otherwise();
  }
  result_.simulated_ms = (clock_.now() - start_).count();
  result_.digest = trace_.digest();
  return result_;
}

void World::people_act() {
  if (acting_) return;
  acting_ = true;
  for (;;) {
    Site* next = nullptr;
    for (auto& site : sites_)
      if (site->next_edit <= clock_.now() && (next == nullptr || site->next_edit < next->next_edit)) next = site.get();
    if (next == nullptr) break;
    note(*next, next->people->act(clock_.now()));
    next->next_edit =
        std::max(next->next_edit, clock_.now() - hours{1}) + gap(next->rng, Milliseconds{hours{24}} / kEditsADay);
  }
  acting_ = false;
}

void World::note(Site& site, const Action& action) {
  if (action.kind.empty()) return;
  ++result_.edits;
  ++result_.actions[action.kind];
  for (const auto& [part, kind] : kByPeople)
    if (action.kind.find(part) != std::string::npos && !site.faults->healed()) site.faults->struck(kind);
  trace_.add(clock_.now(), fmt::format("{} people {} {} {}: {}", site.company->name, action.kind, action.object,
                                       action.id, action.text));
  site.auditor->note(action, clock_.now());
}

void World::new_day(Site& site) {
  site.next_day += hours{24};
  if (!options_.faults) return;
  constexpr int kWeather[] = {0, 50, 100, 150, 300};
  site.faults->set_weather(site.rng.pick(kWeather));
  Node& node = *site.node;
  node.draw_clock();
  if (site.faults->strikes(Kind::mapping_changed)) node.change_mapping();
  if (!site.reconnect_at && site.faults->strikes(Kind::token_revoked)) {
    node.revoke_tokens();
    site.reconnect_at = clock_.now() + gap(site.rng, hours{6});
  }
  if (node.is_open() && site.faults->strikes(Kind::two_instances) && !node.second_instance())
    add(site, {{Harm::duplicate, "instances.two_on_one_store", "", "a second process opened the store for writing"}});
  if (site.faults->drawn(Kind::old_backup_restored) && node.restore()) {
    site.faults->struck(Kind::old_backup_restored);
    site.restored = true;
  }
  if (site.faults->drawn(Kind::bit_flip) && node.flip_a_bit()) site.faults->struck(Kind::bit_flip);
  if (site.rng.chance(1, 2) && node.is_open()) node.back_up();
}

void World::step(Site& site) {
  // Now and then two in quick succession: what was read twenty seconds ago may be read again.
  site.next_step = clock_.now() + (site.rng.chance(1, 6) ? Milliseconds{site.rng.between(2'000, 40'000)}
                                                         : gap(site.rng, Milliseconds{hours{24}} / kStepsADay));
  if (site.reconnect_at && *site.reconnect_at <= clock_.now()) {
    site.reconnect_at.reset();
    site.node->reconnect();
  }
  if (!site.node->is_open()) {
    const auto outcome = site.node->run([&] { return site.node->open(); });
    judge(site, {.name = std::exchange(site.restored, false) ? "restore" : "restart",
                 .at = clock_.now(),
                 .done = outcome.done,
                 .fault = outcome.fault});
    if (!site.node->is_open()) return;  // also when the auditor's look at it found the store damaged
  }
  if (site.plan) return apply(site);
  const std::uint64_t drawn = site.rng.below(20);
  if (drawn < 14) return sync(site);
  if (drawn < 16) return plan(site);
  if (drawn < 17) return reconcile(site);
  review(site);
}

void World::sync(Site& site) {
  engine::RunReport report;
  const auto outcome = site.node->run([&]() -> Result<Unit> {
    TRY(run, site.node->engine()->sync());
    report = std::move(run);
    return Unit{};
  });
  judge(site, {.name = "sync",
               .at = clock_.now(),
               .done = outcome.done,
               .fault = outcome.fault,
               .run = outcome.done ? &report : nullptr});
}

void World::plan(Site& site) {
  decide::Plan plan;
  const auto outcome = site.node->run([&]() -> Result<Unit> {
    TRY(made, site.node->engine()->plan());
    plan = std::move(made);
    return Unit{};
  });
  if (outcome.done && !plan.changes.empty()) site.plan = plan;
  judge(site, {.name = "plan",
               .at = clock_.now(),
               .done = outcome.done,
               .fault = outcome.fault,
               .plan = outcome.done ? &plan : nullptr});
}

void World::apply(Site& site) {
  const decide::Plan plan = *std::exchange(site.plan, std::nullopt);
  engine::RunReport report;
  const auto outcome = site.node->run([&]() -> Result<Unit> {
    TRY(run, site.node->engine()->apply(plan));
    report = std::move(run);
    return Unit{};
  });
  judge(site, {.name = "apply",
               .at = clock_.now(),
               .done = outcome.done,
               .fault = outcome.fault,
               .run = outcome.done ? &report : nullptr,
               .plan = &plan});
}

void World::reconcile(Site& site) {
  engine::TieOut tie_out;
  const auto outcome = site.node->run([&]() -> Result<Unit> {
    TRY(made, site.node->engine()->reconcile());
    tie_out = std::move(made);
    return Unit{};
  });
  judge(site, {.name = "reconcile",
               .at = clock_.now(),
               .done = outcome.done,
               .fault = outcome.fault,
               .tie_out = outcome.done ? &tie_out : nullptr});
}

void World::review(Site& site) {
  std::vector<Action> actions;
  const auto outcome = site.node->run([&]() -> Result<Unit> {
    site.people->work_review(*site.node->engine(), clock_.now(), 3, actions);
    return Unit{};
  });
  for (const Action& action : actions) note(site, action);
  judge(site, {.name = "review", .at = clock_.now(), .done = outcome.done, .fault = outcome.fault});
}

void World::judge(Site& site, const Step& step) {
  ++result_.steps;
  if (step.done)
    ++result_.done;
  else
    ++result_.refusals[step.name + " " + (last_fault_ = step.fault)];
  const DiskCounts& disk = site.node->disk_counts();
  trace_.add(clock_.now(), fmt::format("== {} {} {}", site.company->name, step.name, step.done ? "done" : step.fault),
             fmt::format("writes {} syncs {} {}", disk.writes, disk.syncs, step.run ? counts_of(*step.run) : ""));
  // The sign-in is dead for good: somebody connects anew when he has read the message.
  if (step.fault.ends_with(".auth.revoked") || step.fault.ends_with(".auth.refused"))
    if (!site.reconnect_at) site.reconnect_at = clock_.now() + gap(site.rng, hours{3});
  std::vector<Violation> violations = site.auditor->after_step(step, site.node->engine(), clock_.now());
  if (site.node->is_open() && !violations.empty()) {
    // A store that has stopped, or finds itself damaged while it is read, rightly reports nothing: the process ends,
    // and is started again on what the disk kept, or on the backup.
    if (const std::string code = store_fault(*site.node->engine()); !code.empty()) {
      site.node->close();
      return after_store_refused(site, code);
    }
  }
  add(site, std::move(violations));
  after_store_refused(site, step.fault);
}

/// A damaged store refuses to work; its operator puts the backup back.
void World::after_store_refused(Site& site, const std::string& code) {
  if (code != "store.corrupt" && code != "store.foreign" && code != "store.schema.newer") return;
  if (site.node->restore())
    site.restored = true;
  else
    add(site, {{Harm::lost, "store.damaged", "", "the store is damaged and there was no backup: " + code}});
}

void World::add(Site& site, std::vector<Violation> violations) {
  for (Violation& one : violations) {
    if (one.harm == Harm::stuck) result_.converged = false;
    if (result_.found.size() < kMostFound)
      result_.found.push_back({std::move(one), site.company->name, trace_.steps(), tieout::to_text(clock_.now())});
  }
}

void World::heal_all() {
  trace_.add(clock_.now(), "== all faults end");
  for (auto& site : sites_) {
    site->node->heal();
    site->node->reconnect();
    site->reconnect_at.reset();
    site->plan.reset();
    site->next_edit = end_ + hours{24 * 365};
  }
  clock_.pass(minutes{5});  // what was still on its way arrives
  for (auto& site : sites_) site->node->http().deliver_late();
}

/// Liveness: an hour of syncs with somebody at the review list, and then nothing may be open.
void World::last_hour(Site& site) {
  for (int i = 0; i < 12 && result_.found.empty(); ++i) {
    clock_.pass(minutes{5});
    if (!site.node->is_open()) {
      const auto outcome = site.node->run([&] { return site.node->open(); });
      judge(site, {.name = std::exchange(site.restored, false) ? "restore" : "restart",
                   .at = clock_.now(),
                   .done = outcome.done,
                   .fault = outcome.fault});
      if (!site.node->is_open()) continue;
    }
    if (i % 3 == 1) {
      std::vector<Action> actions;
      site.people->work_review(*site.node->engine(), clock_.now(), 1000, actions);
      for (const Action& action : actions) note(site, action);
    }
    if (i == 4 && site.node->is_open()) reconcile(site);  // reads all afresh: finds what a lying page hid
    if (site.node->is_open()) sync(site);
  }
  if (!result_.found.empty()) return;
  if (site.node->is_open()) {
    must_be_at_rest(site);
    if (result_.found.empty()) reconcile(site);
    if (result_.found.empty()) must_be_at_rest(site);
    if (result_.found.empty()) add(site, site.auditor->at_end(*site.node->engine(), clock_.now()));
  } else {
    add(site,
        {{Harm::stuck, "end.not_open", "", "an hour without faults, and the last step still failed: " + last_fault_}});
  }
}

void World::must_be_at_rest(Site& site) {
  if (!site.node->is_open() || !result_.found.empty()) return;
  const auto status = site.node->engine()->status();
  if (!status) {
    add(site, {{Harm::stuck, "end.status", "", status.error().code}});
  } else if (status->dirty != 0 || status->unfinished_intents != 0) {
    add(site,
        {{Harm::stuck, "end.queues", "",
          fmt::format("an hour after the last fault {} records wait for a decision and {} writes for their outcome",
                      status->dirty, status->unfinished_intents)}});
  }
}

SeedResult run_seed(const SeedOptions& options, const mapping::PackSet& packs, Trace& trace) {
  // SQLite salts its log from a generator of its own, one a process.
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(options.seed % 1'000'000'007) + 1, nullptr);
  World world(options, packs, trace);
  return world.run();
}

}  // namespace tieout::sim
