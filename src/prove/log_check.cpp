#include "prove/log_check.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace tieout::prove {
namespace {

constexpr std::size_t kMostFindings = 100;

}  // namespace

void Findings::add(std::string code, std::int64_t line, std::string what) {
  ++count_;
  if (first_.size() < kMostFindings) first_.push_back({std::move(code), line, std::move(what)});
}

LogCheck::LogCheck(std::vector<Checkpoint> checkpoints, Findings& findings)
    : checkpoints_(std::move(checkpoints)), findings_(findings) {
  std::stable_sort(checkpoints_.begin(), checkpoints_.end(),
                   [](const Checkpoint& a, const Checkpoint& b) { return a.size < b.size; });
  compare();
}

void LogCheck::compare() {
  for (; next_ < checkpoints_.size() && checkpoints_[next_].size == tree_.size(); ++next_) {
    covered_ = tree_.size();
    if (checkpoints_[next_].root == tree_.root()) continue;
    findings_.add("log.root.differs", -1,
                  fmt::format("the first {} lines are not those that were signed: at least one was changed, removed, "
                              "added or moved",
                              tree_.size()));
  }
}

std::optional<Leaf> LogCheck::line(std::string_view text) {
  const std::int64_t number = tree_.size();
  auto leaf = parse_leaf(text);
  if (!leaf)
    findings_.add("log.line.malformed", number, leaf.error().what);
  else if (leaf->number != number)
    findings_.add("log.line.misplaced", number, fmt::format("line {} stands in the place of {}", leaf->number, number));
  else if (leaf->mapping >= number || leaf->approval >= number)
    findings_.add("log.line.malformed", number, "it refers to a line that comes later");
  tree_.append(merkle::leaf_hash(text));
  compare();
  return leaf ? std::optional<Leaf>(std::move(*leaf)) : std::nullopt;
}

void LogCheck::finish() {
  for (; next_ < checkpoints_.size(); ++next_)
    findings_.add("log.shorter", -1,
                  fmt::format("the log has {} lines, but a checkpoint was signed over {}: it was cut off, or an older "
                              "state was put in its place",
                              tree_.size(), checkpoints_[next_].size));
}

Findings check_export(std::string_view leaves, std::string_view checkpoint, const VerifierKey& key,
                      std::span<const std::string> older) {
  Findings findings;
  std::vector<Checkpoint> checkpoints;
  const auto open = [&](std::string_view note) -> std::optional<Checkpoint> {
    auto opened = open_checkpoint(note, key);
    if (opened) return *opened;
    findings.add(opened.error().code, -1, opened.error().what);
    return std::nullopt;
  };
  const auto newest = open(checkpoint);
  if (newest) checkpoints.push_back(*newest);
  for (const std::string& note : older)
    if (const auto one = open(note)) checkpoints.push_back(*one);
  LogCheck check(std::move(checkpoints), findings);
  while (!leaves.empty()) {
    const std::size_t end = leaves.find('\n');
    if (end == std::string_view::npos) {
      findings.add("log.line.malformed", check.size(), "the last line has no end");
      break;
    }
    check.line(leaves.substr(0, end));
    leaves.remove_prefix(end + 1);
  }
  check.finish();
  if (newest && check.size() > newest->size)
    findings.add("log.line.unsigned", newest->size,
                 fmt::format("the export has {} lines, its checkpoint covers {}", check.size(), newest->size));
  return findings;
}

}  // namespace tieout::prove
