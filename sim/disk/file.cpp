#include "sim/disk/file.hpp"

#include <algorithm>
#include <map>

namespace tieout::sim {
namespace {

/// The states one sector (or the file's size) went through since the last fsync; `least` is the oldest that can be
/// left.
template <class T>
struct History {
  std::vector<T> states;
  std::vector<std::size_t> made_by;  ///< number of the change, 0 for the durable state, 1 for the first change
  std::size_t least = 0;

  void add(T state, std::size_t change, bool durable) {
    states.push_back(std::move(state));
    made_by.push_back(change);
    if (durable) least = states.size() - 1;
  }
  std::size_t last() const { return states.size() - 1; }
  /// The state in which it is left when changes up to `change` survive.
  std::size_t up_to(std::size_t change) const {
    std::size_t found = least;
    while (found < last() && made_by[found + 1] <= change) ++found;
    return found;
  }
};

std::size_t drawn(ports::Random& random, std::size_t below) { return static_cast<std::size_t>(random.next() % below); }

}  // namespace

void File::write(std::int64_t at, std::string_view what) {
  const auto from = static_cast<std::size_t>(at);
  const std::size_t end = from + what.size();
  Change change{at, static_cast<std::int64_t>(what.size()), {}, size(), 0, false, {}};
  if (from < bytes_.size()) change.before = bytes_.substr(from, what.size());
  if (end > bytes_.size()) bytes_.resize(end);
  bytes_.replace(from, what.size(), what);
  change.size_after = size();
  changes_.push_back(std::move(change));
}

void File::truncate(std::int64_t to) {
  Change change{to, 0, {}, size(), to, false, {}};
  if (to < size()) {
    change.before = bytes_.substr(static_cast<std::size_t>(to));
    change.length = size() - to;
  }
  bytes_.resize(static_cast<std::size_t>(to));
  changes_.push_back(std::move(change));
}

void File::synced() {
  if (!gave_up_) return changes_.clear();
  bool given_up = true;  // those before the failed fsync stay lost; only what came after it is durable now
  for (Change& change : changes_) {
    if (change.size_before < 0)
      given_up = false;
    else if (!given_up)
      change.durable = true;
  }
}

void File::sync_failed() {
  std::erase_if(changes_, [](const Change& change) { return change.size_before < 0; });
  changes_.push_back(Change{0, 0, {}, -1, -1, false, {}});  // a mark: what stands before it was given up
  gave_up_ = true;
}

void File::rewind() {
  std::erase_if(changes_, [](const Change& change) { return change.size_before < 0; });
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
    const auto at = static_cast<std::size_t>(change->at);
    const auto length = static_cast<std::size_t>(change->length);
    if (at < bytes_.size()) change->after = bytes_.substr(at, length);
    if (bytes_.size() < at + change->before.size()) bytes_.resize(at + change->before.size());
    bytes_.replace(at, change->before.size(), change->before);
    bytes_.resize(static_cast<std::size_t>(change->size_before));
  }
}

CutResult File::power_cut(ports::Random& random, Survival survival) {
  CutResult result;
  rewind();
  // Forwards again, noting every state of every sector on the way.
  std::map<std::int64_t, History<std::string>> sectors;
  History<std::int64_t> sizes;
  sizes.add(size(), 0, true);
  std::string now = bytes_;
  const auto sector_of = [&now](std::int64_t number) {
    const auto at = static_cast<std::size_t>(number * kSector);
    std::string sector = at < now.size() ? now.substr(at, kSector) : std::string();
    sector.resize(kSector, '\0');
    return sector;
  };
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    const Change& change = changes_[i];
    if (change.length == 0) {  // an empty tail was added
      now.resize(static_cast<std::size_t>(change.size_after));
      sizes.add(change.size_after, i + 1, change.durable);
      continue;
    }
    const std::int64_t first = change.at / kSector, last = (change.at + change.length - 1) / kSector;
    for (std::int64_t number = first; number <= last; ++number)
      if (!sectors.contains(number)) sectors[number].add(sector_of(number), 0, true);
    const auto at = static_cast<std::size_t>(change.at);
    now.resize(std::max(now.size(), at + change.after.size()));
    now.replace(at, change.after.size(), change.after);
    now.resize(static_cast<std::size_t>(change.size_after));
    for (std::int64_t number = first; number <= last; ++number)
      sectors[number].add(sector_of(number), i + 1, change.durable);
    sizes.add(change.size_after, i + 1, change.durable);
  }
  const std::size_t kept = survival == Survival::none  ? 0
                           : survival == Survival::all ? changes_.size()
                                                       : drawn(random, changes_.size() + 1);
  std::size_t oldest_dropped = changes_.size() + 1, newest_kept = 0;
  for (auto& [number, history] : sectors) {
    std::size_t state = history.up_to(kept);
    if (survival == Survival::any) state = history.least + drawn(random, history.states.size() - history.least);
    std::string sector = history.states[state];
    const bool tear = survival == Survival::any ? drawn(random, 4) == 0
                      : survival == Survival::prefix
                          ? kept > 0 && history.made_by[state] == kept && drawn(random, 2) == 0
                          : false;
    if (tear && history.last() > history.least) {
      const std::size_t other = history.least + drawn(random, history.states.size() - history.least);
      const std::size_t cut = 1 + drawn(random, kSector - 1);
      if (history.states[other] != sector) ++result.torn;
      sector.replace(cut, std::string::npos, history.states[other], cut, std::string::npos);
    }
    if (state < history.last()) {
      ++result.dropped;
      oldest_dropped = std::min(oldest_dropped, history.made_by[state + 1]);
    }
    newest_kept = std::max(newest_kept, history.made_by[state]);
    const auto at = static_cast<std::size_t>(number * kSector);
    if (bytes_.size() < at + kSector) bytes_.resize(at + kSector);
    bytes_.replace(at, kSector, sector);
  }
  result.reordered = newest_kept > oldest_dropped;
  std::size_t length = sizes.up_to(kept);
  if (survival == Survival::any) length = sizes.least + drawn(random, sizes.states.size() - sizes.least);
  bytes_.resize(static_cast<std::size_t>(sizes.states[length]));
  changes_.clear();
  gave_up_ = false;
  return result;
}

void File::put(std::string bytes) {
  bytes_ = std::move(bytes);
  changes_.clear();
  gave_up_ = false;
}

void File::flip(std::int64_t byte, int bit) {
  const auto at = static_cast<std::size_t>(byte);
  bytes_[at] = static_cast<char>(bytes_[at] ^ (1 << bit));
  // On the disk as well: what stood there before a change is damaged with it.
  for (Change& change : changes_)
    if (byte >= change.at && byte < change.at + static_cast<std::int64_t>(change.before.size()))
      change.before[static_cast<std::size_t>(byte - change.at)] ^= static_cast<char>(1 << bit);
}

}  // namespace tieout::sim
