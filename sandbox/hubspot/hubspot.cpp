#include "sandbox/hubspot/hubspot.hpp"

#include <fmt/core.h>

#include <cstdio>

#include "base/hash.hpp"
#include "sandbox/hubspot/api.hpp"

namespace tieout::sandbox {

using hubspot::Call;
using hubspot::Trouble;
using hubspot::trouble;
using json::Value;

namespace {

constexpr std::int64_t kDailyPrivate = 650'000;

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin < path.size();) {
    std::size_t end = path.find('/', begin);
    if (end == std::string::npos) end = path.size();
    if (end > begin) out.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

bool is_dated(std::string_view part) {  // "2026-03"
  return part.size() == 7 && part[4] == '-' && part.find_first_not_of("0123456789-") == std::string_view::npos;
}

/// /crm/objects/2026-03/deals and /crm/v3/objects/deals are the same door.
void turn_dated_prefix(std::vector<std::string>& parts) {
  if (parts.size() < 3 || parts[0] != "crm" || !is_dated(parts[2])) return;
  const bool v4 = parts[1] == "associations" ||
                  (parts[1] == "objects" && std::find(parts.begin(), parts.end(), "associations") != parts.end());
  parts[2] = parts[1];
  parts[1] = v4 ? "v4" : "v3";
}

std::string_view bearer(const net::ServerRequest& request) {
  std::string_view value = request.header("Authorization");
  if (value.size() < 7 || (value.substr(0, 7) != "Bearer " && value.substr(0, 7) != "bearer ")) return {};
  return value.substr(7);
}

bool expects_body(const net::ServerRequest& request) {
  return request.method == "POST" || request.method == "PATCH" || request.method == "PUT";
}

}  // namespace

HubspotSandbox::HubspotSandbox(const HubspotOptions& options, Instant now)
    : crm_(now), tokens_(TokenPolicy{}, "hubspot"), limits_(!options.no_limits), index_delay_(options.index_delay) {
  tokens_.add_fixed(kAccessToken, kRefreshToken, now);
  tokens_.add_static(kPrivateAppToken);
  tokens_.add_static(std::string(kPersonToken));
  crm_.log_writes_to(write_log());
}

Result<std::unique_ptr<HubspotSandbox>> HubspotSandbox::create(const HubspotOptions& options, Instant now) {
  std::unique_ptr<HubspotSandbox> out(new HubspotSandbox(options, now));
  if (!options.faults_file.empty()) TRY_VOID(out->fault_rules().load_file(options.faults_file));
  constexpr std::string_view kGenerated = "generated:";
  std::int64_t count = -1;
  if (options.seed.starts_with(kGenerated))
    count = hubspot::parse_id(std::string_view(options.seed).substr(kGenerated.size())).value_or(-1);
  if (options.seed == "northwind") {
    TRY_VOID(seed_northwind(out->crm(), now));
  } else if (count >= 0 && count <= 10'000'000) {
    seed_generated(out->crm(), count, now);
  } else if (options.seed == "empty") {
    seed_properties(out->crm(), now);
  } else {
    return fail("sandbox.seed.unknown",
                fmt::format("there is no seed \"{}\"; use northwind, empty or generated:N", options.seed));
  }
  return out;
}

std::string HubspotSandbox::next_correlation_id() const {
  std::string text = hex(sha256(fmt::format("correlation {}", ++correlations_)));
  text[12] = '4';  // a version 4 UUID by its looks
  text[16] = 'a';
  return fmt::format("{}-{}-{}-{}-{}", text.substr(0, 8), text.substr(8, 4), text.substr(12, 4), text.substr(16, 4),
                     text.substr(20, 12));
}

net::ServerResponse HubspotSandbox::answer(const net::ServerRequest& request) {
  Call call{request, parts_of(request.path), crm_, now(), faults(), index_delay_, {}, {}};
  turn_dated_prefix(call.parts);
  call.correlation_id = next_correlation_id();
  if (call.part(0) == "oauth") return oauth(call);
  const std::string_view token = bearer(request);
  const bool is_private_app = token == kPrivateAppToken;
  const bool is_search = !call.parts.empty() && call.parts.back() == "search";
  if (auto refused = refuse_caller(call, token)) return std::move(*refused);
  if (auto refused = refuse_rate(is_search, is_private_app)) return std::move(*refused);
  if (expects_body(request) && !request.body.empty()) {
    auto body = json::parse(request.body);
    if (!body) return hubspot::bad_request(call, fmt::format("Invalid input JSON: {}", body.error().what));
    call.body = std::move(*body);
  }
  net::ServerResponse out = route(call);
  count_writes(call.written);
  if (!is_search) add_rate_headers(out, is_private_app);
  return out;
}

std::optional<net::ServerResponse> HubspotSandbox::refuse_caller(Call& call, std::string_view token) {
  if (faults().expire_token) tokens_.expire(token, now());
  const TokenState state = tokens_.check(token, now());
  if (state == TokenState::valid) return std::nullopt;
  if (state == TokenState::expired)
    return trouble(call, Trouble{401, "EXPIRED_AUTHENTICATION",
                                 "The OAuth token used to make this call expired 0 second(s) ago."});
  return trouble(call,
                 Trouble{401, "INVALID_AUTHENTICATION",
                         "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can "
                         "find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"});
}

net::ServerResponse HubspotSandbox::rate_answer(const char* policy, const char* message) const {
  Value body = Value::object();
  body.set("status", Value::string("error"));
  body.set("message", Value::string(message));
  body.set("errorType", Value::string("RATE_LIMIT"));
  body.set("correlationId", Value::string(next_correlation_id()));
  body.set("policyName", Value::string(policy));
  body.set("category", Value::string("RATE_LIMITS"));
  return json_answer(429, body);
}

std::optional<net::ServerResponse> HubspotSandbox::refuse_rate(bool is_search, bool is_private_app) {
  if (!limits_ || from_person()) return std::nullopt;
  if (is_search) {
    if (search_limit_.take(now())) return std::nullopt;
    return rate_answer("SECONDLY", "You have reached your secondly limit.");
  }
  if (is_private_app) {
    if (utc_date(now()) != today_) {
      today_ = utc_date(now());
      private_calls_today_ = 0;
    }
    if (private_calls_today_ >= kDailyPrivate) return rate_answer("DAILY", "You have reached your daily limit.");
    ++private_calls_today_;
  }
  RollingLimit& limit = is_private_app ? private_limit_ : oauth_limit_;
  if (limit.take(now())) return std::nullopt;
  net::ServerResponse out = rate_answer("TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit.");
  add_rate_headers(out, is_private_app);
  return out;
}

void HubspotSandbox::add_rate_headers(net::ServerResponse& response, bool is_private_app) {
  if (!limits_) return;
  RollingLimit& limit = is_private_app ? private_limit_ : oauth_limit_;
  response.headers.emplace_back("X-HubSpot-RateLimit-Max", std::to_string(limit.calls()));
  response.headers.emplace_back("X-HubSpot-RateLimit-Remaining", std::to_string(limit.remaining(now())));
  response.headers.emplace_back("X-HubSpot-RateLimit-Interval-Milliseconds", std::to_string(limit.window().count()));
  if (!is_private_app) return;
  response.headers.emplace_back("X-HubSpot-RateLimit-Daily", std::to_string(kDailyPrivate));
  response.headers.emplace_back("X-HubSpot-RateLimit-Daily-Remaining",
                                std::to_string(kDailyPrivate - private_calls_today_));
}

net::ServerResponse HubspotSandbox::route(Call& call) {
  const std::string_view version = call.part(1);
  const std::string_view area = call.part(2);
  if (call.part(0) == "account-info" && area == "details") return hubspot::account_api(call);
  if (call.part(0) != "crm" || (version != "v3" && version != "v4")) return hubspot::no_such_path();
  if (area == "objects") return hubspot::objects_api(call);
  if (area == "associations") return version == "v4" ? hubspot::associations_v4(call) : hubspot::associations_v3(call);
  if (area == "properties") return hubspot::properties_api(call);
  if (area == "pipelines") return hubspot::pipelines_api(call);
  if (area == "owners") return hubspot::owners_api(call);
  return hubspot::no_such_path();
}

net::ServerResponse HubspotSandbox::error_answer(int status) const {
  if (status == 429) return rate_answer("TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit.");
  Value body = Value::object();
  body.set("status", Value::string("error"));
  body.set("message", Value::string("internal error"));
  body.set("correlationId", Value::string(next_correlation_id()));
  body.set("category", Value::string("INTERNAL_ERROR"));
  return json_answer(status, body);
}

json::Value HubspotSandbox::state() const {
  Value objects = Value::object();
  Value archived = Value::object();
  for (int i = 0; i < hubspot::kTypes; ++i) {
    const auto type = static_cast<hubspot::Type>(i);
    const hubspot::Table& table = crm_.table(type);
    std::int64_t gone = 0;
    for (const hubspot::Record& record : table.records()) gone += record.archived && !record.gone ? 1 : 0;
    const std::string name(hubspot::info(type).plural);
    objects.set(name, Value::number(static_cast<std::int64_t>(table.live_count())));
    if (gone > 0) archived.set(name, Value::number(gone));
  }
  Value out = Value::object();
  out.set("objects", std::move(objects));
  out.set("archived", std::move(archived));
  out.set("token_refreshes", Value::number(static_cast<std::int64_t>(tokens_.refreshes())));
  out.set("limits", Value::boolean(limits_));
  out.set("index_delay_ms", Value::number(index_delay_.count()));
  return out;
}

std::optional<net::ServerResponse> HubspotSandbox::control(const net::ServerRequest& request) {
  auto body = json::parse(request.body);
  if (request.path == "/_sandbox/settings" && body) {
    index_delay_ = Milliseconds{(*body)["index_delay_ms"].as_int(index_delay_.count())};
    limits_ = (*body)["limits"].as_bool(limits_);
    return json_answer(200, state());
  }
  if (request.path == "/_sandbox/restore" && body) return restore(*body);
  return std::nullopt;
}

net::ServerResponse HubspotSandbox::restore(const json::Value& body) {
  const auto type = hubspot::type_named(body["objectType"].text());
  const auto id = hubspot::parse_id(body["id"].text_or(""));
  hubspot::Record* record = type && id ? crm_.table(*type).find(*id) : nullptr;
  if (record == nullptr) return json_answer(404, std::string("{\"message\":\"no such record\"}"));
  crm_.restore(*type, *record, now());
  return json_answer(204, std::string());
}

int run_hubspot_sandbox(const HubspotOptions& options) {
  const Instant now = std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
  auto sandbox = HubspotSandbox::create(options, now);
  if (!sandbox) {
    fmt::print(stderr, "{}: {}\n", sandbox.error().code, sandbox.error().what);
    return 1;
  }
  return serve_until_signal(**sandbox, "hubspot", options.port);
}

}  // namespace tieout::sandbox
