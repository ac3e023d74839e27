// The shape of the rows, as numbered migrations: each is applied once, in order, in a transaction of its own together
// with its number, so that a crash in between leaves a whole version. A file from a newer program is refused untouched.
#pragma once

#include <span>

#include "store/sqlite/connection.hpp"

namespace tieout::sqlite {

struct Migration {
  int number;
  const char* name;
  const char* sql;
};

std::span<const Migration> store_migrations();
std::span<const Migration> secret_migrations();

/// What marks a file as ours (SQLite's application_id).
inline constexpr int kStoreMark = 0x54694f75;    // "TiOu"
inline constexpr int kSecretsMark = 0x54694f73;  // "TiOs"

/// Brings the file from whatever version it has to the last of `migrations`. Also used with fewer migrations, to make
/// an older file. Fails  store.schema.newer, store.foreign, or what SQLite says.
Result<Unit> migrate(Connection& db, int mark, std::span<const Migration> migrations);

/// For readers, who may not migrate. Fails with store.schema.older, store.schema.newer or store.foreign.
Result<Unit> require_current(Connection& db, int mark, std::span<const Migration> migrations);

/// The number of an entity by its name, made when absent (unless read_only: then store.entity.unknown).
Result<std::int64_t> entity_id(Connection& db, std::string_view name, bool read_only);

}  // namespace tieout::sqlite
