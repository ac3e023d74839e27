// Bodies of HubSpot's search, run against the sandbox's seeded account.
#include "sandbox/hubspot/hubspot.hpp"
#include "target.hpp"

namespace tieout::fuzz {

void one_input(std::string_view input) {
  static const auto crm = [] {
    sandbox::HubspotOptions options;
    options.no_limits = true;
    return std::move(*sandbox::HubspotSandbox::create(options, *parse_instant("2026-11-21T10:00:00Z")));
  }();
  const auto answer = crm->handle(sandbox::make_request("POST", "/crm/v3/objects/companies/search", std::string(input),
                                                        {{"Authorization", "Bearer hubspot-sandbox-private-app"},
                                                         {"Content-Type", "application/json"}}),
                                  *parse_instant("2026-11-21T10:00:01Z"));
  require(answer.status == 200 || (answer.status >= 400 && answer.status < 500), "a search is answered or refused");
  require(json::parse(answer.body).has_value(), "the answer is JSON");
}

}  // namespace tieout::fuzz
