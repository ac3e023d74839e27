// Writes that the vendor asked to try later: with the next sync first, then after growing waits, and not for ever. What
// was tried in vain until the limit is failed (a dead letter): it stays so, with its last answer, until its content
// changes or a person replays it. The queue is the store itself: what is dirty or waits for its time is what is to do,
// so nothing is lost with the process.
#include <fmt/core.h>

#include <algorithm>

#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

constexpr std::string_view kUntil = "until:";
constexpr int kFreeTries = 2;  // with the next sync, whenever that is
constexpr Milliseconds kFirstWait = std::chrono::seconds{30};

std::string replayed_name(RecordId id) { return fmt::format("replayed/{}", static_cast<std::int64_t>(id)); }

}  // namespace

Result<Unit> Engine::Parts::try_later(const StoredRecord& source, const ports::Intent& intent, const Fault& fault) {
  TRY(intents, store.intents_of(source.id));
  TRY(replayed, store.setting(replayed_name(source.id)));
  const Instant from = instant_from_ms(json::Value::string(replayed).as_int(0));
  int tries = 0;
  for (auto one = intents.rbegin(); one != intents.rend(); ++one) {
    if (one->source != source.id || one->side != intent.side) continue;
    if (one->created_at < from || one->state != ports::IntentState::refused || one->answer_code == "looked_up.absent" ||
        one->answer_code == "settled.never")
      break;
    ++tries;
  }
  if (tries >= settings.most_attempts) {
    Deed deed;
    deed.action = "letter.dead";
    deed.record = source;
    deed.code = fault.code;
    TRY_VOID(witness(deed));
    return stand(
        source, State::failed, fault.code,
        fmt::format("{} Tried {} times without success; nothing more is sent. When its cause is mended: tieout "
                    "replay '{}'",
                    fault.what, tries, name_of(source)));
  }
  ++run.report.written.retry_later;
  std::string waits_for, when = "with the next sync";
  if (tries > kFreeTries) {
    const Milliseconds wait =
        std::min<Milliseconds>(settings.longest_wait, kFirstWait * (1LL << std::min(tries - kFreeTries - 1, 20)));
    const Instant due = clock.now() + wait;
    waits_for = fmt::format("{}{}", kUntil, to_ms(due));
    when = fmt::format("after {} (try {} of {})", to_text(due), tries + 1, settings.most_attempts);
  }
  TRY_VOID(stand(source, State::pending, fault.code, fmt::format("{} Tried again {}.", fault.what, when), waits_for));
  return store.mark_dirty(source.id);
}

/// True while its next try is not due: it stays in the queue untouched.
Result<bool> Engine::Parts::waits_its_time(const StoredRecord& record) {
  if (!record.waits_for.starts_with(kUntil)) return false;
  const std::int64_t due = json::Value::string(record.waits_for.substr(kUntil.size())).as_int(0);
  return to_ms(clock.now()) < due;
}

Result<std::int64_t> Engine::Parts::try_again(const std::vector<StoredRecord>& records, const std::string& by,
                                              const std::string& told) {
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  for (const StoredRecord& record : records) {
    TRY_VOID(store.set_setting(replayed_name(record.id), std::to_string(to_ms(clock.now()))));
    TRY_VOID(store.settle(record.id, State::pending, "review.decided",
                          told + "; it takes effect with the next plan, apply or sync", "", false));
    TRY_VOID(store.mark_dirty(record.id));
    TRY_VOID(store.add_event(record.id, {clock.now(), "decided", told}));
    Deed deed;
    deed.action = "letter.retried";
    deed.by = by;
    deed.record = record;
    deed.code = record.reason_code;
    TRY_VOID(witness(deed));
  }
  TRY_VOID(transaction->commit());
  return static_cast<std::int64_t>(records.size());
}

Result<std::int64_t> Engine::replay_record(const std::string& record, const std::string& by) {
  TRY(target, parts_->named(record));
  TRY_VOID(Parts::require_not_stopped(target));
  TRY(unfinished, parts_->store.intents_of(target.id));
  for (const ports::Intent& one : unfinished)
    if (one.state < ports::IntentState::confirmed)
      return fail("replay.in_doubt",
                  fmt::format("a write of {} is in doubt, and nothing is sent about it before that is "
                              "ended: tieout doubt '{}'",
                              Parts::name_of(target), Parts::name_of(target)));
  return parts_->try_again({target}, by, by + " asked for another try");
}

Result<std::int64_t> Engine::replay_code(const std::string& code, const std::string& by) {
  constexpr int kMost = 100'000;
  if (code.starts_with("breaker."))
    return fail("replay.breaker", "what a breaker holds is let go by: tieout breaker release LANE");
  std::vector<StoredRecord> chosen;
  for (const State state : {State::failed, State::held}) {
    TRY(records, parts_->store.in_state(state, RecordId::none, kMost));
    for (StoredRecord& record : records)
      if (record.reason_code == code) chosen.push_back(std::move(record));
  }
  if (chosen.empty())
    return fail("replay.code", fmt::format("nothing is held or failed with the code {}; tieout deadletters lists the "
                                           "codes",
                                           code));
  return parts_->try_again(chosen, by, fmt::format("{} asked for another try of all with {}", by, code));
}

Result<std::vector<DeadLetters>> Engine::dead_letters() {
  constexpr int kMost = 100'000;
  std::vector<DeadLetters> out;
  std::map<std::pair<State, std::string>, std::size_t> at;
  TRY(failed, parts_->store.in_state(State::failed, RecordId::none, kMost));
  TRY(held, parts_->store.in_state(State::held, RecordId::none, kMost));
  std::vector<StoredRecord> all = std::move(failed);
  for (StoredRecord& record : held) {
    // Refused by the vendor: journalled and answered. What a rule of ours holds was never sent and is a matter of
    // review.
    TRY(intents, parts_->store.intents_of(record.id));
    const bool refused = std::any_of(intents.begin(), intents.end(), [&](const ports::Intent& one) {
      return one.source == record.id && one.state == ports::IntentState::refused &&
             one.answer_code == record.reason_code;
    });
    if (refused) all.push_back(std::move(record));
  }
  for (const StoredRecord& record : all) {
    const auto [group, fresh] = at.try_emplace({record.state, record.reason_code}, out.size());
    if (fresh) out.push_back({record.reason_code, std::string(to_text(record.state)), record.reason, {}});
    const auto body = parts_->readable(record);
    out[group->second].records.push_back({record.id, Parts::name_of(record),
                                          body && *body ? Parts::title_of(**body) : std::string(), record.state,
                                          record.reason_code, record.reason});
  }
  return out;
}

}  // namespace tieout::engine
