// One CSV file that rows are appended to, each exactly once: every row carries its key in the column tieout_key, each
// append reaches the disk before it is confirmed, and half a row left by a crash is cut off when the file is opened.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace tieout::vendors::files {

class OutFile {
 public:
  /// Opens or creates lazily, at the first append. delimiter as in the rules of reading.
  OutFile(std::string path, char delimiter) : path_(std::move(path)), delimiter_(delimiter) {}

  /// True when a row with that key is in the file. Fails with files.read or a csv.* code.
  Result<bool> has(const std::string& key);
  /// Appends and syncs. Fields that the header does not have are refused (files.column.unknown). A key that is there
  /// already is a success without a second row. Fails with files.write (certainty unknown: look it up).
  Result<bool> append(const std::string& key, const std::vector<std::pair<std::string, std::string>>& fields);

 private:
  Result<bool> load();
  Result<bool> write_all(const std::string& text);

  std::string path_;
  char delimiter_;
  bool loaded_ = false;
  std::vector<std::string> header_;
  std::set<std::string> keys_;
};

}  // namespace tieout::vendors::files
