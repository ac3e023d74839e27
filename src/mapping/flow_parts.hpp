// The inside of a Flow, as the loader fills it.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mapping/canonical.hpp"
#include "mapping/flow.hpp"

namespace tieout::mapping {

/// A sentence with values in it: "line {line.sku} has no product".
class Message {
 public:
  static std::optional<Message> parse(const Yaml& yaml, const expr::Environment& environment, Problems& problems);
  std::string text(std::span<const model::Value> scope) const;

 private:
  std::vector<std::string> texts_;  // one more than there are values
  std::vector<Expression> values_;
};

/// One reason to skip or hold.
struct Check {
  std::string code;
  std::string field;
  bool skips = false;  ///< otherwise holds
  std::optional<Expression> when;
  std::optional<Message> message;
};

/// How the totals of a derived document are computed; words are expressions, so that a setting can choose.
struct TotalsRule {
  Expression currency;
  Expression rounding;
  Expression level;
  Expression tax_mode;
  std::string rounding_text;  ///< description of the rounding line
  int list = -1;              ///< the list field of the target that holds the lines
};

struct Flow::Parts {
  std::string name;
  std::string version;
  FlowKind kind = FlowKind::mirror;
  // mirror
  const model::RecordType* from_type = nullptr;
  const model::RecordType* to_type = nullptr;
  FlowDirection direction = FlowDirection::both;
  std::array<Unmatched, 2> unmatched{Unmatched::create, Unmatched::create};
  std::vector<MatchKey> keys;
  int name_field = -1;
  int suggest_at = 1001;
  std::vector<FieldPolicy> fields;
  std::array<std::vector<Check>, 2> checks;
  // derive
  Side from_side = Side::crm;
  Side to_side = Side::books;
  UpdatePolicy update = UpdatePolicy::never;
  std::string write_back_field;
  std::vector<std::string> facts;
  struct Related {
    std::string name;
    const model::RecordType* type = nullptr;
    Expression id;
  };
  std::vector<Related> related;
  std::vector<Related> line_related;
  std::optional<Expression> line_list;  ///< what line_checks go over
  std::vector<Check> first_checks;
  std::vector<Check> line_checks;
  std::vector<Check> last_checks;  ///< with `totals`
  std::unique_ptr<RecordBuilder> builder;
  std::optional<TotalsRule> totals;

  static std::shared_ptr<Parts> parse(const Yaml& flow, const expr::Environment& common, Problems& problems);
};

/// The variable `totals` of a flow's last checks.
const model::RecordShape& totals_shape();

/// Fills line amounts and totals of a derived document; with `totals`, the values for the last checks.
/// A Hold when the document cannot be computed as it stands.
Result<std::optional<Hold>> compute_document(const TotalsRule& rule, std::vector<model::Value>& scope,
                                             model::Record& record, std::vector<std::string>& notes,
                                             model::Value& totals);

}  // namespace tieout::mapping
