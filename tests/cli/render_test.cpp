// What people see: a plan with its money, a tally that adds up, a verdict.
#include "cli/render.hpp"

#include <gtest/gtest.h>

#include "cli/to_json.hpp"

namespace tieout::cli {
namespace {

decide::Change invoice(const std::string& deal, const std::string& title, const char* amount) {
  decide::Change change;
  change.flow = "invoices";
  change.type = "invoice";
  change.source_name = "deal " + deal;
  change.title = title;
  change.currency = "EUR";
  change.amount = Decimal::of(amount);
  return change;
}

decide::Plan plan_of_three() {
  decide::Plan plan;
  plan.changes = {invoice("9120", "Spring order · Alfreds Futterkiste", "1086.00"),
                  invoice("9121", "Bólido Comidas", "982.5")};
  decide::Change update;
  update.kind = ports::WriteKind::update;
  update.type = "company";
  update.title = "Bólido Comidas";
  update.target_name = "58";
  update.steps = {{"payment_terms", "Net 30", "Net 45", "owner: books"}};
  plan.changes.push_back(update);
  plan.withheld = {{ports::RecordId{7}, "deal 9133", "Autumn", ports::State::held, "deal.line.no_product",
                    "line 2 has no product link"}};
  plan.calls = {{"books", 57}, {"crm", 0}};
  plan.estimated_seconds = 9;
  plan.seal();
  return plan;
}

TEST(RenderPlan, ShowsEachChangeItsMoneyAndTheTotals) {
  const decide::Plan plan = plan_of_three();
  const std::string text = render_plan(plan, {}, Terminal{});
  EXPECT_NE(text.find("  +  invoice  Spring order · Alfreds Futterkiste  EUR  1,086.00  from deal 9120\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  +  invoice  Bólido Comidas                      EUR    982.50  from deal 9121\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("payment_terms Net 30 → Net 45 (owner: books)"), std::string::npos) << text;
  EXPECT_NE(text.find("!  deal 9133 held  Autumn  line 2 has no product link"), std::string::npos) << text;
  EXPECT_NE(text.find("Plan: 2 to create, 1 to change, 0 to void, 1 held.  EUR 2,068.50 new receivables."),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("57 calls to books · about 9 s.   Apply exactly this: tieout apply " + plan.id),
            std::string::npos)
      << text;
}

TEST(RenderPlan, AnUndoSaysWhatItReversesAndWhatStays) {
  decide::Plan plan;
  plan.undoes = "plan-7f3a09c1";
  decide::Change voided = invoice("9120", "1042", "1086.00");
  voided.kind = ports::WriteKind::void_document;
  voided.why = "void: unpaid, not sent, period open";
  decide::Change credit = invoice("9121", "for invoice 1043", "100.50");
  credit.type = "credit_note";
  credit.why = "credit what is not paid yet, dated 2026-11-22";
  decide::Change payment = voided;
  payment.type = "payment";
  payment.title = "receipt/9120/1";
  payment.amount = Decimal::of("40");
  plan.changes = {payment, voided, credit};
  plan.withheld = {{ports::RecordId{7}, "payment 88", "CHK 7", ports::State::held, "undo.payment.deposited",
                    "payment of EUR 5.00 is part of bank deposit 9"}};
  plan.calls = {{"books", 3}};
  plan.seal();
  EXPECT_TRUE(plan.id.starts_with("undo-"));
  const std::string text = render_plan(plan, {}, Terminal{});
  EXPECT_NE(text.find("  -  invoice      1042              EUR  1,086.00  void: unpaid, not sent, period open\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  +  credit note  for invoice 1043  EUR    100.50  credit what is not paid yet"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("Undo of plan-7f3a09c1: 2 to void, 1 to credit, 0 to change back, 1 can not be undone.  EUR "
                      "1,186.50 receivables reversed.  EUR 40.00 payments reversed.\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("Apply exactly this: tieout apply " + plan.id), std::string::npos) << text;
  const auto again = decide::plan_from_json(decide::to_json(plan));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->id, plan.id);
  EXPECT_EQ(again->undoes, plan.undoes);
  EXPECT_EQ(again->changes[1].why, voided.why);
  plan.unapply = true;
  plan.seal();
  EXPECT_NE(plan.id, again->id) << "another rule is another plan";
}

TEST(RenderPlan, LongListsAreCutUnlessAllIsAsked) {
  decide::Plan plan;
  for (int i = 0; i < 30; ++i) plan.changes.push_back(invoice(std::to_string(i), "Order " + std::to_string(i), "1.00"));
  plan.seal();
  const std::string some = render_plan(plan, {}, Terminal{});
  EXPECT_NE(some.find("… and 22 more"), std::string::npos) << some;
  EXPECT_EQ(some.find("Order 29"), std::string::npos);
  const std::string all = render_plan(plan, {.every_change = true, .apply_as = ""}, Terminal{});
  EXPECT_NE(all.find("Order 29"), std::string::npos);
}

TEST(RenderPlan, AnEmptyPlanSaysSo) {
  decide::Plan plan;
  plan.seal();
  const std::string text = render_plan(plan, {}, Terminal{});
  EXPECT_NE(text.find("nothing to apply"), std::string::npos) << text;
  EXPECT_EQ(text.find("tieout apply"), std::string::npos) << text;
}

TEST(RenderTally, CallsOutARecordWithoutState) {
  ports::Tally deals;
  deals.type = "deal";
  deals.count = {0, 828, 2, 0, 0};
  EXPECT_EQ(render_tally({deals}, 830, Terminal{}).find("have a state"), std::string::npos);
  EXPECT_NE(render_tally({deals}, 831, Terminal{}).find("831 records are in scope, but 830 have a state"),
            std::string::npos);
}

TEST(RenderTieOut, PutsBothSidesBesideEachOther) {
  engine::TieOut tie_out;
  tie_out.ties_out = false;
  tie_out.verdict = "The sides differ by USD 0.01.";
  engine::CurrencyTotals usd;
  usd.invoices = 830;
  usd.invoiced_crm = Decimal::of("1330735.98");
  usd.invoiced_books = Decimal::of("1330735.97");
  tie_out.totals["USD"] = usd;
  const std::string text = render_tie_out(tie_out, false, Terminal{});
  EXPECT_NE(text.find("830 invoices  USD  1,330,735.98  1,330,735.97        0.01\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("The sides differ by USD 0.01.\n"));
}

TEST(ReportsInJson, KeepAmountsAsText) {
  engine::TieOut tie_out;
  engine::CurrencyTotals eur;
  eur.invoiced_crm = Decimal::of("10.10");
  eur.invoiced_books = Decimal::of("10.10");
  tie_out.totals["EUR"] = eur;
  const json::Value value = to_json(tie_out);
  EXPECT_TRUE(value["totals"]["EUR"]["invoiced"]["crm"].is_string());
  EXPECT_EQ(value["totals"]["EUR"]["invoiced"]["crm"].text(), "10.10");
  EXPECT_EQ(value["totals"]["EUR"]["invoiced"]["difference"].text(), "0.00");
}

}  // namespace
}  // namespace tieout::cli
