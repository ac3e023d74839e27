// The register of embedded files. Filled by static initialisers of several libraries in no particular order, hence the
// function-local map; after start-up it is only read.
#include "base/embedded.hpp"

#include <map>

#include "base/check.hpp"

namespace tieout {
namespace {

std::map<std::string_view, std::string_view>& files_by_path() {
  static std::map<std::string_view, std::string_view> files;
  return files;
}

}  // namespace

int register_embedded(std::initializer_list<EmbeddedFile> files) {
  for (const EmbeddedFile& file : files) {
    const bool is_new = files_by_path().emplace(file.path, file.content).second;
    CHECK(is_new, "two embedded files have the same path");
  }
  return static_cast<int>(files.size());
}

std::optional<std::string_view> embedded_file(std::string_view path) {
  const auto found = files_by_path().find(path);
  if (found == files_by_path().end()) return std::nullopt;
  return found->second;
}

std::vector<std::string_view> embedded_names(std::string_view prefix) {
  std::vector<std::string_view> names;
  const auto& files = files_by_path();
  for (auto it = files.lower_bound(prefix); it != files.end() && it->first.starts_with(prefix); ++it)
    names.push_back(it->first);
  return names;
}

}  // namespace tieout
