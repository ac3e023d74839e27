// Undo of documents, as accounting allows. An invoice that nobody has seen or paid is voided while its period is open;
// one that was sent, or lies in a closed period, is reversed by a credit note dated in the open one; of one that is
// partly paid only the rest is credited, unless a person asked to take the payments off it first. A payment of ours is
// voided unless it is deposited or its period is closed. Nothing is ever deleted, and nothing is written into a closed
// period.
#include <fmt/core.h>

#include <algorithm>

#include "engine/undo.hpp"
#include "prove/tie_out.hpp"

namespace tieout::engine {
namespace {

using model::Value;

Decimal allocated_to(const Record& payment, std::string_view invoice) {
  Decimal sum;
  for (const Record& allocation : payment.records("allocations"))
    if (allocation.text("invoice") == invoice) sum += allocation.decimal("amount");
  return sum;
}

std::optional<Date> date_of(const Record& document, std::string_view field) {
  const Value& value = document.get(field);
  return value.is(Value::Kind::date) ? std::optional(value.as_date()) : std::nullopt;
}

}  // namespace

bool Engine::Parts::in_closed_period(const Record& document, std::string_view field) {
  const auto& closed = half(Side::books).facts.books_closed_through;
  const auto day = date_of(document, field);
  return closed && day && *day <= *closed;
}

/// A step on a record that is there: void, or an update.
UndoStep Engine::Parts::undo_step(const StoredRecord& target, const Record& body, ports::WriteKind kind,
                                  std::string why) {
  Work work{Record(body)};
  work.change.flow = "undo";
  work.change.kind = kind;
  work.change.side = target.side;
  work.change.type = target.type;
  work.change.source = target.id;
  work.change.target = kind == ports::WriteKind::create ? RecordId::none : target.id;
  work.change.source_name = name_of(target);
  work.change.target_name = target.vendor_id;
  work.change.title = title_of(body);
  work.change.why = std::move(why);
  work.now = body;
  work.link = target.link;
  work.target_id = target.vendor_id;
  work.source_id = target.vendor_id;
  work.source_side = target.side;
  work.foreign_references = false;
  work.target_was = target.state;
  UndoStep step(std::move(work));
  step.version = target.version;
  return step;
}

Result<Unit> Engine::Parts::undo_payment(Undoing& undoing, const ports::Intent& intent) {
  TRY(payment, store.find(intent.side, intent.type, intent.vendor_id));
  TRY(body, payment ? readable(*payment) : Result<std::optional<Record>>(std::optional<Record>()));
  if (!payment || payment->deleted || !body) {
    withhold(undoing, intent, payment, "undo.done", "is gone from the books already");
    return Unit{};
  }
  if (is_undo(intent.plan)) {
    withhold(undoing, intent, payment, "undo.reissue", "it only applies a credit note of an undo; see the credit note");
    return Unit{};
  }
  const std::string money = undo_in_words(*body, body->decimal("amount"));
  if (body->text("status") == "void") {
    undoing.reversed.insert(payment->id);
    undoing.undone.emplace_back(*payment, "voided");
    withhold(undoing, intent, payment, "undo.done", "is void already");
    return Unit{};
  }
  if (run.in_doubt.contains(static_cast<std::int64_t>(payment->id))) {
    withhold(undoing, intent, payment, "undo.in_doubt",
             "a write about it got no clear answer yet; tieout sync looks it up first");
    return Unit{};
  }
  if (!body->text("deposit").empty()) {
    withhold(undoing, intent, payment, "undo.payment.deposited",
             fmt::format("payment of {} is part of bank deposit {}; take it out of the deposit in the books first",
                         money, body->text("deposit")));
    return Unit{};
  }
  if (in_closed_period(*body, "received_on")) {
    withhold(
        undoing, intent, payment, "undo.period.closed",
        fmt::format("payment of {} was received on {}, in a period that is closed through {}. Refund it in the open "
                    "period, or let an accountant open the closed one",
                    money, to_text(body->get("received_on").as_date()),
                    to_text(*half(Side::books).facts.books_closed_through)));
    return Unit{};
  }
  undoing.reversed.insert(payment->id);
  UndoStep step = undo_step(*payment, *body, ports::WriteKind::void_document, "void; its invoices are open again");
  step.phase = UndoPhase::payments;
  step.work.change.currency = std::string(body->text("currency"));
  step.work.change.amount = body->decimal("amount");
  step.work.change.wanted = undo_digest(
      fmt::format("void|payment|{}|{}", payment->vendor_id, body->decimal("amount").normalised().to_text()));
  undoing.steps.push_back(std::move(step));
  return Unit{};
}

/// What has been paid on an invoice by payments that this undo leaves alone, and by those that it voids.
Result<Engine::Parts::PaidOn> Engine::Parts::paid_on(const Undoing& undoing, const StoredRecord& invoice) {
  PaidOn out;
  TRY(payments, store.mentioning(Side::books, "payment", "invoice", invoice.vendor_id));
  for (const StoredRecord& payment : payments) {
    TRY(body, readable(payment));
    if (payment.deleted || !body || body->text("status") == "void") continue;
    const Decimal amount = allocated_to(*body, invoice.vendor_id);
    if (amount.is_zero()) continue;
    Decimal spent;  // more than was received: it uses up credits too, which are not ours to move
    for (const Record& allocation : body->records("allocations")) spent += allocation.decimal("amount");
    if (spent > body->decimal("amount")) out.by_credit += std::min(amount, spent - body->decimal("amount"));
    if (undoing.reversed.contains(payment.id)) {
      out.voided += amount;
    } else if (undoing.unapply && body->text("deposit").empty() && !in_closed_period(*body, "received_on") &&
               spent <= body->decimal("amount")) {
      out.unapplied += amount;
      out.to_unapply.push_back(payment);
    } else {
      out.stays += amount;
    }
  }
  return out;
}

/// Takes a payment off the invoice: the money stays with the customer as unapplied credit.
Result<Unit> Engine::Parts::undo_allocation(Undoing& undoing, const StoredRecord& payment, const Record& invoice,
                                            const std::string& invoice_id) {
  TRY(body, readable(payment));
  UndoStep step = undo_step(payment, *body, ports::WriteKind::update,
                            fmt::format("take it off invoice {}; {} become unapplied credit", title_of(invoice),
                                        undo_in_words(*body, allocated_to(*body, invoice_id))));
  std::vector<Record> rest = body->records("allocations");
  std::erase_if(rest, [&](const Record& allocation) { return allocation.text("invoice") == invoice_id; });
  step.work.wanted.set_records("allocations", rest);
  step.phase = UndoPhase::payments;
  step.work.change.steps.push_back({"allocations", invoice_id, "", "undo"});
  step.work.change.wanted = undo_digest(fmt::format("unapply|{}|{}|{}", payment.vendor_id, invoice_id,
                                                    allocated_to(*body, invoice_id).normalised().to_text()));
  undoing.steps.push_back(std::move(step));
  return Unit{};
}

/// Only for an invoice that is reversed in the same undo: money is not taken off one that stands.
Result<Unit> Engine::Parts::undo_allocations(Undoing& undoing, const PaidOn& paid, const Record& invoice,
                                             const std::string& invoice_id) {
  for (const StoredRecord& payment : paid.to_unapply) TRY_VOID(undo_allocation(undoing, payment, invoice, invoice_id));
  return Unit{};
}

Result<Unit> Engine::Parts::undo_invoice(Undoing& undoing, const ports::Intent& intent) {
  TRY(invoice, store.find(intent.side, intent.type, intent.vendor_id));
  TRY(body, invoice ? readable(*invoice) : Result<std::optional<Record>>(std::optional<Record>()));
  if (!invoice || invoice->deleted || !body) {
    withhold(undoing, intent, invoice, "undo.done", "was deleted in the books already");
    return Unit{};
  }
  if (body->text("status") == "void") {
    undoing.reversed.insert(invoice->id);
    undoing.undone.emplace_back(*invoice, "voided");
    withhold(undoing, intent, invoice, "undo.done", "is void already");
    return Unit{};
  }
  if (run.in_doubt.contains(static_cast<std::int64_t>(invoice->id))) {
    undoing.standing.insert(invoice->id);
    withhold(undoing, intent, invoice, "undo.in_doubt",
             "a write about it got no clear answer yet; tieout sync looks it up first");
    return Unit{};
  }
  TRY(paid, paid_on(undoing, *invoice));
  const Decimal total = body->decimal("total");
  const Decimal now_open = body->decimal("open_balance");
  const Decimal will_be_open = now_open + paid.voided + paid.unapplied;
  const bool closed = in_closed_period(*body, "issued_on");
  const bool sent = body->get("sent").is(Value::Kind::boolean) && body->get("sent").as_boolean();
  TRY(credits, credits_of(*invoice));
  const bool crediting = credits.own || credits.total > paid.by_credit || closed || sent || will_be_open != total;
  if (!crediting) {
    TRY_VOID(undo_allocations(undoing, paid, *body, invoice->vendor_id));
    UndoStep step = undo_step(*invoice, *body, ports::WriteKind::void_document,
                              paid.voided.is_zero() && paid.unapplied.is_zero() ? "void: unpaid, not sent, period open"
                                                                                : "void, once its payments are off it");
    step.ready = now_open == total;
    step.work.change.currency = std::string(body->text("currency"));
    step.work.change.amount = total;
    step.work.change.wanted =
        undo_digest(fmt::format("void|invoice|{}|{}", invoice->vendor_id, total.normalised().to_text()));
    undoing.reversed.insert(invoice->id);
    undoing.steps.push_back(std::move(step));
    return Unit{};
  }
  return credit_invoice(undoing, intent, *invoice, *body, will_be_open, paid, credits);
}

/// A credit note that an undo made can not be taken back by us: its sale is invoiced anew instead.
Result<Unit> Engine::Parts::undo_credit_note(Undoing& undoing, const ports::Intent& intent) {
  TRY(note, store.find(intent.side, intent.type, intent.vendor_id));
  withhold(undoing, intent, note, "undo.reissue",
           "a credit note stays in the books. A person may invoice its sale anew: tieout reissue");
  return Unit{};
}

}  // namespace tieout::engine
