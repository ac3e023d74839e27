// sandbox: a pretended vendor in the foreground, until it is told to end.
#include <fmt/core.h>

#include "cli/commands.hpp"
#include "sandbox/hubspot/hubspot.hpp"
#include "sandbox/quickbooks/sandbox.hpp"

namespace tieout::cli {
namespace {

/// What a newcomer types next, before the line that says where it listens.
void print_sign_in(std::string_view connection, std::string_view token, std::string_view client,
                   std::string_view secret, std::string_view refresh) {
  fmt::print("sign in with a fixed token:  printf {} | tieout connect {} --token-stdin\n", token, connection);
  fmt::print("        or as an OAuth app:  client {}, secret {}, refresh token {}\n", client, secret, refresh);
}

}  // namespace

Exit run_sandbox(const Context&, const SandboxCommand& options) {
  int status = 0;
  if (options.vendor == "hubspot") {
    sandbox::HubspotOptions hubspot;
    hubspot.port = options.port.value_or(8081);
    hubspot.seed = options.seed;
    hubspot.faults_file = options.faults;
    hubspot.no_limits = options.no_limits;
    using Hubspot = sandbox::HubspotSandbox;
    print_sign_in("crm", Hubspot::kPrivateAppToken, Hubspot::kClientId, Hubspot::kClientSecret, Hubspot::kRefreshToken);
    status = sandbox::run_hubspot_sandbox(hubspot);
  } else {
    sandbox::quickbooks::QuickbooksOptions quickbooks;
    quickbooks.port = options.port.value_or(8082);
    quickbooks.seed = options.seed;
    quickbooks.faults_file = options.faults;
    quickbooks.no_limits = options.no_limits;
    namespace qb = sandbox::quickbooks;
    print_sign_in("books", qb::kStaticToken, qb::kClientId, qb::kClientSecret, qb::kFirstRefreshToken);
    fmt::print("                   company:  {}\n", quickbooks.realm);
    status = qb::run_quickbooks_sandbox(quickbooks);
  }
  return status == 0 ? Exit::ok : Exit::failed;
}

}  // namespace tieout::cli
