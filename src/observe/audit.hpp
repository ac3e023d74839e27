// The audit before connecting: looks at the records of both sides as they are and says what would give trouble, record by
// record, with a fix; which accounting fields the CRM has, which can be derived and which are missing; and one score.
// It changes nothing and asks for nothing but records that were read. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/record.hpp"

namespace tieout::observe {

enum class AuditSide : std::uint8_t { crm, books };
std::string_view to_text(AuditSide side);

/// A canonical record with its id in its own system.
struct Named {
  std::string id;
  model::Record record;
};

struct AuditInput {
  std::vector<Named> crm_companies, books_companies;
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
  std::string kind;  ///< stable word: "duplicate_name", "tax_id_malformed", …
  Severity severity = Severity::note;
  AuditSide side = AuditSide::crm;
  std::string record;  ///< "company 1021"
  std::string title;
  std::string what;    ///< what is wrong
  std::string fix;     ///< what mends it, where
};

enum class Availability : std::uint8_t { present, derivable, missing };
std::string_view to_text(Availability availability);

/// One field that the books need (requirement B2).
struct FieldCheck {
  std::string field;   ///< "invoice.due_on"
  Availability availability = Availability::missing;
  std::int64_t filled = 0;  ///< CRM records that have it
  std::int64_t of = 0;
  std::string how;     ///< where it comes from, or what to do about it
};

struct AuditReport {
  int score = 100;  ///< 0 to 100: share of records without trouble; a warning counts a third of a blocker
  std::int64_t records = 0;
  std::vector<Finding> findings;  ///< blockers first, then by kind and record
  std::map<std::string, std::int64_t> by_kind;
  std::vector<FieldCheck> fields;
};

AuditReport audit(const AuditInput& input);

/// Is it a VAT number of that form in that country (name or ISO code)? Nothing when the country's form is not known here.
/// Checks the form only; whether it is registered, only the tax office knows.
std::optional<bool> has_tax_id_form(std::string_view tax_id, std::string_view country);

}  // namespace tieout::observe
