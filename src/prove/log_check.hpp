// Checks an audit log as it lies: every line in its form and place, and the tree over the lines as signed checkpoints
// say it was. Lines are fed one after the other, so that a log of any length needs the memory of one line. Nothing that
// is read here is trusted: text comes from a file or a row that someone may have changed. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/merkle.hpp"
#include "prove/log_leaf.hpp"
#include "prove/log_note.hpp"

namespace tieout::prove {

struct LogFinding {
  std::string code;        ///< "log.line.malformed"
  std::int64_t line = -1;  ///< number of the line, -1: of the log as a whole
  std::string what;        ///< a sentence
};

class Findings {
 public:
  void add(std::string code, std::int64_t line, std::string what);
  std::int64_t count() const { return count_; }
  const std::vector<LogFinding>& first() const { return first_; }  ///< at most 100

 private:
  std::int64_t count_ = 0;
  std::vector<LogFinding> first_;
};

class LogCheck {
 public:
  /// `checkpoints`: believed, because their signatures were checked (open_checkpoint). Any order.
  LogCheck(std::vector<Checkpoint> checkpoints, Findings& findings);

  /// The next line. Returns what it says, or nothing when it says nothing that can be read (then it is a finding).
  std::optional<Leaf> line(std::string_view text);
  /// After the last line: what the checkpoints know beyond it.
  void finish();

  std::int64_t size() const { return tree_.size(); }
  Digest root() const { return tree_.root(); }
  std::int64_t covered() const { return covered_; }  ///< lines that some checkpoint covers

 private:
  void compare();
  std::vector<Checkpoint> checkpoints_;  ///< by size
  std::size_t next_ = 0;
  Findings& findings_;
  merkle::Frontier tree_;
  std::int64_t covered_ = 0;
};

/// An export: the text of leaves.jsonl and of the checkpoint that came with it, which must cover every line; `older`
/// are notes that were exported before. Findings, none when all is as signed.
Findings check_export(std::string_view leaves, std::string_view checkpoint, const VerifierKey& key,
                      std::span<const std::string> older);

/// The file of `tieout log prove`: each line in it is in the log that its checkpoint signs, and each piece of evidence
/// is what a line says it is. Findings, none when all is proven.
Findings check_proof(std::string_view file, const VerifierKey& key);

}  // namespace tieout::prove
