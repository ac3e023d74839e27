// Everything a reader of the audit log must turn away, one form after the other: notes that are signed and yet no
// checkpoint, keys, texts in base64 and hex, files of proofs, sizes out of range, lines that refer to the future.
#include <gtest/gtest.h>
#include <sodium.h>

#include <functional>

#include "base/json.hpp"
#include "base/merkle.hpp"
#include "forger.hpp"
#include "prove/log_proof.hpp"

namespace tieout::prove {
namespace {

using json::Value;

constexpr const char* kName = "tieout.log/A";
constexpr const char* kDash = "\u2014 ";
const KeySeed kSeed{1, 2, 3};

VerifierKey key() { return {kName, public_key(kSeed)}; }
std::string root() { return base64(std::string(32, 'r')); }

std::string id_of(const VerifierKey& of) {
  const std::string text = to_text(of);
  const std::string digits = text.substr(text.find('+') + 1, 8);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    out += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return out;
}

/// A note with a good signature under whatever body.
std::string signed_note(const std::string& body) {
  PublicKey half;
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret;
  crypto_sign_seed_keypair(half.data(), secret.data(), kSeed.data());
  std::string bytes = id_of(key());
  bytes.resize(bytes.size() + crypto_sign_BYTES);
  crypto_sign_detached(reinterpret_cast<unsigned char*>(bytes.data()) + 4, nullptr,
                       reinterpret_cast<const unsigned char*>(body.data()), body.size(), secret.data());
  return body + "\n" + kDash + kName + " " + base64(bytes) + "\n";
}

std::string code_of(const std::string& note) {
  const auto opened = open_checkpoint(note, key());
  return opened ? "opened" : opened.error().code;
}

TEST(Refused, ABodyThatIsNoCheckpointThoughItIsSigned) {
  const std::string name = std::string(kName) + "\n";
  ASSERT_EQ(code_of(signed_note(name + "4\n" + root() + "\n")), "opened");
  for (const std::string& body : {
           std::string("\n"), name, name + "4\n", name + "4\n" + root() + "\nmore\n",  // too little, too much
           name + "x\n" + root() + "\n", name + "4x\n" + root() + "\n", name + "04\n" + root() + "\n",
           name + "\n" + root() + "\n", name + "-4\n" + root() + "\n", name + "+4\n" + root() + "\n",
           name + "99999999999999999999\n" + root() + "\n",  // no number of lines
           name + "4\nAAAA\n", name + "4\n!\n", name + "4\n" + base64(std::string(33, 'r')) + "\n"  // no root
       })
    EXPECT_EQ(code_of(signed_note(body)), "log.checkpoint.malformed") << body;
  EXPECT_EQ(code_of(signed_note("tieout.log/B\n4\n" + root() + "\n")), "log.checkpoint.unsigned");
}

TEST(Refused, LinesThatAreNoSignature) {
  const std::string good = signed_note(std::string(kName) + "\n4\n" + root() + "\n");
  const std::string other = base64("abcd" + std::string(64, 's'));
  ASSERT_EQ(code_of(good + kDash + "B " + other + "\n"), "opened");
  for (const std::string& line :
       {std::string("B " + other), kDash + std::string("B"), kDash + (" " + other), kDash + ("B+C " + other),
        kDash + ("B\tC " + other), kDash + ("B\x7f " + other), kDash + std::string("B !"), kDash + std::string("B "),
        kDash + ("B " + base64("abcd"))})
    EXPECT_EQ(code_of(good + line + "\n"), "log.checkpoint.malformed") << line;
  // Ours by name or by key alone says nothing; ours by both must hold.
  EXPECT_EQ(code_of(good + kDash + kName + " " + other + "\n"), "opened");
  EXPECT_EQ(code_of(good + kDash + kName + " " + base64(id_of(key()) + "short") + "\n"), "log.checkpoint.unsigned");
  EXPECT_EQ(code_of(good + kDash + kName + " " + base64(id_of(key()) + std::string(64, 's')) + "\n"),
            "log.checkpoint.unsigned");
  std::string many = good;
  for (int i = 0; i < 100; ++i) many += kDash + ("B " + other) + "\n";
  EXPECT_EQ(code_of(many), "log.checkpoint.malformed");
  EXPECT_FALSE(notes_in("no empty line anywhere"));
  EXPECT_FALSE(notes_in("one line\n"));
}

TEST(Refused, KeysAndTextsInASecondSpelling) {
  const std::string good = to_text(key());
  ASSERT_TRUE(parse_verifier_key(good));
  const std::string tail = good.substr(good.find('+'));
  for (const std::string& text :
       {std::string(), std::string("no plus"), std::string("A+one"), std::string("A+12345678+!"),
        std::string("A+12345678+AAAA"), tail, "A B" + tail, "B" + tail, good + "A"})
    EXPECT_FALSE(parse_verifier_key(text)) << text;

  const std::string digits = hex(sha256("x"));
  ASSERT_EQ(digest_from_hex(digits), sha256("x"));
  std::string upper = digits;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const std::string& text : {std::string(), digits.substr(2), digits + "00", "zz" + digits.substr(2), upper})
    EXPECT_FALSE(digest_from_hex(text)) << text;
  EXPECT_EQ(origin_of("a.z_A-Z0/9:@[`{").substr(0, 26), "tieout.log/a.z_A-Z0-9-----");
  for (const std::string_view text : {"A", "AAA", "AAB=", "A A=", "AA==AA=="}) EXPECT_FALSE(from_base64(text)) << text;
  EXPECT_EQ(from_base64(""), "");
}

TEST(Refused, ALineThatRefersToTheFutureOrIsNone) {
  for (const auto& refer : {+[](Leaf& leaf) { leaf.mapping = 0; }, +[](Leaf& leaf) { leaf.approval = 7; }}) {
    Leaf leaf;
    leaf.number = 0;
    leaf.entity = "A";
    leaf.action = "run.begun";
    refer(leaf);
    Findings findings;
    LogCheck check({}, findings);
    EXPECT_TRUE(check.line(to_text(leaf)));
    ASSERT_EQ(findings.count(), 1);
    EXPECT_EQ(findings.first().front().code, "log.line.malformed");
  }
  Findings many;
  LogCheck check({}, many);
  for (int i = 0; i < 150; ++i) EXPECT_FALSE(check.line("[]"));
  EXPECT_EQ(many.count(), 150);
  EXPECT_EQ(many.first().size(), 100U);
}

struct Edit {
  const char* what;
  const char* code;
  std::function<void(Value& file, Value& line)> make;
};

Value long_list(std::size_t count, const Value& one) { return Value::array(std::vector<Value>(count, one)); }

TEST(Refused, FilesOfProofsInAnotherForm) {
  const Forger forger(5);
  const std::string good = forger.proof_file(3);
  ASSERT_EQ(check_proof(good, forger.key()).count(), 0);
  const Value evidence = Value::object({{"sha256", Value::string(hex(sha256("x")))}, {"text", Value::string("x")}});
  const Value digest = Value::string(base64(std::string(32, 'd')));
  const Edit edits[] = {
      {"a member more", "log.proof.malformed", [](Value& file, Value&) { file.set("note", Value::string("x")); }},
      {"another member", "log.proof.malformed",
       [](Value& file, Value&) { file.remove("evidence"), file.set("notes", Value::array()); }},
      {"no checkpoint", "log.checkpoint.malformed", [](Value& file, Value&) { file.set("checkpoint", Value()); }},
      {"no lines", "log.proof.malformed", [](Value& file, Value&) { file.set("lines", Value::array()); }},
      {"a line that is none", "log.proof.malformed", [](Value&, Value& line) { line = Value::string("x"); }},
      {"a line with more in it", "log.proof.malformed", [](Value&, Value& line) { line.set("x", Value()); }},
      {"text that is no line", "log.line.malformed", [](Value&, Value& line) { line.set("line", Value::string("x")); }},
      {"another number", "log.line.malformed", [](Value&, Value& line) { line.set("number", Value::number(4)); }},
      {"no list of digests", "log.proof.refused", [](Value&, Value& line) { line.set("proof", Value::string("")); }},
      {"a list too long", "log.proof.refused", [&](Value&, Value& line) { line.set("proof", long_list(65, digest)); }},
      {"a list of other digests", "log.proof.refused",
       [&](Value&, Value& line) { line.set("proof", long_list(3, digest)); }},
      {"digests that are no text", "log.proof.refused",
       [](Value&, Value& line) { line.set("proof", long_list(1, Value::number(7))); }},
      {"digests that are no base64", "log.proof.refused",
       [](Value&, Value& line) { line.set("proof", long_list(1, Value::string("!"))); }},
      {"digests too short", "log.proof.refused",
       [](Value&, Value& line) { line.set("proof", long_list(1, Value::string("AAAA"))); }},
      {"evidence of nothing", "log.evidence.differs",
       [&](Value& file, Value&) { file.set("evidence", long_list(1, evidence)); }},
      {"evidence of another digest", "log.evidence.differs",
       [&](Value& file, Value&) {
         Value one = evidence;
         one.set("text", Value::string("y"));
         file.set("evidence", long_list(1, one));
       }},
      {"evidence in no form", "log.evidence.differs",
       [](Value& file, Value&) { file.set("evidence", long_list(1, Value::string("x"))); }},
  };
  for (const Edit& edit : edits) {
    Value file = *json::parse(good);
    edit.make(file, file.find("lines")->items().front());
    const Findings findings = check_proof(file.dump_pretty() + "\n", forger.key());
    ASSERT_GT(findings.count(), 0) << edit.what;
    EXPECT_EQ(findings.first().front().code, edit.code) << edit.what;
  }
  for (const std::string& file : {std::string(), std::string("no json"), std::string("[]\n"), good + "\n"})
    EXPECT_GT(check_proof(file, forger.key()).count(), 0) << file;
}

TEST(Refused, ProofsOutOfRange) {
  const Subtree none = [](int, std::int64_t) -> Result<Digest> { return Digest{}; };
  constexpr std::int64_t kTooMany = (std::int64_t{1} << 62) + 1;
  for (const std::int64_t size : {std::int64_t{-1}, kTooMany}) EXPECT_FALSE(root_of(size, none));
  EXPECT_EQ(root_of(0, none), merkle::empty_root());
  EXPECT_FALSE(inclusion_proof(0, kTooMany, none));
  EXPECT_FALSE(consistency_proof(-1, 4, none));
  EXPECT_FALSE(consistency_proof(5, 4, none));
  EXPECT_FALSE(consistency_proof(4, kTooMany, none));
  const Digest one = sha256("1"), other = sha256("2");
  const std::vector<Digest> some{one};
  EXPECT_FALSE(proves_consistency(3, 3, some, one, one));
  EXPECT_FALSE(proves_consistency(3, 3, {}, one, other));
  EXPECT_TRUE(proves_consistency(3, 3, {}, one, one));
  EXPECT_FALSE(proves_consistency(0, 3, some, merkle::empty_root(), one));
  EXPECT_FALSE(proves_consistency(0, 3, {}, other, one));
  EXPECT_FALSE(proves_consistency(2, 3, {}, one, one));
}

}  // namespace
}  // namespace tieout::prove
