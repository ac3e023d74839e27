// Reading the file of `tieout log prove`: lines with their inclusion proofs, the checkpoint over them, and the evidence
// that the lines name by digest.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/json.hpp"
#include "prove/log_check.hpp"
#include "prove/log_proof.hpp"

namespace tieout::prove {
namespace {

constexpr std::size_t kHighest = 64;

std::optional<std::vector<Digest>> proof_of(const json::Value& list) {
  std::vector<Digest> proof;
  if (!list.is_array() || list.size() > kHighest) return std::nullopt;
  for (const json::Value& one : list.items()) {
    const auto bytes = from_base64(one.text());
    if (!one.is_string() || !bytes || bytes->size() != std::tuple_size_v<Digest>) return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), proof.emplace_back().begin());
  }
  return proof;
}

/// Whatever a proven line names by digest.
void note_digests(const Leaf& leaf, std::set<std::string>& named) {
  for (const std::string* digest : {&leaf.payload, &leaf.request, &leaf.answer, &leaf.answer_payload})
    if (!digest->empty()) named.insert(*digest);
}

void check_line(const json::Value& entry, const Checkpoint& checkpoint, Findings& findings,
                std::set<std::string>& named) {
  const std::string& text = entry["line"].text();
  const std::int64_t number = entry["number"].as_int(-1);
  const auto leaf = parse_leaf(text);
  if (!leaf) return findings.add("log.line.malformed", number, leaf.error().what);
  if (leaf->number != number) return findings.add("log.line.malformed", number, "it bears another number");
  const auto proof = proof_of(entry["proof"]);
  if (!proof || !proves_inclusion(merkle::leaf_hash(text), number, checkpoint.size, *proof, checkpoint.root))
    return findings.add("log.proof.refused", number, "the proof does not show that this line is in the signed log");
  note_digests(*leaf, named);
}

/// The file may hold nothing but what is checked: otherwise a sentence that nobody proved could stand in it.
bool has_only(const json::Value& object, std::initializer_list<std::string_view> names) {
  if (!object.is_object() || object.size() != names.size()) return false;
  return std::all_of(names.begin(), names.end(), [&](std::string_view name) { return object.find(name) != nullptr; });
}

}  // namespace

Findings check_proof(std::string_view file, const VerifierKey& key) {
  Findings findings;
  const auto value = json::parse(file);
  const auto refused = [&] {
    findings.add("log.proof.malformed", -1, "this is no file of tieout log prove");
    return findings;
  };
  if (!value) return refused();
  const std::string one_spelling = value->dump_pretty() + "\n";
  if (one_spelling != file || !has_only(*value, {"checkpoint", "lines", "evidence"})) return refused();
  const auto checkpoint = open_checkpoint((*value)["checkpoint"].text(), key);
  if (!checkpoint) {
    findings.add(checkpoint.error().code, -1, checkpoint.error().what);
    return findings;
  }
  std::set<std::string> named;
  for (const json::Value& entry : (*value)["lines"].items()) {
    if (has_only(entry, {"number", "line", "proof"}))
      check_line(entry, *checkpoint, findings, named);
    else
      findings.add("log.proof.malformed", -1, "a line is not in its form");
  }
  if ((*value)["lines"].size() == 0) findings.add("log.proof.malformed", -1, "it proves nothing");
  for (const json::Value& entry : (*value)["evidence"].items()) {
    const std::string& digest = entry["sha256"].text();
    const std::string real = hex(sha256(entry["text"].text()));
    if (!has_only(entry, {"sha256", "text"}) || real != digest || !named.contains(digest))
      findings.add("log.evidence.differs", -1,
                   fmt::format("the evidence {} is not what a proven line tells of", digest));
  }
  return findings;
}

}  // namespace tieout::prove
