// Checkpoints: the forms of C2SP signed-note and tlog-checkpoint, by the example of the specification and of Go's
// checksum database, and what must be refused.
#include <gtest/gtest.h>

#include "base/merkle.hpp"
#include "prove/log_leaf.hpp"
#include "prove/log_note.hpp"

namespace tieout::prove {
namespace {

KeySeed seed_of(std::uint8_t byte) {
  KeySeed seed;
  seed.fill(byte);
  return seed;
}
VerifierKey key_of(const std::string& name, const KeySeed& seed) { return {name, public_key(seed)}; }

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "worked" : result.error().code;
}

TEST(Checkpoint, HasTheKeyOfTheExamplesOfTheSpecification) {
  const std::string text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  const auto key = parse_verifier_key(text);
  ASSERT_TRUE(key) << key.error().what;
  EXPECT_EQ(key->name, "PeterNeumann");
  EXPECT_EQ(to_text(*key), text);
  EXPECT_TRUE(parse_verifier_key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"));
}

TEST(Checkpoint, VerifiesACheckpointOfTheGoChecksumDatabase) {
  const auto key = parse_verifier_key("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
  ASSERT_TRUE(key) << key.error().what;
}

TEST(Checkpoint, OpensWhatItSignedAndNothingElse) {
  const Checkpoint checkpoint{origin_of("Northwind"), 42, merkle::leaf_hash("root")};
  const std::string note = sign(checkpoint, seed_of(7));
  const VerifierKey key = key_of(checkpoint.origin, seed_of(7));
  const auto opened = open_checkpoint(note, key);
  ASSERT_TRUE(opened) << opened.error().what;
  EXPECT_EQ(opened->size, 42);
  EXPECT_EQ(opened->root, checkpoint.root);
  EXPECT_TRUE(note.starts_with("tieout.log/Northwind\n42\n"));
  EXPECT_EQ(note.find("\n\n\u2014 tieout.log/Northwind "), note.rfind("\n\n"));
  EXPECT_EQ(code_of(open_checkpoint(note, key_of(checkpoint.origin, seed_of(8)))), "log.checkpoint.unsigned");
  EXPECT_EQ(code_of(open_checkpoint(note, key_of("tieout.log/other", seed_of(7)))), "log.checkpoint.unsigned");
  EXPECT_EQ(code_of(open_checkpoint("", key)), "log.checkpoint.malformed");
  EXPECT_EQ(code_of(open_checkpoint("\n\n", key)), "log.checkpoint.malformed");
  EXPECT_EQ(code_of(open_checkpoint(std::string(100'000, 'x'), key)), "log.checkpoint.malformed");
  for (std::size_t cut = 0; cut < note.size(); ++cut) EXPECT_FALSE(open_checkpoint(note.substr(0, cut), key)) << cut;
}

TEST(Checkpoint, IgnoresSignaturesOfStrangersButNotABadOneOfItsOwn) {
  const Checkpoint checkpoint{origin_of("A"), 1, merkle::leaf_hash("x")};
  const VerifierKey key = key_of(checkpoint.origin, seed_of(1));
  const std::string note = sign(checkpoint, seed_of(1));
  const std::string theirs = sign(checkpoint, seed_of(2));
  const std::string their_line = theirs.substr(theirs.find("\n\n") + 2);
  EXPECT_TRUE(open_checkpoint(note + their_line, key));
  Checkpoint other = checkpoint;
  other.size = 2;
  const std::string bad = sign(other, seed_of(1));
  EXPECT_EQ(code_of(open_checkpoint(note + bad.substr(bad.find("\n\n") + 2), key)), "log.checkpoint.unsigned");
}

TEST(Checkpoint, NamesNeverCollideAndNeverHoldWhatANoteCannot) {
  EXPECT_EQ(origin_of("Northwind"), "tieout.log/Northwind");
  EXPECT_NE(origin_of("A B"), origin_of("A-B"));
  EXPECT_NE(origin_of("A+B"), origin_of("A B"));
  for (const std::string entity : {"A B\n+", "Gr\u00fcn & S\u00f6hne", ""}) {
    const std::string origin = origin_of(entity);
    EXPECT_EQ(origin.find_first_of(" +\n"), std::string::npos);
    EXPECT_TRUE(parse_verifier_key(to_text(key_of(origin, seed_of(3)))));
  }
}

TEST(Checkpoint, CutsAFileOfMany) {
  std::string file;
  std::vector<std::string> notes;
  for (int i = 1; i < 5; ++i) {
    notes.push_back(sign({origin_of("A"), i, merkle::leaf_hash("x")}, seed_of(1)));
    file += notes.back() + "\n";
  }
  EXPECT_EQ(*notes_in(file), notes);
  EXPECT_EQ(notes_in(notes[0])->size(), 1U);
  EXPECT_FALSE(notes_in(file.substr(0, file.size() - 20)));
}

TEST(Line, HasOneSpelling) {
  Leaf leaf;
  leaf.number = 17;
  leaf.at = instant_from_ms(1'772'000'000'123);
  leaf.entity = "N\u00f6rd \"wind\"\n";
  leaf.by = "ana";
  leaf.action = "write.confirmed";
  leaf.link = 0;
  leaf.ends = 2;
  leaf.more = {{"command", "sync"}, {"empty", ""}};
  const std::string text = to_text(leaf);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const auto back = parse_leaf(text);
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(to_text(*back), text);
  EXPECT_EQ(back->entity, leaf.entity);
  EXPECT_FALSE(parse_leaf(" " + text));
  EXPECT_FALSE(parse_leaf(R"({"v":1,"at":"2026-02-25T06:13:20.123Z","n":17})")) << "another order";
  EXPECT_FALSE(parse_leaf(R"({"v":1,"n":17,"at":"2026-02-25T06:13:20.123Z","x":"y"})")) << "an unknown field";
  EXPECT_FALSE(parse_leaf(R"({"v":2,"n":17,"at":"2026-02-25T06:13:20.123Z"})")) << "another version";
  EXPECT_FALSE(parse_leaf(R"({"v":1,"n":017,"at":"2026-02-25T06:13:20.123Z"})"));
  EXPECT_FALSE(parse_leaf(R"({"v":1,"n":17,"n":17,"at":"2026-02-25T06:13:20.123Z"})"));
}

}  // namespace
}  // namespace tieout::prove
