// Undo of updates: each field gets back the value it had before, but only where the value is still the one that we
// wrote; what somebody changed since is theirs and stays, and is named. Parties and products that we made are made
// inactive when no live document refers to them.
#include <fmt/core.h>

#include <algorithm>

#include "engine/undo.hpp"

namespace tieout::engine {
namespace {

using model::Value;

struct OneField {
  Value before, after;
};

bool same(const Value& a, const Value& b) {
  const auto empty = [](const Value& value) {
    return !value.has_value() || (value.is_text() && value.as_text().empty());
  };
  return (empty(a) && empty(b)) || a.same(b);
}

/// The oldest value before and the newest after, by field.
Result<std::map<int, OneField>> over_all(const UndoneFields& fields) {
  std::map<int, OneField> out;
  const model::RecordType& type = model::type_named(fields.type);
  for (const ports::Intent* intent : fields.writes) {
    if (intent->before.empty() || intent->after.empty()) continue;
    TRY(before, model::decode(type, intent->before));
    TRY(after, model::decode(type, intent->after));
    for (int i = 0; i < after.size(); ++i) {
      if (after.at(i).is_absent()) continue;
      const auto [at, fresh] = out.try_emplace(i, OneField{before.at(i), after.at(i)});
      if (!fresh) at->second.after = after.at(i);
    }
  }
  return out;
}

/// A step of this undo is about a document that made these writes.
bool goes_with(const Undoing& undoing, const UndoneFields& fields) {
  return std::any_of(undoing.steps.begin(), undoing.steps.end(), [&](const UndoStep& one) {
    return std::any_of(fields.writes.begin(), fields.writes.end(),
                       [&](const ports::Intent* write) { return write->source == one.work.change.source; });
  });
}

}  // namespace

/// The fields that an update changes, as they were and as they are wanted, for the journal.
void Engine::Parts::note_fields(const Record& now, const Record& wanted, ports::Intent& intent) {
  Record before(now.type()), after(now.type());
  bool any = false;
  for (const model::FieldChange& change : model::diff(now, wanted)) {
    before.at(change.index) = change.before.is_absent() ? Value::null() : change.before;
    after.at(change.index) = change.after.is_absent() ? Value::null() : change.after;
    any = true;
  }
  if (!any) return;
  model::encode(before, intent.before);
  model::encode(after, intent.after);
}

/// An edit that is not settled yet would be swallowed by an agreement on the old value.
Result<bool> Engine::Parts::is_settled(const StoredRecord& record) {
  if (!is_mirrored(record.type)) return true;
  if (record.state != State::in_sync) return false;
  if (record.link == LinkId::none) return true;
  TRY(partner, store.linked(record.link, other(record.side)));
  return !partner || partner->state == State::in_sync;
}

/// What a deal shows of an invoice goes with the invoice: not before its reversal is confirmed.
Result<bool> Engine::Parts::shown_is_reversed(const Undoing& undoing, const UndoneFields& fields) {
  for (const ports::Intent* write : fields.writes) {
    TRY(source, store.record(write->source));
    if (!source || source->side != Side::books || source->type != "invoice" || source->deleted) continue;
    TRY(body, readable(*source));
    if (body && body->text("status") == "void") continue;
    if (std::none_of(undoing.undone.begin(), undoing.undone.end(),
                     [&](const auto& one) { return one.first.id == source->id; }))
      return false;
  }
  return true;
}

Result<Unit> Engine::Parts::undo_fields(Undoing& undoing, const UndoneFields& fields) {
  const ports::Intent& last = *fields.writes.back();
  TRY(target, store.find(fields.side, fields.type, fields.vendor_id));
  TRY(now, target ? readable(*target) : Result<std::optional<Record>>(std::optional<Record>()));
  if (!target || target->deleted || !now) {
    withhold(undoing, last, target, "undo.done", "is gone, and its fields with it");
    return Unit{};
  }
  if (run.in_doubt.contains(static_cast<std::int64_t>(target->id))) {
    withhold(undoing, last, target, "undo.in_doubt",
             "a write about it got no clear answer yet; tieout sync looks it up first");
    return Unit{};
  }
  if (undoing.standing.contains(last.source)) return Unit{};  // its invoice stands, and the deal shows it
  if (fields.type == "payment") return Unit{};                // taken off an invoice by an undo: people apply it anew
  TRY(changes, over_all(fields));
  if (changes.empty()) {
    withhold(undoing, last, target, "undo.before_unknown",
             "it was changed by a version of Tieout that did not keep the old values; change it by hand");
    return Unit{};
  }
  Record wanted = *now;
  std::vector<decide::FieldStep> steps;
  std::string moved, content;
  for (const auto& [index, field] : changes) {
    const model::FieldDecl& decl = now->type().fields[static_cast<std::size_t>(index)];
    const Value& current = now->at(index);
    if (same(current, field.before)) continue;
    if (!same(current, field.after)) {
      moved += fmt::format("{}{} is now \"{}\", Tieout wrote \"{}\"", moved.empty() ? "" : "; ", decl.name,
                           model::display(decl, current), model::display(decl, field.after));
      continue;
    }
    wanted.at(index) = field.before;
    steps.push_back(
        {std::string(decl.name), model::display(decl, current), model::display(decl, field.before), "undo"});
    content += fmt::format("|{}={}", decl.name, model::display(decl, field.before));
  }
  if (!moved.empty())
    withhold(undoing, last, target, "undo.changed_since",
             fmt::format("changed in {} since ({}, last on {}); what somebody else wrote is not overwritten",
                         half(target->side).connection.name, moved, to_text(utc_date(target->modified_at))));
  if (steps.empty()) {
    if (moved.empty()) withhold(undoing, last, target, "undo.done", "has its old values already");
    return Unit{};
  }
  TRY(settled, is_settled(*target));
  if (!settled) {
    withhold(undoing, last, target, "undo.not_settled",
             "it or its partner has edits that are not carried over yet; run tieout sync, then undo");
    return Unit{};
  }
  UndoStep step = undo_step(*target, *now, ports::WriteKind::update, "");
  step.work.wanted = std::move(wanted);
  step.work.change.steps = std::move(steps);
  step.work.change.wanted = undo_digest(fmt::format("restore|{}{}", fields.vendor_id, content));
  step.phase = UndoPhase::fields;
  TRY(reversed, shown_is_reversed(undoing, fields));
  if (!reversed && !goes_with(undoing, fields)) {
    withhold(undoing, last, target, "undo.document.stands",
             "shows an invoice that stands in the books and that this undo does not reverse");
    return Unit{};
  }
  step.ready = reversed;
  undoing.steps.push_back(std::move(step));
  return Unit{};
}

/// Which live documents of the books refer to which customer and product; read once an undo.
Result<Unit> Engine::Parts::find_referring(Undoing& undoing) {
  if (std::exchange(undoing.referring_known, true)) return Unit{};
  for (const std::string_view type : {"invoice", "payment", "credit_note"}) {
    RecordId after = RecordId::none;
    for (;;) {
      TRY(page, store.all(Side::books, type, after, 2000));
      if (page.empty()) break;
      for (const StoredRecord& document : page) {
        after = document.id;
        TRY(body, readable(document));
        if (document.deleted || !body || body->text("status") == "void") continue;
        const std::string name = fmt::format("{} {}", type == "credit_note" ? "credit note" : type, title_of(*body));
        undoing.referring["company:" + std::string(body->text("customer"))].emplace_back(document.id, name);
        if (body->type().index_of("lines") < 0) continue;
        for (const Record& line : body->records("lines"))
          undoing.referring["product:" + std::string(line.text("product"))].emplace_back(document.id, name);
      }
    }
  }
  return Unit{};
}

Result<Unit> Engine::Parts::undo_party(Undoing& undoing, const ports::Intent& intent) {
  TRY(party, store.find(intent.side, intent.type, intent.vendor_id));
  TRY(now, party ? readable(*party) : Result<std::optional<Record>>(std::optional<Record>()));
  if (!party || party->deleted || !now) {
    withhold(undoing, intent, party, "undo.done", "is gone already");
    return Unit{};
  }
  if (intent.side == Side::crm) {
    withhold(undoing, intent, party, "undo.party.crm",
             "was made in the CRM, which people use for more than invoices; archive it there if nobody needs it");
    return Unit{};
  }
  const Value& active = now->get("active");
  if (active.is(Value::Kind::boolean) && !active.as_boolean()) {
    withhold(undoing, intent, party, "undo.done", "is inactive already");
    return Unit{};
  }
  TRY_VOID(find_referring(undoing));
  bool ready = true;
  std::size_t others = 0;
  std::string first;
  if (const auto found = undoing.referring.find(intent.type + ":" + intent.vendor_id); found != undoing.referring.end())
    for (const auto& [document, name] : found->second) {
      ready = false;
      if (undoing.reversed.contains(document)) continue;
      if (others++ == 0) first = name;
    }
  if (others > 0) {
    withhold(undoing, intent, party, "undo.party.referred",
             others == 1 ? fmt::format("stays active: {} refers to it", first)
                         : fmt::format("stays active: {} and {} more documents refer to it", first, others - 1));
    return Unit{};
  }
  UndoStep step = undo_step(*party, *now, ports::WriteKind::update, "make inactive; nothing refers to it");
  step.work.wanted.set("active", Value::boolean(false));
  step.work.change.steps.push_back({"active", "yes", "no", "undo"});
  step.work.change.wanted = undo_digest("inactive|" + intent.type + "|" + intent.vendor_id);
  step.ready = ready;
  step.phase = UndoPhase::parties;
  undoing.steps.push_back(std::move(step));
  return Unit{};
}

}  // namespace tieout::engine
