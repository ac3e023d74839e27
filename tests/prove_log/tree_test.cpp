// The Merkle tree and its proofs against the vectors of the certificate-transparency projects, and against the
// recursive definition of RFC 6962, section 2.1, for every size up to 70.
#include <gtest/gtest.h>

#include "base/merkle.hpp"
#include "prove/log_proof.hpp"

namespace tieout::prove {
namespace {

std::string bytes(std::string_view hex_text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex_text.size(); i += 2)
    out += static_cast<char>(std::stoi(std::string(hex_text.substr(i, 2)), nullptr, 16));
  return out;
}

/// The eight leaves of the reference tests of certificate-transparency, and the roots of the first 1 … 8 of them.
const std::vector<std::string> kLeaves{bytes(""),
                                       bytes("00"),
                                       bytes("10"),
                                       bytes("2021"),
                                       bytes("3031"),
                                       bytes("40414243"),
                                       bytes("5051525354555657"),
                                       bytes("606162636465666768696a6b6c6d6e6f")};
const std::vector<std::string_view> kRoots{"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                           "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                           "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                           "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                           "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                           "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                           "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                           "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

/// MTH as the RFC defines it, by recursion over the leaves.
Digest defined_root(std::span<const std::string> leaves) {
  if (leaves.empty()) return sha256("");
  if (leaves.size() == 1) return sha256(std::string(1, '\0') + leaves[0]);
  std::size_t cut = 1;
  while (cut * 2 < leaves.size()) cut *= 2;
  const Digest left = defined_root(leaves.first(cut)), right = defined_root(leaves.subspan(cut));
  std::string joined(1, '\1');
  joined.append(left.begin(), left.end()).append(right.begin(), right.end());
  return sha256(joined);
}

std::vector<std::string> some_leaves(int count) {
  std::vector<std::string> leaves;
  for (int i = 0; i < count; ++i) leaves.push_back("leaf " + std::to_string(i * i));
  return leaves;
}

Subtree subtree_of(const std::vector<std::string>& leaves) {
  return [&leaves](int level, std::int64_t index) -> Result<Digest> {
    const auto width = std::size_t{1} << level;
    if ((static_cast<std::size_t>(index) + 1) * width > leaves.size()) return fail("test.range", "not complete");
    return defined_root(std::span(leaves).subspan(static_cast<std::size_t>(index) * width, width));
  };
}

TEST(MerkleTree, HasTheRootsOfTheReferenceVectors) {
  merkle::Frontier tree;
  EXPECT_EQ(hex(tree.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::size_t i = 0; i < kLeaves.size(); ++i) {
    tree.append(merkle::leaf_hash(kLeaves[i]));
    EXPECT_EQ(hex(tree.root()), kRoots[i]) << i + 1 << " leaves";
  }
}

TEST(MerkleTree, HasTheProofsOfTheReferenceVectors) {
  const auto inclusion = inclusion_proof(5, 8, subtree_of(kLeaves));  // leaf 6 of 8
  ASSERT_TRUE(inclusion && inclusion->size() == 3);
  EXPECT_EQ(hex((*inclusion)[0]), "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
  EXPECT_EQ(hex((*inclusion)[1]), "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
  EXPECT_EQ(hex((*inclusion)[2]), "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
  const auto consistency = consistency_proof(6, 8, subtree_of(kLeaves));
  ASSERT_TRUE(consistency && consistency->size() == 3);
  EXPECT_EQ(hex((*consistency)[0]), "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a");
  EXPECT_EQ(hex((*consistency)[1]), "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
  EXPECT_EQ(hex((*consistency)[2]), "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
}

TEST(MerkleTree, ProvesEveryLeafOfEverySizeAndNothingElse) {
  for (int size = 1; size <= 70; ++size) {
    const auto leaves = some_leaves(size);
    const Digest root = defined_root(leaves);
    ASSERT_EQ(root_of(size, subtree_of(leaves)), root);
    for (int i = 0; i < size; ++i) {
      const auto proof = inclusion_proof(i, size, subtree_of(leaves));
      ASSERT_TRUE(proof);
      const Digest leaf = merkle::leaf_hash(leaves[static_cast<std::size_t>(i)]);
      ASSERT_TRUE(proves_inclusion(leaf, i, size, *proof, root)) << i << "/" << size;
      for (int other = 0; other < size; ++other)
        ASSERT_EQ(proves_inclusion(leaf, other, size, *proof, root), other == i) << other;
      ASSERT_FALSE(proves_inclusion(root, i, size, *proof, root) && size > 1) << "a node is no leaf";
    }
    EXPECT_FALSE(inclusion_proof(size, size, subtree_of(leaves)));
    EXPECT_FALSE(inclusion_proof(-1, size, subtree_of(leaves)));
  }
}

TEST(MerkleTree, ProvesThatEveryTreeGrewOutOfEveryOlderOne) {
  const auto leaves = some_leaves(70);
  for (int newer = 0; newer <= 70; ++newer)
    for (int older = 0; older <= newer; ++older) {
      const auto proof = consistency_proof(older, newer, subtree_of(leaves));
      ASSERT_TRUE(proof);
      const auto root = [&](int size) { return defined_root(std::span(leaves).first(static_cast<std::size_t>(size))); };
      ASSERT_TRUE(proves_consistency(older, newer, *proof, root(older), root(newer))) << older << " " << newer;
      if (older == newer) continue;
      ASSERT_FALSE(proves_consistency(newer, older, *proof, root(newer), root(older)));
      if (older == 0) continue;  // everything begins with nothing
      ASSERT_FALSE(proves_consistency(older, newer, *proof, root(older), root(newer - 1)));
      ASSERT_FALSE(proves_consistency(older, newer, *proof, root(older - 1), root(newer)));
    }
}

TEST(MerkleTree, RefusesSizesOfStrangers) {
  const Digest root = defined_root(kLeaves);
  const std::vector<Digest> long_proof(200, root);
  constexpr auto kHuge = std::numeric_limits<std::int64_t>::max();
  EXPECT_FALSE(proves_inclusion(root, 0, 0, {}, root));
  EXPECT_FALSE(proves_inclusion(root, -1, 8, long_proof, root));
  EXPECT_FALSE(proves_inclusion(root, kHuge - 1, kHuge, long_proof, root));
  EXPECT_FALSE(proves_consistency(-5, 8, long_proof, root, root));
  EXPECT_FALSE(proves_consistency(3, kHuge, long_proof, root, root));
  EXPECT_FALSE(proves_consistency(0, 8, long_proof, merkle::empty_root(), root)) << "nothing is proven by nothing";
  EXPECT_FALSE(proves_consistency(8, 8, {}, root, defined_root(some_leaves(8))));
}

}  // namespace
}  // namespace tieout::prove
