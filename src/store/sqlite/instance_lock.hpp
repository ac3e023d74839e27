// Keeps a second writer out: an advisory lock of the operating system on "<path>.lock". The system drops it when the
// process ends, however it ends, so that no stale lock is ever left; the file holds the owner's process id only for the
// message. Two processes that both believed to be alone could each journal the same write.
#pragma once

#include <string>

#include "base/result.hpp"

namespace tieout::sqlite {

class InstanceLock {
 public:
  /// Fails with store.busy, naming the process that has it, or store.io.
  static Result<InstanceLock> take(const std::string& database_path);
  InstanceLock() = default;
  InstanceLock(InstanceLock&& other) noexcept;
  InstanceLock& operator=(InstanceLock&& other) noexcept;
  ~InstanceLock();

 private:
  explicit InstanceLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace tieout::sqlite
