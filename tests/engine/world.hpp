// A whole small world for engine tests: both sandboxes in this process behind real HTTP, the real connectors, packs,
// store and engine. The clock is the test's, so that settle times pass without waiting.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>

#include "base/json.hpp"
#include "engine/engine.hpp"
#include "engine/log_audit.hpp"
#include "net/http_client.hpp"
#include "sandbox/hubspot/hubspot.hpp"
#include "sandbox/quickbooks/sandbox.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "vendors/connect.hpp"

namespace tieout {
inline void PrintTo(const Decimal& value, std::ostream* out) { *out << value.to_text(); }
}  // namespace tieout

namespace tieout::engine {

using ports::Side;
using ports::State;

struct TestClock final : ports::Clock {
  Milliseconds ahead{0};
  Instant now() const override {
    return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()) + ahead;
  }
  void sleep(Milliseconds span) override { ahead += span; }
};

struct TestRandom final : ports::Random {
  std::uint64_t state = 42;
  std::uint64_t next() override { return state = state * 6364136223846793005ULL + 1442695040888963407ULL; }
};

struct TestTokens final : ports::TokenStore {
  std::map<std::string, ports::Tokens> kept;
  Result<ports::Tokens> load(const std::string& connection) override {
    const auto found = kept.find(connection);
    if (found == kept.end()) return fail("secrets.absent", "no token is stored for " + connection);
    return found->second;
  }
  Result<bool> save(const std::string& connection, const ports::Tokens& tokens) override {
    kept[connection] = tokens;
    return true;
  }
};

inline const mapping::PackSet& shipped_packs() {
  static const mapping::PackSet packs = [] {
    auto loaded = mapping::PackSet::load_embedded();
    EXPECT_TRUE(loaded) << loaded.error().what;
    return std::move(*loaded);
  }();
  return packs;
}

struct WorldOptions {
  std::string hubspot_seed = "northwind";
  std::string quickbooks_seed = "northwind";
  std::vector<std::pair<std::string, std::string>> mapping_settings;
  std::map<std::string, std::string> connection_extra{{"settle_seconds", "0"}, {"overlap_seconds", "1"}};
  Milliseconds settle{0};
  std::string books_token = std::string(sandbox::quickbooks::kStaticToken);
  std::string vfs = {};  ///< the store lies on this simulated disk instead of in `folder`
};

class World {
 public:
  explicit World(WorldOptions options = {}) : options_(std::move(options)) {
    const Instant now = clock.now();
    sandbox::HubspotOptions hubspot_options;
    hubspot_options.seed = options_.hubspot_seed;
    hubspot_options.no_limits = true;
    auto crm_side = sandbox::HubspotSandbox::create(hubspot_options, now);
    EXPECT_TRUE(crm_side) << crm_side.error().what;
    hubspot = std::move(*crm_side);
    sandbox::quickbooks::QuickbooksOptions quickbooks_options;
    quickbooks_options.seed = options_.quickbooks_seed;
    quickbooks_options.no_limits = true;
    auto books_side = sandbox::quickbooks::QuickbooksSandbox::create(quickbooks_options, now);
    EXPECT_TRUE(books_side) << books_side.error().what;
    quickbooks = std::move(*books_side);
    hubspot_server = std::move(*sandbox::RunningSandbox::start(*hubspot));
    quickbooks_server = std::move(*sandbox::RunningSandbox::start(*quickbooks));
    static std::atomic<int> count = 0;
    folder = std::filesystem::temp_directory_path() /
             ("tieout-world-" + std::to_string(getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(folder);
    open();
  }

  ~World() {
    if (store && std::getenv("TIEOUT_CHECK_LOG") != nullptr) {  // the audit log against the store, after every test
      const auto log = check_log(*store, {});
      EXPECT_TRUE(log && log->findings.count() == 0)
          << (log ? log->findings.first().front().code + " " + log->findings.first().front().what : log.error().what);
    }
    close();
    if (std::getenv("TIEOUT_KEEP_WORLDS") == nullptr) std::filesystem::remove_all(folder);  // kept for a post-mortem
  }

  /// As after a restart of the process: new connectors, the store opened again from its file.
  void reopen() {
    close();
    open();
  }

  void close_store() { close(); }
  /// Other limits than the defaults, from now on.
  template <class Change>
  void set_breakers(Change change) {
    change(breakers_);
    reopen();
  }

  /// For a second opinion: an engine over an empty store, as after the store was lost.
  void lose_store() {
    close();
    for (const auto& entry : std::filesystem::directory_iterator(folder)) std::filesystem::remove_all(entry);
    open();
  }

  net::ServerResponse books_call(std::string method, std::string target, std::string body = {}) {
    return quickbooks->handle(sandbox::make_request(std::move(method), "/v3/company/9130357849" + target,
                                                    std::move(body),
                                                    {{"Authorization", "Bearer sandbox-token"},
                                                     {"Content-Type", "application/json"},
                                                     {"Accept", "application/json"}}));
  }
  net::ServerResponse crm_call(std::string method, std::string target, std::string body = {}) {
    return hubspot->handle(sandbox::make_request(
        std::move(method), std::move(target), std::move(body),
        {{"Authorization", "Bearer hubspot-sandbox-private-app"}, {"Content-Type", "application/json"}}));
  }
  /// "select … from …" → the rows.
  std::vector<json::Value> books_query(const std::string& entity, const std::string& where = "") {
    std::string target = "/query?query=select%20*%20from%20" + entity;
    for (const char c : where)
      target += c == ' ' ? std::string("%20") : c == '\'' ? std::string("%27") : c == '=' ? "%3D" : std::string(1, c);
    target += "%20maxresults%201000";
    const auto answer = books_call("GET", target);
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto body = json::parse(answer.body);
    EXPECT_TRUE(body);
    const json::Value& response = (*body)["QueryResponse"];
    return response[entity].items();
  }
  json::Value books_state() {
    return *json::parse(quickbooks->handle(sandbox::make_request("GET", "/_sandbox/state")).body);
  }
  json::Value crm_state() {
    return *json::parse(hubspot->handle(sandbox::make_request("GET", "/_sandbox/state")).body);
  }
  std::int64_t writes() { return books_state()["writes"].as_int() + crm_state()["writes"].as_int(); }
  /// Calls that ask for changes only: searches and the change feed.
  std::int64_t delta_queries() {
    std::int64_t count = 0;
    for (const json::Value& state : {crm_state(), books_state()})
      for (const auto& [name, calls] : state["calls"].members())
        if (name.ends_with("/search") || name.ends_with("/cdc")) count += calls.as_int();
    return count;
  }
  std::int64_t requests() { return books_state()["requests"].as_int() + crm_state()["requests"].as_int(); }

  void faults(sandbox::Sandbox& at, const std::string& document) {
    const auto answer = at.handle(sandbox::make_request("POST", "/_sandbox/faults", document));
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  void heal() {
    hubspot->handle(sandbox::make_request("DELETE", "/_sandbox/faults"));
    quickbooks->handle(sandbox::make_request("DELETE", "/_sandbox/faults"));
  }

  TestClock clock;
  TestRandom random;
  TestTokens tokens;
  std::unique_ptr<sandbox::HubspotSandbox> hubspot;
  std::unique_ptr<sandbox::quickbooks::QuickbooksSandbox> quickbooks;
  std::unique_ptr<sandbox::RunningSandbox> hubspot_server, quickbooks_server;
  std::filesystem::path folder;
  std::unique_ptr<net::CurlHttp> http;
  std::unique_ptr<ports::Connector> crm, books;
  std::unique_ptr<ports::Store> store;
  std::unique_ptr<Engine> engine;

 private:
  std::unique_ptr<ports::Connector> connector(const std::string& name, const std::string& vendor,
                                              const std::string& url, const std::string& account,
                                              const std::string& token) {
    vendors::ConnectionSettings settings;
    settings.name = name;
    settings.vendor = vendor;
    settings.base_url = url;
    settings.account_id = account;
    settings.access_token = token;
    settings.extra = options_.connection_extra;
    for (const mapping::ObjectMapping& object : shipped_packs().objects())
      if (object.vendor() == vendor)
        if (auto names = object.vendor_names("properties"); !names.empty())
          settings.properties[object.object()] = std::move(names);
    auto made = vendors::make_connector(settings, {*http, clock, random, tokens});
    EXPECT_TRUE(made) << made.error().what;
    if (auto* setup = dynamic_cast<vendors::NeedsSetup*>(made->get())) {
      const auto done = setup->ensure_setup();
      EXPECT_TRUE(done) << done.error().what;
    }
    return std::move(*made);
  }

  void open() {
    http = std::make_unique<net::CurlHttp>();
    crm = connector("crm", "hubspot", hubspot_server->base_url(), "", sandbox::HubspotSandbox::kPrivateAppToken);
    books = connector("books", "quickbooks", quickbooks_server->base_url(), "9130357849", options_.books_token);
    auto opened = open_sqlite(options_.vfs.empty() ? (folder / "store.db").string() : "store.db", "Northwind",
                              {.vfs = options_.vfs});
    ASSERT_TRUE(opened) << opened.error().what;
    store = std::move(*opened);
    EngineSettings settings;
    settings.entity = "Northwind";
    settings.settle = options_.settle;
    settings.mapping_settings = options_.mapping_settings;
    engine = std::make_unique<Engine>(*store, Connection{"crm", "hubspot", crm.get(), "", breakers_},
                                      Connection{"books", "quickbooks", books.get(), "9130357849", breakers_},
                                      shipped_packs(), clock, settings);
  }

  void close() {
    engine.reset();
    store.reset();
    crm.reset();
    books.reset();
    http.reset();
  }

  WorldOptions options_;
  Breakers breakers_;
};

/// The value of a result, or a failed test with the fault's own words.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().what);
  return std::move(*result);
}

/// A person goes through the review and accepts every suggested partner.
inline int accept_all(Engine& engine) {
  int accepted = 0;
  for (const ReviewItem& item : must(engine.review()))
    if (!item.suggested.empty()) {
      must(engine.accept(item.side + " " + item.name, "", "tester"));
      ++accepted;
    }
  return accepted;
}

/// Each company whose name the books refuse (a vendor has it) gets another one for the books, by a person.
inline int rename_taken(Engine& engine) {
  int renamed = 0;
  for (const ReviewItem& item : must(engine.review()))
    if (item.code == "quickbooks.name.taken") {
      must(engine.fix(item.side + " " + item.name, "name", item.title + " (Customer)", "tester"));
      ++renamed;
    }
  return renamed;
}

inline std::int64_t records_in(const RunReport& report, Side side, std::string_view type, State state) {
  for (const ports::Tally& line : report.tally)
    if (line.side == side && line.type == type) return line.count[static_cast<std::size_t>(state)];
  return 0;
}

}  // namespace tieout::engine
