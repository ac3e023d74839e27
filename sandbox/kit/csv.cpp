#include "sandbox/kit/csv.hpp"

#include "base/check.hpp"

namespace tieout::sandbox {
namespace {

/// Takes one line off the text, quotes undone.
std::vector<std::string> take_line(std::string_view text, std::size_t& at) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c != '"')
        out.back() += c;
      else if (at + 1 < text.size() && text[at + 1] == '"')
        out.back() += text[++at];
      else
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      out.emplace_back();
    } else if (c == '\n') {
      ++at;
      return out;
    } else if (c != '\r') {
      out.back() += c;
    }
  }
  return out;
}

}  // namespace

SeedTable::SeedTable(std::string_view csv) {
  std::size_t at = 0;
  names_ = take_line(csv, at);
  while (at < csv.size()) {
    rows_.push_back(take_line(csv, at));
    CHECK(rows_.back().size() == names_.size(), "a seed file has a line with another number of columns");
  }
}

const std::string& SeedTable::at(std::size_t row, std::string_view column) const {
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (names_[i] == column) return rows_[row][i];
  CHECK(false, "a seed file lacks a column");
}

}  // namespace tieout::sandbox
