// Time and randomness, as the engine asks for them. The real ones are in net/real_world.hpp; the simulator's are drawn
// from a seed.
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace tieout::ports {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  virtual void sleep(Milliseconds span) = 0;  ///< in simulation this moves virtual time
};

class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;  ///< uniform over all 64-bit values; unpredictable in production
};

}  // namespace tieout::ports
