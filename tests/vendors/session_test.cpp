// When a call is tried again, and when it must not be: the table of the house. "Sent" counts how often the vendor saw
// it.
#include "vendors/session.hpp"

#include "fake_world.hpp"

namespace tieout::vendors {
namespace {

struct Case {
  const char* name;
  std::function<FakeHttp::Answer()> answer;  // given every time
  std::size_t read_sent;
  const char* read_code;
  std::size_t write_sent;
  const char* write_code;
  Certainty write_certainty;
};

FakeHttp::Answer text_page(int status) {
  return ports::HttpResponse{status, {{"Content-Type", "text/html"}}, "<html>no</html>"};
}

const Case kCases[] = {
    {"429", [] { return reply(429, R"({"status":"error","policyName":"TEN_SECONDLY_ROLLING","message":"limit"})"); }, 4,
     "hubspot.throttled", 4, "hubspot.throttled", Certainty::not_applied},
    {"429 daily", [] { return reply(429, R"({"status":"error","policyName":"DAILY","message":"daily limit"})"); }, 1,
     "hubspot.quota.daily", 1, "hubspot.quota.daily", Certainty::not_applied},
    {"423", [] { return reply(423, R"({"status":"error","message":"locked"})"); }, 4, "hubspot.locked", 4,
     "hubspot.locked", Certainty::not_applied},
    {"500", [] { return reply(500, R"({"status":"error","message":"oops"})"); }, 4, "hubspot.unreachable", 1,
     "hubspot.silence", Certainty::unknown},
    {"502 page", [] { return text_page(502); }, 4, "hubspot.unreachable", 1, "hubspot.silence", Certainty::unknown},
    {"200 page", [] { return text_page(200); }, 4, "hubspot.answer.garbled", 1, "hubspot.silence", Certainty::unknown},
    {"cut off", [] { return reply(200, R"({"results":[{"id":"1","properties":{"a":"b"}})"); }, 4,
     "hubspot.answer.garbled", 1, "hubspot.silence", Certainty::unknown},
    {"timeout", [] { return broken("http.timeout", Certainty::unknown); }, 4, "hubspot.unreachable", 1,
     "hubspot.silence", Certainty::unknown},
    {"reset", [] { return broken("http.broken", Certainty::unknown); }, 4, "hubspot.unreachable", 1, "hubspot.silence",
     Certainty::unknown},
    {"no connection", [] { return broken("http.connect", Certainty::not_applied); }, 4, "hubspot.unreachable", 4,
     "hubspot.unreachable", Certainty::not_applied},
    {"bad address", [] { return broken("http.url", Certainty::not_applied); }, 1, "hubspot.unreachable", 1,
     "hubspot.unreachable", Certainty::not_applied},
    {"400", [] { return reply(400, R"({"status":"error","category":"VALIDATION_ERROR","message":"no"})"); }, 1,
     "hubspot.value.invalid", 1, "hubspot.value.invalid", Certainty::not_applied},
};

TEST(Session, edge_119_TriesAgainOnlyWhatWasSurelyNotApplied) {
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.name);
    Bench bench("hubspot");
    bench.settings.extra = {{"retry_attempts", "4"}};
    bench.make();
    bench.http.handler = [&](const ports::HttpRequest&) { return one.answer(); };
    auto page = bench.connector->pull("");
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, one.read_code);
    EXPECT_EQ(bench.http.requests.size(), one.read_sent);
    EXPECT_EQ(bench.clock.sleeps.size(), one.read_sent - 1);
    bench.http.requests.clear();
    const auto outcomes =
        bench.write({{ports::WriteKind::update, "deals", "1", "", R"({"properties":{"amount":"1"}})", "k1", ""}});
    EXPECT_EQ(code_of(outcomes[0]), one.write_code);
    EXPECT_EQ(bench.http.requests.size(), one.write_sent);
    ASSERT_TRUE(outcomes[0].fault);
    EXPECT_EQ(outcomes[0].fault->certainty, one.write_certainty);
  }
}

TEST(Session, WaitsAsLongAsTheVendorAsks) {
  Bench bench("hubspot");
  bench.settings.objects = {"products"};
  bench.make();
  bench.http.script.push_back(reply(477, "{}", {{"Retry-After", "120"}}));
  bench.http.script.push_back(reply(429, R"({"policyName":"TEN_SECONDLY_ROLLING","message":"x"})"));
  bench.http.script.push_back(reply(200, R"({"results":[]})"));
  ASSERT_TRUE(bench.connector->pull(""));
  ASSERT_EQ(bench.clock.sleeps.size(), 2U);
  EXPECT_GE(bench.clock.sleeps[0], Milliseconds{120'000});
  EXPECT_GE(bench.clock.sleeps[1], Milliseconds{10'000});
  EXPECT_LE(bench.clock.sleeps[1], Milliseconds{11'000});
}

TEST(Session, TheWaitingOfOneCallIsBounded) {
  Bench bench("hubspot");
  bench.settings.extra = {{"retry_attempts", "100"}, {"retry_budget_ms", "30000"}};
  bench.make();
  bench.http.handler = [](const ports::HttpRequest&) -> FakeHttp::Answer {
    return reply(429, R"({"policyName":"TEN_SECONDLY_ROLLING","message":"x"})");
  };
  ASSERT_FALSE(bench.connector->pull(""));
  Milliseconds total{0};
  for (const auto span : bench.clock.sleeps) total += span;
  EXPECT_LE(total, Milliseconds{30'000});
}

TEST(Session, ReadsTheVendorsClock) {
  const auto at = date_of(reply(200, "", {{"Date", "Sat, 21 Nov 2026 11:59:58 GMT"}}));
  ASSERT_TRUE(at);
  EXPECT_EQ(to_text(*at), "2026-11-21T11:59:58.000Z");
  EXPECT_FALSE(date_of(reply(200, "", {{"Date", "yesterday"}})));
  EXPECT_FALSE(date_of(reply(200, "")));
}

}  // namespace
}  // namespace tieout::vendors
