// The journal of writes. An intent that is confirmed or refused stays so: a later answer that says otherwise is a bug
// of ours or a lie of the vendor's, and neither may rewrite what was acted upon.
#include <fmt/core.h>

#include "store/sqlite/implementation.hpp"

// The order in which read_intent expects them.
#define INTENT_COLUMNS                                                                                             \
  "id, state, attempts, side, type, object, kind, source, target, link, created_at, finished_at, key, vendor_id, " \
  "answer_code, answer, version, reference, plan, wanted, body, before, after"

namespace tieout::sqlite {

using ports::Intent;
using ports::IntentState;

Result<IntentId> SqliteStore::add_intent(const Intent& intent) {
  TRY(type, words_.number(intent.type));
  TRY(object, words_.number(intent.object));
  const bool derived = intent.wanted != ContentDigest{};
  auto done = db_->run(
      "INSERT INTO intent (entity, state, attempts, side, type, object, kind, source, target, link, created_at, key, "
      "vendor_id, version, reference, plan, wanted, body, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, 0), "
      "nullif(?, 0), nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      entity_, intent.state, intent.attempts, intent.side, type, object, intent.kind, intent.source, intent.target,
      intent.link, to_ms(intent.created_at), intent.key, OrNull{intent.vendor_id}, OrNull{intent.version},
      OrNull{intent.reference}, OrNull{intent.plan}, BlobOrNull{derived ? bytes_of(intent.wanted) : std::string_view{}},
      Blob{intent.body}, BlobOrNull{intent.before}, BlobOrNull{intent.after});
  if (done) return IntentId{db_->last_id()};
  if (done.error().code == "store.repeated")
    return fail("store.intent.repeated",
                fmt::format("The write {} was journalled before; one key names one write for ever. "
                            "Look at what became of the first one.",
                            intent.key));
  return fail(std::move(done).error());
}

Result<std::vector<IntentId>> SqliteStore::add_intents(std::span<const Intent> intents) {
  return writing([&]() -> Result<std::vector<IntentId>> {
    std::vector<IntentId> ids;
    ids.reserve(intents.size());
    const bool several = intents.size() > 1;  // then "none of them" needs a mark to go back to
    if (several) TRY_VOID(db_->run("SAVEPOINT intents"));
    for (const Intent& intent : intents) {
      auto id = add_intent(intent);
      if (!id) {
        if (several && db_->in_transaction()) {
          TRY_VOID(db_->run("ROLLBACK TO intents"));
          TRY_VOID(db_->run("RELEASE intents"));
          words_.forget();  // a word that was new in here is gone
        }
        return fail(std::move(id).error());
      }
      ids.push_back(*id);
    }
    if (several) TRY_VOID(db_->run("RELEASE intents"));
    return ids;
  });
}

Result<Unit> SqliteStore::finish_intent(IntentId id, IntentState state, std::string_view vendor_id,
                                        std::string_view answer_code, std::string_view answer, Instant at) {
  return writing([&]() -> Result<Unit> {
    const bool finished = state >= IntentState::confirmed;
    TRY_VOID(
        db_->run("UPDATE intent SET state = ?1, attempts = attempts + (state = 0), finished_at = iif(?2, ?3, NULL), "
                 "vendor_id = coalesce(?4, vendor_id), answer_code = ?5, answer = ?6 "
                 "WHERE id = ?7 AND entity = ?8 AND state < 2",
                 state, finished, to_ms(at), OrNull{vendor_id}, OrNull{answer_code}, OrNull{answer}, id, entity_));
    if (db_->changed_rows() == 1) return Unit{};
    auto rows = db_->query("SELECT key, state FROM intent WHERE id = ? AND entity = ?", id, entity_);
    TRY(row, rows.next());
    if (!row) return fail("store.intent.unknown", fmt::format("There is no intent {}.", static_cast<std::int64_t>(id)));
    if (rows.integer(1) == static_cast<std::int64_t>(state)) return Unit{};
    return fail("store.intent.finished", fmt::format("The write {} is {} already and cannot become anything else.",
                                                     rows.text(0), rows.integer(1) == 2 ? "confirmed" : "refused"));
  });
}

Result<Unit> SqliteStore::note_look_up(IntentId id, std::string_view answer_code, std::string_view answer, Instant at) {
  return writing([&]() -> Result<Unit> {
    return db_->run(
        "UPDATE intent SET state = ?, attempts = attempts + 1, finished_at = ?, answer_code = ?, answer = ? "
        "WHERE id = ? AND entity = ? AND state < 2",
        IntentState::in_doubt, to_ms(at), OrNull{answer_code}, OrNull{answer}, id, entity_);
  });
}

Result<Intent> SqliteStore::read_intent(const Query& row) {
  Intent intent;
  TRY(type, words_.text(row.integer(4)));
  intent.type = type;
  TRY(object, words_.text(row.integer(5)));
  intent.object = object;
  intent.id = IntentId{row.integer(0)};
  intent.state = static_cast<IntentState>(row.integer(1));
  intent.attempts = static_cast<int>(row.integer(2));
  intent.side = static_cast<Side>(row.integer(3));
  intent.kind = static_cast<std::uint8_t>(row.integer(6));
  intent.source = RecordId{row.integer(7)};
  intent.target = RecordId{row.integer(8)};
  intent.link = LinkId{row.integer(9)};
  intent.created_at = instant_from_ms(row.integer(10));
  intent.finished_at = instant_from_ms(row.integer(11));
  intent.key = row.text(12);
  intent.vendor_id = row.text(13);
  intent.answer_code = row.text(14);
  intent.answer = row.text(15);
  intent.version = row.text(16);
  intent.reference = row.text(17);
  intent.plan = row.text(18);
  intent.wanted = digest_of(row.text(19));
  intent.body = row.text(20);
  intent.before = row.text(21);
  intent.after = row.text(22);
  return intent;
}

Result<std::vector<Intent>> SqliteStore::read_intents(Query& rows) {
  std::vector<Intent> intents;
  for (;;) {
    TRY(row, rows.next());
    if (!row) return intents;
    TRY(intent, read_intent(rows));
    intents.push_back(std::move(intent));
  }
}

Result<std::vector<Intent>> SqliteStore::unfinished_intents(int limit) {
  auto rows = db_->query("SELECT " INTENT_COLUMNS
                         " FROM intent INDEXED BY intent_unfinished WHERE entity = ? AND state < 2 "
                         "ORDER BY id LIMIT ?",
                         entity_, limit);
  return read_intents(rows);
}

Result<std::vector<Intent>> SqliteStore::intents_of(RecordId source_or_target) {
  auto rows =
      db_->query("SELECT " INTENT_COLUMNS
                 " FROM intent WHERE id IN ("
                 "SELECT s.id FROM intent AS s INDEXED BY intent_by_source WHERE s.entity = ?1 AND s.source = ?2 UNION "
                 "SELECT t.id FROM intent AS t INDEXED BY intent_by_target WHERE t.entity = ?1 AND t.target = ?2) "
                 "ORDER BY id",
                 entity_, source_or_target);
  return read_intents(rows);
}

Result<std::vector<Intent>> SqliteStore::intents_after(IntentId after, int limit) {
  auto rows = db_->query("SELECT " INTENT_COLUMNS " FROM intent WHERE id > ? AND entity = ? ORDER BY id LIMIT ?", after,
                         entity_, limit);
  return read_intents(rows);
}

Result<std::vector<Intent>> SqliteStore::intents_of_plan(std::string_view plan) {
  auto rows = db_->query("SELECT " INTENT_COLUMNS
                         " FROM intent INDEXED BY intent_by_plan WHERE entity = ? AND plan = ? ORDER BY id",
                         entity_, plan);
  return read_intents(rows);
}

Result<std::vector<ports::Written>> SqliteStore::written_lately(int limit) {
  auto rows = db_->query(
      "SELECT plan, sum(state = 2), sum(state < 2), min(created_at), max(created_at) FROM intent "
      "WHERE entity = ? AND plan IS NOT NULL GROUP BY plan ORDER BY max(id) DESC LIMIT ?",
      entity_, limit);
  std::vector<ports::Written> out;
  for (;;) {
    TRY(row, rows.next());
    if (!row) return out;
    out.push_back({std::string(rows.text(0)), rows.integer(1), rows.integer(2), instant_from_ms(rows.integer(3)),
                   instant_from_ms(rows.integer(4))});
  }
}

Result<int> SqliteStore::intents_with_key_prefix(std::string_view prefix) {
  // Keys compare byte by byte, and no byte of UTF-8 is 0xff: this is above every key that starts so.
  const std::string above = std::string(prefix) + '\xff';
  auto rows =
      db_->query("SELECT count(*) FROM intent INDEXED BY intent_by_key WHERE entity = ? AND key >= ? AND key < ?",
                 entity_, prefix, above);
  TRY_VOID(rows.next());
  return static_cast<int>(rows.integer(0));
}

}  // namespace tieout::sqlite
