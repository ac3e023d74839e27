// The sweeps of this folder, each a function of a count and a seed. Each prints one line of figures at the end and says
// with its return value whether the promise held; what went wrong is printed before, with the number that repeats it.
#pragma once

#include <cstdint>

namespace tieout::power {

struct Sweep {
  int count = 100;
  std::uint64_t seed = 1;
};

bool store_cuts(const Sweep& sweep);    ///< cuts.cpp: power cuts under the store
bool engine_cuts(const Sweep& sweep);   ///< engine_cuts.cpp: power cuts under the whole engine, during intake and apply
bool flips(const Sweep& sweep);         ///< flips.cpp: single bits of file, log, backup, live pages and secrets
bool failing_disk(const Sweep& sweep);  ///< failing.cpp: the nth write or fsync fails, the disk is full

}  // namespace tieout::power
