// CSV as it is met in practice (RFC 4180 with any delimiter, a byte-order mark, CRLF or LF), one record at a time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tieout::mapping {

class CsvReader {
 public:
  /// text must outlive the reader.
  explicit CsvReader(std::string_view text, char delimiter = ',');

  /// The next row; false at the end. Blank lines are passed over.
  /// Fails   csv.quote    a quote is never closed, or text stands after a closing quote
  ///         csv.columns  another number of cells than in the first row
  ///         csv.utf8     the text is no UTF-8
  /// The message names the line. After a failure the reader is at its end.
  Result<bool> next(std::vector<std::string>& cells);
  /// Line, counted from 1, on which the row last read began.
  int line() const { return row_line_; }

 private:
  Result<bool> cell(std::string& out, bool& more);
  Result<bool> quoted(std::string& out);

  std::string_view text_;
  char delimiter_;
  std::size_t at_ = 0;
  int line_ = 1;
  int row_line_ = 0;
  std::size_t columns_ = 0;
};

/// Appends one row with CRLF; cells that need it are quoted. A cell that a spreadsheet would run as a formula
/// (= + - @ at its beginning, and not a number) gets an apostrophe before it when `guard_formulas`.
void append_csv_row(std::string& out, const std::vector<std::string>& cells, char delimiter = ',',
                    bool guard_formulas = true);

}  // namespace tieout::mapping
