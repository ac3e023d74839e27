// A thin SQLite VFS over another one: every page of a database carries a checksum in bytes that SQLite leaves to us
// (SQLITE_FCNTL_RESERVE_BYTES), written with the page and compared whenever the page is read. A page of the log is
// compared with the running checksum of its frame, which SQLite itself only does after a crash. A page that is not what
// was written is never handed up: SQLite gets SQLITE_CORRUPT, and PageDamage says where.
//
// The last 24 bytes of a page: "TieOutPg", then XXH3 (128 bits) over the rest, seeded with the page's number, so that a
// page in another page's place does not pass either. 24 zero bytes mean "no checksum": pages that another program
// copied out of the log (sqlite3 ".backup"). Files of earlier versions of Tieout have no such bytes and get them when
// they are first opened for writing (VACUUM).
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>

#include "store/sqlite/wal_format.hpp"

namespace tieout::sqlite {

/// What was wrong, since the file was opened; page 0: nothing.
struct PageDamage {
  std::uint32_t page = 0;
  bool in_log = false;
};

/// Keeps the checking VFS over `base` (empty: the system's) registered while it lives. Shared by all connections.
class PageCheck {
 public:
  static std::shared_ptr<PageCheck> over(const std::string& base);
  PageCheck(const PageCheck&) = delete;
  PageCheck& operator=(const PageCheck&) = delete;
  ~PageCheck();
  const char* name() const { return name_.c_str(); }

 private:
  friend struct PageCheckCalls;
  explicit PageCheck(std::string base);
  sqlite3_vfs* base() const { return sqlite3_vfs_find(base_.empty() ? nullptr : base_.c_str()); }

  std::string base_, name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
};

/// The first damaged page that this connection has met.
PageDamage damage_seen(sqlite3* db);

/// Does `page` (8 KiB, as read from the file) carry the checksum of that number? `sealed` says whether it carries any.
bool page_fits(const unsigned char* page, std::uint32_t number, bool& sealed);

}  // namespace tieout::sqlite
