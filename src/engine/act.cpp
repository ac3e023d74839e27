// Act: carry out a chunk of decided work. Journal first (intents, committed with fsync), then send, then store what the
// vendor answered together with links, states and the end of the intents, in one transaction. Silence is never answered
// by sending again: the intent stays in doubt until a look-up tells.
#include <fmt/core.h>

#include <algorithm>

#include "act/confirm.hpp"
#include "engine/parts.hpp"
#include "engine/undo.hpp"
#include "prove/tie_out.hpp"

namespace tieout::engine {
namespace {

std::string source_type_of(const decide::Change& change) {
  return change.source_name.substr(0, change.source_name.find(' '));
}

void count(WriteCounts& counts, ports::WriteKind kind) {
  switch (kind) {
    case ports::WriteKind::create:
      ++counts.created;
      break;
    case ports::WriteKind::update:
      ++counts.updated;
      break;
    case ports::WriteKind::void_document:
      ++counts.voided;
      break;
  }
}

}  // namespace

/// A sale that waited since an earlier run may be gone or have lost a line without any delta saying so (edge case 127):
/// right before it is invoiced it is read once more, and what changed is decided anew instead.
Result<Unit> Engine::Parts::read_sources_again(std::vector<Work>& works) {
  std::map<std::string, ports::ContentDigest> before;
  std::vector<std::string> ids;
  for (const Work& work : works) {
    if (work.change.type != "invoice" || work.change.kind != ports::WriteKind::create ||
        work.source_seen >= run.started)
      continue;
    TRY(source, store.record(work.change.source));
    if (!source) continue;
    before.emplace(source->vendor_id, source->digest);
    ids.push_back(source->vendor_id);
  }
  if (ids.empty()) return Unit{};
  const StageClock stage(run, "act.read_again", clock);
  Half& crm = half(Side::crm);
  const mapping::ObjectMapping* mapped = mapping_of(Side::crm, model::type_named("deal"));
  TRY(records, crm.connection.connector->read(mapped->object(), ids));
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  TRY_VOID(store_page(crm, records, ports::PayloadId::none));
  std::set<RecordId> moved;
  for (const auto& [id, digest] : before) {
    TRY(now, store.find(Side::crm, "deal", id));
    if (now && (now->digest != digest || now->deleted)) moved.insert(now->id);
  }
  TRY_VOID(transaction->commit());
  if (!moved.empty()) ++run.done;  // they are decided again in the next round
  std::erase_if(works, [&](const Work& work) { return moved.contains(work.change.source); });
  return Unit{};
}

Result<Unit> Engine::Parts::act(std::vector<Work> works) {
  TRY_VOID(read_sources_again(works));
  std::vector<Sent> sent;
  {
    const StageClock stage(run, "act.prepare", clock);
    auto transaction = ports::Transaction::on(store);
    if (!transaction) return fail(transaction.error());
    for (Work& work : works) {
      TRY(ready, prepare(std::move(work)));
      if (ready) sent.push_back(std::move(*ready));
    }
    TRY_VOID(journal(sent));
    TRY_VOID(transaction->commit());
  }
  // One side at a time: a chunk may hold updates for both.
  for (const Side side : {Side::books, Side::crm}) {
    std::vector<Sent> theirs;
    for (Sent& one : sent)
      if (one.intent.side == side) theirs.push_back(std::move(one));
    sent.erase(std::remove_if(sent.begin(), sent.end(), [&](const Sent& one) { return one.intent.side == side; }),
               sent.end());
    TRY_VOID(deliver(theirs));
  }
  return Unit{};
}

/// The request and the intent of a work, or nothing when it can not be sent now (then its source says why).
Result<std::optional<Sent>> Engine::Parts::prepare(Work work) {
  Half& there = half(work.change.side);
  const mapping::ObjectMapping* mapped = mapping_of(work.change.side, work.wanted.type());
  if (mapped == nullptr)
    return fail("mapping.no_object", fmt::format("no pack of {} maps {}", there.connection.vendor, work.change.type));
  const RecordId source = work.change.source;
  auto wanted = work.foreign_references ? translated(work.source_side, work.wanted) : Result<Record>(work.wanted);
  if (!wanted) {
    const Fault& fault = wanted.error();  // its field names what it waits for
    TRY_VOID(store.settle(source, State::pending, fault.code, fault.what, fault.field, false));
    return std::optional<Sent>();
  }
  auto body =
      work.now ? mapped->to_vendor_changes(*wanted, *work.now, *variables) : mapped->to_vendor(*wanted, *variables);
  if (!body) {
    const Fault& fault = body.error();
    TRY_VOID(hold(source, fault.code,
                  fault.field.empty() ? fault.what : fmt::format("{} (field {})", fault.what, fault.field)));
    return std::optional<Sent>();
  }
  Sent out{std::move(work), {}, {}};
  const decide::Change& change = out.work.change;
  const std::string type = source_type_of(change);
  act::Subject subject;
  subject.entity = settings.entity;
  subject.account = there.facts.account_id;
  subject.flow = change.flow;
  subject.source_side = out.work.source_side;
  subject.source_type = type;
  subject.source_id = out.work.source_id;
  subject.revision = out.work.revision;
  const std::string key = change.kind == ports::WriteKind::create
                              ? act::create_key(subject)
                              : act::update_key(subject, out.work.target_id, change.target_version, change.wanted);
  TRY(earlier, store.intents_with_key_prefix(key));
  ports::Intent& intent = out.intent;
  intent.key = act::with_attempt(key, earlier + 1);
  intent.side = change.side;
  intent.type = change.type;
  intent.object = mapped->object();
  intent.kind = static_cast<std::uint8_t>(change.kind);
  intent.source = change.source;
  intent.target = change.target;
  intent.link = out.work.link;
  intent.vendor_id = out.work.target_id;
  intent.version = change.target_version;
  intent.body = std::move(*body);
  if (out.work.wanted.type().index_of("reference") >= 0)
    intent.reference = std::string(out.work.wanted.text("reference"));
  if (intent.reference.empty() && change.kind == ports::WriteKind::create) intent.reference = act::reference(subject);
  intent.wanted = change.wanted;
  if (out.work.now) note_fields(*out.work.now, out.work.wanted, intent);
  intent.plan = run.plan_id;
  intent.created_at = clock.now();
  return std::optional<Sent>(std::move(out));
}

Result<Unit> Engine::Parts::journal(std::vector<Sent>& sent) {
  std::vector<ports::Intent> intents;
  intents.reserve(sent.size());
  for (Sent& one : sent) {
    if (one.intent.link == LinkId::none && !is_undo(one.intent.plan)) {  // a reversal belongs to no sale
      TRY(link, store.new_link({LinkId::none, one.work.change.flow,
                                run.plan_id.empty() ? std::string("created by the flow") : "created by " + run.plan_id,
                                clock.now(), one.intent.wanted}));
      TRY_VOID(store.join(link, one.intent.source));
      one.intent.link = one.work.link = link;
      one.new_link = true;
    }
    intents.push_back(one.intent);
  }
  TRY(ids, store.add_intents(intents));
  for (std::size_t i = 0; i < sent.size(); ++i) {
    sent[i].intent.id = ids[i];
    sent[i].request = request_of(sent[i].intent);
    TRY_VOID(witness_asked(sent[i]));
  }
  return Unit{};
}

ports::WriteRequest Engine::Parts::request_of(const ports::Intent& intent) {
  ports::WriteRequest request;
  request.kind = static_cast<ports::WriteKind>(intent.kind);
  request.object = intent.object;
  request.vendor_id = intent.vendor_id;
  request.version = intent.version;
  request.body = intent.body;
  request.idempotency_key = intent.key;
  request.reference = intent.reference;
  return request;
}

Result<Unit> Engine::Parts::deliver(std::vector<Sent>& sent) {
  if (sent.empty()) return Unit{};
  std::vector<ports::WriteRequest> requests;
  requests.reserve(sent.size());
  for (const Sent& one : sent) requests.push_back(one.request);
  std::vector<ports::WriteOutcome> outcomes(sent.size());
  {
    const StageClock stage(run, "act.send", clock);
    half(sent.front().intent.side)
        .connection.connector->write(
            requests, [&](std::size_t index, ports::WriteOutcome outcome) { outcomes[index] = std::move(outcome); });
  }
  const StageClock stage(run, "act.store", clock);
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  std::vector<Sent*> kept;
  std::vector<const ports::RawRecord*> records;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (outcomes[i].record) {
      kept.push_back(&sent[i]);
      records.push_back(&*outcomes[i].record);
    } else {
      TRY_VOID(not_confirmed(sent[i], outcomes[i]));
    }
  }
  TRY_VOID(confirm(kept, records));
  TRY_VOID(transaction->commit());
  tell(fmt::format("write {}", half(sent.front().intent.side).connection.name), run.report.written.total());
  return Unit{};
}

/// A create is refused whose earlier try was looked up and not found: a list that came back empty may have lied, and
/// what stands in the way may be that very record. It is looked up once more before anybody is asked.
Result<bool> Engine::Parts::may_be_in_its_own_way(const Sent& sent) {
  if (sent.intent.kind != static_cast<std::uint8_t>(ports::WriteKind::create)) return false;
  TRY(intents, store.intents_of(sent.intent.source));
  return std::count_if(intents.begin(), intents.end(), [&](const ports::Intent& earlier) {
           return earlier.link == sent.intent.link && earlier.answer_code == "looked_up.absent";
         }) == 1;
}

Result<Unit> Engine::Parts::not_confirmed(const Sent& sent, const ports::WriteOutcome& outcome) {
  act::Verdict verdict = act::judge(outcome);
  if (verdict.next == act::Next::hold) {
    TRY(doubtful, may_be_in_its_own_way(sent));
    if (doubtful) verdict = {act::Next::look_up, ports::IntentState::in_doubt};
  }
  const Fault fault = outcome.fault.value_or(
      Fault{"vendor.no_answer", "the vendor's answer did not mention this record", "", Certainty::unknown});
  TRY_VOID(
      store.finish_intent(sent.intent.id, verdict.intent, sent.intent.vendor_id, fault.code, fault.what, clock.now()));
  TRY_VOID(witness_outcome(verdict.intent == ports::IntentState::refused ? "write.refused" : "write.in_doubt", sent,
                           fault.code, fault.what));
  TRY(source, store.record(sent.intent.source));
  if (!source) return fail("store.record.missing", "a record vanished while it was written");
  WriteCounts& written = run.report.written;
  switch (verdict.next) {
    case act::Next::keep:
      break;
    case act::Next::hold:
      ++written.refused;
      return stand(*source, State::held, fault.code, fault.what);
    case act::Next::later:
      return try_later(*source, sent.intent, fault);
    case act::Next::reread:
      run.stale.push_back({sent.intent.side, sent.intent.object, sent.intent.vendor_id});
      return try_later(*source, sent.intent, fault);
    case act::Next::look_up:
      ++written.in_doubt;
      ++run.new_doubts;
      run.in_doubt.insert(static_cast<std::int64_t>(source->id));
      return stand(
          *source, State::pending, "write.in_doubt",
          fmt::format("the write got no clear answer ({}); it is looked up before anything else is sent", fault.what));
  }
  return Unit{};
}

/// Stores what the vendor has now, joins the link and settles both ends; one observe call for the whole chunk.
Result<Unit> Engine::Parts::confirm(const std::vector<Sent*>& sent,
                                    const std::vector<const ports::RawRecord*>& records) {
  if (sent.empty()) return Unit{};
  Half& there = half(sent.front()->intent.side);
  std::vector<ports::Observation> observations;
  std::vector<std::optional<Fault>> problems(sent.size());
  observations.reserve(sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    TRY(observation, normalise(there, *records[i], problems[i]));
    if (records[i]->partial && sent[i]->work.now) TRY_VOID(complete(*sent[i], observation, problems[i]));
    observations.push_back(std::move(observation));
  }
  TRY_VOID(keep_answers(there, observations, records));
  TRY(noted, store.observe(observations, clock.now()));
  for (std::size_t i = 0; i < sent.size(); ++i) {
    TRY_VOID(witness_confirmed(*sent[i], noted[i].id, observations[i], records[i]->body));
    TRY_VOID(confirmed(*sent[i], noted[i].id, observations[i], problems[i]));
    ++run.done;
    count(run.report.written, static_cast<ports::WriteKind>(sent[i]->intent.kind));
  }
  return Unit{};
}

/// The answer lacks the parts that reading composes: what we wrote over what we knew is the record as it is now. When
/// what we wrote is not at hand any more, the record stays as known, under its old version, and is read again.
Result<Unit> Engine::Parts::complete(const Sent& sent, ports::Observation& observation, std::optional<Fault>& problem) {
  problem.reset();
  if (!sent.recalled) {
    observation.body.clear();
    model::encode(sent.work.wanted, observation.body);
    observation.digest = short_digest(sent.work.wanted);
    return Unit{};
  }
  TRY(known, store.record(sent.intent.target));
  if (!known) return Unit{};
  observation.body = known->body;
  observation.digest = known->digest;
  observation.version = known->version;
  observation.modified_at = known->modified_at;
  return Unit{};
}

Result<Unit> Engine::Parts::confirmed(const Sent& sent, RecordId target, const ports::Observation& seen,
                                      const std::optional<Fault>& problem) {
  const ports::Intent& intent = sent.intent;
  if (is_undo(intent.plan)) return confirmed_undo(sent, target, seen, problem);
  const bool create = intent.kind == static_cast<std::uint8_t>(ports::WriteKind::create);
  TRY_VOID(store.finish_intent(intent.id, ports::IntentState::confirmed, seen.vendor_id, "ok", "", clock.now()));
  if (create) {
    TRY_VOID(store.join(intent.link, target));
    TRY_VOID(store.set_wanted(intent.link, intent.wanted));
  }
  run.in_doubt.erase(static_cast<std::int64_t>(intent.source));
  if (problem) {
    TRY_VOID(agree(intent.source));
    return hold(target, problem->code, problem->what);
  }
  // Recalled: either side may have changed since it was sent. The other half waits: only the merge may say that both
  // agree. In both cases the next round looks at the pair with fresh eyes.
  if (sent.recalled || sent.work.other_half_waits) {
    TRY_VOID(store.mark_dirty(intent.source));
    TRY_VOID(store.mark_dirty(target));
    return wake_dependents(sent, seen);
  }
  TRY_VOID(agree(intent.source));
  const bool covers_deal = intent.side == Side::crm && intent.type == "deal";
  if (covers_deal && sent.work.target_was != State::in_sync) return store.mark_dirty(target);
  if (create && intent.type == "invoice") return invoice_confirmed(sent, target, seen);
  TRY_VOID(agree(target));
  if (create && intent.type == "payment") {
    // The books have moved the balances of what it settles: those invoices are read again.
    TRY_VOID(store.mark_dirty(target));
    const mapping::ObjectMapping* mapped = mapping_of(intent.side, model::type_named("invoice"));
    for (const auto& [type, id] : seen.mentions)
      if (type == "invoice" && mapped != nullptr) run.stale.push_back({intent.side, mapped->object(), id});
  }
  return create ? wake_dependents(sent, seen) : Result<Unit>(Unit{});
}

Result<Unit> Engine::Parts::agree(RecordId record) { return store.settle(record, State::in_sync, "", "", "", true); }

Result<Unit> Engine::Parts::hold(RecordId record, std::string_view code, std::string_view reason) {
  TRY_VOID(store.settle(record, State::held, code, reason, "", false));
  TRY(held, store.record(record));
  if (held) TRY_VOID(witness_held(*held, code));
  return store.add_event(record, {clock.now(), "held", std::string(reason)});
}

/// What waited for either end of a new pair goes on.
Result<Unit> Engine::Parts::wake_dependents(const Sent& sent, const ports::Observation& seen) {
  TRY_VOID(store.wake(
      fmt::format("{}:{}:{}", to_text(sent.work.source_side), source_type_of(sent.work.change), sent.work.source_id)));
  TRY_VOID(store.wake(fmt::format("{}:{}:{}", to_text(seen.side), seen.type, seen.vendor_id)));
  return Unit{};
}

/// The total was computed before the write; now it is compared with what the books made of it.
Result<Unit> Engine::Parts::invoice_confirmed(const Sent& sent, RecordId target, const ports::Observation& seen) {
  TRY(invoice, model::decode(model::type_named("invoice"), seen.body));
  TRY_VOID(wake_dependents(sent, seen));
  const Decimal wanted = sent.work.wanted.decimal("total");
  const Decimal got = invoice.decimal("total");
  if (wanted != got) {  // it is held where it is looked at next, and so is its deal
    TRY_VOID(store.set_setting(planned_total_name(target), wanted.to_text()));
    TRY_VOID(store.mark_dirty(sent.intent.source));
  }
  return store.mark_dirty(target);  // its number and balance go back to the deal
}

/// Every reference to something that both sides have, in the ids of the other side.
Result<Record> Engine::Parts::translated(Side from, const Record& record) {
  Record out = record;
  for (int i = 0; i < record.size(); ++i) {
    const model::FieldDecl& decl = record.type().fields[static_cast<std::size_t>(i)];
    if (decl.kind == model::FieldKind::list) {
      std::vector<Record> lines = record.records(decl.name);
      if (lines.empty()) continue;
      for (Record& line : lines) {
        TRY(one, translated(from, line));
        line = std::move(one);
      }
      out.set_records(decl.name, lines);
      continue;
    }
    const std::string_view type =
        decl.kind == model::FieldKind::reference ? counterpart(from, decl.of) : std::string_view();
    if (type.empty()) continue;
    const std::string_view id = record.text(decl.name);
    if (id.empty()) continue;
    TRY(target, dependency(from, type, id));
    if (!target.ready)
      return fail("depends", target.reason.empty() ? "waits for its partner" : target.reason, target.waits_for);
    out.at(i) = model::Value::text(target.target_id);
  }
  return out;
}

}  // namespace tieout::engine
