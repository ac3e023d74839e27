// The HubSpot sandbox: a server that behaves as HubSpot's CRM API does, for trying things out without an account, for
// tests, and for benchmarks. It shares no code with the HubSpot connector: they must be able to disagree.
//
// Signing in, ready to use: private-app token "hubspot-sandbox-private-app" (never expires); app
// "hubspot-sandbox-client" with secret "hubspot-sandbox-secret", first access token "hubspot-sandbox-access" (30
// minutes), refresh token "hubspot-sandbox-refresh". GET /oauth/authorize agrees at once and redirects with a code.
//
// Besides the control endpoints of every sandbox (sandbox/kit/server.hpp):
//   POST /_sandbox/settings  {"index_delay_ms": 5000, "limits": true|false}
//   POST /_sandbox/restore   {"objectType": "deals", "id": "123"}   what a person does in the recycling bin
#pragma once

#include <memory>
#include <string>

#include "sandbox/hubspot/call.hpp"
#include "sandbox/hubspot/crm.hpp"
#include "sandbox/kit/limits.hpp"
#include "sandbox/kit/server.hpp"
#include "sandbox/kit/tokens.hpp"

namespace tieout::sandbox {

struct HubspotOptions {
  std::uint16_t port = 8081;
  std::string seed = "northwind";  ///< "northwind", "generated:100000" (companies and as many won deals), "empty"
  std::string faults_file;         ///< set before the first request; empty: none
  bool no_limits = false;
  Milliseconds index_delay{0};  ///< how far searches run behind
};

class HubspotSandbox final : public Sandbox {
 public:
  static constexpr const char* kClientId = "hubspot-sandbox-client";
  static constexpr const char* kClientSecret = "hubspot-sandbox-secret";
  static constexpr const char* kAccessToken = "hubspot-sandbox-access";
  static constexpr const char* kRefreshToken = "hubspot-sandbox-refresh";
  static constexpr const char* kPrivateAppToken = "hubspot-sandbox-private-app";

  /// Seeded as the options say, as of that instant.
  /// Fails   sandbox.seed.unknown, sandbox.seed.unreadable, sandbox.faults.unreadable, sandbox.faults.malformed.
  static Result<std::unique_ptr<HubspotSandbox>> create(const HubspotOptions& options, Instant now);

  /// For seeds and tests that look in; hold lock() while a server runs.
  hubspot::Crm& crm() { return crm_; }
  TokenBook& tokens() { return tokens_; }

 protected:
  net::ServerResponse answer(const net::ServerRequest& request) override;
  net::ServerResponse error_answer(int status) const override;
  std::optional<net::ServerResponse> control(const net::ServerRequest& request) override;
  json::Value state() const override;

 private:
  HubspotSandbox(const HubspotOptions& options, Instant now);
  std::optional<net::ServerResponse> refuse_caller(hubspot::Call& call, std::string_view token);
  std::optional<net::ServerResponse> refuse_rate(bool is_search, bool is_private_app);
  void add_rate_headers(net::ServerResponse& response, bool is_private_app);
  net::ServerResponse rate_answer(const char* policy, const char* message) const;
  net::ServerResponse route(hubspot::Call& call);
  net::ServerResponse oauth(hubspot::Call& call);
  net::ServerResponse token_grant(hubspot::Call& call);
  net::ServerResponse token_details(hubspot::Call& call);
  net::ServerResponse restore(const json::Value& body);
  std::string next_correlation_id() const;

  hubspot::Crm crm_;
  TokenBook tokens_;
  bool limits_;
  Milliseconds index_delay_;
  RollingLimit oauth_limit_{110, Milliseconds{10'000}};
  RollingLimit private_limit_{190, Milliseconds{10'000}};
  RollingLimit search_limit_{5, Milliseconds{1'000}};
  std::int64_t private_calls_today_ = 0;
  Date today_{};
  mutable std::uint64_t correlations_ = 0;
};

/// Real orders of a food trader (sandbox/seed/northwind). Leaves: companies with their contacts, products, 830 won
/// deals with lines and freight, some open deals, and one won deal without lines. Fails with sandbox.seed.unreadable.
Result<bool> seed_northwind(hubspot::Crm& crm, Instant now);

/// `count` companies and as many won deals of one to three lines, 100 products. The same for the same count.
void seed_generated(hubspot::Crm& crm, std::int64_t count, Instant now);

/// Custom properties that an account working with Tieout has; every seed makes them, also the empty one.
void seed_properties(hubspot::Crm& crm, Instant now);

/// Serves until SIGTERM or SIGINT; the exit code. Prints "hubspot sandbox listening on http://127.0.0.1:PORT" when
/// ready.
int run_hubspot_sandbox(const HubspotOptions& options);

}  // namespace tieout::sandbox
