#include "money/payments.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace tieout {
namespace {

Result<std::vector<const OpenInvoice*>> in_paying_order(Money payment, std::span<const OpenInvoice> open) {
  std::vector<const OpenInvoice*> order;
  order.reserve(open.size());
  for (const auto& invoice : open) {
    if (invoice.open_balance.currency() != payment.currency()) {
      return fail("payment.currency.mismatch",
                  fmt::format("invoice {} is in {} and the payment in {}; enter the payment in the invoice's currency, "
                              "or keep it as credit",
                              invoice.number, invoice.open_balance.currency().code(), payment.currency().code()),
                  "payment.currency");
    }
    if (invoice.open_balance.units() <= 0) {
      return fail(
          "payment.invoice.not_open",
          fmt::format("invoice {} has nothing open ({}); leave it out", invoice.number, invoice.open_balance.to_text()),
          "invoice.open_balance");
    }
    order.push_back(&invoice);
  }
  std::stable_sort(order.begin(), order.end(), [](const OpenInvoice* a, const OpenInvoice* b) {
    return a->due_on != b->due_on ? a->due_on < b->due_on : a->number < b->number;
  });
  return order;
}

}  // namespace

Result<Settlement> settle_oldest_first(Money payment, std::span<const OpenInvoice> open) {
  if (payment.units() <= 0) {
    return fail("payment.amount.not_positive",
                fmt::format("a payment of {} settles nothing; a refund is entered as a refund", payment.to_text()),
                "payment.amount");
  }
  TRY(order, in_paying_order(payment, open));
  Settlement settlement;
  settlement.unapplied = payment;
  for (const OpenInvoice* invoice : order) {
    if (settlement.unapplied.is_zero()) break;
    const auto units = std::min(settlement.unapplied.units(), invoice->open_balance.units());
    const Money paid = Money::minor(units, payment.currency());
    settlement.allocations.push_back({invoice->number, paid, invoice->open_balance - paid});
    settlement.unapplied = settlement.unapplied - paid;
  }
  return settlement;
}

}  // namespace tieout
