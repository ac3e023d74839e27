// The full counts, for whoever wants to see them: each change to an export of an audit log must be detected, the
// untouched one never, each forged proof refused. One line each; exit 1 when one got through.
//
//   audit_tamper [--count 20000] [--proofs 10000] [--seed 1] [--keep FOLDER]
//
// --keep writes the first changes with the verdict on each, for a second verifier to judge.
#include <fmt/core.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

#include "forger.hpp"

namespace {

using namespace tieout::prove;

struct Options {
  int count = 20'000, proofs = 10'000;
  std::uint64_t seed = 1;
  std::string keep;
};

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

void keep(const std::string& folder, const Export& one, bool found) {
  std::filesystem::create_directories(folder);
  write(folder + "/leaves.jsonl", one.leaves);
  write(folder + "/checkpoint", one.checkpoint);
  write(folder + "/verifier.key", one.key);
  std::string older;
  for (const std::string& note : one.older) older += note + "\n";
  write(folder + "/older", older);
  write(folder + "/verdict", found ? "changed\n" : "good\n");
}

std::string listed(const std::map<std::string, int>& kinds) {
  std::string out;
  for (const auto& [kind, count] : kinds) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", kind, count);
  return out;
}

int run(const Options& options) {
  Forger forger(options.seed);
  std::map<std::string, int> kinds, proof_kinds;
  int changed = 0, detected = 0, alarms = 0, refused = 0;
  for (int i = 0; i < options.count; ++i) {
    std::string kind;
    const Export one = forger.change(kind);
    const bool found = forger.found(one);
    ++changed;
    detected += found ? 1 : 0;
    ++kinds[kind];
    if (!found) fmt::print(stderr, "not detected: change {} ({})\n", i, kind);
    alarms += i % 100 == 0 && forger.found(forger.honest()) ? 1 : 0;
    if (!options.keep.empty()) keep(fmt::format("{}/{:05}", options.keep, i), one, found);
  }
  if (!options.keep.empty()) {
    keep(options.keep + "/honest", forger.honest(), forger.found(forger.honest()));
    write(options.keep + "/key", to_text(forger.key()) + "\n");
    for (int i = 0; i < 50; ++i) write(fmt::format("{}/proof-{}.json", options.keep, i), forger.proof_file(i));
  }
  for (int i = 0; i < options.proofs; ++i) {
    std::string kind;
    const bool no = forger.forged_proof_refused(kind);
    refused += no ? 1 : 0;
    ++proof_kinds[kind];
    if (!no) fmt::print(stderr, "accepted: forged proof {} ({})\n", i, kind);
    alarms += i % 100 == 0 && check_proof(forger.proof_file(i % 200), forger.key()).count() > 0 ? 1 : 0;
  }
  fmt::print("audit.tamper: {} changes, {} detected, {} false alarms, seed {} ({})\n", changed, detected, alarms,
             options.seed, listed(kinds));
  fmt::print("audit.proofs: {} forged, {} refused, seed {} ({})\n", options.proofs, refused, options.seed,
             listed(proof_kinds));
  return detected == changed && refused == options.proofs && alarms == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--count") options.count = std::atoi(argv[i + 1]);
    if (name == "--proofs") options.proofs = std::atoi(argv[i + 1]);
    if (name == "--seed") options.seed = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--keep") options.keep = argv[i + 1];
  }
  return run(options);
}
