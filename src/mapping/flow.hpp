// Flow: what shall follow from a record of one side on the other. A mirror keeps the same thing equal on both sides
// (customers, products): how partners find each other, what happens to one that has none, and who owns each field. A
// derive makes a new thing from another (a won deal becomes an invoice, an invoice's balance is written back to its
// deal): when, what must hold first, each field, and how totals are rounded. Both are data; the engine carries them
// out.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mapping/variables.hpp"
#include "model/record.hpp"

namespace tieout::mapping {

enum class FlowKind : std::uint8_t { mirror, derive };
enum class FlowDirection : std::uint8_t { both, crm_to_books, books_to_crm };
/// What happens to a record of one side that has no partner on the other.
enum class Unmatched : std::uint8_t { create, hold, skip };
/// May a document that this flow made be changed when its source changes?
enum class UpdatePolicy : std::uint8_t {
  never,         ///< made once
  while_unpaid,  ///< as long as nothing is allocated to it
  always,
};

struct MatchKey {
  int field = -1;          ///< index in the type
  bool normalised = true;  ///< without regard to case, blanks and punctuation; false: exact
};

struct FieldPolicy {
  int field = -1;
  model::Owner owner = model::Owner::crm;
  bool to_crm = true;
  bool to_books = true;
};

// -- what a derive (or the checks of a mirror) can come to
struct Derived {
  model::Record record;            ///< of the flow's to_type; references are ids of the side that the source came from
  std::vector<std::string> notes;  ///< said in the plan: "document rounding: 0.01 less than the lines"
};
struct Skip {
  std::string code;    ///< "deal.not_won"
  std::string reason;  ///< for a person
};
struct Hold {
  std::string code;    ///< "deal.amount.mismatch"
  std::string reason;  ///< what is wrong and what mends it
  std::string field;   ///< canonical path, may be empty
};
using FlowOutcome = std::variant<Derived, Skip, Hold>;
struct Accept {};
using Verdict = std::variant<Accept, Skip, Hold>;

/// Finds a record that the source refers to, on the source's own side; nothing when it is not known (yet).
using Lookup = std::function<std::optional<model::Record>(std::string_view type, std::string_view id)>;

struct DeriveInput {
  const model::Record& source;
  std::string_view source_id;  ///< vendor id of the source, variable `id`
  Lookup lookup;               ///< for the records named in the flow's `related`
  /// Values for what the flow declares under `facts`, by name ("last_paid_on"); missing ones are null.
  std::map<std::string, model::Value> facts;
};

class Flow {
 public:
  const std::string& name() const;  ///< "customers", "invoices"
  const std::string& version() const;
  FlowKind kind() const;

  // -- mirror
  const model::RecordType& type() const;  ///< of both sides
  FlowDirection direction() const;
  Unmatched unmatched(Side side) const;  ///< a record of that side has no partner
  const std::vector<MatchKey>& match_keys() const;
  int name_field() const;                          ///< suggestions compare it; -1: no suggestions
  int suggest_at() const;                          ///< 0..1000; least similarity of names worth showing to a person
  const std::vector<FieldPolicy>& fields() const;  ///< every field that the flow carries
  /// Is a record of that side fit to be created or changed on the other? In the order in which the flow states them.
  Result<Verdict> check(Side side, const model::Record& record, std::string_view id, const Variables& variables) const;

  // -- derive
  Side from_side() const;
  const model::RecordType& from_type() const;
  Side to_side() const;
  const model::RecordType& to_type() const;
  UpdatePolicy update_policy() const;
  /// True: the target is the record that the source was itself derived from or belongs to (an invoice's deal), found by
  /// the field named here; false: the flow makes a record of its own.
  bool writes_back() const;
  std::string_view write_back_field() const;  ///< field of from_type that refers to the target: "deal"
  /// Names of the facts that derive() wants to be given.
  const std::vector<std::string>& facts() const;
  /// Fails only where the pack itself is wrong for this record: mapping.expression, mapping.result.kind, or a fault of
  /// the money library, each with the field.
  Result<FlowOutcome> derive(const DeriveInput& input, const Variables& variables) const;

  struct Parts;
  explicit Flow(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

 private:
  std::shared_ptr<const Parts> parts_;
};

}  // namespace tieout::mapping
