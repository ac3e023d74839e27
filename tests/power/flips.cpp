// Single bits turned over: in the closed file, in the log that a kill left, in both under an open store, in a backup
// and in the secrets. Whatever is read afterwards is what was written, or a fault that names the place; never another
// value.
#include <fmt/core.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "chance.hpp"
#include "sim/disk/disk.hpp"
#include "store/sqlite/secrets.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "sweep.hpp"
#include "workload.hpp"

namespace tieout::power {
namespace {

constexpr int kCommits = 40;
const std::string kFile = "t.db", kLog = "t.db-wal", kBackup = "backup.db";

struct Figures {
  int flips = 0, at_opening = 0, at_reading = 0, harmless = 0, earlier = 0, named = 0, wrong = 0;
};

/// The files as a kill left them: half of the commits moved to the main file, half in the log only.
struct Image {
  std::string file, log, backup;
};

Image image_of(Chance& chance, HandClock& clock) {
  sim::Disk disk("flips-image", chance, clock);
  {
    auto store = open_sqlite(kFile, "acme", {.vfs = disk.vfs()});
    for (int i = 1; store && i <= kCommits / 2; ++i) (void)transact(**store, i).has_value();
  }
  auto store = open_sqlite(kFile, "acme", {.vfs = disk.vfs()});
  for (int i = kCommits / 2 + 1; store && i <= kCommits; ++i) (void)transact(**store, i).has_value();
  (void)backup_sqlite(kFile, kBackup, disk.vfs()).has_value();
  Image image{disk.bytes(kFile), disk.bytes(kLog), disk.bytes(kBackup)};
  disk.kill();
  return image;
}

class Flip {
 public:
  Flip(const Sweep& sweep, int number, Oracle& oracle, Figures& figures)
      : sweep_(sweep), number_(number), oracle_(oracle), figures_(figures) {}

  void wrong(const std::string& what) {
    ++figures_.wrong;
    fmt::print("  flip {} of seed {} ({}): {}\n", number_, sweep_.seed, where, what);
  }
  void refused(const Fault& fault) {
    ++figures_.at_opening;
    if (fault.what.find("page ") != std::string::npos || fault.what.find("first 32 bytes") != std::string::npos)
      ++figures_.named;
  }
  /// Everything is read: each line is one that some commit left (the same one for all), or a fault.
  void judge(ports::Store& store, bool may_be_earlier) {
    int faults = 0;
    const auto now = dump(store, faults);
    const Dump& wanted = oracle_.after(kCommits);
    for (const auto& [name, line] : *now) {
      if (line.starts_with("fault ")) continue;
      if (const auto same = wanted.find(name); same != wanted.end() && same->second == line) continue;
      const auto kept = transactions_in(store);
      const bool is_earlier =
          may_be_earlier && faults == 0 && kept && *kept >= kCommits - 2 && *now == oracle_.after(*kept);
      if (!is_earlier) return wrong(name + " is now " + line.substr(0, 200));
      ++figures_.earlier;
      return;
    }
    if (faults == 0 && *now != wanted) return wrong("records are missing, and no fault says so");
    ++(faults == 0 ? figures_.harmless : figures_.at_reading);
    if (faults > 0) require_refusal(store);
  }
  void require_nothing_else(ports::Store& store) {
    int faults = 0;
    const auto now = dump(store, faults);
    const auto kept = transactions_in(store);
    const Dump& wanted = oracle_.after(kept && *kept >= kCommits - 2 && *kept < kCommits ? *kept : kCommits);
    for (const auto& [name, line] : *now)
      if (const auto same = wanted.find(name);
          !line.starts_with("fault ") && (same == wanted.end() || same->second != line))
        return wrong("after opening again " + name + " is now " + line.substr(0, 200));
  }
  /// A store that has met damage writes nothing more.
  void require_refusal(ports::Store& store) {
    if (store.set_setting("a", "b")) wrong("it writes on after damage");
  }

  std::string where;

 private:
  const Sweep& sweep_;
  int number_;
  Oracle& oracle_;
  Figures& figures_;
};

void at_rest(Flip& flip, Chance& chance, HandClock& clock, const Image& image, int kind) {
  sim::Disk disk("flips", chance, clock);
  if (kind != 2) {
    disk.put(kFile, image.file);
    disk.put(kLog, image.log);
  } else {
    disk.put(kFile, image.backup);
  }
  const std::string& target = kind == 1 ? kLog : kFile;
  const std::int64_t byte = chance.below(static_cast<std::int64_t>(disk.bytes(target).size()));
  const int bit = static_cast<int>(chance.below(8));
  flip.where = fmt::format("{} byte {} bit {}", kind == 2 ? kBackup : target, byte, bit);
  disk.flip_bit(target, byte, bit);
  auto store = open_sqlite(kFile, "acme", {.vfs = disk.vfs()});
  if (!store) return flip.refused(store.error());
  flip.judge(**store, kind == 1);
  store->reset();
}

/// Under an open store, whose own cache is too small to hide it.
void alive(Flip& flip, Chance& chance, HandClock& clock, const Image& image) {
  sim::Disk disk("flips", chance, clock);
  disk.put(kFile, image.file);
  disk.put(kLog, image.log);
  auto store = open_sqlite(kFile, "acme", {.cache_mib = 0, .checkpoint_pages = 1 << 20, .vfs = disk.vfs()});
  if (!store) return flip.wrong("it does not open before the flip");
  const std::string& target = chance.below(4) == 0 ? kFile : kLog;
  const std::int64_t byte = chance.below(static_cast<std::int64_t>(disk.bytes(target).size()));
  flip.where = fmt::format("{} byte {} while it is open", target, byte);
  disk.flip_bit(target, byte, static_cast<int>(chance.below(8)));
  flip.judge(**store, false);
  store->reset();  // moves the log into the main file, or refuses to
  if (auto again = open_sqlite(kFile, "acme", {.vfs = disk.vfs()})) flip.require_nothing_else(**again);
}

/// Real files: the token is the one that was saved, or a fault.
void in_secrets(Flip& flip, Chance& chance, const std::string& folder, const std::string& original, Figures& figures) {
  const std::string path = folder + "/secrets.db";
  std::string bytes = original;
  const auto at = static_cast<std::size_t>(chance.below(static_cast<std::int64_t>(bytes.size())));
  bytes[at] = static_cast<char>(bytes[at] ^ (1 << chance.below(8)));
  flip.where = fmt::format("secrets.db byte {}", at);
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  auto secrets = Secrets::open(path, "acme", MasterKey::from_bytes({7}));
  if (!secrets) {
    ++figures.at_opening;
    return;
  }
  for (const char* name : {"one", "two", "three"}) {
    const auto value = (*secrets)->secret(name);
    if (!value) {
      ++figures.at_reading;
      return;
    }
    if (*value != std::string("token of ") + name) return flip.wrong("another token is read");
  }
  ++figures.harmless;
}

std::string secrets_image(const std::string& folder) {
  auto secrets = Secrets::open(folder + "/secrets.db", "acme", MasterKey::from_bytes({7}));
  for (const char* name : {"one", "two", "three"})
    (void)(*secrets)->set_secret(name, std::string("token of ") + name).has_value();
  secrets->reset();
  std::ifstream in(folder + "/secrets.db", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

bool flips(const Sweep& sweep) {
  Chance chance(sweep.seed);
  HandClock clock;
  Oracle oracle;
  Figures figures;
  const Image image = image_of(chance, clock);
  char folder[] = "/tmp/tieout-flips-XXXXXX";
  if (!mkdtemp(folder)) return false;
  const std::string secrets = secrets_image(folder);
  std::array<int, 5> kinds{};
  for (figures.flips = 0; figures.flips < sweep.count && figures.wrong < 10; ++figures.flips) {
    Flip flip(sweep, figures.flips, oracle, figures);
    const int kind = figures.flips % 10;  // 4 in the file, 2 in the log, 1 in a backup, 2 live, 1 in the secrets
    const int which = kind < 4 ? 0 : kind < 6 ? 1 : kind < 7 ? 2 : kind < 9 ? 3 : 4;
    ++kinds[static_cast<std::size_t>(which)];
    if (which < 3)
      at_rest(flip, chance, clock, image, which);
    else if (which == 3)
      alive(flip, chance, clock, image);
    else
      in_secrets(flip, chance, folder, secrets, figures);
  }
  std::filesystem::remove_all(folder);
  fmt::print(
      "power.flips: {} bits ({} file, {} log, {} backup, {} live, {} secrets): {} refused at opening ({} name the "
      "page), {} refused when read, {} harmless, {} the log's end before, {} wrong, seed {}\n",
      figures.flips, kinds[0], kinds[1], kinds[2], kinds[3], kinds[4], figures.at_opening, figures.named,
      figures.at_reading, figures.harmless, figures.earlier, figures.wrong, sweep.seed);
  return figures.wrong == 0;
}

}  // namespace tieout::power
