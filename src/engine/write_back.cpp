// What the books say comes back to the deals: invoice number, status, total, amount paid, open balance, date of the
// last payment. A payment that moved makes its invoices be looked at again. This flow is covered by policy: it never
// moves money, it only shows sales what finance already knows.
#include <fmt/core.h>

#include <algorithm>

#include "engine/parts.hpp"
#include "prove/tie_out.hpp"

namespace tieout::engine {

/// Payments and credit notes of the books: their invoices are looked at again; the documents themselves are read only.
Result<Unit> Engine::Parts::settle_money_in() {
  for (const std::string_view type : {"payment", "credit_note"})
    TRY_VOID(each_dirty(Side::books, type, [&](StoredRecord& record, std::vector<Work>&) { return money_in(record); }));
  return Unit{};
}

Result<Unit> Engine::Parts::money_in(const StoredRecord& record) {
  TRY(body, valid(record));
  if (!body) return Unit{};
  std::vector<std::string> invoices;
  if (record.type == "payment")
    for (const Record& allocation : body->records("allocations")) invoices.emplace_back(allocation.text("invoice"));
  else
    invoices.emplace_back(body->text("invoice"));
  const std::string_view mark = body->text("reference");  // of an undo: a credit note, and what applies it
  bool ours = record.link != LinkId::none || mark.starts_with("undo/") || mark.starts_with("apply/");
  for (const std::string& id : invoices) {
    if (id.empty()) continue;
    TRY(invoice, store.find(Side::books, "invoice", id));
    if (!invoice) continue;
    ours = ours || invoice->link != LinkId::none;
    TRY_VOID(store.mark_dirty(invoice->id));
  }
  if (ours) return stand(record, State::in_sync, "", "", "", true);
  return stand(record, State::skipped, fmt::format("{}.not_from_deal", record.type),
               "settles no invoice that came from a deal; it stays in the books alone");
}

Result<Unit> Engine::Parts::write_back(const mapping::Flow& flow) {
  return each_dirty(
      port_side(flow.from_side()), flow.from_type().name,
      [&](StoredRecord& record, std::vector<Work>& works) { return write_back_one(flow, record, works); });
}

Result<std::map<std::string, model::Value>> Engine::Parts::facts_for(const mapping::Flow& flow,
                                                                     const StoredRecord& record) {
  std::map<std::string, model::Value> facts;
  for (const std::string& name : flow.facts()) {
    if (name != "last_paid_on") continue;
    TRY(payments, store.mentioning(record.side, "payment", record.type, record.vendor_id));
    std::optional<Date> last;
    for (const StoredRecord& payment : payments) {
      if (payment.deleted) continue;
      TRY(body, readable(payment));
      if (!body || !body->get("received_on").is(model::Value::Kind::date)) continue;
      const Date day = body->get("received_on").as_date();
      if (!last || *last < day) last = day;
    }
    facts[name] = last ? model::Value::date(*last) : model::Value::null();
  }
  return facts;
}

/// An invoice that carries the mark of a deal we know, but no link: the store was restored, or the answer was lost.
Result<LinkId> Engine::Parts::link_by_mark(const StoredRecord& record, const Record& body) {
  const std::string_view mark = body.text("reference");
  if (!mark.starts_with("deal/")) return LinkId::none;
  const std::size_t end = mark.find('/', 5);
  if (end == std::string_view::npos) return LinkId::none;
  TRY(named, store.find(Side::crm, "deal", mark.substr(5, end - 5)));
  TRY(id, !named || named->deleted ? store.surviving(Side::crm, "deal", mark.substr(5, end - 5))
                                   : Result<std::string>(named->vendor_id));
  TRY(deal, store.find(Side::crm, "deal", id));
  if (!deal || deal->deleted) return LinkId::none;
  TRY(refused, store.refused_with(record.id));
  if (std::find(refused.begin(), refused.end(), deal->id) != refused.end()) return LinkId::none;
  if (deal->link != LinkId::none) {
    TRY(other_invoice, store.linked(deal->link, Side::books));
    if (other_invoice) return LinkId::none;  // a second document with the same mark: reconcile names it
    TRY_VOID(store.join(deal->link, record.id));
    TRY_VOID(witness_link(deal->link, "the invoice carries this deal's mark", *deal, record));
    TRY_VOID(store.mark_dirty(deal->id));
    return deal->link;
  }
  TRY(link, join("invoices", "the invoice carries this deal's mark", *deal, record));
  TRY_VOID(store.mark_dirty(deal->id));
  return link;
}

/// The name under which the total that was planned is kept, while the books say another one.
std::string Engine::Parts::planned_total_name(RecordId invoice) {
  return fmt::format("planned_total/{}", static_cast<std::int64_t>(invoice));
}

/// An invoice whose total the books made otherwise stays held through later changes of it, until the total is the one
/// that was planned, or a person says that it is good as it is (retry).
Result<bool> Engine::Parts::total_still_differs(const StoredRecord& record, const Record& body) {
  if (record.type != "invoice") return false;
  const std::string name = planned_total_name(record.id);
  TRY(planned, store.setting(name));
  if (planned.empty()) return false;
  TRY(wanted, Decimal::parse(planned));
  if (wanted == body.decimal("total") || body.text("status") == "void" || record.decision == "retry") {
    TRY_VOID(store.set_setting(name, ""));
    return false;
  }
  TRY_VOID(
      stand(record, State::held, "invoice.total.differs",
            fmt::format("planned {}, but the books say {}: a tax, rounding or discount rule differs. Compare the lines "
                        "of invoice {} and correct the mapping, then void or credit it; good as it is: tieout review "
                        "retry '{}'",
                        prove::with_marks(wanted), prove::with_marks(body.decimal("total")), title_of(body),
                        name_of(record))));
  return true;
}

Result<Unit> Engine::Parts::write_back_one(const mapping::Flow& flow, StoredRecord& record, std::vector<Work>& works) {
  TRY(body, valid(record));
  if (!body) return Unit{};
  if (record.link == LinkId::none) {
    TRY(link, link_by_mark(record, *body));
    record.link = link;
  }
  if (record.link == LinkId::none)
    return stand(record, State::skipped, fmt::format("{}.not_from_deal", record.type),
                 "no deal stands behind it; it stays in the books alone");
  TRY(differs, total_still_differs(record, *body));  // held then, and sales is still told what the books say
  const Side there = port_side(flow.to_side());
  TRY(target, store.linked(record.link, there));
  if (target && target->deleted) {
    TRY(survivor, survivor_of(*target));
    if (survivor != target->vendor_id) return partner_gone(record, *target);
  }
  if (!target || target->deleted)
    return stand(record, State::held, "write_back.no_target",
                 fmt::format("the {} it belongs to is gone from {}", flow.to_type().name, half(there).connection.name));
  TRY(now, readable(*target));
  if (!now)
    return stand(record, State::pending, "partner.held", fmt::format("its {} can not be read", name_of(*target)),
                 fmt::format("{}:{}:{}", to_text(target->side), target->type, target->vendor_id));
  TRY(facts, facts_for(flow, record));
  auto outcome = flow.derive({*body, record.vendor_id, lookup_on(record.side), std::move(facts)}, *variables);
  if (!outcome) return stand(record, State::held, outcome.error().code, outcome.error().what);
  if (const auto* skip = std::get_if<mapping::Skip>(&*outcome))
    return stand(record, State::skipped, skip->code, skip->reason);
  if (const auto* hold = std::get_if<mapping::Hold>(&*outcome))
    return stand(record, State::held, hold->code, hold->reason);
  const Record& derived = std::get<mapping::Derived>(*outcome).record;
  Record wanted = *now;
  for (int i = 0; i < derived.size(); ++i)
    if (!derived.at(i).is_absent()) wanted.at(i) = derived.at(i);
  std::vector<decide::FieldStep> steps;
  for (const model::FieldChange& change : model::diff(*now, wanted)) {
    const auto& decl = wanted.type().fields[static_cast<std::size_t>(change.index)];
    steps.push_back({std::string(change.field), model::display(decl, change.before), model::display(decl, change.after),
                     "owner: books"});
  }
  const std::size_t before = works.size();
  TRY(may, propose(flow, record, *target, *now, std::move(wanted), std::move(steps), works));
  if (!may) return Unit{};
  if (works.size() == before) return differs ? Result<Unit>(Unit{}) : stand(record, State::in_sync, "", "", "", true);
  works.back().covered_by_policy = true;
  works.back().other_half_waits = differs;  // neither end is in agreement after it: both are looked at again
  // What was agreed on the deal held for the invoice as it was: one that was voided or corrected is a question again.
  // The first time nobody knows what it was when the deal was agreed: a person may have been quicker than we.
  if (record.type == "invoice" &&
      (!now->has("invoice_total") || now->decimal("invoice_total") != body->decimal("total") ||
       (now->text("invoice_status") == "void") != (body->text("status") == "void")))
    works.back().target_was = State::pending;
  return Unit{};
}

}  // namespace tieout::engine
