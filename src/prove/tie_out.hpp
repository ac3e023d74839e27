// Does the money tie out? Compares what the deals say with what the books say, document by document and customer by
// customer, to the cent and per currency, and gives every gap a cause, an amount and a mend. It is handed what both
// sides showed when they were read afresh for this purpose, never what we believe we wrote. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "money/decimal.hpp"

namespace tieout::prove {

/// A deal as the CRM shows it now.
struct DealView {
  std::string id;
  std::string title;
  std::string currency;
  std::string customer;  ///< the customer's id in the books when linked, else empty
  bool is_won = false;
  std::optional<Decimal> expected;  ///< invoice total by the mapping; absent when no invoice can be derived
  std::optional<Decimal> amount;    ///< what the deal itself says it is worth
  std::string invoice;              ///< id of the linked invoice in the books, empty when there is none
  std::string shown_invoice;        ///< what the deal itself says: id, total, paid, open
  std::optional<Decimal> shown_total, shown_paid, shown_open;
  std::string state;  ///< "held", "pending", "skipped"… for deals without invoice
  std::string reason;
  bool undone = false;  ///< its invoice was reversed by an undo: neither side counts it any more
};

/// An invoice as the books show it now.
struct InvoiceView {
  std::string id;
  std::string number;
  std::string currency;
  std::string customer;
  std::string reference;  ///< our mark, empty when it is not ours
  bool is_void = false;
  bool undone = false;  ///< reversed by an undo
  Decimal total, open;
  Decimal credited;  ///< by credit notes of undos
};

/// A payment as the books show it now.
struct PaymentView {
  std::string id;
  std::string currency;
  std::string customer;
  std::string reference;  ///< our mark, empty when it is not ours
  Decimal amount;
  std::vector<std::pair<std::string, Decimal>> allocations;  ///< invoice id, amount
};

enum class Cause : std::uint8_t {
  not_invoiced,       ///< a won deal without invoice: held, waiting or not yet synchronised
  total_differs,      ///< the invoice total is not what the deal and the mapping say
  status_not_back,    ///< the deal does not show what the books say (paid, open, total)
  missing_in_books,   ///< linked invoice is gone from the books
  void_in_books,      ///< voided there, the deal still counts it
  undone,             ///< reversed by an undo: explained as long as nothing is open on it
  doubled,            ///< two invoices or payments carry the same mark
  unlinked_invoice,   ///< in the books only: never came from a deal (information, not an error)
  payment_unapplied,  ///< money received that settles no invoice
  balance_differs,    ///< a customer's open balance differs between the sides
};
std::string_view to_text(Cause cause);

struct Difference {
  Cause cause = Cause::not_invoiced;
  bool explained = false;  ///< held or skipped with a reason, or information only: does not break the verdict
  std::string record;      ///< "deal 9133"
  std::string title;
  std::string currency;
  Decimal crm;  ///< amount on each side
  Decimal books;
  std::string what;  ///< one sentence with the mend
};

struct CurrencyTotals {
  std::int64_t invoices = 0;
  Decimal invoiced_crm, invoiced_books;  ///< what the deals say (by the mapping's rounding) and what the books say
  std::int64_t not_invoiced = 0;         ///< won deals without invoice, and what they are worth
  Decimal not_invoiced_amount;
  Decimal paid_crm, paid_books;
  Decimal open_crm, open_books;
};

struct TieOut {
  bool ties_out = false;
  std::string verdict;                           ///< the sentence
  std::map<std::string, CurrencyTotals> totals;  ///< by currency, never summed across
  std::int64_t customers_compared = 0;
  std::int64_t won_deals = 0, invoiced_deals = 0, held_deals = 0;
  std::vector<Difference> differences;
  std::string as_of;
};

/// Deals, invoices and payments in any order, each id once per list.
/// Holds   ties_out only when every difference is explained; amounts of different currencies are never added.
/// Source  requirements L1, L2; edge cases 29, 40, 42, 56, 77, 90.
TieOut reconcile(const std::vector<DealView>& deals, const std::vector<InvoiceView>& invoices,
                 const std::vector<PaymentView>& payments);

/// "1,265,793.29": thousands marks for people. At least two places unless the number has none and places is 0.
std::string with_marks(Decimal amount, int places = 2);

}  // namespace tieout::prove
