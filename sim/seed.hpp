// One seed: two companies, their people, their nodes, a month of faults, and an hour of peace in which everything has
// to come right. Same seed, same options: the same digest, on any compiler.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mapping/mapping.hpp"
#include "sim/auditor/auditor.hpp"
#include "sim/faults.hpp"
#include "sim/trace.hpp"

namespace tieout::sim {

struct SeedOptions {
  std::uint64_t seed = 1;
  int days = 30;
  bool faults = true;  ///< false: only people and the engine, for measuring and for telling a bug from a fault
};

struct Found {
  Violation violation;
  std::string company;
  std::uint64_t step = 0;  ///< of the trace
  std::string at;          ///< virtual time
};

struct SeedResult {
  std::uint64_t seed = 0;
  std::string digest;
  std::int64_t calls = 0, edits = 0, steps = 0, disk_writes = 0;
  std::int64_t operations() const { return calls + edits + steps + disk_writes; }
  std::int64_t done = 0;  ///< steps that came to their end
  Counts faults{};
  std::map<std::string, std::int64_t> actions;   ///< of people, by kind
  std::map<std::string, std::int64_t> refusals;  ///< fault codes that steps ended with
  std::vector<Found> found;                      ///< the first few
  bool converged = true;
  std::int64_t simulated_ms = 0;
};

/// Never fails by itself: what goes wrong is in `found`. Stops at the first day with a violation.
SeedResult run_seed(const SeedOptions& options, const mapping::PackSet& packs, Trace& trace);

}  // namespace tieout::sim
