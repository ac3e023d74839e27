// The books' side as double entry: every invoice, credit note, payment and refund becomes a transaction that balances,
// so that programs which know nothing of Tieout (hledger, ledger) can add it all up and come to the same balances.
//
//   invoice      receivable of the customer            to  income, tax
//   payment      undeposited funds (money received)    to  receivables of the invoices it settles; the rest is credit
//   credit note  income, tax                           to  credit of the customer
//   credit used  credit of the customer                to  receivable (told by a payment, or by what invoices lack)
//   refund       credit of the customer                to  the account it was paid from
//
// A void document keeps its number and moves nothing. What a customer owes and has to his credit is asserted from the
// balances that the documents themselves carry, not from the postings: the two ways must meet. Where the books'
// documents contradict each other, the gap is posted to Equity:Unexplained and named. Each transaction is in the
// currency of its document; nothing is converted. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "books/ledger.hpp"
#include "money/decimal.hpp"

namespace tieout::books {

struct Posting {
  std::string account;  ///< "Assets:Receivable:Alfreds Futterkiste"
  std::string currency;
  Decimal amount;                  ///< more than zero: debit
  std::optional<Decimal> balance;  ///< the account's balance in that currency after it, asserted
};

struct Transaction {
  Date date{};
  std::string code;               ///< document number
  std::string description;        ///< customer
  std::string note;               ///< "invoice 145, due 2026-04-13"
  std::vector<Posting> postings;  ///< add up to zero
};

/// (account, currency) → balance
using Balances = std::map<std::pair<std::string, std::string>, Decimal>;

struct Journal {
  std::vector<Transaction> transactions;  ///< by date, then by kind and id
  Balances stated;                        ///< receivables and credits as the documents themselves say
  std::vector<std::string> left_out;      ///< documents that are no bookings, or lack a date, each with its reason
  std::vector<std::string> differences;   ///< where the books' own documents do not add up
};

/// Holds   every transaction adds up to zero in its one currency; the balances of all receivable and credit accounts
///         are those of `stated`.
/// Source  double entry; edge cases 56 (void), 76 to 79 (part payment, overpayment).
Journal journal_of(const Ledger& ledger);

/// What the postings come to, account by account.
Balances balances_of(const Journal& journal);

enum class JournalFormat : std::uint8_t { hledger, ledger };

/// The plain text that `hledger check --strict` or `ledger --strict --pedantic` reads: declarations first, then the
/// transactions, and at the end one that asserts the stated balances. The same journal gives the same bytes.
std::string journal_text(const Journal& journal, JournalFormat format, std::string_view title);

}  // namespace tieout::books
