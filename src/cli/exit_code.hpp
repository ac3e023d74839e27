// What the shell learns. The numbers are promises: scripts and schedulers branch on them.
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace tieout::cli {

enum class Exit : int {
  ok = 0,
  failed = 1,
  usage = 2,          ///< the command line or tieout.yaml is not understood
  differences = 3,    ///< only with --detailed-exitcode
  not_signed_in = 4,  ///< a connection has no valid sign-in
  stale = 5,          ///< the plan is not what would be done now, or another writer was faster
  partly = 6,         ///< some of it is done; running again goes on
  try_again = 75,     ///< throttled, locked or unreachable: the same command may succeed later
};

/// By the fault's code.
Exit exit_for(const Fault& fault);
/// One line on standard error: what happened and what to do, then the code in brackets; with --json a JSON object.
Exit report(const Fault& fault, bool as_json);

}  // namespace tieout::cli
