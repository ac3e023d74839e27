// Three-way merge of one linked record: what each side says now, against what both said when they last agreed. Each
// side has its own base, because the two spell the same thing differently (a name without its colon, a phone with
// dashes) and what a vendor normalised must not look like somebody's edit. The owner of a field decides whose edit
// wins; an edit on the side that does not own a field is put back, and the reason is kept for `explain`. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "decide/plan.hpp"
#include "model/record.hpp"

namespace tieout::decide {

/// What a flow says about one field.
struct FieldRule {
  int field = -1;  ///< index in the record type
  model::Owner owner = model::Owner::crm;
  bool to_crm = true;    ///< may be written into the CRM
  bool to_books = true;  ///< may be written into the books
};

struct MergeInput {
  const model::Record* crm = nullptr;
  const model::Record* books = nullptr;
  const model::Record* crm_base = nullptr;  ///< at the last agreement; nullptr when they never agreed
  const model::Record* books_base = nullptr;
  Instant crm_modified_at{};
  Instant books_modified_at{};
};

struct FieldConflict {
  int field = -1;
  std::string crm;
  std::string books;
};

struct MergeResult {
  std::optional<model::Record> wanted_crm;  ///< the whole record as it should be there; absent: nothing to write
  std::optional<model::Record> wanted_books;
  std::vector<FieldStep> crm_steps;
  std::vector<FieldStep> books_steps;
  std::vector<FieldConflict> conflicts;  ///< fields that a person must decide; then nothing at all is written
};

/// Both records of the same type. Fields without a rule are left alone.
/// Holds   a field absent on one side never erases the other; with no conflict and no steps both sides agree.
/// Source  requirements A2, D5; edge cases 53, 130, 142.
MergeResult merge(const MergeInput& input, const std::vector<FieldRule>& rules);

}  // namespace tieout::decide
