// The sales forms: Invoice, CreditMemo, SalesReceipt, RefundReceipt, Estimate. Header, currency, dates, document number
// and the final sums; lines are in lines.cpp, tax in tax.cpp.
#include <fmt/core.h>

#include "sandbox/quickbooks/books.hpp"
#include "sandbox/quickbooks/naming.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;

/// The account that the service takes when a form names none.
constexpr std::string_view kUndeposited = "Undeposited Funds";

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 15 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Date month_end_capped(std::chrono::year_month month, unsigned day) {
  const auto last = static_cast<unsigned>((month / std::chrono::last).day());
  return month / std::chrono::day{std::min(day, last)};
}

}  // namespace

Refusal Books::prepare_sales(Draft& draft) {
  if (Refusal no = check_dates(draft)) return no;
  if (Refusal no = prepare_header(draft)) return no;
  if (Refusal no = check_currency(draft)) return no;
  Totals totals;
  if (Refusal no = prepare_lines(draft, totals)) return no;
  if (Refusal no = compute_tax(draft, totals)) return no;

  Value& document = draft.document;
  const Decimal total = totals.subtotal + totals.shipping - totals.discount + totals.tax;
  if (total.is_negative()) return business_rule("Transaction amount must be 0 or greater.");
  document.set("TotalAmt", money(total));
  if (settings_.multi_currency) document.set("HomeTotalAmt", money(total * draft.keys.rate));
  draft.keys.total = total;
  if (draft.entity == Entity::invoice) draft.keys.deposit = decimal_in(document, "Deposit");
  if (draft.keys.deposit > total || draft.keys.deposit.is_negative())
    return business_rule("The deposit must be between 0 and the total of the invoice.");
  draft.keys.carries_balance = draft.entity == Entity::invoice || draft.entity == Entity::credit_memo;
  if (draft.entity == Entity::invoice || draft.entity == Entity::estimate) default_due_date(draft);
  if (!document.find("EmailStatus")) document.set("EmailStatus", Value::string("NotSet"));
  if (!document.find("PrintStatus")) document.set("PrintStatus", Value::string("NeedToPrint"));
  if (!document.find("ApplyTaxAfterDiscount")) document.set("ApplyTaxAfterDiscount", Value::boolean(false));
  if (draft.entity == Entity::estimate && !document.find("TxnStatus"))
    document.set("TxnStatus", Value::string("Pending"));
  if (Refusal no = link_estimates(draft)) return no;
  return number_document(draft);  // last, because it is the only step that moves something: the sequence
}

Refusal Books::prepare_header(Draft& draft) {
  Value& document = draft.document;
  const bool needs_customer = draft.entity != Entity::sales_receipt && draft.entity != Entity::refund_receipt;
  if (needs_customer)
    if (Refusal no = require(document, "CustomerRef")) return no;
  for (const auto& [field, target] : {std::pair{"CustomerRef", Entity::customer},
                                      {"SalesTermRef", Entity::term},
                                      {"ClassRef", Entity::class_},
                                      {"DepartmentRef", Entity::department},
                                      {"PaymentMethodRef", Entity::payment_method},
                                      {"DepositToAccountRef", Entity::account},
                                      {"ARAccountRef", Entity::account}})
    if (Refusal no = resolve(document, field, target)) return no;
  draft.keys.customer = id_number(Entity::customer, ref_id(document, "CustomerRef"));
  if (draft.before && draft.before->keys.customer != draft.keys.customer && !draft.before->applied.empty())
    return business_rule("The customer of a form that a payment is linked to cannot be changed.");
  if (draft.entity == Entity::refund_receipt) return require(document, "DepositToAccountRef");
  if (draft.entity == Entity::sales_receipt && !document.find("DepositToAccountRef"))
    for (const std::int64_t id : table(Entity::account).named(fold(kUndeposited)))
      document.set("DepositToAccountRef", reference(std::to_string(id), std::string(kUndeposited)));
  return {};
}

Refusal Books::check_dates(Draft& draft) const {
  Value& document = draft.document;
  if (!document.find("TxnDate")) {
    const std::string today = to_text(local_date(draft.context.now, profile_.utc_offset_minutes));
    document.set("TxnDate", Value::string(draft.before ? draft.before->keys.date : today));
  }
  draft.keys.date = document["TxnDate"].text();
  return check_period(draft);
}

Refusal Books::check_period(const Draft& draft) const {
  if (draft.entity == Entity::estimate || settings_.book_close_date.empty()) return {};  // an estimate posts nothing
  if (draft.keys.date <= settings_.book_close_date) return period_closed();
  if (draft.before && draft.before->keys.date <= settings_.book_close_date) return period_closed();
  return {};
}

Refusal Books::check_currency(Draft& draft) const {
  Value& document = draft.document;
  const Record* customer = table(Entity::customer).find(draft.keys.customer);
  std::string code = ref_id(document, "CurrencyRef");
  if (code.empty()) code = customer ? customer->keys.currency : profile_.home_currency;
  if (code != profile_.home_currency && !settings_.multi_currency)
    return business_rule("Multi Currency should be enabled to perform this operation.");
  if (customer && customer->keys.currency != code)
    return business_rule(fmt::format("The currency {} of the transaction must be the currency {} of the customer {}.",
                                     code, customer->keys.currency, customer->keys.display));
  document.set("CurrencyRef", reference(code, currency_name(code)));
  draft.keys.currency = code;
  if (!settings_.multi_currency) return {};
  Decimal rate = decimal_in(document, "ExchangeRate");
  if (rate.is_zero()) rate = exchange_rate(code, draft.keys.date);
  if (rate.sign() <= 0 || (code == profile_.home_currency && rate != Decimal{1}))
    return business_rule("The exchange rate must be more than 0, and 1 for the home currency.");
  document.set("ExchangeRate", Value::number(rate.to_text()));
  draft.keys.rate = rate;
  return {};
}

void Books::default_due_date(Draft& draft) const {
  Value& document = draft.document;
  if (document.find("DueDate") || draft.entity == Entity::estimate) return;
  const Date issued = parse_date(draft.keys.date).value();
  Date due = issued;
  if (const Record* term = table(Entity::term).find(id_number(Entity::term, ref_id(document, "SalesTermRef")))) {
    const Value rule = stored(*term);
    if (rule.find("DueDays")) {
      due = add_days(issued, static_cast<int>(rule["DueDays"].as_int()));
    } else {
      const auto day = static_cast<unsigned>(rule["DayOfMonthDue"].as_int(1));
      std::chrono::year_month month = issued.year() / issued.month();
      due = month_end_capped(month, day);
      // Too close to the due day (or past it) means the one of next month.
      if (days_between(issued, due) < static_cast<int>(rule["DueNextMonthDays"].as_int(0)))
        due = month_end_capped(month + std::chrono::months{1}, day);
    }
  }
  document.set("DueDate", Value::string(to_text(due)));
}

Refusal Books::link_estimates(Draft& draft) {
  if (!draft.links_sent && draft.before) draft.keys.linked = draft.before->keys.linked;
  if (draft.links_sent) {
    for (const Value& link : draft.document["LinkedTxn"].items()) {
      if (link["TxnType"].text() != "Estimate") continue;  // payments are linked from their own side
      const std::string& id = link["TxnId"].text();
      if (!table(Entity::estimate).find(id_number(Entity::estimate, id))) return invalid_reference("Estimate", id);
      draft.keys.linked +=
          fmt::format("{}{{\"TxnId\":\"{}\",\"TxnType\":\"Estimate\"}}", draft.keys.linked.empty() ? "" : ",", id);
    }
  }
  draft.document.remove("LinkedTxn");
  return {};
}

Refusal Books::number_document(Draft& draft) {
  Value& document = draft.document;
  std::string number(trimmed(document["DocNumber"].text()));
  bool automatic = number == "AUTO_GENERATE";
  if (number.empty() && !settings_.custom_txn_numbers) {
    if (draft.before)
      number = draft.before->keys.display;  // a full update without a number keeps it: the sequence owns it
    else
      automatic = true;
  }
  const Table& forms = table(draft.entity);
  if (automatic) {
    do number = std::to_string(++last_number_);
    while (!forms.named(number).empty());
  } else if (!number.empty()) {
    for (const std::int64_t id : forms.named(fold(number)))
      if ((!draft.before || id != draft.before->id) && settings_.warn_duplicate_numbers &&
          !draft.context.allow_duplicate_number)
        return duplicate_document(number, info(draft.entity).name, std::to_string(id));
    if (is_number(number)) last_number_ = std::max(last_number_, Value::string(number).as_int());
  }
  if (number.empty())
    document.remove("DocNumber");
  else
    document.set("DocNumber", Value::string(number));
  draft.keys.display = std::move(number);
  return {};
}

Outcome<const Record*> Books::mark_sent(Entity entity, std::string_view id, std::string_view address, Instant now) {
  const auto found = read(entity, id);
  if (!found) return refused(found.error());
  Record& record = *table_of(entity).find((*found)->id);
  Value document = stored(record);
  if (!address.empty()) {
    Value email = Value::object();
    email.set("Address", Value::string(std::string(address)));
    document.set("BillEmail", std::move(email));
  }
  if (document["BillEmail"]["Address"].text().empty()) return refused(required_missing("BillEmail"));
  document.set("EmailStatus", Value::string("EmailSent"));
  table_of(entity).touch(record, now);
  store(record, document);
  return &record;
}

}  // namespace tieout::sandbox::quickbooks
