#include "cli/catalogue.hpp"

#include <algorithm>
#include <string_view>

#include "base/embedded.hpp"
#include "vendors/manifest.hpp"

namespace tieout::cli {
namespace {

constexpr std::string_view kAnyVendor = "<vendor>";  // a row that holds for every connector

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
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|')
      cell += line[++i];
    else if (line[i] == '|') {
      cells.emplace_back(trimmed(cell));
      cell.clear();
    } else
      cell += line[i];
  }
  return cells;
}

/// "`a.b`, `<vendor>.c`" → a.b, hubspot.c, quickbooks.c, …
std::vector<std::string> codes_of(std::string_view cell) {
  std::vector<std::string> codes;
  while (true) {
    const std::size_t open = cell.find('`');
    const std::size_t close = open == std::string_view::npos ? open : cell.find('`', open + 1);
    if (close == std::string_view::npos) return codes;
    const std::string code(cell.substr(open + 1, close - open - 1));
    cell.remove_prefix(close + 1);
    if (!code.starts_with(kAnyVendor))
      codes.push_back(code);
    else
      for (const std::string& vendor : vendors::known_vendors())
        codes.push_back(vendor + code.substr(kAnyVendor.size()));
  }
}

void read_page(std::string_view page, std::vector<CatalogueEntry>& out) {
  while (!page.empty()) {
    const std::size_t end = std::min(page.find('\n'), page.size());
    const std::string_view line = page.substr(0, end);
    page.remove_prefix(std::min(end + 1, page.size()));
    if (!line.starts_with("| `") && !line.starts_with("|`")) continue;
    const auto cells = cells_of(line);
    if (cells.size() < 2) continue;
    for (const std::string& code : codes_of(cells[0]))
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
