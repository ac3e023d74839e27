// What stands in front of the books: tokens, realms, limits, error shapes, faults, seeds.
#include "base/hash.hpp"
#include "company.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

Company::Answer token_call(Company& c, const std::string& form,
                           const std::string& secret = std::string(kClientSecret)) {
  c.raw = c.sandbox->handle(make_request("POST", "/oauth2/v1/tokens/bearer", form,
                                         {{"Authorization", "Basic " + base64(std::string(kClientId) + ":" + secret)},
                                          {"Content-Type", "application/x-www-form-urlencoded"}}),
                            c.now);
  return {c.raw.status, *json::parse(c.raw.body)};
}

TEST(Gateway, edge_136_ARefreshGivesANewRefreshTokenAndKillsTheOld) {
  Company c;
  const auto first = token_call(c, "grant_type=refresh_token&refresh_token=" + std::string(kFirstRefreshToken));
  ASSERT_EQ(first.status, 200) << c.raw.body;
  EXPECT_EQ(first["expires_in"].text(), "3600");
  EXPECT_EQ(first["token_type"].text(), "bearer");
  EXPECT_NE(first["refresh_token"].text(), kFirstRefreshToken);
  EXPECT_EQ(c.call("GET", c.base() + "/companyinfo/" + c.realm, {}, first["access_token"].text()).status, 200);
  const auto dead = token_call(c, "grant_type=refresh_token&refresh_token=" + std::string(kFirstRefreshToken));
  EXPECT_EQ(dead.status, 400);
  EXPECT_EQ(dead["error"].text(), "invalid_grant");
  EXPECT_EQ(token_call(c, "grant_type=refresh_token&refresh_token=" + first["refresh_token"].text()).status, 200);
  EXPECT_EQ(token_call(c, "grant_type=refresh_token&refresh_token=x", "wrong").status, 401);
  EXPECT_EQ(token_call(c, "grant_type=password").status, 400);
}

TEST(Gateway, AnExpiredTokenGetsTheLowerCaseFault) {
  Company c;
  EXPECT_EQ(c.call("GET", c.base() + "/preferences", {}, std::string(kFirstAccessToken)).status, 200);
  c.now += std::chrono::minutes{61};
  const auto answer = c.call("GET", c.base() + "/preferences", {}, std::string(kFirstAccessToken));
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer["fault"]["type"].text(), "AUTHENTICATION");
  EXPECT_EQ(answer["fault"]["error"].items()[0]["code"].text(), "3200");
  EXPECT_EQ(answer["fault"]["error"].items()[0]["message"].text(),
            "message=AuthenticationFailed; errorCode=003200; statusCode=401");
}

TEST(Gateway, ConsentGivesACodeThatWorksOnce) {
  Company c;
  c.call("GET",
         "/connect/oauth2?client_id=sandbox-client&redirect_uri=http%3A%2F%2Fhere%2Fback&state=s1&response_type=code");
  ASSERT_EQ(c.raw.status, 302);
  std::string location;
  for (const auto& [name, value] : c.raw.headers)
    if (name == "Location") location = value;
  EXPECT_NE(location.find("realmId=" + c.realm), std::string::npos);
  const std::size_t from = location.find("code=") + 5;
  const std::string code = location.substr(from, location.find('&', from) - from);
  EXPECT_EQ(token_call(c, "grant_type=authorization_code&code=" + code).status, 200);
  EXPECT_EQ(token_call(c, "grant_type=authorization_code&code=" + code)["error"].text(), "invalid_grant");
}

TEST(Gateway, edge_137_AnotherCompanyIsForbidden) {
  Company c;
  const auto answer = c.call("GET", "/v3/company/123/preferences");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer["fault"]["error"].items()[0]["code"].text(), "3100");
}

TEST(Gateway, EveryAnswerCarriesItsTrackingId) {
  Company c;
  const auto has_tid = [&] {
    for (const auto& [name, value] : c.raw.headers)
      if (name == "intuit_tid") return !value.empty();
    return false;
  };
  c.get("/preferences");
  EXPECT_TRUE(has_tid());
  c.get("/nowhere");
  EXPECT_EQ(c.raw.status, 404);
  EXPECT_TRUE(has_tid());
}

TEST(Gateway, edge_132_EachLimitIsHitAlone) {
  Company c({.seed = "empty", .faults_file = {}, .no_limits = false});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(c.get("/preferences").status, 200);
  EXPECT_EQ(c.get("/preferences").status, 429);
  EXPECT_NE(c.raw.body.find("message=ThrottleExceeded; errorCode=003001; statusCode=429"), std::string::npos);
  int passed = 10;
  for (int second = 1; second < 60; ++second) {
    c.now += std::chrono::seconds{1};
    for (int i = 0; i < 10; ++i) passed += c.get("/preferences").status == 200;
  }
  EXPECT_EQ(passed, 500);
  c.now += std::chrono::minutes{2};
  int batches = 0;
  for (int i = 0; i < 60; ++i) {
    c.now += std::chrono::milliseconds{500};
    batches += c.post("/batch", R"({"BatchItemRequest":[{"bId":"1","Query":"select * from Term"}]})").status == 200;
  }
  EXPECT_EQ(batches, 40);
}

TEST(Gateway, InjectedErrorsSpeakQuickBooks) {
  Company c;
  c.control("faults", R"({"rules":[{"kind":"status_429","times":1,"match":{"path_prefix":"/v3"}}]})");
  EXPECT_EQ(c.get("/preferences").body["fault"]["error"].items()[0]["code"].text(), "3001");
  c.control("faults", R"({"rules":[{"kind":"status_500_after_commit","times":1,"match":{"path_prefix":"/v3"}}]})");
  const auto broken = c.post("/customer", R"({"DisplayName":"Made anyway"})");
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(broken.code(), "10000");
  EXPECT_EQ(broken["Fault"]["type"].text(), "SystemFault");
  EXPECT_EQ(c.post("/customer", R"({"DisplayName":"Made anyway"})").code(), "6240");
  c.control("faults", R"({"rules":[{"kind":"expire_token","times":1,"match":{"path_prefix":"/v3"}}]})");
  EXPECT_EQ(c.get("/preferences").status, 401);
}

TEST(Gateway, TheStateCountsRecordsAndWrites) {
  Company c;
  c.invoice(c.customer("A"), "12.50");
  const auto state = c.call("GET", "/_sandbox/state");
  EXPECT_EQ(state["objects"]["Invoice"].text(), "1");
  EXPECT_EQ(state["writes"].text(), "2");
  EXPECT_EQ(state["open"].text(), "12.50");
}

TEST(Seeds, NorthwindHasNearlyTheNamesOfTheCrmAndATakenOne) {
  Company c({.seed = "northwind", .faults_file = {}, .no_limits = true});
  EXPECT_EQ(c.query("select count(*) from Customer")["QueryResponse"]["totalCount"].text(), "9");
  EXPECT_EQ(
      c.query("select * from Customer where DisplayName = 'Alfreds Futterkiste GmbH'")["QueryResponse"]["Customer"]
          .size(),
      1u);
  EXPECT_EQ(c.post("/customer", R"({"DisplayName":"Island Trading"})").code(), "6240");
  EXPECT_EQ(
      c.query("select * from Account where AccountType = 'Accounts Receivable'")["QueryResponse"]["Account"].size(),
      1u);
  EXPECT_EQ(c.get("/companyinfo/" + c.realm)["CompanyInfo"]["Country"].text(), "US");
}

TEST(Seeds, AnUnknownSeedOrFaultsFileIsSaid) {
  const Instant now = parse_instant("2026-03-10T18:00:00Z").value();
  EXPECT_TRUE(QuickbooksSandbox::create({.seed = "generated:1000", .faults_file = {}}, now).has_value());
  EXPECT_EQ(QuickbooksSandbox::create({.seed = "southwind", .faults_file = {}}, now).error().code,
            "sandbox.seed.unknown");
  EXPECT_EQ(QuickbooksSandbox::create({.seed = "empty", .faults_file = "/no/such/file"}, now).error().code,
            "sandbox.faults.unreadable");
}

TEST(Running, ServesOverASocket) {
  Company c;
  const auto running = RunningSandbox::start(*c.sandbox);
  ASSERT_TRUE(running.has_value()) << running.error().what;
  EXPECT_GT((*running)->port(), 0);
}

}  // namespace
}  // namespace tieout::sandbox::quickbooks
