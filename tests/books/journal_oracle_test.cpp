// Independent opinions on the books: after a round over the Northwind data, with people paying, part-paying,
// overpaying, crediting and voiding, hledger and ledger read the exported journal and must come to our balances, and to
// those that QuickBooks itself shows with each customer, to the cent.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>

#include "../engine/world.hpp"
#include "books/journal.hpp"
#include "books/journal_names.hpp"

namespace tieout::books {
namespace {

struct Answer {
  int status = -1;
  std::string text;
};

Answer run(const std::string& command) {
  Answer out;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 65536> buffer;
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.text.append(buffer.data(), n);
  out.status = pclose(pipe);
  return out;
}

/// "amount currency|account" lines, as both programs are asked to print.
Balances read_balances(const std::string& text) {
  Balances out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t bar = line.find('|');
    const std::size_t blank = line.find(' ');
    if (bar == std::string::npos) continue;
    const auto amount = Decimal::parse(line.substr(0, std::min(blank, bar)));
    EXPECT_TRUE(amount) << line;
    if (amount && !amount->is_zero()) out[{line.substr(bar + 1), line.substr(blank + 1, bar - blank - 1)}] += *amount;
  }
  return out;
}

Balances hledger_balances(const std::string& file) {
  const Answer answer = run("hledger -f " + file + " balance --flat --layout=bare -O csv --no-total");
  EXPECT_EQ(answer.status, 0) << answer.text;
  std::string text;
  std::istringstream lines(answer.text);  // "account","commodity","balance"
  std::getline(lines, text);
  text.clear();
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find("\",\""), second = line.rfind("\",\"");
    text += line.substr(second + 3, line.size() - second - 4) + " " + line.substr(first + 3, second - first - 3) + "|" +
            line.substr(1, first - 1) + "\n";
  }
  return read_balances(text);
}

Balances ledger_balances(const std::string& file) {
  const Answer answer =
      run("ledger -f " + file +
          " --strict --pedantic --no-color register --format '%(quantity(amount)) %(commodity(amount))|%(account)\\n'");
  EXPECT_EQ(answer.status, 0) << answer.text.substr(0, 2000);
  return read_balances(answer.text);
}

Balances without_zeros(Balances balances) {
  std::erase_if(balances, [](const auto& one) { return one.second.is_zero(); });
  return balances;
}

std::string invoice_where(engine::World& world, std::size_t index, const char* field) {
  return world.books_query("Invoice", " where Balance > '0' orderby Id").at(index)[field].text();
}

void people_work_in_the_books(engine::World& world) {
  const auto pay = [&](std::size_t index, const std::string& amount) {
    const auto answer = world.quickbooks->handle(
        sandbox::make_request("POST", "/_sandbox/pay",
                              R"({"invoice":")" + invoice_where(world, index, "Id") + "\"" +
                                  (amount.empty() ? "" : R"(,"amount":")" + amount + "\"") + "}"));
    ASSERT_EQ(answer.status, 200) << answer.body;
  };
  pay(0, "");
  pay(3, "1.23");
  pay(5, "7.00");
  const auto post = [&](const std::string& target, const std::string& body) {
    const auto answer = world.books_call("POST", target, body);
    ASSERT_EQ(answer.status, 200) << answer.body;
  };
  const json::Value open = world.books_query("Invoice", " where Balance > '0' orderby Id").at(7);
  const std::string customer = open["CustomerRef"]["value"].text();
  // Overpaid: what is open, and ten more.
  const Decimal paid = Decimal::of(open["Balance"].text()) + Decimal(10);
  post("/payment", R"({"CustomerRef":{"value":")" + customer + R"("},"TotalAmt":)" + paid.to_text() +
                       R"(,"Line":[{"Amount":)" + open["Balance"].text() + R"(,"LinkedTxn":[{"TxnId":")" +
                       open["Id"].text() + R"(","TxnType":"Invoice"}]}]})");
  const std::string item = open["Line"].items()[0]["SalesItemLineDetail"]["ItemRef"]["value"].text();
  post(
      "/creditmemo",
      R"({"CustomerRef":{"value":")" + customer +
          R"("},"Line":[{"Amount":33.33,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":")" +
          item + R"("}}}]})");
  const json::Value wrong = world.books_query("Invoice", " where Balance > '0' orderby Id").at(9);
  post("/invoice?operation=void",
       R"({"Id":")" + wrong["Id"].text() + R"(","SyncToken":")" + wrong["SyncToken"].text() + "\"}");
}

TEST(JournalOracle, HledgerLedgerAndQuickBooksComeToOurBalances) {
  ASSERT_EQ(run("hledger --version").status, 0) << "hledger is not installed (packages.txt, group test)";
  ASSERT_EQ(run("ledger --version").status, 0) << "ledger is not installed (packages.txt, group test)";
  engine::World world;
  engine::must(world.engine->sync());
  engine::accept_all(*world.engine);
  engine::rename_taken(*world.engine);
  engine::must(world.engine->sync());
  people_work_in_the_books(world);
  engine::must(world.engine->sync());

  const Ledger ledger = engine::must(read_ledger(*world.store));
  const Journal journal = journal_of(ledger);
  EXPECT_TRUE(journal.differences.empty()) << journal.differences.front();
  EXPECT_TRUE(journal.left_out.empty()) << journal.left_out.front();
  EXPECT_GT(ledger.invoices.size(), 500U);
  EXPECT_GE(ledger.payments.size(), 4U);
  EXPECT_EQ(ledger.credit_notes.size(), 1U);
  const Balances ours = without_zeros(balances_of(journal));

  const std::string hledger_file = (world.folder / "books.hledger").string();
  std::ofstream(hledger_file) << journal_text(journal, JournalFormat::hledger, "Northwind");
  const Answer check = run("hledger -f " + hledger_file + " check --strict");
  EXPECT_EQ(check.status, 0) << check.text.substr(0, 2000);
  EXPECT_EQ(hledger_balances(hledger_file), ours);

  const std::string ledger_file = (world.folder / "books.ledger").string();
  std::ofstream(ledger_file) << journal_text(journal, JournalFormat::ledger, "Northwind");
  EXPECT_EQ(ledger_balances(ledger_file), ours);

  // QuickBooks' own word, customer by customer: what is owed less what stands to the customer's credit.
  const AccountNames names(ledger);
  int compared = 0;
  for (const json::Value& customer : world.books_query("Customer")) {
    const std::string id = customer["Id"].text();
    Decimal booked;
    for (const std::string& account : {names.receivable(id), names.credit(id)})
      for (const auto& [key, amount] : ours)
        if (key.first == account) booked += amount;
    EXPECT_EQ(booked, Decimal::of(customer["Balance"].text_or("0"))) << customer["DisplayName"].text();
    compared += booked.is_zero() ? 0 : 1;
  }
  EXPECT_GT(compared, 80);
  std::printf("%zu transactions, %d customers with a balance: hledger, ledger and QuickBooks agree to the cent\n",
              journal.transactions.size(), compared);
}

TEST(JournalOracle, AWrongCentIsRefusedByBothPrograms) {
  const std::string file = testing::TempDir() + "wrong.journal";
  for (const auto format : {JournalFormat::hledger, JournalFormat::ledger}) {
    Journal journal;
    journal.transactions.push_back({Date{std::chrono::year{2026} / 3 / 14},
                                    "1",
                                    "A",
                                    "",
                                    {{"Assets:Receivable:A", "EUR", Decimal::of("1.00"), std::nullopt},
                                     {"Income:Sales", "EUR", Decimal::of("-1.00"), std::nullopt}}});
    journal.stated[{"Assets:Receivable:A", "EUR"}] = Decimal::of("1.01");
    std::ofstream(file) << journal_text(journal, format, "wrong");
    const std::string program =
        format == JournalFormat::hledger ? "hledger -f " + file + " check" : "ledger -f " + file + " balance";
    EXPECT_NE(run(program).status, 0);
  }
  std::remove(file.c_str());
}

}  // namespace
}  // namespace tieout::books
