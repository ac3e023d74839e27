#include "expr/source.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace tieout::expr {
namespace {

constexpr std::size_t kWidth = 100;  // of the excerpt; a longer line is cut around the place

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Optimal string alignment: insert, delete, replace and swap of neighbours cost one each.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

}  // namespace

std::string message_at(std::string_view source, std::size_t offset, std::string_view what) {
  offset = std::min(offset, source.size());
  const std::size_t newline = offset == 0 ? std::string_view::npos : source.rfind('\n', offset - 1);
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  const std::size_t end = std::min(source.find('\n', offset), source.size());
  const auto line_number = 1 + std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(start), '\n');
  const std::size_t column = characters(source.substr(start, offset - start));
  std::string_view line = source.substr(start, end - start);
  std::size_t caret = column;
  if (line.size() > kWidth) {
    std::size_t from = offset - start > kWidth / 2 ? offset - start - kWidth / 2 : 0;
    while (from > 0 && (static_cast<unsigned char>(line[from]) & 0xC0) == 0x80) --from;
    caret = characters(line.substr(from, offset - start - from));
    std::size_t length = std::min(kWidth, line.size() - from);
    while (from + length < line.size() && (static_cast<unsigned char>(line[from + length]) & 0xC0) == 0x80) ++length;
    line = line.substr(from, length);
  }
  return fmt::format("{}:{}: {}\n  {}\n  {}^", line_number, column + 1, what, line, std::string(caret, ' '));
}

Fault fault_at(std::string_view source, std::size_t offset, std::string_view code, std::string_view what) {
  return Fault{std::string(code), message_at(source, offset, what)};
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  const std::size_t allowed = name.size() <= 2 ? 0 : name.size() <= 5 ? 1 : 2;
  std::size_t best = allowed + 1;
  std::string found;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > name.size() + allowed || name.size() > candidate.size() + allowed) continue;
    const std::size_t d = distance(name, candidate);
    if (d < best && d > 0) {
      best = d;
      found = candidate;
    }
  }
  return found;
}

}  // namespace tieout::expr
