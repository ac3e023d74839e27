// Signing in, limits, properties, pipelines, owners, the account itself.
#include "fixture.hpp"

namespace tieout {
namespace {

using sandbox::HubspotSandbox;
using test::Portal;

std::string refresh_form(const std::string& token, const std::string& secret = HubspotSandbox::kClientSecret) {
  return std::string("grant_type=refresh_token&client_id=") + HubspotSandbox::kClientId + "&client_secret=" + secret +
         "&refresh_token=" + token;
}

TEST(HubspotOauth, AccessTokensExpireAndRefreshTokensStay) {
  Portal portal;
  portal.token = HubspotSandbox::kAccessToken;
  EXPECT_EQ(portal.get("/crm/v3/owners/").status, 200);
  portal.now += Milliseconds{30 * 60'000};
  const auto expired = portal.get("/crm/v3/owners/");
  EXPECT_EQ(expired.status, 401);
  EXPECT_EQ(expired["category"].text(), "EXPIRED_AUTHENTICATION");
  for (const char* path : {"/oauth/v1/token", "/oauth/2026-03/token"}) {
    const auto fresh = portal.post(path, refresh_form(HubspotSandbox::kRefreshToken));
    ASSERT_EQ(fresh.status, 200) << fresh.raw.body;
    EXPECT_EQ(fresh["refresh_token"].text(), HubspotSandbox::kRefreshToken);
    EXPECT_EQ(fresh["expires_in"].as_int(), 1800);
    portal.token = fresh["access_token"].text();
    EXPECT_EQ(portal.get("/crm/v3/owners/").status, 200);
  }
}

TEST(HubspotOauth, RefusalsHaveTheirOwnWords) {
  Portal portal;
  EXPECT_EQ(portal.post("/oauth/v1/token", refresh_form("wrong"))["status"].text(), "BAD_REFRESH_TOKEN");
  EXPECT_EQ(portal.post("/oauth/v1/token", refresh_form(HubspotSandbox::kRefreshToken, "wrong"))["status"].text(),
            "BAD_CLIENT_SECRET");
  portal.token = "nobody";
  EXPECT_EQ(portal.get("/crm/v3/owners/")["category"].text(), "INVALID_AUTHENTICATION");
}

TEST(HubspotOauth, ACodeIsGoodOnce) {
  Portal portal;
  const auto consent =
      portal.get("/oauth/authorize?client_id=x&redirect_uri=http%3A%2F%2Flocalhost%3A9%2Fcb&state=s%201");
  ASSERT_EQ(consent.status, 302);
  const std::string location = consent.raw.headers.at(0).second;
  EXPECT_TRUE(location.starts_with("http://localhost:9/cb?code=")) << location;
  EXPECT_TRUE(location.ends_with("&state=s%201")) << location;
  const std::string code = location.substr(27, location.find('&') - 27);
  const std::string form = std::string("grant_type=authorization_code&client_id=") + HubspotSandbox::kClientId +
                           "&client_secret=" + HubspotSandbox::kClientSecret + "&code=" + code;
  EXPECT_EQ(portal.post("/oauth/v1/token", form).status, 200);
  EXPECT_EQ(portal.post("/oauth/v1/token", form)["status"].text(), "BAD_AUTH_CODE");
}

TEST(HubspotLimits, TenSecondsRollAndSearchIsCountedApart) {
  Portal portal("empty", true);
  portal.token = HubspotSandbox::kAccessToken;
  for (int i = 0; i < 110; ++i) ASSERT_EQ(portal.get("/crm/v3/owners/").status, 200) << i;
  const auto refused = portal.get("/crm/v3/owners/");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused["message"].text(), "You have reached your ten_secondly_rolling limit.");
  EXPECT_EQ(refused["policyName"].text(), "TEN_SECONDLY_ROLLING");
  EXPECT_EQ(refused["errorType"].text(), "RATE_LIMIT");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(portal.post("/crm/v3/objects/deals/search", "{}").status, 200);
  EXPECT_EQ(portal.post("/crm/v3/objects/deals/search", "{}")["message"].text(),
            "You have reached your secondly limit.");
  portal.now += Milliseconds{10'000};
  const auto again = portal.get("/crm/v3/owners/");
  EXPECT_EQ(again.status, 200);
  std::string remaining;
  for (const auto& [name, value] : again.raw.headers)
    if (name == "X-HubSpot-RateLimit-Remaining") remaining = value;
  EXPECT_EQ(remaining, "109");
}

TEST(HubspotProperties, AreMadeChangedAndArchived) {
  Portal portal;
  const std::string body =
      R"({"name":"tax_zone","label":"Tax zone","type":"enumeration","fieldType":"select","groupName":"accounting",
      "options":[{"label":"EU","value":"eu","hidden":false}]})";
  EXPECT_EQ(portal.post("/crm/v3/properties/companies", body).status, 201);
  EXPECT_EQ(portal.post("/crm/v3/properties/companies", body).status, 409);
  EXPECT_EQ(portal.post("/crm/v3/objects/companies", R"({"properties":{"name":"A","tax_zone":"us"}})").status, 400);
  const std::string id = portal.make("companies", R"({"name":"A","tax_zone":"eu"})");
  EXPECT_EQ(portal.patch("/crm/v3/properties/companies/tax_zone", R"({"label":"Zone"})")["label"].text(), "Zone");
  EXPECT_EQ(portal.erase("/crm/v3/properties/companies/tax_zone").status, 204);
  EXPECT_EQ(portal.get("/crm/v3/properties/companies/tax_zone").status, 404);
  EXPECT_EQ(portal.patch("/crm/v3/objects/companies/" + id, R"({"properties":{"tax_zone":"eu"}})").status, 400);
  EXPECT_EQ(portal.erase("/crm/v3/properties/companies/name").status, 400);
  EXPECT_EQ(portal
                .post("/crm/v3/properties/companies",
                      R"({"name":"Bad Name","label":"x","type":"string","fieldType":"text","groupName":"accounting"})")
                .status,
            400);
  EXPECT_EQ(portal
                .post("/crm/v3/properties/companies",
                      R"({"name":"x","label":"x","type":"string","fieldType":"text","groupName":"nowhere"})")
                .status,
            400);
}

TEST(HubspotProperties, AUniqueOneIsIndexedFromTheStart) {
  Portal portal;
  ASSERT_EQ(portal
                .post("/crm/v3/properties/deals",
                      R"({"name":"tieout_reference","label":"Reference","type":"string","fieldType":"text",
      "groupName":"dealinformation","hasUniqueValue":true})")
                .status,
            201);
  const std::string id = portal.make("deals", R"({"dealname":"A","dealstage":"closedwon","tieout_reference":"r-1"})");
  const auto found = portal.post("/crm/v3/objects/deals/batch/read",
                                 R"({"idProperty":"tieout_reference","properties":[],"inputs":[{"id":"r-1"}]})");
  EXPECT_EQ(found["results"].items().at(0)["id"].text(), id);
}

TEST(HubspotAccount, PipelinesOwnersAndDetails) {
  Portal portal;
  EXPECT_EQ(portal.get("/account-info/v3/details")["companyCurrency"].text(), "USD");
  EXPECT_EQ(portal.get("/crm/v3/owners/?email=sales@example.com")["results"].size(), 1u);
  const auto pipeline = portal.post("/crm/v3/pipelines/deals", R"({"label":"Web shop","displayOrder":1,
      "stages":[{"label":"Paid","displayOrder":0,"metadata":{"probability":"1.0"}}]})");
  ASSERT_EQ(pipeline.status, 201) << pipeline.raw.body;
  const std::string stage = pipeline["stages"].items().at(0)["id"].text();
  const auto deal =
      portal.post("/crm/v3/objects/deals", R"({"properties":{"dealname":"A","pipeline":")" + pipeline["id"].text() +
                                               R"(","dealstage":")" + stage + R"("}})");
  EXPECT_EQ(deal["properties"]["hs_is_closed_won"].text(), "true");
  EXPECT_EQ(
      portal.erase("/crm/v3/pipelines/deals/" + pipeline["id"].text() + "?validateReferencesBeforeDelete=true").status,
      400);
}

TEST(HubspotAccount, DatedPathsLeadToTheSameDoors) {
  Portal portal;
  const std::string id = portal.make("companies", R"({"name":"A"})");
  EXPECT_EQ(portal.get("/crm/objects/2026-03/companies/" + id)["id"].text(), id);
  EXPECT_EQ(portal.get("/crm/objects/2026-03/companies/" + id + "/associations/deals").status, 200);
  EXPECT_EQ(portal.get("/crm/properties/2026-03/companies/name")["name"].text(), "name");
  EXPECT_EQ(portal.get("/crm/v3/nowhere").status, 404);
  EXPECT_EQ(portal.get("/crm/v3/objects/unicorns").status, 400);
  EXPECT_EQ(portal.post("/crm/v3/objects/deals", "{nonsense").status, 400);
}

}  // namespace
}  // namespace tieout
