// Plans: totals by currency, a digest over exactly what would be done, and no way to slip something in.
#include "decide/plan.hpp"

#include <gtest/gtest.h>

namespace tieout::decide {
namespace {

Change invoice(std::string source, std::string_view amount, std::string currency = "EUR") {
  Change change;
  change.flow = "invoices";
  change.kind = ports::WriteKind::create;
  change.side = ports::Side::books;
  change.type = "invoice";
  change.source_name = std::move(source);
  change.currency = std::move(currency);
  change.amount = Decimal::of(amount);
  return change;
}

Plan plan_of(std::vector<Change> changes) {
  Plan plan;
  plan.changes = std::move(changes);
  plan.seal();
  return plan;
}

TEST(Plan, AddsUpNewReceivablesPerCurrencyAndNeverAcross) {
  const Plan plan = plan_of({invoice("deal 1", "10.10"), invoice("deal 2", "0.05"), invoice("deal 3", "7", "USD")});
  EXPECT_EQ(plan.new_receivables.at("EUR"), Decimal::of("10.15"));
  EXPECT_EQ(plan.new_receivables.at("USD"), Decimal::of("7"));
}

TEST(Plan, SurvivesItsFile) {
  const Plan plan = plan_of({invoice("deal 1", "10.10"), invoice("deal 2", "0.05")});
  const auto again = plan_from_json(to_json(plan));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->id, plan.id);
  EXPECT_EQ(again->changes.size(), 2u);
  EXPECT_EQ(again->changes[0].key(), plan.changes[0].key());
}

TEST(Plan, AnEditedAmountIsRefused) {
  json::Value file = to_json(plan_of({invoice("deal 1", "10.10")}));
  file.find("changes")->items()[0].set("amount", json::Value::string("9999.99"));
  const auto again = plan_from_json(file);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "plan.tampered");
}

TEST(Plan, ARemovedChangeIsRefused) {
  json::Value file = to_json(plan_of({invoice("deal 1", "10.10"), invoice("deal 2", "5")}));
  file.find("changes")->items().pop_back();
  EXPECT_FALSE(plan_from_json(file));
}

TEST(Plan, AnotherDocumentIsNoPlan) {
  const auto value = json::parse(R"({"hello": 1})");
  ASSERT_TRUE(value);
  const auto plan = plan_from_json(*value);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, "plan.malformed");
}

TEST(Plan, TheSameAmountWithOtherZerosIsTheSameChange) {
  EXPECT_EQ(invoice("deal 1", "10.10").key(), invoice("deal 1", "10.1").key());
  EXPECT_NE(invoice("deal 1", "10.10").key(), invoice("deal 1", "10.11").key());
}

}  // namespace
}  // namespace tieout::decide
