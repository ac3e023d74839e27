// Undo as accounting: for each state of a document and of its period what is done about it, to the cent, also when
// answers get lost; that it is done once, not into a moved world, and that no sale is invoiced again by itself.
#include "world.hpp"

namespace tieout::engine {
namespace {

using ports::WriteKind;

struct Undo : ::testing::Test {
  Undo() : world({.hubspot_seed = "generated:3", .quickbooks_seed = "generated", .mapping_settings = {}}) {}

  void SetUp() override {
    run = must(world.engine->sync()).plan_id;
    must(world.engine->sync());
    invoices = world.books_query("Invoice");
    ASSERT_EQ(invoices.size(), 3u);
    deal = deal_of(invoices[0]);
  }

  static std::string deal_of(const json::Value& invoice) {
    const std::string note = invoice["PrivateNote"].text();
    const std::size_t begin = note.find("deal/") + 5;
    return note.substr(begin, note.find('/', begin) - begin);
  }
  json::Value invoice(const std::string& id) { return world.books_query("Invoice", " where Id = '" + id + "'").at(0); }
  std::string invoice_id() { return invoices[0]["Id"].text(); }
  Decimal total() { return Decimal::of(invoices[0]["TotalAmt"].text()); }
  Decimal open() { return Decimal::of(invoice(invoice_id())["Balance"].text()); }
  bool is_void() { return invoice(invoice_id())["PrivateNote"].text().find("Voided") != std::string::npos; }
  void pay(const std::string& amount) {
    const auto answer = world.quickbooks->handle(sandbox::make_request(
        "POST", "/_sandbox/pay",
        R"({"invoice":")" + invoice_id() + R"(","amount":")" + amount + R"(","date":"2026-11-20"})"));
    ASSERT_EQ(answer.status, 200) << answer.body;
    must(world.engine->sync());
  }
  void close_books(const std::string& date) {
    const auto answer =
        world.quickbooks->handle(sandbox::make_request("POST", "/_sandbox/close_books", R"({"date":")" + date + "\"}"));
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  void receipt(const std::string& amount) {
    const auto answer =
        world.crm_call("PATCH", "/crm/v3/objects/deals/" + deal,
                       R"({"properties":{"receipt_amount":")" + amount + R"(","receipt_date":"2026-11-20"}})");
    ASSERT_EQ(answer.status, 200) << answer.body;
    must(world.engine->sync());
    must(world.engine->sync());
    ASSERT_EQ(world.books_query("Payment").size(), 1u);
  }
  std::string shown(const std::string& name) {
    return (*json::parse(
        world.crm_call("GET", "/crm/v3/objects/deals/" + deal + "?properties=" + name).body))["properties"][name]
        .text();
  }
  std::string state_of(const std::string& record) {
    const Explanation explained = must(world.engine->explain(record));
    return explained.state + " " + explained.reason_code;
  }
  decide::Plan undo(bool unapply = false) { return must(world.engine->plan_undo("deal " + deal, unapply)); }
  static bool withholds(const decide::Plan& plan, const std::string& code) {
    for (const auto& one : plan.withheld)
      if (one.code == code) return true;
    return false;
  }
  static std::string withheld(const decide::Plan& plan) {
    std::string out;
    for (const auto& one : plan.withheld) out += one.name + " " + one.code + ": " + one.reason + "\n";
    return out;
  }
  static std::int64_t count(const decide::Plan& plan, WriteKind kind, const std::string& type) {
    return std::count_if(plan.changes.begin(), plan.changes.end(),
                         [&](const auto& change) { return change.kind == kind && change.type == type; });
  }
  void expect_tied_out() {
    const TieOut result = must(world.engine->reconcile());
    EXPECT_TRUE(result.ties_out) << result.verdict << "\n" << first_unexplained(result);
  }
  static std::string first_unexplained(const TieOut& result) {
    for (const auto& one : result.differences)
      if (!one.explained) return one.record + ": " + one.what;
    return "";
  }
  /// Nothing is done again by itself: not by a sync, not by a second undo.
  void expect_quiet() {
    const std::int64_t before = world.writes();
    must(world.engine->sync());
    must(world.engine->sync());
    EXPECT_TRUE(undo().changes.empty());
    EXPECT_EQ(world.writes(), before) << "the sale was written again";
    EXPECT_EQ(state_of("deal " + deal), "skipped undone");
  }

  World world;
  std::string run, deal;
  std::vector<json::Value> invoices;
};

TEST_F(Undo, AnUnpaidInvoiceInAnOpenPeriodIsVoidedAndTheDealShowsWhatItDid) {
  EXPECT_FALSE(shown("tieout_invoice_id").empty());
  const std::int64_t writes = world.writes();
  const decide::Plan plan = undo();
  EXPECT_EQ(world.writes(), writes) << "a plan writes nothing";
  EXPECT_TRUE(plan.id.starts_with("undo-"));
  EXPECT_EQ(count(plan, WriteKind::void_document, "invoice"), 1) << withheld(plan);
  EXPECT_EQ(count(plan, WriteKind::update, "deal"), 1);
  EXPECT_EQ(plan.changes.size(), 2u);
  EXPECT_EQ(plan.reversed_receivables.at("USD"), total());
  const RunReport report = must(world.engine->apply(plan));
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.written.voided, 1);
  EXPECT_TRUE(is_void());
  EXPECT_TRUE(open().is_zero());
  EXPECT_EQ(world.books_query("Invoice").size(), 3u) << "void keeps the document and its number";
  EXPECT_EQ(invoice(invoice_id())["DocNumber"].text(), invoices[0]["DocNumber"].text());
  EXPECT_EQ(shown("tieout_invoice_id"), "");
  EXPECT_EQ(shown("tieout_invoice_total"), "");
  expect_quiet();
  expect_tied_out();
}

TEST_F(Undo, APartlyPaidInvoiceIsCreditedForTheRest) {
  pay("10.00");
  const decide::Plan plan = undo();
  EXPECT_EQ(count(plan, WriteKind::create, "credit_note"), 1) << withheld(plan);
  EXPECT_EQ(count(plan, WriteKind::void_document, "invoice"), 0);
  EXPECT_EQ(plan.reversed_receivables.at("USD"), total() - Decimal::of("10.00"));
  EXPECT_TRUE(withholds(plan, "undo.paid_part"));
  must(world.engine->apply(plan));
  const auto credits = world.books_query("CreditMemo");
  ASSERT_EQ(credits.size(), 1u);
  EXPECT_EQ(Decimal::of(credits[0]["TotalAmt"].text()), total() - Decimal::of("10.00"));
  EXPECT_TRUE(Decimal::of(credits[0]["RemainingCredit"].text()).is_zero());
  EXPECT_TRUE(open().is_zero());
  EXPECT_FALSE(is_void());
  expect_quiet();
  expect_tied_out();
}

TEST_F(Undo, WithUnapplyThePaymentIsTakenOffAndTheInvoiceVoided) {
  pay("10.00");
  const decide::Plan plan = undo(true);
  EXPECT_EQ(count(plan, WriteKind::update, "payment"), 1) << withheld(plan);
  EXPECT_EQ(count(plan, WriteKind::void_document, "invoice"), 1);
  EXPECT_EQ(plan.reversed_receivables.at("USD"), total());
  must(world.engine->apply(plan));
  EXPECT_TRUE(is_void());
  const auto payment = world.books_query("Payment").at(0);
  EXPECT_EQ(Decimal::of(payment["UnappliedAmt"].text()), Decimal::of("10.00")) << "the money stays the customer's";
  EXPECT_TRUE(world.books_query("CreditMemo").empty());
  expect_quiet();
  expect_tied_out();
}

TEST_F(Undo, AFullyPaidInvoiceStaysAndSaysWhy) {
  pay(total().to_text());
  const decide::Plan plan = undo();
  EXPECT_TRUE(withholds(plan, "undo.invoice.paid")) << withheld(plan);
  EXPECT_TRUE(plan.changes.empty()) << "the deal goes on showing an invoice that stands";
}

TEST_F(Undo, AnInvoiceOfAClosedPeriodIsCreditedInTheOpenOne) {
  close_books("2026-10-31");
  const decide::Plan plan = undo();
  EXPECT_EQ(count(plan, WriteKind::create, "credit_note"), 1) << withheld(plan);
  EXPECT_EQ(count(plan, WriteKind::void_document, "invoice"), 0);
  EXPECT_EQ(plan.reversed_receivables.at("USD"), total());
  must(world.engine->apply(plan));
  const auto credits = world.books_query("CreditMemo");
  ASSERT_EQ(credits.size(), 1u);
  EXPECT_GT(credits[0]["TxnDate"].text(), "2026-10-31");
  EXPECT_EQ(Decimal::of(credits[0]["TotalAmt"].text()), total());
  EXPECT_TRUE(open().is_zero());
  EXPECT_EQ(Decimal::of(invoice(invoice_id())["TotalAmt"].text()), total()) << "nothing is written into the closed one";
  expect_quiet();
  expect_tied_out();
}

TEST_F(Undo, AnInvoiceThatTheCustomerHasIsCredited) {
  const auto sent = world.books_call("POST", "/invoice/" + invoice_id() + "/send?sendTo=a%40b.example");
  ASSERT_EQ(sent.status, 200) << sent.body;
  const decide::Plan plan = undo();
  EXPECT_EQ(count(plan, WriteKind::create, "credit_note"), 1) << withheld(plan);
  must(world.engine->apply(plan));
  EXPECT_TRUE(open().is_zero());
  EXPECT_FALSE(is_void());
  expect_quiet();
}

TEST_F(Undo, AReceiptIsVoidedBeforeItsInvoice) {
  receipt("1.00");
  const decide::Plan plan = undo();
  EXPECT_EQ(count(plan, WriteKind::void_document, "payment"), 1) << withheld(plan);
  EXPECT_EQ(count(plan, WriteKind::void_document, "invoice"), 1);
  EXPECT_EQ(plan.reversed_payments.at("USD"), Decimal::of("1.00"));
  EXPECT_EQ(plan.reversed_receivables.at("USD"), total());
  must(world.engine->apply(plan));
  EXPECT_TRUE(is_void());
  EXPECT_TRUE(Decimal::of(world.books_query("Payment").at(0)["TotalAmt"].text()).is_zero());
  EXPECT_EQ(state_of("crm payment " + deal + "/receipt"), "skipped undone");
  expect_quiet();
  expect_tied_out();
}

TEST_F(Undo, ADepositedReceiptStaysAndItsInvoiceIsCreditedForTheRest) {
  receipt("1.00");
  const std::string payment = world.books_query("Payment").at(0)["Id"].text();
  std::string bank;
  for (const json::Value& account : world.books_query("Account"))
    if (account["AccountType"].text() == "Bank") bank = account["Id"].text();
  const auto deposit = world.books_call("POST", "/deposit",
                                        R"({"DepositToAccountRef":{"value":")" + bank +
                                            R"("},"Line":[{"Amount":1.00,"LinkedTxn":[{"TxnId":")" + payment +
                                            R"(","TxnType":"Payment","TxnLineId":"0"}]}]})");
  ASSERT_EQ(deposit.status, 200) << deposit.body;
  const decide::Plan plan = undo();
  EXPECT_TRUE(withholds(plan, "undo.payment.deposited")) << withheld(plan);
  EXPECT_EQ(count(plan, WriteKind::void_document, "payment"), 0);
  EXPECT_EQ(plan.reversed_receivables.at("USD"), total() - Decimal::of("1.00"));
  must(world.engine->apply(plan));
  EXPECT_TRUE(open().is_zero());
}

TEST_F(Undo, AReceiptOfAClosedPeriodStays) {
  receipt("1.00");
  close_books("2026-11-20");
  const decide::Plan plan = undo();
  EXPECT_TRUE(withholds(plan, "undo.period.closed")) << withheld(plan);
  EXPECT_EQ(count(plan, WriteKind::void_document, "payment"), 0);
}

TEST_F(Undo, WhatWasPaidMeanwhileMakesThePlanStaleAndNothingIsWritten) {
  const decide::Plan plan = undo();
  pay("10.00");
  const std::int64_t writes = world.writes();
  const auto refused = world.engine->apply(plan);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "plan.stale");
  EXPECT_EQ(world.writes(), writes);
  EXPECT_FALSE(is_void());
}

TEST_F(Undo, WhatSomebodyChangedSinceIsNotOverwritten) {
  const auto edited =
      world.crm_call("PATCH", "/crm/v3/objects/deals/" + deal, R"({"properties":{"tieout_invoice_number":"mine"}})");
  ASSERT_EQ(edited.status, 200) << edited.body;
  const decide::Plan plan = undo();
  EXPECT_TRUE(withholds(plan, "undo.changed_since")) << withheld(plan);
  must(world.engine->apply(plan));
  EXPECT_EQ(shown("tieout_invoice_number"), "mine");
  EXPECT_EQ(shown("tieout_invoice_id"), "") << "the other fields have their old values";
}

TEST_F(Undo, AFieldOfACustomerGetsItsOldValueBackAndStaysQuiet) {
  const json::Value customer = world.books_query("Customer").at(0);
  const auto companies =
      *json::parse(world.crm_call("GET", "/crm/v3/objects/companies?limit=10&properties=name,phone").body);
  std::string company;
  for (const json::Value& one : companies["results"].items())
    if (one["properties"]["name"].text() == customer["DisplayName"].text()) company = one["id"].text();
  ASSERT_FALSE(company.empty());
  const std::string before = customer["PrimaryPhone"]["FreeFormNumber"].text();
  world.crm_call("PATCH", "/crm/v3/objects/companies/" + company, R"({"properties":{"phone":"+49 30 1234567"}})");
  const std::string changed = must(world.engine->sync()).plan_id;
  const decide::Plan plan = must(world.engine->plan_undo(changed, false));
  ASSERT_EQ(plan.changes.size(), 1u) << withheld(plan);
  EXPECT_EQ(plan.changes[0].steps.at(0).after, before);
  must(world.engine->apply(plan));
  EXPECT_EQ(world.books_query("Customer", " where Id = '" + customer["Id"].text() + "'")
                .at(0)["PrimaryPhone"]["FreeFormNumber"]
                .text(),
            before);
  EXPECT_EQ(must(world.engine->sync()).written.total(), 0) << "not carried over again by itself";
  // The undo is a run like any other: undone, the field has the new value again.
  const decide::Plan back = must(world.engine->plan_undo(plan.id, false));
  ASSERT_EQ(back.changes.size(), 1u) << withheld(back);
  must(world.engine->apply(back));
  EXPECT_EQ(world.books_query("Customer", " where Id = '" + customer["Id"].text() + "'")
                .at(0)["PrimaryPhone"]["FreeFormNumber"]
                .text(),
            "+49 30 1234567");
}

TEST_F(Undo, ARunIsTakenBackAsAWholeAndItsCustomersGoOutOfUse) {
  const decide::Plan plan = must(world.engine->plan_undo(run, false));
  EXPECT_EQ(count(plan, WriteKind::void_document, "invoice"), 3) << withheld(plan);
  EXPECT_EQ(count(plan, WriteKind::update, "company"), 3);
  Decimal all;
  for (const json::Value& one : invoices) all += Decimal::of(one["TotalAmt"].text());
  EXPECT_EQ(plan.reversed_receivables.at("USD"), all);
  must(world.engine->apply(plan));
  for (const json::Value& one : world.books_query("Invoice")) EXPECT_TRUE(Decimal::of(one["Balance"].text()).is_zero());
  EXPECT_TRUE(must(world.engine->plan_undo(run, false)).changes.empty());
  expect_quiet();
  expect_tied_out();
}

TEST_F(Undo, ACustomerThatOtherDocumentsReferToStays) {
  const std::string customer = invoices[0]["CustomerRef"]["value"].text();
  json::Value line = invoices[0]["Line"].items().front();
  const auto made = world.books_call("POST", "/invoice",
                                     R"({"CustomerRef":{"value":")" + customer + R"("},"Line":[)" + line.dump() + "]}");
  ASSERT_EQ(made.status, 200) << made.body;
  const decide::Plan plan = must(world.engine->plan_undo(run, false));
  EXPECT_TRUE(withholds(plan, "undo.party.referred")) << withheld(plan);
  EXPECT_EQ(count(plan, WriteKind::update, "company"), 2);
}

TEST_F(Undo, OnlyAPersonMakesANewInvoiceAndItIsTheNextRevision) {
  must(world.engine->apply(undo()));
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 3u);
  const ReviewItem item = must(world.engine->reissue("deal " + deal, "ana"));
  EXPECT_EQ(item.state, "pending");
  must(world.engine->sync());
  must(world.engine->sync());
  const auto now = world.books_query("Invoice");
  ASSERT_EQ(now.size(), 4u);
  int second = 0;
  for (const json::Value& one : now)
    if (one["PrivateNote"].text().find("deal/" + deal + "/2") != std::string::npos) {
      ++second;
      EXPECT_EQ(Decimal::of(one["TotalAmt"].text()), total());
    }
  EXPECT_EQ(second, 1);
  EXPECT_EQ(state_of("deal " + deal), "in_sync ");
  EXPECT_EQ(must(world.engine->sync()).written.total(), 0);
  const auto again = world.engine->reissue("deal " + deal, "ana");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "reissue.document_stands");
  expect_tied_out();
  // The second one can be taken back like the first.
  must(world.engine->apply(undo()));
  expect_quiet();
  expect_tied_out();
}

TEST_F(Undo, AnInvoiceVoidedInTheBooksCanBeIssuedAnew) {
  const json::Value now = invoice(invoice_id());
  const auto voided =
      world.books_call("POST", "/invoice?operation=void",
                       R"({"Id":")" + invoice_id() + R"(","SyncToken":")" + now["SyncToken"].text() + "\"}");
  ASSERT_EQ(voided.status, 200) << voided.body;
  must(world.engine->sync());
  EXPECT_EQ(state_of("deal " + deal), "held invoice.void");
  must(world.engine->reissue("deal " + deal, "ana"));
  must(world.engine->sync());
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 4u);
  EXPECT_EQ(state_of("deal " + deal), "in_sync ");
  expect_tied_out();
}

TEST_F(Undo, OfNothingIsAFault) {
  const auto nothing = world.engine->plan_undo("plan-00000000", false);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, "undo.nothing");
  const auto unknown = world.engine->plan_undo("deal 4711", false);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, "record.unknown");
}

/// Lost answers, refused requests and restarts at once: the effect is the same, and happens once.
class UndoUnderFaults : public ::testing::TestWithParam<int> {};

TEST_P(UndoUnderFaults, EndsWithEveryReceivableReversedOnce) {
  constexpr int kSales = 12;
  World world(
      {.hubspot_seed = "generated:" + std::to_string(kSales), .quickbooks_seed = "generated", .mapping_settings = {}});
  const std::string run = must(world.engine->sync()).plan_id;
  must(world.engine->sync());
  const auto before = world.books_query("Invoice");
  ASSERT_EQ(before.size(), static_cast<std::size_t>(kSales));
  // A third is partly paid: those are credited for the rest.
  Decimal paid, all;
  for (std::size_t i = 0; i < before.size(); ++i) {
    all += Decimal::of(before[i]["TotalAmt"].text());
    if (i % 3 != 0) continue;
    world.quickbooks->handle(sandbox::make_request(
        "POST", "/_sandbox/pay",
        R"({"invoice":")" + before[i]["Id"].text() + R"(","amount":"1.00","date":"2026-11-20"})"));
    paid += Decimal::of("1.00");
  }
  must(world.engine->sync());
  const decide::Plan plan = must(world.engine->plan_undo(run, false));
  EXPECT_EQ(plan.reversed_receivables.at("USD"), all - paid);
  const std::string seed = std::to_string(GetParam());
  world.faults(*world.quickbooks, R"({"seed":)" + seed + R"(,"rules":[
    {"kind":"lose_answer_after_commit","percent":25,"match":{"method":"POST"}},
    {"kind":"status_500_after_commit","percent":8,"match":{"method":"POST"}},
    {"kind":"lose_request","percent":8,"match":{"method":"POST"}}]})");
  world.faults(
      *world.hubspot,
      R"({"seed":)" + seed +
          R"(,"rules":[{"kind":"lose_answer_after_commit","percent":25,"match":{"method":"POST","path_prefix":"/crm/v3/objects/deals/batch/update"}}]})");
  for (int round = 0; round < 40; ++round) {
    const auto report = world.engine->apply(plan);
    if (round % 3 == 2) world.reopen();
    if (!report || !report->complete) continue;
    if (must(world.engine->plan_undo(run, false)).changes.empty()) break;
  }
  world.heal();
  must(world.engine->apply(plan));
  Decimal credited;
  for (const json::Value& credit : world.books_query("CreditMemo")) {
    credited += Decimal::of(credit["TotalAmt"].text());
    EXPECT_TRUE(Decimal::of(credit["RemainingCredit"].text()).is_zero());
  }
  int voided = 0;
  for (const json::Value& one : world.books_query("Invoice")) {
    EXPECT_TRUE(Decimal::of(one["Balance"].text()).is_zero()) << one["DocNumber"].text();
    if (one["PrivateNote"].text().find("Voided") != std::string::npos) ++voided;
  }
  EXPECT_EQ(voided, kSales - kSales / 3);
  EXPECT_EQ(world.books_query("CreditMemo").size(), static_cast<std::size_t>(kSales / 3)) << "one each, never two";
  must(world.engine->sync());
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), static_cast<std::size_t>(kSales));
  const TieOut result = must(world.engine->reconcile());
  EXPECT_TRUE(result.ties_out) << result.verdict;
}

INSTANTIATE_TEST_SUITE_P(Seeds, UndoUnderFaults, ::testing::Range(1, 9));

}  // namespace
}  // namespace tieout::engine
