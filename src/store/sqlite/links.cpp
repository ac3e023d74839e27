// Links. That a record is in one link at most, and a link has one record a side, is enforced by the schema (record.link
// and the unique index record_by_link). Rows are written late (standings.hpp), so the refusal is found here first, in
// words.
#include <fmt/core.h>

#include "store/sqlite/implementation.hpp"

namespace tieout::sqlite {

Result<LinkId> SqliteStore::new_link(const ports::Link& link) {
  return writing([&]() -> Result<LinkId> {
    TRY(type, words_.number(link.type));
    const bool derived = link.wanted != ContentDigest{};
    TRY_VOID(db_->run("INSERT INTO link (entity, type, created_at, how, wanted) VALUES (?, ?, ?, ?, ?)", entity_, type,
                      to_ms(link.created_at), link.how,
                      BlobOrNull{derived ? bytes_of(link.wanted) : std::string_view{}}));
    counts_.linked(type);
    const LinkId id{db_->last_id()};
    members_.made(id);
    return id;
  });
}

namespace {

Fault taken(LinkId link, RecordId record, std::string_view why) {
  return Fault("store.link.taken",
               fmt::format("Record {} cannot join link {}: {}. A record has one partner a side; decide in "
                           "review which of them it is.",
                           static_cast<std::int64_t>(record), static_cast<std::int64_t>(link), why));
}
Fault unknown_link(LinkId link) {
  return Fault("store.link.unknown",
               fmt::format("There is no link {} in this entity.", static_cast<std::int64_t>(link)));
}

}  // namespace

/// The link is there and has nobody on that side yet, neither in the rows nor among what is still unwritten.
Result<Unit> SqliteStore::require_free(LinkId link, Side side, RecordId record) {
  constexpr std::string_view kOccupied = "the link has another record on that side";
  const RecordId member = members_.of(link, side);
  if (member != RecordId::none) return taken(link, record, kOccupied);
  if (members_.knows_all_of(link)) return Unit{};
  auto rows = db_->query(
      "SELECT r.id FROM link AS l LEFT JOIN record AS r INDEXED BY record_by_link "
      "ON r.entity = l.entity AND r.link = l.id AND r.side = ?3 WHERE l.id = ?1 AND l.entity = ?2",
      link, entity_, side);
  TRY(row, rows.next());
  if (!row) return unknown_link(link);
  if (!rows.is_null(0) && rows.integer(0) != static_cast<std::int64_t>(record)) return taken(link, record, kOccupied);
  return Unit{};
}

Result<Unit> SqliteStore::join(LinkId link, RecordId record) {
  return writing([&]() -> Result<Unit> {
    TRY(stands, standing(record));
    if (stands->link == link) return Unit{};
    if (stands->link != LinkId::none)
      return taken(link, record, fmt::format("it is in link {} already", static_cast<std::int64_t>(stands->link)));
    TRY_VOID(require_free(link, stands->side, record));
    stands->link = link;
    stands->joined = true;
    standings_.touch(record, *stands);
    members_.joined(link, stands->side, record);
    return Unit{};
  });
}

Result<Unit> SqliteStore::leave(RecordId record) {
  return writing([&]() -> Result<Unit> {
    TRY(stands, standing(record));
    if (stands->link == LinkId::none) return Unit{};
    members_.joined(stands->link, stands->side, RecordId::none);
    TRY_VOID(standings_.write(record));
    standings_.unlearn(record);
    return db_->run("UPDATE record SET link = NULL, agreed = 0, base = NULL, dirty = 1 WHERE id = ?", record);
  });
}

Result<std::optional<ports::Link>> SqliteStore::link(LinkId id) {
  auto rows = db_->query("SELECT type, created_at, how, wanted FROM link WHERE id = ? AND entity = ?", id, entity_);
  TRY(row, rows.next());
  if (!row) return std::optional<ports::Link>{};
  TRY(type, words_.text(rows.integer(0)));
  return std::optional<ports::Link>(ports::Link{id, std::string(type), std::string(rows.text(2)),
                                                instant_from_ms(rows.integer(1)), digest_of(rows.text(3))});
}

Result<Unit> SqliteStore::set_wanted(LinkId link, const ContentDigest& wanted) {
  return writing([&]() -> Result<Unit> {
    TRY_VOID(db_->run("UPDATE link SET wanted = ? WHERE id = ? AND entity = ?", Blob{bytes_of(wanted)}, link, entity_));
    if (db_->changed_rows() == 0) return unknown_link(link);
    return Unit{};
  });
}

Result<std::vector<ports::Link>> SqliteStore::links_after(LinkId after, int limit) {
  std::vector<ports::Link> out;
  auto rows =
      db_->query("SELECT id, type, created_at, how, wanted FROM link WHERE id > ? AND entity = ? ORDER BY id LIMIT ?",
                 after, entity_, limit);
  for (;;) {
    TRY(row, rows.next());
    if (!row) return out;
    TRY(type, words_.text(rows.integer(1)));
    out.push_back({LinkId{rows.integer(0)}, std::string(type), std::string(rows.text(3)),
                   instant_from_ms(rows.integer(2)), digest_of(rows.text(4))});
  }
}

Result<std::int64_t> SqliteStore::link_count() { return counts_.links(*db_, entity_); }

}  // namespace tieout::sqlite
