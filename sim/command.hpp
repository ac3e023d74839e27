// What ./dev sim does: runs seeds in several processes, adds up what they report, and prints it. The sum does not
// depend on how many processes there were.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tieout::sim {

struct Command {
  std::uint64_t seeds = 20, from = 1;
  int days = 30;
  int jobs = 0;  ///< 0: as many as there are cores
  bool faults = true;
  bool hashes = false;  ///< print each seed's digest
  std::optional<std::uint64_t> story, trace;
  std::string mutant;
};

/// Seeds from which on a kind of fault that never struck is a failure.
inline constexpr std::uint64_t kCiSeeds = 200;

/// Returns the exit code.
int run(const Command& command);

}  // namespace tieout::sim
