// The sandbox as a program of its own: quickbooks_sandbox_server [--port N] [--seed NAME] [--faults FILE] [--no-limits]
// [--realm ID] [--country US|GB].
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "sandbox/quickbooks/sandbox.hpp"

int main(int argc, char** argv) {
  tieout::sandbox::quickbooks::QuickbooksOptions options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--no-limits") {
      options.no_limits = true;
      continue;
    }
    if (++i == argc) {
      std::fprintf(stderr, "%s needs a value\n", argv[i - 1]);
      return 2;
    }
    if (name == "--port")
      options.port = static_cast<std::uint16_t>(std::atoi(argv[i]));
    else if (name == "--seed")
      options.seed = argv[i];
    else if (name == "--faults")
      options.faults_file = argv[i];
    else if (name == "--realm")
      options.realm = argv[i];
    else if (name == "--country")
      options.country = argv[i];
    else {
      std::fprintf(stderr, "unknown option %s\n", argv[i - 1]);
      return 2;
    }
  }
  return tieout::sandbox::quickbooks::run_quickbooks_sandbox(options);
}
