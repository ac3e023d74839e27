#include "observe/audit.hpp"

#include <gtest/gtest.h>

namespace tieout::observe {
namespace {

using model::Record;
using model::Value;

Record company(std::string_view name) {
  Record record(model::type_named("company"));
  record.set("name", Value::text(name));
  return record;
}

Record won_deal(std::string_view name, const char* amount) {
  Record line(model::type_named("deal_line"));
  line.set("quantity", Value::decimal(Decimal::of("2"))).set("unit_price", Value::decimal(Decimal::of("5.00"))).set("amount", Value::decimal(Decimal::of("10.00")));
  Record deal(model::type_named("deal"));
  deal.set("name", Value::text(name)).set("is_won", Value::boolean(true)).set("company", Value::text("1"));
  deal.set("closed_on", Value::date(*parse_date("2026-03-14"))).set("amount", Value::decimal(Decimal::of(amount)));
  deal.set_records("lines", {line});
  return deal;
}

std::int64_t count(const AuditReport& report, const std::string& kind) {
  const auto found = report.by_kind.find(kind);
  return found == report.by_kind.end() ? 0 : found->second;
}

TEST(Audit, FindsTheSameNameTypedTwice) {
  AuditInput input;
  input.crm_companies = {{"1", company("Around the Horn Ltd.")}, {"2", company("AROUND THE HORN")}, {"3", company("Antonio Moreno")}};
  const AuditReport report = audit(input);
  EXPECT_EQ(count(report, "duplicate_name"), 1);
  ASSERT_FALSE(report.findings.empty());
  EXPECT_EQ(report.findings.front().record, "company 2");
  EXPECT_NE(report.findings.front().what.find("company 1"), std::string::npos);
}

TEST(Audit, ChecksTaxIdsByCountry) {
  EXPECT_EQ(has_tax_id_form("DE129273398", "Germany"), true);
  EXPECT_EQ(has_tax_id_form("DE 129.273.398", "de"), true);
  EXPECT_EQ(has_tax_id_form("DE12927339", "Germany"), false);
  EXPECT_EQ(has_tax_id_form("ATU12345678", "Austria"), true);
  EXPECT_EQ(has_tax_id_form("NL123456789B01", "NL"), true);
  EXPECT_EQ(has_tax_id_form("FR12345", "France"), false);
  EXPECT_EQ(has_tax_id_form("EL123456789", "Greece"), true);
  EXPECT_EQ(has_tax_id_form("123", "Venezuela"), std::nullopt);

  Record wrong = company("Ottilies");
  wrong.set("tax_id", Value::text("DE12")).set("billing_country", Value::text("Germany"));
  Record none = company("Lehmanns");
  none.set("billing_country", Value::text("Germany"));
  AuditInput input;
  input.crm_companies = {{"1", wrong}, {"2", none}};
  const AuditReport report = audit(input);
  EXPECT_EQ(count(report, "tax_id_malformed"), 1);
  EXPECT_EQ(count(report, "tax_id_missing"), 1);
}

TEST(Audit, FindsNamesThatDifferAcrossTheSides) {
  Record crm = company("Alfreds Futterkiste");
  Record books = company("Alfred's Futterkiste GmbH");
  crm.set("customer_number", Value::text("ALFKI"));
  books.set("customer_number", Value::text("ALFKI"));
  AuditInput input;
  input.crm_companies = {{"1", crm}};
  input.books_companies = {{"58", books}};
  EXPECT_EQ(count(audit(input), "name_differs"), 1);
}

TEST(Audit, ADealWhoseLinesDoNotAddUpIsABlocker) {
  AuditInput input;
  input.deals = {{"7", won_deal("good", "10.00")}, {"8", won_deal("bad", "12.00")}};
  const AuditReport report = audit(input);
  ASSERT_EQ(count(report, "deal_amount_differs"), 1);
  EXPECT_EQ(report.findings.front().record, "deal 8");
  EXPECT_EQ(report.findings.front().severity, Severity::blocker);
  EXPECT_EQ(report.score, 50);
}

TEST(Audit, CurrenciesAndTermsMustExistInTheBooks) {
  Record record = company("Eastern Connection");
  record.set("currency", Value::text("GBP")).set("payment_terms", Value::text("Net 45"));
  Record odd = company("Odd");
  odd.set("currency", Value::text("ZZZ"));
  AuditInput input;
  input.crm_companies = {{"1", record}, {"2", odd}};
  input.books_currencies = {"USD", "EUR"};
  input.books_terms = {"Net 30"};
  const AuditReport report = audit(input);
  EXPECT_EQ(count(report, "currency_not_enabled"), 1);
  EXPECT_EQ(count(report, "currency_unknown"), 1);
  EXPECT_EQ(count(report, "terms_unknown"), 1);
}

TEST(Audit, SaysWhichFieldsTheCrmHasAndWhichAreDerived) {
  AuditInput input;
  input.crm_companies = {{"1", company("A")}};
  input.deals = {{"7", won_deal("good", "10.00")}};
  const AuditReport report = audit(input);
  const auto of = [&](std::string_view field) {
    for (const FieldCheck& check : report.fields)
      if (check.field == field) return check.availability;
    ADD_FAILURE() << field;
    return Availability::missing;
  };
  EXPECT_EQ(of("customer.name"), Availability::present);
  EXPECT_EQ(of("customer.tax_id"), Availability::missing);
  EXPECT_EQ(of("invoice.due_on"), Availability::derivable);
  EXPECT_EQ(of("invoice.lines"), Availability::present);
}

TEST(Audit, CleanRecordsScoreOneHundred) {
  AuditInput input;
  input.deals = {{"7", won_deal("good", "10.00")}};
  EXPECT_EQ(audit(input).score, 100);
  EXPECT_EQ(audit(AuditInput{}).score, 100);
}

}  // namespace
}  // namespace tieout::observe
