// The write log of the CRM: every deed with its fields before and after, and who did it.
#include "fixture.hpp"

namespace tieout::test {
namespace {

using sandbox::Deed;

TEST(HubspotWriteLog, SaysWhatWasChangedFromWhatAndByWhom) {
  Portal portal;
  portal.sandbox->write_log().keep(true);
  const std::string id = portal.make("companies", R"({"name":"Acme","phone":"1"})");
  portal.token = std::string(sandbox::kPersonToken);
  ASSERT_EQ(portal.patch("/crm/v3/objects/companies/" + id, R"({"properties":{"phone":"2","city":"Rome"}})").status,
            200);
  ASSERT_EQ(portal.erase("/crm/v3/objects/companies/" + id).status, 204);
  portal.post("/_sandbox/restore", R"({"objectType":"companies","id":")" + id + "\"}");
  const auto& log = portal.sandbox->write_log().entries();
  ASSERT_EQ(log.size(), 4u);
  EXPECT_EQ(log[0].deed, Deed::create);
  EXPECT_FALSE(log[0].by_person);
  EXPECT_EQ(log[0].id, id);
  EXPECT_EQ(log[1].deed, Deed::update);
  EXPECT_TRUE(log[1].by_person);
  ASSERT_NE(log[1].field("phone"), nullptr);
  EXPECT_EQ(log[1].field("phone")->before, "1");
  EXPECT_EQ(log[1].field("phone")->after, "2");
  EXPECT_EQ(log[1].field("city")->before, "");
  EXPECT_EQ(log[2].deed, Deed::remove);
  EXPECT_EQ(log[3].deed, Deed::restore);
  EXPECT_TRUE(log[3].by_person);
}

TEST(HubspotWriteLog, TellsMergesAndAssociations) {
  Portal portal;
  const std::string a = portal.make("companies", R"({"name":"A"})"), b = portal.make("companies", R"({"name":"B"})");
  const std::string deal = portal.make("deals", R"({"dealname":"D","dealstage":"closedwon"})");
  portal.sandbox->write_log().keep(true);
  portal.call("PUT", "/crm/v4/objects/deals/" + deal + "/associations/default/companies/" + a);
  const auto merged = portal.post("/crm/v3/objects/companies/merge",
                                  R"({"primaryObjectId":")" + a + R"(","objectIdToMerge":")" + b + "\"}");
  const auto& log = portal.sandbox->write_log().entries();
  ASSERT_GE(log.size(), 2u);
  EXPECT_EQ(log.front().deed, Deed::associate);
  EXPECT_EQ(log.front().other, "companies/" + a);
  EXPECT_EQ(log.back().deed, Deed::merge);
  EXPECT_EQ(log.back().id, merged["id"].text());
  EXPECT_EQ(log.back().other, a + ";" + b);
}

TEST(HubspotPeople, AreLeftAloneByFaultsAndLimitsOfTheApi) {
  Portal portal("empty", true);
  portal.post("/_sandbox/faults", R"({"seed":1,"rules":[{"kind":"status_500"}]})");
  EXPECT_EQ(portal.get("/crm/v3/objects/companies").status, 500);
  portal.token = std::string(sandbox::kPersonToken);
  for (int i = 0; i < 300; ++i) ASSERT_EQ(portal.get("/crm/v3/objects/companies").status, 200);
}

}  // namespace
}  // namespace tieout::test
