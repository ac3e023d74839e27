// Weighing changes before they are written. All that a run has to decide at its start is weighed as a whole; what it
// makes possible itself (deals that waited for a customer, the receipts of a new invoice) is weighed with each chunk,
// together with what the run wrote before. In both, what a lane holds already counts while it stands: a flood that
// comes in drops is a flood.
#include <fmt/core.h>

#include <algorithm>

#include "engine/breakers.hpp"
#include "engine/parts.hpp"
#include "prove/tie_out.hpp"

namespace tieout::engine {
namespace {

constexpr std::string_view kArmed = "breaker/armed";

}  // namespace

/// Before a run of its own accord acts on very much, everything is decided once without acting, and weighed.
Result<bool> Engine::Parts::many_to_decide() {
  TRY(armed, store.setting(kArmed));
  if (armed.empty()) return false;
  TRY(dirty, store.dirty_count());
  if (dirty == 0) return false;
  std::int64_t least = dirty + 1;
  for (const Half& half : halves) {
    const Breakers& limits = half.connection.breakers;
    if (!limits.money.empty()) return true;
    least = std::min({least, limits.update_least, limits.create_least});
  }
  return dirty >= least;
}

Result<Unit> Engine::Parts::weigh_if_many() {
  TRY(many, many_to_decide());
  if (!many) return Unit{};
  run.mode = Mode::plan;
  TRY_VOID(decide_all());
  TRY_VOID(weigh_changes());
  run.changes.clear();
  run.change_keys.clear();
  run.planned.clear();
  return Unit{};
}

/// A plan does not offer what a breaker stopped; what depends on it is decided once more without it.
Result<Unit> Engine::Parts::weigh_plan() {
  TRY(stopped, weigh_changes());
  if (!stopped) return Unit{};
  run.changes.clear();
  run.change_keys.clear();
  run.planned.clear();
  return decide_all();
}

/// The lanes that a change belongs to; none when it only shows what the other side knows already.
std::vector<std::string> Engine::Parts::lanes_of(const decide::Change& change) {
  const bool shows_only = std::any_of(packs.flows().begin(), packs.flows().end(), [&](const mapping::Flow& flow) {
    return flow.name() == change.flow && flow.kind() == mapping::FlowKind::derive && flow.writes_back();
  });
  if (shows_only) return {};  // moves no money and renames nothing: it shows sales what finance already knows
  const bool create = change.kind == ports::WriteKind::create;
  std::vector<std::string> out{
      fmt::format("{}/{}/{}", change.flow, create ? "create" : "update", half(change.side).connection.name)};
  if (create && !change.currency.empty()) out.push_back("money/" + change.currency);
  return out;
}

/// Stops the lanes of the changes just decided that hold too many; nothing of them was sent. True: some were.
Result<bool> Engine::Parts::weigh_changes() {
  TRY(armed, store.setting(kArmed));
  if (armed.empty() || run.changes.empty()) return false;
  std::map<std::string, std::vector<const decide::Change*>> lanes;
  for (const decide::Change& change : run.changes)
    for (const std::string& lane : lanes_of(change)) lanes[lane].push_back(&change);
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  bool any = false;
  for (const auto& [lane, changes] : lanes) {
    TRY(stopped, weigh_lane(lane, changes));
    any = any || !stopped.empty();
  }
  TRY_VOID(transaction->commit());
  return any;
}

/// The works of a chunk right before they are written, with all that this run wrote before in the same lanes. Those of
/// a lane that is full now are held instead. What a person approved line by line is not weighed again.
Result<Unit> Engine::Parts::weigh_works(std::vector<Work>& works) {
  if (run.allowed) return Unit{};
  TRY(armed, store.setting(kArmed));
  if (armed.empty()) return Unit{};
  std::map<std::string, std::vector<const decide::Change*>> lanes;
  for (const Work& work : works)
    for (const std::string& lane : lanes_of(work.change)) lanes[lane].push_back(&work.change);
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  std::set<std::pair<std::string, RecordId>> stopped;
  for (const auto& [lane, changes] : lanes) {
    TRY(records, weigh_lane(lane, changes));
    for (const RecordId id : records) stopped.emplace(lane, id);
  }
  TRY_VOID(transaction->commit());
  std::erase_if(works, [&](const Work& work) {
    const std::vector<std::string> all = lanes_of(work.change);
    return std::any_of(all.begin(), all.end(), [&](const std::string& lane) {
      return stopped.contains({lane, work.change.source});
    });
  });
  for (const Work& work : works)
    for (const std::string& lane : lanes_of(work.change)) {
      TRY(now, lane_now(lane));
      TRY(goes_on, is_released(*now, work.change.source));
      if (!goes_on) now->acted[work.change.source] = work.change.amount;
    }
  return Unit{};
}

/// A person let this record go on, with the content that it has.
Result<bool> Engine::Parts::is_released(const Run::Lane& lane, RecordId id) {
  if (lane.released.empty()) return false;
  TRY(record, store.record(id));
  return record && lane.released.contains(fingerprint(*record));
}

/// Stops the lane when these changes, what it holds and what this run wrote in it are together too much. Returns what
/// it stopped.
Result<std::vector<RecordId>> Engine::Parts::weigh_lane(const std::string& lane,
                                                        const std::vector<const decide::Change*>& all) {
  const decide::Change& first = *all.front();
  const Breakers& limits = half(other(first.side)).connection.breakers;
  const bool money = lane.starts_with("money/");
  std::vector<RecordId> records;
  if (money && !limits.money.contains(first.currency)) return records;
  TRY(now, lane_now(lane));
  std::map<RecordId, Decimal> fresh;
  for (const decide::Change* change : all) {
    TRY(goes_on, is_released(*now, change->source));
    if (goes_on) continue;
    records.push_back(change->source);
    fresh[change->source] = change->amount;
  }
  if (records.empty()) return records;
  std::map<RecordId, Decimal> counted = fresh;
  counted.insert(now->held.begin(), now->held.end());
  counted.insert(now->acted.begin(), now->acted.end());
  TRY(breaker, tripped(lane, first, counted, static_cast<std::int64_t>(now->acted.size())));
  if (!breaker) return std::vector<RecordId>();
  for (const auto& [id, amount] : fresh) now->held[id] = amount;
  if (money) TRY_VOID(keep_amounts(lane, now->held));
  TRY_VOID(stop(*breaker, records));
  return records;
}

/// The breaker of a lane with so much in it, when that is above its limit.
Result<std::optional<Breaker>> Engine::Parts::tripped(const std::string& lane, const decide::Change& first,
                                                      const std::map<RecordId, Decimal>& counted, std::int64_t acted) {
  const Breakers& limits = half(other(first.side)).connection.breakers;
  const bool create = first.kind == ports::WriteKind::create;
  Breaker out;
  out.lane = lane;
  out.count = static_cast<std::int64_t>(counted.size());
  out.at = clock.now();
  if (lane.starts_with("money/")) {
    Decimal amount;
    for (const auto& [id, one] : counted) amount = amount + one;
    const Decimal most = limits.money.at(first.currency);
    if (amount <= most) return std::optional<Breaker>();
    out.code = "breaker.mass_money";
    out.text = fmt::format("{} {} of new receivables and payments at once is more than the limit of {}", first.currency,
                           prove::with_marks(amount), prove::with_marks(most));
  } else {
    const int percent = create ? limits.create_percent : limits.update_percent;
    const std::int64_t least = create ? limits.create_least : limits.update_least;
    if (out.count < least) return std::optional<Breaker>();
    TRY(tally, store.tally());
    out.of = settled(tally, first.side, first.type) - (create ? acted : 0);
    if (!too_many(out.count, out.of, percent, least)) return std::optional<Breaker>();
    out.code = create ? "breaker.mass_create" : "breaker.mass_update";
    out.text = fmt::format("{} {} records at once would be {} in {}, where {} are settled (limit {} % and at least {})",
                           out.count, first.type, create ? "created" : "changed", half(first.side).connection.name,
                           out.of, percent, least);
  }
  out.text += fmt::format(
      "; {}, other lanes go on. Look at it with tieout breaker; meant so: "
      "tieout breaker release {}",
      acted == 0 ? std::string("nothing of it was written")
                 : fmt::format("{} were written before it was too much, the rest is held", acted),
      lane);
  return std::optional<Breaker>(std::move(out));
}

}  // namespace tieout::engine
