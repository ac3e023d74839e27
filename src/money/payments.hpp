// Which invoices a payment settles. The rule of most books is "oldest first"; what is left over stays the customer's
// credit and is never forced onto an invoice.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "money/money.hpp"

namespace tieout {

struct OpenInvoice {
  std::string number;
  Date due_on;
  Money open_balance;
};

struct Allocation {
  std::string number;
  Money paid;
  Money open_balance;  ///< after this payment
};

struct Settlement {
  std::vector<Allocation> allocations;  ///< in paying order
  Money unapplied;                      ///< credit on account; zero when all was used
};

/// Spreads one payment over open invoices, oldest due date first; equal dates by document number.
///
/// payment  more than zero.  open: any order, may be empty, each open_balance more than zero.
/// Returns  one allocation per invoice touched, in paying order, and the rest as unapplied credit.
/// Units    minor units of payment.currency() (cents; whole yen). Nothing is rounded here.
/// Fails    payment.currency.mismatch if any invoice differs in currency; payment.amount.not_positive,
///          payment.invoice.not_open for amounts of zero or less; then nothing is allocated.
/// Holds    sum(allocations) + unapplied == payment.
[[nodiscard]] Result<Settlement> settle_oldest_first(Money payment, std::span<const OpenInvoice> open);

}  // namespace tieout
