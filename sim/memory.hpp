// Running out of memory, on purpose: the n-th allocation from now throws std::bad_alloc, once. Only our own process has
// to bear it: while a vendor's sandbox works, SpareMemory keeps the count still.
#pragma once

#include <cstdint>

namespace tieout::sim {

void fail_allocation_after(std::int64_t allocations);
/// Disarms. True when it had struck since it was armed.
bool end_allocation_fault();

class SpareMemory {
 public:
  SpareMemory();
  ~SpareMemory();
  SpareMemory(const SpareMemory&) = delete;
  SpareMemory& operator=(const SpareMemory&) = delete;

 private:
  std::int64_t kept_;
};

}  // namespace tieout::sim
