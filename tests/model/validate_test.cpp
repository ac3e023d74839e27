#include <gtest/gtest.h>

#include "model/record.hpp"

namespace tieout::model {
namespace {

/// "code field" of each fault, one a line.
std::string faults(const char* type, std::string_view json) {
  const auto record = from_json(type_named(type), json);
  EXPECT_TRUE(record) << record.error().what;
  std::string out;
  for (const Fault& fault : validate(*record)) out += fault.code + " " + fault.field + "\n";
  return out;
}

TEST(Validate, TakesAGoodRecord) {
  EXPECT_EQ(faults("invoice", R"({"customer":"58","currency":"JPY","total":"1005","status":"open"})"), "");
}

TEST(Validate, MissesRequiredFields) {
  EXPECT_EQ(faults("company", "{}"), "model.field.required company.name\n");
  EXPECT_EQ(faults("company", R"({"name":null})"), "model.field.required company.name\n");
  EXPECT_EQ(faults("company", R"({"name":""})"), "model.field.required company.name\n");
}

TEST(Validate, EdgeCase010MoreDigitsThanTheCurrencyHasAreRefused) {
  EXPECT_EQ(faults("deal", R"({"name":"x","currency":"EUR","amount":"0.30000000000000004"})"),
            "model.amount.too_precise deal.amount\n");
  EXPECT_EQ(faults("deal", R"({"name":"x","currency":"JPY","amount":"1000.4"})"),
            "model.amount.too_precise deal.amount\n");
  EXPECT_EQ(faults("deal", R"({"name":"x","currency":"KWD","amount":"1.234"})"), "");
  EXPECT_EQ(faults("deal", R"({"name":"x","currency":"EUR","amount":"1.2300"})"), "");
}

TEST(Validate, LinesAreInTheCurrencyOfTheirDocument) {
  EXPECT_EQ(
      faults("invoice", R"({"customer":"5","currency":"EUR","lines":[{"net_amount":"1.00"},{"net_amount":"1.005"}]})"),
      "model.amount.too_precise invoice.lines[1].net_amount\n");
}

TEST(Validate, FindsEverythingThatIsWrong) {
  EXPECT_EQ(faults("invoice",
                   R"({"currency":"EURO","status":"lost","number":")" + std::string(51, 'x') + R"(","lines":[{}]})"),
            "model.currency.unknown invoice.currency\n"
            "model.field.too_long invoice.number\n"
            "model.choice.unknown invoice.status\n"
            "model.field.required invoice.customer\n"
            "model.field.too_long invoice.currency\n"
            "model.field.required invoice.lines[0].net_amount\n");
}

TEST(Validate, LengthsCountCharactersNotBytes) {
  std::string name;
  for (int i = 0; i < 500; ++i) name += "ü";
  EXPECT_EQ(faults("company", R"({"name":")" + name + R"("})"), "");
  EXPECT_EQ(faults("company", R"({"name":")" + name + R"(ü"})"), "model.field.too_long company.name\n");
}

TEST(Validate, TextMustBeUtf8) {
  Record record(type_named("company"));
  record.set("name", Value::text("\xC3\x28"));
  ASSERT_EQ(validate(record).size(), 1u);
  EXPECT_EQ(validate(record)[0].code, "model.text.not_utf8");
}

TEST(Validate, KindsAreChecked) {
  Record record(type_named("company"));
  record.set("name", Value::integer(5));
  ASSERT_EQ(validate(record).size(), 1u);
  EXPECT_EQ(validate(record)[0].code, "model.field.kind");
}

}  // namespace
}  // namespace tieout::model
