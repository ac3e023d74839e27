// Reading the books: by Id at first, by the change list after, by query where the list ends.
#include <fmt/core.h>

#include "fake_world.hpp"

namespace tieout::vendors {
namespace {

std::string entity(const std::string& id, const std::string& token, const std::string& updated,
                   const std::string& more = "") {
  return fmt::format(
      R"({{"Id":"{}","SyncToken":"{}","MetaData":{{"CreateTime":"2026-01-01T00:00:00-08:00","LastUpdatedTime":"{}"}}{}}})",
      id, token, updated, more);
}
std::string many(int from, int count, const std::string& updated) {
  std::string out;
  for (int i = from; i < from + count; ++i) out += (i == from ? "" : ",") + entity(std::to_string(i), "0", updated);
  return out;
}
FakeHttp::Answer query(const std::string& name, const std::string& rows,
                       const std::string& time = "2026-11-21T04:00:00.000-08:00") {
  return reply(200, fmt::format(R"({{"QueryResponse":{{"{}":[{}],"startPosition":1,"maxResults":1}},"time":"{}"}})",
                                name, rows, time));
}
FakeHttp::Answer cdc(const std::string& inner, const std::string& time = "2026-11-21T04:00:00.000-08:00") {
  return reply(200, fmt::format(R"({{"CDCResponse":[{{"QueryResponse":[{}]}}],"time":"{}"}})", inner, time));
}
std::string decoded(const std::string& url) {
  std::string out;
  for (std::size_t i = 0; i < url.size(); ++i) {
    if (url[i] == '%') {
      out += static_cast<char>(std::stoi(url.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += url[i];
    }
  }
  return out;
}

struct QuickBooksPull : testing::Test {
  Bench bench{"quickbooks"};
  ports::Connector& make(std::vector<std::string> objects) {
    bench.settings.objects = std::move(objects);
    return bench.make();
  }
  ports::Page pull(const std::string& cursor) {
    auto page = bench.connector->pull(cursor);
    EXPECT_TRUE(page) << (page ? "" : page.error().code + ": " + page.error().what);
    return page ? *page : ports::Page{};
  }
  std::string delta_cursor(std::vector<std::string> objects) {
    make(objects);
    bench.http.handler = [](const ports::HttpRequest&) -> FakeHttp::Answer { return query("None", ""); };
    std::string cursor;
    for (bool more = true; more;) {
      const ports::Page page = pull(cursor);
      cursor = page.next_cursor;
      more = page.more;
    }
    bench.http.requests.clear();
    return cursor;
  }
};

TEST_F(QuickBooksPull, LoadsInTheOrderOfIdAndKeepsTheBytes) {
  make({"Invoice"});
  bench.http.script.push_back(query("Invoice", entity("1", "3", "2026-11-20T10:00:00-08:00", R"(,"TotalAmt":260.10)")));
  const ports::Page page = pull("");
  ASSERT_EQ(page.records.size(), 1U);
  EXPECT_EQ(page.records[0].version, "3");
  EXPECT_EQ(to_text(page.records[0].modified_at), "2026-11-20T18:00:00.000Z");
  EXPECT_NE(page.records[0].body.find("\"TotalAmt\":260.10"), std::string::npos);
  EXPECT_FALSE(page.more);
  const std::string url = decoded(bench.http.requests[0].url);
  EXPECT_NE(url.find("/v3/company/77/query?query=SELECT * FROM Invoice ORDERBY Id STARTPOSITION 1 MAXRESULTS "
                     "1000&minorversion=75"),
            std::string::npos)
      << url;
}

TEST_F(QuickBooksPull, AnEmptyFirstPageIsCheckedByCounting) {
  make({"Customer"});
  bench.http.script.push_back(query("Customer", ""));
  bench.http.script.push_back(reply(200, R"({"QueryResponse":{"totalCount":1},"time":"2026-11-21T04:00:00-08:00"})"));
  bench.http.script.push_back(query("Customer", entity("1", "0", "2026-11-20T10:00:00Z")));
  ports::Page page = pull("");
  EXPECT_TRUE(page.records.empty());
  EXPECT_TRUE(page.more);
  page = pull(page.next_cursor);
  EXPECT_EQ(page.records.size(), 1U);
  EXPECT_FALSE(page.more);
}

TEST_F(QuickBooksPull, NamesAreReadWithTheInactiveOnes) {
  make({"Customer"});
  bench.http.script.push_back(query("Customer", entity("1", "0", "2026-11-20T10:00:00Z")));
  pull("");
  EXPECT_NE(decoded(bench.http.requests[0].url).find("WHERE Active IN (true,false)"), std::string::npos);
}

TEST_F(QuickBooksPull, PagesOverlapByOneAndTheNextIsFetchedAhead) {
  bench.settings.extra["page_size"] = "10";
  make({"Invoice"});
  bench.http.script.push_back(query("Invoice", many(1, 10, "2026-11-20T10:00:00Z")));
  bench.http.script.push_back(query("Invoice", many(10, 5, "2026-11-20T10:00:00Z")));
  const ports::Page first = pull("");
  EXPECT_EQ(bench.http.requests.size(), 2U);
  EXPECT_NE(decoded(bench.http.requests[1].url).find("STARTPOSITION 10 "), std::string::npos);
  const ports::Page second = pull(first.next_cursor);
  EXPECT_EQ(first.records.size(), 10U);
  ASSERT_EQ(second.records.size(), 4U);
  EXPECT_EQ(second.records[0].vendor_id, "11");
  EXPECT_FALSE(second.more);
  EXPECT_EQ(bench.http.requests.size(), 2U);
}

TEST_F(QuickBooksPull, edge_124_ARecordRemovedWhilePagingSkipsNobody) {
  bench.settings.extra["page_size"] = "10";
  make({"Invoice"});
  std::vector<int> ids;
  for (int i = 1; i <= 25; ++i) ids.push_back(i);
  bench.http.handler = [&](const ports::HttpRequest& request) -> FakeHttp::Answer {
    const std::string url = decoded(request.url);
    const auto position = static_cast<std::size_t>(std::stoi(url.substr(url.find("STARTPOSITION ") + 14)));
    std::string rows;
    for (std::size_t i = position - 1; i < ids.size() && i < position - 1 + 10; ++i)
      rows += (rows.empty() ? "" : ",") + entity(std::to_string(ids[i]), "0", "2026-11-20T10:00:00Z");
    auto answer = query("Invoice", rows);
    if (bench.http.requests.empty()) ids.erase(ids.begin(), ids.begin() + 3);  // three are deleted after the first page
    return answer;
  };
  std::map<std::string, int> seen;
  std::string cursor;
  for (bool more = true; more;) {
    const ports::Page page = pull(cursor);
    for (const auto& record : page.records) ++seen[record.vendor_id];
    cursor = page.next_cursor;
    more = page.more;
    ASSERT_LT(bench.http.requests.size(), 30U);
  }
  EXPECT_EQ(seen.size(), 25U);
}

TEST_F(QuickBooksPull, AQuietDeltaIsOneCall) {
  const std::string cursor = delta_cursor({"Customer", "Item", "Invoice", "Payment"});
  bench.http.script.push_back(cdc("{},{}"));
  const ports::Page page = pull(cursor);
  EXPECT_TRUE(page.records.empty());
  EXPECT_FALSE(page.more);
  ASSERT_EQ(bench.http.requests.size(), 1U);
  const std::string url = decoded(bench.http.requests[0].url);
  EXPECT_NE(url.find("/cdc?entities=Customer,Item,Invoice,Payment&changedSince=2026-11-21T11:59:59Z"),
            std::string::npos)
      << url;
}

TEST_F(QuickBooksPull, TheOverlapRepeatsNothingAndDeletionsAreSeen) {
  std::string cursor = delta_cursor({"Invoice"});
  const std::string changed =
      R"({"Invoice":[)" + entity("1", "1", "2026-11-21T12:00:30Z") + "," +
      R"({"Id":"2","status":"Deleted","MetaData":{"LastUpdatedTime":"2026-11-21T12:00:31Z"}}]})";
  bench.http.script.push_back(cdc(changed, "2026-11-21T12:01:00Z"));
  ports::Page page = pull(cursor);
  ASSERT_EQ(page.records.size(), 2U);
  EXPECT_FALSE(page.records[0].deleted);
  EXPECT_TRUE(page.records[1].deleted);
  bench.http.script.push_back(cdc(changed, "2026-11-21T12:01:20Z"));
  page = pull(page.next_cursor);
  EXPECT_TRUE(page.records.empty());
  EXPECT_NE(decoded(bench.http.requests.back().url).find("changedSince=2026-11-21T12:00:00Z"), std::string::npos);
}

TEST_F(QuickBooksPull, OurOwnWriteIsNotDeliveredAgain) {
  const std::string cursor = delta_cursor({"Invoice"});
  bench.connector->skip_known(
      [](const ports::RawRecord& told) { return told.vendor_id == "1" && told.version == "1"; });
  bench.http.script.push_back(cdc(R"({"Invoice":[)" + entity("1", "1", "2026-11-21T12:00:30Z") + "," +
                                  entity("2", "1", "2026-11-21T12:00:30Z") + "]}"));
  const ports::Page page = pull(cursor);
  ASSERT_EQ(page.records.size(), 1U);
  EXPECT_EQ(page.records[0].vendor_id, "2");
}

TEST_F(QuickBooksPull, edge_123_AFullChangeListIsNarrowedAndTheGapIsSaid) {
  const std::string cursor = delta_cursor({"Customer", "Invoice"});
  constexpr int kInvoices = 2345;
  bench.http.handler = [&](const ports::HttpRequest& request) -> FakeHttp::Answer {
    const std::string url = decoded(request.url);
    const std::string customers = R"({"Customer":[)" + many(1, 5, "2026-11-21T12:00:10Z") + "]}";
    if (url.find("entities=Customer,Invoice") != std::string::npos)
      return cdc(customers + R"(,{"Invoice":[)" + many(1, 995, "2026-11-21T12:00:01Z") + "]}");
    if (url.find("entities=Customer&") != std::string::npos) return cdc(customers);
    if (url.find("entities=Invoice&") != std::string::npos)
      return cdc(R"({"Invoice":[)" + many(1, 1000, "2026-11-21T12:00:01Z") + "]}");
    EXPECT_NE(url.find("MetaData.LastUpdatedTime >= '"), std::string::npos) << url;
    const std::size_t at = url.find("LastUpdatedTime >= '") + 20;
    const auto since = *parse_instant(url.substr(at, 20));
    const int position = std::stoi(url.substr(url.find("STARTPOSITION ") + 14));
    std::string rows;
    int index = 0, taken = 0;
    for (int i = 1; i <= kInvoices && taken < 1000; ++i) {
      const Instant updated = *parse_instant("2026-11-21T12:00:00Z") + std::chrono::seconds{i / 100};
      if (updated < since || ++index < position) continue;
      rows += (rows.empty() ? "" : ",") + entity(std::to_string(i), "0", tieout::to_text(updated));
      ++taken;
    }
    return query("Invoice", rows);
  };
  std::map<std::string, int> invoices;
  std::string at = cursor;
  bool more = true;
  while (more) {
    const ports::Page page = pull(at);
    for (const auto& record : page.records)
      if (record.object == "Invoice") ++invoices[record.vendor_id];
    at = page.next_cursor;
    more = page.more;
    ASSERT_LT(bench.http.requests.size(), 20U);
  }
  EXPECT_EQ(invoices.size(), static_cast<std::size_t>(kInvoices));
  const auto notices = bench.connector->take_notices();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].code, "quickbooks.delta.gap");
  EXPECT_EQ(notices[0].field, "Invoice");
}

TEST_F(QuickBooksPull, edge_123_BeyondThirtyDaysEveryEntityIsQueried) {
  const std::string cursor = delta_cursor({"Customer", "Invoice"});
  bench.clock.time += std::chrono::hours{24 * 40};
  bench.http.handler = [](const ports::HttpRequest& request) -> FakeHttp::Answer {
    EXPECT_EQ(request.url.find("/cdc"), std::string::npos);
    return query("Invoice", "", "2026-12-31T12:00:00Z");
  };
  std::string at = cursor;
  for (bool more = true; more;) {
    const ports::Page page = pull(at);
    at = page.next_cursor;
    more = page.more;
  }
  EXPECT_EQ(bench.http.requests.size(), 2U);
  EXPECT_EQ(bench.connector->take_notices().size(), 2U);
  bench.http.handler = [](const ports::HttpRequest&) -> FakeHttp::Answer { return cdc("{}", "2026-12-31T12:00:10Z"); };
  EXPECT_FALSE(pull(at).more);
}

TEST_F(QuickBooksPull, OnlyAPositiveAnswerMeansGone) {
  make({"Invoice"});
  bench.http.handler = [](const ports::HttpRequest& request) -> FakeHttp::Answer {
    if (request.url.find("/query") != std::string::npos)
      return query("Invoice", entity("1", "0", "2026-11-20T10:00:00Z"));
    if (request.url.find("/invoice/2?") != std::string::npos)
      return reply(400,
                   R"({"Fault":{"Error":[{"Message":"Object Not Found","code":"610"}],"type":"ValidationFault"}})");
    return reply(200, R"({"Invoice":)" + entity("3", "4", "2026-11-20T10:00:00Z") + "}");
  };
  const std::vector<std::string> ids = {"1", "2", "3"};
  auto records = bench.connector->read("Invoice", ids);
  ASSERT_TRUE(records) << records.error().what;
  ASSERT_EQ(records->size(), 3U);
  EXPECT_FALSE((*records)[0].deleted);
  EXPECT_TRUE((*records)[1].deleted);
  EXPECT_EQ((*records)[2].version, "4");  // left out by the query, but there
}

TEST_F(QuickBooksPull, AFaultUnderStatus200IsAFault) {
  make({"Invoice"});
  bench.http.script.push_back(
      reply(200, R"({"Fault":{"Error":[{"Message":"m","Detail":"d","code":"4001"}],"type":"ValidationFault"}})"));
  auto page = bench.connector->pull("");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, "quickbooks.query.refused");
}

TEST_F(QuickBooksPull, HostileAnswersAreFaultsNeverCrashes) {
  const char* const kBodies[] = {
      R"({"QueryResponse":[]})",
      R"({"status":"ok"})",
      R"({"CDCResponse":[]})",
      R"({"BatchItemResponse":"30"})",
      R"({"QueryResponse":{"Invoice":[1]}})",
      R"({"QueryResponse":{"Invoice":[{}]}})",
      R"({"QueryResponse":{"Invoice":[{"Id":5,"SyncToken":"0","MetaData":{"LastUpdatedTime":"2026-01-01T00:00:00Z"}}]}})",
      R"({"QueryResponse":{"Invoice":[{"Id":"5","MetaData":{"LastUpdatedTime":"2026-01-01T00:00:00Z"}}]}})",
      R"({"QueryResponse":{"Invoice":[{"Id":"5","SyncToken":"0","MetaData":{"LastUpdatedTime":"now"}}]}})",
      R"({"QueryResponse":{"Invoice":[{"Id":"5","SyncToken":"0"}]}})",
      R"([])"};
  for (const char* body : kBodies) {
    SCOPED_TRACE(body);
    Bench world("quickbooks");
    world.settings.objects = {"Invoice"};
    world.make();
    world.http.script.push_back(reply(200, body));
    auto page = world.connector->pull("");
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, "quickbooks.answer.shape") << page.error().what;
  }
}

TEST_F(QuickBooksPull, FactsComeWithTheIdsBehindTheNames) {
  make({"Invoice"});
  bench.http.handler = [](const ports::HttpRequest& request) -> FakeHttp::Answer {
    const std::string url = decoded(request.url);
    if (url.find("/companyinfo/77") != std::string::npos)
      return reply(200, R"({"CompanyInfo":{"Id":"1","CompanyName":"Books Ltd","Country":"US"}})");
    if (url.find("/preferences") != std::string::npos)
      return reply(
          200,
          R"({"Preferences":{"CurrencyPrefs":{"HomeCurrency":{"value":"USD"},"MultiCurrencyEnabled":true},"AccountingInfoPrefs":{"BookCloseDate":"2026-09-30"},"SalesFormsPrefs":{"CustomTxnNumbers":true}}})");
    if (url.find("FROM Term") != std::string::npos)
      return reply(
          200,
          R"({"QueryResponse":{"Term":[{"Id":"3","Name":"Net 30","Active":true},{"Id":"4","Name":"Old","Active":false}]}})");
    if (url.find("FROM Account") != std::string::npos)
      return reply(
          200,
          R"({"QueryResponse":{"Account":[{"Id":"9","Name":"Sales","FullyQualifiedName":"Income:Sales","AccountType":"Income"}]}})");
    if (url.find("CompanyCurrency") != std::string::npos)
      return reply(200, R"({"QueryResponse":{"CompanyCurrency":[{"Code":"USD"},{"Code":"EUR"}]}})");
    return reply(200, R"({"QueryResponse":{}})");
  };
  auto facts = bench.connector->facts();
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_EQ(facts->account_id, "77");
  EXPECT_EQ(facts->home_currency, "USD");
  EXPECT_EQ(facts->currencies, (std::vector<std::string>{"USD", "EUR"}));
  EXPECT_EQ(facts->books_closed_through, *parse_date("2026-09-30"));
  const std::map<std::string, std::string> settings(facts->settings.begin(), facts->settings.end());
  EXPECT_EQ(settings.at("term.Net 30"), "3");
  EXPECT_FALSE(settings.contains("term.Old"));
  EXPECT_EQ(settings.at("account.Income:Sales"), "9");
  EXPECT_EQ(settings.at("custom_document_numbers"), "true");
  const auto calls = bench.http.requests.size();
  ASSERT_TRUE(bench.connector->facts());
  EXPECT_EQ(bench.http.requests.size(), 2 * calls);  // asked anew: a closing date may have moved
}

TEST_F(QuickBooksPull, edge_137_ACompanyWithAnotherRealmIsRefused) {
  make({"Invoice"});
  bench.http.handler = [](const ports::HttpRequest& request) -> FakeHttp::Answer {
    if (request.url.find("companyinfo") != std::string::npos)
      return reply(200, R"({"CompanyInfo":{"Id":"9999","CompanyName":"Other"}})");
    if (request.url.find("preferences") != std::string::npos) return reply(200, R"({"Preferences":{}})");
    return reply(200, R"({"QueryResponse":{}})");
  };
  auto facts = bench.connector->facts();
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().code, "quickbooks.realm.mismatch");
}

}  // namespace
}  // namespace tieout::vendors
