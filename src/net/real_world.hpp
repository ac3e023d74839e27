// Time and randomness as this machine has them: the only places in the product where either is read.
#pragma once

#include "ports/world.hpp"

namespace tieout::net {

class SystemClock final : public ports::Clock {
 public:
  Instant now() const override;
  void sleep(Milliseconds span) override;
};

/// From the kernel's generator: unpredictable, fit for tokens and nonces.
class SystemRandom final : public ports::Random {
 public:
  std::uint64_t next() override;
};

}  // namespace tieout::net
