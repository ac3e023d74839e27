// One connection to an SQLite file, as thin as it can be: statements prepared once and found again by the address of
// their text, values bound by their C++ type, every failure turned into a coded Fault. A failure that casts doubt on
// the disk (full, I/O, corruption) also stops the connection: reads go on, writes are refused until the file is opened
// anew, because after a failed fsync nobody knows what the disk holds.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "base/result.hpp"
#include "ports/store.hpp"
#include "store/sqlite/page_check.hpp"

namespace tieout::sqlite {

using ports::Unit;

/// Bytes that are no text.
struct Blob {
  std::string_view bytes;
};
/// Text, or bytes, that are NULL in the row when empty.
struct OrNull {
  std::string_view text;
};
struct BlobOrNull {
  std::string_view bytes;
};

class Connection;

/// One run of a prepared statement; the statement is free for the next run when this goes. Texts and blobs that were
/// bound, and views that were read, live only until then (views: until the next next()).
class Query {
 public:
  Query(Connection& db, sqlite3_stmt* statement, int failed) : db_(db), statement_(statement), failed_(failed) {}
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() {
    if (statement_) sqlite3_reset(statement_);
  }

  /// True: there is a row. False: done.
  Result<bool> next();
  /// Runs to the end; rows, if any, are dropped.
  Result<Unit> run();

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::string_view text(int column) const {  // NULL reads as empty
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  Connection& db_;
  sqlite3_stmt* statement_;
  int failed_;
};

class Connection {
 public:
  struct Settings {
    bool create = true;
    bool read_only = false;
    std::string vfs = {};  ///< empty for the system's
  };
  static Result<std::unique_ptr<Connection>> open(const std::string& path, const Settings& settings);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// A statement with its values. `sql` must be a string literal: its address is the key of the cache.
  template <std::size_t N, class... Values>
  Query query(const char (&sql)[N], const Values&... values) {
    int failed = SQLITE_OK;
    sqlite3_stmt* statement = prepared(sql, static_cast<int>(N), failed);
    int index = 0;
    if (statement) ((failed = failed ? failed : bind(statement, ++index, values)), ...);
    return {*this, statement, failed};
  }
  /// For what gives no rows.
  template <std::size_t N, class... Values>
  Result<Unit> run(const char (&sql)[N], const Values&... values) {
    return query(sql, values...).run();
  }
  /// Any SQL, several statements, not cached: schema and pragmas.
  Result<Unit> script(const std::string& sql);
  /// The first column of the first row.
  Result<std::int64_t> number(const std::string& sql);

  std::int64_t last_id() const { return sqlite3_last_insert_rowid(db_); }
  std::int64_t changed_rows() const { return sqlite3_changes64(db_); }
  bool in_transaction() const { return !sqlite3_get_autocommit(db_); }
  const std::string& path() const { return path_; }
  sqlite3* handle() { return db_; }

  /// The failure that stopped this connection, as a fault for whoever wants to write now; nothing while all is well.
  /// A failure that nobody was told of (moving the log after a good commit) comes with its own code first.
  std::optional<Fault> stopped();
  void stop_unnoticed(const Fault& cause);
  void stop(const Fault& cause);
  /// The fault for what SQLite has just answered; stops the connection when the disk is in doubt.
  Fault fault(int answer);

 private:
  Connection(std::string path, std::shared_ptr<PageCheck> vfs) : vfs_(std::move(vfs)), path_(std::move(path)) {}
  sqlite3_stmt* prepared(const char* sql, int length, int& failed);

  template <class Value>
  static int bind(sqlite3_stmt* statement, int index, const Value& value) {
    if constexpr (std::is_same_v<Value, Blob>)
      return sqlite3_bind_blob64(statement, index, value.bytes.data() ? value.bytes.data() : "", value.bytes.size(),
                                 SQLITE_STATIC);
    else if constexpr (std::is_same_v<Value, BlobOrNull>)
      return value.bytes.empty() ? sqlite3_bind_null(statement, index) : bind(statement, index, Blob{value.bytes});
    else if constexpr (std::is_same_v<Value, OrNull>)
      return value.text.empty() ? sqlite3_bind_null(statement, index) : bind_text(statement, index, value.text);
    else if constexpr (std::is_same_v<Value, std::nullptr_t>)
      return sqlite3_bind_null(statement, index);
    else if constexpr (std::is_enum_v<Value> || std::is_integral_v<Value>)
      return sqlite3_bind_int64(statement, index, static_cast<std::int64_t>(value));
    else
      return bind_text(statement, index, std::string_view(value));
  }
  static int bind_text(sqlite3_stmt* statement, int index, std::string_view text) {
    return sqlite3_bind_text64(statement, index, text.data() ? text.data() : "", text.size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }

  std::shared_ptr<PageCheck> vfs_;  // registered for as long as the connection is open
  sqlite3* db_ = nullptr;
  std::string path_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
  std::optional<Fault> stopped_;
  bool told_ = true;
};

}  // namespace tieout::sqlite
