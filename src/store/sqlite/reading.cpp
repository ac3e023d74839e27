// Questions about records. Each names the index it goes by: a question that would read the whole table must fail to
// prepare, not be slow at a million records. What is still unwritten is written before it could be missed.
#include <charconv>

#include <fmt/core.h>

#include "store/sqlite/implementation.hpp"

// The order in which read_record expects them.
#define RECORD_COLUMNS                                                                                          \
  "id, side, type, state, deleted, agreed, link, payload, modified_at, first_seen_at, observed_at, vendor_id, " \
  "version, "                                                                                                   \
  "reason_code, reason, waits_for, decision, digest, base, body"

namespace tieout::sqlite {

using ports::StoredRecord;

Result<StoredRecord> SqliteStore::read_record(const Query& row) {
  StoredRecord record;
  TRY(type, words_.text(row.integer(2)));
  record.id = RecordId{row.integer(0)};
  record.side = static_cast<Side>(row.integer(1));
  record.type = type;
  record.state = static_cast<State>(row.integer(3));
  record.deleted = row.integer(4) != 0;
  record.agreed = row.integer(5) != 0;
  record.link = LinkId{row.integer(6)};
  record.payload = PayloadId{row.integer(7)};
  record.modified_at = instant_from_ms(row.integer(8));
  record.first_seen_at = instant_from_ms(row.integer(9));
  record.observed_at = instant_from_ms(row.integer(10));
  record.vendor_id = row.text(11);
  record.version = row.text(12);
  record.reason_code = row.text(13);
  record.reason = row.text(14);
  record.waits_for = row.text(15);
  record.decision = row.text(16);
  record.digest = digest_of(row.text(17));
  if (!row.is_null(18)) record.base = row.text(18);
  record.body = row.text(19);
  return record;
}

Result<std::optional<StoredRecord>> SqliteStore::read_one(Query& rows) {
  TRY(row, rows.next());
  if (!row) return std::optional<StoredRecord>{};
  TRY(record, read_record(rows));
  return std::optional<StoredRecord>(std::move(record));
}

Result<std::vector<StoredRecord>> SqliteStore::read_all(Query& rows) {
  std::vector<StoredRecord> records;
  for (;;) {
    TRY(row, rows.next());
    if (!row) return records;
    TRY(record, read_record(rows));
    records.push_back(std::move(record));
  }
}

Result<std::optional<StoredRecord>> SqliteStore::record(RecordId id) {
  TRY_VOID(standings_.write(id));
  auto rows = db_->query("SELECT " RECORD_COLUMNS " FROM record WHERE id = ? AND entity = ?", id, entity_);
  return read_one(rows);
}

Result<std::optional<StoredRecord>> SqliteStore::find(Side side, std::string_view type, std::string_view vendor_id) {
  TRY(word, words_.known(type));
  TRY_VOID(standings_.write(standings_.unwritten(side, word, vendor_id)));
  std::int64_t id = 0;
  {
    auto rows = db_->query(
        "SELECT id FROM record INDEXED BY record_by_vendor_id "
        "WHERE entity = ? AND side = ? AND type = ? AND vendor_id = ?",
        entity_, side, word, vendor_id);
    TRY(row, rows.next());
    if (!row) return std::optional<StoredRecord>{};
    id = rows.integer(0);
  }
  return record(RecordId{id});
}

Result<std::optional<StoredRecord>> SqliteStore::linked(LinkId link, Side side) {
  if (const RecordId member = members_.of(link, side); member != RecordId::none) return record(member);
  if (members_.knows_all_of(link)) return std::optional<StoredRecord>{};
  std::int64_t id = 0;
  {
    auto rows = db_->query("SELECT id FROM record INDEXED BY record_by_link WHERE entity = ? AND link = ? AND side = ?",
                           entity_, link, side);
    TRY(row, rows.next());
    if (!row) return std::optional<StoredRecord>{};
    id = rows.integer(0);
  }
  return record(RecordId{id});
}

Result<std::vector<StoredRecord>> SqliteStore::dirty(Side side, std::string_view type, RecordId after, int limit) {
  TRY_VOID(standings_.write_all());
  TRY(word, words_.known(type));
  auto rows = db_->query("SELECT " RECORD_COLUMNS
                         " FROM record INDEXED BY record_dirty WHERE entity = ? AND side = ? "
                         "AND type = ? AND dirty = 1 AND id > ? ORDER BY id LIMIT ?",
                         entity_, side, word, after, limit);
  auto records = read_all(rows);
  if (records)  // they are read to be decided about
    for (const StoredRecord& record : *records) learn(record, word);
  return records;
}

void SqliteStore::learn(const StoredRecord& record, WordId type) {
  if (settings_.read_only) return;  // another process changes them
  Standing standing;
  standing.side = record.side;
  standing.type = type;
  standing.state = record.state;
  standing.dirty = true;
  standing.deleted = record.deleted;
  standing.agreed = record.agreed;
  standing.link = record.link;
  standings_.learn(record.id, std::move(standing));
}

Result<std::int64_t> SqliteStore::dirty_count() {
  TRY_VOID(standings_.write_all());
  auto rows = db_->query("SELECT count(*) FROM record INDEXED BY record_dirty WHERE entity = ? AND dirty = 1", entity_);
  TRY_VOID(rows.next());
  return rows.integer(0);
}

Result<std::vector<StoredRecord>> SqliteStore::unlinked(Side side, std::string_view type, RecordId after, int limit) {
  TRY_VOID(standings_.write_all());
  TRY(word, words_.known(type));
  auto rows = db_->query("SELECT " RECORD_COLUMNS
                         " FROM record INDEXED BY record_unlinked WHERE entity = ? AND side = ? "
                         "AND type = ? AND link IS NULL AND deleted = 0 AND id > ? ORDER BY id LIMIT ?",
                         entity_, side, word, after, limit);
  return read_all(rows);
}

Result<std::vector<StoredRecord>> SqliteStore::all(Side side, std::string_view type, RecordId after, int limit) {
  TRY_VOID(standings_.write_all());
  TRY(word, words_.known(type));
  auto rows = db_->query("SELECT " RECORD_COLUMNS
                         " FROM record INDEXED BY record_by_type WHERE entity = ? AND side = ? "
                         "AND type = ? AND id > ? ORDER BY id LIMIT ?",
                         entity_, side, word, after, limit);
  return read_all(rows);
}

Result<std::vector<StoredRecord>> SqliteStore::in_state(State state, RecordId after, int limit) {
  TRY_VOID(standings_.write_all());
  if (state >= State::held) {  // few: they have an index
    auto rows = db_->query("SELECT " RECORD_COLUMNS
                           " FROM record INDEXED BY record_unsettled WHERE entity = ? AND state = ? "
                           "AND state >= 2 AND id > ? ORDER BY id LIMIT ?",
                           entity_, state, after, limit);
    return read_all(rows);
  }
  // Nearly all are in sync: reading in order of id is as good as any index.
  auto rows = db_->query("SELECT " RECORD_COLUMNS
                         " FROM record NOT INDEXED WHERE entity = ? AND state = ? AND id > ? "
                         "ORDER BY id LIMIT ?",
                         entity_, state, after, limit);
  return read_all(rows);
}

Result<std::vector<StoredRecord>> SqliteStore::mentioning(Side side, std::string_view type,
                                                          std::string_view mentioned_type, std::string_view vendor_id) {
  TRY_VOID(standings_.write_all());
  TRY(word, words_.known(type));
  TRY(mentioned, words_.known(mentioned_type));
  auto rows =
      db_->query("SELECT " RECORD_COLUMNS
                 " FROM record WHERE id IN (SELECT m.record FROM mention AS m WHERE "
                 "m.entity = ? AND m.side = ? AND m.mentioned = ? AND m.vendor_id = ? AND m.type = ?) ORDER BY id",
                 entity_, side, mentioned, vendor_id, word);
  return read_all(rows);
}

Result<std::vector<StoredRecord>> SqliteStore::with_vendor_id(std::string_view vendor_id) {
  TRY_VOID(standings_.write_all());
  std::int64_t number = 0;
  const char* end = vendor_id.data() + vendor_id.size();
  if (std::from_chars(vendor_id.data(), end, number).ptr != end) number = 0;  // not a record's id as text
  // Every kind of record there is, then one look by key each.
  auto rows = db_->query("SELECT " RECORD_COLUMNS
                         " FROM record WHERE id IN (SELECT r.id FROM "
                         "(SELECT DISTINCT side, type FROM tally WHERE entity = ?1 AND side <> 0) AS kind "
                         "JOIN record AS r INDEXED BY record_by_vendor_id "
                         "ON r.entity = ?1 AND r.side = kind.side AND r.type = kind.type AND r.vendor_id = ?2 "
                         "UNION SELECT r.id FROM record AS r WHERE r.id = ?3 AND r.entity = ?1) ORDER BY id",
                         entity_, vendor_id, number);
  return read_all(rows);
}

Result<std::vector<ports::Tally>> SqliteStore::tally() { return counts_.records(*db_, entity_, words_); }

Fault SqliteStore::unknown_record(RecordId id) const {
  return Fault("store.record.unknown",
               fmt::format("There is no record {} in this entity.", static_cast<std::int64_t>(id)));
}

}  // namespace tieout::sqlite
