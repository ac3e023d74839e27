// What an undo may not do a second time, or by half: credit what another undo credited, bill again what stays paid,
// take a number off a deal whose invoice stands, move money for a reversal that does not follow, or leave a step out
// unsaid.
#include "world.hpp"

namespace tieout::engine {
namespace {

using ports::WriteKind;

/// The books, which refuse some writes for good.
struct Refusing final : ports::Connector {
  using Which = std::function<bool(const ports::WriteRequest&)>;
  ports::Connector& inner;
  Which which;
  Refusing(ports::Connector& connector, Which which_) : inner(connector), which(std::move(which_)) {}

  void write(std::span<const ports::WriteRequest> requests,
             const std::function<void(std::size_t, ports::WriteOutcome)>& done) override {
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (!which(requests[i])) {
        inner.write(requests.subspan(i, 1),
                    [&](std::size_t, ports::WriteOutcome outcome) { done(i, std::move(outcome)); });
        continue;
      }
      ports::WriteOutcome outcome;
      outcome.fault = Fault("quickbooks.rule", "a business rule of the company says no");
      done(i, std::move(outcome));
    }
  }
  Result<ports::AccountFacts> facts() override { return inner.facts(); }
  Result<ports::Page> pull(const std::string& cursor) override { return inner.pull(cursor); }
  void skip_known(Known known) override { inner.skip_known(std::move(known)); }
  Result<std::vector<ports::RawRecord>> read(const std::string& object, std::span<const std::string> ids) override {
    return inner.read(object, ids);
  }
  Result<std::vector<ports::Lookup>> look_up(std::span<const ports::WriteRequest> requests, Instant after) override {
    return inner.look_up(requests, after);
  }
  std::int64_t calls() const override { return inner.calls(); }
  int batch_size(const std::string& object, WriteKind kind) const override { return inner.batch_size(object, kind); }
  int calls_per_minute() const override { return inner.calls_per_minute(); }
};

struct UndoAgain : ::testing::Test {
  UndoAgain() : world({.hubspot_seed = "generated:3", .quickbooks_seed = "generated", .mapping_settings = {}}) {}

  void SetUp() override {
    must(world.engine->sync());
    must(world.engine->sync());
    first = world.books_query("Invoice").at(0);
    id = first["Id"].text();
    const std::string note = first["PrivateNote"].text();
    const std::size_t begin = note.find("deal/") + 5;
    deal = "deal " + note.substr(begin, note.find('/', begin) - begin);
  }
  json::Value invoice() { return world.books_query("Invoice", " where Id = '" + id + "'").at(0); }
  Decimal total() { return Decimal::of(first["TotalAmt"].text()); }
  Decimal open() { return Decimal::of(invoice()["Balance"].text()); }
  void pay(const std::string& amount) {
    const auto answer = world.quickbooks->handle(sandbox::make_request(
        "POST", "/_sandbox/pay", R"({"invoice":")" + id + R"(","amount":")" + amount + R"(","date":"2026-11-20"})"));
    ASSERT_EQ(answer.status, 200) << answer.body;
    must(world.engine->sync());
  }
  void send() {
    const auto sent = world.books_call("POST", "/invoice/" + id + "/send?sendTo=a%40b.example");
    ASSERT_EQ(sent.status, 200) << sent.body;
  }
  RunReport apply_refused(const decide::Plan& plan, Refusing::Which which) {
    Refusing books(*world.books, std::move(which));
    EngineSettings settings;
    settings.entity = "Northwind";
    settings.settle = Milliseconds{0};
    Engine engine(*world.store, Connection{"crm", "hubspot", world.crm.get(), ""},
                  Connection{"books", "quickbooks", &books, "9130357849"}, shipped_packs(), world.clock, settings);
    return must(engine.apply(plan));
  }
  std::string shown(const std::string& name) {
    return (*json::parse(world.crm_call("GET", "/crm/v3/objects/deals/" + deal.substr(5) + "?properties=" + name)
                             .body))["properties"][name]
        .text();
  }
  decide::Plan undo(bool unapply = false) { return must(world.engine->plan_undo(deal, unapply)); }
  static std::string told(const std::vector<decide::Withheld>& withheld) {
    std::string out;
    for (const auto& one : withheld) out += one.name + " " + one.code + ": " + one.reason + "\n";
    return out;
  }
  static std::int64_t count(const decide::Plan& plan, WriteKind kind, const std::string& type) {
    return std::count_if(plan.changes.begin(), plan.changes.end(),
                         [&](const auto& change) { return change.kind == kind && change.type == type; });
  }

  World world;
  json::Value first;
  std::string id, deal;
};

TEST_F(UndoAgain, ACreditNoteOfAnotherUndoIsAppliedNotMadeASecondTime) {
  send();
  const RunReport half = apply_refused(undo(), [](const auto& request) { return request.object == "Payment"; });
  EXPECT_FALSE(half.complete);
  EXPECT_TRUE(half.partly);
  ASSERT_EQ(world.books_query("CreditMemo").size(), 1u);
  EXPECT_EQ(open(), total());
  const decide::Plan again = undo();
  EXPECT_EQ(count(again, WriteKind::create, "credit_note"), 0);
  EXPECT_EQ(count(again, WriteKind::create, "payment"), 1) << told(again.withheld);
  const RunReport report = must(world.engine->apply(again));
  EXPECT_TRUE(report.complete) << told(report.withheld);
  EXPECT_EQ(world.books_query("CreditMemo").size(), 1u);
  EXPECT_TRUE(open().is_zero());
  EXPECT_TRUE(undo().changes.empty());
  EXPECT_TRUE(must(world.engine->reconcile()).ties_out);
}

TEST_F(UndoAgain, WhatStaysPaidIsNotBilledAgain) {
  pay("10.00");
  must(world.engine->apply(undo()));
  must(world.engine->sync());
  const auto refused = world.engine->reissue(deal, "ana");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "reissue.document_stands");
  // With the payment taken off, the rest is credited, too: now nothing of it stands.
  const decide::Plan rest = undo(true);
  EXPECT_EQ(count(rest, WriteKind::update, "payment"), 1) << told(rest.withheld);
  EXPECT_EQ(rest.reversed_receivables.at("USD"), Decimal::of("10.00"));
  must(world.engine->apply(rest));
  EXPECT_TRUE(open().is_zero());
  EXPECT_TRUE(world.engine->reissue(deal, "ana"));
  must(world.engine->sync());
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 4u);
  EXPECT_TRUE(must(world.engine->reconcile()).ties_out);
}

TEST_F(UndoAgain, ALaterDecisionDoesNotTakeTheRevisionBack) {
  must(world.engine->apply(undo()));
  must(world.engine->sync());
  must(world.engine->reissue(deal, "ana"));
  must(world.engine->retry(deal, "ben"));
  must(world.engine->sync());
  must(world.engine->sync());
  const auto now = world.books_query("Invoice");
  ASSERT_EQ(now.size(), 4u);
  std::int64_t second = 0;
  for (const json::Value& one : now)
    second += one["PrivateNote"].text().find("deal/" + deal.substr(5) + "/2") != std::string::npos ? 1 : 0;
  EXPECT_EQ(second, 1) << "the mark of the void invoice is used a second time";
  EXPECT_EQ(must(world.engine->explain(deal)).state, "in_sync");
}

TEST_F(UndoAgain, TheDealShowsItsNumberAsLongAsTheInvoiceStands) {
  const std::string number = shown("tieout_invoice_number");
  ASSERT_FALSE(number.empty());
  const decide::Plan plan = undo();
  ASSERT_EQ(count(plan, WriteKind::update, "deal"), 1);
  const RunReport report =
      apply_refused(plan, [](const auto& request) { return request.kind == WriteKind::void_document; });
  EXPECT_EQ(open(), total());
  EXPECT_EQ(shown("tieout_invoice_number"), number);
  EXPECT_TRUE(report.partly);
  EXPECT_NE(told(report.withheld).find("undo.waits"), std::string::npos) << told(report.withheld);
  must(world.engine->apply(undo()));
  EXPECT_EQ(shown("tieout_invoice_number"), "");
}

TEST_F(UndoAgain, AnUndoTakenUpOnAnotherDayIsTheSameUndo) {
  send();
  const decide::Plan plan = undo();
  // The day of the note is the open one; another day is no other step.
  world.clock.ahead += std::chrono::hours(24);
  const decide::Plan later = undo();
  ASSERT_EQ(plan.changes.size(), later.changes.size());
  for (std::size_t i = 0; i < plan.changes.size(); ++i)
    EXPECT_EQ(plan.changes[i].key(), later.changes[i].key()) << plan.changes[i].why;
}

TEST_F(UndoAgain, AStepThatIsNotInThePlanIsSaid) {
  send();
  const decide::Plan plan = undo();
  apply_refused(plan, [](const auto& request) { return request.object == "CreditMemo"; });
  pay("10.00");
  // Taken up again: the rest to credit is another one now, which nobody was shown.
  const RunReport report = must(world.engine->apply(plan));
  EXPECT_TRUE(world.books_query("CreditMemo").empty());
  EXPECT_FALSE(report.complete);
  EXPECT_TRUE(report.partly);
  EXPECT_NE(told(report.withheld).find("undo.moved"), std::string::npos) << told(report.withheld);
}

/// Its lines carry tax, as an accountant made it.
struct UndoTaxed : UndoAgain {
  void edit(const std::string& more) {
    const json::Value now = invoice();
    std::string line =
        R"({"Amount":100,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":")" +
        now["Line"].items().front()["SalesItemLineDetail"]["ItemRef"]["value"].text() +
        R"("},"TaxCodeRef":{"value":"TAX"}}})";
    const auto done = world.books_call("POST", "/invoice",
                                       R"({"sparse":true,"Id":")" + id + R"(","SyncToken":")" +
                                           now["SyncToken"].text() + R"(","Line":[)" + line + more + "]}");
    ASSERT_EQ(done.status, 200) << done.body;
    ASSERT_FALSE(Decimal::of(invoice()["TxnTaxDetail"]["TotalTax"].text()).is_zero()) << done.body;
    must(world.engine->sync());
  }
};

TEST_F(UndoTaxed, NoMoneyIsTakenOffAnInvoiceThatIsNotReversed) {
  edit("");
  pay("10.00");
  pay("5.00");
  // One of the payments can not be taken off: what is left to credit is a part, and taxed.
  const std::string payment = world.books_query("Payment").at(0)["Id"].text();
  std::string bank;
  for (const json::Value& account : world.books_query("Account"))
    if (account["AccountType"].text() == "Bank") bank = account["Id"].text();
  const auto deposit =
      world.books_call("POST", "/deposit",
                       R"({"DepositToAccountRef":{"value":")" + bank + R"("},"Line":[{"Amount":)" +
                           world.books_query("Payment").at(0)["TotalAmt"].text() + R"(,"LinkedTxn":[{"TxnId":")" +
                           payment + R"(","TxnType":"Payment","TxnLineId":"0"}]}]})");
  ASSERT_EQ(deposit.status, 200) << deposit.body;
  const decide::Plan plan = undo(true);
  EXPECT_NE(told(plan.withheld).find("undo.credit.taxed"), std::string::npos) << told(plan.withheld);
  EXPECT_EQ(count(plan, WriteKind::update, "payment"), 0);
}

TEST_F(UndoTaxed, ADiscountOnTheWholeOfATaxedInvoiceIsForAPersonToCredit) {
  edit(R"(,{"Amount":10,"DetailType":"DiscountLineDetail","DiscountLineDetail":{"PercentBased":false}})");
  send();
  const decide::Plan plan = undo();
  EXPECT_NE(told(plan.withheld).find("undo.credit.taxed"), std::string::npos) << told(plan.withheld);
  EXPECT_EQ(count(plan, WriteKind::create, "credit_note"), 0);
}

}  // namespace
}  // namespace tieout::engine
