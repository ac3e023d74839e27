// The slow second look. A delta tells what changed, when it works: a page that was lost, an answer that was empty by
// mistake, a deletion that no list mentions, a line item archived without its deal, leave no trace in it. So every
// linked record is asked for by its id once within a day, a slice with each sync, and what is found otherwise takes the
// ordinary way. After a gap in the changes told, all of them are asked at once, and the run says so.
#include <fmt/core.h>

#include <algorithm>

#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

constexpr std::int64_t kWorthACall = 25;  // a slice smaller than this waits until it has grown
constexpr std::int64_t kMostAtOnce = 1000;
constexpr std::size_t kReadTogether = 100;

struct Place {
  std::size_t object = 0;
  std::int64_t after = 0;
  std::int64_t at = 0;  ///< when the last slice was taken, ms
};

std::string sweep_name(const Half& half) { return "sweep/" + half.connection.name; }
std::string gap_name(const Half& half) { return "sweep/gap/" + half.connection.name; }

Place place_from(const std::string& text) {
  Place out;
  const auto value = json::parse(text.empty() ? "{}" : text);
  if (!value) return out;
  out.object = static_cast<std::size_t>((*value)["object"].as_int());
  out.after = (*value)["after"].as_int();
  out.at = (*value)["at"].as_int();
  return out;
}

std::string text_of(const Place& place) {
  json::Value out = json::Value::object();
  out.set("object", json::Value::number(static_cast<std::int64_t>(place.object)));
  out.set("after", json::Value::number(place.after));
  out.set("at", json::Value::number(place.at));
  return out.dump();
}

}  // namespace

Result<Unit> Engine::Parts::sweep() {
  for (Half& half : halves) TRY_VOID(sweep_side(half, false));
  return Unit{};
}

Result<Unit> Engine::Parts::sweep_side(Half& half, bool everything) {
  if (settings.sweep_within.count() <= 0 && !everything) return Unit{};
  TRY(text, store.setting(sweep_name(half)));
  Place place = place_from(text);
  const std::int64_t now = to_ms(clock.now());
  std::vector<const mapping::ObjectMapping*> objects;
  for (const mapping::ObjectMapping& one : packs.objects())
    if (one.vendor() == half.connection.vendor && port_side(one.side()) == half.side) objects.push_back(&one);
  std::int64_t linked = 0;
  TRY(tally, store.tally());
  for (const ports::Tally& line : tally)
    if (line.side == half.side) linked += line.count[static_cast<std::size_t>(State::in_sync)];
  const std::int64_t elapsed = place.at == 0 ? 0 : now - place.at;
  const std::int64_t within = std::max<std::int64_t>(1, settings.sweep_within.count());
  std::int64_t due =
      elapsed >= within ? linked : static_cast<std::int64_t>(static_cast<__int128>(linked) * elapsed / within);
  const bool first = place.at == 0;
  if (everything) place = {};
  if (!everything && !first && due < std::min(kWorthACall, linked)) return Unit{};
  due = everything ? std::numeric_limits<std::int64_t>::max() : first ? 0 : std::min(due, kMostAtOnce);
  const StageClock stage(run, "observe.sweep", clock);
  std::size_t passed = 0;  // objects gone through to their end: all of them once is enough
  while (due > 0 && passed < objects.size()) {
    if (place.object >= objects.size()) place.object = 0;
    const mapping::ObjectMapping& mapped = *objects[place.object];
    TRY(records, store.all(half.side, mapped.type().name, RecordId{place.after}, static_cast<int>(kReadTogether)));
    std::vector<std::string> ids;
    for (const StoredRecord& record : records) {
      if (record.link != LinkId::none && !record.deleted) ids.push_back(record.vendor_id);
    }
    if (!ids.empty()) {
      auto found = half.connection.connector->read(mapped.object(), ids);
      if (!found && everything) return fail(found.error());
      if (!found) break;  // not a word about the records: the same slice is asked with the next sync
      auto transaction = ports::Transaction::on(store);
      if (!transaction) return fail(transaction.error());
      TRY_VOID(store_page(half, *found, ports::PayloadId::none));
      TRY_VOID(transaction->commit());
      due -= static_cast<std::int64_t>(ids.size());
    }
    if (!records.empty()) {
      place.after = static_cast<std::int64_t>(records.back().id);
      continue;
    }
    ++place.object;
    ++passed;
    place.after = 0;
  }
  std::erase_if(run.gone, [&](const Run::Stale& one) { return one.side == half.side; });  // asked by id just now
  place.at = now;
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  TRY_VOID(store.set_setting(sweep_name(half), text_of(place)));
  return transaction->commit();
}

Result<Unit> Engine::Parts::note_gap(const Half& half, std::string_view state) {
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  TRY_VOID(store.set_setting(gap_name(half), state));
  return transaction->commit();
}

/// What the connectors could not tell in records. After a gap every linked record of that side is asked for by its id:
/// then the gap hides no deletion, and what it may still hide is said. Until that was done to the end the gap stays
/// noted, and each run begins with it.
Result<Unit> Engine::Parts::take_notices() {
  for (Half& half : halves) {
    TRY(noted, store.setting(gap_name(half)));
    bool gap = !noted.empty();
    for (Fault& notice : half.connection.connector->take_notices()) {
      gap = gap || notice.code.ends_with(".delta.gap");
      run.report.notices.push_back(std::move(notice));
    }
    if (!gap) continue;
    if (noted.empty()) TRY_VOID(note_gap(half, "open"));
    const std::int64_t before = run.report.observed.fetched;
    TRY_VOID(sweep_side(half, true));
    TRY_VOID(note_gap(half, ""));
    run.report.notices.push_back(
        Fault("observe.gap.closed",
              fmt::format("each of the {} linked records of {} was asked for by its id instead; what nobody linked and "
                          "nobody changed since may have gone unnoticed until the next reconcile",
                          run.report.observed.fetched - before, half.connection.name)));
  }
  return Unit{};
}

}  // namespace tieout::engine
