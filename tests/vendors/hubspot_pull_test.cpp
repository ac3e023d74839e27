// Reading HubSpot: whole records, the least calls, nothing skipped, and no guess when the answer is odd.
#include <fmt/core.h>

#include "fake_world.hpp"

namespace tieout::vendors {
namespace {

const char* vendor_date = "Sat, 21 Nov 2026 12:00:00 GMT";

std::string row(const std::string& id, const std::string& updated, const std::string& properties = "{}",
                const std::string& more = "") {
  return fmt::format(
      R"({{"id":"{}","properties":{},"createdAt":"2026-01-01T00:00:00Z","updatedAt":"{}","archived":false{}}})", id,
      properties, updated, more);
}
std::string list(const std::vector<std::string>& rows, const std::string& after = "") {
  std::string out = R"({"results":[)";
  for (std::size_t i = 0; i < rows.size(); ++i) out += (i == 0 ? "" : ",") + rows[i];
  out += "]";
  if (!after.empty()) out += R"(,"paging":{"next":{"after":")" + after + R"("}})";
  return out + "}";
}
FakeHttp::Answer dated(const std::string& body) { return reply(200, body, {{"Date", vendor_date}}); }

struct HubSpotPull : testing::Test {
  Bench bench{"hubspot"};
  ports::Connector& make(std::vector<std::string> objects) {
    bench.settings.objects = std::move(objects);
    return bench.make();
  }
  ports::Page pull(const std::string& cursor) {
    auto page = bench.connector->pull(cursor);
    EXPECT_TRUE(page) << (page ? "" : page.error().code + ": " + page.error().what);
    return page ? *page : ports::Page{};
  }
  /// Answers every search and list by its path; counts are asserted through the requests.
  std::map<std::string, std::string> answers;
  void answer_by_path() {
    bench.http.handler = [this](const ports::HttpRequest& request) -> FakeHttp::Answer {
      for (const auto& [part, body] : answers)
        if (request.url.find(part) != std::string::npos) return dated(body);
      return dated(R"({"results":[]})");
    };
  }
};

TEST_F(HubSpotPull, ComposesADealFromItsPartsInTwoCalls) {
  make({"deals"});
  answers["/crm/v3/objects/deals?"] = list({row(
      "7", "2026-11-01T00:00:00Z", R"({"amount":"260.10","dealname":"a\"b"})",
      R"(,"associations":{"companies":{"results":[{"id":"12","type":"deal_to_company_unlabeled"},{"id":"11","type":"deal_to_company"},)"
      R"({"id":"11","type":"deal_to_company_unlabeled"}]},"contacts":{"results":[{"id":"5","type":"deal_to_contact"}]},)"
      R"("line items":{"results":[{"id":"101","type":"deal_to_line_item"},{"id":"99","type":"deal_to_line_item"}]}})")});
  answers["/crm/v3/objects/line_items/batch/read"] =
      list({row("101", "2026-11-01T00:00:00Z", R"({"price":"9007199254740993"})"),
            row("99", "2026-11-01T00:00:00Z", R"({"price":"0.10"})")});
  answer_by_path();
  const ports::Page page = pull("");
  ASSERT_EQ(page.records.size(), 1U);
  EXPECT_EQ(bench.http.requests.size(), 2U);
  const json::Value body = parsed(page.records[0].body);
  EXPECT_EQ(body["properties"]["amount"].text(), "260.10");
  EXPECT_EQ(body["properties"]["dealname"].text(), "a\"b");
  EXPECT_EQ(body["associations"]["companies"].dump(), R"(["11","12"])");  // the primary first
  EXPECT_EQ(body["associations"]["contacts"].dump(), R"(["5"])");
  ASSERT_EQ(body["line_items"].size(), 2U);
  EXPECT_EQ(body["line_items"].items()[0]["id"].text(), "99");
  EXPECT_EQ(body["line_items"].items()[1]["properties"]["price"].text(), "9007199254740993");
  EXPECT_EQ(body["updatedAt"].text(), "2026-11-01T00:00:00Z");
  EXPECT_FALSE(page.more);
  EXPECT_TRUE(page.records[0].version.starts_with("2026-11-01T00:00:00Z+"));
}

TEST_F(HubSpotPull, ACompanyCarriesItsPrimaryContact) {
  make({"companies"});
  answers["/crm/v3/objects/companies?"] = list({row(
      "1", "2026-11-01T00:00:00Z", R"({"name":"A"})",
      R"(,"associations":{"contacts":{"results":[{"id":"9","type":"company_to_contact_unlabeled"},{"id":"10","type":"company_to_contact"}]}})")});
  answers["/crm/v3/objects/contacts/batch/read"] = list({row("10", "2026-11-01T00:00:00Z", R"({"email":"a@b.c"})")});
  answer_by_path();
  const ports::Page page = pull("");
  ASSERT_EQ(page.records.size(), 1U);
  EXPECT_EQ(parsed(page.records[0].body)["contact"]["properties"]["email"].text(), "a@b.c");
  EXPECT_EQ(bench.http.requests.size(), 2U);
}

TEST_F(HubSpotPull, ALineMissingFromTheBatchIsAskedForByItselfAndNeverDropped) {
  make({"deals"});
  answers["/crm/v3/objects/deals?"] =
      list({row("7", "2026-11-01T00:00:00Z", "{}",
                R"(,"associations":{"line items":{"results":[{"id":"1","type":"x"},{"id":"2","type":"x"}]}})")});
  answers["/line_items/batch/read"] = list({row("1", "2026-11-01T00:00:00Z")});
  answers["/line_items/2?"] = row("2", "2026-11-01T00:00:00Z");
  answer_by_path();
  const ports::Page page = pull("");
  ASSERT_EQ(page.records.size(), 1U);
  EXPECT_EQ(parsed(page.records[0].body)["line_items"].size(), 2U);
}

TEST_F(HubSpotPull, FollowsAnAssociationListThatDoesNotFit) {
  make({"deals"});
  answers["/crm/v3/objects/deals?"] = list(
      {row("7", "2026-11-01T00:00:00Z", "{}",
           R"(,"associations":{"line items":{"results":[{"id":"1","type":"x"}],"paging":{"next":{"after":"500"}}}})")});
  answers["/crm/v4/objects/deals/7/associations/line_items?limit=500&after=500"] =
      R"({"results":[{"toObjectId":2,"associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":19,"label":null}]}]})";
  answers["/line_items/batch/read"] = list({row("1", "2026-11-01T00:00:00Z"), row("2", "2026-11-01T00:00:00Z")});
  answer_by_path();
  EXPECT_EQ(parsed(pull("").records.at(0).body)["line_items"].size(), 2U);
}

TEST_F(HubSpotPull, FetchesTheNextPageWhileThisOneIsWorkedOn) {
  make({"products"});
  bench.http.script.push_back(dated(list({row("1", "2026-11-01T00:00:00Z")}, "AFTER1")));
  bench.http.script.push_back(dated(list({row("2", "2026-11-01T00:00:00Z")})));
  const ports::Page first = pull("");
  EXPECT_EQ(bench.http.requests.size(), 2U);  // the second page is on its way
  EXPECT_TRUE(first.more);
  const ports::Page second = pull(first.next_cursor);
  EXPECT_EQ(bench.http.requests.size(), 2U);
  EXPECT_FALSE(second.more);
  EXPECT_EQ(second.records.at(0).vendor_id, "2");
}

TEST_F(HubSpotPull, AnEmptyPageBeforeTheEndIsAskedForAgain) {
  make({"products"});
  bench.http.script.push_back(dated(list({}, "A")));
  bench.http.script.push_back(dated(list({row("1", "2026-11-01T00:00:00Z")}, "A")));
  bench.http.handler = [](const ports::HttpRequest&) -> FakeHttp::Answer { return dated(list({}, "B")); };
  const ports::Page page = pull("");
  EXPECT_EQ(page.records.size(), 1U);
  auto next = bench.connector->pull(page.next_cursor);
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, "hubspot.answer.empty");
}

TEST_F(HubSpotPull, AnotherCursorThanTheOneFetchedAheadIsServedRightly) {
  make({"products"});
  bench.http.handler = [](const ports::HttpRequest& request) -> FakeHttp::Answer {
    const bool second = request.url.find("after=") != std::string::npos;
    return second ? dated(list({row("2", "2026-11-01T00:00:00Z")}))
                  : dated(list({row("1", "2026-11-01T00:00:00Z")}, "A"));
  };
  pull("");
  EXPECT_EQ(pull("").records.at(0).vendor_id, "1");  // a restart from the beginning
}

std::string load_then_delta_cursor(HubSpotPull& test, std::vector<std::string> objects) {
  test.make(std::move(objects));
  test.answer_by_path();
  std::string cursor;
  for (bool more = true; more;) {
    const ports::Page page = test.pull(cursor);
    cursor = page.next_cursor;
    more = page.more;
  }
  test.bench.http.requests.clear();
  return cursor;
}

TEST_F(HubSpotPull, AQuietDeltaIsOneSearchAnObjectAndNothingElse) {
  const std::string cursor = load_then_delta_cursor(*this, {"companies", "products", "deals"});
  const ports::Page page = pull(cursor);
  EXPECT_TRUE(page.records.empty());
  EXPECT_FALSE(page.more);
  // companies, products, deals, and what is composed into them: contacts and line items
  EXPECT_EQ(bench.http.requests.size(), 5U);
  for (const std::string& path : bench.http.paths()) EXPECT_TRUE(path.ends_with("/search")) << path;
}

TEST_F(HubSpotPull, edge_126_ReachesBackForALateIndexAndRepeatsNothing) {
  const std::string cursor = load_then_delta_cursor(*this, {"products"});
  const auto bound = [&] {
    const json::Value search = parsed(bench.http.requests.back().body);
    EXPECT_EQ(search["sorts"].items()[0]["direction"].text(), "ASCENDING");
    const json::Value& filter = search["filterGroups"].items()[0]["filters"].items()[0];
    EXPECT_EQ(filter["propertyName"].text(), "hs_lastmodifieddate");
    EXPECT_EQ(filter["operator"].text(), "GTE");
    return to_text(instant_from_ms(filter["value"].as_int()));
  };
  vendor_date = "Sat, 21 Nov 2026 12:05:00 GMT";
  answers["/products/search"] = list({row("1", "2026-11-21T12:04:59.500Z")});
  ports::Page page = pull(cursor);
  EXPECT_EQ(bound(), "2026-11-21T11:59:59.000Z");  // the lists were complete when the load began
  EXPECT_EQ(page.records.size(), 1U);
  // Late in the index: its modified date is before that of one that was handed on already.
  answers["/products/search"] = list({row("2", "2026-11-21T12:04:50.000Z"), row("1", "2026-11-21T12:04:59.500Z")});
  page = pull(page.next_cursor);
  EXPECT_EQ(bound(), "2026-11-21T12:04:30.000Z");
  ASSERT_EQ(page.records.size(), 1U);
  EXPECT_EQ(page.records[0].vendor_id, "2");
  EXPECT_TRUE(pull(page.next_cursor).records.empty());
  vendor_date = "Sat, 21 Nov 2026 12:00:00 GMT";
}

TEST_F(HubSpotPull, edge_126_StartsAgainFromTheLastValueBeforeTenThousand) {
  const std::string cursor = load_then_delta_cursor(*this, {"products"});
  const auto base = *parse_instant("2026-11-21T12:10:00Z");
  constexpr int kChanged = 12'345;
  bench.http.handler = [&](const ports::HttpRequest& request) -> FakeHttp::Answer {
    const json::Value search = parsed(request.body);
    const std::int64_t from = search["filterGroups"].items()[0]["filters"].items()[0]["value"].as_int();
    const std::int64_t after = search["after"].as_int(0);
    EXPECT_LE(after + 200, 10'000);
    std::vector<std::string> rows;
    std::int64_t at = 0;
    for (int i = 0; i < kChanged && rows.size() < 200; ++i) {
      const auto modified = base + Milliseconds{i / 3};  // three share each millisecond
      if (to_ms(modified) < from) continue;
      if (at++ >= after) rows.push_back(row(std::to_string(i), to_text(modified)));
    }
    const bool last = rows.size() < 200;
    return reply(200, list(rows, last ? "" : std::to_string(after + 200)));
  };
  std::map<std::string, int> seen;
  std::string at = cursor;
  for (bool more = true; more;) {
    const ports::Page page = pull(at);
    for (const auto& record : page.records) ++seen[record.vendor_id];
    at = page.next_cursor;
    more = page.more;
    ASSERT_LT(bench.http.requests.size(), 200U);
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(kChanged));
  EXPECT_LE(bench.http.requests.size(), 64U);
}

TEST_F(HubSpotPull, edge_127_AChangedLineItemBringsItsDeal) {
  const std::string cursor = load_then_delta_cursor(*this, {"deals"});
  answers["/line_items/search"] = list({row("55", "2026-11-21T12:01:00Z")});
  answers["/crm/v4/associations/line_items/deals/batch/read"] =
      R"({"results":[{"from":{"id":"55"},"to":[{"toObjectId":"7","associationTypes":[]}]}]})";
  answers["/objects/deals/7?"] =
      row("7", "2026-11-01T00:00:00Z", "{}", R"(,"associations":{"line items":{"results":[{"id":"55","type":"x"}]}})");
  answers["/line_items/batch/read"] = list({row("55", "2026-11-21T12:01:00Z", R"({"quantity":"3"})")});
  const ports::Page page = pull(cursor);
  ASSERT_EQ(page.records.size(), 1U);
  EXPECT_EQ(page.records[0].object, "deals");
  EXPECT_EQ(parsed(page.records[0].body)["line_items"].items()[0]["properties"]["quantity"].text(), "3");
  EXPECT_EQ(bench.http.requests.size(), 2U + 3U);  // two searches, parent, deal, lines
}

TEST_F(HubSpotPull, ManyChangedDealsAreComposedByTheHundred) {
  const std::string cursor = load_then_delta_cursor(*this, {"deals"});
  std::vector<std::string> rows, lines;
  std::string links = R"({"results":[)";
  for (int i = 1; i <= 100; ++i) {
    rows.push_back(row(std::to_string(i), "2026-11-21T12:01:00Z"));
    lines.push_back(row(std::to_string(1000 + i), "2026-11-21T12:01:00Z"));
    links += fmt::format(R"({}{{"from":{{"id":"{}"}},"to":[{{"toObjectId":{},"associationTypes":[]}}]}})",
                         i == 1 ? "" : ",", i, 1000 + i);
  }
  answers["/deals/search"] = list(rows);
  answers["/associations/deals/line_items/batch/read"] = links + "]}";
  answers["/line_items/batch/read"] = list(lines);
  const ports::Page page = pull(cursor);
  ASSERT_EQ(page.records.size(), 100U);
  EXPECT_EQ(parsed(page.records[0].body)["line_items"].size(), 1U);
  EXPECT_EQ(bench.http.requests.size(), 2U + 3U + 1U);  // searches; companies, contacts, line items of all; the lines
}

TEST_F(HubSpotPull, AnswersToAnotherQuestionAreNoDealsWithoutLines) {
  const std::string cursor = load_then_delta_cursor(*this, {"deals"});
  std::vector<std::string> rows;
  for (int i = 1; i <= 10; ++i) rows.push_back(row(std::to_string(i), "2026-11-21T12:01:00Z"));
  answers["/deals/search"] = list(rows);
  answers["/associations/deals/line_items/batch/read"] = R"({"status":"ok"})";
  const auto page = bench.connector->pull(cursor);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, "hubspot.answer.shape");
}

TEST_F(HubSpotPull, AnEchoOfAKnownVersionCostsNothing) {
  const std::string cursor = load_then_delta_cursor(*this, {"deals"});
  answers["/deals/search"] = list({row("7", "2026-11-21T12:01:00Z")});
  bench.connector->skip_known([](const ports::RawRecord& told) {
    return told.object == "deals" && told.vendor_id == "7" && told.version == "2026-11-21T12:01:00Z";
  });
  EXPECT_TRUE(pull(cursor).records.empty());
  EXPECT_EQ(bench.http.requests.size(), 2U);
}

TEST_F(HubSpotPull, AnArchivedRecordIsFoundWhenAskedFor) {
  bench.settings.extra["archived_every"] = "1";
  std::string cursor = load_then_delta_cursor(*this, {"products"});
  answers["archived=true"] =
      R"({"results":[{"id":"3","properties":{},"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-11-21T12:00:00Z","archived":true}]})";
  ports::Page page = pull(cursor);
  EXPECT_TRUE(page.more);
  page = pull(page.next_cursor);
  ASSERT_EQ(page.records.size(), 1U);
  EXPECT_TRUE(page.records[0].deleted);
  EXPECT_FALSE(page.more);
}

TEST_F(HubSpotPull, ReadsById_AndOnlyA404IsGone) {
  make({"products"});
  bench.http.handler = [](const ports::HttpRequest& request) -> FakeHttp::Answer {
    if (request.url.find("/products/404?") != std::string::npos)
      return reply(404, R"({"status":"error","category":"OBJECT_NOT_FOUND","message":"x"})");
    if (request.url.find("/products/old?") != std::string::npos) return reply(200, row("new", "2026-11-01T00:00:00Z"));
    return reply(200, row("1", "2026-11-01T00:00:00Z"));
  };
  const std::vector<std::string> ids = {"1", "404", "old"};
  auto records = bench.connector->read("products", ids);
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 4U);
  EXPECT_FALSE((*records)[0].deleted);
  EXPECT_TRUE((*records)[1].deleted);
  EXPECT_TRUE((*records)[2].deleted);  // merged away
  EXPECT_EQ((*records)[3].vendor_id, "new");
}

TEST_F(HubSpotPull, HostileAnswersAreFaultsNeverCrashes) {
  const char* const kBodies[] = {
      R"({"results":{}})",
      R"({"results":[1]})",
      R"({"results":[{"properties":{}}]})",
      R"({"results":[{"id":{},"updatedAt":"2026-01-01T00:00:00Z"}]})",
      R"({"results":[{"id":"1","updatedAt":7}]})",
      R"({"results":[{"id":"1","updatedAt":"soon"}]})",
      R"({"results":[{"id":"1","properties":[],"updatedAt":"2026-01-01T00:00:00Z"}]})",
      R"({"no":1})",
      R"([])",
      R"({"results":[{"id":"","updatedAt":"2026-01-01T00:00:00Z"}]})",
      R"({"results":[{"id":"1","properties":{},"updatedAt":"2026-01-01T00:00:00Z","archived":"no"}]})",
      R"({"results":null})",
      R"({"results":[null]})"};
  for (const char* body : kBodies) {
    SCOPED_TRACE(body);
    Bench world("hubspot");
    world.settings.objects = {"deals"};
    world.make();
    world.http.script.push_back(reply(200, body));
    auto page = world.connector->pull("");
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, "hubspot.answer.shape") << page.error().what;
  }
  make({"deals"});
  auto page = bench.connector->pull("not a cursor");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, "hubspot.cursor.malformed");
}

TEST_F(HubSpotPull, APageThatNamesItselfAsTheNextIsRefused) {
  make({"products"});
  bench.http.handler = [](const ports::HttpRequest&) -> FakeHttp::Answer {
    return reply(200, list({row("1", "2026-11-01T00:00:00Z")}, "A"));
  };
  const ports::Page first = pull("");
  auto second = bench.connector->pull(first.next_cursor);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "hubspot.answer.shape");
}

TEST_F(HubSpotPull, FactsNameTheWonStages) {
  make({"deals"});
  answers["/account-info/"] =
      R"({"portalId":222,"companyCurrency":"EUR","timeZone":"Europe/Berlin","additionalCurrencies":["USD"]})";
  answers["/pipelines/deals"] =
      R"({"results":[{"id":"default","label":"Sales","stages":[{"id":"closedwon","label":"Won","metadata":{"probability":"1.0","isClosed":"true"}},{"id":"closedlost","label":"Lost","metadata":{"probability":"0.0"}}]}]})";
  answer_by_path();
  auto facts = bench.connector->facts();
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->account_id, "222");
  EXPECT_EQ(facts->home_currency, "EUR");
  EXPECT_TRUE(facts->multi_currency);
  EXPECT_NE(std::find(facts->settings.begin(), facts->settings.end(),
                      std::pair<std::string, std::string>("won_stages", "closedwon")),
            facts->settings.end());
}

}  // namespace
}  // namespace tieout::vendors
