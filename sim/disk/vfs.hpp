// The face of a simulated disk towards SQLite.
#pragma once

#include <sqlite3.h>

#include <memory>

namespace tieout::sim {

class Disk;

/// Not registered yet; `disk` must outlive it.
std::unique_ptr<sqlite3_vfs> make_vfs(Disk& disk);

}  // namespace tieout::sim
