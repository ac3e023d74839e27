#include "forger.hpp"

#include <fmt/core.h>

#include "base/json.hpp"
#include "base/merkle.hpp"
#include "prove/log_proof.hpp"

namespace tieout::prove {
namespace {

std::string join(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

Digest root_over(const std::vector<std::string>& lines, std::size_t count) {
  merkle::Frontier tree;
  for (std::size_t i = 0; i < count; ++i) tree.append(merkle::leaf_hash(lines[i]));
  return tree.root();
}

std::vector<std::string> made_lines(int count, std::uint64_t salt) {
  std::vector<std::string> lines;
  for (int i = 0; i < count; ++i) {
    Leaf leaf;
    leaf.number = i;
    leaf.at = instant_from_ms(1'772'000'000'000 + i * 1'000);
    leaf.entity = "Northwind";
    leaf.by = i % 7 == 0 ? "ana" : "tieout";
    leaf.action = i % 2 == 0 ? "write.asked" : "write.confirmed";
    leaf.record = fmt::format("crm:deal:{}", 9'000 + i / 2);
    leaf.partner = i % 2 == 0 ? "books:invoice" : fmt::format("books:invoice:{}", 100 + i / 2);
    leaf.link = i / 2;
    leaf.ends = 1 + i % 2;
    leaf.key = fmt::format("c{:016x}-1", salt + static_cast<std::uint64_t>(i) / 2);
    leaf.kind = "create";
    leaf.mapping = i > 0 ? 0 : -1;
    leaf.request = hex(sha256(fmt::format("request {}", i / 2)));
    if (i % 2 == 1) leaf.answer = hex(sha256(fmt::format("answer {}", i)));
    lines.push_back(to_text(leaf));
  }
  return lines;
}

Export exported(const std::vector<std::string>& lines, const VerifierKey& key, const KeySeed& seed) {
  Export out;
  out.leaves = join(lines);
  out.checkpoint = sign({key.name, static_cast<std::int64_t>(lines.size()), root_over(lines, lines.size())}, seed);
  out.key = to_text(key) + "\n";
  for (const std::size_t part : {3UL, 5UL})
    out.older.push_back(
        sign({key.name, static_cast<std::int64_t>(lines.size() * part / 8), root_over(lines, lines.size() * part / 8)},
             seed));
  return out;
}

Subtree subtree_of(const std::vector<std::string>& lines) {
  return [&lines](int level, std::int64_t index) -> Result<Digest> {
    merkle::Frontier tree;
    for (std::int64_t i = index << level; i < (index + 1) << level; ++i)
      tree.append(merkle::leaf_hash(lines[static_cast<std::size_t>(i)]));
    return tree.root();
  };
}

}  // namespace

Forger::Forger(std::uint64_t seed, int lines) : random_(seed) {
  for (auto& byte : seed_) byte = static_cast<std::uint8_t>(random_());
  key_ = {origin_of("Northwind"), public_key(seed_)};
  lines_ = made_lines(lines, seed);
  honest_ = exported(lines_, key_, seed_);
  KeySeed stranger = seed_;
  stranger[0] ^= 1;
  other_ = exported(made_lines(lines, seed + 1), {key_.name, public_key(stranger)}, stranger);
}

std::vector<std::string> Forger::lines_of(const std::string& leaves) const {
  std::vector<std::string> lines;
  std::size_t from = 0;
  for (std::size_t end; (end = leaves.find('\n', from)) != std::string::npos; from = end + 1)
    lines.push_back(leaves.substr(from, end - from));
  return lines;
}

std::string Forger::flip(std::string text) {
  text[below(text.size())] ^= static_cast<char>(1 << below(8));
  return text;
}

/// Lines removed, doubled, exchanged, cut in, or taken from another log.
Export Forger::on_lines(int how) {
  Export out = honest_;
  auto lines = lines_;
  const std::size_t at = below(lines.size());
  const std::size_t other = (at + 1 + below(lines.size() - 1)) % lines.size();
  const auto theirs = lines_of(other_.leaves);
  switch (how) {
    case 0:
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 1:
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), lines[other]);
      break;
    case 2:
      std::swap(lines[at], lines[other]);
      break;
    case 3:
      lines.resize(at);
      break;
    case 4:
      lines[at] = theirs[at];
      break;
    default:  // the rest of another log from here on
      std::copy(theirs.begin() + static_cast<std::ptrdiff_t>(at), theirs.end(),
                lines.begin() + static_cast<std::ptrdiff_t>(at));
  }
  out.leaves = join(lines);
  return out;
}

/// The whole log made anew with every hash right, but without the key.
Export Forger::rewrite(int how) {
  auto lines = lines_;
  Leaf leaf = *parse_leaf(lines[below(lines.size())]);
  leaf.record = "crm:deal:1";
  lines[static_cast<std::size_t>(leaf.number)] = to_text(leaf);
  KeySeed mine;
  for (auto& byte : mine) byte = static_cast<std::uint8_t>(random_());
  Export out = exported(lines, {key_.name, public_key(mine)}, mine);
  const Digest root = root_over(lines, lines.size());
  if (how == 0) {  // the true signature under the new root
    const std::string text = fmt::format("{}\n{}\n{}\n", key_.name, lines.size(),
                                         base64({reinterpret_cast<const char*>(root.data()), root.size()}));
    out.checkpoint = text + honest_.checkpoint.substr(honest_.checkpoint.find("\n\n") + 1);
  }
  if (how == 1) out.checkpoint = honest_.checkpoint;
  if (how != 2) out.older = honest_.older;
  if (how == 3) {  // an older state, truly signed, against what was carried away later
    const std::size_t size = 1 + below(lines_.size() - 1);
    const std::vector<std::string> part(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(size));
    out = exported(part, key_, seed_);
    out.older = {honest_.checkpoint};
  }
  return out;
}

Export Forger::change(std::string& kind) {
  const std::uint64_t draw = below(100);
  Export out = honest_;
  if (draw < 40) {
    kind = "bit flips in lines";
    out.leaves = flip(honest_.leaves);
  } else if (draw < 50) {
    kind = "bit flips in checkpoints";
    if (below(3) == 0)
      out.older[below(2)] = flip(honest_.older[below(1)]);
    else
      out.checkpoint = flip(honest_.checkpoint);
  } else if (draw < 54) {
    kind = "bit flips in the key";
    out.key = flip(honest_.key);
  } else if (draw < 62) {
    kind = "truncations";
    std::string& cut = below(4) == 0 ? out.checkpoint : out.leaves;
    cut.resize(below(cut.size()));
  } else if (draw < 82) {
    const int how = static_cast<int>(below(6));
    constexpr std::string_view names[] = {"removed lines", "doubled lines",       "swapped lines",
                                          "truncations",   "splices of two logs", "splices of two logs"};
    kind = names[how];
    out = on_lines(how);
  } else {
    const int how = static_cast<int>(below(4));
    kind = how == 3 ? "roll-backs to an older state" : "full rewrites without the key";
    out = rewrite(how);
  }
  return out;
}

bool Forger::found(const Export& one) const {
  if (one.key != to_text(key_) + "\n") return true;  // not the key that is believed
  return check_export(one.leaves, one.checkpoint, key_, one.older).count() > 0;
}

bool Forger::forged_inclusion() {
  const auto size = static_cast<std::int64_t>(1 + below(lines_.size()));
  const std::vector<std::string> lines(lines_.begin(), lines_.begin() + size);
  const Digest root = root_over(lines, lines.size());
  std::int64_t number = static_cast<std::int64_t>(below(static_cast<std::uint64_t>(size)));
  auto proof = *inclusion_proof(number, size, subtree_of(lines));
  Digest leaf = merkle::leaf_hash(lines[static_cast<std::size_t>(number)]);
  std::int64_t claimed = size;
  switch (below(proof.empty() ? 3 : 7)) {
    case 0:
      leaf = merkle::leaf_hash("a line that never was");
      break;
    case 1:
      number = size > 1 ? (number + 1) % size : 1;
      break;
    case 2:
      proof.push_back(leaf);
      break;
    case 3:
      proof[below(proof.size())][below(32)] ^= static_cast<std::uint8_t>(1 << below(8));
      break;
    case 4:
      proof.pop_back();
      break;
    case 5: {  // a subtree passed off as a leaf
      leaf = (number & 1) != 0 ? merkle::node_hash(proof.front(), leaf) : merkle::node_hash(leaf, proof.front());
      proof.erase(proof.begin());
      number >>= 1;
      break;
    }
    default:
      if (proof.size() > 1)
        std::swap(proof.front(), proof.back());
      else
        proof.front() = leaf;
  }
  if (claimed == 1 && number == 0 && proof.empty() && leaf == root) return true;  // nothing was changed after all
  return !proves_inclusion(leaf, number, claimed, proof, root);
}

bool Forger::forged_consistency() {
  const auto newer = static_cast<std::int64_t>(2 + below(lines_.size() - 1));
  const auto older = static_cast<std::int64_t>(1 + below(static_cast<std::uint64_t>(newer - 1)));
  auto proof = *consistency_proof(older, newer, subtree_of(lines_));
  Digest old_root = root_over(lines_, static_cast<std::size_t>(older));
  Digest new_root = root_over(lines_, static_cast<std::size_t>(newer));
  switch (below(5)) {
    case 0:
      proof[below(proof.size())][below(32)] ^= static_cast<std::uint8_t>(1 << below(8));
      break;
    case 1:
      proof.push_back(old_root);
      break;
    case 2:
      proof.pop_back();
      break;
    case 3: {  // the old log with a line changed
      auto lines = lines_;
      lines[below(static_cast<std::uint64_t>(older))] = "changed";
      old_root = root_over(lines, static_cast<std::size_t>(older));
      break;
    }
    default: {  // the new log with an old line changed, and its own true proof
      auto lines = lines_;
      lines[below(static_cast<std::uint64_t>(older))] = "changed";
      new_root = root_over(lines, static_cast<std::size_t>(newer));
      proof = *consistency_proof(older, newer, subtree_of(lines));
    }
  }
  return !proves_consistency(older, newer, proof, old_root, new_root);
}

std::string Forger::proof_file(std::int64_t number) const {
  const auto size = static_cast<std::int64_t>(lines_.size());
  json::Value out = json::Value::object(), line = json::Value::object(), proof = json::Value::array();
  const auto path = inclusion_proof(number, size, subtree_of(lines_));
  for (const Digest& one : *path)
    proof.push(json::Value::string(base64({reinterpret_cast<const char*>(one.data()), one.size()})));
  line.set("number", json::Value::number(number));
  line.set("line", json::Value::string(lines_[static_cast<std::size_t>(number)]));
  line.set("proof", std::move(proof));
  json::Value evidence = json::Value::object();
  const std::string request = fmt::format("request {}", number / 2);
  evidence.set("sha256", json::Value::string(hex(sha256(request))));
  evidence.set("text", json::Value::string(request));
  out.set("checkpoint", json::Value::string(honest_.checkpoint));
  out.set("lines", json::Value::array({std::move(line)}));
  out.set("evidence", json::Value::array({std::move(evidence)}));
  return out.dump_pretty() + "\n";
}

bool Forger::forged_proof_refused(std::string& kind) {
  switch (below(3)) {
    case 0:
      kind = "inclusion";
      return forged_inclusion();
    case 1:
      kind = "consistency";
      return forged_consistency();
    default:
      kind = "files";
      return check_proof(flip(proof_file(static_cast<std::int64_t>(below(lines_.size())))), key_).count() > 0;
  }
}

}  // namespace tieout::prove
