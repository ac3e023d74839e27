// Undo by credit notes: what an undo credits of an invoice that can not be voided, with which lines, and how the note
// is applied to it. A note that any undo made and that has credit left is applied first; nothing is credited twice.
#include <fmt/core.h>

#include <algorithm>

#include "engine/undo.hpp"
#include "money/money.hpp"
#include "prove/tie_out.hpp"

namespace tieout::engine {
namespace {

using model::Value;

std::optional<Date> date_of(const Record& document, std::string_view field) {
  const Value& value = document.get(field);
  return value.is(Value::Kind::date) ? std::optional(value.as_date()) : std::nullopt;
}

bool is_whole(const Record& invoice, Decimal amount) {
  Decimal sum;
  for (const Record& line : invoice.records("lines")) sum += line.decimal("net_amount");
  return amount == invoice.decimal("total") && sum + invoice.decimal("tax_total") == amount;
}

/// The lines of a credit note: those of the invoice when all of it is credited, else its item lines in proportion.
Result<std::vector<Record>> credit_lines(const Record& invoice, Decimal amount) {
  std::vector<Record> lines = invoice.records("lines");
  if (is_whole(invoice, amount)) return lines;
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

std::string undo_in_words(const Record& document, Decimal amount) {
  return fmt::format("{} {}", document.text("currency"), prove::with_marks(amount));
}

/// Credit notes that undos have made for this invoice, by the marks that they carry in the books: also those of another
/// undo, of a lost store, or of a write whose answer was lost. One with credit left is applied, never made again.
Result<Engine::Parts::CreditsOf> Engine::Parts::credits_of(const StoredRecord& invoice) {
  CreditsOf out;
  const std::string prefix = fmt::format("undo/{}/", invoice.vendor_id);
  TRY(intents, store.intents_of(invoice.id));
  for (const ports::Intent& intent : intents)
    if (intent.type == "credit_note" && intent.state == ports::IntentState::confirmed &&
        intent.reference.starts_with(prefix))
      out.last = std::max<std::int64_t>(out.last, std::stoll(intent.reference.substr(prefix.size())));
  for (std::int64_t number = 1;; ++number) {
    TRY(marked, store.mentioning(Side::books, "credit_note", "mark", fmt::format("{}{}", prefix, number)));
    if (marked.empty() && number > out.last) return out;
    out.last = std::max(out.last, number);
    for (const StoredRecord& note : marked) {
      TRY(body, readable(note));
      if (note.deleted || !body || body->text("status") == "void") continue;
      out.total += body->decimal("total");
      out.notes.push_back(title_of(*body));
      if (out.own || body->decimal("remaining_credit").sign() <= 0) continue;
      out.own = note;
      out.own_number = number;
      out.left = body->decimal("remaining_credit");
    }
  }
}

Date Engine::Parts::open_day(const Record& document) {
  Date day = utc_date(clock.now());
  if (const auto issued = date_of(document, "issued_on"); issued && day < *issued) day = *issued;
  const auto& closed = half(Side::books).facts.books_closed_through;
  return closed && day <= *closed ? add_days(*closed, 1) : day;
}

Result<Unit> Engine::Parts::credit_invoice(Undoing& undoing, const ports::Intent& intent, const StoredRecord& invoice,
                                           const Record& body, Decimal rest, const PaidOn& paid,
                                           const CreditsOf& credits) {
  const Decimal total = body.decimal("total");
  const auto stands = [&](std::string_view code, std::string reason) {
    undoing.standing.insert(invoice.id);
    withhold(undoing, intent, invoice, code, std::move(reason));
    return Unit{};
  };
  if (rest.is_zero()) {
    if (credits.notes.empty())
      return stands("undo.invoice.paid",
                    fmt::format("invoice {} of {} is settled. With --unapply its payments are taken off it and become "
                                "credit of the customer; or refund the money in the books",
                                title_of(body), undo_in_words(body, total)));
    undoing.undone.emplace_back(invoice, "credited");
    withhold(undoing, intent, invoice, "undo.done", "is credited already");
    return Unit{};
  }
  // What was credited for this invoice, but is not applied to it, is never credited again.
  const Decimal amount = credits.own                      ? std::min(credits.left, rest)
                         : credits.total > paid.by_credit ? rest - (credits.total - paid.by_credit)
                                                          : rest;
  if (amount.sign() <= 0)
    return stands("undo.credit.elsewhere",
                  fmt::format("credit note {} was used up for another invoice (the books apply credits by themselves); "
                              "move it to invoice {} there",
                              credits.notes.back(), title_of(body)));
  if (!credits.own && !body.decimal("tax_total").is_zero() && !is_whole(body, amount))
    return stands("undo.credit.taxed",
                  amount != total
                      ? fmt::format("only {} of {} can be credited, and how much of it is tax is for a person to say: "
                                    "write the credit note in the books, or use --unapply",
                                    undo_in_words(body, amount), undo_in_words(body, total))
                      : fmt::format("its lines and tax do not add up to {} (a discount on the whole invoice), and how "
                                    "much of each line is tax is for a person to say: write the credit note in the "
                                    "books",
                                    undo_in_words(body, total)));
  TRY_VOID(undo_allocations(undoing, paid, body, invoice.vendor_id));
  const std::int64_t number = credits.own ? credits.own_number : credits.last + 1;
  const std::string mark = fmt::format("undo/{}/{}", invoice.vendor_id, number);
  if (!credits.own) TRY_VOID(credit_step(undoing, invoice, body, amount, mark));
  if (paid.stays > paid.by_credit)
    withhold(undoing, intent, invoice, "undo.paid_part",
             fmt::format("{} of invoice {} are paid and stay so; with --unapply they become credit of the customer",
                         undo_in_words(body, paid.stays - paid.by_credit), title_of(body)));
  return apply_credit_step(undoing, invoice, body, amount, credits, number);
}

/// The credit note of that number settles the invoice: a payment of nothing, from the one to the other.
Result<Unit> Engine::Parts::apply_credit_step(Undoing& undoing, const StoredRecord& invoice, const Record& body,
                                              Decimal amount, const CreditsOf& credits, std::int64_t number) {
  const std::string mark = fmt::format("undo/{}/{}", invoice.vendor_id, number);
  const Date day = open_day(body);
  Record payment(model::type_named("payment"));
  Record to_invoice(model::type_named("allocation")), from_credit(model::type_named("allocation"));
  to_invoice.set("invoice", Value::text(invoice.vendor_id)).set("amount", Value::decimal(amount));
  from_credit.set("credit_note", Value::text(credits.own ? credits.own->vendor_id : "0"))
      .set("amount", Value::decimal(amount));
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
  step.ready = credits.own.has_value();
  step.reference = "apply/" + mark.substr(5);
  step.work.change.type = "payment";
  step.work.change.title = fmt::format("{} {}", body.text("currency"), prove::with_marks(amount));
  step.work.change.wanted = undo_digest(fmt::format("apply|{}|{}", mark, amount.normalised().to_text()));
  step.work.revision = number;
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
  // Not the day: an undo that is taken up again on the next one is the same undo.
  step.work.change.wanted = undo_digest(fmt::format("credit|{}|{}", mark, amount.normalised().to_text()));
  step.work.revision = std::stoll(mark.substr(mark.rfind('/') + 1));
  undoing.steps.push_back(std::move(step));
  return Unit{};
}

}  // namespace tieout::engine
