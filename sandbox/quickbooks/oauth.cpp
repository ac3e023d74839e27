// Signing in, and the answers to those who are not: token endpoint with rotation, revocation, discovery; 401 and 403
// and 429 in the lower-case shape that the gateway in front of the service uses.
#include <fmt/core.h>

#include <charconv>

#include "base/hash.hpp"
#include "net/url.hpp"
#include "sandbox/quickbooks/sandbox.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;
using net::ServerResponse;

ServerResponse oauth_error(int status, std::string_view error, std::string_view described) {
  Value body = Value::object();
  body.set("error", Value::string(std::string(error)));
  body.set("error_description", Value::string(std::string(described)));
  return json_answer(status, body);
}

ServerResponse gateway_fault(int status, std::string_view name, std::string_view number, std::string_view detail,
                             std::string_view type, Instant now) {
  Value error = Value::object();
  error.set("message", Value::string(fmt::format("message={}; errorCode={}; statusCode={}", name, number, status)));
  error.set("detail", Value::string(std::string(detail)));
  error.set("code", Value::string(std::string(number.substr(number.find_first_not_of('0')))));
  error.set("element", Value());
  Value fault = Value::object();
  fault.set("error", Value::array({std::move(error)}));
  fault.set("type", Value::string(std::string(type)));
  Value body = Value::object();
  body.set("warnings", Value());
  body.set("intuitObject", Value());
  body.set("fault", std::move(fault));
  for (const char* empty : {"report", "queryResponse"}) body.set(empty, Value());
  body.set("batchItemResponse", Value::array());
  body.set("attachableResponse", Value::array());
  for (const char* empty : {"syncErrorResponse", "requestId"}) body.set(empty, Value());
  body.set("time", Value::number(to_ms(now)));
  body.set("status", Value());
  body.set("cdcresponse", Value::array());
  return json_answer(status, body);
}

ServerResponse throttled(Instant now) {
  return gateway_fault(429, "ThrottleExceeded", "003001",
                       "You have exceeded the throttling limit. Please refer to the API Developer Guide.", "SERVICE",
                       now);
}

ServerResponse token_answer(const IssuedTokens& issued, bool with_hard_end) {
  Value body = Value::object();
  body.set("token_type", Value::string("bearer"));
  body.set("expires_in", Value::number(issued.expires_in.count() / 1000));
  body.set("refresh_token", Value::string(issued.refresh_token));
  body.set("x_refresh_token_expires_in", Value::number(issued.refresh_expires_in.count() / 1000));
  if (with_hard_end) body.set("x_refresh_token_hard_expires_in", Value::number(std::int64_t{157'680'000}));
  body.set("access_token", Value::string(issued.access_token));
  return json_answer(200, body);
}

std::string form_value(std::string_view body, std::string_view name) {
  for (const auto& [key, value] : net::parse_query(body))
    if (key == name) return value;
  return {};
}

bool client_is_known(const net::ServerRequest& request) {
  const std::string expected = "Basic " + base64(fmt::format("{}:{}", kClientId, kClientSecret));
  return request.header("authorization") == expected;
}

}  // namespace

std::optional<ServerResponse> QuickbooksSandbox::sign_in(const Request& request) {
  const std::string_view path = request.path;
  if (path == "/oauth2/v1/tokens/bearer") return token_endpoint(request);
  if (path == "/connect/oauth2") return authorize_endpoint(request);
  if (path == "/v2/oauth2/tokens/revoke" || path == "/oauth2/v1/tokens/revoke") {
    if (!client_is_known(request)) return oauth_error(401, "invalid_client", "The client is not known");
    std::string token = form_value(request.body, "token");
    if (token.empty())
      if (const auto body = json::parse(request.body)) token = (*body)["token"].text();
    return tokens_.revoke(token) ? json_answer(200, std::string("{}"))
                                 : oauth_error(400, "invalid_request", "Incorrect Token type or clientID");
  }
  if (path.starts_with("/.well-known/openid")) return discovery(request);
  return {};
}

ServerResponse QuickbooksSandbox::token_endpoint(const Request& request) {
  if (request.method != "POST") return oauth_error(405, "invalid_request", "POST only");
  if (!client_is_known(request)) return oauth_error(401, "invalid_client", "The client id or secret is wrong");
  const bool hard_end = request.header("x-include-refresh-token-hard-expires-in") == "true";
  const std::string grant = form_value(request.body, "grant_type");
  if (grant == "refresh_token") {
    const auto issued = tokens_.refresh(form_value(request.body, "refresh_token"), now());
    return issued ? token_answer(*issued, hard_end)
                  : oauth_error(400, "invalid_grant", "Incorrect or invalid refresh token");
  }
  if (grant == "authorization_code") {
    const auto issued = tokens_.redeem_code(form_value(request.body, "code"), now());
    return issued ? token_answer(*issued, hard_end) : oauth_error(400, "invalid_grant", "Invalid authorization code");
  }
  return oauth_error(400, "unsupported_grant_type", fmt::format("The grant type {} is not supported", grant));
}

/// Consent is given at once: the browser goes back with a code, the state and the company.
ServerResponse QuickbooksSandbox::authorize_endpoint(const Request& request) {
  const std::string back(request.param("redirect_uri"));
  if (back.empty() || request.param("client_id") != kClientId)
    return oauth_error(400, "invalid_request", "client_id or redirect_uri is wrong");
  ServerResponse out;
  out.status = 302;
  out.headers.emplace_back(
      "Location", fmt::format("{}{}code={}&state={}&realmId={}", back, back.find('?') == std::string::npos ? "?" : "&",
                              tokens_.new_code(now()), request.param("state"), books_.profile().realm));
  return out;
}

ServerResponse QuickbooksSandbox::discovery(const Request& request) const {
  const std::string base = fmt::format("http://{}", request.header("host"));
  Value body = Value::object();
  body.set("issuer", Value::string(base));
  body.set("authorization_endpoint", Value::string(base + "/connect/oauth2"));
  body.set("token_endpoint", Value::string(base + "/oauth2/v1/tokens/bearer"));
  body.set("revocation_endpoint", Value::string(base + "/v2/oauth2/tokens/revoke"));
  return json_answer(200, body);
}

std::optional<ServerResponse> QuickbooksSandbox::check_access(const Request& request, std::string_view realm) {
  std::string_view header = request.header("authorization");
  std::string token;
  if (header.size() > 7 && same_word(header.substr(0, 7), "Bearer ")) token = std::string(header.substr(7));
  if (faults().expire_token) tokens_.expire(token, now());
  if (tokens_.check(token, now()) != TokenState::valid) {
    auto out = gateway_fault(401, "AuthenticationFailed", "003200",
                             token.empty() ? "Malformed bearer token: bearer token is missing"
                                           : fmt::format("Token expired: {}", token.substr(0, 8)),
                             "AUTHENTICATION", now());
    out.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"Intuit\", error=\"invalid_token\"");
    return out;
  }
  if (realm != books_.profile().realm)
    return gateway_fault(403, "ApplicationAuthorizationFailed", "003100",
                         "The application is not authorised for this company", "AUTHORIZATION", now());
  return {};
}

std::optional<ServerResponse> QuickbooksSandbox::check_limits(bool batch) {
  if (!limited_ || from_person()) return {};
  if (batch && !batches_.take(now())) return throttled(now());
  if (!per_second_.take(now()) || !per_minute_.take(now())) return throttled(now());
  return {};
}

ServerResponse QuickbooksSandbox::error_answer(int status) const {
  if (status == 429) return throttled(now());
  Rejection system;
  system.status = status;
  system.type = "SystemFault";
  system.errors.push_back({"An application error has occurred while processing your request",
                           "System Failure Error: the request could not be completed", "10000", ""});
  return json_answer(status, fault_body(system, time()));
}

}  // namespace tieout::sandbox::quickbooks
