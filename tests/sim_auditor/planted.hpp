// A company whose wrong states are planted by hand: writes are sent to the vendors with the engine's own token, as a
// broken engine would send them.
#pragma once

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "sim/auditor/auditor.hpp"
#include "sim/people/desk.hpp"
#include "sim/people/people.hpp"

namespace tieout::sim {

struct Planted {
  Planted() {
    sandbox::HubspotOptions crm_options;
    crm_options.seed = "empty";
    crm_options.no_limits = true;
    crm = std::move(*sandbox::HubspotSandbox::create(crm_options, now));
    sandbox::quickbooks::QuickbooksOptions books_options;
    books_options.seed = "empty";
    books_options.no_limits = true;
    books = std::move(*sandbox::quickbooks::QuickbooksSandbox::create(books_options, now));
    company.reset(new Company{"north", books_options.realm, {}, *crm, *books});
    auditor = std::make_unique<Auditor>(*company);
    for (const char* name :
         {"tieout_invoice_total", "tieout_amount_paid", "tieout_open_balance", "tieout_payment_terms"})
      for (const char* type : {"deals", "companies"})
        by_person(
            "POST", std::string("/crm/v3/properties/") + type,
            fmt::format(R"({{"name":"{0}","label":"{0}","type":"string","fieldType":"text","groupName":"accounting"}})",
                        name));
  }

  static std::string properties(const std::string& values) { return "{\"properties\":" + values + "}"; }
  json::Value call(sandbox::Sandbox& vendor, const std::string& token, const std::string& method,
                   const std::string& target, const std::string& body) {
    const auto answer =
        vendor.handle(sandbox::make_request(method, target, body, {{"Authorization", "Bearer " + token}}), now);
    EXPECT_LT(answer.status, 300) << method << " " << target << ": " << answer.body;
    auto parsed = json::parse(answer.body);
    return parsed ? std::move(*parsed) : json::Value();
  }
  json::Value by_person(const std::string& method, const std::string& target, const std::string& body = {}) {
    return call(*crm, std::string(sandbox::kPersonToken), method, target, body);
  }
  json::Value by_engine(const std::string& method, const std::string& target, const std::string& body = {}) {
    return call(*crm, sandbox::HubspotSandbox::kPrivateAppToken, method, target, body);
  }
  /// Into the books; gives the new record's id.
  std::string enter(const std::string& entity, const std::string& body, bool person = false,
                    const std::string& more = {}) {
    const auto answer = call(*books, std::string(person ? sandbox::kPersonToken : sandbox::quickbooks::kStaticToken),
                             "POST", "/v3/company/" + company->realm + "/" + entity + more, body);
    return answer.members().empty() ? std::string() : answer.members().front().second["Id"].text();
  }
  std::string customer(const std::string& name, bool person = false) {
    return enter("customer", R"({"DisplayName":")" + name + "\"}", person);
  }
  std::string company_named(const std::string& name) {
    return by_person("POST", "/crm/v3/objects/companies", properties(R"({"name":")" + name + "\"}"))["id"].text();
  }
  /// A won deal of two apples at 21.00 each, of that company.
  std::string sale(const std::string& of, const std::string& stage = "closedwon") {
    const std::string id = by_person("POST", "/crm/v3/objects/deals",
                                     properties(R"({"dealname":"D","dealstage":")" + stage +
                                                R"(","closedate":"2026-03-01T10:00:00Z"})"))["id"]
                               .text();
    const std::string line = by_person("POST", "/crm/v3/objects/line_items",
                                       properties(R"({"name":"Apple","price":"21.00","quantity":"2"})"))["id"]
                                 .text();
    by_person("PUT", "/crm/v4/objects/deals/" + id + "/associations/default/companies/" + of);
    by_person("PUT", "/crm/v4/objects/deals/" + id + "/associations/default/line_items/" + line);
    return id;
  }
  std::string bill(const std::string& of, const std::string& amount, const std::string& note) {
    return enter("invoice", fmt::format(R"({{"CustomerRef":{{"value":"{}"}},"PrivateNote":"{}","Line":[{{"Amount":{},)"
                                        R"("DetailType":"SalesItemLineDetail","SalesItemLineDetail":{{"ItemRef":)"
                                        R"({{"value":"1"}}}}}}]}})",
                                        of, note, amount));
  }
  static std::string mark(const std::string& deal) { return "[tieout:deal/" + deal + "/1]"; }

  /// The names of the checks that something was found by.
  std::vector<std::string> verdict(const engine::RunReport* run = nullptr) {
    Step step;
    step.name = "sync";
    step.done = true;
    step.run = run;
    std::vector<std::string> out;
    for (const Violation& one : auditor->after_step(step, nullptr, now)) out.push_back(one.check);
    return out;
  }
  using Checks = std::vector<std::string>;

  Instant now = parse_instant("2026-03-10T12:00:00Z").value();
  std::unique_ptr<sandbox::HubspotSandbox> crm;
  std::unique_ptr<sandbox::quickbooks::QuickbooksSandbox> books;
  std::unique_ptr<Company> company;
  std::unique_ptr<Auditor> auditor;
};

}  // namespace tieout::sim
