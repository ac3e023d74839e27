#include "net/real_world.hpp"

#include <sys/random.h>

#include <thread>

#include "base/check.hpp"

namespace tieout::net {

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

void SystemClock::sleep(Milliseconds span) {
  if (span.count() > 0) std::this_thread::sleep_for(span);
}

std::uint64_t SystemRandom::next() {
  std::uint64_t out = 0;
  // At most 256 bytes are never cut short by a signal once the generator is ready.
  CHECK(getrandom(&out, sizeof out, 0) == static_cast<ssize_t>(sizeof out), "the kernel gives no randomness");
  return out;
}

}  // namespace tieout::net
