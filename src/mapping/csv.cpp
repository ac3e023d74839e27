#include "mapping/csv.hpp"

#include <fmt/core.h>
#include <simdjson.h>

#include "money/decimal.hpp"

namespace tieout::mapping {

namespace {
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
}

CsvReader::CsvReader(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
}

Result<bool> CsvReader::next(std::vector<std::string>& cells) {
  cells.clear();
  if (columns_ == 0 && !simdjson::validate_utf8(text_.data(), text_.size())) {
    at_ = text_.size();
    return fail("csv.utf8", "the file is no UTF-8 text; save it again as UTF-8");
  }
  while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) line_ += text_[at_++] == '\n' ? 1 : 0;
  if (at_ >= text_.size()) return false;
  row_line_ = line_;
  for (bool more = true; more;) {
    std::string out;
    auto read = cell(out, more);
    if (!read) {
      at_ = text_.size();
      return read;
    }
    cells.push_back(std::move(out));
  }
  if (columns_ == 0) columns_ = cells.size();
  if (cells.size() != columns_) {
    at_ = text_.size();
    return fail("csv.columns",
                fmt::format("line {} has {} cells, the first row has {}; a delimiter is missing or too many", row_line_,
                            cells.size(), columns_));
  }
  return true;
}

/// One cell and what ends it; more: another one follows in this row.
Result<bool> CsvReader::cell(std::string& out, bool& more) {
  if (at_ < text_.size() && text_[at_] == '"') {
    TRY_VOID(quoted(out));
  } else {
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] != delimiter_ && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
    out = text_.substr(start, at_ - start);
  }
  more = at_ < text_.size() && text_[at_] == delimiter_;
  if (more) return ++at_, true;
  if (at_ < text_.size() && text_[at_] == '\r') ++at_;
  if (at_ < text_.size() && text_[at_] == '\n') ++at_, ++line_;
  return true;
}

Result<bool> CsvReader::quoted(std::string& out) {
  const int opened = line_;
  for (++at_; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      if (at_ >= text_.size() || text_[at_] != '"') {
        const bool ends = at_ >= text_.size() || text_[at_] == delimiter_ || text_[at_] == '\n' || text_[at_] == '\r';
        if (ends) return true;
        return fail("csv.quote",
                    fmt::format("line {}: text stands after a closing quote; double the quotes inside a cell", line_));
      }
    }
    if (c == '\n') ++line_;
    out += c;
  }
  return fail("csv.quote", fmt::format("line {}: the quote is never closed", opened));
}

void append_csv_row(std::string& out, const std::vector<std::string>& cells, char delimiter, bool guard_formulas) {
  bool first = true;
  for (const std::string& cell : cells) {
    if (!first) out += delimiter;
    first = false;
    const bool looks_like_formula =
        !cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos;
    const bool guard = guard_formulas && looks_like_formula && !Decimal::parse(cell);
    const bool looks_blank = cell.empty() && cells.size() == 1;  // a row of one empty cell must not be passed over
    const bool quote =
        guard || looks_blank || cell.find_first_of(std::string("\"\r\n") + delimiter) != std::string::npos;
    if (!quote) {
      out += cell;
      continue;
    }
    out += '"';
    if (guard) out += '\'';
    for (const char c : cell) out.append(c == '"' ? 2 : 1, c);
    out += '"';
  }
  out += "\r\n";
}

}  // namespace tieout::mapping
