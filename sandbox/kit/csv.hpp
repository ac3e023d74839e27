// Seed files: comma-separated, quoted where needed, first line the names. They travel inside the program and are ours,
// so a malformed one is our own bug.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tieout::sandbox {

class SeedTable {
 public:
  explicit SeedTable(std::string_view csv);
  std::size_t size() const { return rows_.size(); }
  /// The value in that row under that name; stops the process when there is no such column.
  const std::string& at(std::size_t row, std::string_view column) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace tieout::sandbox
