#include "fixture.hpp"

namespace tieout {
namespace {

using test::Portal;

class HubspotAssociations : public ::testing::Test {
 protected:
  void SetUp() override {
    company = portal.make("companies", R"({"name":"A"})");
    other = portal.make("companies", R"({"name":"B"})");
    deal = portal.make("deals", R"({"dealname":"D","dealstage":"closedwon"})");
  }
  /// "typeId typeId …" between the deal and a company.
  std::string types(const std::string& to) {
    const auto listed = portal.get("/crm/v4/objects/deals/" + deal + "/associations/companies");
    std::string out;
    for (const auto& target : listed["results"].items())
      if (target["toObjectId"].text() == to)
        for (const auto& type : target["associationTypes"].items()) out += type["typeId"].text() + " ";
    return out;
  }
  Portal portal;
  std::string company, other, deal;
};

TEST_F(HubspotAssociations, TheFirstCompanyIsThePrimaryOne) {
  EXPECT_EQ(portal.call("PUT", "/crm/v4/objects/deals/" + deal + "/associations/default/companies/" + company).status,
            200);
  EXPECT_EQ(portal.call("PUT", "/crm/v4/objects/companies/" + other + "/associations/default/deals/" + deal).status,
            200);
  EXPECT_EQ(types(company), "5 341 ");
  EXPECT_EQ(types(other), "341 ");
  const auto moved = portal.call("PUT", "/crm/v4/objects/deals/" + deal + "/associations/companies/" + other,
                                 R"([{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":5}])");
  EXPECT_EQ(moved.status, 201);
  EXPECT_EQ(moved["labels"].items().at(0).text(), "Primary");
  EXPECT_EQ(types(company), "341 ");
  EXPECT_EQ(types(other), "5 341 ");
  EXPECT_EQ(portal.erase("/crm/v4/objects/deals/" + deal + "/associations/companies/" + other).status, 204);
  EXPECT_EQ(types(other), "");
  EXPECT_EQ(portal.get("/crm/v4/objects/companies/" + other + "/associations/deals")["results"].size(), 0u);
}

TEST_F(HubspotAssociations, InlineOnCreateAndInsideARecord) {
  const auto line =
      portal.post("/crm/v3/objects/line_items",
                  R"({"properties":{"name":"L","price":"1","quantity":"1"},
      "associations":[{"to":{"id":")" +
                      deal + R"("},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":20}]}]})");
  ASSERT_EQ(line.status, 201) << line.raw.body;
  const auto read = portal.get("/crm/v3/objects/deals/" + deal + "?associations=line_items,companies");
  EXPECT_EQ(read["associations"]["line items"]["results"].items().at(0)["id"].text(), line["id"].text());
  EXPECT_EQ(read["associations"]["line items"]["results"].items().at(0)["type"].text(), "deal_to_line_item");
  EXPECT_TRUE(read["associations"]["companies"].is_null());
  const auto wrong_way =
      portal.post("/crm/v3/objects/line_items",
                  R"({"properties":{"name":"L"},
      "associations":[{"to":{"id":")" +
                      deal + R"("},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":19}]}]})");
  EXPECT_EQ(wrong_way.status, 400);
}

TEST_F(HubspotAssociations, ManyArePagedInsideARecordAndOutside) {
  std::string inputs;
  for (int i = 0; i < 100; ++i)
    inputs += std::string(i ? "," : "") + R"({"properties":{"name":"L"},"associations":[{"to":{"id":")" + deal +
              R"("},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":20}]}]})";
  for (int batch = 0; batch < 2; ++batch)
    ASSERT_EQ(portal.post("/crm/v3/objects/line_items/batch/create", "{\"inputs\":[" + inputs + "]}").status, 201);
  const auto read = portal.get("/crm/v3/objects/deals/" + deal + "?associations=line_items");
  EXPECT_EQ(read["associations"]["line items"]["results"].size(), 100u);
  const std::string after = read["associations"]["line items"]["paging"]["next"]["after"].text();
  const auto rest = portal.get("/crm/v3/objects/deals/" + deal + "/associations/line_items?after=" + after);
  EXPECT_EQ(rest["results"].size(), 100u);
  EXPECT_EQ(portal.get("/crm/v4/objects/deals/" + deal + "/associations/line_items?limit=150")["results"].size(), 150u);
}

TEST_F(HubspotAssociations, BatchesReadCreateAndArchive) {
  const std::string pair = R"("from":{"id":")" + deal + R"("},"to":{"id":")" + company + R"("})";
  EXPECT_EQ(portal.post("/crm/v4/associations/deals/companies/batch/associate/default", "{\"inputs\":[{" + pair + "}]}")
                .status,
            200);
  const auto read = portal.post("/crm/v4/associations/deals/companies/batch/read",
                                R"({"inputs":[{"id":")" + deal + R"("},{"id":"42"}]})");
  EXPECT_EQ(read.status, 207);
  EXPECT_EQ(read["results"].items().at(0)["to"].items().at(0)["toObjectId"].text(), company);
  EXPECT_EQ(read["errors"].items().at(0)["subCategory"].text(), "crm.associations.NO_ASSOCIATIONS_FOUND");
  EXPECT_EQ(portal
                .post("/crm/v4/associations/deals/companies/batch/archive",
                      R"({"inputs":[{"from":{"id":")" + deal + R"("},"to":[{"id":")" + company + R"("}]}]})")
                .status,
            204);
  EXPECT_EQ(types(company), "");
  EXPECT_EQ(portal
                .post("/crm/v3/associations/deals/companies/batch/create",
                      "{\"inputs\":[{" + pair + R"(,"type":"deal_to_company"}]})")
                .status,
            201);
  EXPECT_EQ(types(company), "5 341 ");
}

TEST_F(HubspotAssociations, LabelsCanBeAdded) {
  const auto made = portal.post("/crm/v4/associations/deals/companies/labels",
                                R"({"name":"payer","label":"Payer","inverseLabel":"Pays for"})");
  ASSERT_EQ(made.status, 200);
  const std::string id = made["results"].items().at(0)["typeId"].text();
  EXPECT_EQ(portal
                .call("PUT", "/crm/v4/objects/deals/" + deal + "/associations/companies/" + other,
                      R"([{"associationCategory":"USER_DEFINED","associationTypeId":)" + id + "}]")
                .status,
            201);
  EXPECT_EQ(portal.get("/crm/v4/associations/deals/companies/labels")["results"].size(), 3u);
}

}  // namespace
}  // namespace tieout
