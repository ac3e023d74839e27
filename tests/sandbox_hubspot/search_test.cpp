#include "fixture.hpp"

namespace tieout {
namespace {

using test::Portal;
using test::Reply;

Reply search(Portal& portal, const std::string& body, const std::string& type = "companies") {
  return portal.post("/crm/v3/objects/" + type + "/search", body);
}

std::string where(const std::string& property, const std::string& op, const std::string& value) {
  return R"({"filterGroups":[{"filters":[{"propertyName":")" + property + R"(","operator":")" + op + R"(",)" + value +
         "}]}]}";
}

class HubspotSearch : public ::testing::Test {
 protected:
  void SetUp() override {
    a = portal.make("companies", R"({"name":"Alfreds Futterkiste","city":"Berlin","annualrevenue":"100"})");
    b = portal.make("companies", R"({"name":"Bólido Comidas","city":"Madrid","annualrevenue":"20.50"})");
    c = portal.make("companies", R"({"name":"Berglunds","annualrevenue":"20.5"})");
  }
  std::int64_t count(const std::string& property, const std::string& op, const std::string& value) {
    const Reply found = search(portal, where(property, op, value));
    return found.status == 200 ? found["total"].as_int() : -found.status;
  }
  Portal portal;
  std::string a, b, c;
};

TEST_F(HubspotSearch, EveryOperator) {
  EXPECT_EQ(count("city", "EQ", R"("value":"berlin")"), 1);
  EXPECT_EQ(count("city", "NEQ", R"("value":"Berlin")"), 2);
  EXPECT_EQ(count("annualrevenue", "EQ", R"("value":"20.500")"), 2);  // by number, not by text
  EXPECT_EQ(count("annualrevenue", "GT", R"("value":"20.5")"), 1);
  EXPECT_EQ(count("annualrevenue", "GTE", R"("value":"20.5")"), 3);
  EXPECT_EQ(count("annualrevenue", "LT", R"("value":"100")"), 2);
  EXPECT_EQ(count("annualrevenue", "LTE", R"("value":"100")"), 3);
  EXPECT_EQ(count("annualrevenue", "BETWEEN", R"("value":"20","highValue":"99")"), 2);
  EXPECT_EQ(count("city", "IN", R"("values":["berlin","madrid"])"), 2);
  EXPECT_EQ(count("city", "NOT_IN", R"("values":["berlin"])"), 2);
  EXPECT_EQ(count("city", "HAS_PROPERTY", R"("value":"")"), 2);
  EXPECT_EQ(count("city", "NOT_HAS_PROPERTY", R"("value":"")"), 1);
  EXPECT_EQ(count("name", "CONTAINS_TOKEN", R"("value":"futter*")"), 1);
  EXPECT_EQ(count("name", "CONTAINS_TOKEN", R"("value":"futter")"), 0);
  EXPECT_EQ(count("name", "NOT_CONTAINS_TOKEN", R"("value":"alfreds")"), 2);
  EXPECT_EQ(count("hs_object_id", "EQ", R"("value":")" + b + "\""), 1);
  EXPECT_EQ(count("hs_object_id", "GT", R"("value":")" + a + "\""), 2);
}

TEST_F(HubspotSearch, WhatIsWrongIsRefused) {
  EXPECT_EQ(count("nonsense", "EQ", R"("value":"1")"), -400);
  EXPECT_EQ(count("city", "LIKE", R"("value":"1")"), -400);
  EXPECT_EQ(count("city", "IN", R"("value":"1")"), -400);
  EXPECT_EQ(count("city", "EQ", R"("values":["x"])"), -400);
  EXPECT_EQ(search(portal, R"({"limit":201})").status, 400);
  EXPECT_EQ(search(portal, R"({"after":"10000"})").status, 400);
  EXPECT_EQ(search(portal, R"({"after":"9999"})").status, 200);
}

TEST_F(HubspotSearch, GroupsAreAlternatives) {
  const Reply found = search(portal, R"({"filterGroups":[
    {"filters":[{"propertyName":"city","operator":"EQ","value":"Berlin"},{"propertyName":"annualrevenue","operator":"GT","value":"1000"}]},
    {"filters":[{"propertyName":"city","operator":"EQ","value":"Madrid"}]}]})");
  ASSERT_EQ(found["total"].as_int(), 1);
  EXPECT_EQ(found["results"].items()[0]["id"].text(), b);
}

TEST_F(HubspotSearch, SortsAndPages) {
  const Reply first =
      search(portal, R"({"sorts":[{"propertyName":"annualrevenue","direction":"DESCENDING"}],"limit":2})");
  EXPECT_EQ(first["total"].as_int(), 3);
  EXPECT_EQ(first["results"].items()[0]["id"].text(), a);
  EXPECT_EQ(first["paging"]["next"]["after"].text(), "2");
  const Reply second = search(portal, R"({"sorts":["-annualrevenue"],"limit":2,"after":"2"})");
  ASSERT_EQ(second["results"].size(), 1u);
  EXPECT_EQ(second["paging"].is_null(), true);
}

TEST_F(HubspotSearch, QueryLooksAtWordBeginnings) {
  EXPECT_EQ(search(portal, R"({"query":"ber"})")["total"].as_int(), 1);
  EXPECT_EQ(search(portal, R"({"query":"alf fut"})")["total"].as_int(), 1);
}

TEST_F(HubspotSearch, ADeltaSeesWhatChangedAndNothingElse) {
  const Instant before = portal.now;
  portal.now += Milliseconds{1000};
  portal.patch("/crm/v3/objects/companies/" + b, R"({"properties":{"city":"Sevilla"}})");
  const auto since = [&](Instant at) {
    return search(portal,
                  R"({"filterGroups":[{"filters":[{"propertyName":"hs_lastmodifieddate","operator":"GTE","value":")" +
                      std::to_string(to_ms(at)) + R"("}]}],"sorts":["hs_lastmodifieddate"],"limit":200})");
  };
  const Reply changed = since(before + Milliseconds{1});
  ASSERT_EQ(changed["total"].as_int(), 1);
  EXPECT_EQ(changed["results"].items()[0]["id"].text(), b);
  EXPECT_EQ(since(before)["total"].as_int(), 3);
  EXPECT_EQ(since(portal.now + Milliseconds{1})["total"].as_int(), 0);
  portal.erase("/crm/v3/objects/companies/" + b);  // archived ones are not found
  EXPECT_EQ(since(before)["total"].as_int(), 2);
}

TEST_F(HubspotSearch, ModifiedOrderAgreesWithOtherFilters) {
  portal.now += Milliseconds{5};
  portal.patch("/crm/v3/objects/companies/" + a, R"({"properties":{"annualrevenue":"7"}})");
  const Reply found = search(portal, R"({"filterGroups":[{"filters":[
      {"propertyName":"hs_lastmodifieddate","operator":"GT","value":"0"},{"propertyName":"annualrevenue","operator":"LT","value":"21"}]}],
      "sorts":[{"propertyName":"hs_lastmodifieddate","direction":"ASCENDING"}],"limit":2})");
  EXPECT_EQ(found["total"].as_int(), 3);
  ASSERT_EQ(found["results"].size(), 2u);
  EXPECT_EQ(found["results"].items()[0]["id"].text(), b);
  EXPECT_EQ(found["results"].items()[1]["id"].text(), c);
}

TEST_F(HubspotSearch, TheIndexRunsBehindWhenTold) {
  portal.post("/_sandbox/settings", R"({"index_delay_ms":5000})");
  portal.now += Milliseconds{10'000};
  const std::string d = portal.make("companies", R"({"name":"Dora"})");
  EXPECT_EQ(search(portal, R"({})")["total"].as_int(), 3);
  EXPECT_EQ(portal.get("/crm/v3/objects/companies/" + d).status, 200);  // only searches run behind
  portal.now += Milliseconds{5'000};
  EXPECT_EQ(search(portal, R"({})")["total"].as_int(), 4);
}

TEST(HubspotSearchWindow, EndsAtTenThousand) {
  Portal portal("generated:10500");
  const std::string sorted =
      R"("filterGroups":[{"filters":[{"propertyName":"hs_lastmodifieddate","operator":"GTE","value":"0"}]}],"sorts":["hs_lastmodifieddate"],"limit":200)";
  const Reply last = search(portal, "{" + sorted + R"(,"after":"9800"})");
  EXPECT_EQ(last["total"].as_int(), 10'500);
  EXPECT_EQ(last["results"].size(), 200u);
  EXPECT_EQ(last["paging"]["next"]["after"].text(), "10000");
  EXPECT_EQ(search(portal, "{" + sorted + R"(,"after":"10000"})").status, 400);
}

}  // namespace
}  // namespace tieout
