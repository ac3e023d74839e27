// Proofs over the Merkle tree of the audit log (RFC 6962 section 2.1; checked as RFC 9162 sections 2.1.3.2 and 2.1.4.2
// say): that a line is in the log, and that a log only grew. Making a proof asks for complete subtrees, which a store
// keeps; checking one needs nothing but the proof and two roots, and takes whatever a stranger sends. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/hash.hpp"
#include "base/result.hpp"

namespace tieout::prove {

/// Hash of the complete subtree over leaves index * 2^level … (index + 1) * 2^level - 1.
using Subtree = std::function<Result<Digest>(int level, std::int64_t index)>;

/// Root of the first `size` leaves; `size` may be less than the log has.
Result<Digest> root_of(std::int64_t size, const Subtree& subtree);

/// From the leaf upwards. Fails with log.proof.range unless 0 <= number < size, or with what `subtree` says.
Result<std::vector<Digest>> inclusion_proof(std::int64_t number, std::int64_t size, const Subtree& subtree);

/// That the tree of `newer` leaves begins with the tree of `older`; empty when they are equal or older is 0.
Result<std::vector<Digest>> consistency_proof(std::int64_t older, std::int64_t newer, const Subtree& subtree);

/// True only when the leaf with that hash is number `number` of the log of `size` leaves and that root.
bool proves_inclusion(const Digest& leaf, std::int64_t number, std::int64_t size, std::span<const Digest> proof,
                      const Digest& root);

/// True only when the log with the newer root has all lines of the log with the older root, in the same places.
bool proves_consistency(std::int64_t older, std::int64_t newer, std::span<const Digest> proof, const Digest& older_root,
                        const Digest& newer_root);

}  // namespace tieout::prove
