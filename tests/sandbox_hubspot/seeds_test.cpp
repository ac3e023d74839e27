#include "fixture.hpp"
#include "money/decimal.hpp"

namespace tieout {
namespace {

using test::Portal;

struct Sums {
  Decimal lines;
  Decimal freight;
  Decimal deals;
  int won = 0;
  int won_without_lines = 0;
};

Sums sums(Portal& portal) {
  Sums out;
  std::string after;
  do {
    const auto page = portal.get(
        "/crm/v3/objects/deals?limit=100&properties=amount,hs_is_closed_won,order_number&associations=line_items" +
        (after.empty() ? "" : "&after=" + after));
    for (const auto& deal : page["results"].items()) {
      if (deal["properties"]["hs_is_closed_won"].text() != "true") continue;
      ++out.won;
      const auto& lines = deal["associations"]["line items"]["results"].items();
      if (lines.empty()) {
        ++out.won_without_lines;
        continue;
      }
      out.deals += Decimal::of(deal["properties"]["amount"].text());
      for (const auto& line : lines) {
        const auto read = portal.get("/crm/v3/objects/line_items/" + line["id"].text() + "?properties=amount,hs_sku");
        (read["properties"]["hs_sku"].text() == "FREIGHT" ? out.freight : out.lines) +=
            Decimal::of(read["properties"]["amount"].text());
      }
    }
    after = page["paging"]["next"]["after"].text();
  } while (!after.empty());
  return out;
}

TEST(HubspotSeeds, NorthwindAddsUpToItsPublishedTotals) {
  Portal portal("northwind");
  const Sums found = sums(portal);
  EXPECT_EQ(found.won, 831);
  EXPECT_EQ(found.won_without_lines, 1);
  EXPECT_EQ(found.lines.normalised().to_text(), "1265793.0395");
  EXPECT_EQ(found.freight.to_text(), "64942.69");
  EXPECT_EQ(found.deals.to_text(), "1330735.91");  // 1,265,793.22 rounded a document, and freight
}

TEST(HubspotSeeds, NorthwindKeepsItsDirtyCustomers) {
  Portal portal("northwind");
  const auto it = portal.post(
      "/crm/v3/objects/companies/search",
      R"({"filterGroups":[{"filters":[{"propertyName":"name","operator":"EQ","value":"IT"}]}],"properties":["customer_number"]})");
  ASSERT_EQ(it["total"].as_int(), 2);
  EXPECT_EQ(it["results"].items()[1]["properties"]["customer_number"].text(), "Val2 ");
}

TEST(HubspotSeeds, GeneratedOnesAreTheSameEveryTimeAndAddUp) {
  Portal one("generated:300");
  Portal two("generated:300");
  const Sums found = sums(one);
  EXPECT_EQ(found.won, 300);
  EXPECT_EQ(found.lines, found.deals);
  const std::string page = "/crm/v3/objects/deals?limit=100&properties=amount,closedate";
  EXPECT_EQ(one.get(page).raw.body, two.get(page).raw.body);
}

TEST(HubspotSeeds, EveryRecordHasAModifiedDateOfItsOwn) {
  Portal portal("generated:50");
  const auto found =
      portal.post("/crm/v3/objects/companies/search", R"({"limit":200,"sorts":["hs_lastmodifieddate"]})");
  std::string before;
  for (const auto& record : found["results"].items()) {
    EXPECT_LT(before, record["updatedAt"].text());
    before = record["updatedAt"].text();
  }
}

TEST(HubspotSeeds, AnUnknownSeedIsSaid) {
  sandbox::HubspotOptions options;
  for (const char* name : {"southwind", "generated:", "generated:many"}) {
    options.seed = name;
    const auto made = sandbox::HubspotSandbox::create(options, instant_from_ms(0));
    ASSERT_FALSE(made) << name;
    EXPECT_EQ(made.error().code, "sandbox.seed.unknown");
  }
}

}  // namespace
}  // namespace tieout
