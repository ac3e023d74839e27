#include "sim/kit/random.hpp"

#include <bit>

namespace tieout::sim {
namespace {

std::uint64_t splitmix(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

Rng::Rng(std::uint64_t seed) : seed_(seed) {
  std::uint64_t feed = seed;
  for (std::uint64_t& word : state_) word = splitmix(feed);
}

Rng Rng::stream(std::string_view purpose) const {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a of the name
  for (const char c : purpose) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  std::uint64_t feed = seed_ ^ hash;
  return Rng(splitmix(feed));
}

std::uint64_t Rng::next() {
  const std::uint64_t out = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return out;
}

std::uint64_t Rng::below(std::uint64_t n) {
  // The product's high half (Lemire): the bias for the small n of a simulation is below 2^-40.
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * n) >> 64);
}

std::int64_t Rng::between(std::int64_t from, std::int64_t to) {
  return from + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(to - from) + 1));
}

}  // namespace tieout::sim
