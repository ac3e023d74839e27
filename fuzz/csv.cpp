// Both readers of CSV, that of the mapping packs and the streaming one of the files connector: rows that were read are
// written and read again, and how the bytes arrive in pieces makes no difference.
#include "mapping/csv.hpp"

#include "target.hpp"
#include "vendors/files/csv.hpp"

namespace tieout::fuzz {

namespace {

using Rows = std::vector<std::vector<std::string>>;

void packs_reader(std::string_view text, char delimiter) {
  Rows rows;
  mapping::CsvReader reader(text, delimiter);
  std::vector<std::string> cells;
  for (;;) {
    const auto more = reader.next(cells);
    if (!more) return;
    if (!*more) break;
    require(rows.empty() || cells.size() == rows.front().size(), "every row has as many cells as the first");
    rows.push_back(cells);
  }
  // A byte-order mark in the first cell would be taken for that of the file.
  if (!rows.empty() && rows.front().front().starts_with("\xEF\xBB\xBF")) return;
  std::string written;
  for (const auto& row : rows) mapping::append_csv_row(written, row, delimiter, false);
  mapping::CsvReader second(written, delimiter);
  for (const auto& row : rows) {
    const auto more = second.next(cells);
    require(more && *more && cells == row, "a row that was written reads as it was");
  }
}

std::pair<Rows, bool> streamed(std::string_view text, const vendors::files::CsvRules& rules, std::size_t piece) {
  Rows rows;
  vendors::files::CsvReader reader(rules,
                                   [&rows](std::vector<std::string>& cells, std::int64_t) { rows.push_back(cells); });
  for (std::size_t at = 0; at < text.size(); at += piece)
    if (!reader.feed(text.substr(at, piece))) return {rows, false};
  const bool whole = reader.finish().has_value();
  return {rows, whole};
}

}  // namespace

void one_input(std::string_view input) {
  const auto [which, text] = choice(input, 4);
  const char delimiter = which & 1 ? ';' : ',';
  packs_reader(text, delimiter);
  vendors::files::CsvRules rules;
  rules.delimiter = delimiter;
  rules.charset = which & 2 ? vendors::files::Charset::windows_1252 : vendors::files::Charset::utf8;
  rules.longest_field = 4096;
  const auto whole = streamed(text, rules, text.size() + 1);
  require(whole == streamed(text, rules, 1), "pieces of any size give the same rows");
  if (!whole.second || whole.first.empty() || whole.first.front().front().starts_with("\xEF\xBB\xBF")) return;
  std::string written;
  for (const auto& row : whole.first) vendors::files::append_csv_row(written, row, delimiter);
  rules.charset = vendors::files::Charset::utf8;
  rules.longest_field = 1 << 20;
  require(streamed(written, rules, written.size() + 1) == std::pair(whole.first, true),
          "rows that were written read as they were");
}

}  // namespace tieout::fuzz
