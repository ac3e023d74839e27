#include "cli/terminal.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "money/currency.hpp"

namespace tieout::cli {
namespace {

constexpr std::string_view kCodes[] = {"", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[36m"};

int columns_of(UChar32 character) {
  const auto category = u_charType(character);
  if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_FORMAT_CHAR) return 0;
  const auto width = u_getIntPropertyValue(character, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

/// Calls visit(character, first byte, byte after) for each character; -1 for bytes that are no UTF-8.
template <class Visit>
void each_character(std::string_view text, Visit visit) {
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < length;) {
    const std::int32_t first = at;
    UChar32 character = 0;
    U8_NEXT(text.data(), at, length, character);
    if (!visit(character, static_cast<std::size_t>(first), static_cast<std::size_t>(at))) return;
  }
}

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

int width_of_terminal() {
  if (const char* columns = std::getenv("COLUMNS"); columns != nullptr && std::atoi(columns) > 0)
    return std::atoi(columns);
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 100;
}

std::string with_marks(std::string digits) {
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  for (std::size_t at = point; at > first + 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

}  // namespace

std::string Terminal::paint(Style style, std::string_view text) const {
  if (!colour || style == Style::plain || text.empty()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", kCodes[static_cast<int>(style)], text);
}

Terminal detect_terminal() {
  const bool out_is_terminal = isatty(STDOUT_FILENO) == 1;
  const char* term = std::getenv("TERM");
  const bool is_dumb = term != nullptr && std::string_view(term) == "dumb";
  Terminal terminal;
  terminal.colour = out_is_terminal && !is_set("NO_COLOR") && !is_dumb;
  terminal.live = isatty(STDERR_FILENO) == 1 && !is_dumb;
  terminal.width = out_is_terminal ? width_of_terminal() : 0;
  return terminal;
}

int display_width(std::string_view utf8) {
  int columns = 0;
  each_character(utf8, [&](UChar32 character, std::size_t, std::size_t) {
    columns += character < 0 ? 1 : columns_of(character);
    return true;
  });
  return columns;
}

std::string shortened(std::string_view utf8, int columns) {
  if (display_width(utf8) <= columns) return std::string(utf8);
  int used = 0;
  std::size_t end = 0;
  each_character(utf8, [&](UChar32 character, std::size_t, std::size_t after) {
    used += character < 0 ? 1 : columns_of(character);
    if (used > columns - 1) return false;
    end = after;
    return true;
  });
  return std::string(utf8.substr(0, end)) + "…";
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  each_character(text, [&](UChar32 character, std::size_t first, std::size_t after) {
    const bool is_break = character == '\n' || character == '\r' || character == '\t';
    if (character < 0)
      out += "\xef\xbf\xbd";
    else if (is_break)
      out += ' ';
    else if (u_charType(character) == U_CONTROL_CHAR)
      out += "·";
    else
      out += text.substr(first, after - first);
    return true;
  });
  return out;
}

std::string grouped(std::int64_t number) { return with_marks(std::to_string(number)); }
std::string grouped(const Decimal& number) { return with_marks(number.to_text()); }

std::string amount_text(std::string_view currency, const Decimal& amount) {
  const auto known = Currency::parse(currency);
  const int places = std::max(known ? known->exponent() : 2, amount.needed_scale());
  return grouped(amount.rounded(places, Rounding::half_up));
}

std::string money_text(std::string_view currency, const Decimal& amount) {
  return fmt::format("{} {}", currency, amount_text(currency, amount));
}

std::string plural(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

Table& Table::limit(std::size_t index, int columns) {
  if (limits_.size() <= index) limits_.resize(index + 1, 0);
  limits_[index] = columns;
  return *this;
}

Table& Table::row(std::vector<Cell> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i].text = printable(cells[i].text);
    if (i < limits_.size() && limits_[i] > 0) cells[i].text = shortened(cells[i].text, limits_[i]);
  }
  rows_.push_back(std::move(cells));
  return *this;
}

std::vector<int> Table::widths() const {
  std::vector<int> widths(aligns_.size(), 0);
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i].text));
  return widths;
}

std::string Table::text(const Terminal& terminal) const {
  const std::vector<int> columns = widths();
  std::string out;
  for (const auto& row : rows_) {
    std::string line = indent_;
    std::size_t solid = line.size();  // everything after it is blank
    for (std::size_t i = 0; i < row.size() && i < columns.size(); ++i) {
      const std::string gap(static_cast<std::size_t>(columns[i] - display_width(row[i].text)), ' ');
      if (aligns_[i] == Align::right) line += gap;
      line += terminal.paint(row[i].style, row[i].text);
      if (!row[i].text.empty()) solid = line.size();
      if (aligns_[i] == Align::left) line += gap;
      line += "  ";
    }
    line.resize(solid);
    out += line + "\n";
  }
  return out;
}

void ProgressBar::show(std::string_view stage, std::int64_t done, std::int64_t expected) {
  if (!terminal_.live) return;
  const auto now = std::chrono::steady_clock::now();
  if (visible_ && now - drawn_ < std::chrono::milliseconds(60)) return;
  drawn_ = now;
  std::string bar;
  if (expected > 0) {
    constexpr int kCells = 24;
    const auto filled = static_cast<int>(std::clamp<std::int64_t>(done * kCells / expected, 0, kCells));
    for (int i = 0; i < kCells; ++i) bar += i < filled ? "█" : "░";
    bar += fmt::format(" {} of {}", grouped(done), grouped(expected));
  } else {
    bar = grouped(done);
  }
  fmt::print(stderr, "\r\x1b[2K  {:<20} {}", stage, bar);
  std::fflush(stderr);
  visible_ = true;
}

void ProgressBar::clear() {
  if (!visible_) return;
  fmt::print(stderr, "\r\x1b[2K");
  std::fflush(stderr);
  visible_ = false;
}

}  // namespace tieout::cli
