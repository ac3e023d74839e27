// What SQLite calls: open files, byte ranges, locks, shared memory, the folder. Everything lives in this process, so
// locks and shared memory are plain counters. A handle that a power cut or a kill left behind answers with an I/O error
// and changes nothing, so that the store above it may be closed at leisure.
// The disk is the machine's: when the process runs out of memory, no exception may pass through SQLite from here.
#include "sim/disk/vfs.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "sim/disk/disk.hpp"
#include "sim/kit/memory.hpp"

namespace tieout::sim {

struct Handle {
  sqlite3_file base;
  Disk* disk;
  std::shared_ptr<File> file;
  std::shared_ptr<SharedMemory> memory;
  std::uint64_t generation;
  std::string name;
  int lock = SQLITE_LOCK_NONE;
  bool syncs_folder = false;  ///< as SQLite's own VFS: the first fsync of a journal or a log makes its name durable
  bool delete_on_close = false;
  std::uint32_t shared_slots = 0, exclusive_slots = 0;

  bool dead() const { return generation != disk->generation_; }
  int write(const void* bytes, int length, sqlite3_int64 at);
  int read(void* bytes, int length, sqlite3_int64 at);
  int truncate(sqlite3_int64 size);
  int sync();
  int take(int level);
  int give_back(int level);
  int shared_lock(int first, int count, int flags);
  void close();
};

int Handle::write(const void* bytes, int length, sqlite3_int64 at) {
  const SpareMemory machine;
  if (dead()) return SQLITE_IOERR_WRITE;
  if (const int refused = disk->before_write(std::max<std::int64_t>(0, at + length - file->size()))) return refused;
  file->write(at, {static_cast<const char*>(bytes), static_cast<std::size_t>(length)});
  return SQLITE_OK;
}

int Handle::read(void* bytes, int length, sqlite3_int64 at) {
  const SpareMemory machine;
  if (dead()) return SQLITE_IOERR_READ;
  if (const int refused = disk->before_read()) return refused;
  const std::int64_t there = std::clamp<std::int64_t>(file->size() - at, 0, length);
  if (there > 0) std::memcpy(bytes, file->bytes().data() + at, static_cast<std::size_t>(there));
  if (there == length) return SQLITE_OK;
  std::memset(static_cast<char*>(bytes) + there, 0, static_cast<std::size_t>(length - there));
  return SQLITE_IOERR_SHORT_READ;
}

int Handle::truncate(sqlite3_int64 size) {
  const SpareMemory machine;
  if (dead()) return SQLITE_IOERR_TRUNCATE;
  if (const int refused = disk->before_write(0)) return refused;
  file->truncate(size);
  return SQLITE_OK;
}

int Handle::sync() {
  const SpareMemory machine;
  if (dead()) return SQLITE_IOERR_FSYNC;
  if (const int refused = disk->before_sync(*file)) return refused;
  file->synced();
  if (syncs_folder) disk->sync_folder();
  syncs_folder = false;
  return SQLITE_OK;
}

int Handle::take(int level) {
  if (dead()) return SQLITE_IOERR_LOCK;
  Locks& locks = file->locks;
  if (lock >= level) return SQLITE_OK;
  if (lock == SQLITE_LOCK_NONE) {
    if (locks.pending || locks.exclusive) return SQLITE_BUSY;
    ++locks.shared;
    lock = SQLITE_LOCK_SHARED;
    if (level == SQLITE_LOCK_SHARED) return SQLITE_OK;
  }
  if (level == SQLITE_LOCK_RESERVED) {
    if ((locks.reserved && locks.reserved != this) || (locks.pending && locks.pending != this)) return SQLITE_BUSY;
    locks.reserved = this;
  } else {
    if ((locks.reserved && locks.reserved != this) || (locks.pending && locks.pending != this)) return SQLITE_BUSY;
    locks.pending = this;
    lock = SQLITE_LOCK_PENDING;
    if (locks.shared > 1) return SQLITE_BUSY;
    locks.exclusive = this;
  }
  lock = level;
  return SQLITE_OK;
}

int Handle::give_back(int level) {
  if (dead() || lock <= level) return SQLITE_OK;
  Locks& locks = file->locks;
  for (const void** mine : {&locks.reserved, &locks.pending, &locks.exclusive})
    if (*mine == this) *mine = nullptr;
  if (level == SQLITE_LOCK_NONE) --locks.shared;
  lock = level;
  return SQLITE_OK;
}

int Handle::shared_lock(int first, int count, int flags) {
  if (dead() || !memory) return SQLITE_IOERR_SHMLOCK;
  const auto mine = [](std::uint32_t slots, int slot) { return (slots >> slot & 1) != 0; };
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  for (int slot = first; slot < first + count && (flags & SQLITE_SHM_LOCK) != 0; ++slot) {
    if (memory->writer[slot] && !mine(exclusive_slots, slot)) return SQLITE_BUSY;
    if (exclusive && memory->readers[slot] > (mine(shared_slots, slot) ? 1 : 0)) return SQLITE_BUSY;
  }
  for (int slot = first; slot < first + count; ++slot) {
    const std::uint32_t bit = 1u << slot;
    std::uint32_t& slots = exclusive ? exclusive_slots : shared_slots;
    const bool take_it = (flags & SQLITE_SHM_LOCK) != 0;
    if (take_it == mine(slots, slot)) continue;
    slots ^= bit;
    if (exclusive)
      memory->writer[slot] = take_it;
    else
      memory->readers[slot] += take_it ? 1 : -1;
  }
  return SQLITE_OK;
}

void Handle::close() {
  const SpareMemory machine;
  if (!dead()) {
    for (int slot = 0; slot < SharedMemory::kSlots && memory; ++slot) {
      if (shared_slots >> slot & 1) --memory->readers[slot];
      if (exclusive_slots >> slot & 1) memory->writer[slot] = false;
    }
    give_back(SQLITE_LOCK_NONE);
    if (delete_on_close) disk->remove(name);
  }
  memory.reset();
  if (file->memory.use_count() == 1) file->memory.reset();  // the last one out
  --disk->open_handles_;
}

/// What SQLite asks of the disk as a whole.
struct DiskCalls {
  static Disk& disk_of(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }
  static int open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* out, int flags, int* flags_out);
  static int remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
    const SpareMemory machine;
    Disk& disk = disk_of(vfs);
    if (disk.names_.erase(Disk::path_of(path)) == 0) return SQLITE_IOERR_DELETE_NOENT;
    if (sync_folder) disk.sync_folder();
    return SQLITE_OK;
  }
  static int access(sqlite3_vfs* vfs, const char* path, int, int* out) {
    const SpareMemory machine;
    *out = disk_of(vfs).exists(path) ? 1 : 0;
    return SQLITE_OK;
  }
  static int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
    const SpareMemory machine;
    const std::string full = Disk::path_of(path);
    if (static_cast<int>(full.size()) >= size) return SQLITE_CANTOPEN;
    std::memcpy(out, full.c_str(), full.size() + 1);
    return SQLITE_OK;
  }
  static int randomness(sqlite3_vfs* vfs, int size, char* out) {
    for (int i = 0; i < size; ++i) out[i] = static_cast<char>(disk_of(vfs).random_.next() >> 56);
    return size;
  }
  static int sleep(sqlite3_vfs* vfs, int microseconds) {
    disk_of(vfs).clock_.sleep(Milliseconds{(microseconds + 999) / 1'000});
    return microseconds;
  }
  static int now_ms(sqlite3_vfs* vfs, sqlite3_int64* out) {
    constexpr std::int64_t kJulianEpoch = 210'866'760'000'000;  // ms from noon of 24 November 4714 BC to 1970
    *out = kJulianEpoch + to_ms(disk_of(vfs).clock_.now());
    return SQLITE_OK;
  }
  static int now_days(sqlite3_vfs* vfs, double* out) {
    sqlite3_int64 ms = 0;
    now_ms(vfs, &ms);
    *out = static_cast<double>(ms) / 86'400'000.0;
    return SQLITE_OK;
  }
  static int last_error(sqlite3_vfs*, int, char*) { return 0; }
};

namespace {

Handle& handle_of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  const SpareMemory machine;
  Handle& handle = handle_of(file);
  *out = nullptr;
  if (handle.dead()) return SQLITE_IOERR_SHMMAP;
  if (!handle.file->memory) handle.file->memory = std::make_shared<SharedMemory>();
  if (!handle.memory) handle.memory = handle.file->memory;
  auto& regions = handle.memory->regions;
  const auto wanted = static_cast<std::size_t>(region);
  if (regions.size() <= wanted) {
    if (!extend) return SQLITE_OK;
    while (regions.size() <= wanted) regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
  }
  *out = regions[wanted].get();
  return SQLITE_OK;
}

constexpr sqlite3_io_methods kMethods = {
    2,
    [](sqlite3_file* file) {
      Handle& handle = handle_of(file);
      handle.close();
      handle.~Handle();
      return SQLITE_OK;
    },
    [](sqlite3_file* file, void* bytes, int length, sqlite3_int64 at) {
      return handle_of(file).read(bytes, length, at);
    },
    [](sqlite3_file* file, const void* bytes, int length, sqlite3_int64 at) {
      return handle_of(file).write(bytes, length, at);
    },
    [](sqlite3_file* file, sqlite3_int64 size) { return handle_of(file).truncate(size); },
    [](sqlite3_file* file, int) { return handle_of(file).sync(); },
    [](sqlite3_file* file, sqlite3_int64* size) {
      if (handle_of(file).dead()) return SQLITE_IOERR_FSTAT;
      *size = handle_of(file).file->size();
      return SQLITE_OK;
    },
    [](sqlite3_file* file, int level) { return handle_of(file).take(level); },
    [](sqlite3_file* file, int level) { return handle_of(file).give_back(level); },
    [](sqlite3_file* file, int* out) {
      *out = handle_of(file).file->locks.reserved != nullptr;
      return SQLITE_OK;
    },
    [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; },
    [](sqlite3_file*) { return static_cast<int>(kSector); },
    // As of SQLite's own VFS: bytes next to those written survive a power cut, and nothing else is promised.
    [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; },
    shm_map,
    [](sqlite3_file* file, int first, int count, int flags) {
      return handle_of(file).shared_lock(first, count, flags);
    },
    [](sqlite3_file*) {},
    [](sqlite3_file* file, int) {
      Handle& handle = handle_of(file);
      handle.memory.reset();
      if (handle.file->memory.use_count() == 1) handle.file->memory.reset();
      return SQLITE_OK;
    },
    nullptr,
    nullptr,
};

}  // namespace

int DiskCalls::open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* out, int flags, int* flags_out) {
  const SpareMemory machine;
  Disk& disk = disk_of(vfs);
  out->pMethods = nullptr;
  const std::string name = path ? Disk::path_of(path) : "/temporary-" + std::to_string(disk.random_.next());
  auto found = disk.names_.find(name);
  if (found == disk.names_.end()) {
    if (!(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
    if (disk.free_bytes_ && *disk.free_bytes_ <= 0) {
      ++disk.counts_.full;
      return SQLITE_FULL;
    }
    found = disk.names_.emplace(name, std::make_shared<File>()).first;
  }
  auto* handle = new (out) Handle{};
  handle->base.pMethods = &kMethods;
  handle->disk = &disk;
  handle->file = found->second;
  handle->generation = disk.generation_;
  handle->name = name;
  handle->syncs_folder = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  handle->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  ++disk.open_handles_;
  if (flags_out) *flags_out = flags;
  return SQLITE_OK;
}

std::unique_ptr<sqlite3_vfs> make_vfs(Disk& disk) {
  auto vfs = std::make_unique<sqlite3_vfs>();
  std::memset(vfs.get(), 0, sizeof *vfs);
  vfs->iVersion = 2;
  vfs->szOsFile = sizeof(Handle);
  vfs->mxPathname = 512;
  vfs->zName = disk.vfs().c_str();
  vfs->pAppData = &disk;
  vfs->xOpen = DiskCalls::open;
  vfs->xDelete = DiskCalls::remove;
  vfs->xAccess = DiskCalls::access;
  vfs->xFullPathname = DiskCalls::full_path;
  vfs->xRandomness = DiskCalls::randomness;
  vfs->xSleep = DiskCalls::sleep;
  vfs->xCurrentTime = DiskCalls::now_days;
  vfs->xGetLastError = DiskCalls::last_error;
  vfs->xCurrentTimeInt64 = DiskCalls::now_ms;
  return vfs;
}

}  // namespace tieout::sim
