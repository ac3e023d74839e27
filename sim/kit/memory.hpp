// Running out of memory, on purpose: the n-th allocation from now throws std::bad_alloc, once. Only our own process has
// to bear it: while a vendor's sandbox, the disk or the judge works, SpareMemory keeps the count still. The operator
// new that counts is in sim/memory.cpp; without it nothing ever fails.
#pragma once

#include <cstdint>
#include <utility>

namespace tieout::sim {

struct AllocationFault {
  std::int64_t left = 0;  ///< allocations until one fails; 0: disarmed
  bool struck = false;
};
inline AllocationFault allocation_fault;

inline void fail_allocation_after(std::int64_t allocations) { allocation_fault = {allocations, false}; }
/// Disarms. True when it had struck since it was armed.
inline bool end_allocation_fault() { return std::exchange(allocation_fault, {}).struck; }

class SpareMemory {
 public:
  SpareMemory() : kept_(std::exchange(allocation_fault.left, 0)) {}
  ~SpareMemory() { allocation_fault.left = kept_; }
  SpareMemory(const SpareMemory&) = delete;
  SpareMemory& operator=(const SpareMemory&) = delete;

 private:
  std::int64_t kept_;
};

}  // namespace tieout::sim
