// Someone who wants an audit log to say something else, with every means but the signing key: an export to work on, one
// change at a time drawn from a seed, and proofs that almost hold.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "prove/log_check.hpp"

namespace tieout::prove {

struct Export {
  std::string leaves;
  std::string checkpoint;
  std::string key;                 ///< the verifier key as exported; the one that is believed is held elsewhere
  std::vector<std::string> older;  ///< checkpoints that were carried away before
};

class Forger {
 public:
  explicit Forger(std::uint64_t seed, int lines = 200);

  const Export& honest() const { return honest_; }
  const VerifierKey& key() const { return key_; }

  /// One change, always a real one. `kind` is set to its name.
  Export change(std::string& kind);
  /// Whether check_export, with the believed key, finds anything.
  bool found(const Export& one) const;

  /// One forged proof: of inclusion, of consistency, or a file of tieout log prove. True: it was refused.
  bool forged_proof_refused(std::string& kind);
  std::string proof_file(std::int64_t number) const;

 private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  std::vector<std::string> lines_of(const std::string& leaves) const;
  std::string flip(std::string text);
  Export on_lines(int how);
  Export rewrite(int how);
  bool forged_inclusion();
  bool forged_consistency();

  std::mt19937_64 random_;
  VerifierKey key_;
  KeySeed seed_{};
  Export honest_, other_;  ///< another log of the same firm, signed by another key
  std::vector<std::string> lines_;
};

}  // namespace tieout::prove
