// Judging each write of the engine the moment it lands: was there a sale behind it, is it the first, is it to the cent,
// does it touch only what the flows may touch? A request may be old when it lands (a process that slept, an answer that
// was late), so what it says has to be true at some moment of the last hours, not of the last second.
#include <fmt/core.h>

#include <algorithm>

#include "base/json.hpp"
#include "sim/auditor/ledger.hpp"

namespace tieout::sim::audit {
namespace {

/// Longer than the longest sleep that the simulation puts a process to.
constexpr std::chrono::hours kOld{6};

/// The versions that were current at some moment of the last hours.
template <class States>
std::vector<typename States::value_type> recent(const States& states, Instant now) {
  std::vector<typename States::value_type> out;
  for (auto one = states.rbegin(); one != states.rend(); ++one) {
    out.push_back(*one);
    if (one->since <= now - kOld) break;
  }
  return out;
}

bool can_be_billed(const SaleVersion& sale) {
  return sale.live && sale.won && !sale.company.empty() && sale.lines > 0 && sale.worth.has_value();
}

/// What the lines of the request come to. The vendor may make another total of them (it rounds its own way): the engine
/// has to notice that, and the end will tell whether it did.
Cents asked_for(const Written& written) {
  Cents sum = 0;
  const Written::Field* lines = written.field("Line");
  if (lines == nullptr) return sum;
  if (const auto list = json::parse(lines->after))
    for (const json::Value& line : list->items()) sum += cents(line["Amount"].text()).value_or(0);
  return sum;
}

bool has_digits(std::string_view text) { return text.find_first_of("0123456789") != std::string_view::npos; }

}  // namespace

void Ledger::judge_crm(const Written& written) {
  if (!company_.arrives_late) ++writes_in_step_;
  const auto type = hs::type_named(written.object);
  const bool writes_fields = written.deed == Deed::create || written.deed == Deed::update;
  if (type == hs::deals && written.deed == Deed::update) return judge_write_back(written);
  if ((type == hs::companies || type == hs::products) && writes_fields) return judge_mirror(*type, written);
  if (!undo_asked(written.at))
    found(Harm::unasked, "unasked.kind_of_write", written.id,
          fmt::format("{} of {} {} in the CRM: no flow does that", name_of(written.deed), written.object, written.id));
}

/// Only what the books say may be written into a deal, and only what they did say.
void Ledger::judge_write_back(const Written& written) {
  std::optional<Cents> total, paid, open;
  for (const Written::Field& field : written.fields) {
    if (!field.name.starts_with("tieout_"))
      found(Harm::unasked, "unasked.deal_field", written.id,
            fmt::format("deal {}: {} was written, which is the CRM's", written.id, field.name));
    if (field.name == "tieout_invoice_total") total = cents(field.after);
    if (field.name == "tieout_amount_paid") paid = cents(field.after);
    if (field.name == "tieout_open_balance") open = cents(field.after);
  }
  const hs::Record* deal = crm_record(hs::deals, written.id);
  if (deal == nullptr || (!total && !paid && !open) || undo_asked(written.at)) return;
  const auto bill = bills_.find(text(hs::deals, *deal, "tieout_invoice_id"));
  if (bill == bills_.end()) return found(Harm::unbalanced, "cents.shown_of_no_bill", written.id, "no such invoice");
  const auto states = recent(bill->second.states, written.at);
  const bool said = std::any_of(states.begin(), states.end(), [&](const BillState& state) {
    return (!total || *total == state.total) && (!open || *open == state.open) &&
           (!paid || *paid == state.total - state.open);
  });
  if (!said)
    found(Harm::unbalanced, "cents.shown", written.id,
          fmt::format("deal {} was told figures that invoice {} never had in the last hours", written.id, bill->first));
}

/// The CRM owns what stands in it: the engine may fill a gap, never write over a person's word.
void Ledger::judge_mirror(hs::Type type, const Written& written) {
  auto& parties = type == hs::companies ? companies_ : products_;
  Party& party = parties[written.id];
  if (written.deed == Deed::create) {
    party.ours = true;
    if (const Written::Field* name = written.field("name"))
      for (const auto& [id, other] : parties) {
        const hs::Record* twin = crm_record(type, id);
        if (id == written.id || !other.ours || twin == nullptr || twin->archived) continue;
        if (text(type, *twin, "name") == name->after)
          found(Harm::duplicate, "once.two_of_one", written.id,
                fmt::format("{} {} and {} were both made for \"{}\" of the books", written.object, id, written.id,
                            name->after));
      }
    return;
  }
  if (undo_asked(written.at)) return;
  for (const Written::Field& field : written.fields) {
    if (field.name.starts_with("tieout_")) continue;
    const auto cleared = party.cleared.find(field.name);
    const bool struck_out =
        cleared != party.cleared.end() && party.linked_since && *party.linked_since <= cleared->second;
    if ((!field.before.empty() && field.before != field.after) || (struck_out && !field.after.empty()))
      found(Harm::unasked, "unasked.edit_lost", written.id,
            fmt::format("{} {}: {} was \"{}\", as a person wrote it, and was written over with \"{}\"", written.object,
                        written.id, field.name, field.before, field.after));
  }
}

void Ledger::judge_books(const Written& written) {
  if (!company_.arrives_late) ++writes_in_step_;
  if (!written.refused.empty()) return judge_refused(written);
  const bool creates = written.deed == Deed::create;
  if (written.object == "Invoice" && creates) return judge_bill(written);
  if (written.object == "Payment" && creates) return judge_receipt(written);
  if (written.object == "Customer" && written.deed == Deed::update) return judge_customer(written);
  const bool mirrored = written.object == "Customer" || written.object == "Item";
  if (mirrored && (creates || written.deed == Deed::update)) return;
  if (!undo_asked(written.at))
    found(
        Harm::unasked, "unasked.kind_of_write", written.id,
        fmt::format("{} of {} {} in the books: no flow does that", name_of(written.deed), written.object, written.id));
}

void Ledger::doubles_of(const std::string& mark) {
  std::string bill, payment;
  for (const auto& [id, one] : bills_) {
    if (one.mark != mark || one.states.empty() || !one.states.back().live) continue;
    if (!bill.empty())
      found(Harm::duplicate, "once.two_bills_of_a_sale", one.sale,
            fmt::format("invoices {} and {} both carry {}", bill, id, mark));
    bill = id;
  }
  for (const auto& [id, one] : money_) {
    if (one.mark != mark || !one.live) continue;
    if (!payment.empty())
      found(Harm::duplicate, "once.two_payments_of_a_receipt", part_of(mark, 1),
            fmt::format("payments {} and {} both carry {}", payment, id, mark));
    payment = id;
  }
}

void Ledger::judge_bill(const Written& written) {
  const Bill& bill = bills_[written.id];
  const std::string& id = written.id;
  if (bill.sale.empty())
    return found(Harm::unasked, "unasked.bill_without_mark", id,
                 fmt::format("invoice {} does not say which deal it is for", id));
  doubles_of(bill.mark);
  const auto word = word_.find("deal " + bill.sale);
  for (const auto& [earlier, other] : bills_)
    if (earlier != id && other.ours && other.mark == bill.mark && !other.states.back().live &&
        (word == word_.end() || word->second < other.states.back().since))
      found(Harm::duplicate, "once.billed_again", bill.sale,
            fmt::format("invoice {} of deal {} was cancelled in the books, and {} was made without anybody's word",
                        earlier, bill.sale, id));
  if (skipped_.contains("deal " + bill.sale) && word_["deal " + bill.sale] < written.at - kOld && !restored_)
    found(Harm::unasked, "unasked.skipped_sale", bill.sale, "a person had skipped the deal of invoice " + id);
  const auto sale = sales_.find(bill.sale);
  if (sale == sales_.end())
    return found(Harm::unasked, "unasked.bill_for_no_sale", id, "there is no deal " + bill.sale);
  const Cents total = asked_for(written);
  bool billable = false, right = false;
  for (const SaleVersion& one : recent(sale->second, written.at)) {
    if (!can_be_billed(one)) continue;
    billable = true;
    right = right || one.worth->by_line == total || one.worth->by_document == total;
  }
  if (!billable)
    found(Harm::unasked, "unasked.bill_for_no_sale", bill.sale,
          fmt::format("invoice {}: deal {} was not won, not whole or not there", id, bill.sale));
  else if (!right)
    found(Harm::unbalanced, "cents.bill_total", bill.sale,
          fmt::format("invoice {} comes to {}, the lines of deal {} never came to that", id, money(total), bill.sale));
}

void Ledger::judge_receipt(const Written& written) {
  const MoneyIn& money_in = money_[written.id];
  if (part_of(money_in.mark, 0) != "receipt") {
    if (!undo_asked(written.at))
      found(Harm::unasked, "unasked.payment_without_mark", written.id, "a payment that no receipt stands behind");
    return;
  }
  doubles_of(money_in.mark);
  const auto sale = sales_.find(part_of(money_in.mark, 1));
  const auto versions = sale == sales_.end() ? Sale() : recent(sale->second, written.at);
  const bool noted = std::any_of(versions.begin(), versions.end(),
                                 [&](const SaleVersion& one) { return one.receipt == money_in.amount; });
  if (!noted)
    found(Harm::unbalanced, "cents.receipt", part_of(money_in.mark, 1),
          fmt::format("payment {} over {}: no such receipt was noted on the deal", written.id, money(money_in.amount)));
}

void Ledger::judge_customer(const Written& written) {
  if (undo_asked(written.at)) return;
  for (const Written::Field& field : written.fields) {
    for (const char* theirs : {"SalesTermRef", "Active", "CurrencyRef", "ParentRef", "Balance"})
      if (field.name == theirs)
        found(Harm::unasked, "unasked.customer_field", written.id,
              fmt::format("customer {}: {} was written, which is the books'", written.id, field.name));
    // Once they are linked the CRM's blank counts as its word; at first sight it only says that nobody knew.
    if (field.name != "PrimaryPhone" || !has_digits(field.before) || has_digits(field.after)) continue;
    if (customers_[written.id].ours) continue;
    // Several companies may bear the name (one was archived and entered anew): one word to strike it out is enough.
    std::string nobody;
    bool struck_out = false;
    for (const auto& [id, company] : companies_) {
      const auto& names = customers_[written.id].names;
      if (std::none_of(names.begin(), names.end(),
                       [&](const std::string& name) { return company.names.contains(name); }))
        continue;
      if (company.linked_since || company.ever.contains("phone"))
        struck_out = true;
      else
        nobody = id;
    }
    if (!nobody.empty() && !struck_out)
      found(Harm::unasked, "unasked.erased", written.id,
            fmt::format("customer {} lost its phone; company {} never had one to strike out", written.id, nobody));
  }
}

/// What the vendor refused must not have been asked for, when it could be known for hours that it would be refused.
void Ledger::judge_refused(const Written& written) {
  const Written::Field* day = written.field("TxnDate");
  const bool closed = written.refused == "6210" && written.object == "Invoice" && written.deed == Deed::create;
  if (closed && day != nullptr && day->after <= lock_date_ && lock_moved_ < written.at - kOld)
    found(Harm::unasked, "unasked.closed_period", "",
          fmt::format("an invoice of {} was sent into books that have been closed through {} for hours", day->after,
                      lock_date_));
  const Written::Field* lines = written.field("Line");
  if (written.refused != "6000" || written.object != "Payment" || lines == nullptr) return;
  const auto list = json::parse(lines->after);
  if (!list) return;
  for (const json::Value& line : list->items()) {
    if (line["LinkedTxn"].size() == 0) continue;
    const auto bill = bills_.find(line["LinkedTxn"].items()[0]["TxnId"].text());
    if (bill == bills_.end()) continue;
    Cents most = 0;
    for (const BillState& state : recent(bill->second.states, written.at)) most = std::max(most, state.open);
    if (cents(line["Amount"].text()).value_or(0) > most)
      found(Harm::unbalanced, "cents.over_allocated", bill->second.sale,
            fmt::format("{} was to settle invoice {}, of which {} was open", line["Amount"].text(), bill->first,
                        money(most)));
  }
}

}  // namespace tieout::sim::audit
