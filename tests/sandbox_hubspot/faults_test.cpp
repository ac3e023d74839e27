// The faults of the kit, seen through this sandbox.
#include <set>

#include "fixture.hpp"

namespace tieout {
namespace {

using test::Portal;

void set_fault(Portal& portal, const std::string& rule) {
  const auto set = portal.post("/_sandbox/faults", "{\"seed\":42,\"rules\":[" + rule + "]}");
  ASSERT_EQ(set.status, 200) << set.raw.body;
}

std::int64_t companies(Portal& portal) { return portal.get("/_sandbox/state")["objects"]["companies"].as_int(); }

const std::string kCreate = R"({"properties":{"name":"A"}})";

TEST(SandboxFaults, BeforeOrAfterTheCommitMakesTheDifference) {
  const std::pair<const char*, int> kinds[] = {{"lose_request", 0},
                                               {"timeout_before", 0},
                                               {"status_500", 0},
                                               {"status_429", 0},
                                               {"lose_answer_after_commit", 1},
                                               {"timeout_after", 1},
                                               {"status_500_after_commit", 1},
                                               {"truncate_body", 1},
                                               {"html_instead_of_json", 1}};
  for (const auto& [kind, written] : kinds) {
    Portal portal;
    set_fault(portal, std::string(R"({"kind":")") + kind + R"(","match":{"method":"POST"}})");
    const auto answer = portal.post("/crm/v3/objects/companies", kCreate);
    const bool spoilt = answer.raw.drop || answer.status >= 400 || answer.raw.truncate_at >= 0;
    EXPECT_TRUE(spoilt) << kind;
    EXPECT_EQ(companies(portal), written) << kind;
    EXPECT_EQ(portal.get("/crm/v3/owners/").status, 200) << kind << " must leave other calls alone";
  }
}

TEST(SandboxFaults, DrawsFollowTheSeedAndTheLimitOfTimes) {
  const auto pattern = [](const std::string& seed) {
    Portal portal;
    portal.post("/_sandbox/faults", "{\"seed\":" + seed + R"(,"rules":[{"kind":"status_500","percent":30}]})");
    std::string out;
    for (int i = 0; i < 200; ++i) out += portal.get("/crm/v3/owners/").status == 500 ? 'x' : '.';
    return out;
  };
  EXPECT_EQ(pattern("1"), pattern("1"));
  EXPECT_NE(pattern("1"), pattern("2"));
  const std::string drawn = pattern("7");
  const auto hits = std::count(drawn.begin(), drawn.end(), 'x');
  EXPECT_GT(hits, 35);
  EXPECT_LT(hits, 85);

  Portal portal;
  set_fault(portal, R"({"kind":"status_500","times":2,"after":1})");
  std::string out;
  for (int i = 0; i < 5; ++i) out += portal.get("/crm/v3/owners/").status == 500 ? 'x' : '.';
  EXPECT_EQ(out, ".xx..");
  EXPECT_EQ(portal.get("/_sandbox/faults")["rules"].items().at(0)["fired"].as_int(), 2);
  portal.call("DELETE", "/_sandbox/faults");
  EXPECT_EQ(portal.get("/_sandbox/faults")["rules"].size(), 0u);
}

TEST(SandboxFaults, AnExpiredTokenStaysExpiredUntilRefreshed) {
  Portal portal;
  portal.token = sandbox::HubspotSandbox::kAccessToken;
  set_fault(portal, R"({"kind":"expire_token","times":1})");
  EXPECT_EQ(portal.get("/crm/v3/owners/").status, 401);
  EXPECT_EQ(portal.get("/crm/v3/owners/").status, 401);
}

TEST(SandboxFaults, PagesRepeatOrComeBackEmptyButNothingIsLost) {
  for (const char* kind : {"duplicate_page", "missing_page"}) {
    Portal portal;
    for (int i = 0; i < 50; ++i) portal.make("companies", R"({"name":"A"})");
    set_fault(portal, std::string(R"({"kind":")") + kind + R"(","percent":40})");
    std::set<std::string> seen;
    std::size_t received = 0;
    std::size_t empty = 0;
    std::string after;
    for (int calls = 0; calls < 60; ++calls) {
      const auto page = portal.get("/crm/v3/objects/companies?limit=10" + (after.empty() ? "" : "&after=" + after));
      received += page["results"].size();
      empty += page["results"].size() == 0 ? 1 : 0;
      for (const auto& record : page["results"].items()) seen.insert(record["id"].text());
      after = page["paging"]["next"]["after"].text();
      if (after.empty()) break;
    }
    EXPECT_EQ(seen.size(), 50u) << kind;
    const bool repeats = kind == std::string("duplicate_page");
    EXPECT_EQ(received > 50u, repeats) << kind;
    EXPECT_EQ(empty > 0u, !repeats) << kind;
  }
}

TEST(SandboxFaults, AStaleIndexHidesWhatIsNew) {
  Portal portal;
  portal.make("companies", R"({"name":"A"})");
  portal.now += Milliseconds{60'000};
  portal.make("companies", R"({"name":"B"})");
  set_fault(portal, R"({"kind":"stale_index","ms":30000})");
  EXPECT_EQ(portal.post("/crm/v3/objects/companies/search", "{}")["total"].as_int(), 1);
}

TEST(SandboxFaults, AWrongDocumentIsRefusedAndChangesNothing) {
  Portal portal;
  set_fault(portal, R"({"kind":"latency","ms":5})");
  for (const char* wrong : {R"({"rules":[{"kind":"earthquake"}]})", R"({"rules":[{"kind":"latency","percent":130}]})",
                            R"({"rules":[{"kind":"latency","often":1}]})", R"({"rules":{}})", R"([])"}) {
    const auto refused = portal.post("/_sandbox/faults", wrong);
    EXPECT_EQ(refused.status, 400) << wrong;
    EXPECT_EQ(refused["code"].text(), "sandbox.faults.malformed") << wrong;
  }
  EXPECT_EQ(portal.get("/_sandbox/faults")["rules"].size(), 1u);
}

TEST(SandboxClock, CanBeMovedFrozenAndReleased) {
  Portal portal;
  EXPECT_EQ(portal.post("/_sandbox/clock", R"({"now":"2030-01-01T00:00:00Z"})")["now"].text(),
            "2030-01-01T00:00:00.000Z");
  portal.now += Milliseconds{1500};
  EXPECT_EQ(portal.get("/_sandbox/clock")["now"].text(), "2030-01-01T00:00:01.500Z");
  portal.post("/_sandbox/clock", R"({"frozen":true,"advance_ms":500})");
  portal.now += Milliseconds{9'000};
  EXPECT_EQ(portal.get("/_sandbox/clock")["now"].text(), "2030-01-01T00:00:02.000Z");
  portal.post("/_sandbox/clock", R"({"frozen":false})");
  portal.now += Milliseconds{1'000};
  EXPECT_EQ(portal.get("/_sandbox/clock")["now"].text(), "2030-01-01T00:00:03.000Z");
}

TEST(SandboxTokens, ARotatedRefreshTokenDiesAfterItsGrace) {
  sandbox::TokenPolicy policy;
  policy.rotate = true;
  policy.refresh_life = Milliseconds{100'000};
  policy.rotation_grace = Milliseconds{1'000};
  sandbox::TokenBook book(policy, "t");
  const Instant now = instant_from_ms(1'000'000);
  const auto first = book.issue(now);
  const auto second = book.refresh(first.refresh_token, now);
  ASSERT_TRUE(second);
  EXPECT_NE(second->refresh_token, first.refresh_token);
  EXPECT_TRUE(book.refresh(first.refresh_token, now + Milliseconds{999}));
  EXPECT_FALSE(book.refresh(first.refresh_token, now + Milliseconds{1'000}));
  EXPECT_FALSE(book.refresh(second->refresh_token, now + Milliseconds{100'000}));
  EXPECT_EQ(book.check(first.access_token, now + policy.access_life), sandbox::TokenState::expired);
  EXPECT_TRUE(book.revoke(first.access_token));
  EXPECT_EQ(book.check(first.access_token, now), sandbox::TokenState::unknown);
}

TEST(SandboxState, CountsCallsByEndpointAndWrites) {
  Portal portal;
  const std::string id = portal.make("companies", R"({"name":"A"})");
  portal.get("/crm/v3/objects/companies/" + id);
  const auto state = portal.get("/_sandbox/state");
  EXPECT_EQ(state["requests"].as_int(), 2);
  EXPECT_EQ(state["writes"].as_int(), 1);
  EXPECT_EQ(state["calls"]["GET /crm/v3/objects/companies/{id}"].as_int(), 1);
  portal.call("DELETE", "/_sandbox/state");
  EXPECT_EQ(portal.get("/_sandbox/state")["writes"].as_int(), 0);
  EXPECT_EQ(companies(portal), 1);
}

}  // namespace
}  // namespace tieout
