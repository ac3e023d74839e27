// A look at the write-ahead log before SQLite opens it. SQLite takes the first frame that does not fit for the end of
// the log and drops everything behind it without a word. After a power cut that is right: what was being written is
// torn. But with synchronous=FULL a transaction is on the disk before the next one is begun, so a frame that follows a
// commit proves that everything up to that commit was whole once. If it no longer is, the log was damaged later.
#pragma once

#include <string>

#include "ports/store.hpp"

namespace tieout::sqlite {

/// Then writes the log once more, as it is, and synchronises it: after an fsync that failed the system may show bytes
/// that never reached the disk, and new commits would stand behind a hole. path  of the database; `vfs` empty for the
/// system's. Nobody else may write to it meanwhile. Fine when there is no log. Fails  store.corrupt, naming the first
/// damaged frame and its page; store.io
Result<ports::Unit> check_log(const std::string& path, const std::string& vfs);

}  // namespace tieout::sqlite
