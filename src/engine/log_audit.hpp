// Checks the audit log in the store, and the store against its log: the tree made again from the lines, earlier
// checkpoints, and then whether what the store says of writes, links, plans and payloads is what the log witnessed. A
// row that was changed without a line is found here. Reads only; needs no connection.
#pragma once

#include <vector>

#include "ports/store.hpp"
#include "prove/log_check.hpp"

namespace tieout::engine {

using ports::Unit;

struct LogReport {
  std::int64_t lines = 0;
  std::int64_t signed_lines = 0;  ///< covered by one of the checkpoints
  std::int64_t checkpoints = 0, writes = 0, links = 0, plans = 0, payloads = 0, records = 0;
  Digest root{};
  prove::Findings findings;
};

/// Fails only when the store cannot be read; everything else is a finding.
Result<LogReport> check_log(ports::Store& store, std::vector<prove::Checkpoint> checkpoints);

/// What prove/log_proof.hpp asks for, of this store.
inline auto subtree_of(ports::Store& store) {
  return [&store](int level, std::int64_t index) { return store.log_node(level, index); };
}

}  // namespace tieout::engine
