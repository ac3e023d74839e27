// ./dev sim: runs seeds, in several processes, and prints what became of them. Exit code 0 when every promise held and,
// in a run of CI's size, every kind of fault struck; 1 when not; 2 for a wrong command line.
#include <fmt/core.h>

#include <cstdlib>
#include <string>

#include "sim/command.hpp"

namespace {

constexpr const char* kUsage =
    "tieout_sim [--seeds N] [--from S] [--days D] [--jobs J] [--quiet-table]\n"
    "tieout_sim --story SEED [--days D]      the story of the first broken promise of that seed\n"
    "tieout_sim --trace SEED [--days D]      everything that happened in that seed\n"
    "  --no-faults     only people and the engine\n"
    "  --mutant NAME   with a planted bug (sim/mutants)\n";

}  // namespace

int main(int argc, char** argv) {
  tieout::sim::Command command;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool has_next = i + 1 < argc;
    const auto number = [&] { return std::strtoull(argv[++i], nullptr, 10); };
    if (word == "--seeds" && has_next)
      command.seeds = number();
    else if (word == "--from" && has_next)
      command.from = number();
    else if (word == "--days" && has_next)
      command.days = static_cast<int>(number());
    else if (word == "--jobs" && has_next)
      command.jobs = static_cast<int>(number());
    else if (word == "--story" && has_next)
      command.story = number();
    else if (word == "--trace" && has_next)
      command.trace = number();
    else if (word == "--mutant" && has_next)
      command.mutant = argv[++i];
    else if (word == "--no-faults")
      command.faults = false;
    else if (word == "--hashes")
      command.hashes = true;
    else {
      fmt::print(stderr, "{}", kUsage);
      return 2;
    }
  }
  return tieout::sim::run(command);
}
