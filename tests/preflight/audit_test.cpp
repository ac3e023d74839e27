#include "prove/preflight_audit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace tieout::prove {
namespace {

using model::Record;
using model::Value;

/// A company with nothing to say against it, so that each test shows one trouble.
Record company(std::string_view name) {
  Record record(model::type_named("company"));
  record.set("name", Value::text(name))
      .set("billing_street", Value::text("1 High St"))
      .set("billing_city", Value::text("Lima"));
  record.set("billing_country", Value::text("Peru")).set("billing_postal_code", Value::text("15001"));
  return record;
}

Record with(Record record, std::string_view field, std::string_view text) {
  return record.set(field, Value::text(text));
}

Record won_deal(std::string_view name, const char* amount) {
  Record line(model::type_named("deal_line"));
  line.set("quantity", Value::decimal(Decimal::of("2")))
      .set("unit_price", Value::decimal(Decimal::of("5.00")))
      .set("product", Value::text("11"));
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

AuditReport audit_of(std::vector<Named> crm, std::vector<Named> books = {}) {
  AuditInput input;
  input.crm_companies = std::move(crm);
  input.books_companies = std::move(books);
  return audit(input);
}

/// The kinds found, for tests that want exactly these.
std::string kinds(const AuditReport& report) {
  std::string out;
  for (const auto& [kind, number] : report.by_kind) out += kind + "=" + std::to_string(number) + " ";
  return out;
}

TEST(Audit, CleanRecordsScoreOneHundred) {
  AuditInput input;
  input.crm_companies = {{"1", company("Around the Horn")}};
  input.deals = {{"7", won_deal("good", "10.00")}};
  const AuditReport report = audit(input);
  EXPECT_EQ(kinds(report), "");
  EXPECT_EQ(report.score, 100);
  EXPECT_EQ(report.records, 2);
  EXPECT_EQ(audit(AuditInput{}).score, 100) << "nothing read, nothing wrong";
}

TEST(Audit, FindsTheSameCompanyTypedTwice) {
  const auto report = audit_of(
      {{"10", company("AROUND THE HORN")}, {"9", company("Around the Horn Ltd.")}, {"3", company("Antonio Moreno")}});
  ASSERT_EQ(kinds(report), "duplicate_name=1 ");
  EXPECT_EQ(report.findings[0].record, "company 10") << "the smaller id is the first, whatever came first";
  EXPECT_NE(report.findings[0].what.find("company 9"), std::string::npos);
}

TEST(Audit, FindsNamesThatAreNearlyTheSame) {
  const auto report = audit_of({{"1", company("Blauer See Delikatessen")},
                                {"2", company("Blauer See Delikatesen")},
                                {"3", company("Antonio Moreno")}});
  ASSERT_EQ(kinds(report), "similar_name=1 ");
  EXPECT_EQ(report.findings[0].record, "company 2");
}

TEST(Audit, Edge101AndEdge102KeysSharedWithinASide) {
  const auto report =
      audit_of({{"1", with(with(company("North"), "tax_id", "DE 136 695 976"), "domain", "www.acme.example")},
                {"2", with(with(company("South"), "tax_id", "de136695976"), "domain", "https://acme.example/shop")},
                {"3", with(company("East"), "email", "a@gmail.com")},
                {"4", with(company("West"), "email", "b@gmail.com")},
                {"5", with(company("Zenith"), "email", "ap@zenith.example")},
                {"6", with(company("Quasar"), "email", "ar@zenith.example")}});
  EXPECT_EQ(count(report, "duplicate_tax_id"), 1);
  EXPECT_EQ(count(report, "duplicate_domain"), 1);
  EXPECT_EQ(count(report, "same_email_domain"), 1) << "at a mail provider everybody is; that says nothing";
}

TEST(Audit, ComparesTheSidesBySureKeys) {
  const Record crm = with(with(with(company("Alfreds Futterkiste"), "customer_number", "ALFKI"), "currency", "EUR"),
                          "tax_id", "DE136695976");
  const Record books =
      with(with(with(company("Alfred's Futterkiste GmbH"), "customer_number", "alfki"), "currency", "USD"), "tax_id",
           "DE129273398");
  const auto report = audit_of({{"1", crm}}, {{"58", books}});
  EXPECT_EQ(kinds(report), "currency_differs=1 name_spelling=1 tax_id_country=2 tax_id_differs=1 ");
  const auto name = std::find_if(report.findings.begin(), report.findings.end(),
                                 [](const Finding& f) { return f.kind == "name_spelling"; });
  EXPECT_EQ(name->severity, Severity::note) << "only the spelling differs";
  EXPECT_NE(name->what.find("customer 58, same customer number"), std::string::npos);
}

TEST(Audit, Edge100ANameAloneMeansThatAPersonIsAsked) {
  const auto report = audit_of(
      {{"1", company("Bólido Comidas preparadas")}, {"2", company("Wolski Zajazd")}, {"3", company("Ernst Handel")}},
      {{"58", company("Bolido Comidas Preparadas, S.A.")}, {"59", company("Wolsky Zajazd")}});
  EXPECT_EQ(kinds(report), "same_name_across=1 similar_name_across=1 ");
}

TEST(Audit, TaxIdsAreHeldAgainstTheirCountry) {
  const auto in = [](const char* country, const char* id) {
    return with(with(with(company(country), "billing_country", country), "tax_id", id), "billing_postal_code", "");
  };
  const auto report = audit_of({{"1", in("Germany", "DE12")},
                                {"2", in("Austria", "ATU13585626")},
                                {"3", in("France", "")},
                                {"4", in("Peru", "20100070970")},
                                {"5", in("Netherlands", "DE136695976")}});
  EXPECT_EQ(count(report, "tax_id_malformed"), 1);
  EXPECT_EQ(count(report, "tax_id_check_digit"), 1);
  EXPECT_EQ(count(report, "tax_id_missing"), 1);
  EXPECT_EQ(count(report, "tax_id_country"), 1);
  EXPECT_EQ(count(report, "postal_code_missing"), 5);
}

TEST(Audit, AddressesAndMail) {
  const auto report = audit_of({{"1", with(company("A Company One"), "billing_country", "Atlantis")},
                                {"2", with(company("Second Firm"), "billing_country", "USA")},
                                {"3", with(company("Third Shop"), "billing_street", "")},
                                {"4", with(company("Fourth Farm"), "email", "not a mail")},
                                {"5", with(company("Fifth Press "), "name", " Fifth  Press")},
                                {"6", with(company("x"), "name", "--")}});
  EXPECT_EQ(kinds(report),
            "address_incomplete=1 country_unknown=1 email_malformed=1 name_blanks=1 name_missing=1 region_missing=1 ");
}

TEST(Audit, CurrenciesAndTermsMustExistInTheBooks) {
  AuditInput input;
  input.crm_companies = {{"1", with(with(company("Eastern Connection"), "currency", "GBP"), "payment_terms", "Net 45")},
                         {"2", with(with(company("Odd Thing"), "currency", "ZZZ"), "payment_terms", "net30")},
                         {"3", with(company("Zagreb Foods"), "currency", "HRK")}};
  input.books_currencies = {"USD", "EUR", "HRK"};
  input.books_terms = {"Net 30"};
  EXPECT_EQ(kinds(audit(input)),
            "currency_not_enabled=1 currency_retired=1 currency_unknown=1 terms_spelling=1 terms_unknown=1 ");
}

TEST(Audit, ProductsByTheirSku) {
  const auto product = [](const char* name, const char* sku, const char* price) {
    Record record(model::type_named("product"));
    record.set("name", Value::text(name)).set("sku", Value::text(sku));
    if (*price != '\0') record.set("unit_price", Value::decimal(Decimal::of(price)));
    return record;
  };
  AuditInput input;
  input.crm_products = {{"1", product("Chai", "A 1", "18.00")},
                        {"2", product("Chang", "a1", "19.00")},
                        {"3", product("Aniseed", "", "")},
                        {"4", product("CHAI", "B2", "18.000")}};
  input.books_products = {{"9", product("Chai", "A1", "18.50")}, {"8", product("Tea", "B2", "18")}};
  EXPECT_EQ(kinds(audit(input)),
            "duplicate_product_name=1 duplicate_sku=1 price_differs=2 price_missing=1 sku_missing=1 ");
}

TEST(Audit, Edge047AndEdge048DealsThatCannotBecomeInvoices) {
  AuditInput input;
  input.crm_companies = {{"1", with(company("Around the Horn"), "currency", "GBP")}};
  Record no_lines = won_deal("no lines", "10.00"), lost = won_deal("lost", "99.00"),
         nobody = won_deal("nobody's", "10.00"), other = won_deal("gone", "10.00");
  no_lines.set_records("lines", {});
  lost.set("is_won", Value::boolean(false));
  nobody.set("company", Value::absent());
  other.set("company", Value::text("404"));
  Record euro = with(won_deal("euro", "10.00"), "currency", "EUR");
  input.deals = {{"1", won_deal("good", "10.00")},
                 {"2", won_deal("bad", "12.00")},
                 {"3", no_lines},
                 {"4", lost},
                 {"5", nobody},
                 {"6", other},
                 {"7", euro}};
  const auto report = audit(input);
  EXPECT_EQ(kinds(report),
            "deal_amount_differs=1 deal_company_unknown=1 deal_currency_differs=1 deal_without_company=1 "
            "deal_without_lines=1 ");
  EXPECT_NE(report.findings[0].what.find("says 12.00, its lines add up to 10"), std::string::npos)
      << report.findings[0].what;
}

TEST(Audit, ADealLineWithoutAProductIsNotBookedToADefaultItem) {
  Record deal = won_deal("good", "10.00");
  std::vector<Record> lines = deal.records("lines");
  lines[0].set("product", Value::absent());
  deal.set_records("lines", lines);
  AuditInput input;
  input.deals = {{"1", deal}};
  EXPECT_EQ(kinds(audit(input)), "line_without_product=1 ");
}

TEST(Audit, TheScoreIsTheShareOfThirdsWithoutTrouble) {
  AuditInput input;
  input.crm_companies = {{"1", company("A Company One")},
                         {"2", with(company("Second Firm"), "email", "no mail")},
                         {"3", with(company("Third Shop"), "currency", "ZZZ")},
                         {"4", company("Fourth Farm")}};
  input.books_companies = {{"9", company("Ninth Mill")}};
  const auto report = audit(input);
  EXPECT_EQ(report.crm.score, 66) << "4 of 12 thirds lost";
  EXPECT_EQ(report.books.score, 100);
  EXPECT_EQ(report.score, 73) << "4 of 15";
  EXPECT_EQ(report.crm.blockers, 1);
  EXPECT_EQ(report.crm.warnings, 1);
  EXPECT_NE(report.crm.how.find("4 records could lose 12 thirds"), std::string::npos);
  ASSERT_EQ(report.fixes.size(), 2u);
  EXPECT_EQ(report.fixes[0].kind, "currency_unknown");
  EXPECT_EQ(report.fixes[0].points.to_text(), "25.00");
  EXPECT_EQ(report.fixes[1].kind, "email_malformed");
  EXPECT_EQ(report.fixes[1].points.to_text(), "8.33");
}

TEST(Audit, ListsAThousandOfAKindAndCountsThemAll) {
  std::vector<Named> crm;
  for (int i = 0; i < 1'500; ++i)
    crm.push_back({std::to_string(i), with(company("Firm " + std::to_string(i * 7919)), "currency", "ZZZ")});
  const auto report = audit_of(std::move(crm));
  EXPECT_EQ(count(report, "currency_unknown"), 1'500);
  EXPECT_EQ(report.crm.blockers, 1'500);
  EXPECT_EQ(std::count_if(report.findings.begin(), report.findings.end(),
                          [](const Finding& f) { return f.kind == "currency_unknown"; }),
            1'000);
  EXPECT_EQ(report.crm.score, 0);
}

TEST(Audit, Edge151TheSameReportInAnyOrder) {
  std::mt19937 random(2);
  std::vector<Named> crm, books;
  for (int i = 0; i < 400; ++i) {
    const auto name = "Company number " + std::to_string(random() % 300);
    crm.push_back({std::to_string(i), with(company(name), "tax_id", random() % 5 == 0 ? "DE136695976" : "")});
    books.push_back(
        {std::to_string(i), with(company(name + " Ltd"), "domain", random() % 9 == 0 ? "same.example" : "")});
  }
  const auto text = [](const AuditReport& report) {
    std::string out;
    for (const Finding& f : report.findings) out += f.kind + f.record + f.what + "\n";
    return out;
  };
  const std::string first = text(audit_of(crm, books));
  EXPECT_GT(first.size(), 1000u);
  for (int round = 0; round < 3; ++round) {
    std::shuffle(crm.begin(), crm.end(), random);
    std::shuffle(books.begin(), books.end(), random);
    ASSERT_EQ(text(audit_of(crm, books)), first);
  }
}

}  // namespace
}  // namespace tieout::prove
