// sandbox: a pretended vendor in the foreground, until it is told to end.
#include <fmt/core.h>

#include "cli/commands.hpp"
#include "sandbox/hubspot/hubspot.hpp"
#include "sandbox/quickbooks/sandbox.hpp"

namespace tieout::cli {

Exit run_sandbox(const Context&, const SandboxCommand& options) {
  int status = 0;
  if (options.vendor == "hubspot") {
    sandbox::HubspotOptions hubspot;
    hubspot.port = options.port.value_or(8081);
    hubspot.seed = options.seed;
    hubspot.faults_file = options.faults;
    hubspot.no_limits = options.no_limits;
    status = sandbox::run_hubspot_sandbox(hubspot);
  } else {
    sandbox::quickbooks::QuickbooksOptions quickbooks;
    quickbooks.port = options.port.value_or(8082);
    quickbooks.seed = options.seed;
    quickbooks.faults_file = options.faults;
    quickbooks.no_limits = options.no_limits;
    status = sandbox::quickbooks::run_quickbooks_sandbox(quickbooks);
  }
  return status == 0 ? Exit::ok : Exit::failed;
}

}  // namespace tieout::cli
