// Undo: from the journal to a plan of compensation, and the plan carried out. What was written is never deleted: it is
// voided, credited or given its old value back, as state and period allow. The documents are judged in
// undo_documents.cpp, fields and parties in undo_fields.cpp; sending and confirming is in undo_act.cpp.
#include "engine/undo.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace tieout::engine {
namespace {

constexpr int kMostRounds = 24;  // five phases, each with a few looks at what the vendor had to say

std::string named_type(const ports::Intent& intent) { return fmt::format("{} {}", intent.type, intent.vendor_id); }

}  // namespace

ports::ContentDigest undo_digest(std::string_view what) {
  const Digest whole = sha256(what);
  ports::ContentDigest out;
  std::copy_n(whole.begin(), out.size(), out.begin());
  return out;
}

bool is_undo(std::string_view plan) { return plan.starts_with("undo-"); }

/// The writes that belong to the subject: of a plan or run by its id, else of a record, its partner and its receipt.
Result<std::vector<ports::Intent>> Engine::Parts::written_for(const std::string& subject) {
  TRY(intents, store.intents_of_plan(subject));
  if (!intents.empty()) return intents;
  for (const std::string_view kind : {"plan-", "run-", "undo-"})
    if (subject.starts_with(kind))
      return fail("undo.nothing",
                  fmt::format("nothing was written under {}; tieout undo --list shows what was", subject));
  TRY(record, named(subject));
  std::vector<StoredRecord> members{record};
  const auto add_partner = [&](const StoredRecord& one) -> Result<Unit> {
    if (one.link == LinkId::none) return Unit{};
    TRY(partner, store.linked(one.link, other(one.side)));
    if (partner) members.push_back(std::move(*partner));
    return Unit{};
  };
  TRY_VOID(add_partner(record));
  for (const StoredRecord& one : std::vector(members)) {
    if (one.side != Side::crm || one.type != "deal") continue;
    TRY(receipt, store.find(Side::crm, "payment", one.vendor_id + "/receipt"));
    if (!receipt) continue;
    members.push_back(*receipt);
    TRY_VOID(add_partner(*receipt));
  }
  std::map<std::int64_t, ports::Intent> all;
  for (const StoredRecord& one : members) {
    TRY(of_one, store.intents_of(one.id));
    for (ports::Intent& intent : of_one) all.emplace(static_cast<std::int64_t>(intent.id), std::move(intent));
  }
  for (auto& [id, intent] : all) intents.push_back(std::move(intent));
  if (intents.empty())
    return fail("undo.nothing", fmt::format("Tieout has written nothing for {}, so there is nothing to undo", subject));
  return intents;
}

/// What a plan wrote back to a deal later belongs to the invoice that it made: with the invoice it goes.
Result<Unit> Engine::Parts::add_follow_ups(Undoing& undoing) {
  std::map<std::int64_t, ports::Intent> all;
  for (const ports::Intent& intent : undoing.intents) all.emplace(static_cast<std::int64_t>(intent.id), intent);
  for (const ports::Intent& intent : undoing.intents) {
    if (intent.type != "invoice" || intent.kind != static_cast<std::uint8_t>(ports::WriteKind::create)) continue;
    TRY(invoice, store.find(intent.side, intent.type, intent.vendor_id));
    if (!invoice) continue;
    TRY(of_invoice, store.intents_of(invoice->id));
    for (ports::Intent& one : of_invoice)
      if (one.side == Side::crm && one.kind == static_cast<std::uint8_t>(ports::WriteKind::update))
        all.emplace(static_cast<std::int64_t>(one.id), std::move(one));
  }
  undoing.intents.clear();
  for (auto& [id, intent] : all) undoing.intents.push_back(std::move(intent));
  return Unit{};
}

Result<Undoing> Engine::Parts::gather(const std::string& subject, bool unapply, const std::string& own_plan) {
  Undoing undoing;
  undoing.subject = subject;
  undoing.unapply = unapply;
  undoing.own_plan = own_plan;
  TRY(intents, written_for(subject));
  undoing.intents = std::move(intents);
  TRY_VOID(add_follow_ups(undoing));
  std::erase_if(undoing.intents, [&](const ports::Intent& intent) {
    return intent.state == ports::IntentState::refused || (!own_plan.empty() && intent.plan == own_plan);
  });
  for (const ports::Intent& intent : undoing.intents) {
    if (intent.state == ports::IntentState::confirmed) continue;
    undoing.withheld.push_back({intent.source, intent.vendor_id.empty() ? intent.type : named_type(intent), "",
                                State::pending, "undo.in_doubt",
                                "this write got no clear answer yet; tieout sync looks it up, then it can be undone"});
  }
  std::erase_if(undoing.intents,
                [](const ports::Intent& intent) { return intent.state != ports::IntentState::confirmed; });
  return undoing;
}

/// Judges everything that was written, in the order in which it is to be undone.
Result<Unit> Engine::Parts::work_out(Undoing& undoing) {
  std::vector<const ports::Intent*> created;
  std::map<std::string, UndoneFields> changed;
  std::set<std::string> made;
  for (const ports::Intent& intent : undoing.intents) {
    const std::string where = fmt::format("{}:{}:{}", to_text(intent.side), intent.type, intent.vendor_id);
    const auto kind = static_cast<ports::WriteKind>(intent.kind);
    if (kind == ports::WriteKind::create && made.insert(where).second) created.push_back(&intent);
    if (kind == ports::WriteKind::void_document) {
      TRY(document, store.find(intent.side, intent.type, intent.vendor_id));
      withhold(undoing, intent, document, "undo.reissue",
               "it was voided, and a void document does not come back. A person may issue a new one: tieout reissue");
    }
    if (kind != ports::WriteKind::update) continue;
    UndoneFields& fields = changed[where];
    fields.side = intent.side;
    fields.type = intent.type;
    fields.vendor_id = intent.vendor_id;
    fields.writes.push_back(&intent);
  }
  for (const ports::Intent* intent : created)
    if (intent->type == "payment") TRY_VOID(undo_payment(undoing, *intent));
  for (const ports::Intent* intent : created)
    if (intent->type == "invoice") TRY_VOID(undo_invoice(undoing, *intent));
  for (const ports::Intent* intent : created)
    if (intent->type == "credit_note") TRY_VOID(undo_credit_note(undoing, *intent));
  for (const auto& [where, fields] : changed)
    if (!made.contains(where)) TRY_VOID(undo_fields(undoing, fields));
  for (const ports::Intent* intent : created)
    if (is_mirrored(intent->type)) TRY_VOID(undo_party(undoing, *intent));
  std::stable_sort(undoing.steps.begin(), undoing.steps.end(),
                   [](const UndoStep& a, const UndoStep& b) { return a.phase < b.phase; });
  return Unit{};
}

void Engine::Parts::withhold(Undoing& undoing, const ports::Intent& intent, const std::optional<StoredRecord>& record,
                             std::string_view code, std::string reason) {
  decide::Withheld out;
  out.record = record ? record->id : intent.source;
  out.name = named_type(intent);
  if (record)
    if (const auto body = readable(*record); body && *body) out.title = title_of(**body);
  out.state = code == "undo.done" ? State::skipped : State::held;
  out.code = std::string(code);
  out.reason = std::move(reason);
  undoing.withheld.push_back(std::move(out));
}

Result<decide::Plan> Engine::plan_undo(const std::string& subject, bool unapply) {
  Parts& parts = *parts_;
  TRY_VOID(parts.start("undo", Mode::plan));
  TRY_VOID(parts.read_facts());
  TRY_VOID(parts.note_doubts());
  TRY_VOID(parts.observe_all());
  TRY(undoing, parts.gather(subject, unapply, ""));
  TRY_VOID(parts.work_out(undoing));
  decide::Plan plan;
  plan.created_at = parts.clock.now();
  plan.undoes = subject;
  plan.unapply = unapply;
  for (UndoStep& step : undoing.steps) plan.changes.push_back(std::move(step.work.change));
  plan.withheld = std::move(undoing.withheld);
  parts.estimate(plan);
  plan.seal();
  TRY_VOID(parts.mark_plan(plan, "proposed"));
  TRY_VOID(parts.witness_undo("undo.planned", plan));
  return plan;
}

/// Nothing may have moved since the plan was shown: neither a line that would be another one now, nor a new one.
Result<Unit> Engine::Parts::require_same_undo(const decide::Plan& plan, const Undoing& undoing) {
  run.changes.clear();
  std::set<std::string> planned;
  for (const decide::Change& change : plan.changes) planned.insert(change.key());
  const auto stored = store.plan(plan.id);
  if (!stored) return fail(stored.error());
  const bool begun = stored->has_value() && (*stored)->status != "proposed";
  std::string news;
  for (const UndoStep& step : undoing.steps) {
    run.changes.push_back(step.work.change);
    if (!begun && news.empty() && !planned.contains(step.work.change.key()))
      news = fmt::format("{} would now be: {}", step.work.change.source_name,
                         step.work.change.why.empty() ? "its old values" : step.work.change.why);
  }
  TRY(stale, stale_lines(plan));
  if (begun || (stale.empty() && news.empty())) return Unit{};
  return fail("plan.stale",
              fmt::format("what is to be undone has moved since the plan was made ({}). Nothing was written; look at a "
                          "new one: tieout undo '{}'",
                          news.empty() ? stale.front() : news, plan.undoes));
}

Result<Unit> Engine::Parts::witness_undo(std::string_view action, const decide::Plan& plan) {
  const std::pair<std::string_view, std::string_view> more[] = {{"undoes", plan.undoes}};
  Deed deed;
  deed.action = action;
  deed.by = settings.operated_by;
  deed.plan = plan.id;
  deed.plan_digest = plan.digest;
  deed.more = more;
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  TRY_VOID(witness(deed));
  return transaction->commit();
}

/// Steps that this look would take, but the undo that is carried out does not: they are said, never dropped.
std::vector<decide::Withheld> Engine::Parts::left_of(const Undoing& undoing) const {
  std::vector<decide::Withheld> out;
  for (const UndoStep& step : undoing.steps) {
    const decide::Change& change = step.work.change;
    const bool planned = run.allowed->contains(change.key());
    if (planned && step.ready) continue;  // sent, or refused with its own reason
    decide::Withheld one;
    one.record = change.source;
    one.name = change.source_name;
    one.title = change.title;
    one.state = State::held;
    one.code = planned ? "undo.waits" : "undo.moved";
    one.reason = planned ? std::string("waits for a step before it that is not confirmed; run the undo again")
                         : fmt::format(
                               "would now be: {}; the plan says otherwise, because something moved since. Look "
                               "at a new one: tieout undo '{}'",
                               change.why.empty() ? "its old values" : change.why, undoing.subject);
    out.push_back(std::move(one));
  }
  return out;
}

Result<RunReport> Engine::Parts::apply_undo(const decide::Plan& plan) {
  TRY_VOID(read_facts());
  TRY_VOID(observe_all());
  TRY_VOID(resolve_doubts());
  {
    TRY(undoing, gather(plan.undoes, plan.unapply, plan.id));
    TRY_VOID(work_out(undoing));
    TRY_VOID(require_same_undo(plan, undoing));
  }
  run.mode = Mode::act;
  run.allowed.emplace();
  for (const decide::Change& change : plan.changes) run.allowed->insert(change.key());
  TRY_VOID(mark_plan(plan, "applying"));
  std::vector<decide::Withheld> left;
  for (int round = 0; round < kMostRounds; ++round) {
    const std::int64_t before = run.done;
    TRY(undoing, gather(plan.undoes, plan.unapply, plan.id));
    TRY_VOID(work_out(undoing));
    TRY_VOID(note_undone(undoing));
    left = left_of(undoing);
    std::erase_if(undoing.steps, [&](const UndoStep& step) {
      const std::string key = step.work.change.key();
      return !step.ready || !run.allowed->contains(key) || run.undo_refused.contains(key);
    });
    if (!undoing.steps.empty()) {
      const UndoPhase phase = undoing.steps.front().phase;
      std::erase_if(undoing.steps, [&](const UndoStep& step) { return step.phase != phase; });
      TRY_VOID(act_undo(std::move(undoing.steps)));
    }
    if (!run.stale.empty()) ++run.done;  // what is read again is looked at again
    TRY_VOID(reread_stale());
    if (run.new_doubts > 0) TRY_VOID(resolve_doubts());
    if (run.done == before) break;
  }
  TRY_VOID(mark_plan(plan, "applied"));
  TRY_VOID(witness_undo("undo.applied", plan));
  TRY(report, finish());
  report.partly = !left.empty() || !run.undo_refused.empty();
  if (report.partly) report.complete = false;
  std::move(left.begin(), left.end(), std::back_inserter(report.withheld));
  return report;
}

Result<std::vector<ports::Written>> Engine::written(int limit) { return parts_->store.written_lately(limit); }

}  // namespace tieout::engine
