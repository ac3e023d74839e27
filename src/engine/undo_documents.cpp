// Undo of documents, as accounting allows. An invoice that nobody has seen or paid is voided while its period is open;
// one that was sent, or lies in a closed period, is reversed by a credit note dated in the open one; of one that is
// partly paid only the rest is credited, unless a person asked to take the payments off it first. A payment of ours is
// voided unless it is deposited or its period is closed. Nothing is ever deleted, and nothing is written into a closed
// period.
#include <fmt/core.h>

#include <algorithm>

#include "engine/undo.hpp"
#include "money/money.hpp"
#include "prove/tie_out.hpp"

namespace tieout::engine {
namespace {

using model::Value;

std::string in_words(const Record& document, Decimal amount) {
  return fmt::format("{} {}", document.text("currency"), prove::with_marks(amount));
}

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

/// The lines of a credit note: those of the invoice when all of it is credited, else its item lines in proportion.
Result<std::vector<Record>> credit_lines(const Record& invoice, Decimal amount) {
  std::vector<Record> lines = invoice.records("lines");
  Decimal sum;
  for (const Record& line : lines) sum += line.decimal("net_amount");
  if (amount == invoice.decimal("total") && sum + invoice.decimal("tax_total") == amount) return lines;
  std::erase_if(lines, [](const Record& line) { return line.decimal("net_amount").sign() <= 0; });
  TRY(currency, Currency::parse(invoice.text("currency")));
  TRY(whole, Money::exact(amount, currency));
  std::vector<std::int64_t> weights;
  for (const Record& line : lines) {
    TRY(weight, Money::round(line.decimal("net_amount"), currency, Rounding::half_up));
    weights.push_back(weight.units());
  }
  TRY(shares, whole.split_by(weights));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    lines[i].set("net_amount", Value::decimal(shares[i].amount()));
    for (const std::string_view of_whole : {"quantity", "unit_price", "discount_percent", "discount_amount"})
      lines[i].set(of_whole, Value::absent());
  }
  std::erase_if(lines, [](const Record& line) { return line.decimal("net_amount").is_zero(); });
  return lines;
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
  const std::string money = in_words(*body, body->decimal("amount"));
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
                                        in_words(*body, allocated_to(*body, invoice_id))));
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
  TRY(credits, credits_of(undoing, *invoice));
  const bool crediting = credits.own || closed || sent || will_be_open != total;
  for (const StoredRecord& payment : paid.to_unapply)
    TRY_VOID(undo_allocation(undoing, payment, *body, invoice->vendor_id));
  if (!crediting) {
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
  return credit_invoice(undoing, intent, *invoice, *body, will_be_open, credits);
}

/// Credit notes that undos have made for this invoice: how many, and the one of the undo in work.
Result<Engine::Parts::CreditsOf> Engine::Parts::credits_of(const Undoing& undoing, const StoredRecord& invoice) {
  CreditsOf out;
  TRY(intents, store.intents_of(invoice.id));
  for (const ports::Intent& intent : intents) {
    if (intent.type != "credit_note" || !is_undo(intent.plan)) continue;
    if (intent.state != ports::IntentState::confirmed) continue;
    if (intent.plan == undoing.own_plan && !undoing.own_plan.empty()) {
      TRY(note, store.find(Side::books, "credit_note", intent.vendor_id));
      if (note && !note->deleted) out.own = *note;
    } else {
      ++out.earlier;
    }
  }
  return out;
}

Date Engine::Parts::open_day(const Record& document) {
  Date day = utc_date(clock.now());
  if (const auto issued = date_of(document, "issued_on"); issued && day < *issued) day = *issued;
  const auto& closed = half(Side::books).facts.books_closed_through;
  return closed && day <= *closed ? add_days(*closed, 1) : day;
}

Result<Unit> Engine::Parts::credit_invoice(Undoing& undoing, const ports::Intent& intent, const StoredRecord& invoice,
                                           const Record& body, Decimal rest, const CreditsOf& credits) {
  const Decimal total = body.decimal("total");
  std::optional<Record> own;
  if (credits.own) {
    TRY(found, readable(*credits.own));
    own = std::move(found);
  }
  if (rest.is_zero()) {
    if (!own && credits.earlier == 0) {
      undoing.standing.insert(invoice.id);
      withhold(
          undoing, intent, invoice, "undo.invoice.paid",
          fmt::format("invoice {} of {} is settled. With --unapply its payments are taken off it and become credit "
                      "of the customer; or refund the money in the books",
                      title_of(body), in_words(body, total)));
      return Unit{};
    }
    undoing.undone.emplace_back(invoice, "credited");
    withhold(undoing, intent, invoice, "undo.done", "is credited already");
    return Unit{};
  }
  const Decimal amount = own ? own->decimal("total") : rest;
  if (amount != total && !body.decimal("tax_total").is_zero()) {
    undoing.standing.insert(invoice.id);
    withhold(undoing, intent, invoice, "undo.credit.taxed",
             fmt::format("only {} of {} can be credited, and how much of it is tax is for a person to say: write the "
                         "credit note in the books, or use --unapply",
                         in_words(body, amount), in_words(body, total)));
    return Unit{};
  }
  const std::string mark = fmt::format("undo/{}/{}", invoice.vendor_id, credits.earlier + 1);
  const Date day = open_day(body);
  if (!own) TRY_VOID(credit_step(undoing, invoice, body, amount, mark));
  if (own && own->decimal("remaining_credit").is_zero()) {
    withhold(undoing, intent, invoice, "undo.credit.elsewhere",
             fmt::format("credit note {} was used up for another invoice (the books apply credits by themselves); move "
                         "it to invoice {} there",
                         title_of(*own), title_of(body)));
    return Unit{};
  }
  if (amount != total)
    withhold(undoing, intent, invoice, "undo.paid_part",
             fmt::format("{} of invoice {} are paid and stay so; with --unapply they become credit of the customer",
                         in_words(body, total - amount), title_of(body)));
  Record payment(model::type_named("payment"));
  Record to_invoice(model::type_named("allocation")), from_credit(model::type_named("allocation"));
  to_invoice.set("invoice", Value::text(invoice.vendor_id)).set("amount", Value::decimal(amount));
  from_credit.set("credit_note", Value::text(own ? credits.own->vendor_id : "0")).set("amount", Value::decimal(amount));
  payment.set("customer", body.get("customer"))
      .set("received_on", Value::date(day))
      .set("amount", Value::decimal(0))
      .set("currency", body.get("currency"))
      .set("reference", Value::text("apply/" + mark.substr(5)))
      .set_records("allocations", {to_invoice, from_credit});
  UndoStep step = undo_step(invoice, payment, ports::WriteKind::create,
                            fmt::format("applies the credit note to invoice {}; no money moves", title_of(body)));
  step.work.now.reset();
  step.phase = UndoPhase::apply_credit;
  step.ready = own.has_value();
  step.reference = "apply/" + mark.substr(5);
  step.work.change.type = "payment";
  step.work.change.title = fmt::format("{} {}", body.text("currency"), prove::with_marks(amount));
  step.work.change.wanted = undo_digest(fmt::format("apply|{}|{}", mark, amount.normalised().to_text()));
  step.work.revision = credits.earlier + 1;
  undoing.steps.push_back(std::move(step));
  return Unit{};
}

Result<Unit> Engine::Parts::credit_step(Undoing& undoing, const StoredRecord& invoice, const Record& body,
                                        Decimal amount, const std::string& mark) {
  const Decimal total = body.decimal("total");
  const bool closed = in_closed_period(body, "issued_on");
  Record note(model::type_named("credit_note"));
  note.set("customer", body.get("customer"))
      .set("issued_on", Value::date(open_day(body)))
      .set("currency", body.get("currency"))
      .set("total", Value::decimal(amount))
      .set("invoice", Value::text(invoice.vendor_id))
      .set("reference", Value::text(mark));
  TRY(lines, credit_lines(body, amount));
  note.set_records("lines", lines);
  const std::string why = amount != total                         ? "credit what is not paid yet"
                          : closed                                ? "credit: its period is closed"
                          : body.decimal("open_balance") == total ? "credit: it was sent to the customer"
                                                                  : "credit all of it";
  UndoStep step = undo_step(invoice, note, ports::WriteKind::create,
                            fmt::format("for invoice {}, dated {}; {}", title_of(body), to_text(open_day(body)), why));
  step.work.now.reset();
  step.reference = mark;
  step.work.change.type = "credit_note";
  step.work.change.title = fmt::format("for invoice {}", title_of(body));
  step.work.change.why = fmt::format("{}, dated {}", why, to_text(open_day(body)));
  step.work.change.currency = std::string(body.text("currency"));
  step.work.change.amount = amount;
  step.work.change.wanted =
      undo_digest(fmt::format("credit|{}|{}|{}", mark, amount.normalised().to_text(), to_text(open_day(body))));
  step.work.revision = std::stoll(mark.substr(mark.rfind('/') + 1));
  undoing.steps.push_back(std::move(step));
  return Unit{};
}

/// A credit note that an undo made can not be taken back by us: its sale is invoiced anew instead.
Result<Unit> Engine::Parts::undo_credit_note(Undoing& undoing, const ports::Intent& intent) {
  TRY(note, store.find(intent.side, intent.type, intent.vendor_id));
  withhold(undoing, intent, note, "undo.reissue",
           "a credit note stays in the books. A person may invoice its sale anew: tieout reissue");
  return Unit{};
}

}  // namespace tieout::engine
