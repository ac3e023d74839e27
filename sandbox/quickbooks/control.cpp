// What people do in the books during a demo or a test: receive a payment, close a period. Both go the way that a
// client's own request would go.
#include <fmt/core.h>

#include "sandbox/quickbooks/sandbox.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {
using json::Value;
}

std::optional<net::ServerResponse> QuickbooksSandbox::control(const Request& request) {
  if (request.method != "POST") return {};
  const bool merges = request.path == "/_sandbox/merge";
  if (request.path != "/_sandbox/pay" && request.path != "/_sandbox/close_books" && !merges) return {};
  const auto body = json::parse(request.body);
  if (!body || !body->is_object()) return refuse(unsupported_property("body"));
  if (merges) return merge_customers(*body);
  return request.path == "/_sandbox/pay" ? pay(*body) : close_books(*body);
}

const Record* QuickbooksSandbox::invoice_named(const std::string& name) const {
  const Table& invoices = books_.table(Entity::invoice);
  for (const std::int64_t id : invoices.named(fold(name))) return invoices.find(id);
  return invoices.find(Books::id_number(Entity::invoice, name));
}

net::ServerResponse QuickbooksSandbox::pay(const Value& body) {
  const Record* invoice = invoice_named(body["invoice"].text_or(""));
  if (!invoice) return refuse(invalid_reference("Invoice", body["invoice"].text_or("")));
  Value amount = money(invoice->open_balance());
  if (body.find("amount")) {
    if (!Decimal::parse(body["amount"].text_or(""))) return refuse(unsupported_property("amount"));
    amount = Value::number(body["amount"].text());
  }
  Value link = Value::object();
  link.set("TxnId", Value::string(std::to_string(invoice->id)));
  link.set("TxnType", Value::string("Invoice"));
  Value line = Value::object();
  // What is paid beyond the open balance stays on the customer's account, as an accountant would leave it.
  const Decimal applied = std::min(decimal_in(Value::object({{"amount", amount}}), "amount"), invoice->open_balance());
  line.set("Amount", money(applied));
  line.set("LinkedTxn", Value::array({std::move(link)}));
  Value payment = Value::object();
  payment.set("CustomerRef", reference(std::to_string(invoice->keys.customer)));
  payment.set("TotalAmt", std::move(amount));
  if (body.find("date")) payment.set("TxnDate", body["date"]);
  if (!invoice->keys.currency.empty()) payment.set("CurrencyRef", reference(invoice->keys.currency));
  if (const std::string method = body["method"].text_or(""); !method.empty())
    for (const std::int64_t id : books_.table(Entity::payment_method).named(fold(method)))
      payment.set("PaymentMethodRef", reference(std::to_string(id)));
  if (applied.sign() > 0) payment.set("Line", Value::array({std::move(line)}));
  const auto made = books_.create(Entity::payment, std::move(payment), Context{now()});
  return made ? entity_answer(info(Entity::payment), **made) : refuse(made.error());
}

net::ServerResponse QuickbooksSandbox::merge_customers(const Value& body) {
  const auto kept = books_.merge_customers(body["kept"].text_or(""), body["lost"].text_or(""), Context{now()});
  return kept ? entity_answer(info(Entity::customer), **kept) : refuse(kept.error());
}

net::ServerResponse QuickbooksSandbox::close_books(const Value& body) {
  const Record* preferences = books_.table(Entity::preferences).find(1);
  Value accounting = Value::object();
  accounting.set("BookCloseDate", body["date"]);
  Value change = Value::object();
  change.set("Id", Value::string("1"));
  change.set("SyncToken", Value::string(std::to_string(preferences->version)));
  change.set("sparse", Value::boolean(true));
  change.set("AccountingInfoPrefs", std::move(accounting));
  const auto made = books_.update(Entity::preferences, std::move(change), Context{now()});
  return made ? entity_answer(info(Entity::preferences), **made) : refuse(made.error());
}

}  // namespace tieout::sandbox::quickbooks
