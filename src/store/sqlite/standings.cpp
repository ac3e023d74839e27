#include "store/sqlite/standings.hpp"

#include "store/sqlite/mentions.hpp"

namespace tieout::sqlite {

using ports::LinkId;
using ports::RecordId;
using ports::Side;
using ports::State;

namespace {
constexpr std::size_t kMostKnown = 32'768;          // about 6 MiB
constexpr std::size_t kMostFreshBytes = 16u << 20;  // then they are written although nobody has asked
}  // namespace

std::string Standings::key(Side side, WordId type, std::string_view vendor_id) {
  std::string text;
  text.reserve(vendor_id.size() + 10);
  text += static_cast<char>(side);
  text.append(reinterpret_cast<const char*>(&type), sizeof type);
  text += vendor_id;
  return text;
}

Result<Standing*> Standings::of(RecordId id) {
  if (const auto found = known_.find(id); found != known_.end()) return &found->second;
  auto row = db_.query("SELECT side, type, state, dirty, deleted, agreed, link FROM record WHERE id = ? AND entity = ?",
                       id, entity_);
  TRY(exists, row.next());
  if (!exists) return nullptr;
  Standing& standing = known_[id];
  standing.side = static_cast<Side>(row.integer(0));
  standing.type = row.integer(1);
  standing.state = static_cast<State>(row.integer(2));
  standing.dirty = row.integer(3) != 0;
  standing.deleted = row.integer(4) != 0;
  standing.agreed = row.integer(5) != 0;
  standing.link = LinkId{row.integer(6)};
  return &standing;
}

void Standings::learn(RecordId id, Standing standing) {
  if (known_.size() < kMostKnown) known_.try_emplace(id, std::move(standing));
}

void Standings::touch(RecordId id, Standing& standing) {
  if (standing.unwritten) return;
  standing.unwritten = true;
  touched_.push_back(id);
}

Result<RecordId> Standings::add(Standing standing) {
  if (fresh_bytes_ > kMostFreshBytes) TRY_VOID(write_all());
  if (next_id_ == 0) {
    TRY(last, db_.number("SELECT coalesce(max(id), 0) FROM record"));
    next_id_ = last + 1;
  }
  const RecordId id{next_id_++};
  fresh_bytes_ += standing.fresh->texts.size();
  fresh_.emplace(key(standing.side, standing.type, standing.fresh->vendor_id()), id);
  touch(id, known_.insert_or_assign(id, std::move(standing)).first->second);
  return id;
}

RecordId Standings::unwritten(Side side, WordId type, std::string_view vendor_id) const {
  if (fresh_.empty()) return RecordId::none;
  const auto found = fresh_.find(key(side, type, vendor_id));
  return found == fresh_.end() ? RecordId::none : found->second;
}

Result<bool> Standings::surely_new(Side side, WordId type, std::string_view vendor_id) {
  auto kind =
      std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& k) { return k.side == side && k.type == type; });
  if (kind == kinds_.end()) {
    auto row = db_.query(
        "SELECT max(vendor_id) FROM record INDEXED BY record_by_vendor_id "
        "WHERE entity = ? AND side = ? AND type = ?",
        entity_, side, type);
    TRY_VOID(row.next());
    kinds_.push_back({side, type, std::string(row.text(0))});
    kind = std::prev(kinds_.end());
  }
  if (vendor_id <= kind->greatest_id) return false;
  kind->greatest_id = vendor_id;  // the caller adds it now
  return true;
}

Result<Unit> Standings::write(RecordId id) {
  const auto found = known_.find(id);
  if (found == known_.end() || !found->second.unwritten) return Unit{};
  return write_one(id, found->second);
}

Result<Unit> Standings::write_all() {
  for (const RecordId id : touched_) TRY_VOID(write(id));
  touched_.clear();
  fresh_.clear();
  fresh_bytes_ = 0;
  return Unit{};
}

Result<Unit> Standings::write_one(RecordId id, Standing& standing) {
  if (standing.fresh) {
    TRY_VOID(insert(id, standing));
    fresh_.erase(key(standing.side, standing.type, standing.fresh->vendor_id()));
  } else {
    TRY_VOID(update(id, standing));
  }
  standing.unwritten = standing.joined = standing.settled = false;
  standing.fresh.reset();
  standing.reasons.reset();
  return Unit{};
}

Result<Unit> Standings::insert(RecordId id, const Standing& standing) {
  static const Reasons kNone;
  const FreshRecord& fresh = *standing.fresh;
  const Reasons& reasons = standing.reasons ? *standing.reasons : kNone;
  const std::string_view digest(reinterpret_cast<const char*>(fresh.digest.data()), fresh.digest.size());
  TRY_VOID(
      db_.run("INSERT INTO record (entity, id, side, type, state, dirty, deleted, agreed, link, payload, modified_at, "
              "first_seen_at, "
              "observed_at, vendor_id, version, reason_code, reason, waits_for, digest, mentions, body) VALUES (?1, "
              "?2, ?3, ?4, ?5, "
              "?6, ?7, ?8, nullif(?9, 0), nullif(?10, 0), ?11, ?12, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
              entity_, id, standing.side, standing.type, standing.state, standing.dirty, standing.deleted,
              standing.agreed, standing.link, fresh.payload, fresh.modified_at, fresh.observed_at, fresh.vendor_id(),
              fresh.version(), OrNull{reasons.code}, OrNull{reasons.text}, OrNull{reasons.waits_for}, Blob{digest},
              BlobOrNull{fresh.mentions()}, Blob{fresh.body()}));
  return replace_mentions(db_, entity_, {id, standing.side, standing.type}, {}, fresh.mentions());
}

Result<Unit> Standings::update(RecordId id, const Standing& standing) {
  static const Reasons kNone;
  const Reasons& reasons = standing.reasons ? *standing.reasons : kNone;
  if (!standing.settled)
    return db_.run("UPDATE record SET link = nullif(?, 0), dirty = ? WHERE id = ?", standing.link, standing.dirty, id);
  // Agreed means that the body is the base; a record that is not keeps the base it has. Link stands in a statement of
  // its own because naming a column costs work on its indexes even when the value stays.
  if (standing.joined)
    return db_.run(
        "UPDATE record SET state = ?1, dirty = ?2, reason_code = ?3, reason = ?4, waits_for = ?5, agreed = ?6, "
        "base = iif(?6, NULL, base), link = ?7 WHERE id = ?8",
        standing.state, standing.dirty, OrNull{reasons.code}, OrNull{reasons.text}, OrNull{reasons.waits_for},
        standing.agreed, standing.link, id);
  return db_.run(
      "UPDATE record SET state = ?1, dirty = ?2, reason_code = ?3, reason = ?4, waits_for = ?5, agreed = ?6, "
      "base = iif(?6, NULL, base) WHERE id = ?7",
      standing.state, standing.dirty, OrNull{reasons.code}, OrNull{reasons.text}, OrNull{reasons.waits_for},
      standing.agreed, id);
}

void Standings::committed() {
  if (known_.size() > kMostKnown) known_.clear();
}

void Standings::forget() {
  known_.clear();
  touched_.clear();
  fresh_.clear();
  kinds_.clear();
  fresh_bytes_ = 0;
  next_id_ = 0;
}

}  // namespace tieout::sqlite
