#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace tieout {

void check_failed(const char* expression, const char* file, int line, const char* why) {
  std::fprintf(stderr, "tieout: internal check failed: %s (%s) at %s:%d. Nothing further was written.\n", why,
               expression, file, line);
  std::abort();
}

}  // namespace tieout
