// A world for connector tests: answers are written down by the test, every request is kept, time passes only when
// somebody sleeps. The order of token saves and requests is one list, so that "stored before used" can be asserted.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "base/json.hpp"
#include "vendors/connect.hpp"

namespace tieout::vendors {

struct FakeClock final : ports::Clock {
  Instant time = *parse_instant("2026-11-21T12:00:00Z");
  std::vector<Milliseconds> sleeps;
  Instant now() const override { return time; }
  void sleep(Milliseconds span) override {
    sleeps.push_back(span);
    time += span;
  }
};

struct FakeRandom final : ports::Random {
  std::uint64_t state = 7;
  std::uint64_t next() override { return state = state * 6364136223846793005ULL + 1442695040888963407ULL; }
};

struct FakeHttp final : ports::Http {
  using Answer = Result<ports::HttpResponse>;
  using Handler = std::function<Answer(const ports::HttpRequest&)>;
  std::vector<ports::HttpRequest> requests;
  std::deque<Answer> script;  ///< given in order; when it is empty, `handler` answers
  Handler handler;
  std::vector<std::string>* log = nullptr;
  std::map<Ticket, Answer> open;
  Ticket last = 0;

  Ticket start(ports::HttpRequest request) override {
    if (log) log->push_back(request.method + " " + request.url);
    Answer answer = fail("test.script", "nothing is written down for " + request.method + " " + request.url);
    if (!script.empty()) {
      answer = std::move(script.front());
      script.pop_front();
    } else if (handler) {
      answer = handler(request);
    }
    requests.push_back(std::move(request));
    open.emplace(++last, std::move(answer));
    return last;
  }
  Answer wait(Ticket ticket) override {
    const auto found = open.find(ticket);
    if (found == open.end()) {
      ADD_FAILURE() << "a ticket was waited for twice, or never given";
      return fail("test.ticket", "unknown ticket");
    }
    Answer answer = std::move(found->second);
    open.erase(found);
    return answer;
  }
  ~FakeHttp() override { EXPECT_TRUE(open.empty()) << open.size() << " calls were never waited for"; }

  std::vector<std::string> paths() const {
    std::vector<std::string> out;
    for (const auto& request : requests)
      out.push_back(request.method + " " + request.url.substr(std::string("http://v").size()));
    return out;
  }
};

struct MemoryTokens final : ports::TokenStore {
  ports::Tokens tokens;
  std::vector<std::string>* log = nullptr;
  int saves = 0;
  bool broken = false;
  Result<ports::Tokens> load(const std::string&) override { return tokens; }
  Result<bool> save(const std::string&, const ports::Tokens& fresh) override {
    if (broken) return fail("store.full", "the disk is full");
    tokens = fresh;
    ++saves;
    if (log) log->push_back("save " + fresh.refresh_token);
    return true;
  }
};

inline ports::HttpResponse reply(int status, std::string body,
                                 std::vector<std::pair<std::string, std::string>> headers = {}) {
  headers.emplace_back("Content-Type", "application/json");
  return {status, std::move(headers), std::move(body)};
}
inline FakeHttp::Answer broken(const char* code, Certainty certainty) { return fail(code, "test", "", certainty); }

/// A world with a connector in it, static token, no patience with 429 unless asked.
struct Bench {
  FakeHttp http;
  FakeClock clock;
  FakeRandom random;
  MemoryTokens tokens;
  ConnectionSettings settings;
  std::unique_ptr<ports::Connector> connector;

  explicit Bench(const std::string& vendor) {
    settings.name = "c1";
    settings.vendor = vendor;
    settings.base_url = "http://v";
    settings.access_token = "static";
    if (vendor == "quickbooks") settings.account_id = "77";
  }
  ports::Connector& make() {
    auto made = make_connector(settings, World{http, clock, random, tokens});
    EXPECT_TRUE(made) << (made ? "" : made.error().what);
    connector = std::move(*made);
    return *connector;
  }
  /// Outcomes of a write, by index; each must come exactly once.
  std::vector<ports::WriteOutcome> write(const std::vector<ports::WriteRequest>& requests) {
    std::vector<ports::WriteOutcome> out(requests.size());
    std::vector<int> times(requests.size());
    connector->write(requests, [&](std::size_t index, ports::WriteOutcome outcome) {
      ASSERT_LT(index, out.size());
      ++times[index];
      out[index] = std::move(outcome);
    });
    for (const int count : times) EXPECT_EQ(count, 1);
    return out;
  }
};

inline std::string code_of(const ports::WriteOutcome& outcome) { return outcome.fault ? outcome.fault->code : "ok"; }

inline json::Value parsed(const std::string& text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : json::Value();
}

}  // namespace tieout::vendors
