#include "base/merkle.hpp"

#include <algorithm>
#include <string>

namespace tieout::merkle {

Digest leaf_hash(std::string_view leaf) {
  std::string bytes;
  bytes.reserve(leaf.size() + 1);
  bytes += '\0';
  bytes += leaf;
  return sha256(bytes);
}

Digest node_hash(const Digest& left, const Digest& right) {
  std::array<char, 65> bytes;
  bytes[0] = '\1';
  std::copy(left.begin(), left.end(), bytes.begin() + 1);
  std::copy(right.begin(), right.end(), bytes.begin() + 33);
  return sha256({bytes.data(), bytes.size()});
}

Digest empty_root() { return sha256({}); }

void Frontier::append(const Digest& leaf, const Complete& complete) {
  Digest hash = leaf;
  std::int64_t index = size_++;
  if (complete) complete(0, index, hash);
  // Each trailing one of the old size is a finished left half that waits for this right half.
  for (int level = 1; (index & 1) != 0; ++level) {
    hash = node_hash(peaks_.back(), hash);
    peaks_.pop_back();
    index >>= 1;
    if (complete) complete(level, index, hash);
  }
  peaks_.push_back(hash);
}

Digest Frontier::root() const {
  if (peaks_.empty()) return empty_root();
  Digest root = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i-- > 0;) root = node_hash(peaks_[i], root);
  return root;
}

}  // namespace tieout::merkle
