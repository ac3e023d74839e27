// Signing in: consent (given at once), codes, access and refresh tokens, in the older form and in the dated one.
#include <fmt/core.h>

#include "net/url.hpp"
#include "sandbox/hubspot/hubspot.hpp"

namespace tieout::sandbox {

using hubspot::Call;
using hubspot::Trouble;
using hubspot::trouble;
using json::Value;

namespace {

using Form = std::vector<std::pair<std::string, std::string>>;

std::string field(const Form& form, std::string_view name) {
  for (const auto& [key, value] : form)
    if (key == name) return value;
  return {};
}

/// Sign-in errors have a word of their own in `status`.
net::ServerResponse refused(const Call& call, const char* status, const char* message) {
  Value body = Value::object();
  body.set("status", Value::string(status));
  body.set("message", Value::string(message));
  body.set("correlationId", Value::string(call.correlation_id));
  body.set("category", Value::string("VALIDATION_ERROR"));
  return json_answer(400, body);
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

net::ServerResponse HubspotSandbox::oauth(Call& call) {
  if (call.part(1) == "authorize") {
    const std::string redirect(call.request.param("redirect_uri"));
    if (redirect.empty()) return refused(call, "BAD_REDIRECT_URI", "missing or invalid redirect uri");
    net::ServerResponse out;
    out.status = 302;
    out.headers.emplace_back(
        "Location", fmt::format("{}{}code={}&state={}", redirect, redirect.find('?') == std::string::npos ? '?' : '&',
                                tokens_.new_code(now()), percent_encoded(call.request.param("state"))));
    return out;
  }
  const bool dated = call.part(1) != "v1";
  const std::string_view what = call.part(2);
  if (what == "token" && call.method() == "POST" && call.part(3).empty()) return token_grant(call);
  if (dated && what == "token" && call.method() == "POST") {
    const std::string token = field(net::parse_query(call.request.body), "token");
    if (call.part(3) == "revoke") {
      tokens_.revoke(token);
      return json_answer(200, std::string("{}"));
    }
    if (call.part(3) == "introspect") {
      const bool active = tokens_.check(token, now()) == TokenState::valid || tokens_.knows_refresh(token, now());
      Value body = Value::object();
      body.set("active", Value::boolean(active));
      body.set("hub_id", Value::number(crm_.portal_id));
      return json_answer(200, body);
    }
  }
  return token_details(call);
}

net::ServerResponse HubspotSandbox::token_grant(Call& call) {
  const Form form = net::parse_query(call.request.body);
  if (field(form, "client_id") != kClientId) return refused(call, "BAD_CLIENT_ID", "missing or invalid client id");
  if (field(form, "client_secret") != kClientSecret)
    return refused(call, "BAD_CLIENT_SECRET", "missing or invalid client secret");
  std::optional<IssuedTokens> issued;
  const std::string grant = field(form, "grant_type");
  if (grant == "authorization_code") {
    issued = tokens_.redeem_code(field(form, "code"), now());
    if (!issued) return refused(call, "BAD_AUTH_CODE", "missing or unknown auth code");
  } else if (grant == "refresh_token") {
    issued = tokens_.refresh(field(form, "refresh_token"), now());
    if (!issued) return refused(call, "BAD_REFRESH_TOKEN", "missing or unknown refresh token");
  } else {
    return refused(call, "BAD_GRANT_TYPE", "missing or unknown grant type");
  }
  Value body = Value::object();
  body.set("token_type", Value::string("bearer"));
  body.set("refresh_token", Value::string(issued->refresh_token));
  body.set("access_token", Value::string(issued->access_token));
  body.set("expires_in", Value::number(issued->expires_in.count() / 1000));
  if (call.part(1) != "v1") {
    body.set("token_use", Value::string("access_token"));
    body.set("hub_id", Value::number(crm_.portal_id));
  }
  return json_answer(200, body);
}

net::ServerResponse HubspotSandbox::token_details(Call& call) {
  const std::string token(call.part(3));
  const bool access = call.part(2) == "access-tokens";
  if (!access && call.part(2) != "refresh-tokens") return hubspot::no_such_path();
  if (!access && call.method() == "DELETE") {
    tokens_.revoke(token);
    return hubspot::no_content();
  }
  const bool known = access ? tokens_.check(token, now()) != TokenState::unknown : tokens_.knows_refresh(token, now());
  if (!known) return trouble(call, Trouble{404, "OBJECT_NOT_FOUND", "token not found"});
  Value scopes = Value::array();
  for (const char* scope :
       {"oauth", "crm.objects.companies.read", "crm.objects.companies.write", "crm.objects.contacts.read",
        "crm.objects.contacts.write", "crm.objects.deals.read", "crm.objects.deals.write",
        "crm.objects.line_items.read", "crm.objects.line_items.write", "crm.schemas.deals.write"})
    scopes.push(Value::string(scope));
  Value body = Value::object();
  body.set("token", Value::string(token));
  body.set("user", Value::string("sales@example.com"));
  body.set("hub_domain", Value::string("sandbox.example.com"));
  body.set("scopes", std::move(scopes));
  body.set("hub_id", Value::number(crm_.portal_id));
  body.set("user_id", Value::number(501));
  body.set("token_type", Value::string(access ? "access" : "refresh"));
  if (access) {
    body.set("app_id", Value::number(4711));
    body.set("expires_in", Value::number(tokens_.check(token, now()) == TokenState::valid ? 1800 : 0));
  } else {
    body.set("client_id", Value::string(kClientId));
  }
  return json_answer(200, body);
}

}  // namespace tieout::sandbox
