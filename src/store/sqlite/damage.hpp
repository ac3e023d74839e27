// After a damaged page was met: which records, or at least which tables, lie on such pages.
#pragma once

#include <string>

#include "store/sqlite/connection.hpp"

namespace tieout::sqlite {

/// "page 7 of the file is not what was written; it held crm deal 9120, books invoice 58", empty when nothing was met.
/// Reads everything; names five records at most and says how many more there are.
std::string what_is_damaged(Connection& db);

}  // namespace tieout::sqlite
