// What the auditor knows, in its own words: a sale is a deal as it was from one moment to the next, a bill is an
// invoice with every state it was ever in, money in is a payment. It is filled from the vendors' own tables whenever
// one of them is told of a write, which also says who wrote; it is never told anything by the engine.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/auditor/auditor.hpp"
#include "sim/auditor/sums.hpp"

namespace tieout::sim::audit {

namespace hs = sandbox::hubspot;
namespace qb = sandbox::quickbooks;
using sandbox::Deed;
using sandbox::Written;

/// A deal, unchanged from `since` to the next version.
struct SaleVersion {
  Instant since{};
  bool live = false, won = false;
  std::string company;  ///< id, "" when none
  std::size_t lines = 0;
  std::optional<Worth> worth;  ///< absent when a line has no price or no quantity
  std::optional<Cents> amount, receipt;
};
using Sale = std::vector<SaleVersion>;

struct BillState {
  Instant since{};
  bool live = false;  ///< neither void nor deleted
  Cents total = 0, open = 0;
  std::string customer, number;
};
struct Bill {
  std::string mark;   ///< what stands between the brackets of our mark in its note
  std::string sale;   ///< the deal's id in the mark
  bool ours = false;  ///< written by the engine
  std::vector<BillState> states;
};
struct MoneyIn {
  std::string mark;
  bool ours = false, live = true;
  Cents amount = 0;
};
/// A name of either side that may be linked with one of the other.
struct Party {
  std::set<std::string> names;  ///< all it ever had
  bool ours = false;
  std::string made_as;               ///< the name under which the engine made it
  std::set<std::string> forerunner;  ///< ids that were merged into it
  std::set<std::string> numbers;     ///< SKUs
  std::set<std::string> ever;        ///< properties that a person ever filled in
  std::map<std::string, Instant>
      cleared;                          ///< property → when a person struck it out; no entry when it was filled since
  std::optional<Instant> linked_since;  ///< as the engine's reports said
};

/// "[tieout:deal/1021/1]" in the note → "deal/1021/1"; "" when there is none.
std::string mark_in(std::string_view note);
std::string part_of(std::string_view mark, int part);
std::string plain(std::string_view name);  ///< letters and digits alone, in small letters

class Ledger {
 public:
  explicit Ledger(const Company& company);
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;
  ~Ledger();

  std::vector<Violation> take();
  void person(const Action& action, Instant now);
  void step_ended(const Step& step, engine::Engine* engine, Instant now);
  void at_rest(engine::Engine& engine, Instant now);

 private:
  void found(Harm harm, std::string check, std::string record, std::string text);

  // ledger.cpp: keeping the model in step with the tables
  void crm_wrote(const Written& written);
  void books_wrote(const Written& written);
  void look_at_sales(Instant now);
  SaleVersion sale_now(const hs::Record& deal, Instant now) const;
  void look_at_documents(Instant now);
  void note_bill(std::int64_t id, Instant now);
  void note_payment(std::int64_t id);
  std::string text(hs::Type type, const hs::Record& record, std::string_view property) const;
  const hs::Record* crm_record(hs::Type type, const std::string& id) const;

  // writes.cpp: was each write of the engine asked for, and made once?
  void judge_crm(const Written& written);
  void judge_books(const Written& written);
  void judge_bill(const Written& written);
  void judge_receipt(const Written& written);
  void judge_write_back(const Written& written);
  void judge_mirror(hs::Type type, const Written& written);
  void judge_customer(const Written& written);
  void judge_refused(const Written& written);
  void doubles_of(const std::string& mark);
  bool undo_asked(Instant now) const;

  // states.cpp: does every record stand where the engine's reports say?
  void count(engine::Engine& engine, bool at_end);
  void count_kind(engine::Engine& engine, ports::Side side, std::string_view type, bool at_end);
  void judge_links(ports::Side side, std::string_view type, const std::vector<engine::Standing>& all);
  bool same_thing(const Party& ours, const Party& theirs, const std::string& id) const;

  // closing.cpp: when all is quiet
  void close_sales(const std::vector<engine::Standing>& deals);
  void close_sale(const engine::Standing& deal, const SaleVersion& sale);
  void close_shown(const engine::Standing& deal);
  void close_pairs(const std::vector<engine::Standing>& companies);
  void close_products(const std::vector<engine::Standing>& products);
  void close_made(const std::vector<engine::Standing>& companies);
  void close_sums(engine::Engine& engine, const std::vector<engine::Standing>& deals);
  const Bill* live_bill(const std::string& id) const;

  const Company& company_;
  std::vector<Violation> found_;
  std::map<std::string, Sale> sales_;
  std::set<std::string> stale_sales_;  ///< to be looked at again
  std::map<std::string, Bill> bills_;
  std::map<std::string, MoneyIn> money_;
  std::map<std::string, Party> companies_, customers_, products_, items_;
  std::set<std::string> accepted_;       ///< "company 12": a person said what it is linked to, or corrected it
  std::set<std::string> skipped_;        ///< "deal 12", by a person, with a reason
  std::set<std::string> unsure_;         ///< "deal 12": the process died while a person decided about it
  std::map<std::string, Instant> word_;  ///< when a person last decided about a record
  std::map<std::string, std::set<std::string>> known_links_;  ///< "company 12" → partners judged already
  std::string step_;                                          ///< what the last one was and how it ended: "sync done"
  std::size_t bills_seen_ = 0, money_seen_ = 0;
  std::int64_t writes_in_step_ = 0;
  std::string lock_date_;
  Instant lock_moved_{}, undo_at_{}, last_count_{};
  bool restored_ = false;  ///< an old backup was put back: what people decided may be forgotten
};

}  // namespace tieout::sim::audit
