// ./dev bench: prints what a record costs. Ratios are worth more than digits: other work on the machine moves the
// digits.
#include <fmt/core.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "bench/round.hpp"
#include "cli/child_sandbox.hpp"

namespace {

std::string program_beside(const std::string& bench) { return bench.substr(0, bench.rfind('/') + 1) + "tieout"; }

}  // namespace

int main(int argc, char** argv) {
  std::vector<int> sizes;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--customers" && i + 1 < argc)
      sizes.push_back(std::atoi(argv[++i]));
    else if (word != "--parts") {
      fmt::print(
          stderr,
          "tieout_bench [--customers N]... [--parts]   (now: 10,000 and 100,000 customers; --parts: only the parts)\n");
      return 2;
    }
  }
  if (sizes.empty() && argc == 1) sizes = {10'000, 100'000};
  const std::string program = program_beside(tieout::cli::this_program());
  const auto failed = [](const tieout::Fault& fault) {
    fmt::print(stderr, "tieout_bench: {} [{}]\n", fault.what, fault.code);
    return 1;
  };
  if (const auto parts = tieout::bench::measure_parts(); !parts) return failed(parts.error());
  for (const int customers : sizes)
    if (const auto rounds = tieout::bench::measure_rounds(program, customers); !rounds) return failed(rounds.error());
  return 0;
}
