// The audit before connecting: reads the records of both sides as they are and says what would give trouble, record by
// record, with a remedy; which accounting fields the CRM has, which can be derived and which are missing; a score for
// each side with the way it is computed; and what to mend first. It proposes and never changes anything. Pure.
//
// A million records a side stay bounded: doubles by a key are found by hashing, doubles by a similar name by sorting
// and looking at neighbours only (preflight_doubles.hpp). The same records in another order give the same report.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/record.hpp"

namespace tieout::prove {

enum class AuditSide : std::uint8_t { crm, books };
std::string_view to_text(AuditSide side);

/// A canonical record with its id in its own system.
struct Named {
  std::string id;
  model::Record record;
};

struct AuditInput {
  std::vector<Named> crm_companies, books_companies;
  std::vector<Named> crm_contacts, books_contacts;
  std::vector<Named> crm_products, books_products;
  std::vector<Named> deals;
  std::vector<std::string> books_currencies;  ///< that documents may carry; empty: not known, not checked
  std::vector<std::string> books_terms;       ///< payment terms of the books by name; empty: not known, not checked
};

enum class Severity : std::uint8_t {
  blocker,  ///< this record cannot be synchronised as it is
  warning,  ///< it can, but a person will be asked or a figure may surprise
  note,     ///< worth knowing
};
std::string_view to_text(Severity severity);

struct Finding {
  std::string kind;  ///< stable word: "duplicate_name", "tax_id_check_digit", …
  Severity severity = Severity::note;
  AuditSide side = AuditSide::crm;
  std::string record;  ///< "company 1021"
  std::string title;
  std::string what;  ///< what is wrong
  std::string fix;   ///< what mends it, where
};

enum class Availability : std::uint8_t { present, derivable, missing };
std::string_view to_text(Availability availability);

/// One accounting field of the canonical declaration.
struct FieldCheck {
  std::string field;  ///< "invoice.due_on"
  Availability availability = Availability::missing;
  bool is_required = false;
  std::int64_t filled = 0;  ///< CRM records that have it
  std::int64_t of = 0;
  std::string how;  ///< where it comes from, or what to do about it
};

/// One kind of trouble on one side, as a piece of work.
struct Fix {
  AuditSide side = AuditSide::crm;
  std::string kind;
  Severity severity = Severity::note;
  std::int64_t records = 0;  ///< that show it
  Decimal points;            ///< by which the side's score rises, exact to two places, when all of them are mended
  std::string what;          ///< the remedy of its first finding
};

/// Each record carries trouble in thirds: a blocker 3, a warning 1, a note 0, at most 3 together. The score is the
/// share of thirds without trouble, rounded down, so that 100 means none at all.
struct SideScore {
  int score = 100;
  std::int64_t records = 0;
  std::int64_t blockers = 0, warnings = 0, notes = 0;
  std::string how;  ///< the computation, with its figures
};

struct AuditReport {
  int score = 100;  ///< both sides together, by the same rule
  std::int64_t records = 0;
  SideScore crm, books;
  std::vector<Finding> findings;  ///< blockers first, then by kind, side and record; the first 1,000 of a kind and side
  std::map<std::string, std::int64_t> by_kind;  ///< all of them counted
  std::vector<FieldCheck> fields;               ///< in the order of the declaration
  std::vector<Fix> fixes;                       ///< the largest effect first
};

AuditReport audit(const AuditInput& input);

}  // namespace tieout::prove
