// What a page or a confirmed write brought in becomes rows. The common case of a delta is "nothing new": one look by
// key, and one small update at most.
#include <cstring>

#include "store/sqlite/implementation.hpp"
#include "store/sqlite/mentions.hpp"

namespace tieout::sqlite {

struct SqliteStore::Known {
  RecordId id;
  WordId type;
  State state;
  bool linked;
  bool deleted;
  bool same_content;
  bool same_marks;       ///< version and modified_at too
  std::string mentions;  ///< encoded, as stored
};

Result<std::vector<ports::Noted>> SqliteStore::observe(std::span<const ports::Observation> observations, Instant at) {
  return writing([&]() -> Result<std::vector<ports::Noted>> {
    std::vector<ports::Noted> noted;
    noted.reserve(observations.size());
    for (const ports::Observation& seen : observations) {
      TRY(one, observe_one(seen, at));
      noted.push_back(one);
    }
    return noted;
  });
}

Result<std::optional<SqliteStore::Known>> SqliteStore::look_up(const ports::Observation& seen, WordId type) {
  TRY(surely_new, standings_.surely_new(seen.side, type, seen.vendor_id));
  if (surely_new) return std::optional<Known>{};
  if (const RecordId fresh = standings_.unwritten(seen.side, type, seen.vendor_id); fresh != RecordId::none)
    TRY_VOID(standings_.write(fresh));  // the same record twice in one transaction
  auto row = db_->query(
      "SELECT id, state, deleted, digest, mentions, modified_at, version, link FROM record INDEXED BY "
      "record_by_vendor_id "
      "WHERE entity = ? AND side = ? AND type = ? AND vendor_id = ?",
      entity_, seen.side, type, seen.vendor_id);
  TRY(exists, row.next());
  if (!exists) return std::optional<Known>{};
  return std::optional<Known>(
      Known{RecordId{row.integer(0)}, type, static_cast<State>(row.integer(1)), !row.is_null(7), row.integer(2) != 0,
            (row.integer(2) != 0) == seen.deleted && row.text(3) == bytes_of(seen.digest),
            row.integer(5) == to_ms(seen.modified_at) && row.text(6) == seen.version, std::string(row.text(4))});
}

Result<ports::Noted> SqliteStore::observe_one(const ports::Observation& seen, Instant at) {
  TRY(type, words_.number(seen.type));
  TRY(mentions, encode_mentions(seen.mentions, words_));
  TRY(known, look_up(seen, type));
  if (!known) return add_record(seen, type, mentions, at);
  if (!known->same_content) return update_record(*known, seen, mentions, at);
  if (known->mentions != mentions) {
    TRY_VOID(replace_mentions(*db_, entity_, {known->id, seen.side, type}, known->mentions, mentions));
    TRY_VOID(db_->run("UPDATE record SET mentions = ? WHERE id = ?", BlobOrNull{mentions}, known->id));
  }
  return note_unchanged(*known, seen);
}

Result<ports::Noted> SqliteStore::add_record(const ports::Observation& seen, WordId type, std::string_view mentions,
                                             Instant at) {
  auto fresh = std::make_unique<FreshRecord>();
  fresh->texts.reserve(seen.vendor_id.size() + seen.version.size() + mentions.size() + seen.body.size());
  fresh->texts.append(seen.vendor_id).append(seen.version).append(mentions).append(seen.body);
  fresh->vendor_id_size = static_cast<std::uint32_t>(seen.vendor_id.size());
  fresh->version_size = static_cast<std::uint32_t>(seen.version.size());
  fresh->mentions_size = static_cast<std::uint32_t>(mentions.size());
  fresh->digest = seen.digest;
  fresh->payload = seen.payload;
  fresh->modified_at = to_ms(seen.modified_at);
  fresh->observed_at = to_ms(at);
  Standing standing;
  standing.side = seen.side;
  standing.type = type;
  standing.dirty = true;
  standing.deleted = seen.deleted;
  standing.fresh = std::move(fresh);
  TRY(id, standings_.add(std::move(standing)));
  counts_.appeared(seen.side, type, State::pending);
  return ports::Noted{id, ports::Seen::fresh, false, false, false};
}

Result<ports::Noted> SqliteStore::note_unchanged(const Known& known, const ports::Observation& seen) {
  if (!known.same_marks || seen.payload != PayloadId::none)
    TRY_VOID(db_->run(
        "UPDATE record SET version = ?, modified_at = ?, payload = coalesce(nullif(?, 0), payload) WHERE id = ?",
        seen.version, to_ms(seen.modified_at), seen.payload, known.id));
  return ports::Noted{known.id, ports::Seen::unchanged, known.linked, false, false};
}

Result<ports::Noted> SqliteStore::update_record(const Known& known, const ports::Observation& seen,
                                                std::string_view mentions, Instant at) {
  // What was decided about the old content in this transaction goes first: it settles whether there was an agreement.
  TRY(standing, standings_.of(known.id));
  const State before = standing->state;
  TRY_VOID(standings_.write(known.id));
  standings_.unlearn(known.id);
  TRY_VOID(db_->run(
      "UPDATE record SET base = iif(agreed = 1 AND link IS NOT NULL, body, base), agreed = 0, state = 0, dirty = 1, "
      "reason_code = NULL, reason = NULL, waits_for = NULL, deleted = ?, payload = coalesce(nullif(?, 0), payload), "
      "modified_at = ?, observed_at = ?, version = ?, digest = ?, mentions = ?, body = ? WHERE id = ?",
      seen.deleted, seen.payload, to_ms(seen.modified_at), to_ms(at), seen.version, Blob{bytes_of(seen.digest)},
      BlobOrNull{mentions}, Blob{seen.body}, known.id));
  TRY_VOID(replace_mentions(*db_, entity_, {known.id, seen.side, known.type}, known.mentions, mentions));
  counts_.moved(seen.side, known.type, before, State::pending);
  return ports::Noted{known.id, ports::Seen::changed, known.linked, seen.deleted && !known.deleted,
                      known.deleted && !seen.deleted};
}

ContentDigest digest_of(std::string_view bytes) {
  ContentDigest digest{};
  if (bytes.size() == digest.size()) std::memcpy(digest.data(), bytes.data(), digest.size());
  return digest;
}

}  // namespace tieout::sqlite
