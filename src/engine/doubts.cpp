// Writes whose outcome nobody told us: after a lost answer, or because the process was killed between journal and
// answer. Each is looked up: first among what was read of that side, by our own mark, then at the vendor. Found: it is
// confirmed as if the answer had come. Surely absent, after the time in which it could still arrive: the journal closes
// it as never applied, and its record is decided anew, so that what is sent then is what is wanted then, by the rules
// and the person's word of that day. Anything else keeps waiting, and nothing about its record is written meanwhile.
// Nothing is ever sent from here.
#include <fmt/core.h>

#include <algorithm>

#include "act/confirm.hpp"
#include "engine/parts.hpp"
#include "engine/undo.hpp"

namespace tieout::engine {
namespace {

constexpr int kMostDoubts = 10'000;

}  // namespace

Result<Unit> Engine::Parts::note_doubts() {
  TRY(intents, store.unfinished_intents(kMostDoubts));
  run.in_doubt.clear();
  for (const ports::Intent& intent : intents) {
    run.in_doubt.insert(static_cast<std::int64_t>(intent.source));
    if (intent.target != RecordId::none) run.in_doubt.insert(static_cast<std::int64_t>(intent.target));
  }
  run.new_doubts = 0;
  return Unit{};
}

Result<Unit> Engine::Parts::resolve_doubts() {
  const StageClock stage(run, "act.look_up", clock);
  TRY(intents, store.unfinished_intents(kMostDoubts));
  std::map<std::pair<Side, std::string>, std::vector<Sent>> groups;
  for (const ports::Intent& intent : intents) {
    TRY(sent, recall(intent));
    if (sent) groups[{intent.side, intent.object}].push_back(std::move(*sent));
  }
  for (auto& [what, group] : groups) TRY_VOID(look_up_group(std::move(group)));
  return note_doubts();
}

Result<Unit> Engine::Parts::look_up_group(std::vector<Sent> group) {
  std::vector<Sent> open;
  for (Sent& one : group) {
    TRY(adopted, adopt_by_mark(one));
    if (!adopted) open.push_back(std::move(one));
  }
  if (open.empty()) return Unit{};
  Half& there = half(open.front().intent.side);
  std::vector<ports::WriteRequest> requests;
  Instant latest = open.front().intent.created_at;
  for (const Sent& one : open) {
    requests.push_back(one.request);
    latest = std::max(latest, one.intent.created_at);
  }
  TRY(lookups, there.connection.connector->look_up(requests, latest));
  if (lookups.size() != open.size())
    return fail("vendor.look_up", "the connector answered for another number of writes than it was asked about");
  std::vector<Sent*> found;
  std::vector<const ports::RawRecord*> records;
  std::vector<std::pair<const Sent*, const ports::Lookup*>> absent;
  std::vector<std::pair<const Sent*, ports::Found>> open_still;
  for (std::size_t i = 0; i < open.size(); ++i) {
    const Milliseconds age = clock.now() - open[i].intent.created_at;
    TRY(others, is_anothers(open[i], lookups[i]));
    switch (act::settle(others ? ports::Found::absent : lookups[i].found, age, settings.settle)) {
      case act::Settled::written:
        if (!lookups[i].record) break;
        found.push_back(&open[i]);
        records.push_back(&*lookups[i].record);
        break;
      case act::Settled::absent:
        absent.emplace_back(&open[i], &lookups[i]);
        break;
      case act::Settled::wait:
        open_still.emplace_back(&open[i], lookups[i].found);
        break;
    }
  }
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  TRY_VOID(confirm(found, records));
  for (const auto& [sent, lookup] : absent) TRY_VOID(never_applied(*sent, *lookup));
  for (const auto& [sent, answer] : open_still) TRY_VOID(keeps_waiting(*sent, answer));
  return transaction->commit();
}

/// A create is looked up by a name where the vendor keeps no mark of ours. When the record of that name is linked to
/// somebody else already, it is not what we sent: names are unique there, so ours was refused.
Result<bool> Engine::Parts::is_anothers(const Sent& sent, const ports::Lookup& lookup) {
  const ports::Intent& intent = sent.intent;
  if (intent.kind != static_cast<std::uint8_t>(ports::WriteKind::create) || !lookup.record) return false;
  TRY(known, store.find(intent.side, intent.type, lookup.record->vendor_id));
  return known && known->link != LinkId::none && known->link != intent.link;
}

/// A document with our mark that was read in the meantime is the write, whatever a person has done to it since.
Result<bool> Engine::Parts::adopt_by_mark(const Sent& sent) {
  const ports::Intent& intent = sent.intent;
  if (intent.kind != static_cast<std::uint8_t>(ports::WriteKind::create) || intent.reference.empty()) return false;
  TRY(marked, store.mentioning(intent.side, intent.type, "mark", intent.reference));
  for (const StoredRecord& record : marked) {
    if (record.deleted || (record.link != LinkId::none && record.link != intent.link)) continue;
    auto transaction = ports::Transaction::on(store);
    if (!transaction) return fail(transaction.error());
    TRY_VOID(store.finish_intent(intent.id, ports::IntentState::confirmed, record.vendor_id, "ok",
                                 "found by our mark among what was read", clock.now()));
    if (record.link == LinkId::none && intent.link != LinkId::none) TRY_VOID(store.join(intent.link, record.id));
    TRY_VOID(witness_adopted(sent, record));
    TRY_VOID(store.mark_dirty(record.id));
    TRY_VOID(store.mark_dirty(intent.source));
    TRY_VOID(transaction->commit());
    ++run.done;
    return true;
  }
  return false;
}

/// The look-up decided nothing. Once its time is over, its record says that a person may end it.
Result<Unit> Engine::Parts::keeps_waiting(const Sent& sent, ports::Found answer) {
  const ports::Intent& intent = sent.intent;
  const bool absent = answer == ports::Found::absent;
  if (intent.state == ports::IntentState::open)  // the process ended between the journal and the answer
    TRY_VOID(witness_outcome("write.in_doubt", sent, absent ? "looked_up.early" : "looked_up.unsure", {}));
  TRY_VOID(store.note_look_up(intent.id, absent ? "looked_up.early" : "looked_up.unsure",
                              absent ? "not there yet; it may still arrive" : "the look-up could not tell",
                              clock.now()));
  if (clock.now() < intent.created_at + settings.settle) return Unit{};
  TRY(source, store.record(intent.source));
  if (!source || source->state != State::pending) return Unit{};
  TRY_VOID(
      stand(*source, State::pending, "write.in_doubt",
            fmt::format("a write about it got no clear answer, and {} look-ups could not tell either; look for it in "
                        "{} and end the doubt: tieout doubt '{}'",
                        intent.attempts, half(intent.side).connection.name, name_of(*source))));
  return store.mark_dirty(source->id);
}

Result<Unit> Engine::Parts::never_applied(const Sent& sent, const ports::Lookup& lookup) {
  TRY_VOID(store.finish_intent(sent.intent.id, ports::IntentState::refused, sent.intent.vendor_id, "looked_up.absent",
                               "looked up after its time: it never arrived", clock.now()));
  TRY_VOID(witness_outcome("write.absent", sent, "looked_up.absent", {}));
  TRY_VOID(store.mark_dirty(sent.intent.source));
  if (sent.intent.target != RecordId::none) TRY_VOID(store.mark_dirty(sent.intent.target));
  ++run.done;  // there is something to decide again
  if (!lookup.record || !lookup.record->deleted) return Unit{};
  return store_page(half(sent.intent.side), {*lookup.record}, ports::PayloadId::none).map([](const auto&) {
    return Unit{};
  });
}

/// A journalled write as if it had just been sent.
Result<std::optional<Sent>> Engine::Parts::recall(const ports::Intent& intent) {
  TRY(source, store.record(intent.source));
  TRY(link, store.link(intent.link));
  if (!source || (!link && !is_undo(intent.plan)))
    return fail("store.intent.orphan", fmt::format("intent {} has lost its record or link", intent.key));
  Work work(Record(model::type_named(intent.type)));
  work.change.flow = is_undo(intent.plan) ? "undo" : link->type;
  work.change.kind = static_cast<ports::WriteKind>(intent.kind);
  work.change.side = intent.side;
  work.change.type = intent.type;
  work.change.source = intent.source;
  work.change.target = intent.target;
  work.change.source_name = name_of(*source);
  work.change.wanted = intent.wanted;
  work.link = intent.link;
  work.source_id = source->vendor_id;
  work.source_side = source->side;
  work.target_id = intent.vendor_id;
  if (intent.target != RecordId::none) {
    TRY(target, store.record(intent.target));
    TRY(now, target ? readable(*target) : Result<std::optional<Record>>(std::optional<Record>()));
    work.now = std::move(now);
    if (target) work.target_was = target->state;
  }
  Sent sent{std::move(work), intent, request_of(intent), true};
  return std::optional<Sent>(std::move(sent));
}

/// Targets that moved under us: read them again, so that the next round decides against what they are now.
Result<Unit> Engine::Parts::reread_stale() {
  std::map<std::pair<Side, std::string>, std::vector<std::string>> ids;
  for (const Run::Stale& one : run.stale) ids[{one.side, one.object}].push_back(one.vendor_id);
  run.stale.clear();
  for (const auto& [what, list] : ids) {
    Half& there = half(what.first);
    TRY(records, there.connection.connector->read(what.second, list));
    auto transaction = ports::Transaction::on(store);
    if (!transaction) return fail(transaction.error());
    TRY_VOID(store_page(there, records, ports::PayloadId::none));
    TRY_VOID(transaction->commit());
  }
  return Unit{};
}

}  // namespace tieout::engine
