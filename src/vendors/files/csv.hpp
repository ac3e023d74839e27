// CSV in and out, streaming: RFC 4180 with the liberties that real files take (any delimiter, a byte-order mark, LF or
// CRLF, Windows-1252). A file of any size is read through a small window. Errors name line and column.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tieout::vendors::files {

enum class Charset : std::uint8_t { utf8, windows_1252 };

struct CsvRules {
  char delimiter = ',';
  Charset charset = Charset::utf8;
  std::size_t longest_field = 1 << 20;
};

/// Takes CSV apart, fed in pieces of any size. Cells are UTF-8 whatever the file's charset.
class CsvReader {
 public:
  /// `row` is called for each row (blank lines are passed over), with the line on which it begins, counted from 1.
  using Row = std::function<void(std::vector<std::string>& cells, std::int64_t line)>;
  CsvReader(CsvRules rules, Row row);

  /// Fails   csv.quote.stray   text after a closing quote, or a quote inside an unquoted cell
  ///         csv.text.charset  bytes that the charset does not have
  ///         csv.field.long    a cell longer than the rules allow (most often a quote that is never closed)
  ///         csv.nul           a zero byte: not a text file
  /// `field` of the fault is "line L, column C". After a failure nothing more is taken.
  Result<bool> feed(std::string_view piece);
  /// The end of the file. Fails with csv.quote.open when a quote was never closed (named by its beginning).
  Result<bool> finish();

 private:
  enum class State : std::uint8_t { start_of_cell, plain, quoted, after_quote };
  Result<bool> take(char c);
  Result<bool> append(char c);
  Result<bool> end_cell();
  Result<bool> end_row();
  tl::unexpected<Fault> wrong(const char* code, const std::string& what, std::int64_t line, std::int64_t column) const;

  CsvRules rules_;
  Row row_;
  State state_ = State::start_of_cell;
  std::string cell_;
  std::vector<std::string> cells_;
  std::string bom_;
  bool bom_done_ = false;
  bool after_return_ = false;
  std::int64_t line_ = 1, column_ = 0, row_line_ = 1, quote_line_ = 0, quote_column_ = 0;
};

/// Appends one row with CRLF; a cell is quoted when it has to be.
void append_csv_row(std::string& out, const std::vector<std::string>& cells, char delimiter = ',');

}  // namespace tieout::vendors::files
