// The Merkle tree of RFC 6962 (section 2.1), as far as adding to it goes: what a leaf and a node hash to, and the short
// list of complete subtrees from which the next leaf and the root follow. A tree of n leaves has at most 64 of them, so
// adding a leaf costs one or two hashes on average and the root costs a few. Proofs are in prove/log_proof.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/hash.hpp"

namespace tieout::merkle {

Digest leaf_hash(std::string_view leaf);                    ///< SHA-256(0x00 || leaf)
Digest node_hash(const Digest& left, const Digest& right);  ///< SHA-256(0x01 || left || right)
Digest empty_root();                                        ///< SHA-256 of nothing

/// The complete subtrees that cover the leaves so far, largest first: one for each bit of the size.
class Frontier {
 public:
  Frontier() = default;
  /// Of an existing tree: `peaks` as peaks() gave them for that size.
  Frontier(std::int64_t size, std::vector<Digest> peaks) : size_(size), peaks_(std::move(peaks)) {}

  /// Called for each subtree that the new leaf completes, smallest first, the leaf itself (level 0) among them.
  using Complete = std::function<void(int level, std::int64_t index, const Digest& hash)>;
  void append(const Digest& leaf, const Complete& complete = {});

  std::int64_t size() const { return size_; }
  const std::vector<Digest>& peaks() const { return peaks_; }
  Digest root() const;

 private:
  std::int64_t size_ = 0;
  std::vector<Digest> peaks_;
};

}  // namespace tieout::merkle
