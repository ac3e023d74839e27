// Reading and writing vendor records: what strangers send, and what must never be lost or invented on the way.
#include <gtest/gtest.h>

#include "mapping/mapping.hpp"

namespace tieout::mapping {
namespace {

class ObjectMappingTest : public testing::Test {
 protected:
  static const PackSet& packs() {
    static const auto loaded = PackSet::load_embedded();
    EXPECT_TRUE(loaded) << loaded.error().what;
    return *loaded;
  }
  Result<model::Record> read(const char* vendor, const char* object, std::string_view json) {
    return packs().find(vendor, object)->to_canonical(json, *packs().variables());
  }
};

TEST_F(ObjectMappingTest, KeepsAbsentNullAndEmptyApart) {
  const auto record = read("hubspot", "companies", R"({"properties":{"name":"A","phone":null,"city":""}})");
  ASSERT_TRUE(record) << record.error().what;
  EXPECT_TRUE(record->get("phone").is_null());
  EXPECT_TRUE(record->get("billing_city").is_text());
  EXPECT_TRUE(record->get("website").is_absent());
  EXPECT_TRUE(record->get("contact_email").is_absent());
}

TEST_F(ObjectMappingTest, AComputedFieldOfWhatWasNotSentIsAbsentToo) {
  const auto record = read("hubspot", "companies", R"({"properties":{"name":"A"}})");
  ASSERT_TRUE(record) << record.error().what;
  EXPECT_TRUE(record->get("billing_street").is_absent());
}

TEST_F(ObjectMappingTest, ReadsNumbersByTheirDigits) {
  const auto invoice = read("quickbooks", "Invoice",
                            R"({"TotalAmt":12345678901234567.89,"Balance":260.10,"CustomerRef":{"value":"1"}})");
  ASSERT_TRUE(invoice) << invoice.error().what;
  EXPECT_EQ(invoice->decimal("total").to_text(), "12345678901234567.89");
  EXPECT_EQ(invoice->decimal("open_balance").to_text(), "260.10");
}

TEST_F(ObjectMappingTest, RefusesWhatIsNoJsonObject) {
  for (const char* text : {"", "[]", "null", "{", "{\"properties\":", "<html>", "{\"properties\":{\"name\":\"A\"}",
                           "{} {}", "{\"properties\":{\"name\":\"\xFF\"}}"}) {
    const auto record = read("hubspot", "companies", text);
    ASSERT_FALSE(record) << text;
    EXPECT_EQ(record.error().code, "mapping.source.malformed") << text << ": " << record.error().what;
  }
}

TEST_F(ObjectMappingTest, SaysWhereAValueIsOfTheWrongKind) {
  const auto record =
      read("hubspot", "deals",
           R"({"properties":{"dealname":"x"},"line_items":[{"properties":{}},{"properties":{"price":"cheap"}}]})");
  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().code, "mapping.source.kind");
  EXPECT_EQ(record.error().field, "line_items[1].properties.price");
}

TEST_F(ObjectMappingTest, ANameWithEscapesIsStillThatName) {
  const auto record = read("hubspot", "companies", R"({"properties":{"na\u006de":"A"}})");
  ASSERT_TRUE(record) << record.error().what;
  EXPECT_EQ(record->text("name"), "A");
}

TEST_F(ObjectMappingTest, WritesWhatItReadsTheSameWay) {
  const char* json =
      R"({"Id":"5","DisplayName":"Acme","Active":true,"BillAddr":{"Line1":"a","Line2":"b","City":"c"},"PrimaryPhone":{"FreeFormNumber":"1"}})";
  const auto record = read("quickbooks", "Customer", json);
  ASSERT_TRUE(record) << record.error().what;
  const auto changes =
      packs().find("quickbooks", "Customer")->to_vendor_changes(*record, *record, *packs().variables());
  ASSERT_TRUE(changes) << changes.error().what;
  EXPECT_EQ(*changes, "");
}

TEST_F(ObjectMappingTest, TwoLongNamesThatBeginAlikeStayTwoNames) {
  const auto* items = packs().find("quickbooks", "Item");
  model::Record a(model::type_named("product")), b(model::type_named("product"));
  const std::string stem(120, 'x');
  a.set("name", model::Value::text(stem + "a")).set("income_account", model::Value::text("1"));
  b.set("name", model::Value::text(stem + "b")).set("income_account", model::Value::text("1"));
  const auto first = items->to_vendor(a, *packs().variables());
  const auto second = items->to_vendor(b, *packs().variables());
  ASSERT_TRUE(first && second) << (first ? second.error().what : first.error().what);
  const std::string one = json::parse(*first)->operator[]("Name").text();
  EXPECT_EQ(one.size(), 100u);
  EXPECT_NE(one, json::parse(*second)->operator[]("Name").text());
  EXPECT_EQ(*items->to_vendor(a, *packs().variables()), *first);
}

TEST_F(ObjectMappingTest, KnowsWhatItReadsAndWrites) {
  const auto* deals = packs().find("hubspot", "deals");
  EXPECT_TRUE(deals->reads("lines"));
  EXPECT_FALSE(deals->writes("lines"));
  EXPECT_TRUE(deals->writes("open_balance"));
  EXPECT_FALSE(packs().find("quickbooks", "Term")->writable());
  EXPECT_EQ(packs()
                .find("quickbooks", "Term")
                ->to_vendor(model::Record(model::type_named("payment_term")), *packs().variables())
                .error()
                .code,
            "mapping.read_only");
}

}  // namespace
}  // namespace tieout::mapping
