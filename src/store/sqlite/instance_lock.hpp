// Keeps a second writer out: an advisory lock of the operating system on "<path>.lock". The system drops it when the
// process ends, however it ends, so that no stale lock is ever left; the file holds the owner's process id only for the
// message. Two processes that both believed to be alone could each journal the same write.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>

#include "base/result.hpp"

namespace tieout::sqlite {

class InstanceLock {
 public:
  /// Fails with store.busy, naming the process that has it, or store.io.
  /// vfs  name of the SQLite VFS that keeps the files: the lock is one of its own then; empty for the system's.
  static Result<InstanceLock> take(const std::string& database_path, const std::string& vfs = {});
  InstanceLock() = default;
  InstanceLock(InstanceLock&& other) noexcept;
  InstanceLock& operator=(InstanceLock&& other) noexcept;
  ~InstanceLock();

 private:
  explicit InstanceLock(int file) : file_(file) {}
  static Result<InstanceLock> take_in_vfs(const std::string& path, const std::string& vfs);

  struct CloseFile {
    void operator()(sqlite3_file* file) const;
  };
  int file_ = -1;
  std::unique_ptr<sqlite3_file, CloseFile> vfs_file_;
  std::string vfs_path_;  ///< as SQLite wants it: open files refer to it
};

}  // namespace tieout::sqlite
