// The journal, document by document: what each kind of document moves, and that the two ways to a balance meet.
#include "books/journal.hpp"

#include <gtest/gtest.h>

namespace tieout {
inline void PrintTo(const Decimal& value, std::ostream* out) { *out << value.to_text(); }
}  // namespace tieout

namespace tieout::books {
namespace {

Named of(std::string_view type, std::string id, std::string_view json) {
  auto record = model::from_json(model::type_named(type), json);
  EXPECT_TRUE(record) << record.error().what;
  return {std::move(id), std::move(*record)};
}

Ledger two_customers() {
  Ledger ledger;
  ledger.customers.push_back(of("company", "58", R"({"name":"Alfreds Futterkiste"})"));
  ledger.customers.push_back(of("company", "59", R"({"name":"Chop-suey; Chinese (Bern): main"})"));
  return ledger;
}

Named invoice(std::string id, const std::string& total, const std::string& open, const std::string& customer = "58",
              const std::string& more = "") {
  return of("invoice", std::move(id),
            R"({"number":"INV-1","status":"open","customer":")" + customer +
                R"(","issued_on":"2026-03-14","due_on":"2026-04-13","currency":"EUR","tax_total":"0","total":")" +
                total + R"(","net_total":")" + total + R"(","open_balance":")" + open +
                R"(","lines":[{"kind":"item","net_amount":")" + total + R"("}])" + more + "}");
}

Named payment(const std::string& amount, const std::string& unapplied, const std::string& invoice_id,
              const std::string& applied) {
  return of("payment", "9",
            R"({"customer":"58","received_on":"2026-04-02","currency":"EUR","status":"received","amount":")" + amount +
                R"(","unapplied_amount":")" + unapplied + R"(","allocations":[{"invoice":")" + invoice_id +
                R"(","amount":")" + applied + R"("}]})");
}

Decimal balance(const Journal& journal, const std::string& account, const std::string& currency = "EUR") {
  const Balances all = balances_of(journal);
  const auto at = all.find({account, currency});
  return at == all.end() ? Decimal(0) : at->second;
}

void expect_sound(const Journal& journal) {
  for (const Transaction& transaction : journal.transactions) {
    Decimal sum;
    for (const Posting& posting : transaction.postings) {
      sum += posting.amount;
      EXPECT_EQ(posting.currency, transaction.postings.front().currency);
    }
    EXPECT_TRUE(sum.is_zero()) << transaction.note << " is off by " << sum.to_text();
  }
  for (const auto& [key, amount] : journal.stated)
    EXPECT_EQ(balance(journal, key.first, key.second), amount) << key.first;
}

constexpr const char* kAlfreds = "Assets:Receivable:Alfreds Futterkiste";
constexpr const char* kCredit = "Liabilities:Customer Credit:Alfreds Futterkiste";

TEST(Journal, AnInvoiceIsReceivableAgainstIncomeAndTax) {
  Ledger ledger = two_customers();
  ledger.accounts.push_back(of("account", "79", R"({"name":"Sales of Product Income","kind":"income"})"));
  ledger.products.push_back(of("product", "11", R"({"name":"Chai","income_account":"79"})"));
  ledger.invoices.push_back(of("invoice", "145", R"({"number":"1042","customer":"58","issued_on":"2026-03-14",
      "currency":"EUR","net_total":"100.00","tax_total":"19.00","total":"119.00","open_balance":"119.00","lines":[
      {"kind":"item","product":"11","net_amount":"90.00"},{"kind":"freight","net_amount":"15.00"},
      {"kind":"rounding","net_amount":"0.01"}]})"));
  const Journal journal = journal_of(ledger);
  expect_sound(journal);
  EXPECT_EQ(balance(journal, kAlfreds), Decimal::of("119.00"));
  EXPECT_EQ(balance(journal, "Income:Sales of Product Income"), Decimal::of("-90"));
  EXPECT_EQ(balance(journal, "Income:Freight"), Decimal::of("-15"));
  EXPECT_EQ(balance(journal, "Income:Rounding"), Decimal::of("-0.01"));
  EXPECT_EQ(balance(journal, "Income:Discounts and corrections"), Decimal::of("5.01"));
  EXPECT_EQ(balance(journal, "Liabilities:Tax"), Decimal::of("-19"));
  EXPECT_EQ(journal.transactions.at(0).code, "1042");
  EXPECT_TRUE(journal.differences.empty());
}

TEST(Journal, APartPaymentLeavesTheRestReceivableAndAnOverpaymentBecomesCredit) {
  Ledger ledger = two_customers();
  ledger.invoices.push_back(invoice("1", "80.00", "30.00"));
  ledger.payments.push_back(payment("70.00", "20.00", "1", "50.00"));
  const Journal journal = journal_of(ledger);
  expect_sound(journal);
  EXPECT_EQ(balance(journal, kAlfreds), Decimal::of("30.00"));
  EXPECT_EQ(balance(journal, kCredit), Decimal::of("-20.00"));
  EXPECT_EQ(balance(journal, "Assets:Undeposited Funds"), Decimal::of("70.00"));
}

TEST(Journal, ACreditNoteIsUsedUpByAPaymentOfNothing) {
  Ledger ledger = two_customers();
  ledger.invoices.push_back(invoice("1", "80.00", "50.00"));
  ledger.credit_notes.push_back(of("credit_note", "2", R"({"number":"CR-1","status":"open","customer":"58",
      "issued_on":"2026-03-20","currency":"EUR","total":"40.00","remaining_credit":"10.00",
      "lines":[{"kind":"item","net_amount":"35.00"}]})"));
  ledger.payments.push_back(payment("0.00", "0.00", "1", "30.00"));
  const Journal journal = journal_of(ledger);
  expect_sound(journal);
  EXPECT_EQ(balance(journal, kAlfreds), Decimal::of("50.00"));
  EXPECT_EQ(balance(journal, kCredit), Decimal::of("-10.00"));
  EXPECT_EQ(balance(journal, "Income:Sales"), Decimal::of("-45.00"));
  EXPECT_EQ(balance(journal, "Liabilities:Tax"), Decimal::of("5.00"));
  EXPECT_TRUE(journal.differences.empty());
}

TEST(Journal, ACreditThatTheBooksAppliedThemselvesMovesToTheReceivable) {
  Ledger ledger = two_customers();
  ledger.invoices.push_back(invoice("1", "80.00", "50.00"));
  ledger.credit_notes.push_back(of("credit_note", "2", R"({"status":"applied","customer":"58","issued_on":"2026-03-20",
      "currency":"EUR","total":"30.00","remaining_credit":"0.00"})"));
  const Journal journal = journal_of(ledger);
  expect_sound(journal);
  EXPECT_TRUE(journal.differences.empty());
  EXPECT_EQ(balance(journal, kAlfreds), Decimal::of("50.00"));
  EXPECT_EQ(balance(journal, kCredit), Decimal::of("0"));
}

TEST(Journal, ARefundPaysTheCreditOut) {
  Ledger ledger = two_customers();
  ledger.accounts.push_back(of("account", "35", R"({"name":"Checking","kind":"asset"})"));
  ledger.credit_notes.push_back(of("credit_note", "2", R"({"customer":"58","issued_on":"2026-03-20","currency":"EUR",
      "total":"30.00","remaining_credit":"0.00"})"));
  for (const char* account : {"35", "36"})
    ledger.refunds.push_back(of("refund", account,
                                R"({"customer":"58","paid_on":"2026-03-21","currency":"EUR",
        "amount":"15.00","account":")" +
                                    std::string(account) + "\"}"));
  const Journal journal = journal_of(ledger);
  expect_sound(journal);
  EXPECT_TRUE(journal.differences.empty());
  EXPECT_EQ(balance(journal, "Assets:Bank:Checking"), Decimal::of("-15.00"));
  EXPECT_EQ(balance(journal, "Assets:Bank"), Decimal::of("-15.00"));
}

TEST(Journal, WhatTheDocumentsDoNotExplainIsNamedAndKeptApart) {
  Ledger ledger = two_customers();
  ledger.invoices.push_back(invoice("1", "80.00", "79.99"));
  const Journal journal = journal_of(ledger);
  expect_sound(journal);
  ASSERT_EQ(journal.differences.size(), 1U);
  EXPECT_NE(journal.differences[0].find("EUR -0.01"), std::string::npos) << journal.differences[0];
  EXPECT_EQ(balance(journal, "Equity:Unexplained"), Decimal::of("0.01"));
}

TEST(Journal, VoidDocumentsKeepTheirNumberAndMoveNothing) {
  Ledger ledger = two_customers();
  ledger.invoices.push_back(
      of("invoice", "1", R"({"number":"7","status":"void","customer":"58","issued_on":"2026-03-14",
      "currency":"EUR","total":"80.00","open_balance":"80.00"})"));
  ledger.credit_notes.push_back(of("credit_note", "2", R"({"number":"8","status":"void","customer":"58",
      "issued_on":"2026-03-14","currency":"EUR","total":"80.00"})"));
  ledger.payments.push_back(of("payment", "3", R"({"status":"void","customer":"58","received_on":"2026-03-14",
      "currency":"EUR","amount":"80.00"})"));
  const Journal journal = journal_of(ledger);
  expect_sound(journal);
  EXPECT_EQ(journal.transactions.size(), 3U);
  for (const auto& [key, amount] : balances_of(journal)) EXPECT_TRUE(amount.is_zero()) << key.first;
}

TEST(Journal, DraftsReturnsAndDocumentsWithoutDateOrCurrencyAreLeftOutByName) {
  Ledger ledger = two_customers();
  ledger.invoices.push_back(
      of("invoice", "1", R"({"status":"draft","customer":"58","issued_on":"2026-03-14","currency":"EUR"})"));
  ledger.invoices.push_back(of("invoice", "2", R"({"customer":"58","currency":"EUR","total":"1.00"})"));
  ledger.invoices.push_back(of("invoice", "3", R"({"customer":"58","issued_on":"2026-03-14","total":"1.00"})"));
  ledger.credit_notes.push_back(of("credit_note", "4", R"({"customer":"58"})"));
  ledger.payments.push_back(
      of("payment", "5",
         R"({"status":"returned","customer":"58","received_on":"2026-03-14","amount":"1.00","currency":"EUR"})"));
  ledger.refunds.push_back(of("refund", "6", R"({"customer":"58","amount":"1.00"})"));
  const Journal journal = journal_of(ledger);
  EXPECT_TRUE(journal.transactions.empty());
  const std::vector<std::string> expected{"invoice 1 is a draft",      "invoice 2 has no date",
                                          "invoice 3 has no currency", "credit note 4 has no date",
                                          "payment 5 was returned",    "refund 6 has no date"};
  EXPECT_EQ(journal.left_out, expected);
}

TEST(Journal, APaymentOfTheParentSettlesTheInvoiceOfTheChild) {
  Ledger ledger = two_customers();
  ledger.customers.push_back(of("company", "60", R"({"name":"Alfreds, Bonn","parent":"58"})"));
  ledger.invoices.push_back(invoice("1", "80.00", "30.00", "60"));
  ledger.credit_notes.push_back(of("credit_note", "2", R"({"customer":"60","issued_on":"2026-03-20","currency":"EUR",
      "total":"20.00","remaining_credit":"0.00"})"));
  ledger.payments.push_back(payment("30.00", "0.00", "1", "50.00"));
  const Journal journal = journal_of(ledger);
  expect_sound(journal);
  EXPECT_TRUE(journal.differences.empty());
  EXPECT_EQ(balance(journal, "Assets:Receivable:Alfreds, Bonn"), Decimal::of("30.00"));
}

TEST(Journal, CurrenciesAreNeverAddedUp) {
  Ledger ledger = two_customers();
  ledger.invoices.push_back(invoice("1", "80.00", "80.00"));
  ledger.invoices.push_back(
      of("invoice", "2",
         R"({"customer":"58","issued_on":"2026-03-14","currency":"JPY","total":"1000","open_balance":"1000"})"));
  const Journal journal = journal_of(ledger);
  expect_sound(journal);
  EXPECT_EQ(balance(journal, kAlfreds, "JPY"), Decimal(1000));
  EXPECT_EQ(balance(journal, kAlfreds, "EUR"), Decimal(80));
  const std::string text = journal_text(journal, JournalFormat::hledger, "Books");
  EXPECT_NE(text.find("commodity 1000. JPY\n"), std::string::npos) << text;
  EXPECT_NE(text.find("commodity 1000.00 EUR\n"), std::string::npos);
  EXPECT_NE(text.find("Assets:Receivable:Alfreds Futterkiste  1000 JPY\n"), std::string::npos);
}

TEST(Journal, NamesCannotSpeakTheLanguageOfTheJournal) {
  Ledger ledger = two_customers();
  ledger.customers.push_back(of("company", "61", R"({"name":"Twice  "})"));
  ledger.customers.push_back(of("company", "62", R"({"name":"Twice"})"));
  ledger.invoices.push_back(invoice("1", "80.00", "80.00", "59", R"(,"memo":"x")"));
  ledger.invoices.push_back(invoice("2", "1.00", "1.00", "61"));
  ledger.invoices.push_back(invoice("3", "1.00", "1.00", "62"));
  ledger.invoices.push_back(invoice("4", "1.00", "1.00", "77"));
  const std::string text = journal_text(journal_of(ledger), JournalFormat::ledger, "Books\nof many");
  EXPECT_NE(text.find("account Assets:Receivable:Chop-suey Chinese Bern ꞉ main\n"), std::string::npos) << text;
  EXPECT_NE(text.find("account Assets:Receivable:Twice #61\n"), std::string::npos);
  EXPECT_NE(text.find("account Assets:Receivable:Twice #62\n"), std::string::npos);
  EXPECT_NE(text.find("account Assets:Receivable:Customer 77\n"), std::string::npos);
  EXPECT_TRUE(text.starts_with("; Books of many\n"));
}

TEST(Journal, TheTextEndsWithTheBalancesThatTheDocumentsState) {
  Ledger ledger = two_customers();
  ledger.invoices.push_back(invoice("1", "80.00", "30.00"));
  ledger.payments.push_back(payment("70.00", "20.00", "1", "50.00"));
  EXPECT_EQ(journal_text(journal_of(ledger), JournalFormat::hledger, "Books"),
            "; Books\n\ncommodity 1000.00 EUR\naccount Assets:Receivable:Alfreds Futterkiste\n"
            "account Assets:Undeposited Funds\naccount Income:Sales\n"
            "account Liabilities:Customer Credit:Alfreds Futterkiste\n\n"
            "2026-03-14 * (INV-1) Alfreds Futterkiste  ; invoice 1, due 2026-04-13\n"
            "    Assets:Receivable:Alfreds Futterkiste  80.00 EUR\n    Income:Sales  -80.00 EUR\n\n"
            "2026-04-02 * Alfreds Futterkiste  ; payment 9\n    Assets:Undeposited Funds  70.00 EUR\n"
            "    Assets:Receivable:Alfreds Futterkiste  -50.00 EUR\n"
            "    Liabilities:Customer Credit:Alfreds Futterkiste  -20.00 EUR\n\n"
            "2026-04-02 * Balances as the documents state them\n"
            "    Assets:Receivable:Alfreds Futterkiste  0.00 EUR = 30.00 EUR\n"
            "    Liabilities:Customer Credit:Alfreds Futterkiste  0.00 EUR = -20.00 EUR\n\n");
}

}  // namespace
}  // namespace tieout::books
