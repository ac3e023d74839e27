#include "sim/disk/disk.hpp"

#include <sqlite3.h>

#include <set>

#include "base/check.hpp"
#include "sim/disk/vfs.hpp"

namespace tieout::sim {

Disk::Disk(std::string name, ports::Random& random, ports::Clock& clock)
    : name_(std::move(name)), random_(random), clock_(clock), vfs_(make_vfs(*this)) {
  CHECK(sqlite3_vfs_find(name_.c_str()) == nullptr, "two simulated disks of one name");
  CHECK(sqlite3_vfs_register(vfs_.get(), 0) == SQLITE_OK, "SQLite refuses the simulated disk");
}

Disk::~Disk() {
  CHECK(open_handles_ == 0, "a store on a simulated disk outlives the disk");
  sqlite3_vfs_unregister(vfs_.get());
}

std::string Disk::path_of(std::string_view file) {
  return file.starts_with('/') ? std::string(file) : "/" + std::string(file);
}

void Disk::drop_handles() {
  ++generation_;
  for (auto* names : {&names_, &durable_names_})
    for (auto& [name, file] : *names) {
      file->locks = {};
      file->memory.reset();
    }
}

/// Names made or removed since the folder was last synchronised may or may not be there afterwards.
void Disk::settle_names(ports::Random& random, Cut how) {
  std::set<std::string> changed;
  for (const auto& [name, file] : names_)
    if (const auto durable = durable_names_.find(name); durable == durable_names_.end() || durable->second != file)
      changed.insert(name);
  for (const auto& [name, file] : durable_names_)
    if (!names_.contains(name)) changed.insert(name);
  for (const std::string& name : changed) {
    const bool survives = how == Cut::all || (how != Cut::none && random.next() % 2 == 0);
    if (survives) continue;
    ++counts_.lost_names;
    if (const auto durable = durable_names_.find(name); durable != durable_names_.end())
      names_[name] = durable->second;
    else
      names_.erase(name);
  }
  durable_names_ = names_;
}

void Disk::power_cut(ports::Random& random, Cut how) {
  ++counts_.power_cuts;
  if (how == Cut::drawn) {
    constexpr Cut kWays[] = {Cut::none, Cut::all, Cut::prefix, Cut::any, Cut::any};
    how = kWays[random.next() % std::size(kWays)];
  }
  constexpr File::Survival kSurvivals[] = {File::Survival::none, File::Survival::none, File::Survival::all,
                                           File::Survival::prefix, File::Survival::any};
  std::set<File*> once;
  bool reordered = false;
  for (auto* names : {&names_, &durable_names_})
    for (auto& [name, file] : *names) {
      if (!once.insert(file.get()).second) continue;
      const CutResult result = file->power_cut(random, kSurvivals[static_cast<std::size_t>(how)]);
      counts_.dropped_sectors += result.dropped;
      counts_.torn_sectors += result.torn;
      reordered = reordered || result.reordered;
    }
  if (reordered) ++counts_.reordered_cuts;
  settle_names(random, how);
  drop_handles();
}

void Disk::kill() {
  ++counts_.kills;
  drop_handles();
}

void Disk::heal() {
  end_in_ = 0;
  fail_write_in_ = fail_read_in_ = fail_sync_in_ = 0;
  free_bytes_.reset();
  slow_write_ = slow_sync_ = Milliseconds{0};
}

bool Disk::ends_now() {
  if (end_in_ == 0 || --end_in_ > 0) return false;
  if (end_is_cut_)
    power_cut(end_how_);
  else
    kill();
  return true;
}

int Disk::before_write(std::int64_t growth) {
  ++counts_.writes;
  if (ends_now()) return SQLITE_IOERR_WRITE;
  if (slow_write_.count() > 0) {
    ++counts_.slow;
    clock_.sleep(slow_write_);
  }
  if (fail_write_in_ > 0 && --fail_write_in_ == 0) {
    ++counts_.failed_writes;
    return SQLITE_IOERR_WRITE;
  }
  if (free_bytes_ && growth > 0) {
    if (growth > *free_bytes_) {
      ++counts_.full;
      return SQLITE_FULL;
    }
    *free_bytes_ -= growth;
  }
  return SQLITE_OK;
}

int Disk::before_sync(File& file) {
  ++counts_.syncs;
  if (ends_now()) return SQLITE_IOERR_FSYNC;
  if (slow_sync_.count() > 0) {
    ++counts_.slow;
    clock_.sleep(slow_sync_);
  }
  if (fail_sync_in_ > 0 && --fail_sync_in_ == 0) {
    ++counts_.failed_syncs;
    file.sync_failed();
    return SQLITE_IOERR_FSYNC;
  }
  return SQLITE_OK;
}

int Disk::before_read() {
  ++counts_.reads;
  if (fail_read_in_ > 0 && --fail_read_in_ == 0) {
    ++counts_.failed_reads;
    return SQLITE_IOERR_READ;
  }
  return SQLITE_OK;
}

bool Disk::flip_bit(const std::string& file, std::int64_t byte, int bit) {
  const auto found = names_.find(path_of(file));
  if (found == names_.end() || byte < 0 || byte >= found->second->size() || bit < 0 || bit > 7) return false;
  found->second->flip(byte, bit);
  ++counts_.flipped_bits;
  return true;
}

std::vector<std::string> Disk::files() const {
  std::vector<std::string> list;
  for (const auto& [name, file] : names_) list.push_back(name.substr(1));
  return list;
}

std::string Disk::bytes(const std::string& file) const {
  const auto found = names_.find(path_of(file));
  return found == names_.end() ? std::string() : found->second->bytes();
}

void Disk::put(const std::string& file, std::string bytes) {
  auto made = std::make_shared<File>();
  made->put(std::move(bytes));
  names_[path_of(file)] = durable_names_[path_of(file)] = std::move(made);
}

void Disk::remove(const std::string& file) {
  names_.erase(path_of(file));
  durable_names_.erase(path_of(file));
}

void Disk::rename(const std::string& from, const std::string& to) {
  const auto found = names_.find(path_of(from));
  CHECK(found != names_.end(), "a file that is not there is renamed");
  names_[path_of(to)] = found->second;
  names_.erase(path_of(from));
}

std::int64_t Disk::unsynced_changes() const {
  std::int64_t count = 0;
  for (const auto& [name, file] : names_) count += file->unsynced();
  return count;
}

}  // namespace tieout::sim
