// The journal as plain text. hledger and ledger share almost all of it; they differ in how a commodity's form is told.
#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "books/journal.hpp"
#include "books/journal_names.hpp"
#include "money/currency.hpp"

namespace tieout::books {
namespace {

int places_of(const std::string& currency) {
  const auto known = Currency::parse(currency);
  return known ? known->exponent() : 2;
}

/// As many places as the currency has, more where the amount needs them: never rounded.
std::string amount_text(Decimal amount, const std::string& currency) {
  const int places = std::max(places_of(currency), amount.needed_scale());
  return fmt::format("{} {}", amount.rounded(places, Rounding::half_even).to_text(), currency);
}

void declare(const Journal& journal, JournalFormat format, std::string& out) {
  std::set<std::string> accounts, currencies;
  for (const auto& [key, amount] : balances_of(journal)) {
    accounts.insert(key.first);
    currencies.insert(key.second);
  }
  for (const auto& [key, amount] : journal.stated) accounts.insert(key.first);
  for (const std::string& currency : currencies) {
    // hledger insists on a decimal mark, also where the currency has no places.
    const int places = places_of(currency);
    const std::string form = "1000." + std::string(static_cast<std::size_t>(places), '0');
    if (format == JournalFormat::hledger)
      out += fmt::format("commodity {} {}\n", form, currency);
    else
      out += fmt::format("commodity {}\n", currency);
  }
  for (const std::string& account : accounts) out += fmt::format("account {}\n", account);
  out += '\n';
}

void write(const Transaction& transaction, std::string& out) {
  out += to_text(transaction.date) + " *";
  if (const std::string code = harmless(transaction.code); !code.empty()) out += fmt::format(" ({})", code);
  out += ' ' + harmless(transaction.description);
  if (!transaction.note.empty()) out += "  ; " + harmless(transaction.note);
  out += '\n';
  for (const Posting& posting : transaction.postings) {
    out += fmt::format("    {}  {}", posting.account, amount_text(posting.amount, posting.currency));
    if (posting.balance) out += " = " + amount_text(*posting.balance, posting.currency);
    out += '\n';
  }
  out += '\n';
}

}  // namespace

std::string journal_text(const Journal& journal, JournalFormat format, std::string_view title) {
  std::string out = fmt::format("; {}\n", harmless(title));
  for (const std::string& line : journal.left_out) out += fmt::format("; left out: {}\n", harmless(line));
  for (const std::string& line : journal.differences) out += fmt::format("; difference: {}\n", harmless(line));
  out += '\n';
  declare(journal, format, out);
  for (const Transaction& transaction : journal.transactions) write(transaction, out);
  if (journal.transactions.empty()) return out;
  Transaction last{journal.transactions.back().date, "", "Balances as the documents state them", "", {}};
  for (const auto& [key, balance] : journal.stated) last.postings.push_back({key.first, key.second, 0, balance});
  if (!last.postings.empty()) write(last, out);
  return out;
}

}  // namespace tieout::books
