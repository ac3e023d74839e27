// What the engine remembers, as a port: records of both sides as last seen, links between them, the base both agreed
// on, intents (the journal of writes), plans, cursors and the story of each record. One Store holds one entity's data
// per call to `open`; every table starts with the entity. Two implementations keep the same promises
// (tests/store_conformance): SQLite now, PostgreSQL later. Nothing here knows what an invoice is: bodies are encoded
// canonical records (model/record.hpp) that the store keeps as bytes.
//
// Everything between begin() and commit() changes together or not at all, durably (fsync) when commit() returns.
// Reads inside a transaction see its own writes. One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace tieout::ports {

struct Unit {};  ///< "it worked", for results without a value

enum class Side : std::uint8_t { crm = 1, books = 2 };
constexpr Side other(Side side) { return side == Side::crm ? Side::books : Side::crm; }
constexpr std::string_view to_text(Side side) { return side == Side::crm ? "crm" : "books"; }

enum class RecordId : std::int64_t { none = 0 };
enum class LinkId : std::int64_t { none = 0 };
enum class IntentId : std::int64_t { none = 0 };
enum class PayloadId : std::int64_t { none = 0 };

/// Exactly one per record in scope; the counts of all five add up to the records held.
enum class State : std::uint8_t { pending = 0, in_sync = 1, held = 2, failed = 3, skipped = 4 };
constexpr std::array<std::string_view, 5> kStateNames{"pending", "in_sync", "held", "failed", "skipped"};
constexpr std::string_view to_text(State state) { return kStateNames[static_cast<std::size_t>(state)]; }

using ContentDigest =
    std::array<std::uint8_t, 16>;  ///< first half of SHA-256 over the encoded body (or raw body when held)

/// A record of one side as last seen, and where it stands.
struct StoredRecord {
  RecordId id = RecordId::none;
  Side side = Side::crm;
  std::string type;  ///< canonical type: "company", "deal", "invoice"…
  std::string vendor_id;
  std::string version;    ///< the vendor's version token, as last seen
  Instant modified_at{};  ///< vendor's clock
  bool deleted = false;
  ContentDigest digest{};
  std::string body;  ///< encoded canonical record; empty while it could not be normalised
  std::optional<std::string>
      base;             ///< body at the last agreement; absent: the current body is agreed, or there is none yet
  bool agreed = false;  ///< the current body is what both sides agreed on (settled as agreed, not changed since)
  LinkId link = LinkId::none;
  State state = State::pending;
  std::string reason_code;  ///< why held, failed, skipped or waiting; empty when in sync
  std::string reason;       ///< the same for a person, with what to do
  std::string waits_for;    ///< "crm:company:123" when it only waits for another record, else empty
  std::string decision;     ///< what a person decided in review: "", "skip", "create", "link:<vendor id>", "retry"
  Instant first_seen_at{};
  Instant observed_at{};                ///< our clock, when the content last changed
  PayloadId payload = PayloadId::none;  ///< where the vendor's own words are kept
};

/// What a page or a confirmed write brought in.
struct Observation {
  Side side = Side::crm;
  std::string type;
  std::string vendor_id;
  std::string version;
  Instant modified_at{};
  bool deleted = false;
  ContentDigest digest{};
  std::string body;
  PayloadId payload = PayloadId::none;
  std::vector<std::pair<std::string, std::string>> mentions;  ///< (type, vendor id) of the same side that it refers to
};
enum class Seen : std::uint8_t { unchanged, changed, fresh };
struct Noted {
  RecordId id = RecordId::none;
  Seen seen = Seen::unchanged;
  bool linked = false;  ///< it was in a link before this observation
  bool gone = false;    ///< it was there and now is not
  bool back = false;    ///< it was deleted and is there again
};

struct Link {
  LinkId id = LinkId::none;
  std::string type;  ///< flow name: "customers", "products", "invoices", "receipts"
  std::string how;   ///< why it exists: "key tax_id", "accepted by ana", "created by plan-7f3a"
  Instant created_at{};
  ContentDigest wanted{};  ///< digest of what was last derived for the target (derive flows); all zero: nothing yet
};

enum class IntentState : std::uint8_t {
  open = 0,       ///< journalled, maybe sent: after a restart it counts as in doubt
  in_doubt = 1,   ///< sent, no clear answer
  confirmed = 2,  ///< the vendor has it
  refused = 3,    ///< the vendor has it not, for certain
};
struct Intent {
  IntentId id = IntentId::none;
  std::string key;                   ///< idempotency key, unique for ever
  Side side = Side::books;           ///< where it is written
  std::string type;                  ///< canonical type written
  std::string object;                ///< vendor's object name
  std::uint8_t kind = 0;             ///< ports::WriteKind
  RecordId source = RecordId::none;  ///< the record that asked for it
  RecordId target = RecordId::none;  ///< the record that is changed, none for a create
  LinkId link = LinkId::none;
  std::string vendor_id;   ///< target's id; for a create filled in when confirmed
  std::string version;     ///< target version it was computed against
  std::string body;        ///< request content, as sent
  std::string reference;   ///< our mark inside the record
  ContentDigest wanted{};  ///< digest of the wanted canonical record
  std::string before;      ///< updates: the fields it changes as they were (encoded canonical record of those fields)
  std::string after;       ///< updates: the same fields as they were wanted; both are what an undo goes by
  std::string plan;        ///< plan or run id that covers it
  IntentState state = IntentState::open;
  int attempts = 0;
  Instant created_at{};
  Instant finished_at{};    ///< of its end; while in doubt: of the last look-up
  std::string answer_code;  ///< fault code, or "ok"
  std::string answer;       ///< fault text or short answer
};

/// A page of the vendor's own words that was kept.
struct KeptPayload {
  PayloadId id = PayloadId::none;
  Side side = Side::crm;
  Instant at{};
};

/// What was written under one plan or run id.
struct Written {
  std::string plan;            ///< "plan-7f3a09c1", "run-5b1f20aa", "undo-19c2…"
  std::int64_t confirmed = 0;  ///< writes that the vendor has
  std::int64_t open = 0;       ///< open or in doubt
  Instant first_at{}, last_at{};
};

/// One turn in the life of a link, as seen from one record: lineage is only ever added to.
struct Lineage {
  RecordId record = RecordId::none;
  LinkId link = LinkId::none;
  Instant at{};
  std::string what;  ///< "unlinked", "repointed", "merged", "split", "rejoined", "reissued"
  std::string by;    ///< a person, or the plan that did it
  std::string text;  ///< one sentence for a person
};

struct Event {
  Instant at{};
  std::string kind;  ///< "held", "released", "linked", "merged", "conflict", "skipped", "decided", "sent", "confirmed"…
  std::string text;  ///< one sentence for a person
};

struct Tally {
  Side side = Side::crm;
  std::string type;
  std::array<std::int64_t, 5> count{};  ///< by State
};

struct StoredPlan {
  std::string id;      ///< "plan-7f3a09"
  std::string digest;  ///< hex SHA-256 over its changes
  Instant created_at{};
  std::string body;    ///< JSON
  std::string status;  ///< "proposed", "applying", "applied", "stale"
};

/// One line of the audit log (docs/reference/audit-log.md), to be added. The records are for finding it again.
struct NewLeaf {
  RecordId record = RecordId::none;
  RecordId partner = RecordId::none;  ///< a second record that it is about, when there is one
  std::string text;                   ///< one line of JSON without its end of line
};
struct LogLeaf {
  std::int64_t number = 0;  ///< 0, 1, 2…: its place in the log
  std::string text;
};

class Store {
 public:
  virtual ~Store() = default;

  // -- transactions
  virtual Result<Unit> begin() = 0;
  virtual Result<Unit> commit() = 0;
  virtual void rollback() = 0;

  // -- observing
  /// Keeps the vendor's own words of a page, compressed, under their SHA-256: the same words twice in a row of one side
  /// are kept once. Returns where.
  virtual Result<PayloadId> keep_payload(Side side, Instant at, std::string_view body) = 0;
  /// Fails with store.payload.unknown, or store.corrupt when it is not what was kept.
  virtual Result<std::string> payload(PayloadId id) = 0;
  /// Pages of both sides kept at or after `since` and before `until`, in order of id, after the given one.
  virtual Result<std::vector<KeptPayload>> payloads(Instant since, Instant until, PayloadId after, int limit) = 0;
  virtual Result<Digest> payload_digest(PayloadId id) = 0;
  virtual Result<std::optional<std::string>> payload_by_digest(const Digest& digest) = 0;
  virtual Result<std::vector<PayloadId>> payloads_after(PayloadId after, int limit) = 0;  ///< in order of id
  /// Stores or updates each record by (side, type, vendor_id). Same digest and deleted flag: only version, modified_at
  /// and payload move (unchanged). Otherwise the record becomes dirty and pending, without reason or waits_for; when it
  /// was in agreement (linked and agreed) its old body becomes the base. A link alone is no agreement: what was matched
  /// but never settled has no base. `first_seen_at`/`observed_at` are set to `at`. Mentions replace the earlier ones.
  virtual Result<std::vector<Noted>> observe(std::span<const Observation> observations, Instant at) = 0;

  // -- reading records
  virtual Result<std::optional<StoredRecord>> record(RecordId id) = 0;
  virtual Result<std::optional<StoredRecord>> find(Side side, std::string_view type, std::string_view vendor_id) = 0;
  /// The live member of a link on one side.
  virtual Result<std::optional<StoredRecord>> linked(LinkId link, Side side) = 0;
  /// Dirty records of that kind in order of id, after the given one.
  virtual Result<std::vector<StoredRecord>> dirty(Side side, std::string_view type, RecordId after, int limit) = 0;
  virtual Result<std::int64_t> dirty_count() = 0;
  /// Unlinked, not deleted records, in order of id.
  virtual Result<std::vector<StoredRecord>> unlinked(Side side, std::string_view type, RecordId after, int limit) = 0;
  /// All records of that kind in order of id (reconcile, audit, exports).
  virtual Result<std::vector<StoredRecord>> all(Side side, std::string_view type, RecordId after, int limit) = 0;
  virtual Result<std::vector<StoredRecord>> in_state(State state, RecordId after, int limit) = 0;
  /// Records of `type` that mention (mentioned_type, vendor_id) of the same side, in order of id.
  virtual Result<std::vector<StoredRecord>> mentioning(Side side, std::string_view type,
                                                       std::string_view mentioned_type, std::string_view vendor_id) = 0;
  /// Records whose vendor id equals, or whose id text equals, in any type: for `explain 9120`.
  virtual Result<std::vector<StoredRecord>> with_vendor_id(std::string_view vendor_id) = 0;
  virtual Result<std::vector<Tally>> tally() = 0;

  // -- deciding
  /// Where a record stands now; clears dirty. With `agreed` the current body is what both sides agree on, and the base
  /// goes; without it base and agreed stay as they are.
  virtual Result<Unit> settle(RecordId id, State state, std::string_view reason_code, std::string_view reason,
                              std::string_view waits_for, bool agreed) = 0;
  virtual Result<Unit> mark_dirty(RecordId id) = 0;
  virtual Result<Unit> decide(RecordId id, std::string_view decision) = 0;  ///< a person's decision; marks dirty
  /// Marks dirty all that wait for "side:type:vendor_id"; they wait no longer. Returns how many.
  virtual Result<std::int64_t> wake(std::string_view waits_for) = 0;

  // -- links: at most one per record, at most one record per side in a link, enforced here
  virtual Result<LinkId> new_link(const Link& link) = 0;
  /// Fails with store.link.taken when the record is in another link or the link has another member on that side.
  virtual Result<Unit> join(LinkId link, RecordId record) = 0;
  /// Takes the record out of its link; the link and its member of the other side stay, so that another record can join
  /// (a merge, a re-creation, a person's decision). No agreement is left: base and agreed go, the record is dirty.
  /// Without effect when it is in none. Why it left is the caller's to tell (add_event).
  virtual Result<Unit> leave(RecordId record) = 0;
  virtual Result<std::optional<Link>> link(LinkId id) = 0;
  virtual Result<Unit> set_wanted(LinkId link, const ContentDigest& wanted) = 0;
  virtual Result<std::int64_t> link_count() = 0;
  virtual Result<std::vector<Link>> links_after(LinkId after, int limit) = 0;  ///< in order of id
  virtual Result<Unit> add_lineage(const Lineage& turn) = 0;
  /// All turns of that record, oldest first.
  virtual Result<std::vector<Lineage>> lineage(RecordId record) = 0;
  /// A person said that these two are not the same: matching never pairs them by itself. `refused` false takes it back.
  virtual Result<Unit> refuse_pair(RecordId a, RecordId b, bool refused, Instant at) = 0;
  /// The records that were refused as partners of this one, in order of id.
  virtual Result<std::vector<RecordId>> refused_with(RecordId record) = 0;

  // -- aliases: ids that other records still refer to, of records that live on under another id
  /// From now on `old_id` means `survivor_id` (merged, re-created). Said again, the later word counts.
  virtual Result<Unit> add_alias(Side side, std::string_view type, std::string_view old_id,
                                 std::string_view survivor_id, Instant at) = 0;
  /// The id that lives on, through any number of merges; the id itself when there is no alias.
  virtual Result<std::string> surviving(Side side, std::string_view type, std::string_view vendor_id) = 0;
  /// Ids that mean this one by a direct alias, in the order of the ids.
  virtual Result<std::vector<std::string>> aliases_of(Side side, std::string_view type,
                                                      std::string_view survivor_id) = 0;
  /// `old_id` stands for itself again (a merge by a person, taken back). Without effect when it is no alias.
  virtual Result<Unit> drop_alias(Side side, std::string_view type, std::string_view old_id) = 0;

  // -- intents
  /// Journals all of them. Fails with store.intent.repeated when a key exists (names the key).
  virtual Result<std::vector<IntentId>> add_intents(std::span<const Intent> intents) = 0;
  virtual Result<Unit> finish_intent(IntentId id, IntentState state, std::string_view vendor_id,
                                     std::string_view answer_code, std::string_view answer, Instant at) = 0;
  /// An unfinished write was looked up and the answer decided nothing: it is in doubt, attempts is one more, and what
  /// was found is kept. Without effect when it is finished.
  virtual Result<Unit> note_look_up(IntentId id, std::string_view answer_code, std::string_view answer, Instant at) = 0;
  virtual Result<std::vector<Intent>> unfinished_intents(int limit) = 0;          ///< open and in_doubt, oldest first
  virtual Result<std::vector<Intent>> intents_of(RecordId source_or_target) = 0;  ///< oldest first
  virtual Result<int> intents_with_key_prefix(std::string_view prefix) = 0;       ///< how many; for the attempt number
  virtual Result<std::vector<Intent>> intents_after(IntentId after, int limit) = 0;  ///< in order of id
  virtual Result<std::vector<Intent>> intents_of_plan(std::string_view plan) = 0;    ///< oldest first
  /// What was written lately, by plan or run id, latest first.
  virtual Result<std::vector<Written>> written_lately(int limit) = 0;

  // -- audit log: leaves are added in the transaction of the act that they tell of, and never change
  /// Only inside a transaction (else store.transaction.none). Adds the leaves in this order, and what of the Merkle
  /// tree over them (base/merkle.hpp) is complete now. The first gets the number log_size().
  virtual Result<Unit> append_leaves(std::span<const NewLeaf> leaves) = 0;
  virtual Result<std::int64_t> log_size() = 0;
  virtual Result<std::vector<LogLeaf>> leaves(std::int64_t from, int limit) = 0;
  virtual Result<std::vector<LogLeaf>> leaves_of(RecordId record) = 0;  ///< of both kinds of record, in order
  /// Hash of the complete subtree over the leaves from index * 2^level up to (index + 1) * 2^level, as kept: at most a
  /// few dozen reads. Fails with store.log.range when the log does not reach that far.
  virtual Result<Digest> log_node(int level, std::int64_t index) = 0;

  // -- plans, cursors, settings, story
  virtual Result<Unit> save_plan(const StoredPlan& plan) = 0;  ///< inserts or replaces
  virtual Result<std::optional<StoredPlan>> plan(std::string_view id) = 0;
  virtual Result<std::string> setting(std::string_view name) = 0;  ///< empty when never set; also holds cursors
  virtual Result<Unit> set_setting(std::string_view name, std::string_view value) = 0;
  virtual Result<Unit> add_event(RecordId record, const Event& event) = 0;
  virtual Result<std::vector<Event>> events(RecordId record) = 0;
};

/// begin() now, rollback() unless commit() was called.
class Transaction {
 public:
  static Result<Transaction> on(Store& store) {
    TRY_VOID(store.begin());
    return Transaction(&store);
  }
  Transaction(Transaction&& other) noexcept : store_(std::exchange(other.store_, nullptr)) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction() {
    if (store_) store_->rollback();
  }
  Result<Unit> commit() { return std::exchange(store_, nullptr)->commit(); }

 private:
  explicit Transaction(Store* store) : store_(store) {}
  Store* store_;
};

}  // namespace tieout::ports
