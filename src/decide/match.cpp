#include "decide/match.hpp"

#include <algorithm>

#include "decide/similarity.hpp"

namespace tieout::decide {
namespace {

constexpr std::size_t kLargestBlock = 500;  // a block larger than this ("the…") says nothing
constexpr std::size_t kMostSuggestions = 5;
constexpr std::size_t kBlockPrefix = 4;

std::string key_text(const KeyRule& rule, const model::Record& record) {
  const model::Value& value = record.at(rule.field);
  if (!value.is_text()) return {};
  const std::string_view text = value.as_text();
  if (!rule.normalised) return std::string(text);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 'A' && byte <= 'Z')
      out += static_cast<char>(byte | 32);
    else if (byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || c == '@' || c == '.')
      out += c;
  }
  return out;
}

/// The beginnings of the words of a normalised name; words of one or two letters say too little.
std::vector<std::string> blocks(std::string_view name) {
  std::vector<std::string> out;
  const std::string key = match_key(name);
  std::size_t at = 0;
  while (at < key.size()) {
    std::size_t end = key.find(' ', at);
    if (end == std::string::npos) end = key.size();
    if (end - at >= 3) out.push_back(key.substr(at, std::min(end - at, kBlockPrefix)));
    at = end + 1;
  }
  if (out.empty() && !key.empty()) out.push_back(key);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool better(const Candidate& a, const Candidate& b) {
  return a.score != b.score ? a.score > b.score : a.vendor_id < b.vendor_id;
}

}  // namespace

MatchIndex::MatchIndex(std::vector<KeyRule> keys, int name_field, int suggest_at)
    : keys_(std::move(keys)), name_field_(name_field), suggest_at_(suggest_at), by_key_(keys_.size()) {}

void MatchIndex::add(ports::RecordId id, std::string_view vendor_id, const model::Record& record) {
  const std::size_t at = entries_.size();
  const model::Value& name = record.at(name_field_);
  entries_.push_back(
      {{id, std::string(vendor_id), name.is_text() ? std::string(name.as_text()) : std::string()}, false});
  by_id_[static_cast<std::int64_t>(id)] = at;
  ++live_;
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    std::string key = key_text(keys_[k], record);
    if (!key.empty()) by_key_[k][std::move(key)].push_back(at);
  }
  if (suggest_at_ <= 1000)
    for (std::string& block : blocks(entries_[at].candidate.title)) by_block_[std::move(block)].push_back(at);
}

void MatchIndex::remove(ports::RecordId id) {
  const auto found = by_id_.find(static_cast<std::int64_t>(id));
  if (found == by_id_.end() || entries_[found->second].gone) return;
  entries_[found->second].gone = true;
  --live_;
}

Match MatchIndex::match(const model::Record& record) const {
  if (empty()) return NoMatch{};
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    const std::string key = key_text(keys_[k], record);
    const auto found = key.empty() ? by_key_[k].end() : by_key_[k].find(key);
    if (found == by_key_[k].end()) continue;
    std::vector<Candidate> live;
    for (const std::size_t at : found->second)
      if (!entries_[at].gone) live.push_back(entries_[at].candidate);
    const std::string field(record.type().fields[static_cast<std::size_t>(keys_[k].field)].name);
    if (live.size() == 1) return Exact{live.front(), field};
    if (live.size() > 1) return Ambiguous{std::move(live), field};
  }
  const model::Value& name = record.at(name_field_);
  if (suggest_at_ > 1000 || !name.is_text()) return NoMatch{};
  std::vector<Candidate> found = similar(name.as_text());
  if (found.empty()) return NoMatch{};
  return Suggested{std::move(found)};
}

std::vector<Candidate> MatchIndex::similar(std::string_view name) const {
  std::vector<std::size_t> nearby;
  for (const std::string& block : blocks(name)) {
    const auto found = by_block_.find(block);
    if (found != by_block_.end() && found->second.size() <= kLargestBlock)
      nearby.insert(nearby.end(), found->second.begin(), found->second.end());
  }
  std::sort(nearby.begin(), nearby.end());
  nearby.erase(std::unique(nearby.begin(), nearby.end()), nearby.end());
  std::vector<Candidate> out;
  for (const std::size_t at : nearby) {
    if (entries_[at].gone) continue;
    Candidate candidate = entries_[at].candidate;
    candidate.score = similarity(name, candidate.title);
    if (candidate.score >= suggest_at_) out.push_back(std::move(candidate));
  }
  std::sort(out.begin(), out.end(), better);
  if (out.size() > kMostSuggestions) out.resize(kMostSuggestions);
  return out;
}

}  // namespace tieout::decide
