// Bank deposits, which freeze the payments in them (6540), and voids, which keep a document with all amounts at zero.
#include <fmt/core.h>

#include "sandbox/quickbooks/books.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;

void zero_line(Value& line) {
  if (line.find("Amount")) line.set("Amount", money({}));
  if (Value* detail = line.find("SalesItemLineDetail")) {
    for (const char* field : {"Qty", "UnitPrice"})
      if (detail->find(field)) detail->set(field, Value::number(0));
    if (detail->find("TaxInclusiveAmt")) detail->set("TaxInclusiveAmt", money({}));
  }
  if (Value* group = line.find("GroupLineDetail"))
    if (Value* inner = group->find("Line"))
      for (Value& each : inner->items()) zero_line(each);
}

void zero_document(Value& document) {
  if (Value* lines = document.find("Line"))
    for (Value& line : lines->items()) zero_line(line);
  for (const char* field : {"TotalAmt", "HomeTotalAmt", "UnappliedAmt"})
    if (document.find(field)) document.set(field, money({}));
  document.remove("Deposit");
  if (document.find("TxnTaxDetail")) {
    Value tax = Value::object();
    tax.set("TotalTax", money({}));
    document.set("TxnTaxDetail", std::move(tax));
  }
  const std::string note = document["PrivateNote"].text();
  if (!note.starts_with("Voided"))
    document.set("PrivateNote", Value::string(note.empty() ? "Voided" : "Voided - " + note));
}

}  // namespace

Refusal Books::prepare_deposit(Draft& draft) {
  Value& document = draft.document;
  if (Refusal no = check_dates(draft)) return no;
  if (Refusal no = require(document, "DepositToAccountRef")) return no;
  if (Refusal no = account_of_kind(document, "DepositToAccountRef", "|Bank|Other Current Asset|")) return no;
  Value* lines = document.find("Line");
  if (!lines || lines->size() == 0) return required_missing("Line");
  Decimal total;
  for (Value& line : lines->items()) {
    if (Refusal no = require(line, "Amount")) return no;
    total += decimal_in(line, "Amount").rounded(2, Rounding::half_up);
    for (const Value& link : line["LinkedTxn"].items()) {
      if (link["TxnType"].text() != "Payment") return invalid_enumeration("TxnType", link["TxnType"].text());
      const std::string& id = link["TxnId"].text();
      const Record* payment = table(Entity::payment).find(id_number(Entity::payment, id));
      if (!payment) return invalid_reference("Payment", id);
      if (payment->deposit_id != 0 && !(draft.before && payment->deposit_id == draft.before->id))
        return deposited_transaction();
      draft.targets.push_back({Entity::payment, payment->id, payment->keys.total});
    }
  }
  document.set("TotalAmt", money(total));
  draft.keys.total = total;
  draft.keys.display = document["DocNumber"].text();
  document.remove("LinkedTxn");
  return {};
}

void Books::set_deposited(const Record& deposit, std::vector<Target> targets, Instant now) {
  Table& payments = table_of(Entity::payment);
  const auto mark = [&](const std::vector<Target>& list, std::int64_t id) {
    for (const Target& target : list) {
      Record* payment = payments.find(target.id);
      if (!payment || payment->deposit_id == id) continue;
      payment->deposit_id = id;
      payments.touch(*payment, now);
    }
  };
  mark(deposits_[deposit.id], 0);
  mark(targets, deposit.id);
  deposits_[deposit.id] = std::move(targets);
}

Refusal Books::cancellable(Entity entity, const Record& record) const {
  if (!settings_.book_close_date.empty() && record.keys.date <= settings_.book_close_date) return period_closed();
  if (entity == Entity::payment && record.deposit_id != 0) return deposited_transaction();
  return {};
}

Outcome<const Record*> Books::cancel_record(Entity entity, Value body, const Context& context) {
  if (!info(entity).voidable) return refused(unsupported_operation(fmt::format("void on {}", info(entity).name)));
  const auto found = current(entity, body);
  if (!found) return refused(found.error());
  Record& record = **found;
  if (Refusal no = cancellable(entity, record)) return refused(std::move(no));
  if (entity == Entity::payment) apply(record, {}, context.now);
  if (record.keys.carries_balance) release(entity, record, record.applied_total(), context.now);
  Value document = stored(record);
  zero_document(document);
  if (entity == Entity::payment) document.remove("Line");
  contribute(entity, record.keys, -1);
  Keys keys = record.keys;
  keys.total = Decimal{};
  keys.deposit = Decimal{};
  Table& table = table_of(entity);
  table.rekey(record, std::move(keys));
  table.touch(record, context.now);
  store(record, document);
  return &record;
}

}  // namespace tieout::sandbox::quickbooks
