#include "store/sqlite/instance_lock.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tieout::sqlite {

Result<InstanceLock> InstanceLock::take(const std::string& database_path, const std::string& vfs) {
  const std::string path = database_path + ".lock";
  if (!vfs.empty()) return take_in_vfs(path, vfs);
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0)
    return fail("store.io", fmt::format("{}: cannot be opened: {}. Check that the folder exists and that this user may "
                                        "write there.",
                                        path, std::strerror(errno)));
  InstanceLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return fail("store.io", fmt::format("{}: cannot be locked: {}", path, std::strerror(errno)));
    char owner[32] = {};
    const ssize_t length = ::pread(file, owner, sizeof owner - 1, 0);
    const std::string_view pid(owner, length > 0 ? std::strcspn(owner, "\n") : 0);
    return fail("store.busy",
                fmt::format("{} is in use by process {}. One process writes at a time: stop that one, or wait "
                            "until it is done.",
                            database_path, pid.empty() ? "(unknown)" : pid));
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, pid.data(), pid.size(), 0) < 0) {
    // The lock holds without it; only the other's message is poorer.
  }
  return lock;
}

void InstanceLock::CloseFile::operator()(sqlite3_file* file) const {
  if (file->pMethods) file->pMethods->xClose(file);
  ::operator delete(file);
}

Result<InstanceLock> InstanceLock::take_in_vfs(const std::string& path, const std::string& name) {
  sqlite3_vfs* vfs = sqlite3_vfs_find(name.c_str());
  if (!vfs) return fail("store.io", fmt::format("{}: there is no SQLite VFS \"{}\".", path, name));
  InstanceLock lock(-1);
  lock.vfs_path_ = path;
  const auto size = static_cast<std::size_t>(vfs->szOsFile);
  lock.vfs_file_.reset(static_cast<sqlite3_file*>(std::memset(::operator new(size), 0, size)));
  sqlite3_file* file = lock.vfs_file_.get();
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_TRANSIENT_DB;
  int answer = vfs->xOpen(vfs, lock.vfs_path_.c_str(), file, kFlags, nullptr);
  for (const int level : {SQLITE_LOCK_SHARED, SQLITE_LOCK_RESERVED, SQLITE_LOCK_EXCLUSIVE})
    if (answer == SQLITE_OK) answer = file->pMethods->xLock(file, level);
  if (answer == SQLITE_OK) return lock;
  if (answer == SQLITE_BUSY)
    return fail("store.busy", fmt::format("{} is held by another instance. One process writes at a time: stop that "
                                          "one, or wait until it is done.",
                                          path));
  return fail(answer == SQLITE_FULL ? "store.full" : "store.io",
              fmt::format("{}: cannot be opened or locked (SQLite {}).", path, answer));
}

InstanceLock::InstanceLock(InstanceLock&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      vfs_file_(std::move(other.vfs_file_)),
      vfs_path_(std::move(other.vfs_path_)) {}
InstanceLock& InstanceLock::operator=(InstanceLock&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(vfs_file_, other.vfs_file_);
  std::swap(vfs_path_, other.vfs_path_);
  return *this;
}
InstanceLock::~InstanceLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace tieout::sqlite
