// Writing to the books: thirty to a call, an outcome for every item, a stable requestid, and doubt wherever it is due.
#include <fmt/core.h>

#include <set>

#include "fake_world.hpp"

namespace tieout::vendors {
namespace {

using ports::Found;
using ports::WriteKind;
using ports::WriteRequest;

std::string entity(const std::string& id, const std::string& token, const std::string& more = "") {
  return fmt::format(
      R"({{"Id":"{}","SyncToken":"{}","MetaData":{{"CreateTime":"2026-11-21T04:00:00-08:00","LastUpdatedTime":"2026-11-21T04:00:00-08:00"}}{}}})",
      id, token, more);
}
WriteRequest invoice(int i) {
  return {WriteKind::create,
          "Invoice",
          "",
          "",
          R"({"CustomerRef":{"value":"1"},"Line":[{"Amount":260.10}]})",
          fmt::format("key-{}", i),
          fmt::format("TIE-{}", i)};
}
FakeHttp::Answer confirm_all(const ports::HttpRequest& request) {
  const json::Value body = parsed(request.body);
  std::string out;
  for (const json::Value& item : body["BatchItemRequest"].items())
    for (const auto& [name, value] : item.members())
      if (name != "bId" && name != "operation")
        out = fmt::format(R"({{"bId":"{}","{}":{}}}{}{})", item["bId"].text(), name,
                          entity(value.find("Id") ? value["Id"].text() : "1" + item["bId"].text(), "1"),
                          out.empty() ? "" : ",", out);
  return reply(200, R"({"BatchItemResponse":[)" + out + R"(],"time":"2026-11-21T04:00:00-08:00"})");
}
std::string fault(const std::string& bid, const std::string& code) {
  return fmt::format(
      R"({{"bId":"{}","Fault":{{"Error":[{{"Message":"m","Detail":"d","code":"{}"}}],"type":"ValidationFault"}}}})",
      bid, code);
}
std::string parameter(const std::string& url, const std::string& name) {
  const auto at = url.find(name + "=");
  return at == std::string::npos ? "" : url.substr(at + name.size() + 1, url.find('&', at) - at - name.size() - 1);
}

struct QuickBooksWrite : testing::Test {
  Bench bench{"quickbooks"};
  void SetUp() override { bench.make(); }
};

TEST_F(QuickBooksWrite, ThirtyToACallWhateverTheObject) {
  bench.http.handler = confirm_all;
  std::vector<WriteRequest> requests;
  for (int i = 0; i < 61; ++i)
    requests.push_back(i % 2 == 0 ? invoice(i)
                                  : WriteRequest{WriteKind::create, "Customer", "", "", R"({"DisplayName":"A"})",
                                                 fmt::format("c-{}", i), ""});
  bench.http.handler = [](const ports::HttpRequest& request) -> FakeHttp::Answer {
    if (request.url.find("/batch") != std::string::npos) return confirm_all(request);
    return reply(200, R"({"Invoice":)" + entity("99", "0") + "}");
  };
  for (const auto& outcome : bench.write(requests)) EXPECT_EQ(code_of(outcome), "ok");
  EXPECT_EQ(bench.http.requests.size(), 3U);  // 30, 30, and the last by a plain POST
  EXPECT_NE(bench.http.requests[2].url.find("/invoice?requestid=key-60"), std::string::npos);
}

TEST_F(QuickBooksWrite, TheRequestIdIsMadeFromTheKeysAndNothingElse) {
  bench.http.handler = confirm_all;
  bench.write({invoice(1), invoice(2)});
  bench.write({invoice(1), invoice(2)});
  bench.write({invoice(1), invoice(3)});
  const std::string first = parameter(bench.http.requests[0].url, "requestid");
  EXPECT_EQ(first, parameter(bench.http.requests[1].url, "requestid"));
  EXPECT_NE(first, parameter(bench.http.requests[2].url, "requestid"));
  EXPECT_LE(first.size(), 50U);
  EXPECT_GE(first.size(), 32U);
}

TEST_F(QuickBooksWrite, TheReferenceStandsInThePrivateNoteAndNumbersKeepTheirDigits) {
  bench.http.handler = confirm_all;
  WriteRequest noted = invoice(2);
  noted.body = R"({"PrivateNote":"by hand","TotalAmt":1.10})";
  bench.write({invoice(1), noted});
  const json::Value items = parsed(bench.http.requests[0].body)["BatchItemRequest"];
  EXPECT_EQ(items.items()[0]["Invoice"]["PrivateNote"].text(), "TIE-1");
  EXPECT_EQ(items.items()[1]["Invoice"]["PrivateNote"].text(), "by hand TIE-2");
  EXPECT_NE(bench.http.requests[0].body.find("\"Amount\":260.10"), std::string::npos);
  EXPECT_NE(bench.http.requests[0].body.find("\"TotalAmt\":1.10"), std::string::npos);
}

TEST_F(QuickBooksWrite, AnUpdateIsSparseAndCarriesItsToken) {
  bench.http.handler = [](const ports::HttpRequest&) -> FakeHttp::Answer {
    return reply(200, R"({"Customer":)" + entity("5", "8") + "}");
  };
  const auto outcomes =
      bench.write({{WriteKind::update, "Customer", "5", "7", R"({"SyncToken":"1","CompanyName":"X"})", "k", ""}});
  EXPECT_EQ(parsed(bench.http.requests[0].body).dump(),
            R"({"Id":"5","SyncToken":"7","sparse":true,"CompanyName":"X"})");
  ASSERT_TRUE(outcomes[0].record);
  EXPECT_EQ(outcomes[0].record->version, "8");
}

TEST_F(QuickBooksWrite, VoidsGoTheirOwnWay) {
  bench.http.handler = [](const ports::HttpRequest& request) -> FakeHttp::Answer {
    const bool payment = request.url.find("/payment?") != std::string::npos;
    return reply(200, fmt::format(R"({{"{}":{}}})", payment ? "Payment" : "Invoice", entity("5", "8")));
  };
  const auto outcomes = bench.write({{WriteKind::void_document, "Invoice", "5", "7", "", "k1", ""},
                                     {WriteKind::void_document, "Payment", "5", "7", "", "k2", ""},
                                     {WriteKind::void_document, "Customer", "5", "7", "", "k3", ""}});
  EXPECT_EQ(code_of(outcomes[0]), "ok");
  EXPECT_EQ(code_of(outcomes[1]), "ok");
  EXPECT_EQ(code_of(outcomes[2]), "quickbooks.operation.unsupported");
  ASSERT_EQ(bench.http.requests.size(), 2U);
  EXPECT_NE(bench.http.requests[0].url.find("/invoice?operation=void&requestid=k1"), std::string::npos);
  EXPECT_NE(bench.http.requests[1].url.find("/payment?operation=update&include=void&requestid=k2"), std::string::npos);
}

TEST_F(QuickBooksWrite, edge_134_ItemsAnswerForThemselves) {
  std::string answer;
  const std::vector<std::pair<std::string, std::string>> kCases = {
      {"5010", "quickbooks.stale"},          {"6240", "quickbooks.name.taken"},
      {"6210", "quickbooks.period.closed"},  {"6140", "quickbooks.number.taken"},
      {"2050", "quickbooks.field.too_long"}, {"2500", "quickbooks.reference.invalid"},
      {"3200", "quickbooks.auth.refused"},   {"10000", "quickbooks.silence"},
      {"500", "quickbooks.field.unknown"},   {"7777", "quickbooks.request.refused"}};
  std::vector<WriteRequest> requests;
  for (std::size_t i = 0; i < kCases.size(); ++i) {
    requests.push_back(invoice(static_cast<int>(i)));
    answer += fault(std::to_string(i), kCases[i].first) + ",";
  }
  requests.push_back(invoice(99));
  answer += fmt::format(R"({{"bId":"{}","Invoice":{}}})", kCases.size(), entity("12", "0"));
  bench.http.script.push_back(reply(200, R"({"BatchItemResponse":[)" + answer + "]}"));
  const auto outcomes = bench.write(requests);
  for (std::size_t i = 0; i < kCases.size(); ++i) {
    // An unknown code in a good 400-like item is a refusal too, but by a name of its own.
    EXPECT_EQ(code_of(outcomes[i]), kCases[i].first == "7777" ? "quickbooks.request.refused" : kCases[i].second);
    EXPECT_EQ(outcomes[i].fault->certainty, kCases[i].first == "10000" ? Certainty::unknown : Certainty::not_applied)
        << kCases[i].first;
  }
  EXPECT_EQ(code_of(outcomes.back()), "ok");
  EXPECT_EQ(bench.http.requests.size(), 1U);
}

TEST_F(QuickBooksWrite, AThrottledItemIsSentAgainAfterTheMinuteUnderAnotherRequestId) {
  bench.http.script.push_back(
      reply(200, R"({"BatchItemResponse":[)" + fault("0", "003001") + "," + fault("1", "003001") + "]}"));
  bench.http.handler = confirm_all;
  for (const auto& outcome : bench.write({invoice(1), invoice(2)})) EXPECT_EQ(code_of(outcome), "ok");
  ASSERT_EQ(bench.http.requests.size(), 2U);
  EXPECT_NE(parameter(bench.http.requests[0].url, "requestid"), parameter(bench.http.requests[1].url, "requestid"));
  ASSERT_EQ(bench.clock.sleeps.size(), 1U);
  EXPECT_GE(bench.clock.sleeps[0], Milliseconds{60'000});
}

TEST_F(QuickBooksWrite, AThrottledCallIsSentAgainUnderTheSameRequestId) {
  bench.http.script.push_back(reply(
      429,
      R"({"Fault":{"Error":[{"Message":"message=ThrottleExceeded; errorCode=003001; statusCode=429","code":"003001"}],"type":"SERVICE"}})"));
  bench.http.handler = confirm_all;
  for (const auto& outcome : bench.write({invoice(1), invoice(2)})) EXPECT_EQ(code_of(outcome), "ok");
  ASSERT_EQ(bench.http.requests.size(), 2U);
  EXPECT_EQ(bench.http.requests[0].url, bench.http.requests[1].url);
}

TEST_F(QuickBooksWrite, MissingDoubledAndForeignItemsAreUncertain) {
  bench.http.script.push_back(reply(200, R"({"BatchItemResponse":[{"bId":"0","Invoice":)" + entity("1", "0") +
                                             R"(},{"bId":"0","Invoice":)" + entity("2", "0") +
                                             R"(},{"bId":"2","Customer":)" + entity("3", "0") +
                                             R"(},{"bId":"77","Invoice":)" + entity("4", "0") + "}]}"));
  const auto outcomes = bench.write({invoice(0), invoice(1), invoice(2)});
  for (const auto& outcome : outcomes) {
    EXPECT_EQ(code_of(outcome), "quickbooks.answer.incomplete");
    EXPECT_EQ(outcome.fault->certainty, Certainty::unknown);
  }
  EXPECT_EQ(bench.http.requests.size(), 1U);
}

TEST_F(QuickBooksWrite, edge_118_SilenceIsNeverAnsweredBySendingAgain) {
  for (const char* code : {"http.timeout", "http.broken"}) {
    bench.http.requests.clear();
    bench.http.script.push_back(broken(code, Certainty::unknown));
    for (const auto& outcome : bench.write({invoice(1), invoice(2)})) {
      EXPECT_EQ(code_of(outcome), "quickbooks.silence");
      EXPECT_EQ(outcome.fault->certainty, Certainty::unknown);
      EXPECT_FALSE(outcome.retry);
    }
    EXPECT_EQ(bench.http.requests.size(), 1U);
  }
}

TEST_F(QuickBooksWrite, FindsADocumentByTheReferenceInItsNote) {
  bench.settings.extra["page_size"] = "2";
  bench.make();
  bench.http.handler = [](const ports::HttpRequest& request) -> FakeHttp::Answer {
    const bool second = request.url.find("STARTPOSITION%203") != std::string::npos;
    // By its customer, never by a time: a clock that runs ahead would make us blind to our own document.
    EXPECT_NE(request.url.find("CustomerRef%20IN%20%28%271%27%29"), std::string::npos) << request.url;
    EXPECT_EQ(request.url.find("CreateTime"), std::string::npos) << request.url;
    if (!second)
      return reply(200, R"({"QueryResponse":{"Invoice":[)" + entity("1", "0", R"(,"PrivateNote":"x")") + "," +
                            entity("2", "0", R"(,"DocNumber":"TIE-1")") + "]}}");
    return reply(200,
                 R"({"QueryResponse":{"Invoice":[)" + entity("3", "0", R"(,"PrivateNote":"TIE-1 by hand")") + "]}}");
  };
  const std::vector<WriteRequest> requests = {invoice(1), invoice(2)};
  auto found = bench.connector->look_up(requests, bench.clock.time);
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_EQ((*found)[0].found, Found::written);
  EXPECT_EQ((*found)[0].record->vendor_id, "3");
  EXPECT_EQ((*found)[1].found, Found::unsure);  // within the settle time
  bench.clock.time += std::chrono::seconds{151};
  found = bench.connector->look_up(requests, bench.clock.time - std::chrono::seconds{151});
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)[1].found, Found::absent);
}

TEST_F(QuickBooksWrite, FindsANameAndTellsOursByWhatItSays) {
  bench.http.handler = [](const ports::HttpRequest& request) -> FakeHttp::Answer {
    EXPECT_NE(request.url.find("O%5C%27Brien"), std::string::npos) << request.url;
    return reply(
        200,
        R"({"QueryResponse":{"Customer":[)" + entity("1", "0", R"(,"DisplayName":"O'Brien","Notes":"met in May")") +
            R"(,{"Id":"2","SyncToken":"0","MetaData":{"CreateTime":"2020-01-01T00:00:00Z","LastUpdatedTime":"2020-01-01T00:00:00Z"},"DisplayName":"Old"}]}})");
  };
  const std::vector<WriteRequest> requests = {
      {WriteKind::create, "Customer", "", "", R"({"DisplayName":"O'Brien","Notes":"met in May"})", "k1", ""},
      {WriteKind::create, "Customer", "", "", R"({"DisplayName":"Old","Notes":"met in May"})", "k2", ""}};
  auto found = bench.connector->look_up(requests, bench.clock.time);
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)[0].found, Found::written);
  EXPECT_EQ((*found)[1].found, Found::absent);
  EXPECT_EQ(bench.http.requests.size(), 1U);
}

TEST_F(QuickBooksWrite, LooksUpAChangeByItsToken) {
  bench.http.handler = [](const ports::HttpRequest&) -> FakeHttp::Answer {
    return reply(200, R"({"QueryResponse":{"Invoice":[)" + entity("1", "7") + "," +
                          entity("2", "8", R"(,"DueDate":"2026-12-01","TotalAmt":5.00)") + "," +
                          entity("3", "8", R"(,"DueDate":"2026-01-01")") + "," +
                          entity("4", "8", R"(,"TotalAmt":0,"PrivateNote":"Voided")") + "]}}");
  };
  const auto change = [](const std::string& id) {
    return WriteRequest{WriteKind::update, "Invoice", id, "7", R"({"DueDate":"2026-12-01"})", "k", ""};
  };
  const std::vector<WriteRequest> requests = {
      change("1"), change("2"), change("3"), {WriteKind::void_document, "Invoice", "4", "7", "", "k", ""}};
  auto found = bench.connector->look_up(requests, bench.clock.time);
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)[0].found, Found::unsure);
  EXPECT_EQ((*found)[1].found, Found::written);
  EXPECT_EQ((*found)[2].found, Found::absent);  // the token moved on: ours can never be applied any more
  EXPECT_EQ((*found)[3].found, Found::written);
}

}  // namespace
}  // namespace tieout::vendors
