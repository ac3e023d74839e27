// What the engine is made of inside: the two sides, the notes of a run, and its steps. Each step lives in its own file
// (observe.cpp, mirror.cpp, sales.cpp, act.cpp, …); this header is theirs alone.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "act/intent.hpp"
#include "decide/match.hpp"
#include "decide/merge.hpp"
#include "decide/plan.hpp"
#include "engine/engine.hpp"
#include "engine/witness.hpp"
#include "mapping/mapping.hpp"
#include "model/record.hpp"
#include "ports/connector.hpp"
#include "ports/store.hpp"
#include "ports/world.hpp"

namespace tieout::engine {

using model::Record;
using ports::LinkId;
using ports::RecordId;
using ports::Side;
using ports::State;
using ports::StoredRecord;
using ports::Unit;

constexpr int kChunk = 600;  ///< records decided, journalled and sent together: one commit before the calls, one after

constexpr mapping::Side pack_side(Side side) { return side == Side::crm ? mapping::Side::crm : mapping::Side::books; }
constexpr Side port_side(mapping::Side side) { return side == mapping::Side::crm ? Side::crm : Side::books; }

/// One side of the bridge.
struct Half {
  Side side = Side::crm;
  Connection connection;
  ports::AccountFacts facts;
};

/// A change together with what is needed to carry it out.
struct Work {
  explicit Work(Record wanted_) : wanted(std::move(wanted_)) {}
  decide::Change change;
  Record wanted;              ///< references are ids of the side that the source came from
  std::optional<Record> now;  ///< updates: the target as it is
  LinkId link = LinkId::none;
  std::string target_id;  ///< vendor id, updates
  std::string source_id;  ///< vendor id
  Side source_side = Side::crm;
  std::int64_t revision = 1;
  bool foreign_references = true;  ///< references must be translated through links before writing
  bool other_half_waits = false;   ///< the same pair has an edit to carry the other way, too
  bool covered_by_policy = false;  ///< a write-back: needs no line in an approved plan
  Instant source_seen{};           ///< when the source's content was last read as changed
  ports::PayloadId source_payload = ports::PayloadId::none;  ///< the words it was read from
  State target_was = State::pending;                         ///< updates: where the target stood before
};

/// A work that is journalled: what was sent, and under which intent.
struct Sent {
  Work work;
  ports::Intent intent;
  ports::WriteRequest request;
  bool recalled = false;  ///< from the journal, after its answer was lost: what was wanted is known by digest only
  bool new_link = false;  ///< made for it, with its source alone
};

enum class Mode : std::uint8_t { plan, act };

/// Whether what a record refers to exists on the other side.
struct Dependency {
  bool ready = false;
  bool planned = false;   ///< not there yet, but this very plan makes it
  std::string target_id;  ///< when ready
  std::string waits_for;  ///< when neither: "crm:company:12"
  std::string reason;
};

/// What one run notes while it goes.
struct Run {
  Mode mode = Mode::plan;
  RunReport report;
  std::vector<decide::Change> changes;           ///< plan mode: what would be done
  std::set<std::string> change_keys;             ///< of those: a pair is looked at from both sides, noted once
  std::optional<std::set<std::string>> allowed;  ///< act mode: only these change keys; absent: all that policy covers
  std::unordered_set<std::string> planned;       ///< plan mode: "crm:company:12" that will get a partner
  std::unordered_map<std::string, std::string> references;  ///< "crm:company:12" → id on the other side
  std::unordered_set<std::int64_t> in_doubt;                ///< records with a write whose outcome is unknown
  std::int64_t new_doubts = 0;
  Instant started{};
  bool fresh_facts = false;  ///< read in this run, not remembered from an earlier one
  struct Stale {
    Side side;
    std::string object;
    std::string vendor_id;
  };
  using Place = std::pair<Side, std::string>;                       ///< side and vendor object
  std::map<std::pair<Side, std::string>, std::int64_t> gone_count;  ///< linked records that went in this run, by type
  std::vector<Stale> stale;                                         ///< targets whose version moved: to be read again
  std::vector<Stale> gone;  ///< linked records that were told to be gone: looked at once more before it is believed
  std::optional<std::vector<StoredRecord>> deleted_deals;  ///< with a link, as far as asked
  std::map<std::string, std::int64_t> stage_ms;
  std::int64_t done = 0;  ///< changes carried out in this pass
  std::string plan_id;
  std::optional<std::int64_t> mapping_leaf;   ///< number of the log's line on the mapping in force
  std::optional<std::int64_t> approval_leaf;  ///< of the line on the approval of this run's plan
  struct Lane {
    std::map<RecordId, Decimal> held;   ///< by its breaker, with the amounts of a money lane
    std::set<std::string> released;     ///< by a person: record and content
    std::map<RecordId, Decimal> acted;  ///< written by this run
  };
  std::map<std::string, Lane> lanes;   ///< of the breakers, as far as asked in this run
  std::set<std::string> undo_refused;  ///< steps of an undo that were refused in this run: not sent again by it
};

struct UndoStep;
struct UndoneFields;
struct Undoing;

struct Engine::Parts {
  ports::Store& store;
  std::array<Half, 2> halves;
  const mapping::PackSet& packs;
  ports::Clock& clock;
  EngineSettings settings;
  std::optional<mapping::Variables> variables;
  Progress progress;
  Run run;

  Half& half(Side side) { return halves[side == Side::crm ? 0 : 1]; }
  const mapping::ObjectMapping* mapping_of(Side side, const model::RecordType& type) {
    return packs.find_type(half(side).connection.vendor, type);
  }

  // -- run.cpp: the frame of every operation
  Result<Unit> start(std::string_view command, Mode mode);
  void tell_connectors_what_is_known();
  bool is_known(Half& half, const ports::RawRecord& told);
  Result<RunReport> finish();
  Result<std::vector<decide::Withheld>> withheld(int limit);
  Result<decide::Plan> make_plan();
  void estimate(decide::Plan& plan);
  void tell(std::string_view stage, std::int64_t done, std::int64_t expected = 0);

  // -- facts.cpp
  Result<Unit> recall_facts();
  Result<Unit> read_facts();
  Result<Unit> facts_for_doubts();
  Result<Unit> facts_for_deciding();

  // -- observe.cpp
  Result<Unit> observe_all();
  Result<Unit> observe_side(Half& half);
  Result<std::vector<ports::Noted>> store_page(Half& half, const std::vector<ports::RawRecord>& records,
                                               ports::PayloadId payload);
  Result<ports::Observation> normalise(Half& half, const ports::RawRecord& raw, std::optional<Fault>& problem);

  // -- decide.cpp: the passes, in order of dependency
  Result<Unit> decide_all();
  Result<Unit> each_dirty(Side side, std::string_view type,
                          const std::function<Result<Unit>(StoredRecord&, std::vector<Work>&)>& step);
  Result<Unit> carry_out(std::vector<Work> works);
  Result<bool> set_aside(const StoredRecord& record);
  Result<std::optional<Record>> readable(const StoredRecord& record);
  Result<std::optional<Record>> valid(const StoredRecord& record);
  Result<Unit> stand(const StoredRecord& record, State state, std::string_view code, std::string_view reason,
                     std::string_view waits_for = {}, bool agreed = false);
  bool is_mirrored(std::string_view type) const;
  static std::string_view partner_type(std::string_view type);
  std::string_view counterpart(Side from, std::string_view type) const;
  Result<Dependency> dependency(Side side, std::string_view type, std::string_view id);
  Result<Dependency> dependencies(Side side, const Record& record);
  Result<Unit> settle_bystanders();
  Result<Unit> bystander(const StoredRecord& record);

  // -- mirror.cpp
  Result<Unit> mirror(const mapping::Flow& flow);
  Result<decide::MatchIndex> match_index(const mapping::Flow& flow, Side side);
  Result<Unit> mirror_one(const mapping::Flow& flow, StoredRecord& record, std::optional<decide::MatchIndex>& index,
                          std::vector<Work>& works);
  Result<Unit> find_partner(const mapping::Flow& flow, StoredRecord& record, const Record& body,
                            decide::MatchIndex& index, std::vector<Work>& works);
  Result<decide::Match> match_unrefused(const StoredRecord& record, const Record& body, decide::MatchIndex& index);
  Result<bool> link_as_decided(const mapping::Flow& flow, StoredRecord& record, const Record& body,
                               std::vector<Work>& works);
  Result<LinkId> join(std::string_view flow, std::string_view how, const StoredRecord& a, const StoredRecord& b);
  Result<Unit> mirror_create(const mapping::Flow& flow, const StoredRecord& record, const Record& body,
                             std::vector<Work>& works);
  Result<Unit> unite(const mapping::Flow& flow, StoredRecord& record, const Record& body, const StoredRecord& partner,
                     std::vector<Work>& works);
  Result<std::optional<Record>> base_of(const StoredRecord& record);
  Result<Unit> conflict(const mapping::Flow& flow, const StoredRecord& record,
                        const std::vector<decide::FieldConflict>& conflicts);
  Result<bool> propose(const mapping::Flow& flow, const StoredRecord& source, const StoredRecord& target,
                       const Record& now, Record wanted, std::vector<decide::FieldStep> steps,
                       std::vector<Work>& works);

  // -- sales.cpp
  Result<Unit> sales(const mapping::Flow& flow);
  Result<Unit> sale_one(const mapping::Flow& flow, StoredRecord& record, std::vector<Work>& works);
  Result<bool> invoiced_before(const StoredRecord& record, const Record& body);
  Result<Unit> sale_new(const mapping::Flow& flow, StoredRecord& record, const Record& body, mapping::Derived& derived,
                        std::vector<Work>& works);
  Result<Unit> sale_again(const StoredRecord& record, const StoredRecord& target, const mapping::Derived& derived);
  Result<Unit> receipt_of(const mapping::Flow& flow, const StoredRecord& deal, const Record& body);
  Result<Unit> receipt_withdrawn(const std::string& id);
  Result<Unit> cap_allocations(Record& payment);
  Result<Unit> receipts(const mapping::Flow& flow);
  Result<Unit> receipt_one(const mapping::Flow& flow, const StoredRecord& record, std::vector<Work>& works);
  mapping::Lookup lookup_on(Side side);

  // -- write_back.cpp
  Result<Unit> settle_money_in();
  Result<Unit> money_in(const StoredRecord& record);
  Result<Unit> write_back(const mapping::Flow& flow);
  Result<Unit> write_back_one(const mapping::Flow& flow, StoredRecord& record, std::vector<Work>& works);
  static std::string planned_total_name(RecordId invoice);
  Result<bool> total_still_differs(const StoredRecord& record, const Record& body);
  Result<LinkId> link_by_mark(const StoredRecord& record, const Record& body);
  Result<std::map<std::string, model::Value>> facts_for(const mapping::Flow& flow, const StoredRecord& record);

  // -- act.cpp
  Result<Unit> act(std::vector<Work> works);
  Result<Unit> read_sources_again(std::vector<Work>& works);
  Result<std::optional<Sent>> prepare(Work work);
  Result<Unit> journal(std::vector<Sent>& sent);
  static ports::WriteRequest request_of(const ports::Intent& intent);
  Result<Unit> deliver(std::vector<Sent>& sent);
  Result<bool> may_be_in_its_own_way(const Sent& sent);
  Result<Unit> not_confirmed(const Sent& sent, const ports::WriteOutcome& outcome);
  Result<Unit> confirm(const std::vector<Sent*>& sent, const std::vector<const ports::RawRecord*>& records);
  Result<Unit> complete(const Sent& sent, ports::Observation& observation, std::optional<Fault>& problem);
  Result<Unit> confirmed(const Sent& sent, RecordId target, const ports::Observation& seen,
                         const std::optional<Fault>& problem);
  Result<Unit> agree(RecordId record);
  Result<Unit> hold(RecordId record, std::string_view code, std::string_view reason);
  Result<Unit> wake_dependents(const Sent& sent, const ports::Observation& seen);
  Result<Unit> invoice_confirmed(const Sent& sent, RecordId target, const ports::Observation& seen);
  Result<Record> translated(Side from, const Record& record);

  // -- doubts.cpp
  Result<Unit> note_doubts();
  Result<Unit> resolve_doubts();
  Result<Unit> look_up_group(std::vector<Sent> group);
  Result<bool> is_anothers(const Sent& sent, const ports::Lookup& lookup);
  Result<bool> adopt_by_mark(const Sent& sent);
  Result<Unit> keeps_waiting(const Sent& sent, ports::Found answer);
  Result<Unit> never_applied(const Sent& sent, const ports::Lookup& lookup);
  Result<std::optional<Sent>> recall(const ports::Intent& intent);
  Result<Unit> reread_stale();

  // -- undo.cpp, undo_documents.cpp, undo_fields.cpp: what an undo would do
  Result<std::vector<ports::Intent>> written_for(const std::string& subject);
  Result<Unit> add_follow_ups(Undoing& undoing);
  Result<Undoing> gather(const std::string& subject, bool unapply, const std::string& own_plan);
  Result<Unit> work_out(Undoing& undoing);
  void withhold(Undoing& undoing, const ports::Intent& intent, const std::optional<StoredRecord>& record,
                std::string_view code, std::string reason);
  Result<Unit> require_same_undo(const decide::Plan& plan, const Undoing& undoing);
  std::vector<decide::Withheld> left_of(const Undoing& undoing) const;
  Result<RunReport> apply_undo(const decide::Plan& plan);
  Result<Unit> witness_undo(std::string_view action, const decide::Plan& plan);
  bool in_closed_period(const Record& document, std::string_view field);
  Date open_day(const Record& document);
  UndoStep undo_step(const StoredRecord& target, const Record& body, ports::WriteKind kind, std::string why);
  Result<Unit> undo_payment(Undoing& undoing, const ports::Intent& intent);
  struct PaidOn {
    Decimal voided, unapplied, stays;  ///< by payments that this undo voids, takes off, leaves alone
    Decimal by_credit;                 ///< what of it came from credit notes
    std::vector<StoredRecord> to_unapply;
  };
  Result<PaidOn> paid_on(const Undoing& undoing, const StoredRecord& invoice);
  Result<Unit> undo_allocation(Undoing& undoing, const StoredRecord& payment, const Record& invoice,
                               const std::string& invoice_id);
  Result<Unit> undo_allocations(Undoing& undoing, const PaidOn& paid, const Record& invoice,
                                const std::string& invoice_id);
  Result<Unit> undo_invoice(Undoing& undoing, const ports::Intent& intent);
  struct CreditsOf {
    std::optional<StoredRecord> own;  ///< a live one with credit left: only its application is missing
    std::int64_t own_number = 0;      ///< of its mark
    Decimal left;                     ///< its credit
    Decimal total;                    ///< of all live ones
    std::int64_t last = 0;            ///< the highest number of a mark that was ever used
    std::vector<std::string> notes;   ///< what people call the live ones
  };
  Result<CreditsOf> credits_of(const StoredRecord& invoice);
  Result<Unit> credit_invoice(Undoing& undoing, const ports::Intent& intent, const StoredRecord& invoice,
                              const Record& body, Decimal rest, const PaidOn& paid, const CreditsOf& credits);
  Result<Unit> apply_credit_step(Undoing& undoing, const StoredRecord& invoice, const Record& body, Decimal amount,
                                 const CreditsOf& credits, std::int64_t number);
  Result<Unit> credit_step(Undoing& undoing, const StoredRecord& invoice, const Record& body, Decimal amount,
                           const std::string& mark);
  Result<Unit> undo_credit_note(Undoing& undoing, const ports::Intent& intent);
  static void note_fields(const Record& now, const Record& wanted, ports::Intent& intent);
  Result<bool> is_settled(const StoredRecord& record);
  Result<bool> shown_is_reversed(const Undoing& undoing, const UndoneFields& fields);
  Result<Unit> undo_fields(Undoing& undoing, const UndoneFields& fields);
  Result<Unit> find_referring(Undoing& undoing);
  Result<Unit> undo_party(Undoing& undoing, const ports::Intent& intent);

  // -- undo_act.cpp
  Result<std::optional<Sent>> prepare_undo(UndoStep step);
  Result<Unit> act_undo(std::vector<UndoStep> steps);
  Result<Unit> note_answer(const Sent& sent);
  Result<Unit> confirmed_undo(const Sent& sent, RecordId target, const ports::Observation& seen,
                              const std::optional<Fault>& problem);
  static std::string undo_word(const ports::Intent& intent);
  void reread_after(const Sent& sent, const ports::Observation& seen);
  Result<Unit> set_undone(const StoredRecord& document, std::string_view how, const std::string& plan);
  static std::string undone_reason(const StoredRecord& record, const std::string& plan);
  Result<Unit> note_undone(const Undoing& undoing);

  // -- links.cpp: link surgery
  Result<Unit> add_documents(const StoredRecord& record, LinkTurn& turn);
  Result<std::optional<StoredRecord>> partner_of(const StoredRecord& record);
  std::string called(const StoredRecord& record);
  Result<Unit> take_apart(const StoredRecord& a, const std::optional<StoredRecord>& b, std::string_view what,
                          const std::string& by, const std::string& text);
  Result<Unit> put_together(const StoredRecord& a, const StoredRecord& b, std::string_view what, const std::string& by,
                            const std::string& text);
  std::string flow_between(std::string_view a, std::string_view b);
  Result<Unit> make_alias(const StoredRecord& record, const StoredRecord& primary, const std::string& by,
                          const std::string& told);
  Result<std::optional<StoredRecord>> former_partner(const StoredRecord& record);
  Result<Unit> hold_apart(const StoredRecord& record, const std::string& by);
  static std::string unlinked_reason(const StoredRecord& record, std::string_view by);
  static std::string alias_reason(const StoredRecord& record, std::string_view primary);

  // -- reissue.cpp
  Result<std::int64_t> last_revision(const StoredRecord& deal);
  Result<Unit> leave_document(const StoredRecord& record, std::string_view why, const std::string& by);
  Result<std::int64_t> next_revision(const StoredRecord& record, std::int64_t said);
  Result<bool> is_reversed(const StoredRecord& invoice, const Record& body);
  static std::int64_t decided_revision(const StoredRecord& record);
  // -- follow.cpp: merged, deleted, restored, re-created records
  Result<Unit> follow(Half& half, const ports::RawRecord& raw, const ports::Noted& noted);
  Result<Unit> merged(Side side, std::string_view type, const std::string& lost_id, const std::string& kept_id);
  Result<Unit> take_over(StoredRecord& lost, StoredRecord& kept, std::string_view why);
  Result<Unit> came_back(RecordId record);
  Result<Unit> confirm_gone();
  Result<Unit> merged_in_books();
  Result<std::string> survivor_of(const StoredRecord& record);
  Result<bool> set_aside_merged(const StoredRecord& record);
  Result<Unit> leave_empty_link(StoredRecord& kept, const StoredRecord& lost);
  Result<bool> take_over_late(StoredRecord& record, const StoredRecord& document);
  Result<bool> names_a_document(const std::string& customer);
  Result<Unit> partner_gone(const StoredRecord& record, const StoredRecord& partner);
  Result<bool> same_customer(std::string_view crm_id, std::string_view books_id);
  Result<std::vector<std::string>> ids_of(Side side, std::string_view type, const std::string& id);
  Result<std::optional<StoredRecord>> resembling_deleted(const StoredRecord& record, const Record& body);
  Result<Unit> mark_is_taken(const StoredRecord& record, const StoredRecord& invoice);
  Result<bool> barred_from_invoicing(const StoredRecord& record, const Record& body, const Record& invoice);
  Result<bool> replace_as_decided(StoredRecord& record);
  Result<Unit> abandoned(const mapping::Flow& flow, Side side, decide::MatchIndex& index);

  // -- doubts_by_hand.cpp
  Doubt doubt_of(const ports::Intent& intent, const StoredRecord& source);
  Result<Unit> believe_written(const Sent& sent, const std::string& id, const std::string& by, const std::string& why);
  Result<std::string> believe_never(const Sent& sent, const std::string& by, const std::string& why);
  Result<Unit> require_voided(const Sent& sent, const std::string& id);
  Result<Unit> note_settled(const Sent& sent, std::string_view code, const std::string& by, const std::string& why,
                            const std::string& what);

  // -- attempts.cpp: tries that are bounded, with growing waits
  Result<Unit> try_later(const StoredRecord& source, const ports::Intent& intent, const Fault& fault);
  Result<bool> waits_its_time(const StoredRecord& record);

  // -- replay.cpp
  Result<Unit> read_kept_page(const ports::KeptPayload& kept, std::map<Run::Place, std::set<std::string>>& ids,
                              ReplayReport& report);
  Result<Unit> read_again(const Run::Place& what, const std::vector<std::string>& ids, ReplayReport& report);
  Result<Unit> backfill_side(Half& half, const std::string& object, std::optional<Instant> since,
                             BackfillReport& report);
  Result<std::int64_t> try_again(const std::vector<StoredRecord>& records, const std::string& by,
                                 const std::string& told);
  Result<Unit> witness_start(std::string_view action, std::string_view by, std::string_view text);

  // -- breakers.cpp
  Result<Unit> note_gone();
  Result<Unit> weigh_deletions(Half& half);
  static Result<Unit> require_not_stopped(const StoredRecord& record);
  Result<Run::Lane*> lane_now(const std::string& lane);
  Result<Unit> keep_amounts(const std::string& lane, const std::map<RecordId, Decimal>& held);
  Result<Unit> stop(const Breaker& breaker, const std::vector<RecordId>& records);
  Result<std::vector<Breaker>> stopped_lanes();
  Result<std::set<std::string>> released_in(const std::string& lane);
  Result<bool> oscillates(const mapping::Flow& flow, const StoredRecord& source, const StoredRecord& target,
                          const std::string& body, const std::vector<decide::FieldStep>& steps);
  Result<std::string> opposite_rule(const StoredRecord& source, const StoredRecord& target, const std::string& body);

  // -- weigh.cpp
  Result<bool> weigh_changes();
  Result<Unit> weigh_plan();
  Result<Unit> weigh_works(std::vector<Work>& works);
  std::vector<std::string> lanes_of(const decide::Change& change);
  Result<std::vector<RecordId>> weigh_lane(const std::string& lane, const std::vector<const decide::Change*>& all);
  Result<std::optional<Breaker>> tripped(const std::string& lane, const decide::Change& first,
                                         const std::map<RecordId, Decimal>& counted, std::int64_t acted);
  Result<bool> is_released(const Run::Lane& lane, RecordId id);
  Result<Unit> weigh_if_many();
  Result<bool> many_to_decide();

  // -- sweep.cpp
  Result<Unit> sweep();
  Result<Unit> sweep_side(Half& half, bool everything);
  Result<Unit> take_notices();
  Result<Unit> note_gap(const Half& half, std::string_view state);

  // -- engine.cpp
  Result<Unit> rounds();
  Result<std::vector<std::string>> stale_lines(const decide::Plan& plan);
  Result<Unit> mark_plan(const decide::Plan& plan, std::string_view status);

  // -- witness.cpp
  /// Adds the line about an act to the audit log, in the transaction that is open. To be called for everything that
  /// is written to a vendor, that moves a link, or that a person decided; not for what merely settles by itself.
  /// Fails   store.transaction.none   there is no open transaction
  Result<Unit> witness(const Deed& deed);
  Result<Unit> begin_log();
  Result<Unit> witness_asked(const Sent& sent);
  Result<Unit> witness_outcome(std::string_view action, const Sent& sent, std::string_view code,
                               std::string_view answer);
  Result<Unit> keep_answers(const Half& there, std::vector<ports::Observation>& observations,
                            const std::vector<const ports::RawRecord*>& records);
  Result<Unit> witness_confirmed(const Sent& sent, RecordId target, const ports::Observation& seen,
                                 std::string_view answer);
  Result<Unit> witness_adopted(const Sent& sent, const StoredRecord& found);
  Result<Unit> witness_link(LinkId link, std::string_view how, const Named& a, const Named& b);
  Result<Unit> witness_alias(const Named& lost, const Named& kept, std::string_view by, std::string_view why);
  Result<Unit> witness_held(const Named& record, std::string_view code,
                            ports::PayloadId payload = ports::PayloadId::none);
  Result<Unit> witness_approval();
  Result<Unit> witness_configuration();
  Result<Unit> witness_account(const Half& half);

  // -- review.cpp, explain.cpp
  Result<StoredRecord> named(const std::string& text);
  Result<ReviewItem> review_item(const StoredRecord& record);
  Result<ReviewItem> decided(const std::string& record, const std::string& decision, const std::string& told,
                             std::string_view action, const std::string& by);
  Result<std::vector<ExplainLine>> story(const StoredRecord& record);

  // -- reconcile.cpp
  Result<TieOut> tie_out();
  Result<Unit> store_unknown(Half& half, const std::vector<ports::RawRecord>& records);
  template <class Take>
  Result<Unit> read_afresh(Half& half, const Take& take);

  // -- tell.cpp: names and titles for people
  static std::string name_of(const StoredRecord& record);
  static std::string title_of(const Record& record);
};

ports::ContentDigest short_digest(const Record& record);

/// Adds the time of a scope to a stage of the run, by the engine's clock. Its place among the stages is made at the
/// beginning: the end of a scope allocates nothing, so that running out of memory stays an exception.
class StageClock {
 public:
  StageClock(Run& run, const std::string& stage, const ports::Clock& clock)
      : spent_(run.stage_ms[stage]), clock_(clock), begun_(clock.now()) {}
  StageClock(const StageClock&) = delete;
  StageClock& operator=(const StageClock&) = delete;
  ~StageClock() { spent_ += (clock_.now() - begun_).count(); }

 private:
  std::int64_t& spent_;
  const ports::Clock& clock_;
  Instant begun_;
};

}  // namespace tieout::engine
