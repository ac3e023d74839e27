// What the engine's operations answer: plain structs that the command line prints and the API will serialise.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "decide/plan.hpp"
#include "money/decimal.hpp"
#include "ports/store.hpp"

namespace tieout::engine {

/// Seconds of wall time and CPU a stage took, for `bench` and --json.
struct StageTime {
  std::string stage;  ///< "observe.fetch", "observe.normalise", "observe.store", "decide", "act.send", "act.store", …
  double wall_s = 0;
};

struct ObserveReport {
  std::int64_t fetched = 0, fresh = 0, changed = 0, unchanged = 0, quarantined = 0;
};

struct WriteCounts {
  std::int64_t created = 0, updated = 0, voided = 0;
  std::int64_t refused = 0;    ///< the vendor said no: held with its reason
  std::int64_t in_doubt = 0;   ///< no clear answer yet: will be looked up, never sent blindly
  std::int64_t retry_later = 0;
  std::int64_t total() const { return created + updated + voided; }
};

struct RunReport {
  std::string command;  ///< "plan", "apply", "sync"
  ObserveReport observed;
  WriteCounts written;
  std::map<std::string, std::int64_t> calls;  ///< by connection name ("crm", "books")
  std::vector<ports::Tally> tally;            ///< every record in exactly one state
  std::int64_t records = 0;                   ///< equal to the sum of the tally; checked
  std::vector<decide::Withheld> withheld;     ///< held, failed and waiting records (first 1,000)
  std::vector<StageTime> stages;
  std::string plan_id;  ///< what was applied
  bool complete = true; ///< false: something is in doubt or to be retried (exit 6 or 75)
};

struct StatusReport {
  std::string entity;
  std::vector<ports::Tally> tally;
  std::int64_t records = 0, links = 0, dirty = 0, unfinished_intents = 0;
  std::vector<decide::Withheld> withheld;
  std::string last_sync_at;  ///< RFC 3339, empty when never
};

struct ExplainLine {
  std::string at;    ///< RFC 3339 or empty
  std::string text;  ///< one sentence
};
struct Explanation {
  std::string name;   ///< "deal 9120 (crm)"
  std::string title;
  std::string state;
  std::string reason_code;
  std::string reason;
  std::string linked_to;           ///< "invoice 145 (books), number 1042"
  std::vector<ExplainLine> story;  ///< oldest first
  std::vector<std::pair<std::string, std::string>> fields;  ///< canonical field → value as text
};

struct ReviewItem {
  ports::RecordId id = ports::RecordId::none;
  std::string name;  ///< "company 1021"
  std::string side;
  std::string title;
  std::string state;
  std::string code;
  std::string reason;
  std::string suggested;  ///< vendor id of the suggested partner, when there is exactly one
  std::string suggested_title;
  int score = 0;          ///< 0..1000
};

enum class Cause : std::uint8_t {
  not_invoiced,       ///< a won deal without invoice: held, waiting or not yet synchronised
  total_differs,      ///< the invoice total is not what the deal and the mapping say
  status_not_back,    ///< the deal does not show what the books say (paid, open, total)
  missing_in_books,   ///< linked invoice is gone from the books
  void_in_books,      ///< voided there, the deal still counts it
  doubled,            ///< two invoices carry the same mark
  unlinked_invoice,   ///< in the books only: never came from a deal (information, not an error)
  payment_unapplied,  ///< money received that settles no invoice
  balance_differs,    ///< a customer's open balance differs between the sides
};
std::string_view to_text(Cause cause);

struct Difference {
  Cause cause = Cause::not_invoiced;
  bool explained = false;  ///< held or skipped with a reason, or information only: does not break the verdict
  std::string record;      ///< "deal 9133"
  std::string title;
  std::string currency;
  Decimal crm;             ///< amount on each side
  Decimal books;
  std::string what;        ///< one sentence with the mend
};

struct CurrencyTotals {
  std::int64_t invoices = 0;
  Decimal invoiced_crm, invoiced_books;  ///< what the deals say (by the mapping's rounding) and what the books say
  Decimal paid_crm, paid_books;
  Decimal open_crm, open_books;
};

struct TieOut {
  bool ties_out = false;
  std::string verdict;  ///< the sentence
  std::map<std::string, CurrencyTotals> totals;  ///< by currency, never summed across
  std::int64_t customers_compared = 0;
  std::int64_t won_deals = 0, invoiced_deals = 0, held_deals = 0;
  std::vector<Difference> differences;
  std::string as_of;
};

}  // namespace tieout::engine
