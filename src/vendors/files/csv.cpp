#include "vendors/files/csv.hpp"

#include <fmt/core.h>
#include <simdjson.h>

namespace tieout::vendors::files {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

// Windows-1252 from 0x80 to 0x9F; zero where the charset has nothing. Above that it is Latin-1.
constexpr std::uint16_t kUpper[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                      0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                      0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void append_code_point(std::string& out, std::uint16_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (point >> 12));
    out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  }
}

}  // namespace

CsvReader::CsvReader(CsvRules rules, Row row) : rules_(rules), row_(std::move(row)) {}

tl::unexpected<Fault> CsvReader::wrong(const char* code, const std::string& what, std::int64_t line,
                                       std::int64_t column) const {
  return fail(code, fmt::format("line {}, column {}: {}", line, column, what),
              fmt::format("line {}, column {}", line, column));
}

Result<bool> CsvReader::feed(std::string_view piece) {
  for (const char c : piece) {
    if (!bom_done_) {
      // The mark may be cut by the edge of a piece, so it is collected first.
      if (bom_.size() < kBom.size() && c == kBom[bom_.size()]) {
        bom_ += c;
        bom_done_ = bom_.size() == kBom.size();
        continue;
      }
      bom_done_ = true;
      for (const char kept : bom_) TRY_VOID(take(kept));
    }
    TRY_VOID(take(c));
  }
  return true;
}

Result<bool> CsvReader::take(char c) {
  if (c == '\n' && after_return_) {
    after_return_ = false;
    if (state_ == State::quoted) cell_ += c;
    return true;
  }
  after_return_ = c == '\r';
  // Columns count characters: continuation bytes of UTF-8 do not move on.
  if (rules_.charset != Charset::utf8 || (static_cast<unsigned char>(c) & 0xC0) != 0x80) ++column_;
  if (c == '\0')
    return wrong("csv.nul", "a zero byte; this is not a text file, or its charset is UTF-16", line_, column_);
  const bool line_end = c == '\n' || c == '\r';
  if (state_ == State::quoted) {
    if (c == '"') {
      state_ = State::after_quote;
      return true;
    }
    if (line_end) {
      ++line_;
      column_ = 0;
    }
    return append(c);
  }
  if (line_end) return end_row();
  if (c == rules_.delimiter) return end_cell();
  if (c == '"') {
    if (state_ == State::after_quote) {
      state_ = State::quoted;
      return append(c);
    }
    if (state_ == State::plain)
      return wrong("csv.quote.stray",
                   "a quote inside a cell that does not begin with one; double it and quote the cell", line_, column_);
    state_ = State::quoted;
    quote_line_ = line_;
    quote_column_ = column_;
    return true;
  }
  if (state_ == State::after_quote)
    return wrong("csv.quote.stray", "text after a closing quote; a quote inside a cell is written twice", line_,
                 column_);
  state_ = State::plain;
  return append(c);
}

Result<bool> CsvReader::append(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (rules_.charset == Charset::windows_1252 && byte >= 0x80) {
    const std::uint16_t point = byte >= 0xA0 ? byte : kUpper[byte - 0x80];
    if (point == 0)
      return wrong("csv.text.charset", fmt::format("byte 0x{:02X} is no character of Windows-1252", byte), line_,
                   column_);
    append_code_point(cell_, point);
  } else {
    cell_ += c;
  }
  if (cell_.size() > rules_.longest_field)
    return wrong("csv.field.long",
                 fmt::format("a cell is longer than {} bytes; is a quote never closed?", rules_.longest_field),
                 state_ == State::quoted ? quote_line_ : line_, state_ == State::quoted ? quote_column_ : column_);
  return true;
}

Result<bool> CsvReader::end_cell() {
  if (rules_.charset == Charset::utf8 && !simdjson::validate_utf8(cell_.data(), cell_.size()))
    return wrong("csv.text.charset", "the cell before this place is not UTF-8; is the file Windows-1252?", line_,
                 column_);
  cells_.push_back(std::move(cell_));
  cell_.clear();
  state_ = State::start_of_cell;
  return true;
}

Result<bool> CsvReader::end_row() {
  const bool blank = cells_.empty() && cell_.empty() && state_ == State::start_of_cell;
  if (!blank) {
    TRY_VOID(end_cell());
    row_(cells_, row_line_);
    cells_.clear();
  }
  ++line_;
  column_ = 0;
  row_line_ = line_;
  return true;
}

Result<bool> CsvReader::finish() {
  if (!bom_done_) {
    bom_done_ = true;
    for (const char kept : bom_) TRY_VOID(take(kept));
  }
  if (state_ == State::quoted)
    return wrong("csv.quote.open", "the quote that begins here is never closed", quote_line_, quote_column_);
  if (!cells_.empty() || !cell_.empty() || state_ != State::start_of_cell) return end_row();
  return true;
}

void append_csv_row(std::string& out, const std::vector<std::string>& cells, char delimiter) {
  bool first = true;
  for (const std::string& cell : cells) {
    if (!first) out += delimiter;
    first = false;
    const bool quote = cell.find_first_of("\"\r\n") != std::string::npos || cell.find(delimiter) != std::string::npos ||
                       (!cell.empty() && (cell.front() == ' ' || cell.back() == ' ')) ||
                       (cell.empty() && cells.size() == 1);
    if (!quote) {
      out += cell;
      continue;
    }
    out += '"';
    for (const char c : cell) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  out += "\r\n";
}

}  // namespace tieout::vendors::files
