// Preloaded into the real program: counts its calls of one family and does something to the Nth of them.
//
//   POWER_FAMILY  write | fsync | rename | send | recv | malloc | disk (write, fsync and rename) | all (disk and send)
//   POWER_AT      N, from 1; 0 or unset: only count
//   POWER_MANY    1: the Nth and every later call (a disk that stays full)
//   POWER_DO      kill (SIGKILL before the call), or the number of an errno for the call to fail with
//   POWER_COUNT   a file that gets the number of calls when the process ends by itself
//
// Writes are those to files, not to terminals and pipes. Calls are counted over all threads. Allocation fails with
// ENOMEM whatever POWER_DO says.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
}

namespace {

enum Family : unsigned { kWrite = 1, kFsync = 2, kRename = 4, kSend = 8, kRecv = 16, kMalloc = 32 };

std::atomic<long> calls{0};
unsigned families = 0;
long at = 0;
bool many = false;
int with = 0;  // 0: kill
const char* count_file = nullptr;

unsigned families_of(const char* name) {
  if (!name) return 0;
  constexpr struct {
    const char* name;
    unsigned bits;
  } kNames[] = {{"write", kWrite},
                {"fsync", kFsync},
                {"rename", kRename},
                {"send", kSend},
                {"recv", kRecv},
                {"malloc", kMalloc},
                {"disk", kWrite | kFsync | kRename},
                {"all", kWrite | kFsync | kRename | kSend}};
  for (const auto& known : kNames)
    if (std::strcmp(name, known.name) == 0) return known.bits;
  return 0;
}

__attribute__((constructor)) void set_up() {
  const char* number = getenv("POWER_AT");
  const char* what = getenv("POWER_DO");
  at = number ? std::atol(number) : 0;
  with = what && std::strcmp(what, "kill") != 0 ? std::atoi(what) : 0;
  many = getenv("POWER_MANY") != nullptr;
  count_file = getenv("POWER_COUNT");
  families = families_of(getenv("POWER_FAMILY"));
}

__attribute__((destructor)) void tell() {
  families = 0;
  if (!count_file) return;
  if (FILE* file = std::fopen(count_file, "w")) {
    std::fprintf(file, "%ld\n", calls.load());
    std::fclose(file);
  }
}

/// True: this call must fail, errno is set.
bool struck(Family family) {
  if ((families & family) == 0) return false;
  const long number = calls.fetch_add(1) + 1;
  if (at == 0 || number < at || (number > at && !many)) return false;
  if (with == 0 && family != kMalloc) kill(getpid(), SIGKILL);
  errno = family == kMalloc ? ENOMEM : with;
  return true;
}

bool is_file(int file) {
  struct stat about {};
  return fstat(file, &about) == 0 && S_ISREG(about.st_mode);
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

#define WRAPPED(struck_now, type, name, parameters, ...)             \
  extern "C" type name parameters {                                  \
    static const auto real = next<type(*) parameters>(#name);        \
    return (struck_now) ? static_cast<type>(-1) : real(__VA_ARGS__); \
  }

WRAPPED((families & kWrite) != 0 && is_file(file) && struck(kWrite), ssize_t, write,
        (int file, const void* bytes, size_t size), file, bytes, size)
WRAPPED((families & kWrite) != 0 && is_file(file) && struck(kWrite), ssize_t, pwrite,
        (int file, const void* bytes, size_t size, off_t place), file, bytes, size, place)
WRAPPED((families & kWrite) != 0 && is_file(file) && struck(kWrite), ssize_t, pwrite64,
        (int file, const void* bytes, size_t size, off64_t place), file, bytes, size, place)
WRAPPED(struck(kFsync), int, fsync, (int file), file)
WRAPPED(struck(kFsync), int, fdatasync, (int file), file)
WRAPPED(struck(kRename), int, rename, (const char* from, const char* to) noexcept, from, to)
WRAPPED(struck(kRename), int, unlink, (const char* path) noexcept, path)
WRAPPED(struck(kSend), ssize_t, send, (int socket, const void* bytes, size_t size, int flags), socket, bytes, size,
        flags)
WRAPPED(struck(kSend), ssize_t, sendmsg, (int socket, const msghdr* message, int flags), socket, message, flags)
WRAPPED(struck(kRecv), ssize_t, recv, (int socket, void* bytes, size_t size, int flags), socket, bytes, size, flags)
WRAPPED(struck(kRecv), ssize_t, recvmsg, (int socket, msghdr* message, int flags), socket, message, flags)

extern "C" ssize_t sendto(int socket, const void* bytes, size_t size, int flags, const sockaddr* to, socklen_t length) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t, int, const sockaddr*, socklen_t)>("sendto");
  return struck(kSend) ? -1 : real(socket, bytes, size, flags, to, length);
}

extern "C" void* malloc(size_t size) noexcept { return struck(kMalloc) ? nullptr : __libc_malloc(size); }
extern "C" void* calloc(size_t count, size_t size) noexcept {
  return struck(kMalloc) ? nullptr : __libc_calloc(count, size);
}
extern "C" void* realloc(void* old, size_t size) noexcept {
  return struck(kMalloc) ? nullptr : __libc_realloc(old, size);
}
