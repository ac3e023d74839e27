#include "store/sqlite/page_check.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <map>
#include <mutex>
#include <new>

#include "base/check.hpp"

namespace tieout::sqlite {
namespace {

constexpr char kMark[9] = "TieOutPg";
constexpr int kChecked = kPageBytes - kReserved;
constexpr int kFileHeader = 100;
constexpr int kAskForDamage = 0x54694f75;  // our own sqlite3_file_control

void seal(unsigned char* page, std::uint32_t number) {
  std::memcpy(page + kChecked, kMark, 8);
  XXH128_canonical_t sum;
  XXH128_canonicalFromHash(&sum, XXH3_128bits_withSeed(page, kChecked, number));
  std::memcpy(page + kChecked + 8, &sum, sizeof sum);
}

class CheckedFile {
 public:
  CheckedFile(sqlite3_file* real, bool is_log) : real_(real), is_log_(is_log) {}

  int read(void* bytes, int length, sqlite3_int64 at);
  int write(const void* bytes, int length, sqlite3_int64 at);
  int truncate(sqlite3_int64 size) {
    unsettled_from_ = 0;
    return real_->pMethods->xTruncate(real_, size);
  }
  sqlite3_file* real() { return real_; }
  const PageDamage& damage() const { return damage_; }

 private:
  int read_page(unsigned char* page, sqlite3_int64 at);
  int read_frame(const unsigned char* page, sqlite3_int64 at);
  int look_at_header(const unsigned char* header);
  int damaged(std::uint32_t page) {
    if (damage_.page == 0) damage_ = {page, is_log_};
    return SQLITE_CORRUPT;
  }
  void note_log_write(int length, sqlite3_int64 at);
  int plain_read(void* bytes, int length, sqlite3_int64 at) { return real_->pMethods->xRead(real_, bytes, length, at); }

  sqlite3_file* real_;
  bool is_log_;
  bool protected_ = false;  ///< of the main file: pages carry checksums
  PageDamage damage_;
  // Of the log: SQLite may write a page of the open transaction again, and mends the running checksums when it commits.
  // Frames from here on carry none that fit; 0 when all do.
  std::int64_t unsettled_from_ = 0, last_frame_ = 0, header_of_ = 0;
  alignas(8) unsigned char scratch_[kPageBytes];
};

int CheckedFile::read(void* bytes, int length, sqlite3_int64 at) {
  const int answer = plain_read(bytes, length, at);
  if (answer != SQLITE_OK) return answer;
  auto* page = static_cast<unsigned char*>(bytes);
  if (is_log_) {
    const bool is_page = length == kPageBytes && (at - kLogHeader) % kFrame == kFrameHeader;
    return is_page ? read_frame(page, at) : SQLITE_OK;
  }
  if (at == 0 && length >= kFileHeader)
    if (const int refused = look_at_header(page)) return refused;
  return protected_ && length == kPageBytes ? read_page(page, at) : SQLITE_OK;
}

/// The header may stand in a page that a power cut tore (its good copy is in the log), so only what never changes is
/// looked at. The mark at the end of page 1 says whether the file is one of ours when the header denies it.
int CheckedFile::look_at_header(const unsigned char* header) {
  const bool says_so = header[20] == kReserved && (header[16] << 8 | header[17]) == kPageBytes;
  if (says_so) {
    protected_ = true;
    return SQLITE_OK;
  }
  char mark[8] = {};
  if (plain_read(mark, sizeof mark, kChecked) == SQLITE_OK && std::memcmp(mark, kMark, 8) == 0) return damaged(1);
  protected_ = false;
  return SQLITE_OK;
}

int CheckedFile::read_page(unsigned char* page, sqlite3_int64 at) {
  const auto number = static_cast<std::uint32_t>(at / kPageBytes + 1);
  bool sealed = false;
  if (!page_fits(page, number, sealed)) return damaged(number);
  // In memory and in the log these bytes are zero: what another program copies from there has no checksum, not an old
  // one.
  if (sealed) std::memset(page + kChecked, 0, kReserved);
  return SQLITE_OK;
}

int CheckedFile::read_frame(const unsigned char* page, sqlite3_int64 at) {
  const std::int64_t number = (at - kLogHeader) / kFrame + 1;
  if (unsettled_from_ != 0 && number >= unsettled_from_) return SQLITE_OK;
  unsigned char log_header[kLogHeader], header[kFrameHeader], before[8];
  int answer = plain_read(log_header, kLogHeader, 0);
  if (answer == SQLITE_OK) answer = plain_read(header, kFrameHeader, frame_at(number));
  if (answer == SQLITE_OK) answer = plain_read(before, 8, number == 1 ? 24 : frame_at(number - 1) + 16);
  if (answer != SQLITE_OK) return answer;
  const LogHeader log = LogHeader::read(log_header);
  const FrameHeader frame = FrameHeader::read(header);
  const bool fits = log.valid && frame.salt == log.salt &&
                    frame_sum(LogSum::stored_at(before), header, page, log.big_endian_sums) == frame.sum;
  return fits ? SQLITE_OK : damaged(frame.page == 0 ? 1 : frame.page);
}

void CheckedFile::note_log_write(int length, sqlite3_int64 at) {
  if (at == 0) {
    unsettled_from_ = last_frame_ = header_of_ = 0;
    return;
  }
  const std::int64_t number = (at - kLogHeader) / kFrame + 1;
  const bool is_start = (at - kLogHeader) % kFrame == 0;
  if (is_start && length >= kFrameHeader) {
    header_of_ = number;
    if (unsettled_from_ != 0 && number <= unsettled_from_) unsettled_from_ = number < last_frame_ ? number + 1 : 0;
  } else if (header_of_ != number && (unsettled_from_ == 0 || number < unsettled_from_)) {
    unsettled_from_ = number;
  }
  last_frame_ = std::max(last_frame_, number);
}

int CheckedFile::write(const void* bytes, int length, sqlite3_int64 at) {
  if (is_log_) note_log_write(length, at);
  const bool is_page = !is_log_ && length == kPageBytes;
  if (is_page && at == 0) protected_ = static_cast<const unsigned char*>(bytes)[20] == kReserved;
  if (!is_page || !protected_) return real_->pMethods->xWrite(real_, bytes, length, at);
  std::memcpy(scratch_, bytes, kPageBytes);
  seal(scratch_, static_cast<std::uint32_t>(at / kPageBytes + 1));
  return real_->pMethods->xWrite(real_, scratch_, length, at);
}

/// What SQLite holds; the real file lies behind it in the same piece of memory.
struct Shell {
  sqlite3_file base;
  CheckedFile* file;
};
constexpr std::size_t kShell = (sizeof(Shell) + 15) / 16 * 16;

CheckedFile& checked(sqlite3_file* file) { return *reinterpret_cast<Shell*>(file)->file; }
sqlite3_file* real(sqlite3_file* file) { return checked(file).real(); }

int control(sqlite3_file* file, int what, void* with) {
  if (what == kAskForDamage) {
    CheckedFile& mine = checked(file);
    *static_cast<PageDamage*>(with) = mine.damage();
    return SQLITE_OK;
  }
  return real(file)->pMethods->xFileControl(real(file), what, with);
}

constexpr sqlite3_io_methods kMethods = {
    2,  // no memory mapping: every page is read, and so compared
    [](sqlite3_file* file) {
      sqlite3_file* below = real(file);
      const int answer = below->pMethods->xClose(below);
      delete reinterpret_cast<Shell*>(file)->file;
      return answer;
    },
    [](sqlite3_file* file, void* bytes, int length, sqlite3_int64 at) { return checked(file).read(bytes, length, at); },
    [](sqlite3_file* file, const void* bytes, int length, sqlite3_int64 at) {
      return checked(file).write(bytes, length, at);
    },
    [](sqlite3_file* file, sqlite3_int64 size) { return checked(file).truncate(size); },
    [](sqlite3_file* file, int flags) { return real(file)->pMethods->xSync(real(file), flags); },
    [](sqlite3_file* file, sqlite3_int64* size) { return real(file)->pMethods->xFileSize(real(file), size); },
    [](sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); },
    [](sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); },
    [](sqlite3_file* file, int* out) { return real(file)->pMethods->xCheckReservedLock(real(file), out); },
    control,
    [](sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); },
    [](sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); },
    [](sqlite3_file* file, int region, int size, int extend, void volatile** out) {
      return real(file)->pMethods->xShmMap(real(file), region, size, extend, out);
    },
    [](sqlite3_file* file, int first, int count, int flags) {
      return real(file)->pMethods->xShmLock(real(file), first, count, flags);
    },
    [](sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); },
    [](sqlite3_file* file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); },
    nullptr,
    nullptr,
};

}  // namespace

bool page_fits(const unsigned char* page, std::uint32_t number, bool& sealed) {
  static constexpr unsigned char kNothing[kReserved] = {};
  const unsigned char* tail = page + kChecked;
  sealed = std::memcmp(tail, kNothing, kReserved) != 0;
  if (!sealed) return true;
  XXH128_canonical_t sum;
  XXH128_canonicalFromHash(&sum, XXH3_128bits_withSeed(page, kChecked, number));
  return std::memcmp(tail, kMark, 8) == 0 && std::memcmp(tail + 8, &sum, sizeof sum) == 0;
}

PageDamage damage_seen(sqlite3* db) {
  PageDamage damage;
  if (db) sqlite3_file_control(db, "main", kAskForDamage, &damage);
  if (damage.page != 0) return damage;
  sqlite3_file* log = nullptr;  // the log is no "main"
  if (db && sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK && log &&
      log->pMethods == &kMethods)
    damage = checked(log).damage();
  return damage;
}

struct PageCheckCalls {
  static PageCheck& mine(sqlite3_vfs* vfs) { return *static_cast<PageCheck*>(vfs->pAppData); }
  static sqlite3_vfs* below(sqlite3_vfs* vfs) { return mine(vfs).base(); }

  static int open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* out, int flags, int* flags_out) {
    sqlite3_vfs* real_vfs = below(vfs);
    out->pMethods = nullptr;
    if (!real_vfs) return SQLITE_CANTOPEN;
    if (!(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
      return real_vfs->xOpen(real_vfs, path, out, flags, flags_out);
    auto* real_file = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(out) + kShell);
    real_file->pMethods = nullptr;
    const int answer = real_vfs->xOpen(real_vfs, path, real_file, flags, flags_out);
    if (answer != SQLITE_OK) {
      if (real_file->pMethods) real_file->pMethods->xClose(real_file);
      return answer;
    }
    auto* shell = reinterpret_cast<Shell*>(out);
    shell->file = new (std::nothrow) CheckedFile(real_file, (flags & SQLITE_OPEN_WAL) != 0);
    if (!shell->file) {
      real_file->pMethods->xClose(real_file);
      return SQLITE_NOMEM;
    }
    shell->base.pMethods = &kMethods;
    return SQLITE_OK;
  }
  static void fill_in(sqlite3_vfs& out, const sqlite3_vfs& base) {
    out.iVersion = 2;
    out.szOsFile = static_cast<int>(kShell) + base.szOsFile;
    out.mxPathname = base.mxPathname;
    out.xOpen = open;
    out.xDelete = [](sqlite3_vfs* vfs, const char* path, int sync) {
      return below(vfs)->xDelete(below(vfs), path, sync);
    };
    out.xAccess = [](sqlite3_vfs* vfs, const char* path, int flags, int* found) {
      return below(vfs)->xAccess(below(vfs), path, flags, found);
    };
    out.xFullPathname = [](sqlite3_vfs* vfs, const char* path, int size, char* full) {
      return below(vfs)->xFullPathname(below(vfs), path, size, full);
    };
    out.xRandomness = [](sqlite3_vfs* vfs, int size, char* bytes) {
      return below(vfs)->xRandomness(below(vfs), size, bytes);
    };
    out.xSleep = [](sqlite3_vfs* vfs, int microseconds) { return below(vfs)->xSleep(below(vfs), microseconds); };
    out.xCurrentTime = [](sqlite3_vfs* vfs, double* days) { return below(vfs)->xCurrentTime(below(vfs), days); };
    out.xGetLastError = [](sqlite3_vfs* vfs, int size, char* text) {
      return below(vfs)->xGetLastError(below(vfs), size, text);
    };
    out.xCurrentTimeInt64 = [](sqlite3_vfs* vfs, sqlite3_int64* ms) {
      return below(vfs)->xCurrentTimeInt64(below(vfs), ms);
    };
  }
};

PageCheck::PageCheck(std::string base_name)
    : base_(std::move(base_name)), name_("tieout+" + base_), vfs_(std::make_unique<sqlite3_vfs>()) {
  std::memset(vfs_.get(), 0, sizeof *vfs_);
  sqlite3_initialize();
  const sqlite3_vfs* below = base();
  CHECK(below != nullptr, "there is no SQLite VFS of that name");
  PageCheckCalls::fill_in(*vfs_, *below);
  vfs_->zName = name_.c_str();
  vfs_->pAppData = this;
  sqlite3_vfs_register(vfs_.get(), 0);
}

PageCheck::~PageCheck() { sqlite3_vfs_unregister(vfs_.get()); }

std::shared_ptr<PageCheck> PageCheck::over(const std::string& base) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<PageCheck>> all;
  const std::lock_guard guard(mutex);
  if (auto known = all[base].lock()) return known;
  std::erase_if(all, [](const auto& entry) { return entry.second.expired(); });
  std::shared_ptr<PageCheck> made(new PageCheck(base));
  all[base] = made;
  return made;
}

}  // namespace tieout::sqlite
