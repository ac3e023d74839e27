#include <set>

#include "fixture.hpp"

namespace tieout {
namespace {

using test::Portal;

TEST(HubspotObjects, ACreatedRecordComesBackWithTextValuesOnly) {
  Portal portal;
  const auto made = portal.post(
      "/crm/v3/objects/deals",
      R"({"properties":{"dealname":"A","dealstage":"closedwon","amount":12.50,"closedate":"1780000000000"}})");
  ASSERT_EQ(made.status, 201) << made.raw.body;
  EXPECT_TRUE(made["properties"]["amount"].is_string());
  EXPECT_EQ(made["properties"]["amount"].text(), "12.50");
  EXPECT_EQ(made["properties"]["closedate"].text(), "2026-05-28T20:26:40.000Z");
  EXPECT_EQ(made["properties"]["pipeline"].text(), "default");
  EXPECT_EQ(made["properties"]["hs_is_closed_won"].text(), "true");
  const auto read =
      portal.get("/crm/v3/objects/0-3/" + made["id"].text() + "?properties=amount,nonsense&properties=description");
  EXPECT_EQ(read["properties"]["amount"].text(), "12.50");
  EXPECT_TRUE(read["properties"]["description"].is_null());
  EXPECT_EQ(read["properties"].find("nonsense"), nullptr);  // unknown names are ignored on read
}

TEST(HubspotObjects, AnUnknownPropertyIsRefusedOnWrite) {
  Portal portal;
  const auto refused = portal.post("/crm/v3/objects/companies", R"({"properties":{"name":"A","nonsense":"1"}})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused["category"].text(), "VALIDATION_ERROR");
  EXPECT_EQ(refused["errors"].items().at(0)["code"].text(), "PROPERTY_DOESNT_EXIST");
  EXPECT_TRUE(refused["message"].text().starts_with("Property values were not valid: [{\"isValid\":false"))
      << refused.raw.body;
  EXPECT_EQ(portal.writes(), 0);
}

TEST(HubspotObjects, ValuesAreCheckedByType) {
  Portal portal;
  const auto code = [&](const std::string& properties) {
    const auto refused = portal.post("/crm/v3/objects/deals", "{\"properties\":" + properties + "}");
    return refused.status == 400 ? refused["errors"].items().at(0)["code"].text() : std::to_string(refused.status);
  };
  EXPECT_EQ(code(R"({"dealname":"A","dealstage":"closedwon","amount":"twelve"})"), "INVALID_INTEGER");
  EXPECT_EQ(code(R"({"dealname":"A","dealstage":"closedwon","closedate":"soon"})"), "INVALID_LONG");
  EXPECT_EQ(code(R"({"dealname":"A","dealstage":"closedwon","required_date":"1780000000001"})"), "INVALID_DATE");
  EXPECT_EQ(code(R"({"dealname":"A","dealstage":"sold"})"), "INVALID_OPTION");
  EXPECT_EQ(code(R"({"dealname":"A","dealstage":"closedwon","hs_is_closed_won":"false"})"), "READ_ONLY_VALUE");
  EXPECT_EQ(code(R"({"dealname":"A"})"), "REQUIRED_PROPERTIES_MISSING");
}

TEST(HubspotObjects, AContactsEmailIsUnique) {
  Portal portal;
  const std::string id = portal.make("contacts", R"({"email":"a@example.com"})");
  const auto refused = portal.post("/crm/v3/objects/contacts", R"({"properties":{"email":"A@Example.com"}})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused["category"].text(), "CONFLICT");
  EXPECT_EQ(refused["message"].text(), "Contact already exists. Existing ID: " + id);
}

TEST(HubspotObjects, AUniquePropertyNamesARecord) {
  Portal portal;
  const std::string id = portal.make("companies", R"({"name":"A","customer_number":"ALFKI"})");
  EXPECT_EQ(portal.get("/crm/v3/objects/companies/ALFKI?idProperty=customer_number")["id"].text(), id);
  EXPECT_EQ(
      portal.patch("/crm/v3/objects/companies/alfki?idProperty=customer_number", R"({"properties":{"city":"Berlin"}})")
          .status,
      200);
  const auto refused =
      portal.post("/crm/v3/objects/companies", R"({"properties":{"name":"B","customer_number":"ALFKI"}})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused["message"].text().find(id + " already has that value"), std::string::npos) << refused.raw.body;
  // Taken away from the one, it is free for the other.
  EXPECT_EQ(portal.patch("/crm/v3/objects/companies/" + id, R"({"properties":{"customer_number":""}})").status, 200);
  EXPECT_EQ(portal.post("/crm/v3/objects/companies", R"({"properties":{"name":"B","customer_number":"ALFKI"}})").status,
            201);
}

TEST(HubspotObjects, ListsPageByCursorAndKeepArchivedOnesApart) {
  Portal portal;
  std::vector<std::string> ids;
  for (int i = 0; i < 25; ++i) ids.push_back(portal.make("companies", R"({"name":"A"})"));
  EXPECT_EQ(portal.erase("/crm/v3/objects/companies/" + ids[3]).status, 204);
  EXPECT_EQ(portal.erase("/crm/v3/objects/companies/99").status, 204);  // unknown: the same answer
  std::vector<std::string> seen;
  std::string after;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = portal.get("/crm/v3/objects/companies?limit=10" + (after.empty() ? "" : "&after=" + after));
    for (const auto& record : page["results"].items()) seen.push_back(record["id"].text());
    after = page["paging"]["next"]["after"].text();
    if (after.empty()) break;
  }
  EXPECT_EQ(seen.size(), 24u);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 24u);
  EXPECT_EQ(portal.get("/crm/v3/objects/companies/" + ids[3]).status, 404);
  const auto archived = portal.get("/crm/v3/objects/companies?archived=true");
  ASSERT_EQ(archived["results"].size(), 1u);
  EXPECT_FALSE(archived["results"].items()[0]["archivedAt"].text().empty());
  EXPECT_EQ(portal.get("/crm/v3/objects/companies?limit=101").status, 400);
}

TEST(HubspotObjects, ALineItemComputesItsNetAmountAndTakesAfterItsProduct) {
  Portal portal;
  const std::string product = portal.make("products", R"({"name":"Chai","price":"18.00","hs_sku":"NW-1"})");
  const auto line =
      portal.post("/crm/v3/objects/line_items", R"({"properties":{"hs_product_id":")" + product +
                                                    R"(","quantity":"3","hs_discount_percentage":"15"}})");
  EXPECT_EQ(line["properties"]["name"].text(), "Chai");
  EXPECT_EQ(line["properties"]["hs_sku"].text(), "NW-1");
  EXPECT_EQ(line["properties"]["amount"].text(), "45.9");
  const auto changed = portal.patch("/crm/v3/objects/line_items/" + line["id"].text(),
                                    R"({"properties":{"hs_discount_percentage":"","discount":"0.50"}})");
  EXPECT_EQ(changed["properties"]["amount"].text(), "52.5");
}

TEST(HubspotBatch, WithoutTraceIdsOneBadInputRefusesAll) {
  Portal portal;
  const auto refused = portal.post("/crm/v3/objects/companies/batch/create",
                                   R"({"inputs":[{"properties":{"name":"A"}},{"properties":{"nonsense":"B"}}]})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(portal.get("/crm/v3/objects/companies")["results"].size(), 0u);
}

TEST(HubspotBatch, WithTraceIdsTheGoodOnesAreDone) {
  Portal portal;
  const auto mixed = portal.post("/crm/v3/objects/companies/batch/create",
                                 R"({"inputs":[{"objectWriteTraceId":"t1","properties":{"name":"A"}},
                                               {"objectWriteTraceId":"t2","properties":{"nonsense":"B"}}]})");
  EXPECT_EQ(mixed.status, 207);
  EXPECT_EQ(mixed["results"].size(), 1u);
  EXPECT_EQ(mixed["results"].items()[0]["objectWriteTraceId"].text(), "t1");
  EXPECT_EQ(mixed["numErrors"].as_int(), 1);
  EXPECT_EQ(mixed["errors"].items()[0]["context"]["objectWriteTraceId"].items()[0].text(), "t2");
}

TEST(HubspotBatch, UpsertByUniquePropertySaysWhatIsNew) {
  Portal portal;
  const std::string upsert =
      R"({"inputs":[{"idProperty":"customer_number","id":"C1","properties":{"name":"A"}},
                    {"idProperty":"customer_number","id":"C2","properties":{"name":"B"}}]})";
  const auto first = portal.post("/crm/v3/objects/companies/batch/upsert", upsert);
  ASSERT_EQ(first.status, 200) << first.raw.body;
  EXPECT_TRUE(first["results"].items()[0]["new"].as_bool());
  const auto second = portal.post("/crm/v3/objects/companies/batch/upsert", upsert);
  EXPECT_FALSE(second["results"].items()[0]["new"].as_bool());
  EXPECT_EQ(second["results"].items()[0]["id"].text(), first["results"].items()[0]["id"].text());
  EXPECT_EQ(portal.get("/_sandbox/state")["objects"]["companies"].as_int(), 2);
}

TEST(HubspotBatch, ReadNamesWhatIsMissing) {
  Portal portal;
  const std::string id = portal.make("companies", R"({"name":"A"})");
  const auto read = portal.post(
      "/crm/v3/objects/companies/batch/read",
      R"({"properties":["name"],"propertiesWithHistory":[],"inputs":[{"id":")" + id + R"("},{"id":"42"}]})");
  EXPECT_EQ(read.status, 207);
  EXPECT_EQ(read["results"].size(), 1u);
  EXPECT_EQ(read["errors"].items()[0]["category"].text(), "OBJECT_NOT_FOUND");
  EXPECT_EQ(read["errors"].items()[0]["context"]["ids"].items()[0].text(), "42");
}

TEST(HubspotBatch, TakesAtMostAHundredAndNoIdTwice) {
  Portal portal;
  std::string inputs;
  for (int i = 0; i < 101; ++i) inputs += std::string(i ? "," : "") + R"({"properties":{"name":"A"}})";
  EXPECT_EQ(portal.post("/crm/v3/objects/companies/batch/create", "{\"inputs\":[" + inputs + "]}").status, 400);
  const std::string id = portal.make("companies", R"({"name":"A"})");
  const std::string one = R"({"id":")" + id + R"(","properties":{"city":"X"}})";
  EXPECT_EQ(portal.post("/crm/v3/objects/companies/batch/update", "{\"inputs\":[" + one + "," + one + "]}").status,
            400);
  EXPECT_EQ(portal.writes(), 1);
}

TEST(HubspotMerge, CompaniesGetANewIdAndTheOldOnesLeadToIt) {
  Portal portal;
  const std::string a = portal.make("companies", R"({"name":"A"})");
  const std::string b = portal.make("companies", R"({"name":"B","city":"Berlin"})");
  const std::string deal = portal.make("deals", R"({"dealname":"D","dealstage":"closedwon"})");
  portal.call("PUT", "/crm/v4/objects/deals/" + deal + "/associations/default/companies/" + b);
  const auto merged = portal.post("/crm/v3/objects/companies/merge",
                                  R"({"primaryObjectId":")" + a + R"(","objectIdToMerge":")" + b + R"("})");
  ASSERT_EQ(merged.status, 200) << merged.raw.body;
  EXPECT_NE(merged["id"].text(), a);
  EXPECT_NE(merged["id"].text(), b);
  EXPECT_EQ(merged["properties"]["name"].text(), "A");
  EXPECT_EQ(merged["properties"]["city"].text(), "Berlin");
  EXPECT_EQ(merged["properties"]["hs_merged_object_ids"].text(), a + ";" + b);
  EXPECT_EQ(portal.get("/crm/v3/objects/companies/" + b)["id"].text(), merged["id"].text());
  EXPECT_EQ(portal.get("/crm/v4/objects/deals/" + deal + "/associations/companies")["results"]
                .items()
                .at(0)["toObjectId"]
                .text(),
            merged["id"].text());
  EXPECT_EQ(portal.get("/crm/v3/objects/companies?archived=true")["results"].size(), 0u);
}

TEST(HubspotMerge, ContactsKeepThePrimaryIdAndGdprDeletionIsFinal) {
  Portal portal;
  const std::string a = portal.make("contacts", R"({"email":"a@example.com"})");
  const std::string b = portal.make("contacts", R"({"email":"b@example.com"})");
  const auto merged = portal.post("/crm/v3/objects/contacts/merge",
                                  R"({"primaryObjectId":")" + a + R"(","objectIdToMerge":")" + b + R"("})");
  EXPECT_EQ(merged["id"].text(), a);
  EXPECT_EQ(portal.post("/crm/v3/objects/contacts/gdpr-delete", R"({"objectId":"a@example.com","idProperty":"email"})")
                .status,
            204);
  EXPECT_EQ(portal.get("/crm/v3/objects/contacts/" + a + "?archived=true").status, 404);
  EXPECT_EQ(portal.get("/crm/v3/objects/contacts?archived=true")["results"].size(), 0u);
  EXPECT_EQ(portal.post("/crm/v3/objects/contacts", R"({"properties":{"email":"a@example.com"}})").status, 201);
}

}  // namespace
}  // namespace tieout
