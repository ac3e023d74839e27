#include "prove/log_proof.hpp"

#include <fmt/core.h>

#include <bit>

#include "base/merkle.hpp"

namespace tieout::prove {
namespace {

constexpr std::int64_t kMostLeaves = std::int64_t{1} << 62;

/// The largest power of two below n (n > 1): where RFC 6962 cuts a tree in two.
std::int64_t cut(std::int64_t n) { return std::int64_t{1} << (std::bit_width(static_cast<std::uint64_t>(n - 1)) - 1); }

/// Root of leaves [from, from + count); `from` is a multiple of the largest power of two in count.
Result<Digest> range_root(std::int64_t from, std::int64_t count, const Subtree& subtree) {
  if (std::has_single_bit(static_cast<std::uint64_t>(count))) {
    const int level = std::countr_zero(static_cast<std::uint64_t>(count));
    return subtree(level, from >> level);
  }
  const std::int64_t left_count = cut(count);
  TRY(left, range_root(from, left_count, subtree));
  TRY(right, range_root(from + left_count, count - left_count, subtree));
  return merkle::node_hash(left, right);
}

tl::unexpected<Fault> out_of_range(std::int64_t number, std::int64_t size) {
  return fail("log.proof.range", fmt::format("there is no proof about {} of {} lines", number, size));
}

}  // namespace

Result<Digest> root_of(std::int64_t size, const Subtree& subtree) {
  if (size < 0 || size > kMostLeaves) return out_of_range(0, size);
  return size == 0 ? Result<Digest>(merkle::empty_root()) : range_root(0, size, subtree);
}

Result<std::vector<Digest>> inclusion_proof(std::int64_t number, std::int64_t size, const Subtree& subtree) {
  if (number < 0 || number >= size || size > kMostLeaves) return out_of_range(number, size);
  std::vector<Digest> proof;  // from the root down; turned round at the end
  std::int64_t from = 0, count = size;
  while (count > 1) {
    const std::int64_t left = cut(count);
    const bool goes_left = number - from < left;
    TRY(sibling, goes_left ? range_root(from + left, count - left, subtree) : range_root(from, left, subtree));
    proof.push_back(sibling);
    from = goes_left ? from : from + left;
    count = goes_left ? left : count - left;
  }
  return std::vector<Digest>(proof.rbegin(), proof.rend());
}

Result<std::vector<Digest>> consistency_proof(std::int64_t older, std::int64_t newer, const Subtree& subtree) {
  if (older < 0 || older > newer || newer > kMostLeaves) return out_of_range(older, newer);
  std::vector<Digest> proof;
  if (older == 0 || older == newer) return proof;
  std::int64_t from = 0, count = newer;
  bool whole = true;  // the part of the older tree below here is the older tree itself: its root is known already
  while (older - from != count) {
    const std::int64_t left = cut(count);
    const bool goes_left = older - from <= left;
    TRY(sibling, goes_left ? range_root(from + left, count - left, subtree) : range_root(from, left, subtree));
    proof.push_back(sibling);
    whole = whole && goes_left;
    from = goes_left ? from : from + left;
    count = goes_left ? left : count - left;
  }
  if (!whole) {
    TRY(mine, range_root(from, count, subtree));
    proof.push_back(mine);
  }
  return std::vector<Digest>(proof.rbegin(), proof.rend());
}

bool proves_inclusion(const Digest& leaf, std::int64_t number, std::int64_t size, std::span<const Digest> proof,
                      const Digest& root) {
  if (number < 0 || number >= size) return false;
  std::int64_t at = number, last = size - 1;
  Digest hash = leaf;
  for (const Digest& sibling : proof) {
    if (last == 0) return false;  // longer than the tree is high
    if ((at & 1) != 0 || at == last) {
      hash = merkle::node_hash(sibling, hash);
      while ((at & 1) == 0) {  // a lone right edge rises without a sibling; at is not 0 here, since last is not
        at >>= 1;
        last >>= 1;
      }
    } else {
      hash = merkle::node_hash(hash, sibling);
    }
    at >>= 1;
    last >>= 1;
  }
  return last == 0 && hash == root;
}

bool proves_consistency(std::int64_t older, std::int64_t newer, std::span<const Digest> proof, const Digest& older_root,
                        const Digest& newer_root) {
  if (older < 0 || older > newer) return false;
  if (older == newer) return proof.empty() && older_root == newer_root;
  if (older == 0) return proof.empty() && older_root == merkle::empty_root();
  if (proof.empty()) return false;
  std::int64_t at = older - 1, last = newer - 1;
  while ((at & 1) != 0) {
    at >>= 1;
    last >>= 1;
  }
  // An older tree that is one complete subtree is its own first node.
  Digest old_hash = at == 0 ? older_root : proof.front();
  Digest new_hash = old_hash;
  for (const Digest& sibling : at == 0 ? proof : proof.subspan(1)) {
    if (last == 0) return false;
    if ((at & 1) != 0 || at == last) {
      old_hash = merkle::node_hash(sibling, old_hash);
      new_hash = merkle::node_hash(sibling, new_hash);
      while ((at & 1) == 0) {
        at >>= 1;
        last >>= 1;
      }
    } else {
      new_hash = merkle::node_hash(new_hash, sibling);
    }
    at >>= 1;
    last >>= 1;
  }
  return last == 0 && old_hash == older_root && new_hash == newer_root;
}

}  // namespace tieout::prove
