// Which record of the other side is the same real thing? Deterministic keys first, in the order of the flow; one exact
// match links by itself, several go to a person; a similar name only ever makes a suggestion (edge case 100). The index
// is built once a run over the unlinked records of the other side, with blocking by the beginnings of words, so that a
// million records against a million stays bounded and gives the same result in any order. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "model/record.hpp"
#include "ports/store.hpp"

namespace tieout::decide {

/// One deterministic key: a field, and whether it is compared as it is or normalised (case, blanks, punctuation).
struct KeyRule {
  int field = -1;
  bool normalised = true;
};

struct Candidate {
  ports::RecordId id = ports::RecordId::none;
  std::string vendor_id;
  std::string title;
  int score = 1000;  ///< 0..1000
};

struct Exact {
  Candidate candidate;
  std::string key;  ///< field that decided: "tax_id"
};
struct Ambiguous {
  std::vector<Candidate> candidates;
  std::string key;
};
struct Suggested {
  std::vector<Candidate> candidates;  ///< best first, at most 5
};
struct NoMatch {};
using Match = std::variant<NoMatch, Exact, Ambiguous, Suggested>;

class MatchIndex {
 public:
  /// suggest_at: least similarity of the names (0..1000) for a suggestion; above 1000 switches suggestions off.
  MatchIndex(std::vector<KeyRule> keys, int name_field, int suggest_at);

  void add(ports::RecordId id, std::string_view vendor_id, const model::Record& record);
  /// A record that has found its partner is no candidate any more.
  void remove(ports::RecordId id);
  bool empty() const { return live_ == 0; }

  Match match(const model::Record& record) const;

 private:
  struct Entry {
    Candidate candidate;
    bool gone = false;
  };
  std::vector<Candidate> similar(std::string_view name) const;

  std::vector<KeyRule> keys_;
  int name_field_;
  int suggest_at_;
  std::size_t live_ = 0;
  std::vector<Entry> entries_;
  std::unordered_map<std::int64_t, std::size_t> by_id_;
  std::vector<std::unordered_map<std::string, std::vector<std::size_t>>> by_key_;  // one a KeyRule
  std::unordered_map<std::string, std::vector<std::size_t>> by_block_;
};

}  // namespace tieout::decide
