// Reconcile: both sides are read afresh from the beginning, past everything we remember, and compared document by
// document. Only the links (which deal belongs to which invoice) and the reasons of what is held come from the store.
#include <fmt/core.h>

#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

std::optional<Decimal> amount(const Record& record, std::string_view field) {
  if (!record.has(field)) return std::nullopt;
  return record.decimal(field);
}

prove::InvoiceView invoice_view(const std::string& id, const Record& invoice) {
  prove::InvoiceView view;
  view.id = id;
  view.number = invoice.text("number").empty() ? id : std::string(invoice.text("number"));
  view.currency = std::string(invoice.text("currency"));
  view.customer = std::string(invoice.text("customer"));
  view.reference = std::string(invoice.text("reference"));
  view.is_void = invoice.text("status") == "void";
  view.total = invoice.decimal("total");
  view.open = invoice.decimal("open_balance");
  return view;
}

/// "undo/145/1" → "145"; empty when the mark is none of an undo's.
std::string credited_by(std::string_view mark) {
  constexpr std::string_view kUndo = "undo/";
  if (!mark.starts_with(kUndo)) return {};
  mark.remove_prefix(kUndo.size());
  return std::string(mark.substr(0, mark.rfind('/')));
}

prove::PaymentView payment_view(const std::string& id, const Record& payment) {
  prove::PaymentView view;
  view.id = id;
  view.currency = std::string(payment.text("currency"));
  view.customer = std::string(payment.text("customer"));
  view.reference = std::string(payment.text("reference"));
  view.amount = payment.decimal("amount");
  for (const Record& allocation : payment.records("allocations"))
    view.allocations.emplace_back(allocation.text("invoice"), allocation.decimal("amount"));
  return view;
}

prove::DealView deal_view(const std::string& id, const Record& deal) {
  prove::DealView view;
  view.id = id;
  view.title = std::string(deal.text("name"));
  view.currency = std::string(deal.text("currency"));
  view.is_won = deal.get("is_won").is(model::Value::Kind::boolean) && deal.get("is_won").as_boolean();
  view.shown_invoice = std::string(deal.text("invoice_id"));
  view.amount = amount(deal, "amount");
  view.shown_total = amount(deal, "invoice_total");
  view.shown_paid = amount(deal, "amount_paid");
  view.shown_open = amount(deal, "open_balance");
  return view;
}

}  // namespace

/// Every record of a side as it is at the vendor now, deletions left out, each id once (pages may repeat). What the
/// store does not know in that version is stored on the way: whatever a delta missed does not stay missed.
template <class Take>
Result<Unit> Engine::Parts::read_afresh(Half& half, const Take& take) {
  half.connection.connector->skip_known([](const ports::RawRecord&) { return false; });
  std::unordered_set<std::string> seen;
  std::string cursor;
  std::int64_t count = 0;
  for (bool more = true; more;) {
    TRY(page, half.connection.connector->pull(cursor));
    more = page.more;
    TRY_VOID(store_unknown(half, page.records));
    for (const ports::RawRecord& raw : page.records) {
      const mapping::ObjectMapping* mapped = packs.find(half.connection.vendor, raw.object);
      if (mapped == nullptr || raw.deleted || !seen.insert(raw.object + "/" + raw.vendor_id).second) continue;
      auto record = mapped->to_canonical(raw.body, *variables);
      if (!record) continue;  // held with its reason since it was stored
      TRY_VOID(take(raw.vendor_id, *record));
      ++count;
    }
    cursor = page.next_cursor;
    tell(fmt::format("compare {}", half.connection.name), count);
  }
  return Unit{};
}

Result<Unit> Engine::Parts::store_unknown(Half& half, const std::vector<ports::RawRecord>& records) {
  std::vector<ports::RawRecord> unknown;
  for (const ports::RawRecord& raw : records) {
    const mapping::ObjectMapping* mapped = packs.find(half.connection.vendor, raw.object);
    if (mapped == nullptr) continue;
    TRY(stored, store.find(half.side, mapped->type().name, raw.vendor_id));
    if (!stored || stored->version != raw.version || stored->deleted != raw.deleted) unknown.push_back(raw);
  }
  if (unknown.empty()) return Unit{};
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  TRY_VOID(store_page(half, unknown, ports::PayloadId::none));
  return transaction->commit();
}

Result<TieOut> Engine::Parts::tie_out() {
  std::vector<prove::DealView> deals;
  std::vector<prove::InvoiceView> invoices;
  std::vector<prove::PaymentView> payments;
  std::map<std::string, Decimal> credited;  // by the invoice that our mark on a credit note names
  const mapping::Flow* invoicing = nullptr;
  for (const mapping::Flow& flow : packs.flows())
    if (flow.kind() == mapping::FlowKind::derive && flow.to_type().name == "invoice") invoicing = &flow;
  TRY_VOID(read_afresh(half(Side::books), [&](const std::string& id, const Record& record) -> Result<Unit> {
    if (record.type().name == "invoice") {
      invoices.push_back(invoice_view(id, record));
      TRY(stored, store.find(Side::books, "invoice", id));
      invoices.back().undone = stored && stored->decision.starts_with("undone:");
    }
    if (record.type().name == "payment") payments.push_back(payment_view(id, record));
    if (record.type().name == "credit_note" && record.text("status") != "void")
      credited[credited_by(record.text("reference"))] += record.decimal("total");
    return Unit{};
  }));
  for (prove::InvoiceView& invoice : invoices)
    if (const auto found = credited.find(invoice.id); found != credited.end()) invoice.credited = found->second;
  TRY_VOID(read_afresh(half(Side::crm), [&](const std::string& id, const Record& record) -> Result<Unit> {
    if (record.type().name != "deal") return Unit{};
    prove::DealView view = deal_view(id, record);
    if (invoicing != nullptr && view.is_won) {
      auto outcome = invoicing->derive({record, id, lookup_on(Side::crm), {}}, *variables);
      if (outcome && std::holds_alternative<mapping::Derived>(*outcome)) {
        const Record& invoice = std::get<mapping::Derived>(*outcome).record;
        view.expected = invoice.decimal("total");
        if (view.currency.empty()) view.currency = std::string(invoice.text("currency"));
      }
    }
    TRY(stored, store.find(Side::crm, "deal", id));
    if (stored) {
      const bool waits = stored->state == State::pending && !stored->waits_for.empty();
      view.state = waits ? "held" : std::string(to_text(stored->state));
      view.reason = stored->reason;
      view.undone = stored->decision.starts_with("undone:");
      if (stored->link != LinkId::none) {
        TRY(invoice, store.linked(stored->link, Side::books));
        if (invoice) view.invoice = invoice->vendor_id;
      }
    }
    deals.push_back(std::move(view));
    return Unit{};
  }));
  TieOut out = prove::reconcile(deals, invoices, payments);
  out.as_of = to_text(clock.now());
  return out;
}

Result<TieOut> Engine::reconcile() {
  TRY_VOID(parts_->start("reconcile", Mode::plan));
  return parts_->tie_out();
}

}  // namespace tieout::engine
