// What accounting does with documents: money comes in and goes back, invoices are credited, voided, deleted and
// corrected, and some are written by hand.
#include <fmt/core.h>

#include "sim/people/desk.hpp"

namespace tieout::sim {
namespace {

using json::Value;
using qb::Entity;

bool is_open(const qb::Record& document) { return document.open_balance().sign() > 0; }

Value settles(const char* type, const std::string& id, Decimal amount) {
  const Value link = Value::object({{"TxnId", text(id)}, {"TxnType", text(type)}});
  return Value::object({{"Amount", number(amount)}, {"LinkedTxn", Value::array({link})}});
}

std::string pay(Desk& desk, const qb::Record& invoice, Decimal total, Decimal applied) {
  Value body =
      Value::object({{"CustomerRef", ref(std::to_string(invoice.keys.customer))}, {"TotalAmt", number(total)}});
  body.set("TxnDate", text(desk.today()));
  if (!invoice.keys.currency.empty() && desk.company.quirks.multi_currency)
    body.set("CurrencyRef", ref(invoice.keys.currency));
  body.set("Line", Value::array({settles("Invoice", id_of(Entity::invoice, invoice), applied)}));
  return desk.enter(Entity::payment, body);
}

/// Half a payment, or a third: rounded down to a cent, at least one.
Decimal part_of(Desk& desk, Decimal amount) {
  const auto part =
      Decimal::divide(amount, Decimal(static_cast<std::int64_t>(2 + desk.rng.below(3))), 2, Rounding::down);
  return part && part->sign() > 0 ? *part : amount;
}

Action pay_invoice(Desk& desk) {
  const qb::Record* invoice = desk.choose(Entity::invoice, is_open);
  if (invoice == nullptr) return nothing();
  const Decimal open = invoice->open_balance();
  const auto drawn = desk.rng.below(10);
  const Decimal applied = drawn < 3 ? part_of(desk, open) : open;
  const Decimal total = drawn == 9 ? open + Decimal(10) : applied;
  const std::string of = id_of(Entity::invoice, *invoice);
  const std::string id = pay(desk, *invoice, total, applied);
  if (id.empty()) return nothing();
  return booked(drawn < 3    ? "pay.part"
                : drawn == 9 ? "pay.over"
                             : "pay.full",
                "Payment", id, fmt::format("{} came in for invoice {}", total.to_text(), of));
}

/// One payment over two invoices of a customer.
Action pay_two(Desk& desk) {
  const qb::Record* first = desk.choose(Entity::invoice, is_open);
  if (first == nullptr) return nothing();
  const qb::Record* second = desk.choose(Entity::invoice, [&](const qb::Record& other) {
    return is_open(other) && other.keys.customer == first->keys.customer && other.id != first->id;
  });
  if (second == nullptr) return nothing();
  Value body = Value::object({{"CustomerRef", ref(std::to_string(first->keys.customer))},
                              {"TotalAmt", number(first->open_balance() + second->open_balance())}});
  body.set("Line", Value::array({settles("Invoice", id_of(Entity::invoice, *first), first->open_balance()),
                                 settles("Invoice", id_of(Entity::invoice, *second), second->open_balance())}));
  const std::string id = desk.enter(Entity::payment, body);
  return id.empty() ? nothing() : booked("pay.two", "Payment", id, "one payment settled two invoices");
}

/// Money on account: it settles nothing yet.
Action pay_ahead(Desk& desk) {
  const qb::Record* customer = desk.choose(Entity::customer, [](const qb::Record& one) { return one.keys.active; });
  if (customer == nullptr) return nothing();
  const std::string id = desk.enter(Entity::payment, Value::object({{"CustomerRef", ref(std::to_string(customer->id))},
                                                                    {"TotalAmt", Value::number("25.00")}}));
  return id.empty() ? nothing() : booked("pay.ahead", "Payment", id, "25.00 came in on account");
}

const qb::Record* payment(Desk& desk) {
  return desk.choose(Entity::payment, [](const qb::Record& one) { return one.keys.total.sign() > 0; });
}

Action void_payment(Desk& desk) {
  const qb::Record* one = payment(desk);
  if (one == nullptr || !desk.cancel(Entity::payment, *one)) return nothing();
  return booked("payment.void", "Payment", id_of(Entity::payment, *one), "voided a payment");
}

/// The bank took it back.
Action bounce(Desk& desk) {
  const qb::Record* one = payment(desk);
  const std::string id = one == nullptr ? std::string() : id_of(Entity::payment, *one);
  if (one == nullptr || !desk.remove(Entity::payment, *one)) return nothing();
  return booked("payment.delete", "Payment", id, fmt::format("payment {} bounced and was deleted", id));
}

/// A sales form over the first item of an invoice, for that amount.
Value form_like(const Desk& desk, const qb::Record& invoice, Decimal amount) {
  const Value page = desk.page(Entity::invoice, invoice);
  Value detail = Value::object();
  for (const Value& line : page["Line"].items())
    if (const Value* item = line["SalesItemLineDetail"].find("ItemRef")) {
      detail.set("ItemRef", *item);
      if (const Value* code = line["SalesItemLineDetail"].find("TaxCodeRef")) detail.set("TaxCodeRef", *code);
      break;
    }
  Value line = Value::object({{"Amount", number(amount)}, {"DetailType", text("SalesItemLineDetail")}});
  line.set("SalesItemLineDetail", std::move(detail));
  Value out = Value::object({{"CustomerRef", ref(std::to_string(invoice.keys.customer))}});
  out.set("Line", Value::array({std::move(line)}));
  return out;
}

Action credit(Desk& desk) {
  const qb::Record* invoice = desk.choose(Entity::invoice, is_open);
  if (invoice == nullptr) return nothing();
  const std::string of = id_of(Entity::invoice, *invoice);
  const std::string id =
      desk.enter(Entity::credit_memo, form_like(desk, *invoice, part_of(desk, invoice->open_balance())));
  return id.empty() ? nothing() : booked("credit.note", "CreditMemo", id, "credited a part of invoice " + of);
}

Action apply_credit(Desk& desk) {
  const qb::Record* memo = desk.choose(Entity::credit_memo, is_open);
  if (memo == nullptr) return nothing();
  const qb::Record* invoice = desk.choose(
      Entity::invoice, [&](const qb::Record& one) { return is_open(one) && one.keys.customer == memo->keys.customer; });
  if (invoice == nullptr) return nothing();
  const Decimal amount = std::min(memo->open_balance(), invoice->open_balance());
  Value body = Value::object({{"CustomerRef", ref(std::to_string(memo->keys.customer))}, {"TotalAmt", number(0)}});
  body.set("Line", Value::array({settles("Invoice", id_of(Entity::invoice, *invoice), amount),
                                 settles("CreditMemo", id_of(Entity::credit_memo, *memo), amount)}));
  const std::string id = desk.enter(Entity::payment, body);
  return id.empty() ? nothing() : booked("credit.apply", "Payment", id, "a credit note settled a part of an invoice");
}

/// Money goes back to the customer.
Action refund(Desk& desk) {
  const qb::Record* invoice = desk.choose(
      Entity::invoice, [](const qb::Record& one) { return one.keys.total.sign() > 0 && one.open_balance().is_zero(); });
  const qb::Record* account =
      desk.choose(Entity::account, [](const qb::Record& one) { return one.keys.kind == "Bank"; });
  if (invoice == nullptr || account == nullptr) return nothing();
  Value body = form_like(desk, *invoice, part_of(desk, invoice->keys.total));
  body.set("DepositToAccountRef", ref(id_of(Entity::account, *account)));
  const std::string id = desk.enter(Entity::refund_receipt, body);
  return id.empty() ? nothing() : booked("refund", "RefundReceipt", id, "paid a part of an invoice back");
}

const qb::Record* some_invoice(Desk& desk) {
  return desk.choose(Entity::invoice, [](const qb::Record& one) { return one.keys.total.sign() > 0; });
}

Action void_invoice(Desk& desk) {
  const qb::Record* one = some_invoice(desk);
  if (one == nullptr || !desk.cancel(Entity::invoice, *one)) return nothing();
  return booked("invoice.void", "Invoice", id_of(Entity::invoice, *one), "voided an invoice");
}

Action delete_invoice(Desk& desk) {
  const qb::Record* one = some_invoice(desk);
  const std::string id = one == nullptr ? std::string() : id_of(Entity::invoice, *one);
  if (one == nullptr || !desk.remove(Entity::invoice, *one)) return nothing();
  return booked("invoice.delete", "Invoice", id, "deleted invoice " + id);
}

Action message(Desk& desk) {
  const qb::Record* one = some_invoice(desk);
  if (one == nullptr) return nothing();
  const std::string id = id_of(Entity::invoice, *one);
  const bool inside = desk.rng.chance(1, 3);
  if (inside) {
    const std::string note = desk.page(Entity::invoice, *one)["PrivateNote"].text();
    desk.change(Entity::invoice, *one, Value::object({{"PrivateNote", text(note + " spoke to Mr. Lee")}}));
  } else {
    desk.change(Entity::invoice, *one,
                Value::object({{"CustomerMemo", Value::object({{"value", text("Thank you!")}})}}));
  }
  return booked(inside ? "invoice.note" : "invoice.memo", "Invoice", id, "wrote a line on invoice " + id);
}

/// Accounting corrects an invoice by hand: one line costs another amount.
Action correct_invoice(Desk& desk) {
  const qb::Record* one = desk.choose(Entity::invoice, [](const qb::Record& invoice) {
    return invoice.keys.total.sign() > 0 && invoice.applied.empty();
  });
  if (one == nullptr) return nothing();
  const std::string id = id_of(Entity::invoice, *one);
  Value lines = Value::array();
  const Value page = desk.page(Entity::invoice, *one);
  for (const Value& line : page["Line"].items()) {
    if (line["DetailType"].text() != "SalesItemLineDetail") continue;
    Value copy = line;
    if (lines.size() == 0) {
      copy.set("Amount", Value::number("17.35"));
      if (Value* detail = copy.find("SalesItemLineDetail")) detail->remove("Qty"), detail->remove("UnitPrice");
    }
    lines.push(std::move(copy));
  }
  if (lines.size() == 0) return nothing();
  desk.change(Entity::invoice, *one, Value::object({{"Line", std::move(lines)}}));
  return booked("invoice.correct", "Invoice", id, "corrected invoice " + id + " by hand");
}

Action invoice_by_hand(Desk& desk) {
  const qb::Record* like = some_invoice(desk);
  if (like == nullptr) return nothing();
  const std::string id = desk.enter(Entity::invoice, form_like(desk, *like, Decimal::of("42.00")));
  return id.empty() ? nothing() : booked("invoice.by_hand", "Invoice", id, "wrote an invoice without any deal");
}

constexpr Habit kHabits[] = {{100, pay_invoice},  {10, pay_two},       {5, pay_ahead},     {6, void_payment},
                             {5, bounce},         {10, credit},        {10, apply_credit}, {4, refund},
                             {4, void_invoice},   {2, delete_invoice}, {16, message},      {8, correct_invoice},
                             {5, invoice_by_hand}};

}  // namespace

std::span<const Habit> money_habits() { return kHabits; }

}  // namespace tieout::sim
