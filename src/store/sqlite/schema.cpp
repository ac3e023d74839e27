#include "store/sqlite/schema.hpp"

#include <fmt/core.h>

#include <array>

namespace tieout::sqlite {
namespace {

// Side, state and kind are the numbers of the enums in ports/store.hpp. Names that repeat in every row (types, vendor
// objects, flows, kinds of event) are numbers too, through `word`. The body of a record stands last: what is read or
// changed most often then lies in front of it. Foreign keys stand where rows are few; for records, links and intents
// every check is a look that a first load pays a million times, so the code takes only ids it has seen and
// verify_sqlite asks.
constexpr const char* kRecords = R"sql(
CREATE TABLE entity (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE word (
  id   INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

-- The vendor's own words, a page at a time, compressed (zstd); digest is SHA-256 of what was sent.
CREATE TABLE payload (
  entity INTEGER NOT NULL REFERENCES entity,
  id     INTEGER PRIMARY KEY,
  side   INTEGER NOT NULL CHECK (side IN (1, 2)),
  at     INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  body   BLOB NOT NULL
) STRICT;

CREATE TABLE link (
  entity     INTEGER NOT NULL,
  id         INTEGER PRIMARY KEY,
  type       INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  how        TEXT NOT NULL,
  wanted     BLOB
) STRICT;

-- One link at most per record because there is one column for it; one record per side of a link by record_by_link.
CREATE TABLE record (
  entity        INTEGER NOT NULL,
  id            INTEGER PRIMARY KEY,
  side          INTEGER NOT NULL CHECK (side IN (1, 2)),
  type          INTEGER NOT NULL,
  state         INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),
  dirty         INTEGER NOT NULL,
  deleted       INTEGER NOT NULL,
  agreed        INTEGER NOT NULL,
  link          INTEGER,
  payload       INTEGER,
  modified_at   INTEGER NOT NULL,
  first_seen_at INTEGER NOT NULL,
  observed_at   INTEGER NOT NULL,
  vendor_id     TEXT NOT NULL,
  version       TEXT NOT NULL,
  reason_code   TEXT,
  reason        TEXT,
  waits_for     TEXT,
  decision      TEXT,
  digest        BLOB NOT NULL CHECK (length(digest) = 16),
  mentions      BLOB,           -- the keys of its rows in mention, so that they are found again when it changes
  base          BLOB,
  body          BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX record_by_vendor_id ON record (entity, side, type, vendor_id);
CREATE UNIQUE INDEX record_by_link      ON record (entity, link, side)  WHERE link IS NOT NULL;
CREATE INDEX        record_by_type      ON record (entity, side, type);
CREATE INDEX        record_dirty        ON record (entity, side, type)  WHERE dirty = 1;
CREATE INDEX        record_unlinked     ON record (entity, side, type)  WHERE link IS NULL AND deleted = 0;
CREATE INDEX        record_unsettled    ON record (entity, state)       WHERE state >= 2;
CREATE INDEX        record_waiting      ON record (entity, waits_for)   WHERE waits_for IS NOT NULL;

-- "Who refers to customer 58?": record of `type` mentions (mentioned, vendor_id) of its own side.
CREATE TABLE mention (
  entity    INTEGER NOT NULL,
  side      INTEGER NOT NULL,
  mentioned INTEGER NOT NULL,
  vendor_id TEXT NOT NULL,
  type      INTEGER NOT NULL,
  record    INTEGER NOT NULL,
  PRIMARY KEY (entity, side, mentioned, vendor_id, type, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE intent (
  entity      INTEGER NOT NULL,
  id          INTEGER PRIMARY KEY,
  state       INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
  attempts    INTEGER NOT NULL,
  side        INTEGER NOT NULL CHECK (side IN (1, 2)),
  type        INTEGER NOT NULL,
  object      INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  source      INTEGER,
  target      INTEGER,
  link        INTEGER,
  created_at  INTEGER NOT NULL,
  finished_at INTEGER,
  key         TEXT NOT NULL,
  vendor_id   TEXT,
  answer_code TEXT,
  answer      TEXT,
  version     TEXT,
  reference   TEXT,
  plan        TEXT,
  wanted      BLOB,
  body        BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX intent_by_key     ON intent (entity, key);
CREATE INDEX        intent_by_source  ON intent (entity, source) WHERE source IS NOT NULL;
CREATE INDEX        intent_by_target  ON intent (entity, target) WHERE target IS NOT NULL;
CREATE INDEX        intent_unfinished ON intent (entity) WHERE state < 2;

CREATE TABLE plan (
  entity     INTEGER NOT NULL REFERENCES entity,
  name       TEXT NOT NULL,
  digest     TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  status     TEXT NOT NULL,
  body       BLOB NOT NULL,     -- zstd
  PRIMARY KEY (entity, name)
) STRICT;

CREATE TABLE setting (
  entity INTEGER NOT NULL REFERENCES entity,
  name   TEXT NOT NULL,
  value  TEXT NOT NULL,
  PRIMARY KEY (entity, name)
) STRICT, WITHOUT ROWID;

-- The story of a record, in the order of number.
CREATE TABLE event (
  entity INTEGER NOT NULL,
  record INTEGER NOT NULL,
  number INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  kind   INTEGER NOT NULL,
  text   TEXT NOT NULL,
  PRIMARY KEY (entity, record, number)
) STRICT, WITHOUT ROWID;
)sql";

// How many records are in each state, kept as they change, so that asking costs nothing however many there are.
// Links are counted in the same table as side 0, state 0, by flow.
constexpr const char* kTally = R"sql(
CREATE TABLE tally (
  entity INTEGER NOT NULL REFERENCES entity,
  side   INTEGER NOT NULL CHECK (side IN (0, 1, 2)),
  type   INTEGER NOT NULL REFERENCES word,
  state  INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),
  count  INTEGER NOT NULL CHECK (count >= 0),
  PRIMARY KEY (entity, side, type, state)
) STRICT, WITHOUT ROWID;
INSERT INTO tally (entity, side, type, state, count)
  SELECT entity, side, type, state, count(*) FROM record GROUP BY entity, side, type, state
  UNION ALL
  SELECT entity, 0, type, 0, count(*) FROM link GROUP BY entity, type;
)sql";

// Ids that live on under another one. `survivor` is one step: a merge of merges is followed from row to row.
constexpr const char* kAliases = R"sql(
CREATE TABLE alias (
  entity    INTEGER NOT NULL REFERENCES entity,
  side      INTEGER NOT NULL CHECK (side IN (1, 2)),
  type      INTEGER NOT NULL REFERENCES word,
  vendor_id TEXT NOT NULL,
  survivor  TEXT NOT NULL CHECK (survivor <> vendor_id),
  at        INTEGER NOT NULL,
  PRIMARY KEY (entity, side, type, vendor_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_by_survivor ON alias (entity, side, type, survivor);
)sql";

// The audit log. A leaf's id is its entity * 2^40 + its number in the log, so that a page of leaves is a walk along the
// table; of the tree over them every fourth level is kept (log.hpp). Leaves are only ever added.
constexpr const char* kLog = R"sql(
CREATE TABLE log_leaf (
  id      INTEGER PRIMARY KEY,
  record  INTEGER,
  partner INTEGER,
  text    BLOB NOT NULL
) STRICT;
CREATE INDEX log_leaf_by_record  ON log_leaf (record)  WHERE record IS NOT NULL;
CREATE INDEX log_leaf_by_partner ON log_leaf (partner) WHERE partner IS NOT NULL;
CREATE TABLE log_node (
  entity INTEGER NOT NULL,
  level  INTEGER NOT NULL CHECK (level > 0 AND level % 4 = 0),
  number INTEGER NOT NULL,
  hash   BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (entity, level, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX payload_by_digest ON payload (entity, digest);
)sql";

// What an undo goes by: the fields of an update before and after, what a plan has written, how links came and went,
// and which pairs a person refused.
constexpr const char* kUndo = R"sql(
ALTER TABLE intent ADD COLUMN before BLOB;
ALTER TABLE intent ADD COLUMN after BLOB;
CREATE INDEX intent_by_plan ON intent (entity, plan) WHERE plan IS NOT NULL;

CREATE TABLE lineage (
  entity INTEGER NOT NULL,
  id     INTEGER PRIMARY KEY,
  record INTEGER NOT NULL,
  link   INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  what   TEXT NOT NULL,
  by     TEXT NOT NULL,
  text   TEXT NOT NULL
) STRICT;
CREATE INDEX lineage_by_record ON lineage (entity, record);

-- Both directions are kept, so that either record finds the other.
CREATE TABLE refused_pair (
  entity INTEGER NOT NULL,
  record INTEGER NOT NULL,
  other  INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  PRIMARY KEY (entity, record, other)
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kSecrets = R"sql(
CREATE TABLE entity (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE secret (
  entity INTEGER NOT NULL REFERENCES entity,
  kind   TEXT NOT NULL,         -- "tokens" or "named"
  name   TEXT NOT NULL,
  nonce  BLOB NOT NULL CHECK (length(nonce) = 24),
  sealed BLOB NOT NULL,
  PRIMARY KEY (entity, kind, name)
) STRICT, WITHOUT ROWID;
)sql";

constexpr std::array kStoreMigrations{
    Migration{1, "records, links, intents", kRecords},
    Migration{2, "tallies kept as they change", kTally},
    Migration{3, "aliases of merged and re-created records", kAliases},
    Migration{4, "audit log", kLog},
    Migration{5, "what an undo goes by, lineage of links", kUndo},
};
constexpr std::array kSecretMigrations{
    Migration{1, "secrets", kSecrets},
};

/// The version the file has; 0 for an empty one.
Result<int> version_of(Connection& db, int mark) {
  TRY(found_mark, db.number("PRAGMA application_id"));
  TRY(tables, db.number("SELECT count(*) FROM sqlite_schema"));
  if (found_mark == 0 && tables == 0) return 0;
  TRY(versions, db.number("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'"));
  if (found_mark != mark || versions == 0)
    return fail(
        "store.foreign",
        fmt::format("{} is an SQLite file of another program; it was not touched. Name another file.", db.path()));
  TRY(version, db.number("SELECT coalesce(max(version), 0) FROM schema_version"));
  return static_cast<int>(version);
}

Result<Unit> refuse_newer(Connection& db, int version, std::span<const Migration> migrations) {
  if (version <= migrations.back().number) return Unit{};
  return fail("store.schema.newer",
              fmt::format("{} was written by a newer version of Tieout (schema {}, this program knows {}); it was not "
                          "touched. Install the newer version, or restore a backup from before the upgrade.",
                          db.path(), version, migrations.back().number));
}

/// Inside a transaction, so the version is asked again: another process may have been faster.
Result<Unit> apply(Connection& db, const Migration& migration) {
  TRY(version, db.number("SELECT coalesce(max(version), 0) FROM schema_version"));
  if (version >= migration.number) return Unit{};
  TRY_VOID(db.script(migration.sql));
  return db.run("INSERT INTO schema_version (version, name) VALUES (?, ?)", migration.number,
                std::string_view(migration.name));
}

}  // namespace

std::span<const Migration> store_migrations() { return kStoreMigrations; }
std::span<const Migration> secret_migrations() { return kSecretMigrations; }

Result<Unit> migrate(Connection& db, int mark, std::span<const Migration> migrations) {
  TRY(version, version_of(db, mark));
  TRY_VOID(refuse_newer(db, version, migrations));
  if (version == 0)
    TRY_VOID(db.script(
        fmt::format("BEGIN IMMEDIATE; PRAGMA application_id = {};"
                    "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL) "
                    "STRICT; COMMIT;",
                    mark)));
  for (const Migration& migration : migrations) {
    if (migration.number <= version) continue;
    TRY_VOID(db.script("BEGIN IMMEDIATE"));
    auto done = apply(db, migration);
    if (done) done = db.script("COMMIT");
    if (!done) {
      if (db.in_transaction()) sqlite3_exec(db.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
      return done;
    }
  }
  return Unit{};
}

Result<Unit> require_current(Connection& db, int mark, std::span<const Migration> migrations) {
  TRY(version, version_of(db, mark));
  TRY_VOID(refuse_newer(db, version, migrations));
  if (version == migrations.back().number) return Unit{};
  return fail("store.schema.older",
              fmt::format("{} has schema {}, this program needs {}. Run any command that writes (for "
                          "example: tieout sync) once, which brings it up to date.",
                          db.path(), version, migrations.back().number));
}

Result<std::int64_t> entity_id(Connection& db, std::string_view name, bool read_only) {
  {
    auto known = db.query("SELECT id FROM entity WHERE name = ?", name);
    TRY(row, known.next());
    if (row) return known.integer(0);
  }
  if (read_only)
    return fail("store.entity.unknown", fmt::format("{} holds nothing of entity \"{}\".", db.path(), name));
  TRY_VOID(db.run("INSERT INTO entity (name) VALUES (?)", name));
  return db.last_id();
}

}  // namespace tieout::sqlite
