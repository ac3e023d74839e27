// What the files of the audit share while it runs: where findings go, and records in an order of their own. Not for use
// outside this folder.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "prove/preflight_audit.hpp"

namespace tieout::prove::preflight {

using Records = std::vector<const Named*>;

/// Ids that are numbers in the order of numbers, whatever order the records came in.
inline Records in_order(const std::vector<Named>& records) {
  Records order;
  order.reserve(records.size());
  for (const Named& one : records) order.push_back(&one);
  std::sort(order.begin(), order.end(), [](const Named* a, const Named* b) {
    return a->id.size() != b->id.size() ? a->id.size() < b->id.size() : a->id < b->id;
  });
  return order;
}

/// Where a finding was made.
struct Subject {
  AuditSide side;
  std::string_view type;
  const Named* record;
};

/// One kind of trouble on one side.
struct KindOfTrouble {
  std::string kind;
  AuditSide side = AuditSide::crm;
  Severity severity = Severity::note;
  std::string fix;  ///< of the first finding
  std::int64_t findings = 0;
  std::vector<Finding> listed;  ///< the first kMostListed
};

/// Takes what the checkers find. A kind has one severity. Each record's trouble is kept as a set of kinds, so that two
/// million records with trouble fit in memory; of each kind only the first are kept in full.
class Findings {
 public:
  void add(const Subject& subject, std::string_view kind, Severity severity, std::string what, std::string fix);

  using KindSet = std::uint64_t;  ///< bit n: kinds()[n]
  const std::vector<KindOfTrouble>& kinds() const { return kinds_; }
  const std::unordered_map<const Named*, KindSet>& troubles() const { return troubles_; }

 private:
  std::vector<KindOfTrouble> kinds_;
  std::unordered_map<const Named*, KindSet> troubles_;
};

/// ASCII small letters, no blanks.
std::string plain(std::string_view text);
bool is_email(std::string_view text);
/// Domain of an e-mail address or web address, small, without www.; empty for the big mail providers, where everybody
/// is.
std::string company_domain(std::string_view address);

/// Calls found(first, other) for each record whose key an earlier one had; empty keys are no keys.
template <class Key, class Found>
void for_doubles(const Records& records, Key key, Found found) {
  std::unordered_map<std::string, const Named*> seen;
  seen.reserve(records.size());
  for (const Named* one : records) {
    std::string text = key(one->record);
    if (text.empty()) continue;
    const auto [first, is_new] = seen.emplace(std::move(text), one);
    if (!is_new) found(*first->second, *one);
  }
}

void check_companies(const AuditInput& input, Findings& out);
void check_across(const AuditInput& input, Findings& out);
void check_contacts(const AuditInput& input, Findings& out);
void check_products(const AuditInput& input, Findings& out);
void check_deals(const AuditInput& input, Findings& out);
void check_currency(const AuditInput& input, const Subject& subject, Findings& out);
std::vector<FieldCheck> check_fields(const AuditInput& input);

}  // namespace tieout::prove::preflight
