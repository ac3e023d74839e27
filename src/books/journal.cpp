#include "books/journal.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "books/journal_names.hpp"

namespace tieout::books {
namespace {

using model::Record;

constexpr const char* kUndeposited = "Assets:Undeposited Funds";
constexpr const char* kTax = "Liabilities:Tax";
constexpr const char* kUnexplained = "Equity:Unexplained";

class Bookkeeper {
 public:
  explicit Bookkeeper(const Ledger& ledger) : ledger_(ledger), names_(ledger) {
    for (const Named& invoice : ledger.invoices)
      customer_of_invoice_.emplace(invoice.id, invoice.record.text("customer"));
  }

  Journal keep() {
    for (const Named& invoice : ledger_.invoices) book_invoice(invoice);
    for (const Named& note : ledger_.credit_notes) book_credit_note(note);
    for (const Named& payment : ledger_.payments) book_payment(payment);
    for (const Named& refund : ledger_.refunds) book_refund(refund);
    std::stable_sort(out_.transactions.begin(), out_.transactions.end(),
                     [](const Transaction& a, const Transaction& b) { return a.date < b.date; });
    meet_what_is_stated();
    return std::move(out_);
  }

 private:
  /// The transaction of a document, or nullptr when it is none: drafts, and documents without date or currency.
  Transaction* open(const Named& document, std::string_view kind, std::string_view date_field) {
    const Record& record = document.record;
    const std::string name = fmt::format("{} {}", kind, document.id);
    const bool has_status = record.type().find("status") != nullptr;
    if (has_status && record.text("status") == "draft") return left_out(name, "is a draft");
    if (has_status && record.text("status") == "returned") return left_out(name, "was returned");
    if (!record.has(date_field)) return left_out(name, "has no date");
    if (record.text("currency").empty()) return left_out(name, "has no currency");
    Transaction made;
    made.date = record.get(date_field).as_date();
    made.code = record.type().find("number") != nullptr ? std::string(record.text("number")) : "";
    made.description = names_.customer(record.text("customer"));
    made.note = name;
    out_.transactions.push_back(std::move(made));
    currency_ = record.text("currency");
    return &out_.transactions.back();
  }

  Transaction* left_out(const std::string& name, const char* why) {
    out_.left_out.push_back(fmt::format("{} {}", name, why));
    return nullptr;
  }

  void post(Transaction& into, const std::string& account, Decimal amount) {
    for (Posting& posting : into.postings)
      if (posting.account == account) {
        posting.amount += amount;
        return;
      }
    into.postings.push_back({account, currency_, amount, std::nullopt});
  }

  void state(const std::string& account, Decimal amount) { out_.stated[{account, currency_}] += amount; }

  static bool is_void(const Record& record) { return record.text("status") == "void"; }

  /// Income of the lines, account by account; what the lines leave of the net total is a discount or a correction.
  void post_income(Transaction& into, const Record& document, Decimal net, int sign) {
    Decimal rest = net;
    for (const Record& line : document.records("lines")) {
      const Decimal amount = line.decimal("net_amount");
      post(into, names_.income(line), sign > 0 ? -amount : amount);
      rest = rest - amount;
    }
    if (!rest.is_zero()) post(into, "Income:Discounts and corrections", sign > 0 ? -rest : rest);
  }

  void book_invoice(const Named& invoice) {
    Transaction* into = open(invoice, "invoice", "issued_on");
    if (into == nullptr) return;
    const Record& record = invoice.record;
    const std::string receivable = names_.receivable(record.text("customer"));
    if (is_void(record)) {
      into->note += ", void";
      post(*into, receivable, 0);
      return;
    }
    if (record.has("due_on")) into->note += ", due " + to_text(record.get("due_on").as_date());
    const Decimal total = record.decimal("total"), tax = record.decimal("tax_total");
    post(*into, receivable, total);
    post_income(*into, record, total - tax, 1);
    if (!tax.is_zero()) post(*into, kTax, -tax);
    state(receivable, record.decimal("open_balance", total));
  }

  void book_credit_note(const Named& note) {
    Transaction* into = open(note, "credit note", "issued_on");
    if (into == nullptr) return;
    const Record& record = note.record;
    const std::string credit = names_.credit(record.text("customer"));
    if (is_void(record)) {
      into->note += ", void";
      post(*into, credit, 0);
      return;
    }
    // The tax of a credit note is not told apart: what its lines leave of the total.
    const Decimal total = record.decimal("total");
    Decimal net;
    for (const Record& line : record.records("lines")) net += line.decimal("net_amount");
    const Decimal tax = record.records("lines").empty() ? Decimal(0) : total - net;
    post(*into, credit, -total);
    post_income(*into, record, total - tax, -1);
    if (!tax.is_zero()) post(*into, kTax, tax);
    state(credit, -record.decimal("remaining_credit", total));
  }

  void book_payment(const Named& payment) {
    Transaction* into = open(payment, "payment", "received_on");
    if (into == nullptr) return;
    const Record& record = payment.record;
    const std::string credit = names_.credit(record.text("customer"));
    into->code = std::string(record.text("reference"));
    if (is_void(record)) {
      into->note += ", void";
      post(*into, kUndeposited, 0);
      return;
    }
    const Decimal amount = record.decimal("amount"), unapplied = record.decimal("unapplied_amount");
    Decimal applied;
    post(*into, kUndeposited, amount);
    for (const Record& allocation : record.records("allocations")) {
      const auto owner = customer_of_invoice_.find(std::string(allocation.text("invoice")));
      const std::string customer =
          owner == customer_of_invoice_.end() ? std::string(record.text("customer")) : owner->second;
      post(*into, names_.receivable(customer), -allocation.decimal("amount"));
      applied += allocation.decimal("amount");
    }
    // More settled than was received: the payment used up credits. Less: the rest is a credit.
    const Decimal change = applied - amount;
    if (!change.is_zero()) post(*into, credit, change);
    state(credit, -unapplied);
  }

  void book_refund(const Named& refund) {
    Transaction* into = open(refund, "refund", "paid_on");
    if (into == nullptr) return;
    const Decimal amount = refund.record.decimal("amount");
    post(*into, names_.credit(refund.record.text("customer")), amount);
    post(*into, names_.money(refund.record.text("account")), -amount);
  }

  /// Credits that the books applied without a payment move from credit to receivable; whatever is left of a gap is
  /// nobody's doing that we know, and says so.
  void meet_what_is_stated() {
    Balances posted = balances_of(out_);
    const Date last = out_.transactions.empty() ? Date{} : out_.transactions.back().date;
    Balances gaps = out_.stated;
    for (const auto& [key, amount] : posted)
      if (names_.is_customers(key.first)) gaps[key] -= amount;
    for (auto& [key, gap] : gaps) {
      const auto& [account, currency] = key;
      if (!names_.is_receivable(account) || gap.is_zero()) continue;
      const auto credit = gaps.find({names_.credit_beside(account), currency});
      if (credit == gaps.end() || credit->second.sign() != -gap.sign()) continue;
      const Decimal moved = std::min(gap.abs(), credit->second.abs());
      const Decimal signed_move = gap.is_negative() ? -moved : moved;
      close(last, "credit applied by the books",
            {{account, currency, signed_move, std::nullopt},
             {credit->first.first, currency, -signed_move, std::nullopt}});
      gap -= signed_move;
      credit->second += signed_move;
    }
    for (const auto& [key, gap] : gaps) {
      if (gap.is_zero()) continue;
      close(last, "not explained by the documents",
            {{key.first, key.second, gap, std::nullopt}, {kUnexplained, key.second, -gap, std::nullopt}});
      out_.differences.push_back(fmt::format("{}: the documents' own balances differ by {} {} from what they add up to",
                                             key.first, key.second, gap.to_text()));
    }
  }

  void close(Date date, const char* note, std::vector<Posting> postings) {
    out_.transactions.push_back({date, "", "Settlement", note, std::move(postings)});
  }

  const Ledger& ledger_;
  AccountNames names_;
  std::unordered_map<std::string, std::string> customer_of_invoice_;
  std::string currency_;
  Journal out_;
};

}  // namespace

Journal journal_of(const Ledger& ledger) { return Bookkeeper(ledger).keep(); }

Balances balances_of(const Journal& journal) {
  Balances out;
  for (const Transaction& transaction : journal.transactions)
    for (const Posting& posting : transaction.postings) out[{posting.account, posting.currency}] += posting.amount;
  return out;
}

}  // namespace tieout::books
