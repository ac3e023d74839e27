// The engine: carries records through observe → decide → act → prove and commits after each step. It is the only loop.
// It asks the world for everything through ports, so the same object runs against real vendors, sandboxes and the
// simulator. All faces (command line now, API and pages later) call these operations and nothing below them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "decide/plan.hpp"
#include "engine/reports.hpp"
#include "mapping/mapping.hpp"
#include "ports/connector.hpp"
#include "ports/store.hpp"
#include "ports/world.hpp"

namespace tieout::engine {

/// When a lane stops itself and asks. A share counts only together with its least number, so that small books are not
/// stopped by a handful; the first load, when nothing is linked yet, is never a mass change.
struct Breakers {
  int delete_percent = 5;  ///< of the linked records of a type that are gone within the window
  std::int64_t delete_least = 20;
  int update_percent = 20;  ///< of the linked records of a type that one run would rename or change
  std::int64_t update_least = 200;
  int create_percent = 50;  ///< new records against those linked, in one run
  std::int64_t create_least = 1000;
  std::map<std::string, Decimal> money;  ///< by currency: the most new receivables and payments of one run; absent: any
  int flips = 4;                         ///< the same content written to the same record so often within the window
  Milliseconds window = std::chrono::hours{24};
};

struct Connection {
  std::string name;    ///< "crm", "books": as in tieout.yaml
  std::string vendor;  ///< "hubspot", "quickbooks": finds the mapping pack
  ports::Connector* connector = nullptr;
  std::string account = {};  ///< as configured; when given, another one than before is refused before anything is read
  Breakers breakers = {};    ///< for changes that come from this side
};

struct EngineSettings {
  std::string entity = "main";
  std::string operated_by;  ///< who runs the commands, for the audit log; empty: Tieout itself
  /// How long after an unanswered write a look-up that finds nothing is believed.
  Milliseconds settle{120'000};
  /// A write that the vendor asked to try later is tried so often, with growing waits; then it is failed (dead letter).
  int most_attempts = 12;
  Milliseconds longest_wait = std::chrono::minutes{30};
  /// Every linked record is asked for by its id within this time, a slice with each sync. Zero: never.
  Milliseconds sweep_within = std::chrono::hours{24};
  /// Values for the packs' `settings` variable, by name: "rounding_level" → "line"…
  std::vector<std::pair<std::string, std::string>> mapping_settings;
};

/// Progress for a terminal: stage name, done, expected (0 when unknown).
using Progress = std::function<void(std::string_view stage, std::int64_t done, std::int64_t expected)>;

class Engine {
 public:
  /// All references must outlive the engine. `packs` must hold packs for both vendors.
  Engine(ports::Store& store, Connection crm, Connection books, const mapping::PackSet& packs, ports::Clock& clock,
         EngineSettings settings);
  ~Engine();
  void on_progress(Progress progress);

  /// Observes both sides and says what would be written. Writes to no vendor. The plan is kept in the store by its id.
  Result<decide::Plan> plan();

  /// Does exactly what the plan says, or nothing: observes first, and when a change of the plan would now be another
  /// one, fails with plan.stale before any write. Write-backs that policy covers (deal-status) follow. What is
  /// already done (after an interruption) is not done again.
  Result<RunReport> apply(const decide::Plan& plan);

  /// Observe, decide, act until nothing is left to do. Every write is covered by the policy of its flow; the plan
  /// that it made is kept and named in the report.
  Result<RunReport> sync();

  /// What would reverse all writes of a plan or run ("plan-7f3a09c1", "run-…"), or of a record, its partner and its
  /// receipt ("deal 9120"): kept as a plan by its id ("undo-…"), carried out by apply() exactly so or not at all. What
  /// can not be reversed is withheld, with the reason. `unapply`: payments of others are taken off an invoice first
  /// (the money becomes credit of the customer), instead of crediting only what is not paid yet. Fails   undo.nothing
  /// (nothing was written for it), record.unknown, record.ambiguous.
  Result<decide::Plan> plan_undo(const std::string& subject, bool unapply);
  /// What was written lately, by plan or run, latest first: what undo can be asked for.
  Result<std::vector<ports::Written>> written(int limit);

  Result<StatusReport> status();

  /// `record`: a vendor id ("9120"), "deal 9120", "deal:9120", "crm deal 9120". Fails with record.unknown,
  /// record.ambiguous (names the choices).
  Result<Explanation> explain(const std::string& record);

  /// Every record of that kind, each once, in order of first sight.
  Result<std::vector<Standing>> standings(ports::Side side, std::string_view type);
  /// All that the audit log tells of a record and its partner, the lines that these refer to, and the texts that they
  /// name by digest: vendor's words, requests, answers. Fails as explain does.
  Result<Evidence> evidence(const std::string& record);

  // -- review: decisions of a person; they take effect with the next plan, apply or sync
  Result<std::vector<ReviewItem>> review();
  Result<ReviewItem> accept(const std::string& record, const std::string& partner,
                            const std::string& by);                                 ///< partner "" = the suggested one
  Result<ReviewItem> create_new(const std::string& record, const std::string& by);  ///< not the suggested one: create
  Result<ReviewItem> skip(const std::string& record, const std::string& reason, const std::string& by);
  Result<ReviewItem> retry(const std::string& record, const std::string& by);
  /// Lets a deal whose invoice is void, deleted or credited be invoiced again, as the next billing revision
  /// ("deal/9120/2"), with the next plan or sync. A decision of a person, and the only way.
  /// Fails   reissue.not_a_deal, reissue.document_stands (undo it first), reissue.no_document.
  Result<ReviewItem> reissue(const std::string& record, const std::string& by);
  /// Overrides one canonical field for what is written to the other side: fix("company 12", "name", "Acme (Customer)").
  Result<ReviewItem> fix(const std::string& record, const std::string& field, const std::string& value,
                         const std::string& by);

  // -- link surgery: only our cross-reference changes, no document of either side is touched. Without `carry_out` each
  // only shows what it would do, and which documents and money stand behind it.
  /// Takes a record and its partner apart; matching never links that pair again by itself. Fails with link.none.
  Result<LinkTurn> unlink(const std::string& record, const std::string& by, bool carry_out);
  /// Points a record at another partner, by its vendor id on the other side (of an invoice's deal and the other way
  /// round, too). Fails with link.partner.unknown, link.partner.taken, link.same.
  Result<LinkTurn> repoint(const std::string& record, const std::string& partner, const std::string& by,
                           bool carry_out);
  /// Two records of one side are the same thing: the second is kept as another name of the first, its partner as
  /// another name of the first's partner. Fails with link.merge.kind, link.merge.alias.
  Result<LinkTurn> merge_links(const std::string& primary, const std::string& secondary, const std::string& by,
                               bool carry_out);
  /// Takes a merge back: the record stands for itself, linked as before. Fails with link.not_merged.
  Result<LinkTurn> split(const std::string& record, const std::string& by, bool carry_out);
  Result<LinkHistory> link_history(const std::string& record);
  // -- when things went wrong: docs/guide/when-things-go-wrong.md
  /// Writes without a clear answer, oldest first.
  Result<std::vector<Doubt>> doubts();
  /// A person ends the doubt about a write for `record`. With `written_id`: that record of the vendor is it; it is read
  /// and must carry our mark or what was sent (else doubt.evidence, doubt.taken). Without: it never arrived; looked up
  /// once more first (found after all: it is taken as written; before its settle time: doubt.too_early). Fails with
  /// doubt.none when no write of that record is in doubt.
  Result<Doubt> end_doubt(const std::string& record, const std::optional<std::string>& written_id,
                          const std::string& by, const std::string& why);
  /// What failed for good or was refused, grouped by cause.
  Result<std::vector<DeadLetters>> dead_letters();
  /// Tries again with the next plan, apply or sync: one record, or all that stand with that code. Returns how many.
  Result<std::int64_t> replay_record(const std::string& record, const std::string& by);
  Result<std::int64_t> replay_code(const std::string& code, const std::string& by);
  /// Everything captured in [since, until): read from the kept pages as it was then, read at the vendor as it is now,
  /// and marked to be decided again. Writes nothing by itself; where nothing differs, the next sync writes nothing.
  Result<ReplayReport> replay(Instant since, Instant until, const std::string& by);
  /// Reads the past from the vendors again, beside the place-marks of the deltas. Goes on where an interrupted one
  /// stopped. `object`: the vendor's object name, empty for all; `since`: only what was modified from then on.
  Result<BackfillReport> backfill(const std::string& object, std::optional<Instant> since, const std::string& by);
  /// Lanes that stand still.
  Result<std::vector<Breaker>> breakers();
  /// Lets exactly what a lane holds now go on; what comes later is counted anew. Fails with breaker.unknown.
  Result<Breaker> release(const std::string& lane, const std::string& by, const std::string& why);

  /// Reads both sides afresh and compares invoices, payments and customers' open balances to the cent.
  Result<TieOut> reconcile();

  /// All canonical records of a side as last seen, for `audit` and exports.
  Result<std::vector<model::Record>> records(ports::Side side, std::string_view type);
  /// Reads both sides into the store without deciding anything.
  Result<ObserveReport> observe();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tieout::engine
