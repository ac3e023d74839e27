// The only source of chance in the simulation: xoshiro256**, seeded by splitmix64. Streams are split by purpose
// ("people/crm", "faults"), so that one draw more in one place does not shift what the others draw. The same on every
// compiler: nothing of <random> is used, whose distributions are not specified to the bit.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "ports/world.hpp"

namespace tieout::sim {

class Rng final : public ports::Random {
 public:
  explicit Rng(std::uint64_t seed);
  /// A stream of its own for a purpose. Depends on the seed and the name alone, not on what was drawn before.
  Rng stream(std::string_view purpose) const;

  std::uint64_t next() override;
  /// Uniform in [0, n). n more than zero.
  std::uint64_t below(std::uint64_t n);
  /// Uniform in [from, to], both included.
  std::int64_t between(std::int64_t from, std::int64_t to);
  /// True `parts` times in `of` draws.
  bool chance(std::uint64_t parts, std::uint64_t of) { return below(of) < parts; }
  template <class Range>
  auto& pick(Range& range) {
    return range[static_cast<std::size_t>(below(std::size(range)))];
  }

 private:
  std::uint64_t seed_;
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace tieout::sim
