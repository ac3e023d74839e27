// The door through which libFuzzer comes in.
#include "target.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace tieout::fuzz {

void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

}  // namespace tieout::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tieout::fuzz::one_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
