// Replaces the global operator new of the simulator's program: the only way to make any allocation fail, wherever the
// product makes it.
#include "sim/kit/memory.hpp"

#include <cstdlib>
#include <new>

namespace tieout::sim {
namespace {

void* allocated(std::size_t size) {
  if (allocation_fails()) throw std::bad_alloc();
  void* const out = std::malloc(size == 0 ? 1 : size);
  if (out == nullptr) throw std::bad_alloc();
  return out;
}

void* allocated_aligned(std::size_t size, std::size_t alignment) {
  void* const out = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (out == nullptr) throw std::bad_alloc();
  return out;
}

}  // namespace

}  // namespace tieout::sim

void* operator new(std::size_t size) { return tieout::sim::allocated(size); }
void* operator new[](std::size_t size) { return tieout::sim::allocated(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return tieout::sim::allocated_aligned(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return tieout::sim::allocated_aligned(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
