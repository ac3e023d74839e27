// Writing to HubSpot: the least calls, an outcome for every item, and doubt wherever the vendor left it.
#include <fmt/core.h>

#include "fake_world.hpp"

namespace tieout::vendors {
namespace {

using ports::Found;
using ports::WriteKind;
using ports::WriteRequest;

WriteRequest update(const std::string& id, const std::string& body = R"({"properties":{"amount":"1.50"}})") {
  return {WriteKind::update, "deals", id, "", body, "k" + id, ""};
}
WriteRequest create(const std::string& reference) {
  return {WriteKind::create,
          "deals",
          "",
          "",
          R"({"properties":{"dealname":"D"},"associations":[{"to":{"id":"1"},"types":[]}]})",
          "k" + reference,
          reference};
}
std::string result(const std::string& id, const std::string& trace = "", const std::string& properties = "{}") {
  return fmt::format(
      R"({{"id":"{}","properties":{},"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-11-21T12:00:00Z"{}}})", id,
      properties, trace.empty() ? "" : fmt::format(R"(,"objectWriteTraceId":"{}")", trace));
}

/// Confirms every input of a batch as the vendor does.
FakeHttp::Answer confirm_all(const ports::HttpRequest& request) {
  const json::Value body = parsed(request.body);
  std::string out = R"({"status":"COMPLETE","results":[)";
  int next = 1000;
  for (const json::Value& input : body["inputs"].items()) {
    if (out.back() != '[') out += ',';
    const std::string id = input.find("id") ? input["id"].text() : std::to_string(next++);
    out += result(id, input["objectWriteTraceId"].text(), input["properties"].dump());
  }
  return reply(200, out + "]}");
}

struct HubSpotWrite : testing::Test {
  Bench bench{"hubspot"};
  void SetUp() override {
    bench.settings.extra["settle_seconds"] = "30";
    bench.make();
  }
};

TEST_F(HubSpotWrite, AHundredToACall) {
  bench.http.handler = confirm_all;
  std::vector<WriteRequest> requests;
  for (int i = 0; i < 250; ++i) requests.push_back(update(std::to_string(i)));
  for (const auto& outcome : bench.write(requests)) EXPECT_EQ(code_of(outcome), "ok");
  EXPECT_EQ(bench.http.requests.size(), 3U);
  EXPECT_EQ(bench.connector->calls(), 3);
}

TEST_F(HubSpotWrite, TheSameRecordTwiceGoesIntoTwoBatches) {
  bench.http.handler = confirm_all;
  bench.write({update("1"), update("2"), update("1")});
  EXPECT_EQ(bench.http.requests.size(), 2U);
}

TEST_F(HubSpotWrite, ACreateCarriesOurReferenceAndItsAssociations) {
  bench.http.handler = confirm_all;
  const auto outcomes = bench.write({create("TIE-1")});
  EXPECT_EQ(code_of(outcomes[0]), "ok");
  EXPECT_TRUE(outcomes[0].record->partial);
  const json::Value input = parsed(bench.http.requests[0].body)["inputs"].items().at(0);
  EXPECT_EQ(input["properties"]["tieout_reference"].text(), "TIE-1");
  EXPECT_EQ(input["associations"].dump(), R"([{"to":{"id":"1"},"types":[]}])");
  EXPECT_EQ(input["objectWriteTraceId"].text(), "0");
}

TEST_F(HubSpotWrite, ValuesGoAsText) {
  bench.http.handler = confirm_all;
  bench.write({update("1", R"({"amount":260.10,"flag":true,"gone":null,"many":["a","b"]})")});
  EXPECT_EQ(parsed(bench.http.requests[0].body)["inputs"].items().at(0)["properties"].dump(),
            R"({"amount":"260.10","flag":"true","gone":"","many":"a;b"})");
}

TEST_F(HubSpotWrite, edge_134_OneBadItemOfABatch) {
  bench.http.script.push_back(reply(
      207,
      R"({"status":"COMPLETE","results":[)" + result("2", "1") +
          R"(],"numErrors":1,"errors":[)"
          R"({"status":"error","category":"VALIDATION_ERROR","message":"Property values were not valid","context":{"objectWriteTraceId":["0"]}}]})"));
  const auto outcomes = bench.write({update("1"), update("2")});
  EXPECT_EQ(code_of(outcomes[0]), "hubspot.value.invalid");
  EXPECT_EQ(outcomes[0].fault->certainty, Certainty::not_applied);
  EXPECT_EQ(code_of(outcomes[1]), "ok");
}

TEST_F(HubSpotWrite, edge_134_ABatchRefusedForOneItemIsHalvedUntilItIsFound) {
  bench.http.handler = [](const ports::HttpRequest& request) -> FakeHttp::Answer {
    if (request.body.find("\"id\":\"5\"") == std::string::npos) return confirm_all(request);
    return reply(400, R"({"status":"error","category":"VALIDATION_ERROR","message":"bad"})");
  };
  std::vector<WriteRequest> requests;
  for (int i = 0; i < 8; ++i) requests.push_back(update(std::to_string(i)));
  const auto outcomes = bench.write(requests);
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(code_of(outcomes[static_cast<std::size_t>(i)]), i == 5 ? "hubspot.value.invalid" : "ok") << i;
  EXPECT_EQ(bench.http.requests.size(), 7U);
}

TEST_F(HubSpotWrite, AnItemThatIsMissingFromTheAnswerIsUncertain) {
  bench.http.script.push_back(
      reply(200, R"({"status":"COMPLETE","results":[)" + result("2", "1") + "," + result("77", "9") + "]}"));
  const auto outcomes = bench.write({update("1"), update("2")});
  EXPECT_EQ(code_of(outcomes[0]), "hubspot.answer.incomplete");
  EXPECT_EQ(outcomes[0].fault->certainty, Certainty::unknown);
  EXPECT_EQ(code_of(outcomes[1]), "ok");
  EXPECT_EQ(bench.http.requests.size(), 1U);
}

TEST_F(HubSpotWrite, AnAnswerOfAnotherFormLeavesAllUncertain) {
  bench.http.script.push_back(reply(200, R"({"results":"none"})"));
  for (const auto& outcome : bench.write({update("1"), update("2")})) {
    ASSERT_TRUE(outcome.fault);
    EXPECT_EQ(outcome.fault->certainty, Certainty::unknown);
    EXPECT_FALSE(outcome.retry);
  }
}

TEST_F(HubSpotWrite, ResultsWithoutTraceAreMatchedByOurReference) {
  bench.http.script.push_back(reply(201, R"({"status":"COMPLETE","results":[)" +
                                             result("51", "", R"({"tieout_reference":"B"})") + "," +
                                             result("50", "", R"({"tieout_reference":"A"})") + "]}"));
  const auto outcomes = bench.write({create("A"), create("B")});
  ASSERT_TRUE(outcomes[0].record && outcomes[1].record);
  EXPECT_EQ(outcomes[0].record->vendor_id, "50");
  EXPECT_EQ(outcomes[1].record->vendor_id, "51");
}

TEST_F(HubSpotWrite, ThereIsNoVoid) {
  EXPECT_EQ(code_of(bench.write({{WriteKind::void_document, "deals", "1", "", "{}", "k", ""}})[0]),
            "hubspot.operation.unsupported");
  EXPECT_TRUE(bench.http.requests.empty());
}

TEST_F(HubSpotWrite, LooksUpACreateByItsReference) {
  bench.http.handler = [](const ports::HttpRequest& request) -> FakeHttp::Answer {
    EXPECT_TRUE(request.url.ends_with("/deals/batch/read"));
    EXPECT_EQ(parsed(request.body)["idProperty"].text(), "tieout_reference");
    return reply(207, R"({"status":"COMPLETE","results":[)" + result("50", "", R"({"tieout_reference":"A"})") +
                          R"(],"errors":[{"category":"OBJECT_NOT_FOUND"}]})");
  };
  const std::vector<WriteRequest> requests = {create("A"), create("B")};
  auto found = bench.connector->look_up(requests, bench.clock.time);
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)[0].found, Found::written);
  EXPECT_EQ((*found)[0].record->vendor_id, "50");
  EXPECT_EQ((*found)[1].found, Found::unsure);  // it may still arrive
  bench.clock.time += std::chrono::seconds{31};
  found = bench.connector->look_up(requests, bench.clock.time - std::chrono::seconds{31});
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)[1].found, Found::absent);
  EXPECT_EQ(bench.http.requests.size(), 2U);
}

TEST_F(HubSpotWrite, LooksUpAnUpdateByComparingWhatWasSent) {
  bench.http.handler = [](const ports::HttpRequest&) -> FakeHttp::Answer {
    return reply(200, R"({"results":[)" + result("1", "", R"({"amount":"1.5","on":"2026-11-21T00:00:00Z"})") + "," +
                          result("2", "", R"({"amount":"9"})") + "]}");
  };
  const std::vector<WriteRequest> requests = {update("1", R"({"amount":"1.50","on":"2026-11-21"})"), update("2")};
  auto found = bench.connector->look_up(requests, bench.clock.time - std::chrono::minutes{5});
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)[0].found, Found::written);
  EXPECT_EQ((*found)[1].found, Found::absent);
}

TEST_F(HubSpotWrite, SetupCreatesOnlyWhatIsMissing) {
  Bench world("hubspot");
  world.settings.objects = {"products"};
  world.make();
  world.http.handler = [](const ports::HttpRequest& request) -> FakeHttp::Answer {
    if (request.method == "GET") return reply(200, R"({"results":[{"name":"tieout_books_id"}]})");
    if (request.url.ends_with("/groups"))
      return reply(409, R"({"status":"error","category":"CONFLICT","message":"exists"})");
    return reply(201, R"({"status":"COMPLETE","results":[]})");
  };
  auto created = dynamic_cast<NeedsSetup&>(*world.connector).ensure_setup();
  ASSERT_TRUE(created) << created.error().what;
  EXPECT_EQ(*created, std::vector<std::string>{"products.tieout_reference"});
  EXPECT_TRUE(parsed(world.http.requests.back().body)["inputs"].items().at(0)["hasUniqueValue"].as_bool());
}

}  // namespace
}  // namespace tieout::vendors
