// hubspot_sandbox_server [--port N] [--seed NAME] [--faults FILE] [--no-limits] [--index-delay-ms N]
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "sandbox/hubspot/hubspot.hpp"

int main(int argc, char** argv) {
  tieout::sandbox::HubspotOptions options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : "";
    if (name == "--no-limits") {
      options.no_limits = true;
      continue;
    }
    if (name == "--port")
      options.port = static_cast<std::uint16_t>(std::atoi(value));
    else if (name == "--seed")
      options.seed = value;
    else if (name == "--faults")
      options.faults_file = value;
    else if (name == "--index-delay-ms")
      options.index_delay = tieout::Milliseconds{std::atoll(value)};
    else {
      std::fprintf(stderr, "unknown option %s\n", argv[i]);
      return 2;
    }
    ++i;
  }
  return tieout::sandbox::run_hubspot_sandbox(options);
}
