// The QuickBooks Online sandbox: one company behind the addresses, tokens, limits and error bodies of the Accounting
// API. Derives from the kit's Sandbox, which adds the clock, the faults and /_sandbox/.
//
// Control endpoints of its own (JSON):
//   POST /_sandbox/pay          {"invoice": id or document number, "amount": "12.50" (absent: all that is open),
//                               "date": "2026-11-21" (absent: today), "method": "Check"}: the accountant receives a
//                               payment
//   POST /_sandbox/close_books  {"date": "2026-10-31"} closes up to that day, {"date": null} opens again
//   POST /_sandbox/merge        {"kept": id, "lost": id}: the accountant merges two customers
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "sandbox/kit/limits.hpp"
#include "sandbox/kit/server.hpp"
#include "sandbox/kit/tokens.hpp"
#include "sandbox/quickbooks/books.hpp"
#include "sandbox/quickbooks/query_run.hpp"

namespace tieout::sandbox::quickbooks {

/// What a client signs in with. The static token never expires; the pair is what a finished consent would have left.
inline constexpr std::string_view kClientId = "sandbox-client";
inline constexpr std::string_view kClientSecret = "sandbox-secret";
inline constexpr std::string_view kStaticToken = "sandbox-token";
inline constexpr std::string_view kFirstAccessToken = "sandbox-access-1";
inline constexpr std::string_view kFirstRefreshToken = "sandbox-refresh-1";

struct QuickbooksOptions {
  std::uint16_t port = 0;          ///< 0: any free one
  std::string seed = "northwind";  ///< northwind, empty, generated
  std::string faults_file;         ///< rules of the kit's faults.hpp; empty: none
  bool no_limits = false;          ///< 500 calls and 40 batches a minute, 10 calls a second are not enforced
  std::string realm = "9130357849";
  std::string country = "US";               ///< US or GB: which tax model and home currency
  std::optional<int> utc_offset_minutes{};  ///< the company's local time; by the country unless told
  bool round_half_even = false;             ///< a service that rounds otherwise than it says
};

class QuickbooksSandbox : public Sandbox {
 public:
  /// Fails with sandbox.seed.unknown, sandbox.faults.malformed, sandbox.faults.unreadable.
  static Result<std::unique_ptr<QuickbooksSandbox>> create(const QuickbooksOptions& options, Instant now);

  /// For tests and seeds in the same process; hold lock() while a server runs.
  Books& books() { return books_; }
  std::int64_t rounded_otherwise() const { return books_.rounded_otherwise(); }
  TokenBook& tokens() { return tokens_; }

 protected:
  net::ServerResponse answer(const net::ServerRequest& request) override;
  json::Value state() const override;
  std::optional<net::ServerResponse> control(const net::ServerRequest& request) override;
  net::ServerResponse error_answer(int status) const override;

 private:
  using Request = net::ServerRequest;
  using Response = net::ServerResponse;
  struct Replay {
    Response response;
    Instant at;
  };

  QuickbooksSandbox(const QuickbooksOptions& options, Profile profile, Instant now);
  std::string time() const { return local_clock(); }
  std::string local_clock() const;
  View view() const;

  // oauth.cpp
  std::optional<Response> sign_in(const Request& request);
  Response token_endpoint(const Request& request);
  Response authorize_endpoint(const Request& request);
  Response discovery(const Request& request) const;
  std::optional<Response> check_access(const Request& request, std::string_view realm);
  std::optional<Response> check_limits(bool batch);

  // sandbox.cpp
  Response company_call(const Request& request, std::string_view rest);
  Response route(const Request& request, std::string_view rest);
  Response entity_call(const Request& request, const EntityInfo& entity, std::string_view rest);
  Response read_one(const EntityInfo& entity, std::string_view id) const;
  Response write_one(const Request& request, const EntityInfo& entity);
  Response query_call(const Request& request);
  Response exchange_rate_call(const Request& request);
  Response tax_service_call(const Request& request);
  Response refuse(const Rejection& rejection) const;
  Response entity_answer(const EntityInfo& entity, const Record& record) const;
  void remember(const std::string& key, const Response& response);

  // batch.cpp
  Response batch_call(const Request& request);
  std::string batch_item(json::Value& item);
  Outcome<std::string> batch_write(json::Value& item);

  // feed.cpp
  Response cdc_call(const Request& request) const;
  std::string feed_of(const EntityInfo& entity, Instant since, std::size_t& room) const;

  // control.cpp
  Response pay(const json::Value& body);
  Response close_books(const json::Value& body);
  Response merge_customers(const json::Value& body);
  const Record* invoice_named(const std::string& name) const;

  Books books_;
  TokenBook tokens_;
  bool limited_;
  RollingLimit per_minute_{500, Milliseconds{60'000}};
  RollingLimit per_second_{10, Milliseconds{1'000}};
  RollingLimit batches_{40, Milliseconds{60'000}};
  std::unordered_map<std::string, Replay> replays_;
  std::deque<std::string> replay_order_;
  std::size_t replay_bytes_ = 0;
  PageCache pages_;
  std::uint64_t answers_ = 0;
};

/// Serves until SIGTERM or SIGINT; prints "quickbooks sandbox listening on http://127.0.0.1:PORT" when ready. Returns
/// an exit code: 0, or 1 with the reason on standard error.
int run_quickbooks_sandbox(const QuickbooksOptions& options);

}  // namespace tieout::sandbox::quickbooks
