// Undo, inside the engine: what one undo knows while its plan is made or carried out. It is worked out from the journal
// alone (which writes were confirmed, what they changed), then looked at document by document: what state and period
// allow decides between a void, a credit note, an old value put back, and a reason why not. Working it out is repeated
// before every step of apply, so that a crash, a lost answer or a colleague's edit in between is simply seen.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/parts.hpp"

namespace tieout::engine {

/// The order in which the steps of an undo are sent; a later phase starts when the earlier ones are answered.
enum class UndoPhase : std::uint8_t { payments, documents, apply_credit, fields, parties };

struct UndoStep {
  explicit UndoStep(Work work_) : work(std::move(work_)) {}
  Work work;
  UndoPhase phase = UndoPhase::documents;
  bool ready = true;      ///< false: waits for a step of an earlier phase; shown in the plan all the same
  std::string version;    ///< the target's version now; the change itself names none, because earlier steps move it
  std::string reference;  ///< our mark, creates
};

/// One record whose fields were changed: the writes that did it, oldest first.
struct UndoneFields {
  Side side = Side::crm;
  std::string type;
  std::string vendor_id;
  std::vector<const ports::Intent*> writes;
};

struct Undoing {
  std::string subject;                 ///< "plan-7f3a09c1", "run-…", "deal 9120"
  bool unapply = false;                ///< take money of others off an invoice first, instead of crediting the rest
  std::string own_plan;                ///< id of the undo that is carried out; empty while it is planned
  std::vector<ports::Intent> intents;  ///< confirmed writes, oldest first
  std::vector<UndoStep> steps;
  std::vector<decide::Withheld> withheld;
  std::set<RecordId> reversed;  ///< documents that are void, or will be by a step of this undo
  std::set<RecordId> standing;  ///< invoices that can not be reversed: what they show on their deals stays
  std::vector<std::pair<StoredRecord, std::string>>
      undone;  ///< documents that are reversed already: vendor's word, how
  /// Live documents of the books by the party or product that they refer to: "company:58" → their names.
  std::map<std::string, std::vector<std::pair<RecordId, std::string>>> referring;
  bool referring_known = false;
};

/// A name for what a step wants, independent of versions: the same wish has the same digest.
ports::ContentDigest undo_digest(std::string_view what);
bool is_undo(std::string_view plan);
/// "USD 1,200.00", in the currency of the document.
std::string undo_in_words(const Record& document, Decimal amount);

}  // namespace tieout::engine
