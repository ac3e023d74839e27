#include <gtest/gtest.h>

#include <map>

#include "prove/preflight_audit.hpp"

namespace tieout::prove {
namespace {

using model::Record;
using model::Value;

std::map<std::string, FieldCheck> checklist(const AuditInput& input) {
  std::map<std::string, FieldCheck> fields;
  for (const FieldCheck& check : audit(input).fields) fields.emplace(check.field, check);
  return fields;
}

Named company(std::string id, std::string_view name) {
  Record record(model::type_named("company"));
  return {std::move(id), record.set("name", Value::text(name))};
}

TEST(FieldChecklist, HasEveryFieldOfTheDeclaration) {
  const auto fields = checklist({});
  for (const char* name : {"company", "product", "invoice", "invoice_line"})
    for (const auto& field : model::type_named(name).fields)
      EXPECT_TRUE(fields.contains(std::string(name) + "." + std::string(field.name))) << name << "." << field.name;
}

TEST(FieldChecklist, SaysWhatIsThereWhatIsDerivedAndWhatIsMissing) {
  Record line(model::type_named("deal_line"));
  line.set("quantity", Value::decimal(2)).set("sku", Value::text("A1"));
  Record deal(model::type_named("deal"));
  deal.set("name", Value::text("Spring order")).set("company", Value::text("1")).set_records("lines", {line, line});
  AuditInput input;
  input.crm_companies = {company("1", "A"), company("2", "B")};
  input.crm_companies[0].record.set("tax_id", Value::text("X1"));
  input.deals = {{"7", deal}};
  const auto fields = checklist(input);
  EXPECT_EQ(fields.at("company.name").availability, Availability::present);
  EXPECT_EQ(fields.at("company.tax_id").availability, Availability::present);
  EXPECT_EQ(fields.at("company.tax_id").how, "company.tax_id; 1 of 2 are empty");
  EXPECT_EQ(fields.at("company.billing_street").availability, Availability::missing);
  EXPECT_EQ(fields.at("company.currency").availability, Availability::derivable);
  EXPECT_EQ(fields.at("invoice.customer").availability, Availability::present);
  EXPECT_TRUE(fields.at("invoice.customer").is_required);
  EXPECT_EQ(fields.at("invoice.issued_on").availability, Availability::missing);
  EXPECT_EQ(fields.at("invoice.due_on").availability, Availability::derivable);
  EXPECT_EQ(fields.at("invoice.lines").availability, Availability::present);
  EXPECT_EQ(fields.at("invoice_line.quantity").of, 2);
  EXPECT_EQ(fields.at("invoice_line.quantity").filled, 2);
  EXPECT_EQ(fields.at("invoice_line.unit_price").availability, Availability::derivable);
}

/// A field that is declared later must not fall through to "missing" unnoticed.
TEST(FieldChecklist, EveryDocumentFieldSaysWhereItComesFrom) {
  for (const auto& [name, check] : checklist({})) {
    EXPECT_FALSE(check.how.empty()) << name;
    if (!name.starts_with("invoice") || name == "invoice.memo") continue;
    EXPECT_TRUE(check.availability == Availability::derivable || check.how.starts_with("fill "))
        << name << ": " << check.how;
  }
}

}  // namespace
}  // namespace tieout::prove
