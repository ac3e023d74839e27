// What the engine's operations answer: plain structs that the command line prints and the API will serialise.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "decide/plan.hpp"
#include "money/decimal.hpp"
#include "ports/store.hpp"
#include "prove/tie_out.hpp"

namespace tieout::engine {

/// How long a stage took, for `bench` and --json.
struct StageTime {
  std::string stage;  ///< "observe.fetch", "observe.normalise", "observe.store", "decide", "act.send", "act.store", …
  std::int64_t wall_ms = 0;
};

struct ObserveReport {
  std::int64_t fetched = 0, fresh = 0, changed = 0, unchanged = 0, quarantined = 0;
};

struct WriteCounts {
  std::int64_t created = 0, updated = 0, voided = 0;
  std::int64_t refused = 0;   ///< the vendor said no: held with its reason
  std::int64_t in_doubt = 0;  ///< no clear answer yet: will be looked up, never sent blindly
  std::int64_t retry_later = 0;
  std::int64_t total() const { return created + updated + voided; }
};

/// A lane that stopped itself because too much would have changed at once, or because two rules undo each other.
struct Breaker {
  std::string lane;        ///< "customers/update/books", "delete/crm/deal", "oscillation/17": what release takes
  std::string code;        ///< "breaker.mass_update"…
  std::string text;        ///< what was stopped, against which limit, and what to do
  std::int64_t count = 0;  ///< records of that cause when it tripped
  std::int64_t of = 0;     ///< of how many
  std::int64_t held = 0;   ///< held by it now
  Instant at{};
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
  std::vector<Fault> notices;     ///< what a connector has to say about completeness: a gap in the changes told
  std::vector<Breaker> breakers;  ///< lanes that stand still until a person releases them
  std::string plan_id;            ///< what was applied
  bool complete = true;           ///< false: something is in doubt or to be retried (exit 6 or 75)
  bool partly = false;            ///< steps of an undo were refused or left undone: exit 6, whatever was written
};

struct StatusReport {
  std::string entity;
  std::vector<ports::Tally> tally;
  std::int64_t records = 0, links = 0, dirty = 0, unfinished_intents = 0;
  std::vector<decide::Withheld> withheld;
  std::vector<Breaker> breakers;
  std::string last_sync_at;  ///< RFC 3339, empty when never
};

/// One line of the audit log about a record, with the texts that it names by digest.
struct EvidencePiece {
  std::int64_t line = 0;
  std::string at, action, by;
  std::string source;   ///< the vendor's words from which the record was read
  std::string request;  ///< what was asked of the vendor
  std::string answer;   ///< what the vendor said
};
struct Evidence {
  std::vector<EvidencePiece> pieces;
  std::vector<ports::LogLeaf> lines;         ///< with the lines that they refer to, by number
  std::map<std::string, std::string> texts;  ///< SHA-256 in hex → text
};

struct ExplainLine {
  std::string at;    ///< RFC 3339 or empty
  std::string text;  ///< one sentence
};
struct Explanation {
  std::string name;  ///< "deal 9120 (crm)"
  std::string title;
  std::string state;
  std::string reason_code;
  std::string reason;
  std::string linked_to;                                    ///< "invoice 145 (books), number 1042"
  std::vector<ExplainLine> story;                           ///< oldest first
  std::vector<std::pair<std::string, std::string>> fields;  ///< canonical field → value as text
  std::vector<std::int64_t> log_lines;                      ///< numbers of the audit log's lines about it
  std::vector<EvidencePiece> evidence;                      ///< only when asked for (--payload)
};

/// Where one record stands, for lists, exports and audits from outside.
struct Standing {
  std::string id;       ///< as the vendor gives it
  std::string partner;  ///< id of what it is linked to on the other side, empty when it is not
  ports::State state = ports::State::pending;
  std::string code;      ///< why it is held, waits or is skipped
  bool waits = false;    ///< pending because another record has to come first
  bool deleted = false;  ///< gone from its side
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
  int score = 0;  ///< 0..1000
};

/// What a turn of link surgery does, or would do.
struct LinkTurn {
  struct Document {
    std::string name, title, status, currency;
    Decimal total, open;
  };
  std::string what;                                          ///< "unlink", "repoint", "merge", "split"
  std::vector<std::string> says;                             ///< what changes, one sentence each
  std::vector<Document> documents;                           ///< they stay as they are
  std::map<std::string, std::pair<Decimal, Decimal>> money;  ///< by currency: total and open of these documents
  std::string back;                                          ///< the command that takes it back
  bool done = false;
};
struct LinkHistory {
  std::string name, linked_to, how;
  std::vector<std::string> other_names, refused;
  std::vector<ExplainLine> turns;  ///< oldest first
};

/// A write whose outcome nobody told us (state in_doubt in the journal).
struct Doubt {
  std::string record;  ///< "deal 9120": what asked for it
  std::string title;
  std::string what;       ///< "create an invoice in books"
  std::string key;        ///< idempotency key that it was sent under
  std::string reference;  ///< our mark in the vendor's record, empty when it has none
  std::string content;    ///< the request, as sent
  Instant sent_at{};
  int look_ups = 0;
  Instant looked_up_at{};     ///< zero: not yet
  std::string answer;         ///< of the last look-up, or of the attempt
  Instant believed_from{};    ///< from then on a look-up that finds nothing is believed
  bool needs_person = false;  ///< the time is over, and look-ups still can not tell
  std::string outcome;        ///< after it was ended: what was decided
};

/// Records that wait for the same cause to be mended.
struct DeadLetters {
  std::string code;
  std::string state;  ///< "failed": tried until the limit; "held": refused for good
  std::string cause;  ///< in the words of the first of them
  std::vector<decide::Withheld> records;
};

struct ReplayReport {
  std::int64_t pages = 0;       ///< kept pages read again
  std::int64_t records = 0;     ///< different records in them
  std::int64_t unreadable = 0;  ///< as they were then, by the mapping of today
  std::int64_t reread = 0;      ///< read again at the vendor
  std::int64_t changed = 0;     ///< other than we knew
  std::int64_t gone = 0;
  std::int64_t marked = 0;  ///< to be decided again with the next plan, apply or sync
};

struct BackfillReport {
  bool resumed = false;  ///< went on where an interrupted one stopped
  std::int64_t fetched = 0, taken = 0, fresh = 0, changed = 0, unchanged = 0;
};

using prove::Cause;
using prove::CurrencyTotals;
using prove::Difference;
using prove::TieOut;

}  // namespace tieout::engine
