// Breakers: a lane in which too much would change at once stops before its first write, holds everything of that cause,
// and asks a person; other lanes go on. Lanes are counted apart by what changes (customers, products, invoices), how
// (create, update, delete) and where, and money by currency. The share that trips one is the connection's setting.
// An oscillation is the same content written to the same record again and again: two rules undo each other, and both
// are named. What a person releases is exactly what was held, by record and content; what comes later is counted anew.
#include <fmt/core.h>

#include <algorithm>

#include "engine/breakers.hpp"
#include "engine/parts.hpp"

namespace tieout::engine {

std::string waits_for_lane(std::string_view lane) { return fmt::format("{}{}", kWaitsForLane, lane); }

/// A record with its content: released as it was seen, not as it may become.
std::string fingerprint(const StoredRecord& record) {
  std::string out = std::to_string(static_cast<std::int64_t>(record.id)) + "-";
  for (int i = 0; i < 4; ++i) out += fmt::format("{:02x}", record.digest[static_cast<std::size_t>(i)]);
  return out;
}

bool too_many(std::int64_t count, std::int64_t of, int percent, std::int64_t least) {
  return count >= least && count * 100 > of * percent;
}

std::int64_t settled(const std::vector<ports::Tally>& tally, Side side, std::string_view type) {
  for (const ports::Tally& line : tally)
    if (line.side == side && line.type == type)
      return line.count[static_cast<std::size_t>(State::in_sync)] + line.count[static_cast<std::size_t>(State::held)];
  return 0;
}

namespace {

constexpr int kMostHeld = 200'000;
constexpr std::string_view kLanes = "breaker/lanes";

std::string released_name(std::string_view lane) { return fmt::format("breaker/released/{}", lane); }
std::string amounts_name(std::string_view lane) { return fmt::format("breaker/amounts/{}", lane); }

json::Value to_json(const Breaker& breaker) {
  json::Value out = json::Value::object();
  out.set("lane", json::Value::string(breaker.lane));
  out.set("code", json::Value::string(breaker.code));
  out.set("text", json::Value::string(breaker.text));
  out.set("count", json::Value::number(breaker.count));
  out.set("of", json::Value::number(breaker.of));
  out.set("at", json::Value::number(to_ms(breaker.at)));
  return out;
}

Breaker from_json(const json::Value& value) {
  Breaker out;
  out.lane = value["lane"].text();
  out.code = value["code"].text();
  out.text = value["text"].text();
  out.count = value["count"].as_int();
  out.of = value["of"].as_int();
  out.at = instant_from_ms(value["at"].as_int());
  return out;
}

}  // namespace

/// What a breaker holds is let go by its lane only: one by one would be the way around it.
Result<Unit> Engine::Parts::require_not_stopped(const StoredRecord& record) {
  if (record.state != State::held || !record.waits_for.starts_with(kWaitsForLane)) return Unit{};
  return fail("replay.breaker",
              fmt::format("{} is held by a breaker; what it holds is let go by: tieout breaker release {} --why TEXT",
                          name_of(record), record.waits_for.substr(kWaitsForLane.size())));
}

/// The records that a lane holds now, as far as the engine knows them in this run.
Result<Run::Lane*> Engine::Parts::lane_now(const std::string& lane) {
  const auto [found, fresh] = run.lanes.try_emplace(lane);
  if (!fresh) return &found->second;
  TRY(released, released_in(lane));
  found->second.released = std::move(released);
  TRY(text, store.setting(amounts_name(lane)));
  std::map<std::string, Decimal> amounts;
  TRY(value, json::parse(text.empty() ? "{}" : text));
  for (const auto& [id, amount] : value.members())
    if (const auto parsed = Decimal::parse(amount.text())) amounts.emplace(id, *parsed);
  TRY(lanes, store.setting(kLanes));
  if (lanes.find(lane) == std::string::npos) return &found->second;
  TRY(held, store.in_state(State::held, RecordId::none, kMostHeld));
  for (const StoredRecord& record : held)
    if (record.waits_for == waits_for_lane(lane))
      found->second.held[record.id] = amounts[std::to_string(static_cast<std::int64_t>(record.id))];
  return &found->second;
}

Result<Unit> Engine::Parts::keep_amounts(const std::string& lane, const std::map<RecordId, Decimal>& held) {
  json::Value out = json::Value::object();
  for (const auto& [id, amount] : held)
    out.set(std::to_string(static_cast<std::int64_t>(id)), json::Value::string(amount.to_text()));
  return store.set_setting(amounts_name(lane), out.dump());
}

/// Lanes as stored, without those whose records have all gone on in another way.
Result<std::vector<Breaker>> Engine::Parts::stopped_lanes() {
  std::vector<Breaker> lanes;
  TRY(text, store.setting(kLanes));
  if (text.empty()) return lanes;
  TRY(value, json::parse(text));
  TRY(held, store.in_state(State::held, RecordId::none, kMostHeld));
  std::map<std::string, std::int64_t> count;
  for (const StoredRecord& record : held)
    if (record.waits_for.starts_with(kWaitsForLane)) ++count[record.waits_for.substr(kWaitsForLane.size())];
  for (const json::Value& one : value.items()) {
    Breaker lane = from_json(one);
    lane.held = count[lane.lane];
    if (lane.held > 0) lanes.push_back(std::move(lane));
  }
  return lanes;
}

Result<Unit> Engine::Parts::stop(const Breaker& breaker, const std::vector<RecordId>& records) {
  TRY(lanes, stopped_lanes());
  std::erase_if(lanes, [&](const Breaker& one) { return one.lane == breaker.lane; });
  lanes.push_back(breaker);
  json::Value all = json::Value::array();
  for (const Breaker& one : lanes) all.push(to_json(one));
  TRY_VOID(store.set_setting(kLanes, all.dump()));
  Deed deed;
  deed.action = "breaker.opened";
  deed.code = breaker.code;
  deed.text = breaker.text;
  TRY_VOID(witness(deed));
  const std::string waits_for = waits_for_lane(breaker.lane);
  for (const RecordId id : records) {
    TRY_VOID(store.settle(id, State::held, breaker.code, breaker.text, waits_for, false));
    TRY_VOID(store.add_event(id, {clock.now(), "held", breaker.text}));
  }
  return Unit{};
}

/// Deletions told within the window, against what is linked. Nothing is deleted because of them in any case; but a list
/// that says "all gone" is a mistake more often than not, and is shown as one thing, not as thousands.
Result<Unit> Engine::Parts::weigh_deletions(Half& half) {
  const Breakers& limits = half.connection.breakers;
  for (const auto& [what, gone] : run.gone_count) {
    if (what.first != half.side || gone <= 0) continue;
    const std::string name = fmt::format("breaker/gone/{}/{}", half.connection.name, what.second);
    TRY(text, store.setting(name));
    json::Value kept = json::Value::array();
    std::int64_t count = gone;
    const Instant from = clock.now() - limits.window;
    if (const auto earlier = json::parse(text.empty() ? "[]" : text))
      for (const json::Value& one : earlier->items())
        if (one["at"].as_int() >= to_ms(from)) {
          count += one["count"].as_int();
          kept.push(one);
        }
    json::Value now = json::Value::object();
    now.set("at", json::Value::number(to_ms(clock.now())));
    now.set("count", json::Value::number(gone));
    kept.push(std::move(now));
    auto transaction = ports::Transaction::on(store);
    if (!transaction) return fail(transaction.error());
    TRY_VOID(store.set_setting(name, kept.dump()));
    TRY(tally, store.tally());
    const std::int64_t of = settled(tally, half.side, what.second) + gone;
    if (too_many(count, of, limits.delete_percent, limits.delete_least)) {
      std::vector<RecordId> records;
      for (RecordId after = RecordId::none;;) {
        TRY(dirty, store.dirty(half.side, what.second, after, kChunk));
        if (dirty.empty()) break;
        for (const StoredRecord& record : dirty) {
          after = record.id;
          TRY(survivor, record.deleted ? survivor_of(record) : Result<std::string>(record.vendor_id));
          if (record.deleted && record.link != LinkId::none && survivor == record.vendor_id)
            records.push_back(record.id);
        }
      }
      const std::string lane = fmt::format("delete/{}/{}", half.connection.name, what.second);
      TRY_VOID(
          stop({.lane = lane,
                .code = "breaker.mass_delete",
                .text = fmt::format("{} of {} linked {} records went from {} within {} hours (limit {} % and at least "
                                    "{}); nothing follows from it. A mistake: restore them there. Meant so: tieout "
                                    "breaker release {}",
                                    count, of, what.second, half.connection.name,
                                    std::chrono::duration_cast<std::chrono::hours>(limits.window).count(),
                                    limits.delete_percent, limits.delete_least, lane),
                .count = count,
                .of = of,
                .at = clock.now()},
               records));
    }
    TRY_VOID(transaction->commit());
  }
  return Unit{};
}

Result<Unit> Engine::Parts::note_gone() {
  for (Half& half : halves) TRY_VOID(weigh_deletions(half));
  run.gone_count.clear();
  return Unit{};
}

Result<std::set<std::string>> Engine::Parts::released_in(const std::string& lane) {
  std::set<std::string> out;
  TRY(text, store.setting(released_name(lane)));
  if (text.empty()) return out;
  TRY(value, json::parse(text));
  for (const json::Value& one : value["records"].items()) out.insert(one.text());
  return out;
}

/// The same content was confirmed on this record so often that something undoes it each time (edge case 131).
Result<bool> Engine::Parts::oscillates(const mapping::Flow& flow, const StoredRecord& source,
                                       const StoredRecord& target, const std::string& body,
                                       const std::vector<decide::FieldStep>& steps) {
  const Breakers& limits = half(source.side).connection.breakers;
  if (limits.flips <= 0) return false;
  const std::string lane = fmt::format("oscillation/{}", static_cast<std::int64_t>(target.id));
  TRY(intents, store.intents_of(target.id));
  if (static_cast<int>(intents.size()) < limits.flips) return false;
  TRY(released, store.setting(released_name(lane)));
  Instant from = clock.now() - limits.window;
  if (const auto value = json::parse(released.empty() ? "{}" : released))
    from = std::max(from, instant_from_ms((*value)["at"].as_int()));
  int same = 0;
  for (const ports::Intent& one : intents)
    if (one.target == target.id && one.state == ports::IntentState::confirmed && one.body == body &&
        one.created_at >= from)
      ++same;
  if (same < limits.flips) return false;
  TRY(opposite, opposite_rule(source, target, body));
  const std::string field = steps.empty() ? std::string("a field") : steps.front().field;
  Breaker out;
  out.lane = lane;
  out.code = "breaker.oscillation";
  out.count = same;
  out.at = clock.now();
  out.text = fmt::format(
      "{} of {} flips: flow '{}' ({} to {}) set it to \"{}\" {} times within {} hours, and {} set it back to \"{}\". "
      "Change one of the two, then: tieout breaker release {}",
      field, name_of(target), flow.name(), half(source.side).connection.name, half(target.side).connection.name,
      steps.empty() ? "" : steps.front().after, same,
      std::chrono::duration_cast<std::chrono::hours>(limits.window).count(), opposite,
      steps.empty() ? "" : steps.front().before, lane);
  std::vector<RecordId> pair{source.id};
  if (source.id != target.id) pair.push_back(target.id);
  TRY_VOID(stop(out, pair));
  return true;
}

/// Who undoes it: a flow of ours the other way, or something at the vendor's.
Result<std::string> Engine::Parts::opposite_rule(const StoredRecord& source, const StoredRecord& target,
                                                 const std::string& body) {
  TRY(intents, store.intents_of(source.id));
  for (auto one = intents.rbegin(); one != intents.rend(); ++one) {
    const bool back = one->target == source.id && one->source == target.id;
    const bool otherwise = one->target == target.id && one->body != body && one->source != source.id;
    if (!back && !otherwise) continue;
    TRY(link, store.link(one->link));
    if (link)
      return fmt::format("flow '{}' ({} to {})", link->type, half(other(one->side)).connection.name,
                         half(one->side).connection.name);
  }
  return fmt::format("a rule or a person in {}", half(target.side).connection.name);
}

Result<std::vector<Breaker>> Engine::breakers() { return parts_->stopped_lanes(); }

Result<Breaker> Engine::release(const std::string& lane, const std::string& by, const std::string& why) {
  Parts& parts = *parts_;
  TRY(lanes, parts.stopped_lanes());
  const auto found = std::find_if(lanes.begin(), lanes.end(), [&](const Breaker& one) { return one.lane == lane; });
  if (found == lanes.end())
    return fail("breaker.unknown",
                fmt::format("no lane \"{}\" stands still; tieout breaker lists those that do", lane));
  if (why.empty()) return fail("breaker.why", "say why (--why): whoever looks at these changes later will ask");
  const Breaker out = *found;
  TRY(held, parts.store.in_state(State::held, RecordId::none, kMostHeld));
  const std::string told = fmt::format("{} released {} ({} records): {}", by, lane, out.held, why);
  json::Value memory = json::Value::object();
  json::Value records = json::Value::array();
  auto transaction = ports::Transaction::on(parts.store);
  if (!transaction) return fail(transaction.error());
  for (const StoredRecord& record : held) {
    if (record.waits_for != waits_for_lane(lane)) continue;
    records.push(json::Value::string(fingerprint(record)));
    TRY_VOID(parts.store.add_event(record.id, {parts.clock.now(), "released", told}));
  }
  memory.set("by", json::Value::string(by));
  memory.set("why", json::Value::string(why));
  memory.set("at", json::Value::number(to_ms(parts.clock.now())));
  memory.set("records", std::move(records));
  TRY_VOID(parts.store.set_setting(released_name(lane), memory.dump()));
  json::Value rest = json::Value::array();
  for (const Breaker& one : lanes)
    if (one.lane != lane) rest.push(to_json(one));
  TRY_VOID(parts.store.set_setting(kLanes, rest.dump()));
  TRY_VOID(parts.store.wake(waits_for_lane(lane)));
  parts.run.lanes.clear();
  Deed deed;
  deed.action = "breaker.released";
  deed.by = by;
  deed.code = out.code;
  deed.text = told;
  TRY_VOID(parts.witness(deed));
  TRY_VOID(transaction->commit());
  return out;
}

}  // namespace tieout::engine
