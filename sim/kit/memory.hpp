// Running out of memory, on purpose: after the n-th waypoint from now the next allocation throws std::bad_alloc, once.
// A waypoint is a call to a vendor, to the disk, or a statement of the store: counting these instead of allocations
// makes a seed mean the same whichever compiler built the product, which may leave allocations out as it likes. Only
// our own process has to bear it: while a vendor's sandbox, the disk or the judge works, SpareMemory holds it off. The
// operator new that asks is in sim/memory.cpp; without it nothing ever fails.
#pragma once

#include <cstdint>
#include <utility>

namespace tieout::sim {

struct AllocationFault {
  std::int64_t left = 0;  ///< waypoints until the next allocation fails; 0: disarmed
  bool due = false;
  bool struck = false;
};
inline AllocationFault allocation_fault;
inline bool memory_is_spared = false;

inline void fail_allocation_after(std::int64_t waypoints) { allocation_fault = {waypoints, false, false}; }
/// Disarms. True when it had struck since it was armed.
inline bool end_allocation_fault() { return std::exchange(allocation_fault, {}).struck; }

inline void pass_waypoint() {
  if (allocation_fault.left > 0 && --allocation_fault.left == 0) allocation_fault.due = true;
}

/// True once: the allocation that asks is the one that fails.
inline bool allocation_fails() {
  if (!allocation_fault.due || memory_is_spared) return false;
  allocation_fault.due = false;
  return allocation_fault.struck = true;
}

class SpareMemory {
 public:
  SpareMemory() : was_(std::exchange(memory_is_spared, true)) {}
  ~SpareMemory() {
    memory_is_spared = was_;
    if (!was_) pass_waypoint();
  }
  SpareMemory(const SpareMemory&) = delete;
  SpareMemory& operator=(const SpareMemory&) = delete;

 private:
  bool was_;
};

}  // namespace tieout::sim
