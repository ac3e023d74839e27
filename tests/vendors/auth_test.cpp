// Signing in: one refresher, the new refresh token on disk before the new access token is used, and a distinct fault
// for each way in which it can end.
#include "vendors/auth.hpp"

#include "fake_world.hpp"
#include "vendors/session.hpp"

namespace tieout::vendors {
namespace {

const char* const kPage = R"({"results":[]})";

struct SignIn : Bench {
  std::vector<std::string> log;
  explicit SignIn(const std::string& vendor = "hubspot") : Bench(vendor) {
    settings.access_token.clear();
    settings.client_id = "id";
    settings.client_secret = "s&cret";
    if (vendor == "hubspot") settings.objects = {"products"};
    tokens.tokens = {"old-access", "old-refresh", clock.time + std::chrono::hours{1}};
    http.log = tokens.log = &log;
    make();
  }
};

TEST(Auth, UsesTheStoredTokenWhileItIsGood) {
  SignIn world;
  world.http.script.push_back(reply(200, kPage));
  ASSERT_TRUE(world.connector->pull(""));
  EXPECT_EQ(world.http.requests.front().headers.front().second, "Bearer old-access");
  EXPECT_EQ(world.tokens.saves, 0);
}

TEST(Auth, RefreshesShortlyBeforeTheEndAndStoresBeforeUse) {
  SignIn world;
  world.tokens.tokens.expires_at = world.clock.time + std::chrono::seconds{60};
  world.http.script.push_back(
      reply(200, R"({"access_token":"new-access","refresh_token":"new-refresh","expires_in":1800})"));
  world.http.script.push_back(reply(200, kPage));
  ASSERT_TRUE(world.connector->pull(""));
  ASSERT_EQ(world.log.size(), 3U);
  EXPECT_EQ(world.log[0], "POST http://v/oauth/v1/token");
  EXPECT_EQ(world.log[1], "save new-refresh");
  EXPECT_EQ(world.http.requests[1].headers.front().second, "Bearer new-access");
  EXPECT_NE(world.http.requests[0].body.find("client_secret=s%26cret"), std::string::npos);
}

TEST(Auth, UsesNothingThatCouldNotBeStored) {
  SignIn world;
  world.tokens.tokens.expires_at = world.clock.time;
  world.tokens.broken = true;
  world.http.script.push_back(reply(200, R"({"access_token":"a","refresh_token":"r","expires_in":1800})"));
  auto page = world.connector->pull("");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, "store.full");
  EXPECT_EQ(world.http.requests.size(), 1U);
}

TEST(Auth, RefreshesOnceOnA401AndGivesUpAtTheSecond) {
  SignIn world;
  world.http.script.push_back(
      reply(401, R"({"status":"error","category":"EXPIRED_AUTHENTICATION","message":"expired"})"));
  world.http.script.push_back(reply(200, R"({"access_token":"a2","refresh_token":"r2","expires_in":1800})"));
  world.http.script.push_back(reply(401, R"({"status":"error","category":"INVALID_AUTHENTICATION","message":"no"})"));
  auto page = world.connector->pull("");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, "hubspot.auth.refused");
  EXPECT_EQ(world.http.requests.size(), 3U);
}

TEST(Auth, ARefusedRefreshIsRevoked) {
  SignIn world("quickbooks");
  world.tokens.tokens.expires_at = world.clock.time;
  world.http.script.push_back(reply(400, R"({"error":"invalid_grant"})"));
  auto page = world.connector->pull("");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, "quickbooks.auth.revoked");
  ASSERT_EQ(world.http.requests.size(), 1U);
  EXPECT_EQ(world.http.requests[0].headers.back().second, "Basic aWQ6cyZjcmV0");
}

TEST(Auth, ALostRefreshAnswerIsAskedForAgainAndThenCalledUnreachable) {
  SignIn world;
  world.tokens.tokens.expires_at = world.clock.time;
  for (int i = 0; i < 3; ++i) world.http.script.push_back(broken("http.timeout", Certainty::unknown));
  auto page = world.connector->pull("");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, "hubspot.auth.unreachable");
  EXPECT_EQ(world.clock.sleeps.size(), 2U);
}

TEST(Auth, TakesWhatAnotherProcessRefreshed) {
  SignIn world;
  world.http.handler = [&](const ports::HttpRequest& request) -> FakeHttp::Answer {
    if (request.headers.front().second != "Bearer theirs") {
      world.tokens.tokens = {"theirs", "their-refresh", world.clock.time + std::chrono::hours{1}};  // meanwhile
      return reply(401, R"({"status":"error","message":"x"})");
    }
    return reply(200, kPage);
  };
  ASSERT_TRUE(world.connector->pull(""));
  EXPECT_EQ(world.http.requests.size(), 2U);
  EXPECT_EQ(world.tokens.saves, 0);
}

TEST(Auth, NothingStoredAsksToConnect) {
  SignIn world;
  world.tokens.tokens = {};
  auto page = world.connector->pull("");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, "hubspot.auth.missing");
  EXPECT_TRUE(world.http.requests.empty());
}

TEST(Auth, AMissingScopeHasItsOwnCode) {
  Bench bench("hubspot");
  bench.make();
  bench.http.script.push_back(reply(403, R"({"status":"error","category":"MISSING_SCOPES","message":"scope"})"));
  auto page = bench.connector->pull("");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, "hubspot.scope.missing");
}

TEST(Auth, edge_137_AnotherAccountIsRefused) {
  Bench hubspot("hubspot");
  hubspot.settings.account_id = "111";
  hubspot.make();
  hubspot.http.script.push_back(reply(200, R"({"portalId":222,"companyCurrency":"EUR","timeZone":"Europe/Berlin"})"));
  auto facts = hubspot.connector->facts();
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().code, "hubspot.account.mismatch");
}

}  // namespace
}  // namespace tieout::vendors
