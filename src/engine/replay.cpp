// Replay and backfill. Replay takes what was captured in a range of time, from the pages that were kept: each record is
// mapped as it was then (what can not be read any more is said), read at the vendor as it is now, and marked to be
// decided again. Backfill fetches the past from the vendor once more, beside the place-marks of the deltas, and keeps
// its own, so that an interrupted one goes on. Neither writes anything: what differs shows in the next plan.
#include <fmt/core.h>

#include <algorithm>

#include "engine/kept.hpp"
#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

constexpr int kPages = 200;
constexpr std::size_t kReadTogether = 500;

std::string backfill_name(const Half& half) { return "backfill/" + half.connection.name; }

}  // namespace

Result<Unit> Engine::Parts::read_kept_page(const ports::KeptPayload& kept,
                                           std::map<Run::Place, std::set<std::string>>& ids, ReplayReport& report) {
  TRY(page, store.payload(kept.id));
  ++report.pages;
  const auto read = read_kept(page);
  if (!read) {  // kept in an older form: the pages around it are worth no less
    ++report.unreadable;
    return Unit{};
  }
  const std::vector<ports::RawRecord>& records = *read;
  Half& there = half(kept.side);
  for (const ports::RawRecord& raw : records) {
    const mapping::ObjectMapping* mapped = packs.find(there.connection.vendor, raw.object);
    if (mapped == nullptr) continue;
    if (!raw.deleted && !mapped->to_canonical(raw.body, *variables)) ++report.unreadable;
    if (ids[{kept.side, raw.object}].insert(raw.vendor_id).second) ++report.records;
  }
  return Unit{};
}

Result<Unit> Engine::Parts::read_again(const Run::Place& what, const std::vector<std::string>& ids,
                                       ReplayReport& report) {
  Half& there = half(what.first);
  TRY(records, there.connection.connector->read(what.second, ids));
  const std::string type(packs.find(there.connection.vendor, what.second)->type().name);
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  TRY(noted, store_page(there, records, ports::PayloadId::none));
  for (const ports::Noted& one : noted) {
    ++report.reread;
    if (one.seen != ports::Seen::unchanged) ++report.changed;
    if (one.gone) ++report.gone;
  }
  for (const std::string& id : ids) {
    TRY(record, store.find(what.first, type, id));
    if (!record) continue;
    TRY_VOID(store.mark_dirty(record->id));
    ++report.marked;
  }
  return transaction->commit();
}

Result<Unit> Engine::Parts::witness_start(std::string_view action, std::string_view by, std::string_view text) {
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  Deed deed;
  deed.action = action;
  deed.by = by;
  deed.text = text;
  TRY_VOID(witness(deed));
  return transaction->commit();
}

Result<ReplayReport> Engine::replay(Instant since, Instant until, const std::string& by) {
  Parts& parts = *parts_;
  if (since >= until) return fail("replay.range", "the range is empty: --until must be later than --since");
  TRY_VOID(parts.start("replay", Mode::plan));
  TRY_VOID(parts.read_facts());
  TRY_VOID(parts.note_doubts());
  TRY_VOID(parts.witness_start("replay.started", by, fmt::format("{} to {}", to_text(since), to_text(until))));
  ReplayReport report;
  std::map<Run::Place, std::set<std::string>> ids;
  for (ports::PayloadId after = ports::PayloadId::none;;) {
    TRY(kept, parts.store.payloads(since, until, after, kPages));
    if (kept.empty()) break;
    for (const ports::KeptPayload& one : kept) {
      after = one.id;
      TRY_VOID(parts.read_kept_page(one, ids, report));
    }
    parts.tell("read kept pages", report.pages);
  }
  for (const auto& [what, all] : ids) {
    const std::vector<std::string> list(all.begin(), all.end());
    for (std::size_t at = 0; at < list.size(); at += kReadTogether) {
      const auto end = list.begin() + static_cast<std::ptrdiff_t>(std::min(list.size(), at + kReadTogether));
      TRY_VOID(parts.read_again(what, {list.begin() + static_cast<std::ptrdiff_t>(at), end}, report));
      parts.tell(fmt::format("read {}", parts.half(what.first).connection.name), report.reread);
    }
  }
  parts.run.gone.clear();  // each was read by its id just now
  return report;
}

Result<Unit> Engine::Parts::backfill_side(Half& half, const std::string& object, std::optional<Instant> since,
                                          BackfillReport& report) {
  if (!object.empty() && packs.find(half.connection.vendor, object) == nullptr) return Unit{};
  half.connection.connector->skip_known([](const ports::RawRecord&) { return false; });
  const std::string asked = fmt::format("{}/{}", object, since ? to_ms(*since) : 0);
  TRY(kept, store.setting(backfill_name(half)));
  std::string cursor;
  if (!kept.empty()) {
    TRY(state, json::parse(kept));
    if (state["asked"].text() == asked) {
      if (state["done"].as_bool()) return Unit{};
      cursor = state["cursor"].text();
      report.resumed = report.resumed || !cursor.empty();
    }
  }
  for (bool more = true; more;) {
    TRY(page, half.connection.connector->pull(cursor));
    more = page.more;
    report.fetched += static_cast<std::int64_t>(page.records.size());
    std::erase_if(page.records, [&](const ports::RawRecord& raw) {
      return (!object.empty() && raw.object != object) || (since && raw.modified_at < *since);
    });
    auto transaction = ports::Transaction::on(store);
    if (!transaction) return fail(transaction.error());
    TRY(noted, store_page(half, page.records, ports::PayloadId::none));
    for (const ports::Noted& one : noted) {
      ++report.taken;
      ++(one.seen == ports::Seen::fresh     ? report.fresh
         : one.seen == ports::Seen::changed ? report.changed
                                            : report.unchanged);
    }
    cursor = page.next_cursor;
    json::Value state = json::Value::object();
    state.set("asked", json::Value::string(asked));
    state.set("cursor", json::Value::string(cursor));
    state.set("done", json::Value::boolean(!more));
    TRY_VOID(store.set_setting(backfill_name(half), state.dump()));
    TRY_VOID(transaction->commit());
    tell(fmt::format("backfill {}", half.connection.name), report.fetched);
  }
  return Unit{};
}

Result<BackfillReport> Engine::backfill(const std::string& object, std::optional<Instant> since,
                                        const std::string& by) {
  Parts& parts = *parts_;
  const auto knows = [&](const Half& half) { return parts.packs.find(half.connection.vendor, object) != nullptr; };
  if (!object.empty() && !knows(parts.halves[0]) && !knows(parts.halves[1]))
    return fail("backfill.object",
                fmt::format("neither side has an object \"{}\"; name it as the vendor does: deals, companies, Invoice",
                            object));
  TRY_VOID(parts.start("backfill", Mode::plan));
  TRY_VOID(parts.read_facts());
  TRY_VOID(parts.witness_start(
      "backfill.started", by,
      fmt::format("{} since {}", object.empty() ? "everything" : object, since ? to_text(*since) : "the beginning")));
  BackfillReport report;
  for (Half& half : parts.halves) TRY_VOID(parts.backfill_side(half, object, since, report));
  TRY_VOID(parts.confirm_gone());
  auto transaction = ports::Transaction::on(parts.store);
  if (!transaction) return fail(transaction.error());
  for (const Half& half : parts.halves) TRY_VOID(parts.store.set_setting(backfill_name(half), ""));
  TRY_VOID(transaction->commit());
  return report;
}

}  // namespace tieout::engine
