// What a page or a confirmed write brought in becomes rows. The common case of a delta is "nothing new": one look by key,
// and one small update. Mentions are kept twice: as rows, to be asked by whom a record is mentioned, and encoded in the
// record, to know which rows are its own when it changes (a second index would cost every record of the first load).
#include <algorithm>
#include <cstring>

#include "store/sqlite/implementation.hpp"

namespace tieout::sqlite {

struct SqliteStore::Known {
  RecordId id;
  WordId type;
  State state;
  bool same_content;
  bool same_marks;       ///< version and modified_at too
  std::string mentions;  ///< encoded, as stored
};

namespace {

/// Reads "word id, length, bytes" one after the other.
class MentionReader {
 public:
  explicit MentionReader(std::string_view encoded) : rest_(encoded) {}
  bool next(WordId& type, std::string_view& vendor_id) {
    if (rest_.size() < 8) return false;
    type = number();
    const std::size_t length = number();
    vendor_id = rest_.substr(0, length);
    rest_.remove_prefix(vendor_id.size());
    return true;
  }

 private:
  std::uint32_t number() {
    std::uint32_t value;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  std::string_view rest_;
};

void append_number(std::string& out, std::uint64_t value) {
  const auto small = static_cast<std::uint32_t>(value);
  out.append(reinterpret_cast<const char*>(&small), sizeof small);
}

}  // namespace

Result<std::string> SqliteStore::encode_mentions(const ports::Observation& seen) {
  std::string encoded;
  if (seen.mentions.empty()) return encoded;
  std::vector<std::pair<WordId, std::string_view>> sorted;
  sorted.reserve(seen.mentions.size());
  for (const auto& [type, vendor_id] : seen.mentions) {
    TRY(number, words_.number(type));
    sorted.emplace_back(number, vendor_id);
  }
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  for (const auto& [type, vendor_id] : sorted) {
    append_number(encoded, static_cast<std::uint64_t>(type));
    append_number(encoded, vendor_id.size());
    encoded += vendor_id;
  }
  return encoded;
}

Result<Unit> SqliteStore::replace_mentions(RecordId record, Side side, WordId type, std::string_view before,
                                           std::string_view after) {
  if (before == after) return Unit{};
  WordId mentioned;
  std::string_view vendor_id;
  for (MentionReader old(before); old.next(mentioned, vendor_id);)
    TRY_VOID(db_->run("DELETE FROM mention WHERE entity = ? AND side = ? AND mentioned = ? AND vendor_id = ? AND type = ? "
                      "AND record = ?", entity_, side, mentioned, vendor_id, type, record));
  for (MentionReader now(after); now.next(mentioned, vendor_id);)
    TRY_VOID(db_->run("INSERT INTO mention (entity, side, mentioned, vendor_id, type, record) VALUES (?, ?, ?, ?, ?, ?)",
                      entity_, side, mentioned, vendor_id, type, record));
  return Unit{};
}

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

Result<ports::Noted> SqliteStore::observe_one(const ports::Observation& seen, Instant at) {
  TRY(type, words_.number(seen.type));
  TRY(mentions, encode_mentions(seen));
  Known known;
  {
    auto row = db_->query(
        "SELECT id, state, deleted, digest, mentions, modified_at, version FROM record "
        "WHERE entity = ? AND side = ? AND type = ? AND vendor_id = ?", entity_, seen.side, type, seen.vendor_id);
    TRY(exists, row.next());
    if (!exists) return insert_record(seen, type, mentions, at);
    known.id = RecordId{row.integer(0)};
    known.type = type;
    known.state = static_cast<State>(row.integer(1));
    known.same_content = (row.integer(2) != 0) == seen.deleted && row.text(3) == bytes_of(seen.digest);
    known.mentions = row.text(4);
    known.same_marks = row.integer(5) == to_ms(seen.modified_at) && row.text(6) == seen.version;
  }
  if (known.same_content) {
    TRY_VOID(replace_mentions(known.id, seen.side, type, known.mentions, mentions));
    if (known.mentions != mentions)
      TRY_VOID(db_->run("UPDATE record SET mentions = ? WHERE id = ?", BlobOrNull{mentions}, known.id));
    return note_unchanged(known, seen);
  }
  return update_record(known, seen, mentions, at);
}

Result<ports::Noted> SqliteStore::insert_record(const ports::Observation& seen, WordId type, std::string_view mentions,
                                                Instant at) {
  {
    auto row = db_->query(
        "INSERT INTO record (entity, side, type, state, dirty, deleted, agreed, payload, modified_at, first_seen_at, "
        "observed_at, vendor_id, version, digest, mentions, body) VALUES (?1, ?2, ?3, 0, 1, ?4, 0, nullif(?5, 0), ?6, ?7, ?7, "
        "?8, ?9, ?10, ?11, ?12)",
        entity_, seen.side, type, seen.deleted, seen.payload, to_ms(seen.modified_at), to_ms(at), seen.vendor_id, seen.version,
        Blob{bytes_of(seen.digest)}, BlobOrNull{mentions}, Blob{seen.body});
    TRY_VOID(row.run());
  }
  const RecordId id{db_->last_id()};
  TRY_VOID(replace_mentions(id, seen.side, type, {}, mentions));
  counts_.appeared(seen.side, type, State::pending);
  return ports::Noted{id, ports::Seen::fresh};
}

Result<ports::Noted> SqliteStore::note_unchanged(const Known& known, const ports::Observation& seen) {
  if (!known.same_marks || seen.payload != PayloadId::none)
    TRY_VOID(db_->run("UPDATE record SET version = ?, modified_at = ?, payload = coalesce(nullif(?, 0), payload) WHERE id = ?",
                      seen.version, to_ms(seen.modified_at), seen.payload, known.id));
  return ports::Noted{known.id, ports::Seen::unchanged};
}

Result<ports::Noted> SqliteStore::update_record(const Known& known, const ports::Observation& seen, std::string_view mentions,
                                                Instant at) {
  TRY_VOID(db_->run(
      "UPDATE record SET base = iif(agreed = 1 AND link IS NOT NULL, body, base), agreed = 0, state = 0, dirty = 1, "
      "reason_code = NULL, reason = NULL, waits_for = NULL, deleted = ?, payload = coalesce(nullif(?, 0), payload), "
      "modified_at = ?, observed_at = ?, version = ?, digest = ?, mentions = ?, body = ? WHERE id = ?",
      seen.deleted, seen.payload, to_ms(seen.modified_at), to_ms(at), seen.version, Blob{bytes_of(seen.digest)},
      BlobOrNull{mentions}, Blob{seen.body}, known.id));
  TRY_VOID(replace_mentions(known.id, seen.side, known.type, known.mentions, mentions));
  counts_.moved(seen.side, known.type, known.state, State::pending);
  return ports::Noted{known.id, ports::Seen::changed};
}

ContentDigest digest_of(std::string_view bytes) {
  ContentDigest digest{};
  if (bytes.size() == digest.size()) std::memcpy(digest.data(), bytes.data(), digest.size());
  return digest;
}

}  // namespace tieout::sqlite
