#include "store/sqlite/log_check.hpp"

#include <fmt/core.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "store/sqlite/wal_format.hpp"

namespace tieout::sqlite {
namespace {

using ports::Unit;
using Page = std::vector<unsigned char>;

/// A file opened for reading through a VFS.
class Reader {
 public:
  /// flags  SQLITE_OPEN_…: what kind of file, and how it is opened
  Reader(sqlite3_vfs* vfs, std::string path, int flags) : path_(std::move(path) + std::string(2, '\0')) {
    const auto size = static_cast<std::size_t>(vfs->szOsFile);
    memory_ = std::make_unique<std::max_align_t[]>(size / sizeof(std::max_align_t) + 1);
    file_ = reinterpret_cast<sqlite3_file*>(memory_.get());
    file_->pMethods = nullptr;
    answer_ = vfs->xOpen(vfs, path_.c_str(), file_, flags, nullptr);
    if (answer_ == SQLITE_OK) answer_ = file_->pMethods->xFileSize(file_, &size_);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() {
    if (file_->pMethods) file_->pMethods->xClose(file_);
  }
  bool is_open() const { return answer_ == SQLITE_OK; }
  std::int64_t size() const { return size_; }
  bool read(unsigned char* bytes, int length, std::int64_t at) {
    if (at + length > size_) return false;
    if (answer_ == SQLITE_OK) answer_ = file_->pMethods->xRead(file_, bytes, length, at);
    return answer_ == SQLITE_OK;
  }
  /// The same bytes again, and to the disk with them.
  bool write_again() {
    std::vector<unsigned char> bytes(1 << 16);  // SQLite's own VFS takes less than 128 KiB at a time
    for (std::int64_t at = 0; at < size_ && answer_ == SQLITE_OK; at += static_cast<std::int64_t>(bytes.size())) {
      const int length = static_cast<int>(std::min<std::int64_t>(size_ - at, static_cast<std::int64_t>(bytes.size())));
      if (read(bytes.data(), length, at)) answer_ = file_->pMethods->xWrite(file_, bytes.data(), length, at);
    }
    if (answer_ == SQLITE_OK && size_ > 0) answer_ = file_->pMethods->xSync(file_, SQLITE_SYNC_NORMAL);
    return answer_ == SQLITE_OK;
  }
  int answer() const { return answer_; }

 private:
  std::string path_;  // two zero bytes at the end, as SQLite's own VFS wants its names
  std::unique_ptr<std::max_align_t[]> memory_;
  sqlite3_file* file_ = nullptr;
  sqlite3_int64 size_ = 0;
  int answer_ = SQLITE_OK;
};

/// The log, a frame at a time.
class Log {
 public:
  Log(Reader& file, LogHeader header) : file_(file), header_(header), page_(kPageBytes) {}

  std::int64_t frames() const { return (file_.size() - kLogHeader) / kFrame; }
  /// Reads frame `number` and says whether it fits behind the sum that the one before it should carry.
  bool fits(std::int64_t number, LogSum before) {
    unsigned char header[kFrameHeader];
    if (!file_.read(header, kFrameHeader, frame_at(number)) ||
        !file_.read(page_.data(), kPageBytes, frame_at(number) + kFrameHeader))
      return false;
    frame_ = FrameHeader::read(header);
    return frame_.salt == header_.salt && frame_.page != 0 &&
           frame_sum(before, header, page_.data(), header_.big_endian_sums) == frame_.sum;
  }
  const FrameHeader& frame() const { return frame_; }  ///< of the last one read
  const Page& page() const { return page_; }

 private:
  Reader& file_;
  LogHeader header_;
  FrameHeader frame_;
  Page page_;
};

Fault damaged(const std::string& path, const std::string& where) {
  return {
      "store.corrupt",
      fmt::format("{}: the log of this file is damaged {}; commits that followed would be lost. Nothing was changed. "
                  "Keep a copy of the file and its -wal, and restore the last good backup.",
                  path, where)};
}

/// The header of the log fits: follow the sums to the first frame that does not fit, then ask whether a later one
/// proves that a commit had been complete.
std::optional<Fault> follow(const std::string& path, Log& log, LogSum sum) {
  std::int64_t number = 1;
  while (number <= log.frames() && log.fits(number, sum)) sum = log.frame().sum, ++number;
  if (number > log.frames()) return std::nullopt;
  const std::int64_t first_bad = number;
  const std::uint32_t page = log.frame().page;
  bool after_commit = false;  // the frame before fits behind its own predecessor, and ends a transaction
  for (sum = log.frame().sum; ++number <= log.frames(); sum = log.frame().sum) {
    const bool fits = log.fits(number, sum);
    if (fits && after_commit) return damaged(path, fmt::format("at frame {} (page {})", first_bad, page));
    after_commit = fits && log.frame().pages_after_commit != 0;
  }
  return std::nullopt;
}

/// The header does not fit, so SQLite would ignore the whole log. Right when the log had been written back and was
/// being started anew: then every page of its last commits is in the main file just so. Otherwise the header was
/// damaged.
std::optional<Fault> compare_with_file(const std::string& path, Reader& wal, Reader& main) {
  unsigned char first[kFrameHeader];
  if (!wal.read(first, kFrameHeader, kLogHeader)) return std::nullopt;
  for (const bool big : {false, true}) {
    LogHeader header;
    header.big_endian_sums = big;
    header.salt = FrameHeader::read(first).salt;
    Log log(wal, header);
    std::map<std::uint32_t, std::int64_t> committed, open;  // page → its newest frame
    LogSum sum = FrameHeader::read(first).sum;              // the first frame cannot be checked without the header
    open[FrameHeader::read(first).page] = 1;
    if (FrameHeader::read(first).pages_after_commit != 0) committed.swap(open);
    for (std::int64_t number = 2; number <= log.frames() && log.fits(number, sum); ++number) {
      sum = log.frame().sum;
      open[log.frame().page] = number;
      if (log.frame().pages_after_commit == 0) continue;
      for (const auto& [page, frame] : open) committed[page] = frame;
      open.clear();
    }
    Page ours(kPageBytes), theirs(kPageBytes);
    for (const auto& [page, frame] : committed) {
      const bool both = wal.read(ours.data(), kPageBytes, frame_at(frame) + kFrameHeader) &&
                        main.read(theirs.data(), kPageBytes, (std::int64_t{page} - 1) * kPageBytes);
      // The last bytes are the checksum's (page_check.hpp): zero in the log.
      if (!both || !std::equal(ours.begin(), ours.end() - kReserved, theirs.begin()))
        return damaged(path, "in its first 32 bytes");
    }
  }
  return std::nullopt;
}

}  // namespace

Result<Unit> check_log(const std::string& path, const std::string& vfs_name) {
  sqlite3_initialize();
  sqlite3_vfs* vfs = sqlite3_vfs_find(vfs_name.empty() ? nullptr : vfs_name.c_str());
  std::string full(static_cast<std::size_t>(vfs->mxPathname) + 1, '\0');
  if ((vfs->xFullPathname(vfs, path.c_str(), vfs->mxPathname + 1, full.data()) & 0xff) != SQLITE_OK) return Unit{};
  full.resize(full.find('\0'));
  int there = 0;
  if (vfs->xAccess(vfs, (full + "-wal").c_str(), SQLITE_ACCESS_EXISTS, &there) != SQLITE_OK || !there) return Unit{};
  Reader wal(vfs, full + "-wal", SQLITE_OPEN_READWRITE | SQLITE_OPEN_WAL);
  Reader main(vfs, full, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB);
  unsigned char bytes[kLogHeader];
  std::optional<Fault> found;
  if (wal.is_open() && main.is_open() && wal.read(bytes, kLogHeader, 0)) {
    const LogHeader header = LogHeader::read(bytes);
    if (header.valid) {
      Log log(wal, header);
      found = follow(path, log, header.sum);
    } else {
      found = compare_with_file(path, wal, main);
    }
  }
  if (found) return fail(*std::move(found));
  if (main.is_open()) wal.write_again();
  if (!wal.is_open() || !main.is_open())
    return fail("store.io",
                fmt::format("{}: the log of this file cannot be read or synchronised (SQLite {}). Check the "
                            "disk and the system's log.",
                            path, wal.is_open() ? main.answer() : wal.answer()));
  return Unit{};
}

}  // namespace tieout::sqlite
