// Files that travel inside the program: mapping packs, vendor manifests, the demo's seed data. One executable is then
// enough to run everything, and the pure core reads them without touching a disk. The build puts them in
// (tieout_embed in cmake/Tieout.cmake); a program sees what the libraries it links have registered.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

namespace tieout {

/// The content of an embedded file, by the path it has below its root: "packs/hubspot/pack.yaml". Valid for ever.
/// Nothing when no such file was built in.
std::optional<std::string_view> embedded_file(std::string_view path);

/// The paths that start with the prefix, in byte order; all of them for "".
std::vector<std::string_view> embedded_names(std::string_view prefix);

struct EmbeddedFile {
  std::string_view path;
  std::string_view content;
};
/// Called at start-up by the code that tieout_embed generates. A path given twice stops the process.
int register_embedded(std::initializer_list<EmbeddedFile> files);

}  // namespace tieout
