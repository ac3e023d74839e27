// Payments and bank deposits. A payment's lines say which invoices it settles and which credits it uses up; what it
// settles is kept with those documents, whose balance, version and time of change move with it.
#include <fmt/core.h>

#include "base/check.hpp"
#include "sandbox/quickbooks/books.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;

Decimal rounded(Decimal amount) { return amount.rounded(2, Rounding::half_up); }

Decimal amount_of(const std::vector<Application>& applied, std::int64_t payment) {
  Decimal sum;
  for (const Application& each : applied)
    if (each.payment == payment) sum += each.amount;
  return sum;
}

void set_amount(std::vector<Application>& applied, std::int64_t payment, Decimal amount) {
  std::erase_if(applied, [&](const Application& each) { return each.payment == payment; });
  if (!amount.is_zero()) applied.push_back({payment, amount});
}

std::string_view text_of(Entity entity) { return info(entity).name; }

Value* line_for(Value& lines, Entity entity, std::int64_t id) {
  for (Value& line : lines.items()) {
    const Value& links = line["LinkedTxn"];
    if (links.size() == 1 && links.items()[0]["TxnId"].as_int() == id &&
        links.items()[0]["TxnType"].text() == text_of(entity))
      return &line;
  }
  return nullptr;
}

}  // namespace

Refusal Books::prepare_payment(Draft& draft) {
  Value& document = draft.document;
  if (draft.before && draft.before->deposit_id != 0) return deposited_transaction();
  if (Refusal no = require(document, "CustomerRef")) return no;
  if (Refusal no = require(document, "TotalAmt")) return no;
  if (Refusal no = check_dates(draft)) return no;
  for (const auto& [field, target] : {std::pair{"CustomerRef", Entity::customer},
                                      {"PaymentMethodRef", Entity::payment_method},
                                      {"DepositToAccountRef", Entity::account},
                                      {"ARAccountRef", Entity::account}})
    if (Refusal no = resolve(document, field, target)) return no;
  draft.keys.customer = id_number(Entity::customer, ref_id(document, "CustomerRef"));
  if (Refusal no = check_currency(draft)) return no;
  if (!document.find("DepositToAccountRef"))
    for (const std::int64_t id : table(Entity::account).named("undeposited funds"))
      document.set("DepositToAccountRef", reference(std::to_string(id)));

  const Decimal total = rounded(decimal_in(document, "TotalAmt"));
  if (total.is_negative()) return business_rule("Transaction amount must be 0 or greater.");
  document.set("TotalAmt", money(total));
  Decimal invoices, credits;
  if (Value* lines = document.find("Line"))
    for (Value& line : lines->items())
      if (Refusal no = prepare_payment_line(draft, line, invoices, credits)) return no;
  const Decimal unapplied = total + credits - invoices;
  if (unapplied.is_negative())
    return business_rule(fmt::format("The amount applied ({}) is more than the payment and the credits used ({}).",
                                     money_text(invoices), money_text(total + credits)));
  if (credits > invoices) return business_rule("Credits can only be used up to what is owed.");
  document.set("UnappliedAmt", money(unapplied));
  document.set("ProcessPayment", Value::boolean(false));
  document.remove("LinkedTxn");
  draft.keys.total = total;
  return {};
}

Refusal Books::prepare_payment_line(Draft& draft, Value& line, Decimal& invoices, Decimal& credits) const {
  if (Refusal no = require(line, "Amount")) return no;
  const Value* links = line.find("LinkedTxn");
  if (!links || links->size() == 0) return required_missing("LinkedTxn");
  if (links->size() > 1) return business_rule("A payment line links to one transaction only.");
  const Value& link = links->items()[0];
  if (Refusal no = require(link, "TxnId")) return no;
  if (Refusal no = require(link, "TxnType")) return no;
  const std::string id = link["TxnId"].text(), type = link["TxnType"].text();
  if (type != "Invoice" && type != "CreditMemo") return invalid_enumeration("TxnType", type);
  const Entity entity = type == "Invoice" ? Entity::invoice : Entity::credit_memo;
  const Record* target = table(entity).find(id_number(entity, id));
  if (!target || !is_visible(*target)) return invalid_reference(type, id);
  if (!same_family(target->keys.customer, draft.keys.customer))
    return business_rule(fmt::format("{} {} belongs to another customer.", type, id));

  const Decimal amount = rounded(decimal_in(line, "Amount"));
  if (amount.sign() <= 0) return business_rule("The amount of a payment line must be more than 0.");
  Decimal open = target->open_balance();
  if (draft.before) open += amount_of(target->applied, draft.before->id);
  for (Target& each : draft.targets)
    if (each.entity == entity && each.id == target->id) open -= each.amount;
  if (amount > open)
    return business_rule(fmt::format("The amount {} is more than the open balance {} of {} {}.", money_text(amount),
                                     money_text(open), type, id));
  draft.targets.push_back({entity, target->id, amount});
  (entity == Entity::invoice ? invoices : credits) += amount;

  Value made_link = Value::object();
  made_link.set("TxnId", Value::string(id));
  made_link.set("TxnType", Value::string(type));
  Value made = Value::object();
  made.set("Amount", money(amount));
  made.set("LinkedTxn", Value::array({std::move(made_link)}));
  line = std::move(made);
  return {};
}

bool Books::same_family(std::int64_t a, std::int64_t b) const {
  const auto root = [&](std::int64_t id) {
    for (const Record* at = table(Entity::customer).find(id); at && at->keys.parent != 0;
         at = table(Entity::customer).find(id))
      id = at->keys.parent;
    return id;
  };
  return a == b || root(a) == root(b);
}

/// Replaces what the payment settled before by `targets`; only documents whose share changes are touched.
void Books::apply(Record& payment, std::vector<Target> targets, Instant now) {
  std::vector<Target> merged;
  const auto add = [&](const Target& target, bool counts) {
    for (Target& each : merged)
      if (each.entity == target.entity && each.id == target.id) {
        if (counts) each.amount += target.amount;
        return;
      }
    merged.push_back({target.entity, target.id, counts ? target.amount : Decimal{}});
  };
  for (const Target& target : targets) add(target, true);
  for (const Target& target : settles_[payment.id]) add(target, false);
  for (const Target& target : merged) {
    Record* record = table_of(target.entity).find(target.id);
    if (!record || amount_of(record->applied, payment.id) == target.amount) continue;
    set_amount(record->applied, payment.id, target.amount);
    table_of(target.entity).touch(*record, now);
  }
  if (targets.empty())
    settles_.erase(payment.id);
  else
    settles_[payment.id] = std::move(targets);
}

/// Gives back what payments had put on this document, the youngest first, until `excess` is free again. The caller
/// touches the document itself.
void Books::release(Entity entity, Record& record, Decimal excess, Instant now) {
  while (excess.sign() > 0 && !record.applied.empty()) {
    Application& last = record.applied.back();
    const Decimal amount = std::min(last.amount, excess);
    excess -= amount;
    const std::int64_t payment = last.payment;
    last.amount -= amount;
    if (last.amount.is_zero()) record.applied.pop_back();
    take_from_payment(payment, entity, record.id, amount, now);
  }
}

void Books::take_from_payment(std::int64_t payment, Entity entity, std::int64_t id, Decimal amount, Instant now) {
  Record* record = table_of(Entity::payment).find(payment);
  CHECK(record != nullptr, "a document is settled by a payment that does not exist");
  Value document = stored(*record);
  Value lines = document["Line"];
  Value* line = line_for(lines, entity, id);
  CHECK(line != nullptr, "a payment does not know what it settles");
  const Decimal rest = decimal_in(*line, "Amount") - amount;
  line->set("Amount", money(rest));
  std::vector<Target>& targets = settles_[payment];
  for (Target& target : targets)
    if (target.entity == entity && target.id == id) target.amount = rest;
  Decimal free = decimal_in(document, "UnappliedAmt");
  free += entity == Entity::invoice ? amount : -amount;
  // Credits that the payment no longer needs go back to their credit memos.
  if (free > record->keys.total) {
    trim_credits(lines, payment, free - record->keys.total, now);
    free = record->keys.total;
  }
  if (free.is_negative()) free = Decimal{};
  std::erase_if(lines.items(), [](const Value& each) { return decimal_in(each, "Amount").is_zero(); });
  std::erase_if(targets, [](const Target& each) { return each.amount.is_zero(); });
  document.set("Line", std::move(lines));
  document.set("UnappliedAmt", money(free));
  store(*record, document);
  table_of(Entity::payment).touch(*record, now);
}

void Books::trim_credits(Value& lines, std::int64_t payment, Decimal excess, Instant now) {
  for (Target& target : settles_[payment]) {
    if (target.entity != Entity::credit_memo || excess.sign() <= 0) continue;
    const Decimal amount = std::min(target.amount, excess);
    excess -= amount;
    target.amount -= amount;
    if (Value* line = line_for(lines, target.entity, target.id)) line->set("Amount", money(target.amount));
    Record* credit = table_of(Entity::credit_memo).find(target.id);
    set_amount(credit->applied, payment, target.amount);
    table_of(Entity::credit_memo).touch(*credit, now);
  }
}

/// A new credit memo goes to the customer's oldest open invoices by itself when the company wants that.
void Books::apply_credit(const Record& credit, const Context& context) {
  Decimal left = credit.open_balance();
  Value lines = Value::array();
  const auto add = [&](const char* type, std::int64_t id, Decimal amount) {
    Value link = Value::object();
    link.set("TxnId", Value::string(std::to_string(id)));
    link.set("TxnType", Value::string(type));
    Value line = Value::object();
    line.set("Amount", money(amount));
    line.set("LinkedTxn", Value::array({std::move(link)}));
    lines.push(std::move(line));
  };
  std::vector<const Record*> open;
  for (const std::int64_t id : table(Entity::invoice).of_customer(credit.keys.customer))
    if (const Record* invoice = table(Entity::invoice).find(id); invoice->open_balance().sign() > 0)
      open.push_back(invoice);
  std::sort(open.begin(), open.end(), [](const Record* a, const Record* b) {
    return std::tie(a->keys.date, a->id) < std::tie(b->keys.date, b->id);
  });
  for (const Record* invoice : open) {
    const Decimal amount = std::min(left, invoice->open_balance());
    if (amount.sign() <= 0) break;
    add("Invoice", invoice->id, amount);
    left -= amount;
  }
  if (lines.size() == 0) return;
  add("CreditMemo", credit.id, credit.open_balance() - left);
  Value body = Value::object();
  body.set("CustomerRef", reference(std::to_string(credit.keys.customer)));
  body.set("TotalAmt", Value::number(0));
  body.set("TxnDate", Value::string(credit.keys.date));
  body.set("PrivateNote", Value::string("Created by QB Online to link credits to charges."));
  body.set("Line", std::move(lines));
  const auto made = create(Entity::payment, std::move(body), context);
  CHECK(made.has_value(), "the credit that the books apply themselves was refused");
}

}  // namespace tieout::sandbox::quickbooks
