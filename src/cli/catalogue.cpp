#include "cli/catalogue.hpp"

#include <algorithm>
#include <string_view>

#include "base/embedded.hpp"

namespace tieout::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// "| a | b |" → {"a", "b"}; "\|" is a bar inside a cell.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  std::string cell;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') cell += line[++i];
    else if (line[i] == '|') {
      cells.emplace_back(trimmed(cell));
      cell.clear();
    } else cell += line[i];
  }
  return cells;
}

void read_page(std::string_view page, std::vector<CatalogueEntry>& out) {
  while (!page.empty()) {
    const std::size_t end = std::min(page.find('\n'), page.size());
    const std::string_view line = page.substr(0, end);
    page.remove_prefix(std::min(end + 1, page.size()));
    if (!line.starts_with("| `") && !line.starts_with("|`")) continue;
    const auto cells = cells_of(line);
    if (cells.size() < 2) continue;
    std::string code = cells[0];
    code.erase(std::remove(code.begin(), code.end(), '`'), code.end());
    out.push_back({code, cells[1], cells.size() > 2 ? cells[2] : ""});
  }
}

}  // namespace

std::vector<CatalogueEntry> error_catalogue() {
  std::vector<CatalogueEntry> out;
  for (const std::string_view name : embedded_names("docs/reference/errors/")) read_page(*embedded_file(name), out);
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.code < b.code; });
  return out;
}

}  // namespace tieout::cli
