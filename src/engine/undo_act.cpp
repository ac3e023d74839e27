// Undo, sent: its steps are intents like every other write (journalled first, looked up after silence, never sent
// blindly), with keys and marks of their own. What is reversed is set aside at once, so that its sale is not invoiced
// again by itself: only a person releases it (reissue).
#include <fmt/core.h>

#include <algorithm>

#include "engine/undo.hpp"
#include "prove/tie_out.hpp"

namespace tieout::engine {
namespace {

constexpr ports::WriteKind kind_of(const ports::Intent& intent) { return static_cast<ports::WriteKind>(intent.kind); }

/// What was to be credited was said before; now it is compared with what the books made of it. Empty: it is the same.
std::string credited_otherwise(const Sent& sent, const ports::Observation& seen) {
  if (sent.intent.type != "credit_note" || sent.recalled) return {};
  const auto note = model::decode(model::type_named("credit_note"), seen.body);
  if (!note || note->decimal("total") == sent.work.change.amount) return {};
  return fmt::format(
      "was to credit {}, but the books made it {}: a tax or rounding rule differs. Correct credit note {} "
      "in the books",
      prove::with_marks(sent.work.change.amount), prove::with_marks(note->decimal("total")), note->text("number"));
}

}  // namespace

Result<std::optional<Sent>> Engine::Parts::prepare_undo(UndoStep step) {
  Half& there = half(step.work.change.side);
  const decide::Change& change = step.work.change;
  const mapping::ObjectMapping* mapped = mapping_of(change.side, model::type_named(change.type));
  if (mapped == nullptr)
    return fail("mapping.no_object", fmt::format("no pack of {} maps {}", there.connection.vendor, change.type));
  Result<std::string> body = std::string();
  if (change.kind == ports::WriteKind::create) body = mapped->to_vendor(step.work.wanted, *variables);
  if (change.kind == ports::WriteKind::update)
    body = mapped->to_vendor_changes(step.work.wanted, *step.work.now, *variables);
  const bool nothing = body && change.kind == ports::WriteKind::update && body->empty();
  if (!body || nothing) {
    run.undo_refused.insert(change.key());
    TRY_VOID(hold(change.source, body ? "undo.not_writable" : body.error().code,
                  body ? "the mapping pack writes none of these fields; change them by hand" : body.error().what));
    return std::optional<Sent>();
  }
  act::Subject subject;
  subject.entity = settings.entity;
  subject.account = there.facts.account_id;
  subject.flow = change.kind == ports::WriteKind::create ? "undo/" + change.type : std::string("undo");
  const std::string flow(subject.flow);
  subject.flow = flow;
  subject.source_side = step.work.source_side;
  const std::string type = change.source_name.substr(0, change.source_name.find(' '));
  subject.source_type = type;
  subject.source_id = step.work.source_id;
  subject.revision = step.work.revision;
  const std::string key = change.kind == ports::WriteKind::create
                              ? act::create_key(subject)
                              : act::update_key(subject, step.work.target_id, step.version, change.wanted);
  TRY(earlier, store.intents_with_key_prefix(key));
  ports::Intent intent;
  intent.key = act::with_attempt(key, earlier + 1);
  intent.side = change.side;
  intent.type = change.type;
  intent.object = mapped->object();
  intent.kind = static_cast<std::uint8_t>(change.kind);
  intent.source = change.source;
  intent.target = change.target;
  if (change.kind != ports::WriteKind::create) {
    intent.link = step.work.link;
    intent.vendor_id = step.work.target_id;
    intent.version = step.version;
  }
  intent.body = std::move(*body);
  intent.reference = step.reference;
  intent.wanted = change.wanted;
  if (change.kind == ports::WriteKind::update) note_fields(*step.work.now, step.work.wanted, intent);
  intent.plan = run.plan_id;
  intent.created_at = clock.now();
  Sent out{std::move(step.work), std::move(intent), {}};
  return std::optional<Sent>(std::move(out));
}

Result<Unit> Engine::Parts::act_undo(std::vector<UndoStep> steps) {
  for (std::size_t at = 0; at < steps.size(); at += kChunk) {
    const std::size_t end = std::min(steps.size(), at + kChunk);
    std::map<Side, std::vector<Sent>> sent;
    {
      auto transaction = ports::Transaction::on(store);
      if (!transaction) return fail(transaction.error());
      for (std::size_t i = at; i < end; ++i) {
        TRY(ready, prepare_undo(std::move(steps[i])));
        if (ready) sent[ready->intent.side].push_back(std::move(*ready));
      }
      for (auto& [side, theirs] : sent) TRY_VOID(journal(theirs));
      TRY_VOID(transaction->commit());
    }
    for (auto& [side, theirs] : sent) {
      TRY_VOID(deliver(theirs));
      for (const Sent& one : theirs) TRY_VOID(note_answer(one));
    }
  }
  return Unit{};
}

/// A step that was refused is not sent again by this apply; one whose record had moved is, after it was read again.
Result<Unit> Engine::Parts::note_answer(const Sent& sent) {
  TRY(intents, store.intents_of(sent.intent.source));
  for (const ports::Intent& intent : intents) {
    if (intent.id != sent.intent.id || intent.state != ports::IntentState::refused) continue;
    if (!intent.answer_code.ends_with(".stale")) run.undo_refused.insert(sent.work.change.key());
  }
  return Unit{};
}

/// The answer to a step of an undo, also when it comes by a look-up after a lost answer.
Result<Unit> Engine::Parts::confirmed_undo(const Sent& sent, RecordId target, const ports::Observation& seen,
                                           const std::optional<Fault>& problem) {
  const ports::Intent& intent = sent.intent;
  TRY_VOID(store.finish_intent(intent.id, ports::IntentState::confirmed, seen.vendor_id, "ok", "", clock.now()));
  run.in_doubt.erase(static_cast<std::int64_t>(intent.source));
  if (problem) return hold(target, problem->code, problem->what);
  TRY_VOID(
      store.add_event(intent.source, {clock.now(), "undone", fmt::format("{} by {}", undo_word(intent), intent.plan)}));
  reread_after(sent, seen);
  if (kind_of(intent) == ports::WriteKind::void_document) {
    TRY(document, store.record(target));
    return document ? set_undone(*document, "voided", intent.plan) : Result<Unit>(Unit{});
  }
  if (kind_of(intent) == ports::WriteKind::create) {
    const std::string differs = credited_otherwise(sent, seen);
    return differs.empty() ? store.mark_dirty(target) : hold(target, "undo.credit.differs", differs);
  }
  // The old values are what both sides agree on from here, unless somebody has an edit of his own under way.
  if (sent.recalled || sent.work.target_was == State::pending || sent.work.target_was == State::held)
    return store.mark_dirty(target);
  TRY(now, store.record(target));
  if (now && now->decision.starts_with("undone:")) return store.mark_dirty(target);
  return agree(target);
}

std::string Engine::Parts::undo_word(const ports::Intent& intent) {
  switch (kind_of(intent)) {
    case ports::WriteKind::create:
      return intent.type == "credit_note" ? "credited" : "its credit applied";
    case ports::WriteKind::update:
      return "given its old values";
    case ports::WriteKind::void_document:
      return "voided";
  }
  return "undone";
}

/// A payment moves the balances of what it settles, on the vendor's side: those invoices are read again.
void Engine::Parts::reread_after(const Sent& sent, const ports::Observation& seen) {
  const ports::Intent& intent = sent.intent;
  const mapping::ObjectMapping* invoices = mapping_of(Side::books, model::type_named("invoice"));
  if (invoices == nullptr || intent.type != "payment") return;
  for (const auto& [type, id] : seen.mentions)
    if (type == "invoice") run.stale.push_back({Side::books, invoices->object(), id});
  if (!sent.work.now || sent.work.now->type().name != "payment") return;
  for (const Record& allocation : sent.work.now->records("allocations"))
    if (const auto id = allocation.text("invoice"); !id.empty())
      run.stale.push_back({Side::books, invoices->object(), std::string(id)});
}

/// Sets a reversed document and what it was made from aside: nothing is made of them again until a person says so.
Result<Unit> Engine::Parts::set_undone(const StoredRecord& document, std::string_view how, const std::string& plan) {
  std::vector<StoredRecord> ends{document};
  if (document.link != LinkId::none) {
    TRY(source, store.linked(document.link, other(document.side)));
    if (source) ends.push_back(std::move(*source));
  }
  for (const StoredRecord& one : ends) {
    if (one.decision == "undone:" + plan) continue;
    TRY_VOID(store.decide(one.id, "undone:" + plan));
    TRY_VOID(store.settle(one.id, State::skipped, "undone", undone_reason(one, plan), "", false));
    if (one.side != document.side)
      TRY_VOID(store.add_event(
          one.id, {clock.now(), "undone", fmt::format("its {} was {} by {}", name_of(document), how, plan)}));
  }
  return Unit{};
}

std::string Engine::Parts::undone_reason(const StoredRecord& record, const std::string& plan) {
  if (record.side == Side::books) return fmt::format("reversed by {}", plan);
  return fmt::format("undone by {}; it is not invoiced again by itself. To issue a new document: tieout reissue '{}'",
                     plan, name_of(record));
}

Result<Unit> Engine::Parts::note_undone(const Undoing& undoing) {
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  for (const auto& [document, how] : undoing.undone) TRY_VOID(set_undone(document, how, undoing.own_plan));
  return transaction->commit();
}

}  // namespace tieout::engine
