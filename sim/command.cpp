#include "sim/command.hpp"

#include <fmt/core.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <thread>

#include "base/hash.hpp"
#include "sim/report.hpp"

namespace tieout::sim {
namespace {

constexpr std::size_t kMostShown = 12;

/// ./dev sim says which commit it built.
std::string commit() {
  const char* told = std::getenv("TIEOUT_COMMIT");
  return told != nullptr ? told : "unknown";
}

struct Total {
  std::vector<SeedResult> seeds;
  std::set<std::uint64_t> died;  ///< seeds whose process ended in the middle of them
};

SeedOptions options_of(const Command& command, std::uint64_t seed) {
  return {.seed = seed, .days = command.days, .faults = command.faults};
}

/// Runs its share of the seeds and writes a line for each; before each seed its number, so that a crash has a name.
void work(const Command& command, const mapping::PackSet& packs, std::uint64_t first, int parts, std::FILE* out) {
  for (std::uint64_t i = first; i < command.seeds; i += static_cast<std::uint64_t>(parts)) {
    const std::uint64_t seed = command.from + i;
    fmt::print(out, "{}\n", seed);
    std::fflush(out);
    Trace trace(false);
    fmt::print(out, "{}\n", to_line(run_seed(options_of(command, seed), packs, trace)));
    std::fflush(out);
  }
}

struct Child {
  pid_t pid = 0;
  std::FILE* from = nullptr;
};

Child start(const Command& command, const mapping::PackSet& packs, std::uint64_t first, int parts) {
  int ends[2] = {-1, -1};
  if (pipe(ends) != 0) return {};
  std::fflush(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    close(ends[0]);
    std::FILE* out = fdopen(ends[1], "w");
    work(command, packs, first, parts, out);
    std::fclose(out);
    _exit(0);
  }
  close(ends[1]);
  return {pid, fdopen(ends[0], "r")};
}

std::string read_line(std::FILE* from) {
  std::string out;
  for (int c = std::fgetc(from); c != EOF && c != '\n'; c = std::fgetc(from)) out += static_cast<char>(c);
  return out;
}

/// Reads what a child reports. When it dies in a seed another one goes on behind that seed.
void collect(const Command& command, const mapping::PackSet& packs, std::uint64_t first, int parts, Total& total) {
  while (first < command.seeds) {
    const Child child = start(command, packs, first, parts);
    if (child.from == nullptr) break;
    bool died = false;
    for (std::string seed = read_line(child.from); !seed.empty(); seed = read_line(child.from)) {
      const auto result = from_line(read_line(child.from));
      first = std::stoull(seed) - command.from + static_cast<std::uint64_t>(parts);
      died = !result;
      if (result)
        total.seeds.push_back(*result);
      else
        total.died.insert(std::stoull(seed));
    }
    std::fclose(child.from);
    waitpid(child.pid, nullptr, 0);
    if (!died) break;
  }
}

Total run_all(const Command& command, const mapping::PackSet& packs) {
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const auto most = static_cast<int>(std::clamp<std::uint64_t>(command.seeds, 1, 256));
  const int jobs = std::min(command.jobs > 0 ? command.jobs : cores, most);
  std::vector<Total> parts(static_cast<std::size_t>(jobs));
  std::vector<std::thread> readers;
  for (std::size_t i = 0; i < parts.size(); ++i)
    readers.emplace_back([&, i] { collect(command, packs, i, jobs, parts[i]); });
  for (std::thread& reader : readers) reader.join();
  Total total;
  for (Total& part : parts) {
    total.seeds.insert(total.seeds.end(), part.seeds.begin(), part.seeds.end());
    total.died.insert(part.died.begin(), part.died.end());
  }
  std::sort(total.seeds.begin(), total.seeds.end(), [](const auto& a, const auto& b) { return a.seed < b.seed; });
  return total;
}

std::int64_t harmed(const Total& total, std::initializer_list<Harm> harms) {
  std::int64_t count = 0;
  for (const SeedResult& seed : total.seeds)
    for (const Found& one : seed.found)
      count += std::find(harms.begin(), harms.end(), one.violation.harm) != harms.end() ? 1 : 0;
  return count;
}

void add_up(std::map<std::string, std::int64_t>& sum, const std::map<std::string, std::int64_t>& part) {
  for (const auto& [name, count] : part) sum[name] += count;
}

void print_table(const Total& total, const Counts& faults) {
  fmt::print("{:<32} {:>10}  what\n", "fault", "struck");
  for (const KindInfo& kind : all_kinds())
    fmt::print("{:<32} {:>10}  {}\n", kind.name, faults[static_cast<std::size_t>(kind.kind)], kind.what);
  std::map<std::string, std::int64_t> actions, refusals;
  for (const SeedResult& seed : total.seeds) add_up(actions, seed.actions), add_up(refusals, seed.refusals);
  fmt::print("people:");
  for (const auto& [name, count] : actions) fmt::print(" {} {};", name, count);
  fmt::print("\nsteps that ended early:");
  for (const auto& [name, count] : refusals) fmt::print(" {} {};", name, count);
  fmt::print("\n");
}

/// Which checks failed, in how many seeds, and where to begin looking.
void print_checks(const Total& total) {
  std::map<std::string, std::set<std::uint64_t>> seeds;
  for (const SeedResult& seed : total.seeds)
    for (const Found& one : seed.found) seeds[one.violation.check].insert(seed.seed);
  for (const auto& [check, where] : seeds)
    fmt::print("broken: {} in {} seeds, first {}\n", check, where.size(), *where.begin());
}

void print_found(const Total& total, const Command& command) {
  std::size_t shown = 0;
  for (const std::uint64_t seed : total.died) fmt::print("FAILED seed {}: the process died in it\n", seed);
  for (const SeedResult& seed : total.seeds)
    for (const Found& one : seed.found) {
      if (++shown > kMostShown) return;
      fmt::print("FAILED seed {} step {} ({}, {}) commit {}: {} [{}] {}: {}\n  ./dev sim --story {} --days {}\n",
                 seed.seed, one.step, one.at, one.company, commit(), to_text(one.violation.harm), one.violation.check,
                 one.violation.record, one.violation.text, seed.seed, command.days);
    }
}

std::string with_commas(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), 1, ',');
  return text;
}

int print_all(const Total& total, const Command& command, double seconds) {
  Counts faults{};
  SeedResult sum;
  std::string digests;
  std::int64_t converged = 0;
  for (const SeedResult& seed : total.seeds) {
    for (std::size_t i = 0; i < kKinds; ++i) faults[i] += seed.faults[i];
    sum.calls += seed.calls, sum.edits += seed.edits, sum.steps += seed.steps, sum.disk_writes += seed.disk_writes;
    sum.simulated_ms += seed.simulated_ms;
    converged += seed.found.empty() && seed.converged ? 1 : 0;
    digests += seed.digest;
    if (command.hashes) fmt::print("seed {} {}\n", seed.seed, seed.digest);
  }
  std::int64_t struck = 0;
  std::size_t kinds = 0;
  for (const std::int64_t count : faults) struck += count, kinds += count > 0 ? 1 : 0;
  print_table(total, faults);
  print_found(total, command);
  print_checks(total);
  bool good = total.died.empty() && converged == static_cast<std::int64_t>(command.seeds);
  if (command.faults && command.seeds >= kCiSeeds && kinds < kKinds) {
    good = false;
    for (const KindInfo& kind : all_kinds())
      if (faults[static_cast<std::size_t>(kind.kind)] == 0)
        fmt::print("FAILED: the fault \"{}\" never struck in {} seeds\n", kind.name, command.seeds);
  }
  fmt::print(
      "sim: {} seeds x {} days ({} simulated years), {} operations (vendor calls {}, edits of people {}, engine steps "
      "{}, "
      "disk writes {}), {} faults of {} kinds, {} lost, {} duplicate, {} unbalanced, {} unasked, {} converged, {:.1f} "
      "s, "
      "seeds {}..{}, hash {}\n",
      with_commas(static_cast<std::int64_t>(command.seeds)), command.days,
      with_commas(sum.simulated_ms / (365LL * 86'400'000)), with_commas(sum.operations()), with_commas(sum.calls),
      with_commas(sum.edits), with_commas(sum.steps), with_commas(sum.disk_writes), with_commas(struck), kinds,
      harmed(total, {Harm::lost}), harmed(total, {Harm::duplicate}), harmed(total, {Harm::unbalanced}),
      harmed(total, {Harm::unasked}), with_commas(converged), seconds, command.from, command.from + command.seeds - 1,
      hex(sha256(digests)).substr(0, 16));
  return good ? 0 : 1;
}

int tell(const Command& command, const mapping::PackSet& packs, std::uint64_t seed, bool all) {
  Trace trace(true);
  const SeedResult result = run_seed(options_of(command, seed), packs, trace);
  if (all) trace.print(stdout);
  if (result.found.empty()) {
    fmt::print("seed {}: every promise held; {} operations, hash {}\n", seed, result.operations(), result.digest);
    return 0;
  }
  for (const Found& one : result.found) {
    fmt::print("seed {} step {} ({}, {}) commit {}: {} [{}] {}: {}\n", seed, one.step, one.at, one.company, commit(),
               to_text(one.violation.harm), one.violation.check, one.violation.record, one.violation.text);
  }
  if (!all) fmt::print("{}", trace.story(result.found.front().violation.record));
  return 1;
}

}  // namespace

int run(const Command& command) {
  if (!command.mutant.empty()) {
#if __has_include("base/planted.hpp")  // the planted copy of the sources
    setenv("TIEOUT_MUTANT", command.mutant.c_str(), 1);
#else
    fmt::print(stderr, "tieout_sim: built without planted bugs; run sim/mutants/run {}\n", command.mutant);
    return 2;
#endif
  }
  // Each seed makes and drops megabytes of pages: giving them back to the kernel in between costs a tenth of the time.
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
  mallopt(M_MMAP_THRESHOLD, 512 << 20);
  mallopt(M_TOP_PAD, 16 << 20);
  const auto packs = mapping::PackSet::load_embedded();
  if (!packs) {
    fmt::print(stderr, "tieout_sim: {}\n", packs.error().what);
    return 2;
  }
  if (command.story) return tell(command, *packs, *command.story, false);
  if (command.trace) return tell(command, *packs, *command.trace, true);
  const auto began = std::chrono::steady_clock::now();
  const Total total = run_all(command, *packs);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  return print_all(total, command, took.count());
}

}  // namespace tieout::sim
