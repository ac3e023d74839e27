// A sandbox to talk to in a test: requests go through the whole of it (faults, tokens, routes), without a socket.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "sandbox/quickbooks/sandbox.hpp"

namespace tieout::sandbox::quickbooks {

class Company {
 public:
  explicit Company(QuickbooksOptions options = {.seed = "empty", .faults_file = {}, .no_limits = true}) {
    auto made = QuickbooksSandbox::create(options, now);
    EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().what);
    sandbox = *std::move(made);
    realm = options.realm;
  }

  struct Answer {
    int status;
    json::Value body;
    std::string code() const {
      const json::Value& errors = body["Fault"]["Error"];
      return errors.size() > 0 ? errors.items()[0]["code"].text() : std::string();
    }
    const json::Value& operator[](std::string_view name) const { return body[name]; }
  };

  Answer call(const std::string& method, const std::string& target, const std::string& body = {},
              const std::string& token = std::string(kStaticToken)) {
    raw = sandbox->handle(make_request(method, target, body, {{"Authorization", "Bearer " + token}}), now);
    const auto parsed = json::parse(raw.body);
    return {raw.status, parsed ? *parsed : json::Value()};
  }
  Answer post(const std::string& path, const std::string& body) { return call("POST", base() + path, body); }
  Answer get(const std::string& path) { return call("GET", base() + path); }
  Answer query(std::string statement) {
    raw = sandbox->handle(make_request("POST", base() + "/query", std::move(statement),
                                       {{"Authorization", "Bearer " + std::string(kStaticToken)}}),
                          now);
    return {raw.status, *json::parse(raw.body)};
  }
  Answer control(const std::string& path, const std::string& body) { return call("POST", "/_sandbox/" + path, body); }
  std::string base() const { return "/v3/company/" + realm; }

  /// Creates and gives the record; the test fails when it is refused.
  json::Value make(const std::string& entity, const std::string& body) {
    const Answer answer = post("/" + entity, body);
    EXPECT_EQ(answer.status, 200) << raw.body;
    return answer.body.members().empty() ? json::Value() : answer.body.members().front().second;
  }
  std::string customer(const std::string& name) {
    return make("customer", R"({"DisplayName":")" + name + R"("})")["Id"].text();
  }
  /// An invoice of one line over that amount; gives its id.
  std::string invoice(const std::string& customer_id, const std::string& amount, const std::string& more = {}) {
    return make("invoice", invoice_body(customer_id, amount, more))["Id"].text();
  }
  static std::string invoice_body(const std::string& customer_id, const std::string& amount,
                                  const std::string& more = {}) {
    return R"({"CustomerRef":{"value":")" + customer_id + R"("},"Line":[{"Amount":)" + amount +
           R"(,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"}}}])" + more + "}";
  }
  static std::string payment_body(const std::string& customer_id, const std::string& total, const std::string& lines,
                                  const std::string& more = {}) {
    return R"({"CustomerRef":{"value":")" + customer_id + R"("},"TotalAmt":)" + total + R"(,"Line":[)" + lines + "]" +
           more + "}";
  }
  static std::string settles(const std::string& type, const std::string& id, const std::string& amount) {
    return R"({"Amount":)" + amount + R"(,"LinkedTxn":[{"TxnId":")" + id + R"(","TxnType":")" + type + R"("}]})";
  }

  Instant now = parse_instant("2026-03-10T18:00:00Z").value();
  std::unique_ptr<QuickbooksSandbox> sandbox;
  std::string realm;
  net::ServerResponse raw;
};

}  // namespace tieout::sandbox::quickbooks
