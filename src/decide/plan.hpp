// A plan: every write that Tieout would make, with money totals, before anything is written. A change says what, where,
// why and how much, and carries the digest of the wanted record, so that apply can prove that it does exactly what was
// approved: the plan is recomputed at apply time and a change whose digest moved makes the plan stale.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "money/decimal.hpp"
#include "ports/connector.hpp"
#include "ports/store.hpp"

namespace tieout::decide {

/// One field of an update, in words.
struct FieldStep {
  std::string field;
  std::string before;
  std::string after;
  std::string owner;  ///< whose value won and why: "books", "crm", "only crm changed"
};

struct Change {
  std::string flow;  ///< "customers", "products", "invoices", "deal-status", "receipts"
  ports::WriteKind kind = ports::WriteKind::create;
  ports::Side side = ports::Side::books;  ///< where it is written
  std::string type;                       ///< canonical type written: "invoice"
  ports::RecordId source = ports::RecordId::none;
  ports::RecordId target = ports::RecordId::none;
  std::string source_name;  ///< "deal 9120"
  std::string title;        ///< "Order 10248 · Vins et alcools Chevalier"
  std::string target_name;  ///< number or id of what is changed, empty for a create
  ports::ContentDigest wanted{};
  std::string target_version;    ///< version it was computed against
  std::string currency;          ///< of amount; empty when no money moves
  Decimal amount;                ///< invoice total or payment amount: new receivables, money received
  std::vector<FieldStep> steps;  ///< updates only
  std::string why;               ///< undo: what is done and by which rule, in words

  /// Names the change for ever: the same wish computed again has the same key.
  std::string key() const;
};

/// What is not going to happen, and why: shown with the plan.
struct Withheld {
  ports::RecordId record = ports::RecordId::none;
  std::string name;  ///< "deal 9133"
  std::string title;
  ports::State state = ports::State::held;
  std::string code;
  std::string reason;
};

struct Plan {
  std::string id;      ///< "plan-7f3a09c1" or "undo-7f3a09c1", from the digest
  std::string digest;  ///< hex SHA-256 over the changes in order
  Instant created_at{};
  std::vector<Change> changes;  ///< in the order in which they will be written
  std::vector<Withheld> withheld;
  std::map<std::string, Decimal> new_receivables;       ///< by currency: invoices to create
  std::map<std::string, Decimal> payments;              ///< by currency: receipts to post
  std::map<std::string, std::int64_t> calls;            ///< by connection name
  std::int64_t estimated_seconds = 0;                   ///< under the vendors' limits
  std::int64_t follow_ups = 0;                          ///< write-backs that policy covers, after the invoices exist
  std::string undoes;                                   ///< what this plan reverses; empty: it is no undo
  bool unapply = false;                                 ///< undo: payments are taken off invoices first
  std::map<std::string, Decimal> reversed_receivables;  ///< by currency: invoices to void, credit notes
  std::map<std::string, Decimal> reversed_payments;     ///< by currency: payments to void

  std::int64_t count(ports::WriteKind kind) const;
  /// Fills id, digest and totals from the changes.
  void seal();
};

json::Value to_json(const Plan& plan);
/// Fails with plan.malformed or plan.tampered (the digest does not fit the changes).
Result<Plan> plan_from_json(const json::Value& value);

}  // namespace tieout::decide
