// Where the master key comes from: the environment, or a file that only its owner may read.
#include <fcntl.h>
#include <fmt/core.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/check.hpp"
#include "store/sqlite/secrets.hpp"

namespace tieout {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr const char* kVariable = "TIEOUT_MASTER_KEY";
using KeyBytes = std::array<unsigned char, kKeyBytes>;

/// 64 hex digits, or base64 of 32 bytes in either alphabet, with or without padding.
bool decode(std::string_view text, KeyBytes& out) {
  std::size_t length = 0;
  if (text.size() == 2 * kKeyBytes)
    return sodium_hex2bin(out.data(), out.size(), text.data(), text.size(), nullptr, &length, nullptr) == 0 &&
           length == kKeyBytes;
  for (const int variant : {sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
                            sodium_base64_VARIANT_URLSAFE, sodium_base64_VARIANT_URLSAFE_NO_PADDING}) {
    if (sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &length, nullptr, variant) == 0 &&
        length == kKeyBytes)
      return true;
  }
  return false;
}

class File {
 public:
  explicit File(int number) : number_(number) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

tl::unexpected<Fault> io_fault(const std::string& path, const char* what) {
  return fail("secrets.key.io", fmt::format("{}: the master key {}: {}.", path, what, std::strerror(errno)));
}

void sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const File folder(::open(slash == std::string::npos ? "." : path.substr(0, slash + 1).c_str(), O_RDONLY | O_CLOEXEC));
  if (folder.number() >= 0) ::fsync(folder.number());
}

/// Makes the file with a fresh key, whole or not at all: written under another name, then linked into place, so that
/// two processes starting at once end up with the same key.
Result<ports::Unit> make_file(const std::string& path) {
  const std::string draft = fmt::format("{}.{}.new", path, ::getpid());
  ::unlink(draft.c_str());
  const File file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (file.number() < 0) return io_fault(draft, "cannot be made");
  KeyBytes key;
  randombytes_buf(key.data(), key.size());
  const bool written =
      ::write(file.number(), key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(file.number()) == 0;
  sodium_memzero(key.data(), key.size());
  const bool placed = written && (::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST);
  const int why = errno;
  ::unlink(draft.c_str());
  errno = why;
  if (!placed) return io_fault(path, "cannot be written");
  sync_folder_of(path);
  return ports::Unit{};
}

Result<ports::Unit> require_private(const std::string& path, const struct stat& facts) {
  if (S_ISREG(facts.st_mode) && (facts.st_mode & (S_IRWXG | S_IRWXO)) == 0 && facts.st_uid == ::geteuid())
    return ports::Unit{};
  return fail(
      "secrets.key.permissions",
      fmt::format("{}: others may read the master key, or it is not yours (mode {:04o}). Make it yours alone: chown it "
                  "to this user, then chmod 600. If it may have been read, connect again with a new key.",
                  path, facts.st_mode & 07777));
}

}  // namespace

Result<MasterKey> MasterKey::load(const std::string& path) {
  CHECK(sodium_init() >= 0, "libsodium cannot start");
  MasterKey key;
  if (const char* given = std::getenv(kVariable); given && *given) {
    if (decode(given, key.bytes_)) return key;
    return fail("secrets.key.malformed",
                fmt::format("{} must hold 32 bytes, as 64 hex digits or in base64.", kVariable));
  }
  if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) TRY_VOID(make_file(path));
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.number() < 0) return io_fault(path, "cannot be read");
  struct stat facts {};
  if (::fstat(file.number(), &facts) != 0) return io_fault(path, "cannot be read");
  TRY_VOID(require_private(path, facts));
  char extra;
  if (::read(file.number(), key.bytes_.data(), kKeyBytes) != static_cast<ssize_t>(kKeyBytes) ||
      ::read(file.number(), &extra, 1) != 0)
    return fail("secrets.key.malformed",
                fmt::format("{}: a master key has exactly 32 bytes. Restore the file from a backup.", path));
  return key;
}

MasterKey MasterKey::from_bytes(const std::array<unsigned char, 32>& bytes) {
  MasterKey key;
  key.bytes_ = bytes;
  return key;
}

MasterKey::MasterKey(MasterKey&& other) noexcept : bytes_(other.bytes_) {
  sodium_memzero(other.bytes_.data(), other.bytes_.size());
}
MasterKey& MasterKey::operator=(MasterKey&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    sodium_memzero(other.bytes_.data(), other.bytes_.size());
  }
  return *this;
}
MasterKey::~MasterKey() { sodium_memzero(bytes_.data(), bytes_.size()); }

}  // namespace tieout
