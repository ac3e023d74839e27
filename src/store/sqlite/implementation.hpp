// The class behind open_sqlite, spread over one file a subject: transactions.cpp, observe.cpp, reading.cpp,
// deciding.cpp, links.cpp, lineage.cpp, intents.cpp, journal.cpp (plans, settings, events, payloads). Changes of
// records gather in standings.hpp.
#pragma once

#include "ports/store.hpp"
#include "store/sqlite/compress.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/counts.hpp"
#include "store/sqlite/instance_lock.hpp"
#include "store/sqlite/log.hpp"
#include "store/sqlite/members.hpp"
#include "store/sqlite/standings.hpp"
#include "store/sqlite/words.hpp"

namespace tieout::sqlite {

using ports::ContentDigest;
using ports::IntentId;
using ports::LinkId;
using ports::PayloadId;
using ports::RecordId;
using ports::Side;
using ports::State;

class SqliteStore final : public ports::Store {
 public:
  struct Settings {
    bool read_only = false;
    int checkpoint_pages = 0;
  };
  SqliteStore(InstanceLock lock, std::unique_ptr<Connection> db, std::int64_t entity, Settings settings);

  Result<Unit> begin() override;
  Result<Unit> commit() override;
  void rollback() override;

  Result<PayloadId> keep_payload(Side side, Instant at, std::string_view body) override;
  Result<std::string> payload(PayloadId id) override;
  Result<std::vector<ports::KeptPayload>> payloads(Instant since, Instant until, PayloadId after, int limit) override;
  Result<Digest> payload_digest(PayloadId id) override;
  Result<std::optional<std::string>> payload_by_digest(const Digest& digest) override;
  Result<std::vector<PayloadId>> payloads_after(PayloadId after, int limit) override;
  Result<std::vector<ports::Noted>> observe(std::span<const ports::Observation> observations, Instant at) override;

  Result<std::optional<ports::StoredRecord>> record(RecordId id) override;
  Result<std::optional<ports::StoredRecord>> find(Side side, std::string_view type,
                                                  std::string_view vendor_id) override;
  Result<std::optional<ports::StoredRecord>> linked(LinkId link, Side side) override;
  Result<std::vector<ports::StoredRecord>> dirty(Side side, std::string_view type, RecordId after, int limit) override;
  Result<std::int64_t> dirty_count() override;
  Result<std::vector<ports::StoredRecord>> unlinked(Side side, std::string_view type, RecordId after,
                                                    int limit) override;
  Result<std::vector<ports::StoredRecord>> all(Side side, std::string_view type, RecordId after, int limit) override;
  Result<std::vector<ports::StoredRecord>> in_state(State state, RecordId after, int limit) override;
  Result<std::vector<ports::StoredRecord>> mentioning(Side side, std::string_view type, std::string_view mentioned_type,
                                                      std::string_view vendor_id) override;
  Result<std::vector<ports::StoredRecord>> with_vendor_id(std::string_view vendor_id) override;
  Result<std::vector<ports::Tally>> tally() override;

  Result<Unit> settle(RecordId id, State state, std::string_view reason_code, std::string_view reason,
                      std::string_view waits_for, bool agreed) override;
  Result<Unit> mark_dirty(RecordId id) override;
  Result<Unit> decide(RecordId id, std::string_view decision) override;
  Result<std::int64_t> wake(std::string_view waits_for) override;

  Result<LinkId> new_link(const ports::Link& link) override;
  Result<Unit> join(LinkId link, RecordId record) override;
  Result<Unit> leave(RecordId record) override;
  Result<std::optional<ports::Link>> link(LinkId id) override;
  Result<Unit> set_wanted(LinkId link, const ContentDigest& wanted) override;
  Result<std::int64_t> link_count() override;
  Result<std::vector<ports::Link>> links_after(LinkId after, int limit) override;
  Result<Unit> add_lineage(const ports::Lineage& turn) override;
  Result<std::vector<ports::Lineage>> lineage(RecordId record) override;
  Result<Unit> refuse_pair(RecordId a, RecordId b, bool refused, Instant at) override;
  Result<std::vector<RecordId>> refused_with(RecordId record) override;

  Result<Unit> add_alias(Side side, std::string_view type, std::string_view old_id, std::string_view survivor_id,
                         Instant at) override;
  Result<std::string> surviving(Side side, std::string_view type, std::string_view vendor_id) override;
  Result<std::vector<std::string>> aliases_of(Side side, std::string_view type, std::string_view survivor_id) override;
  Result<Unit> drop_alias(Side side, std::string_view type, std::string_view old_id) override;

  Result<std::vector<IntentId>> add_intents(std::span<const ports::Intent> intents) override;
  Result<Unit> finish_intent(IntentId id, ports::IntentState state, std::string_view vendor_id,
                             std::string_view answer_code, std::string_view answer, Instant at) override;
  Result<Unit> note_look_up(IntentId id, std::string_view answer_code, std::string_view answer, Instant at) override;
  Result<std::vector<ports::Intent>> unfinished_intents(int limit) override;
  Result<std::vector<ports::Intent>> intents_of(RecordId source_or_target) override;
  Result<int> intents_with_key_prefix(std::string_view prefix) override;
  Result<std::vector<ports::Intent>> intents_after(IntentId after, int limit) override;
  Result<std::vector<ports::Intent>> intents_of_plan(std::string_view plan) override;
  Result<std::vector<ports::Written>> written_lately(int limit) override;

  Result<Unit> append_leaves(std::span<const ports::NewLeaf> leaves) override;
  Result<std::int64_t> log_size() override { return log_.size(); }
  Result<std::vector<ports::LogLeaf>> leaves(std::int64_t from, int limit) override { return log_.leaves(from, limit); }
  Result<std::vector<ports::LogLeaf>> leaves_of(RecordId record) override { return log_.leaves_of(record); }
  Result<Digest> log_node(int level, std::int64_t index) override { return log_.node(level, index); }

  Result<Unit> save_plan(const ports::StoredPlan& plan) override;
  Result<std::optional<ports::StoredPlan>> plan(std::string_view id) override;
  Result<std::string> setting(std::string_view name) override;
  Result<Unit> set_setting(std::string_view name, std::string_view value) override;
  Result<Unit> add_event(RecordId record, const ports::Event& event) override;
  Result<std::vector<ports::Event>> events(RecordId record) override;

 private:
  struct Known;  ///< what observe needs of the row that is there

  /// Runs a write: inside the caller's transaction, or in one of its own when there is none.
  template <class Body>
  auto writing(Body&& body) -> decltype(body()) {
    if (auto refused = refuse_writing()) return fail(*std::move(refused));
    if (db_->in_transaction()) return body();
    TRY_VOID(begin());
    auto outcome = body();
    if (!outcome) {
      rollback();
      return outcome;
    }
    TRY_VOID(commit());
    return outcome;
  }
  std::optional<Fault> refuse_writing() const;
  Result<Unit> write_out_log_if_long();

  Result<ports::Noted> observe_one(const ports::Observation& seen, Instant at);
  Result<std::optional<Known>> look_up(const ports::Observation& seen, WordId type);
  Result<ports::Noted> add_record(const ports::Observation& seen, WordId type, std::string_view mentions, Instant at);
  Result<ports::Noted> note_unchanged(const Known& known, const ports::Observation& seen);
  Result<ports::Noted> update_record(const Known& known, const ports::Observation& seen, std::string_view mentions,
                                     Instant at);
  Result<Standing*> standing(RecordId id);
  Result<Unit> require_free(LinkId link, Side side, RecordId record);

  Result<ports::StoredRecord> read_record(const Query& row);
  Result<std::optional<ports::StoredRecord>> read_one(Query& rows);
  Result<std::vector<ports::StoredRecord>> read_all(Query& rows);
  Result<ports::Intent> read_intent(const Query& row);
  Result<std::vector<ports::Intent>> read_intents(Query& rows);
  Result<std::vector<RecordId>> read_ids(Query& rows);
  Result<IntentId> add_intent(const ports::Intent& intent);
  void learn(const ports::StoredRecord& record, WordId type);  ///< a dirty one
  Fault unknown_record(RecordId id) const;

  InstanceLock lock_;  // first in, last out
  std::unique_ptr<Connection> db_;
  std::int64_t entity_;
  Settings settings_;
  Words words_;
  Counts counts_;
  Standings standings_;
  Members members_;
  Log log_;
  Compressor compressor_;
  std::unordered_map<PayloadId, Digest> payload_digests_;  ///< of the last pages: asked for each record of them
  int log_pages_ = 0;
};

inline std::string_view bytes_of(const ContentDigest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
ContentDigest digest_of(std::string_view bytes);  ///< all zero unless there are exactly 16 bytes

}  // namespace tieout::sqlite
