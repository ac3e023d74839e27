// What is kept as it is: payloads, plans, settings (cursors among them), the story of a record, the audit log.
#include <fmt/core.h>

#include "base/hash.hpp"
#include "store/sqlite/implementation.hpp"

namespace tieout::sqlite {
namespace {

constexpr std::size_t kMostDigests = 4'096;

}  // namespace

Result<PayloadId> SqliteStore::keep_payload(Side side, Instant at, std::string_view body) {
  return writing([&]() -> Result<PayloadId> {
    const Digest digest = sha256(body);
    const std::string_view digest_bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
    {
      // Only when nothing else was kept since: A, B, A are three pages, so that a replay ends with what came last.
      auto rows = db_->query(
          "SELECT id FROM payload AS p WHERE entity = ?1 AND digest = ?2 AND side = ?3 AND NOT EXISTS "
          "(SELECT 1 FROM payload AS later WHERE later.id > p.id AND later.entity = ?1 AND later.side = ?3)",
          entity_, Blob{digest_bytes}, side);
      TRY(known, rows.next());
      if (known) return PayloadId{rows.integer(0)};
    }
    TRY_VOID(db_->run("INSERT INTO payload (entity, side, at, digest, body) VALUES (?, ?, ?, ?, ?)", entity_, side,
                      to_ms(at), Blob{digest_bytes}, Blob{compressor_.compress(body)}));
    return PayloadId{db_->last_id()};
  });
}

Result<std::string> SqliteStore::payload(PayloadId id) {
  const auto number = static_cast<std::int64_t>(id);
  auto rows = db_->query("SELECT digest, body FROM payload WHERE id = ? AND entity = ?", id, entity_);
  TRY(row, rows.next());
  if (!row) return fail("store.payload.unknown", fmt::format("There is no payload {}.", number));
  TRY(body, decompress(rows.text(1), fmt::format("Payload {}", number)));
  const Digest digest = sha256(body);
  if (std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()) != rows.text(0))
    return fail("store.corrupt",
                fmt::format("Payload {} is not what was stored: its SHA-256 differs. Restore the last good "
                            "backup.",
                            number));
  return body;
}

Result<std::vector<ports::KeptPayload>> SqliteStore::payloads(Instant since, Instant until, PayloadId after,
                                                              int limit) {
  std::vector<ports::KeptPayload> kept;
  auto rows = db_->query(
      "SELECT id, side, at FROM payload WHERE entity = ? AND id > ? AND at >= ? AND at < ? ORDER BY id LIMIT ?",
      entity_, after, to_ms(since), to_ms(until), limit);
  for (;;) {
    TRY(row, rows.next());
    if (!row) return kept;
    kept.push_back({PayloadId{rows.integer(0)}, static_cast<Side>(rows.integer(1)), instant_from_ms(rows.integer(2))});
  }
}

Result<Digest> SqliteStore::payload_digest(PayloadId id) {
  if (const auto known = payload_digests_.find(id); known != payload_digests_.end()) return known->second;
  auto rows = db_->query("SELECT digest FROM payload WHERE id = ? AND entity = ?", id, entity_);
  TRY(row, rows.next());
  if (!row) return fail("store.payload.unknown", fmt::format("There is no payload {}.", static_cast<std::int64_t>(id)));
  Digest digest{};
  std::copy_n(rows.text(0).begin(), std::min(rows.text(0).size(), digest.size()), digest.begin());
  if (payload_digests_.size() >= kMostDigests) payload_digests_.clear();
  payload_digests_.emplace(id, digest);
  return digest;
}

Result<std::optional<std::string>> SqliteStore::payload_by_digest(const Digest& digest) {
  const std::string_view bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
  PayloadId id{};
  {
    auto rows = db_->query("SELECT id FROM payload WHERE entity = ? AND digest = ? LIMIT 1", entity_, Blob{bytes});
    TRY(row, rows.next());
    if (!row) return std::optional<std::string>{};
    id = PayloadId{rows.integer(0)};
  }
  TRY(body, payload(id));
  return std::optional<std::string>(std::move(body));
}

Result<std::vector<PayloadId>> SqliteStore::payloads_after(PayloadId after, int limit) {
  std::vector<PayloadId> out;
  auto rows =
      db_->query("SELECT id FROM payload WHERE id > ? AND entity = ? ORDER BY id LIMIT ?", after, entity_, limit);
  for (;;) {
    TRY(row, rows.next());
    if (!row) return out;
    out.push_back(PayloadId{rows.integer(0)});
  }
}

Result<Unit> SqliteStore::append_leaves(std::span<const ports::NewLeaf> leaves) {
  if (auto refused = refuse_writing()) return fail(*std::move(refused));
  if (!db_->in_transaction())
    return fail("store.transaction.none",
                "A line of the audit log belongs into the transaction of the act that it tells of.");
  return log_.append(leaves);
}

Result<Unit> SqliteStore::save_plan(const ports::StoredPlan& plan) {
  return writing([&]() -> Result<Unit> {
    return db_->run(
        "INSERT INTO plan (entity, name, digest, created_at, status, body) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (entity, name) DO UPDATE SET digest = excluded.digest, created_at = excluded.created_at, "
        "status = excluded.status, body = excluded.body",
        entity_, plan.id, plan.digest, to_ms(plan.created_at), plan.status, Blob{compressor_.compress(plan.body)});
  });
}

Result<std::optional<ports::StoredPlan>> SqliteStore::plan(std::string_view id) {
  auto rows =
      db_->query("SELECT digest, created_at, status, body FROM plan WHERE entity = ? AND name = ?", entity_, id);
  TRY(row, rows.next());
  if (!row) return std::optional<ports::StoredPlan>{};
  TRY(body, decompress(rows.text(3), fmt::format("Plan {}", id)));
  return std::optional<ports::StoredPlan>(ports::StoredPlan{std::string(id), std::string(rows.text(0)),
                                                            instant_from_ms(rows.integer(1)), std::move(body),
                                                            std::string(rows.text(2))});
}

Result<std::string> SqliteStore::setting(std::string_view name) {
  auto rows = db_->query("SELECT value FROM setting WHERE entity = ? AND name = ?", entity_, name);
  TRY(row, rows.next());
  return row ? std::string(rows.text(0)) : std::string();
}

Result<Unit> SqliteStore::set_setting(std::string_view name, std::string_view value) {
  return writing([&]() -> Result<Unit> {
    return db_->run(
        "INSERT INTO setting (entity, name, value) VALUES (?, ?, ?) "
        "ON CONFLICT (entity, name) DO UPDATE SET value = excluded.value",
        entity_, name, value);
  });
}

Result<Unit> SqliteStore::add_event(RecordId record, const ports::Event& event) {
  return writing([&]() -> Result<Unit> {
    TRY_VOID(standing(record));
    TRY(kind, words_.number(event.kind));
    return db_->run(
        "INSERT INTO event (entity, record, number, at, kind, text) SELECT ?1, ?2, "
        "coalesce((SELECT max(number) FROM event WHERE entity = ?1 AND record = ?2), 0) + 1, ?3, ?4, ?5",
        entity_, record, to_ms(event.at), kind, event.text);
  });
}

Result<std::vector<ports::Event>> SqliteStore::events(RecordId record) {
  std::vector<ports::Event> events;
  auto rows =
      db_->query("SELECT at, kind, text FROM event WHERE entity = ? AND record = ? ORDER BY number", entity_, record);
  for (;;) {
    TRY(row, rows.next());
    if (!row) return events;
    TRY(kind, words_.text(rows.integer(1)));
    events.push_back({instant_from_ms(rows.integer(0)), std::string(kind), std::string(rows.text(2))});
  }
}

}  // namespace tieout::sqlite
