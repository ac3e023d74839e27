#include "store/sqlite/instance_lock.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tieout::sqlite {

Result<InstanceLock> InstanceLock::take(const std::string& database_path) {
  const std::string path = database_path + ".lock";
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

InstanceLock::InstanceLock(InstanceLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
InstanceLock& InstanceLock::operator=(InstanceLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}
InstanceLock::~InstanceLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace tieout::sqlite
