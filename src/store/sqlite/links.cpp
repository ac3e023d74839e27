// Links. That a record is in one link at most, and a link has one record a side, is the schema's doing (record.link and the
// unique index record_by_link); this file only puts the refusal into words.
#include <fmt/core.h>

#include "store/sqlite/implementation.hpp"

namespace tieout::sqlite {

Result<LinkId> SqliteStore::new_link(const ports::Link& link) {
  return writing([&]() -> Result<LinkId> {
    TRY(type, words_.number(link.type));
    const bool derived = link.wanted != ContentDigest{};
    TRY_VOID(db_->run("INSERT INTO link (entity, type, created_at, how, wanted) VALUES (?, ?, ?, ?, ?)", entity_, type,
                      to_ms(link.created_at), link.how, BlobOrNull{derived ? bytes_of(link.wanted) : std::string_view{}}));
    counts_.linked(type);
    return LinkId{db_->last_id()};
  });
}

Result<Unit> SqliteStore::join(LinkId link, RecordId record) {
  return writing([&]() -> Result<Unit> {
    const auto taken = [&](std::string_view why) {
      return Fault("store.link.taken", fmt::format("Record {} cannot join link {}: {}. A record has one partner a side; decide "
                                                   "in review which of them it is.",
                                                   static_cast<std::int64_t>(record), static_cast<std::int64_t>(link), why));
    };
    {
      auto before = db_->query("SELECT link FROM record WHERE id = ? AND entity = ?", record, entity_);
      TRY(row, before.next());
      if (!row) return unknown_record(record);
      if (before.integer(0) == static_cast<std::int64_t>(link)) return Unit{};
      if (!before.is_null(0)) return taken(fmt::format("it is in link {} already", before.integer(0)));
    }
    auto done = db_->run("UPDATE record SET link = ? WHERE id = ?", link, record);
    if (done) return done;
    if (done.error().code == "store.repeated") return taken("the link has another record on that side");
    if (done.error().code == "store.reference")
      return fail("store.link.unknown", fmt::format("There is no link {}.", static_cast<std::int64_t>(link)));
    return done;
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
    if (db_->changed_rows() == 0)
      return fail("store.link.unknown", fmt::format("There is no link {}.", static_cast<std::int64_t>(link)));
    return Unit{};
  });
}

Result<std::int64_t> SqliteStore::link_count() { return counts_.links(*db_, entity_); }

}  // namespace tieout::sqlite
