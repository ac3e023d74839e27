// Chance and time for the sweeps: all from one seed, so that a failure is repeated by its number.
#pragma once

#include "ports/world.hpp"

namespace tieout::power {

class Chance final : public ports::Random {  // splitmix64
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(bound));
  }

 private:
  std::uint64_t state_;
};

class HandClock final : public ports::Clock {
 public:
  Instant now() const override { return time_; }
  void sleep(Milliseconds span) override { time_ += span; }

 private:
  Instant time_ = instant_from_ms(1'772'000'000'000);
};

}  // namespace tieout::power
