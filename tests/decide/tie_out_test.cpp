// Tie-out: to the cent, per currency, every gap with its cause; and the verdict breaks for exactly the right ones.
#include "prove/tie_out.hpp"

#include <gtest/gtest.h>

namespace tieout::prove {
namespace {

DealView deal(std::string id, std::string_view total, std::string_view paid, std::string_view open) {
  DealView view;
  view.id = id;
  view.title = "Order " + id;
  view.currency = "USD";
  view.is_won = true;
  view.expected = Decimal::of(total);
  view.invoice = "inv" + id;
  view.shown_total = Decimal::of(total);
  view.shown_paid = Decimal::of(paid);
  view.shown_open = Decimal::of(open);
  view.state = "in_sync";
  return view;
}

InvoiceView invoice(std::string id, std::string_view total, std::string_view open) {
  InvoiceView view;
  view.id = "inv" + id;
  view.number = "10" + id;
  view.currency = "USD";
  view.customer = "7";
  view.reference = "deal/" + id + "/1";
  view.total = Decimal::of(total);
  view.open = Decimal::of(open);
  return view;
}

bool has(const TieOut& result, Cause cause) {
  return std::any_of(result.differences.begin(), result.differences.end(),
                     [&](const Difference& difference) { return difference.cause == cause; });
}

TEST(TieOut, SaysTheSentenceWithTheTotals) {
  const TieOut result = reconcile({deal("1", "1234.50", "100", "1134.50")}, {invoice("1", "1234.50", "1134.50")},
                                  {{"p1", "USD", "7", "", Decimal::of("100"), {{"inv1", Decimal::of("100")}}}});
  EXPECT_TRUE(result.ties_out);
  EXPECT_EQ(result.verdict,
            "Both sides tie out, to the cent: 1 of 1 won deals are invoiced, USD 1,234.50 invoiced, 100.00 paid, "
            "1,134.50 open.");
}

TEST(TieOut, OneCentBreaksIt) {
  const TieOut result = reconcile({deal("1", "10.00", "0", "10.00")}, {invoice("1", "10.01", "10.01")}, {});
  EXPECT_FALSE(result.ties_out);
  EXPECT_TRUE(has(result, Cause::total_differs));
}

TEST(TieOut, APaymentThatSalesCannotSeeBreaksIt) {
  const TieOut result = reconcile({deal("1", "10", "0", "10")}, {invoice("1", "10", "4")}, {});
  EXPECT_FALSE(result.ties_out);
  EXPECT_TRUE(has(result, Cause::status_not_back));
  EXPECT_TRUE(has(result, Cause::balance_differs));
}

TEST(TieOut, AHeldDealIsListedAndExplainedAndDoesNotBreakIt) {
  DealView held = deal("2", "5", "0", "5");
  held.invoice.clear();
  held.shown_total = held.shown_paid = held.shown_open = std::nullopt;
  held.state = "held";
  held.reason = "it has no lines";
  const TieOut result = reconcile({deal("1", "10", "0", "10"), held}, {invoice("1", "10", "10")}, {});
  EXPECT_TRUE(result.ties_out);
  EXPECT_EQ(result.held_deals, 1);
  EXPECT_NE(result.verdict.find("1 won deal is without invoice, its reason listed: USD 5.00"), std::string::npos);
}

TEST(TieOut, AWonDealThatNobodyInvoicedBreaksIt) {
  DealView forgotten = deal("2", "5", "0", "5");
  forgotten.invoice.clear();
  forgotten.state = "pending";
  EXPECT_FALSE(reconcile({forgotten}, {}, {}).ties_out);
}

TEST(TieOut, TwoInvoicesForOneSaleBreakIt) {
  InvoiceView twin = invoice("1", "10", "10");
  twin.id = "inv1b";
  const TieOut result = reconcile({deal("1", "10", "0", "10")}, {invoice("1", "10", "10"), twin}, {});
  EXPECT_FALSE(result.ties_out);
  EXPECT_TRUE(has(result, Cause::doubled));
}

TEST(TieOut, AVanishedOrVoidedInvoiceBreaksIt) {
  EXPECT_FALSE(reconcile({deal("1", "10", "0", "10")}, {}, {}).ties_out);
  InvoiceView gone = invoice("1", "10", "0");
  gone.is_void = true;
  const TieOut result = reconcile({deal("1", "10", "0", "10")}, {gone}, {});
  EXPECT_FALSE(result.ties_out);
  EXPECT_TRUE(has(result, Cause::void_in_books));
}

TEST(TieOut, InvoicesAndPaymentsOfTheBooksAloneAreInformation) {
  InvoiceView own = invoice("9", "3", "3");
  own.reference.clear();
  const TieOut result = reconcile({}, {own}, {{"p", "USD", "7", "", Decimal::of("2"), {}}});
  EXPECT_TRUE(result.ties_out);
  EXPECT_TRUE(has(result, Cause::unlinked_invoice));
  EXPECT_TRUE(has(result, Cause::payment_unapplied));
}

TEST(TieOut, Edge042CurrenciesAreNeverAddedUp) {
  DealView euro = deal("2", "5", "0", "5");
  euro.currency = "EUR";
  InvoiceView euro_invoice = invoice("2", "5", "5");
  euro_invoice.currency = "EUR";
  const TieOut result = reconcile({deal("1", "10", "0", "10"), euro}, {invoice("1", "10", "10"), euro_invoice}, {});
  EXPECT_EQ(result.totals.at("USD").invoiced_books, Decimal::of("10"));
  EXPECT_EQ(result.totals.at("EUR").invoiced_books, Decimal::of("5"));
}

TEST(WithMarks, ReadsAsAccountantsWrite) {
  EXPECT_EQ(with_marks(Decimal::of("1265793.29")), "1,265,793.29");
  EXPECT_EQ(with_marks(Decimal::of("-1000")), "-1,000.00");
  EXPECT_EQ(with_marks(Decimal::of("999.5")), "999.50");
  EXPECT_EQ(with_marks(Decimal::of("100000"), 0), "100,000");
}

}  // namespace
}  // namespace tieout::prove
