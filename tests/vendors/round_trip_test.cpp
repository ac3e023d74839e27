// The connectors against the sandboxes, over real sockets: load, write, delta, doubt, and the calls that each costs.
#include <gtest/gtest.h>

#include <set>

#include "base/json.hpp"
#include "net/http_client.hpp"
#include "net/real_world.hpp"
#include "sandbox/hubspot/hubspot.hpp"
#include "sandbox/quickbooks/sandbox.hpp"
#include "vendors/connect.hpp"

namespace tieout::vendors {
namespace {

using ports::Found;
using ports::RawRecord;
using ports::WriteKind;
using ports::WriteOutcome;
using ports::WriteRequest;

struct MemoryTokens final : ports::TokenStore {
  ports::Tokens tokens;
  int saves = 0;
  Result<ports::Tokens> load(const std::string&) override { return tokens; }
  Result<bool> save(const std::string&, const ports::Tokens& fresh) override {
    tokens = fresh;
    ++saves;
    return true;
  }
};

json::Value parsed(const std::string& text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value) << text.substr(0, 300);
  return value ? *value : json::Value();
}

struct Line {
  net::CurlHttp http;
  net::SystemClock clock;
  net::SystemRandom random;
  MemoryTokens tokens;
  std::unique_ptr<ports::Connector> connector;

  void connect(ConnectionSettings settings) {
    settings.extra["throttle_wait_ms"] = "20";
    settings.extra["settle_seconds"] = "0";
    auto made = make_connector(settings, World{http, clock, random, tokens});
    ASSERT_TRUE(made) << made.error().what;
    connector = std::move(*made);
  }
  std::vector<RawRecord> pull_all(std::string& cursor) {
    std::vector<RawRecord> out;
    for (bool more = true; more;) {
      auto page = connector->pull(cursor);
      EXPECT_TRUE(page) << (page ? "" : page.error().code + ": " + page.error().what);
      if (!page) break;
      for (auto& record : page->records) out.push_back(std::move(record));
      cursor = page->next_cursor;
      more = page->more;
    }
    return out;
  }
  std::vector<WriteOutcome> write(const std::vector<WriteRequest>& requests) {
    std::vector<WriteOutcome> out(requests.size());
    connector->write(requests, [&](std::size_t index, WriteOutcome outcome) { out[index] = std::move(outcome); });
    return out;
  }
};

std::string code_of(const WriteOutcome& outcome) {
  return outcome.fault ? outcome.fault->code + ": " + outcome.fault->what : "ok";
}

struct HubSpotLine : testing::Test, Line {
  std::unique_ptr<sandbox::HubspotSandbox> box;
  std::unique_ptr<sandbox::RunningSandbox> server;
  void SetUp() override {
    sandbox::HubspotOptions options;
    options.no_limits = true;
    auto made = sandbox::HubspotSandbox::create(options, clock.now());
    ASSERT_TRUE(made) << made.error().what;
    box = std::move(*made);
    auto running = sandbox::RunningSandbox::start(*box);
    ASSERT_TRUE(running);
    server = std::move(*running);
    connect({.name = "crm",
             .vendor = "hubspot",
             .base_url = server->base_url(),
             .account_id = {},
             .client_id = {},
             .client_secret = {},
             .access_token = sandbox::HubspotSandbox::kPrivateAppToken,
             .properties = {},
             .objects = {},
             .extra = {}});
  }
};

TEST_F(HubSpotLine, LoadsNorthwindWholeAndThenRests) {
  std::string cursor;
  std::map<std::string, std::set<std::string>> ids;
  std::size_t lines = 0, with_contact = 0;
  for (const RawRecord& record : pull_all(cursor)) {
    ids[record.object].insert(record.vendor_id);
    const json::Value body = parsed(record.body);
    lines += body["line_items"].size();
    with_contact += body.find("contact") ? 1 : 0;
  }
  EXPECT_GE(ids["deals"].size(), 831U);
  EXPECT_GE(ids["companies"].size(), 91U);
  EXPECT_GE(ids["products"].size(), 77U);
  EXPECT_GE(lines, 2155U);
  EXPECT_GE(with_contact, 85U);
  const auto before = connector->calls();
  EXPECT_TRUE(pull_all(cursor).empty());
  EXPECT_EQ(connector->calls() - before, 5);  // companies, contacts, products, deals, line items
}

TEST_F(HubSpotLine, WritesAreReadBackAndFoundAgain) {
  auto facts = connector->facts();
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_FALSE(facts->account_id.empty());
  auto setup = dynamic_cast<NeedsSetup&>(*connector).ensure_setup();
  ASSERT_TRUE(setup) << setup.error().what;
  setup = dynamic_cast<NeedsSetup&>(*connector).ensure_setup();
  ASSERT_TRUE(setup);
  EXPECT_TRUE(setup->empty());
  std::vector<WriteRequest> requests;
  for (int i = 0; i < 120; ++i)
    requests.push_back({WriteKind::create, "companies", "", "",
                        R"({"properties":{"name":"New )" + std::to_string(i) + R"("}})", "k" + std::to_string(i),
                        "ref-" + std::to_string(i)});
  const auto before = connector->calls();
  const auto outcomes = write(requests);
  EXPECT_EQ(connector->calls() - before, 2);
  for (const auto& outcome : outcomes) ASSERT_EQ(code_of(outcome), "ok");
  auto found = connector->look_up(requests, clock.now());
  ASSERT_TRUE(found) << found.error().what;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ((*found)[i].found, Found::written);
    EXPECT_EQ((*found)[i].record->vendor_id, outcomes[i].record->vendor_id);
  }
  requests[0].reference = "ref-none";
  found = connector->look_up(std::span(requests).first(1), clock.now());
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)[0].found, Found::absent);
  const std::vector<WriteRequest> change = {
      {WriteKind::update, "companies", outcomes[0].record->vendor_id, "", R"({"properties":{"phone":"123"}})", "u1",
       ""},
      {WriteKind::update, "companies", "999999999", "", R"({"properties":{"phone":"123"}})", "u2", ""}};
  const auto changed = write(change);
  EXPECT_EQ(code_of(changed[0]), "ok");
  ASSERT_TRUE(changed[1].fault);
  EXPECT_EQ(changed[1].fault->code, "hubspot.record.gone") << changed[1].fault->what;
  const std::vector<std::string> ids = {outcomes[0].record->vendor_id, "999999999"};
  auto records = connector->read("companies", ids);
  ASSERT_TRUE(records) << records.error().what;
  EXPECT_EQ(parsed((*records)[0].body)["properties"]["phone"].text(), "123");
  EXPECT_TRUE((*records)[1].deleted);
}

TEST_F(HubSpotLine, SignsInWithRefresh) {
  tokens.tokens = {"expired", sandbox::HubspotSandbox::kRefreshToken, clock.now() - std::chrono::hours{1}};
  connect({.name = "crm",
           .vendor = "hubspot",
           .base_url = server->base_url(),
           .account_id = {},
           .client_id = sandbox::HubspotSandbox::kClientId,
           .client_secret = sandbox::HubspotSandbox::kClientSecret,
           .access_token = {},
           .properties = {},
           .objects = {},
           .extra = {}});
  auto facts = connector->facts();
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_EQ(tokens.saves, 1);
}

struct QuickBooksLine : testing::Test, Line {
  std::unique_ptr<sandbox::quickbooks::QuickbooksSandbox> box;
  std::unique_ptr<sandbox::RunningSandbox> server;
  ConnectionSettings settings() const {
    return {.name = "books",
            .vendor = "quickbooks",
            .base_url = server->base_url(),
            .account_id = "9130357849",
            .client_id = std::string(sandbox::quickbooks::kClientId),
            .client_secret = std::string(sandbox::quickbooks::kClientSecret),
            .access_token = std::string(sandbox::quickbooks::kStaticToken),
            .properties = {},
            .objects = {},
            .extra = {}};
  }
  void SetUp() override {
    sandbox::quickbooks::QuickbooksOptions options;
    options.no_limits = true;
    auto made = sandbox::quickbooks::QuickbooksSandbox::create(options, clock.now());
    ASSERT_TRUE(made) << made.error().what;
    box = std::move(*made);
    auto running = sandbox::RunningSandbox::start(*box);
    ASSERT_TRUE(running);
    server = std::move(*running);
    connect(settings());
  }
  std::string setting(const ports::AccountFacts& facts, const std::string& name) {
    for (const auto& [key, value] : facts.settings)
      if (key == name) return value;
    return {};
  }
};

TEST_F(QuickBooksLine, WritesCustomersItemsAndInvoicesAndFindsThemAgain) {
  auto facts = connector->facts();
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_EQ(facts->account_id, "9130357849");
  EXPECT_EQ(facts->home_currency, "USD");
  std::string cursor;
  pull_all(cursor);
  auto before = connector->calls();
  EXPECT_TRUE(pull_all(cursor).empty());
  EXPECT_EQ(connector->calls() - before, 1);

  std::vector<WriteRequest> customers;
  for (int i = 0; i < 45; ++i)
    customers.push_back({WriteKind::create, "Customer", "", "",
                         R"({"DisplayName":"O'Test )" + std::to_string(i) + R"("})", "c" + std::to_string(i), ""});
  before = connector->calls();
  const auto made = write(customers);
  EXPECT_EQ(connector->calls() - before, 2);
  for (const auto& outcome : made) ASSERT_EQ(code_of(outcome), "ok");
  auto found = connector->look_up(customers, clock.now());
  ASSERT_TRUE(found) << found.error().what;
  for (const auto& one : *found) EXPECT_EQ(one.found, Found::written);
  const auto again = write({{WriteKind::create, "Customer", "", "", R"({"DisplayName":"o'test 1"})", "other", ""}});
  ASSERT_TRUE(again[0].fault);
  EXPECT_EQ(again[0].fault->code, "quickbooks.name.taken") << again[0].fault->what;

  const std::string income = setting(*facts, "first_account.Income");
  ASSERT_FALSE(income.empty());
  const auto item =
      write({{WriteKind::create, "Item", "", "",
              R"({"Name":"Thing","Type":"Service","IncomeAccountRef":{"value":")" + income + R"("}})", "i1", ""}});
  ASSERT_EQ(code_of(item[0]), "ok");
  std::vector<WriteRequest> invoices;
  for (int i = 0; i < 31; ++i)
    invoices.push_back(
        {WriteKind::create, "Invoice", "", "",
         R"({"CustomerRef":{"value":")" + made[0].record->vendor_id +
             R"("},"Line":[{"Amount":10.10,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":")" +
             item[0].record->vendor_id + R"("}}}]})",
         "inv" + std::to_string(i), "TIE-" + std::to_string(i)});
  const Instant sent_at = clock.now();
  const auto written = write(invoices);
  for (const auto& outcome : written) ASSERT_EQ(code_of(outcome), "ok");
  const auto twice = write(invoices);  // the same keys again: the vendor answers with the first outcome
  for (std::size_t i = 0; i < invoices.size(); ++i)
    EXPECT_EQ(twice[i].record ? twice[i].record->vendor_id : code_of(twice[i]), written[i].record->vendor_id);
  found = connector->look_up(invoices, sent_at);
  ASSERT_TRUE(found) << found.error().what;
  for (std::size_t i = 0; i < invoices.size(); ++i)
    EXPECT_EQ((*found)[i].record ? (*found)[i].record->vendor_id : "", written[i].record->vendor_id);

  const auto& first = *written[0].record;
  const auto changed =
      write({{WriteKind::update, "Invoice", first.vendor_id, first.version, R"({"DueDate":"2030-01-31"})", "u1", ""}});
  ASSERT_EQ(code_of(changed[0]), "ok");
  EXPECT_NE(changed[0].record->version, first.version);
  const auto stale =
      write({{WriteKind::update, "Invoice", first.vendor_id, first.version, R"({"DueDate":"2030-02-28"})", "u2", ""}});
  ASSERT_TRUE(stale[0].fault);
  EXPECT_EQ(stale[0].fault->code, "quickbooks.stale") << stale[0].fault->what;
  const auto voided =
      write({{WriteKind::void_document, "Invoice", first.vendor_id, changed[0].record->version, "", "v1", ""}});
  ASSERT_EQ(code_of(voided[0]), "ok");
  std::map<std::string, int> changes;
  for (const RawRecord& record : pull_all(cursor)) ++changes[record.object];
  EXPECT_EQ(changes["Customer"], 45);
  EXPECT_EQ(changes["Item"], 1);
  EXPECT_EQ(changes["Invoice"], 31);
}

TEST_F(QuickBooksLine, ABatchLostAfterTheCommitIsFoundAndNotSentTwice) {
  const auto facts = connector->facts();
  ASSERT_TRUE(facts);
  std::vector<WriteRequest> customers;
  for (int i = 0; i < 30; ++i)
    customers.push_back({WriteKind::create, "Customer", "", "",
                         R"({"DisplayName":"Lost )" + std::to_string(i) + R"("})", "l" + std::to_string(i), ""});
  ports::HttpRequest rule;
  rule.method = "POST";
  rule.url = server->base_url() + "/_sandbox/faults";
  rule.headers = {{"Content-Type", "application/json"}};
  rule.body = R"({"rules":[{"kind":"lose_answer_after_commit","match":{"method":"POST"},"times":1}]})";
  auto set = http.send(rule);
  ASSERT_TRUE(set);
  ASSERT_EQ(set->status, 200) << set->body;
  const Instant sent_at = clock.now();
  for (const auto& outcome : write(customers)) {
    ASSERT_TRUE(outcome.fault);
    EXPECT_EQ(outcome.fault->code, "quickbooks.silence");
    EXPECT_EQ(outcome.fault->certainty, Certainty::unknown);
  }
  auto found = connector->look_up(customers, sent_at);
  ASSERT_TRUE(found) << found.error().what;
  for (const auto& one : *found) EXPECT_EQ(one.found, Found::written);
}

TEST_F(QuickBooksLine, AForeignRealmIsRefused) {
  ConnectionSettings other = settings();
  other.account_id = "123";
  connect(other);
  auto facts = connector->facts();
  ASSERT_FALSE(facts);
  EXPECT_TRUE(facts.error().code == "quickbooks.realm.refused" || facts.error().code == "quickbooks.auth.refused")
      << facts.error().code;
}

}  // namespace
}  // namespace tieout::vendors
