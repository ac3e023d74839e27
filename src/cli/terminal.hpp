// What goes to a person's screen: colours only where they are wanted, columns that line up for any script, amounts as
// people read them. Text that came from elsewhere (names in a CRM) passes through printable(), so that no record can
// send control sequences to a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "money/decimal.hpp"

namespace tieout::cli {

enum class Style : std::uint8_t { plain, bold, dim, red, green, yellow, cyan };

struct Terminal {
  bool colour = false;  ///< paint() paints
  bool live = false;    ///< standard error is a terminal: progress bars make sense
  int width = 100;      ///< columns; 0: no limit (a pipe or a file)

  std::string paint(Style style, std::string_view text) const;
};

/// Looks at standard output and standard error, NO_COLOR, TERM and COLUMNS.
Terminal detect_terminal();

/// Columns that the text takes: 2 for wide East Asian characters and emoji, 0 for combining marks.
int display_width(std::string_view utf8);
/// At most that many columns; what was cut off is shown by "…".
std::string shortened(std::string_view utf8, int columns);
/// Control characters become "·", bytes that are no UTF-8 "\ufffd"; line feeds become blanks.
std::string printable(std::string_view text);

std::string grouped(std::int64_t number);    ///< 12345 → "12,345"
std::string grouped(const Decimal& number);  ///< 1086.00 → "1,086.00", as many places as it has
/// "1,086.00": as many places as the currency has, more where the amount has them.
std::string amount_text(std::string_view currency, const Decimal& amount);
/// "EUR 1,086.00"
std::string money_text(std::string_view currency, const Decimal& amount);
std::string plural(std::int64_t count, std::string_view one, std::string_view many);  ///< "1 deal", "2 deals"

enum class Align : std::uint8_t { left, right };

struct Cell {
  std::string text;
  Style style = Style::plain;
};

/// Columns that line up. Cells are made printable; the last column is never padded.
class Table {
 public:
  explicit Table(std::vector<Align> aligns, std::string indent = "  ")
      : aligns_(std::move(aligns)), indent_(std::move(indent)) {}
  /// No more than that many columns of the screen for column `index`.
  Table& limit(std::size_t index, int columns);
  Table& row(std::vector<Cell> cells);
  bool empty() const { return rows_.empty(); }
  std::string text(const Terminal& terminal) const;

 private:
  std::vector<int> widths() const;
  std::vector<Align> aligns_;
  std::string indent_;
  std::vector<int> limits_;
  std::vector<std::vector<Cell>> rows_;
};

/// One line on standard error that moves while work goes on; nothing at all when that is no terminal.
class ProgressBar {
 public:
  explicit ProgressBar(const Terminal& terminal) : terminal_(terminal) {}
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(std::string_view stage, std::int64_t done, std::int64_t expected);
  void clear();

 private:
  Terminal terminal_;
  std::chrono::steady_clock::time_point drawn_{};
  bool visible_ = false;
};

}  // namespace tieout::cli
