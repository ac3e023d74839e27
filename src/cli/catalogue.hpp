// The error catalogue: every code, what it means, what to do. Read from the pages of docs/reference/errors/ that are
// built into the program, so that the program and the documentation cannot disagree.
#pragma once

#include <string>
#include <vector>

namespace tieout::cli {

struct CatalogueEntry {
  std::string code;
  std::string meaning;
  std::string remedy;
};

/// All rows "| `code` | meaning | what to do |" of the pages, by code.
std::vector<CatalogueEntry> error_catalogue();

}  // namespace tieout::cli
