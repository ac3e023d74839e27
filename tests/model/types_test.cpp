#include <gtest/gtest.h>

#include "base/json.hpp"
#include "model/record.hpp"
#include "model/schema.hpp"

namespace tieout::model {
namespace {

TEST(Types, EveryTypeOfTheModelIsDeclared) {
  for (const char* name :
       {"company",    "contact",      "product",      "price_list", "price",      "deal",   "deal_line",    "quote",
        "invoice",    "invoice_line", "credit_note",  "payment",    "allocation", "refund", "subscription", "project",
        "time_entry", "tax_code",     "payment_term", "currency",   "account",    "note"})
    EXPECT_TRUE(find_type(name)) << name;
  EXPECT_FALSE(find_type("unicorn"));
}

TEST(Types, EveryFieldSaysWhatItIs) {
  for (const RecordType* type : types()) {
    EXPECT_FALSE(type->doc.empty()) << type->name;
    for (const FieldDecl& field : type->fields) {
      EXPECT_FALSE(field.doc.empty()) << type->name << "." << field.name;
      EXPECT_NE(field.example.empty(), field.kind != FieldKind::list) << type->name << "." << field.name;
      if (field.kind == FieldKind::choice) {
        const auto words = field.choices();
        EXPECT_NE(std::find(words.begin(), words.end(), field.example), words.end()) << type->name << "." << field.name;
      }
      if (field.is_decimal()) {
        EXPECT_LE(Decimal::of(field.example).needed_scale(), field.limit);
      }
    }
  }
}

TEST(Types, PersonalDataIsMarked) {
  EXPECT_EQ(type_named("contact").find("family_name")->personal, Personal::identity);
  EXPECT_EQ(type_named("company").find("email")->personal, Personal::contact);
}

TEST(JsonSchema, OfEveryTypeIsJsonAndNamesItsFields) {
  for (const RecordType* type : types()) {
    const auto schema = json::parse(json_schema(*type));
    ASSERT_TRUE(schema) << type->name;
    for (const FieldDecl& field : type->fields)
      EXPECT_TRUE((*schema)["properties"].find(field.name)) << type->name << "." << field.name;
  }
  const auto invoice = json::parse(json_schema(type_named("invoice")));
  EXPECT_EQ((*invoice)["properties"]["total"]["pattern"].text(), "^-?[0-9]+(\\.[0-9]{1,4})?$");
  EXPECT_TRUE((*invoice)["$defs"].find("invoice_line"));
}

TEST(Closest, ProposesWhatWasProbablyMeant) {
  const std::vector<std::string_view> names{"name", "billing_city", "phone"};
  EXPECT_EQ(closest("nmae", names), "name");
  EXPECT_EQ(closest("city", names), "billing_city");
  EXPECT_EQ(closest("exchange", names), "");
}

}  // namespace
}  // namespace tieout::model
