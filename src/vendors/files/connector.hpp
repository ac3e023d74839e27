// A folder of CSV files as a ports::Connector: "customers.csv" is the object "customers", a row is the record
// {"row": {column: text}}. A file is read again only when its content has changed; then all its rows are handed on, and
// the engine's content hashes find what is new. Writing appends rows to a file in another folder.
#pragma once

#include <memory>

#include "vendors/connect.hpp"

namespace tieout::vendors::files {

/// Settings: folder, out_folder, delimiter (one character or "tab"), charset, page_size, key.<object> (the column whose
/// text is the record's id; without it the id is the row's number).
/// Fails with connection.setting.bad.
Result<std::unique_ptr<ports::Connector>> make_files_connector(const ConnectionSettings& settings, World world);

}  // namespace tieout::vendors::files
