// Sales: a won deal becomes an invoice, once. Before a new one is made the books are asked (through what was read of
// them) whether an invoice with this deal's mark exists already: after a restored backup that is the only memory left.
// A deal that changes after its invoice never changes the invoice by itself where money is concerned: a person decides.
#include <fmt/core.h>

#include <algorithm>

#include "engine/parts.hpp"
#include "prove/tie_out.hpp"

namespace tieout::engine {
namespace {

std::int64_t revision_of(const Record& deal) {
  const model::Value& value = deal.get("billing_revision");
  return value.is(model::Value::Kind::integer) && value.as_integer() > 0 ? value.as_integer() : 1;
}

/// "receipt/9120/1" → the same of another deal.
std::string mark_for(std::string_view mark, std::string_view id, std::string_view other_id) {
  const std::size_t at = mark.find('/');
  if (at == std::string_view::npos || !mark.substr(at + 1).starts_with(id)) return {};
  return fmt::format("{}/{}{}", mark.substr(0, at), other_id, mark.substr(at + 1 + id.size()));
}

std::string mark_of(std::string_view id, std::int64_t revision) {
  act::Subject subject;
  subject.source_type = "deal";
  subject.source_id = id;
  subject.revision = revision;
  return act::reference(subject);
}

/// Money is what counts: another memo is no reason to bother anybody, another amount always is.
bool same_money(const Record& wanted, const Record& invoice) {
  return wanted.decimal("total") == invoice.decimal("total") && wanted.text("currency") == invoice.text("currency");
}

}  // namespace

mapping::Lookup Engine::Parts::lookup_on(Side side) {
  return [this, side](std::string_view type, std::string_view id) -> std::optional<Record> {
    auto record = store.find(side, type, id);
    if (!record || !*record) return std::nullopt;
    auto body = readable(**record);
    return body ? std::move(*body) : std::nullopt;
  };
}

Result<Unit> Engine::Parts::sales(const mapping::Flow& flow) {
  return each_dirty(Side::crm, "deal",
                    [&](StoredRecord& record, std::vector<Work>& works) { return sale_one(flow, record, works); });
}

Result<Unit> Engine::Parts::sale_one(const mapping::Flow& flow, StoredRecord& record, std::vector<Work>& works) {
  TRY(found, valid(record));
  if (!found) return Unit{};
  for (const mapping::Flow& receipts : packs.flows())
    if (receipts.kind() == mapping::FlowKind::derive && receipts.to_type().name == "payment")
      TRY_VOID(receipt_of(receipts, record, *found));
  TRY(replaced, replace_as_decided(record));
  if (replaced) run.references.clear();
  std::optional<StoredRecord> invoice;
  if (record.link != LinkId::none) {
    TRY(partner, store.linked(record.link, Side::books));
    invoice = std::move(partner);
  }
  auto outcome = flow.derive({*found, record.vendor_id, lookup_on(Side::crm), {}}, *variables);
  if (!outcome) return stand(record, State::held, outcome.error().code, outcome.error().what);
  if (const auto* skip = std::get_if<mapping::Skip>(&*outcome)) {
    if (!invoice) return stand(record, State::skipped, skip->code, skip->reason);
    return stand(
        record, State::held, "deal.reopened",
        fmt::format("{} although invoice {} exists. Decide in the books: credit or void it, or win the deal again",
                    skip->reason, invoice->vendor_id));
  }
  if (const auto* hold = std::get_if<mapping::Hold>(&*outcome))
    return stand(record, State::held, hold->code, hold->reason);
  auto& derived = std::get<mapping::Derived>(*outcome);
  if (invoice) return sale_again(record, *invoice, derived);
  return sale_new(flow, record, *found, derived, works);
}

/// The deal itself remembers an invoice (what we wrote back to it) of which neither the store nor the books know any
/// more: an older copy of the store was restored, and meanwhile somebody deleted the invoice. Billing it again is a
/// person's decision (edge case 145). An id that belongs to another deal was copied with a cloned deal and says
/// nothing.
Result<bool> Engine::Parts::invoiced_before(const StoredRecord& record, const Record& body) {
  const std::string_view id = body.text("invoice_id");
  if (id.empty() || decided_revision(record) > 1) return false;
  TRY(invoice, store.find(Side::books, "invoice", id));
  if (invoice && invoice->link != LinkId::none) return false;
  TRY_VOID(stand(
      record, State::held, "deal.invoiced_before",
      fmt::format("the deal shows invoice {} (id {}), which {}, and this store knows nothing of it: was an "
                  "older copy of it restored? Invoice it again: tieout review create '{}', or skip the deal",
                  body.text("invoice_number"), id,
                  invoice ? "is in the books without our mark" : "is not in the books any more", name_of(record))));
  return true;
}

Result<Unit> Engine::Parts::sale_new(const mapping::Flow& flow, StoredRecord& record, const Record& body,
                                     mapping::Derived& derived, std::vector<Work>& works) {
  TRY(ids, ids_of(Side::crm, "deal", record.vendor_id));
  TRY(revision, next_revision(record, revision_of(body)));
  derived.record.set("reference", model::Value::text(mark_of(record.vendor_id, revision)));
  std::vector<StoredRecord> existing;
  for (const std::string& id : ids) {
    TRY(marked, store.mentioning(Side::books, "invoice", "mark", mark_of(id, revision)));
    std::move(marked.begin(), marked.end(), std::back_inserter(existing));
  }
  for (const StoredRecord& candidate : existing) {
    if (candidate.deleted) continue;
    TRY(moved, take_over_late(record, candidate));
    if (moved) return sale_again(record, candidate, derived);
    if (candidate.link != LinkId::none) return mark_is_taken(record, candidate);
    TRY(refused, store.refused_with(record.id));
    if (std::find(refused.begin(), refused.end(), candidate.id) != refused.end())
      return stand(record, State::held, "link.refused",
                   fmt::format("invoice {} carries this deal's mark, but a person took the two apart; one sale makes "
                               "one invoice. Point it there again: tieout link repoint '{}' {}, or skip the deal",
                               candidate.vendor_id, name_of(record), candidate.vendor_id));
    TRY(link, join(flow.name(), "the invoice carries this deal's mark", record, candidate));
    record.link = link;
    TRY_VOID(store.mark_dirty(candidate.id));
    return sale_again(record, candidate, derived);
  }
  TRY(before, invoiced_before(record, body));
  if (before) return Unit{};
  const ports::AccountFacts& facts = half(Side::books).facts;
  const model::Value& issued = derived.record.get("issued_on");
  if (facts.books_closed_through && issued.is(model::Value::Kind::date) &&
      issued.as_date() <= *facts.books_closed_through)
    return stand(
        record, State::held, "period.closed",
        fmt::format("the invoice would be dated {}, but the books are closed through {}. Move the deal's close "
                    "date, or re-open the period",
                    to_text(issued.as_date()), to_text(*facts.books_closed_through)));
  TRY(needs, dependencies(Side::crm, derived.record));
  if (!needs.ready && !needs.planned) return stand(record, State::pending, "depends", needs.reason, needs.waits_for);
  TRY(barred, barred_from_invoicing(record, body, derived.record));
  if (barred) return Unit{};
  Work work(std::move(derived.record));
  work.change.flow = flow.name();
  work.change.kind = ports::WriteKind::create;
  work.change.side = Side::books;
  work.change.type = "invoice";
  work.change.source = record.id;
  work.change.source_name = name_of(record);
  work.change.title = title_of(body);
  work.change.wanted = short_digest(work.wanted);
  work.change.currency = std::string(work.wanted.text("currency"));
  work.change.amount = work.wanted.decimal("total");
  work.link = record.link;
  work.source_id = record.vendor_id;
  work.source_side = Side::crm;
  work.revision = revision;
  work.source_seen = record.observed_at;
  work.source_payload = record.payload;
  works.push_back(std::move(work));
  return Unit{};
}

/// The invoice with this deal's mark stands for another record (a person pointed it there): a second one with the same
/// mark is never sent.
Result<Unit> Engine::Parts::mark_is_taken(const StoredRecord& record, const StoredRecord& invoice) {
  TRY(holder, store.linked(invoice.link, Side::crm));
  return stand(record, State::held, "link.refused",
               fmt::format("invoice {} carries this deal's mark, but {}; one sale makes one invoice. Point it there "
                           "again: tieout link repoint '{}' {}, or skip the deal",
                           invoice.vendor_id,
                           holder ? "is linked to " + called(*holder) : std::string("this deal was taken from it"),
                           name_of(record), invoice.vendor_id));
}

/// A customer that is inactive in the books gets no new documents (edge case 109); a deal that looks like a deleted one
/// with an invoice is a question. True: the deal is held with its reason.
Result<bool> Engine::Parts::barred_from_invoicing(const StoredRecord& record, const Record& body,
                                                  const Record& invoice) {
  TRY(customer, dependency(Side::crm, "company", invoice.text("customer")));
  if (customer.ready) {
    TRY(stored, store.find(Side::books, "company", customer.target_id));
    TRY(party, stored ? readable(*stored) : Result<std::optional<Record>>(std::optional<Record>()));
    if (party && party->get("active").is(model::Value::Kind::boolean) && !party->get("active").as_boolean()) {
      TRY_VOID(stand(record, State::held, "customer.inactive",
                     fmt::format("customer {} \"{}\" is inactive in the books, so it gets no new invoice; what it owes "
                                 "and pays is still read. Make it active there again, or skip the deal",
                                 customer.target_id, title_of(*party)),
                     fmt::format("books:company:{}", customer.target_id)));
      return true;
    }
  }
  if (record.decision == "create" || record.link != LinkId::none) return false;
  TRY(resembled, resembling_deleted(record, body));
  if (!resembled) return false;
  TRY(bill, store.linked(resembled->link, Side::books));
  TRY_VOID(stand(record, State::held, "deal.recreated",
                 fmt::format("says the same as {}, which was deleted{}. The same sale: tieout review accept '{}' {}. "
                             "Another one: tieout review create '{}'",
                             name_of(*resembled), bill ? " and has invoice " + bill->vendor_id : "", name_of(record),
                             resembled->vendor_id, name_of(record))));
  return true;
}

Result<Unit> Engine::Parts::sale_again(const StoredRecord& record, const StoredRecord& target,
                                       const mapping::Derived& derived) {
  if (target.deleted)
    return stand(
        record, State::held, "invoice.deleted",
        fmt::format("its invoice {} was deleted in the books, which leaves the sale without one. Invoice it anew: "
                    "tieout reissue '{}', or skip the deal",
                    target.vendor_id, name_of(record)));
  TRY(invoice, readable(target));
  if (!invoice)
    return stand(record, State::pending, "partner.held", fmt::format("its {} can not be read", name_of(target)));
  if (invoice->text("status") == "void")
    return stand(
        record, State::held, "invoice.void",
        fmt::format("invoice {} of this deal was voided in the books. Invoice it anew: tieout reissue '{}', or skip "
                    "the deal; a second invoice is never made by itself",
                    title_of(*invoice), name_of(record)));
  TRY(credits, store.mentioning(Side::books, "credit_note", "mark", fmt::format("undo/{}/1", target.vendor_id)));
  if (!credits.empty() && invoice->decimal("open_balance").is_zero()) {
    TRY(reversed, is_reversed(target, *invoice));
    return stand(record, State::held, "invoice.credited",
                 fmt::format("{} invoice {} of this deal was credited by an undo. {} '{}', or skip the deal",
                             reversed ? "all of" : "a part of", title_of(*invoice),
                             reversed ? "Invoice it anew: tieout reissue"
                                      : "The rest stays paid; take the payment off it first: tieout undo --unapply",
                             name_of(record)));
  }
  TRY(same, same_customer(derived.record.text("customer"), invoice->text("customer")));
  if (!same)
    return stand(
        record, State::held, "deal.changed_after_invoice",
        fmt::format("the deal belongs to another company now than invoice {} was made for (customer {} of the books). "
                    "Credit and re-issue; nothing is changed by itself",
                    title_of(*invoice), invoice->text("customer")));
  if (same_money(derived.record, *invoice)) return stand(record, State::in_sync, "", "", "", true);
  TRY(planned, store.setting(planned_total_name(target.id)));
  if (planned == derived.record.decimal("total").to_text())
    return stand(record, State::held, "invoice.total.differs",
                 fmt::format("{} was planned, but the books made invoice {} {}: a tax, rounding or discount rule "
                             "differs. Correct the mapping, then void or credit the invoice; or skip the deal",
                             prove::with_marks(derived.record.decimal("total")), title_of(*invoice),
                             prove::with_marks(invoice->decimal("total"))));
  return stand(
      record, State::held, "deal.changed_after_invoice",
      fmt::format("the deal now comes to {} {}, invoice {} says {} {}. Credit and re-issue, or send a "
                  "supplementary invoice; nothing is changed by itself",
                  derived.record.text("currency"), prove::with_marks(derived.record.decimal("total")),
                  title_of(*invoice), invoice->text("currency"), prove::with_marks(invoice->decimal("total"))));
}

/// A receipt noted on a deal becomes a record of its own (a payment of the CRM side), with its own state and link, so
/// that money taken by sales is counted once however often the deal is saved.
Result<Unit> Engine::Parts::receipt_of(const mapping::Flow& flow, const StoredRecord& deal, const Record& body) {
  const std::string id = deal.vendor_id + "/receipt";
  auto outcome = flow.derive({body, deal.vendor_id, lookup_on(Side::crm), {}}, *variables);
  if (outcome && std::holds_alternative<mapping::Skip>(*outcome)) return receipt_withdrawn(id);
  ports::Observation receipt;
  receipt.side = Side::crm;
  receipt.type = "payment";
  receipt.vendor_id = id;
  receipt.version = deal.version;
  receipt.modified_at = deal.modified_at;
  receipt.payload = deal.payload;
  std::optional<std::pair<std::string, std::string>> held;
  if (!outcome)
    held = {outcome.error().code, outcome.error().what};
  else if (const auto* hold = std::get_if<mapping::Hold>(&*outcome))
    held = {hold->code, hold->reason};
  if (!held) {
    const Record& payment = std::get<mapping::Derived>(*outcome).record;
    model::encode(payment, receipt.body);
    receipt.digest = short_digest(payment);
  }
  TRY(noted, store.observe(std::span(&receipt, 1), clock.now()));
  if (noted.front().seen == ports::Seen::fresh) {  // a merged deal: what was posted for its losers is posted
    TRY(older, store.aliases_of(Side::crm, "payment", id));
    for (const std::string& one : older) TRY_VOID(merged(Side::crm, "payment", one, id));
  }
  if (!held) return Unit{};
  TRY_VOID(store.settle(noted.front().id, State::held, held->first, held->second, "", false));
  if (noted.front().seen == ports::Seen::unchanged) return Unit{};
  return witness_held({noted.front().id, receipt.side, receipt.type, receipt.vendor_id}, held->first, receipt.payload);
}

/// The deal notes no money (any more): a receipt that was not posted yet goes no further; a posted one is a question.
Result<Unit> Engine::Parts::receipt_withdrawn(const std::string& id) {
  TRY(receipt, store.find(Side::crm, "payment", id));
  if (!receipt || receipt->state == State::skipped) return Unit{};
  TRY(posted, receipt->link == LinkId::none ? Result<std::optional<StoredRecord>>(std::optional<StoredRecord>())
                                            : store.linked(receipt->link, Side::books));
  if (!posted)
    return stand(*receipt, State::skipped, "receipt.withdrawn", "was taken back on the deal before it was posted");
  return stand(
      *receipt, State::held, "receipt.withdrawn_after_posting",
      fmt::format("was taken back on the deal, but payment {} is in the books; void it there, or note it on the deal "
                  "again",
                  posted->vendor_id));
}

Result<Unit> Engine::Parts::receipts(const mapping::Flow& flow) {
  return each_dirty(Side::crm, "payment",
                    [&](StoredRecord& record, std::vector<Work>& works) { return receipt_one(flow, record, works); });
}

/// No allocation is more than what its invoice still has open; the rest of the money stays unapplied (edge case 79).
Result<Unit> Engine::Parts::cap_allocations(Record& payment) {
  std::vector<Record> allocations = payment.records("allocations");
  for (Record& allocation : allocations) {
    TRY(target, dependency(Side::crm, "deal", allocation.text("invoice")));
    TRY(stored, store.find(Side::books, "invoice", target.target_id));
    TRY(invoice, stored ? readable(*stored) : Result<std::optional<Record>>(std::optional<Record>()));
    if (invoice && invoice->decimal("open_balance") < allocation.decimal("amount"))
      allocation.set("amount", invoice->get("open_balance"));
  }
  std::erase_if(allocations, [](const Record& allocation) { return allocation.decimal("amount").is_zero(); });
  payment.set_records("allocations", allocations);
  return Unit{};
}

Result<Unit> Engine::Parts::receipt_one(const mapping::Flow& flow, const StoredRecord& record,
                                        std::vector<Work>& works) {
  TRY(body, valid(record));
  if (!body) return Unit{};
  TRY(revision, next_revision(record, 1));
  if (revision > 1)
    body->set("reference", model::Value::text(fmt::format("receipt/{}/{}", body->text("deal"), revision)));
  if (record.link != LinkId::none) {
    TRY(partner, store.linked(record.link, Side::books));
    TRY(payment, partner ? readable(*partner) : Result<std::optional<Record>>(std::optional<Record>()));
    if (payment && payment->decimal("amount") == body->decimal("amount"))
      return stand(record, State::in_sync, "", "", "", true);
    if (payment)
      return stand(
          record, State::held, "receipt.changed_after_posting",
          fmt::format("the deal now notes a receipt of {}, payment {} in the books says {}; correct one of them",
                      prove::with_marks(body->decimal("amount")), partner->vendor_id,
                      prove::with_marks(payment->decimal("amount"))));
  }
  const std::string deal_id(body->text("deal"));
  TRY(deals, ids_of(Side::crm, "deal", deal_id));
  std::vector<StoredRecord> existing;
  for (const std::string& one : deals) {
    TRY(marked, store.mentioning(Side::books, "payment", "mark", mark_for(body->text("reference"), deal_id, one)));
    std::move(marked.begin(), marked.end(), std::back_inserter(existing));
  }
  for (const StoredRecord& candidate : existing) {
    if (candidate.link != LinkId::none || candidate.deleted || body->text("reference").empty()) continue;
    TRY_VOID(join(flow.name(), "the payment carries this receipt's mark", record, candidate));
    TRY_VOID(store.mark_dirty(candidate.id));
    return store.mark_dirty(record.id);  // the amounts are compared in the next round
  }
  TRY(needs, dependencies(Side::crm, *body));
  if (!needs.ready) {
    if (!needs.planned) return stand(record, State::pending, "depends", needs.reason, needs.waits_for);
    // What it may settle is known when its invoice exists, not before.
    const std::string deal(body->text("deal"));
    return stand(record, State::pending, "depends", fmt::format("waits for the invoice of deal {}", deal),
                 "crm:deal:" + deal);
  }
  TRY_VOID(cap_allocations(*body));
  Work work(std::move(*body));
  work.change.flow = flow.name();
  work.change.kind = ports::WriteKind::create;
  work.change.side = Side::books;
  work.change.type = "payment";
  work.revision = revision;
  work.change.source = record.id;
  work.change.source_name = name_of(record);
  work.change.title = title_of(work.wanted);
  work.change.wanted = short_digest(work.wanted);
  work.change.currency = std::string(work.wanted.text("currency"));
  work.change.amount = work.wanted.decimal("amount");
  work.link = record.link;
  work.source_id = record.vendor_id;
  work.source_side = Side::crm;
  work.source_payload = record.payload;
  works.push_back(std::move(work));
  return Unit{};
}

}  // namespace tieout::engine
