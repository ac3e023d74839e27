// How many records are in which state, and how many links there are, without ever counting rows: changes are added up
// in memory and go into the table `tally` in the same transaction as the rows they stand for.
#pragma once

#include <array>
#include <map>
#include <vector>

#include "ports/store.hpp"
#include "store/sqlite/words.hpp"

namespace tieout::sqlite {

class Counts {
 public:
  void appeared(ports::Side side, WordId type, ports::State state) {
    of(static_cast<int>(side), type)[index(state)] += 1;
  }
  void moved(ports::Side side, WordId type, ports::State from, ports::State to) {
    auto& count = of(static_cast<int>(side), type);
    count[index(from)] -= 1;
    count[index(to)] += 1;
  }
  void linked(WordId flow) { of(kLinks, flow)[0] += 1; }

  /// Writes what has changed; part of commit.
  Result<Unit> flush(Connection& db, std::int64_t entity);
  void forget() { changes_.clear(); }

  /// What the table says and what has changed since.
  Result<std::vector<ports::Tally>> records(Connection& db, std::int64_t entity, Words& words) const;
  Result<std::int64_t> links(Connection& db, std::int64_t entity) const;

 private:
  static constexpr int kLinks = 0;  ///< stands where a side would
  using Key = std::pair<int, WordId>;
  using ByState = std::array<std::int64_t, 5>;
  static std::size_t index(ports::State state) { return static_cast<std::size_t>(state); }
  ByState& of(int side, WordId type);

  std::vector<std::pair<Key, ByState>> changes_;  ///< a dozen at most: looked through faster than hashed
};

}  // namespace tieout::sqlite
