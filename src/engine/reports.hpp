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

struct RunReport {
  std::string command;  ///< "plan", "apply", "sync"
  ObserveReport observed;
  WriteCounts written;
  std::map<std::string, std::int64_t> calls;  ///< by connection name ("crm", "books")
  std::vector<ports::Tally> tally;            ///< every record in exactly one state
  std::int64_t records = 0;                   ///< equal to the sum of the tally; checked
  std::vector<decide::Withheld> withheld;     ///< held, failed and waiting records (first 1,000)
  std::vector<StageTime> stages;
  std::string plan_id;   ///< what was applied
  bool complete = true;  ///< false: something is in doubt or to be retried (exit 6 or 75)
};

struct StatusReport {
  std::string entity;
  std::vector<ports::Tally> tally;
  std::int64_t records = 0, links = 0, dirty = 0, unfinished_intents = 0;
  std::vector<decide::Withheld> withheld;
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

using prove::Cause;
using prove::CurrencyTotals;
using prove::Difference;
using prove::TieOut;

}  // namespace tieout::engine
