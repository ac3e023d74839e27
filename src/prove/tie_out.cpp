#include "prove/tie_out.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>

namespace tieout::prove {
namespace {

struct Books {
  std::unordered_map<std::string, const InvoiceView*> invoices;
  std::unordered_map<std::string, Decimal> allocated;  ///< by invoice id
};

Books index(const std::vector<InvoiceView>& invoices, const std::vector<PaymentView>& payments) {
  Books books;
  books.invoices.reserve(invoices.size());
  for (const InvoiceView& invoice : invoices) books.invoices.emplace(invoice.id, &invoice);
  for (const PaymentView& payment : payments)
    for (const auto& [invoice, amount] : payment.allocations) books.allocated[invoice] += amount;
  return books;
}

class Comparison {
 public:
  Comparison(const Books& books, TieOut& out) : books_(books), out_(out) {}

  void deal(const DealView& deal);
  void customers();

 private:
  void without_invoice(const DealView& deal);
  void reversed(const DealView& deal, const InvoiceView& invoice);
  void with_invoice(const DealView& deal, const InvoiceView& invoice);
  void shown(const DealView& deal, const InvoiceView& invoice, Decimal paid);
  void differ(Cause cause, bool explained, const DealView& deal, Decimal crm, Decimal books, std::string what) {
    out_.differences.push_back(
        {cause, explained, "deal " + deal.id, deal.title, deal.currency, crm, books, std::move(what)});
  }

  const Books& books_;
  TieOut& out_;
  /// Open balance per (currency, customer) on each side.
  std::map<std::pair<std::string, std::string>, std::pair<Decimal, Decimal>> open_;
};

void Comparison::deal(const DealView& deal) {
  if (deal.is_won) ++out_.won_deals;
  if (deal.invoice.empty()) {
    if (deal.is_won) without_invoice(deal);
    return;
  }
  const auto found = books_.invoices.find(deal.invoice);
  if (found == books_.invoices.end()) {
    differ(
        Cause::missing_in_books, false, deal, deal.shown_total.value_or(deal.expected.value_or(0)), 0,
        fmt::format("invoice {} is linked to this deal but is gone from the books; restore it there or unlink the deal",
                    deal.invoice));
    return;
  }
  if (deal.undone) return reversed(deal, *found->second);
  with_invoice(deal, *found->second);
}

/// Reversed by an undo: void, or credited and nothing open on it; the deal counts as not invoiced, with its reason.
/// What stays paid of it is said; an invoice that nothing was credited of is not reversed, whatever was decided.
void Comparison::reversed(const DealView& deal, const InvoiceView& invoice) {
  const Decimal stays = invoice.is_void ? Decimal(0) : invoice.total - invoice.credited;
  const bool settled = invoice.is_void || (invoice.open.is_zero() && invoice.credited.sign() > 0);
  const Decimal worth = deal.expected.value_or(deal.amount.value_or(0));
  ++out_.held_deals;
  CurrencyTotals& totals = out_.totals[deal.currency];
  ++totals.not_invoiced;
  totals.not_invoiced_amount += worth;
  const std::string how =
      invoice.is_void     ? "voided"
      : stays.sign() <= 0 ? "credited"
                          : fmt::format("credited in part, {} {} of it stay paid", invoice.currency, with_marks(stays));
  differ(Cause::undone, settled, deal, worth, stays.sign() > 0 ? stays : Decimal(0),
         settled ? fmt::format("invoice {} was {}; {}", invoice.number, how, deal.reason)
                 : fmt::format("invoice {} was to be reversed, but {} {} are open on it and {} {} were credited; run "
                               "the undo again",
                               invoice.number, invoice.currency, with_marks(invoice.open), invoice.currency,
                               with_marks(invoice.credited)));
}

void Comparison::without_invoice(const DealView& deal) {
  const bool explained = deal.state == "held" || deal.state == "skipped" || deal.state == "failed";
  if (explained) ++out_.held_deals;
  const Decimal worth = deal.expected.value_or(deal.amount.value_or(0));
  CurrencyTotals& totals = out_.totals[deal.currency];
  ++totals.not_invoiced;
  totals.not_invoiced_amount += worth;
  differ(Cause::not_invoiced, explained, deal, worth, 0,
         explained ? fmt::format("won but not invoiced: {}", deal.reason)
                   : fmt::format("won but not invoiced yet ({}); run: tieout sync",
                                 deal.reason.empty() ? "not yet synchronised" : deal.reason));
}

void Comparison::with_invoice(const DealView& deal, const InvoiceView& invoice) {
  ++out_.invoiced_deals;
  CurrencyTotals& totals = out_.totals[invoice.currency];
  ++totals.invoices;
  if (invoice.is_void) {
    differ(Cause::void_in_books, false, deal, deal.expected.value_or(0), 0,
           fmt::format("invoice {} was voided in the books; void it for the deal too, or issue a new one",
                       invoice.number));
    return;
  }
  const Decimal expected = deal.expected.value_or(deal.shown_total.value_or(0));
  totals.invoiced_crm += expected;
  totals.invoiced_books += invoice.total;
  if (deal.currency != invoice.currency || expected != invoice.total)
    differ(Cause::total_differs, false, deal, expected, invoice.total,
           fmt::format("invoice {} says {} {}, the deal and the mapping say {} {}", invoice.number, invoice.currency,
                       with_marks(invoice.total), deal.currency, with_marks(expected)));
  const auto allocated = books_.allocated.find(invoice.id);
  const Decimal paid = invoice.total - invoice.open;
  totals.paid_books += paid;
  totals.open_books += invoice.open;
  totals.paid_crm += deal.shown_paid.value_or(0);
  totals.open_crm += deal.shown_open.value_or(0);
  if (allocated != books_.allocated.end() && allocated->second > paid)
    differ(Cause::total_differs, false, deal, allocated->second, paid,
           fmt::format("payments allocated to invoice {} are more than what it counts as paid", invoice.number));
  auto& [crm_open, books_open] = open_[{invoice.currency, invoice.customer}];
  crm_open += deal.shown_open.value_or(0);
  books_open += invoice.open;
  shown(deal, invoice, paid);
}

void Comparison::shown(const DealView& deal, const InvoiceView& invoice, Decimal paid) {
  const auto off = [&](const std::optional<Decimal>& shown_amount, Decimal books, std::string_view word) {
    if (shown_amount && *shown_amount == books) return false;
    differ(Cause::status_not_back, false, deal, shown_amount.value_or(0), books,
           fmt::format("the deal shows {} as {}, invoice {} has {}; run: tieout sync", word,
                       shown_amount ? with_marks(*shown_amount) : "nothing", invoice.number, with_marks(books)));
    return true;
  };
  (void)(off(deal.shown_total, invoice.total, "the invoice total") || off(deal.shown_paid, paid, "the amount paid") ||
         off(deal.shown_open, invoice.open, "the open balance"));
}

void Comparison::customers() {
  for (const auto& [key, sides] : open_) {
    ++out_.customers_compared;
    if (sides.first == sides.second) continue;
    out_.differences.push_back(
        {Cause::balance_differs, false, "customer " + key.second, "", key.first, sides.first, sides.second,
         fmt::format("open balance of customer {} over its synchronised invoices: {} in the CRM, "
                     "{} in the books",
                     key.second, with_marks(sides.first), with_marks(sides.second))});
  }
}

void list_doubled(const std::vector<InvoiceView>& invoices, TieOut& out) {
  std::unordered_map<std::string_view, const InvoiceView*> by_mark;
  for (const InvoiceView& invoice : invoices) {
    if (invoice.reference.empty() || invoice.is_void) continue;
    const auto [first, fresh] = by_mark.emplace(invoice.reference, &invoice);
    if (fresh) continue;
    out.differences.push_back(
        {Cause::doubled, false, "invoice " + invoice.id, invoice.number, invoice.currency, 0, invoice.total,
         fmt::format("invoices {} and {} carry the same mark {}: one sale was invoiced twice; void "
                     "one of them",
                     first->second->number, invoice.number, invoice.reference)});
  }
}

void list_doubled_payments(const std::vector<PaymentView>& payments, TieOut& out) {
  std::unordered_map<std::string_view, const PaymentView*> by_mark;
  for (const PaymentView& payment : payments) {
    if (!payment.reference.starts_with("receipt/")) continue;
    const auto [first, fresh] = by_mark.emplace(payment.reference, &payment);
    if (fresh) continue;
    out.differences.push_back(
        {Cause::doubled, false, "payment " + payment.id, "", payment.currency, 0, payment.amount,
         fmt::format("payments {} and {} carry the same mark {}: one receipt was posted twice; void "
                     "one of them",
                     first->second->id, payment.id, payment.reference)});
  }
}

void list_unlinked(const std::vector<DealView>& deals, const std::vector<InvoiceView>& invoices, TieOut& out) {
  std::unordered_map<std::string_view, bool> linked;
  for (const DealView& deal : deals)
    if (!deal.invoice.empty()) linked[deal.invoice] = true;
  for (const InvoiceView& invoice : invoices) {
    if (linked.contains(invoice.id) || invoice.is_void || (invoice.undone && invoice.open.is_zero())) continue;
    const bool ours = !invoice.reference.empty();
    out.differences.push_back(
        {Cause::unlinked_invoice, !ours, "invoice " + invoice.id, invoice.number, invoice.currency, 0, invoice.total,
         ours ? fmt::format("invoice {} carries our mark {} but no deal is linked to it; run: "
                            "tieout sync",
                            invoice.number, invoice.reference)
              : fmt::format("invoice {} exists in the books only; no deal stands behind it", invoice.number)});
  }
}

void list_unapplied(const std::vector<PaymentView>& payments, TieOut& out) {
  for (const PaymentView& payment : payments) {
    Decimal rest = payment.amount;
    for (const auto& [invoice, amount] : payment.allocations) rest -= amount;
    if (rest.is_zero() || rest.is_negative()) continue;
    out.differences.push_back({Cause::payment_unapplied, true, "payment " + payment.id, "", payment.currency, 0, rest,
                               fmt::format("{} {} of payment {} settle no invoice yet; apply them in the books",
                                           payment.currency, with_marks(rest), payment.id)});
  }
}

std::string sentence(const TieOut& out) {
  const auto unexplained = std::count_if(out.differences.begin(), out.differences.end(),
                                         [](const Difference& difference) { return !difference.explained; });
  std::string money;
  for (const auto& [currency, totals] : out.totals)
    money +=
        fmt::format("{}{} {} invoiced, {} paid, {} open", money.empty() ? "" : "; ", currency,
                    with_marks(totals.invoiced_books), with_marks(totals.paid_books), with_marks(totals.open_books));
  if (money.empty()) money = "no invoices yet";
  if (unexplained > 0)
    return fmt::format("Both sides do NOT tie out: {} {} to clear ({}).", unexplained,
                       unexplained == 1 ? "difference" : "differences", money);
  std::string held, worth;
  for (const auto& [currency, totals] : out.totals)
    if (totals.not_invoiced > 0)
      worth += fmt::format("{}{} {}", worth.empty() ? "" : ", ", currency, with_marks(totals.not_invoiced_amount));
  if (out.held_deals > 0)
    held = fmt::format(" {} won {} without invoice, {} reason listed: {}.", out.held_deals,
                       out.held_deals == 1 ? "deal is" : "deals are", out.held_deals == 1 ? "its" : "each", worth);
  return fmt::format("Both sides tie out, to the cent: {} of {} won deals are invoiced, {}.{}", out.invoiced_deals,
                     out.won_deals, money, held);
}

}  // namespace

std::string_view to_text(Cause cause) {
  switch (cause) {
    case Cause::not_invoiced:
      return "not_invoiced";
    case Cause::total_differs:
      return "total_differs";
    case Cause::status_not_back:
      return "status_not_back";
    case Cause::missing_in_books:
      return "missing_in_books";
    case Cause::void_in_books:
      return "void_in_books";
    case Cause::undone:
      return "undone";
    case Cause::doubled:
      return "doubled";
    case Cause::unlinked_invoice:
      return "unlinked_invoice";
    case Cause::payment_unapplied:
      return "payment_unapplied";
    case Cause::balance_differs:
      return "balance_differs";
  }
  return "unknown";
}

std::string with_marks(Decimal amount, int places) {
  const int scale = std::max(places, amount.needed_scale());
  std::string text = amount.rounded(scale, Rounding::half_up).to_text();
  const std::size_t start = text.front() == '-' ? 1 : 0;
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t at = point; at > start + 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

TieOut reconcile(const std::vector<DealView>& deals, const std::vector<InvoiceView>& invoices,
                 const std::vector<PaymentView>& payments) {
  TieOut out;
  const Books books = index(invoices, payments);
  Comparison comparison(books, out);
  for (const DealView& deal : deals) comparison.deal(deal);
  comparison.customers();
  list_doubled(invoices, out);
  list_doubled_payments(payments, out);
  list_unlinked(deals, invoices, out);
  list_unapplied(payments, out);
  out.ties_out = std::all_of(out.differences.begin(), out.differences.end(),
                             [](const Difference& difference) { return difference.explained; });
  out.verdict = sentence(out);
  return out;
}

}  // namespace tieout::prove
