// A HubSpot sandbox in the same process, asked through handle() at a time of our choosing.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "sandbox/hubspot/hubspot.hpp"

namespace tieout::test {

struct Reply {
  int status = 0;
  json::Value body;
  net::ServerResponse raw;
  const json::Value& operator[](std::string_view name) const { return body[name]; }
};

class Portal {
 public:
  explicit Portal(const std::string& seed = "empty", bool limits = false) {
    sandbox::HubspotOptions options;
    options.seed = seed;
    options.no_limits = !limits;
    auto made = sandbox::HubspotSandbox::create(options, now);
    if (!made) throw std::runtime_error(made.error().what);
    sandbox = std::move(*made);
  }

  Reply call(const std::string& method, const std::string& target, const std::string& body = {}) {
    std::vector<std::pair<std::string, std::string>> headers{{"Authorization", "Bearer " + token}};
    Reply out;
    out.raw = sandbox->handle(sandbox::make_request(method, target, body, headers), now);
    out.status = out.raw.status;
    if (auto parsed = json::parse(out.raw.body)) out.body = std::move(*parsed);
    return out;
  }
  Reply get(const std::string& target) { return call("GET", target); }
  Reply post(const std::string& target, const std::string& body) { return call("POST", target, body); }
  Reply patch(const std::string& target, const std::string& body) { return call("PATCH", target, body); }
  Reply erase(const std::string& target) { return call("DELETE", target); }

  /// Creates a record and returns its id.
  std::string make(const std::string& type, const std::string& properties) {
    const Reply made = post("/crm/v3/objects/" + type, "{\"properties\":" + properties + "}");
    EXPECT_EQ(made.status, 201) << made.raw.body;
    return made["id"].text();
  }
  std::int64_t writes() { return get("/_sandbox/state")["writes"].as_int(); }

  Instant now = instant_from_ms(1'780'000'000'000);
  std::string token = sandbox::HubspotSandbox::kPrivateAppToken;
  std::unique_ptr<sandbox::HubspotSandbox> sandbox;
};

}  // namespace tieout::test
