// CHECK: for what can only be our own bug (an allocation that exceeds its payment). Kept on in production: it says
// where and why on standard error and stops the process, because going on could write wrong money.
#pragma once

namespace tieout {
[[noreturn]] void check_failed(const char* expression, const char* file, int line, const char* why);
}

#define CHECK(condition, why)                                      \
  do {                                                             \
    if (!(condition)) [[unlikely]]                                 \
      ::tieout::check_failed(#condition, __FILE__, __LINE__, why); \
  } while (false)
