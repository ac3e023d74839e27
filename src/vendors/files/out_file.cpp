#include "vendors/files/out_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "vendors/files/csv.hpp"

namespace tieout::vendors::files {
namespace {

constexpr const char* kKey = "tieout_key";

/// Bytes up to the end of the last complete row: the last line end outside of quotes.
std::size_t complete_part(std::string_view text) {
  std::size_t end = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == '\n' && !quoted) end = i + 1;
  }
  return end;
}

}  // namespace

Result<bool> OutFile::load() {
  if (loaded_) return true;
  header_.clear();
  keys_.clear();
  std::error_code error;
  if (!std::filesystem::exists(path_, error)) {
    loaded_ = true;
    return true;
  }
  std::ifstream in(path_, std::ios::binary);
  std::stringstream all;
  all << in.rdbuf();
  if (!in) return fail("files.read", fmt::format("{} cannot be read: {}", path_, std::strerror(errno)));
  std::string text = all.str();
  if (const std::size_t whole = complete_part(text); whole < text.size()) {
    std::filesystem::resize_file(path_, whole, error);
    if (error)
      return fail("files.write",
                  fmt::format("half a row at the end of {} cannot be cut off: {}", path_, error.message()));
    text.resize(whole);
  }
  std::size_t key_at = 0;
  CsvReader reader({.delimiter = delimiter_}, [&](std::vector<std::string>& cells, std::int64_t) {
    if (header_.empty()) {
      header_ = cells;
      key_at = static_cast<std::size_t>(std::find(cells.begin(), cells.end(), kKey) - cells.begin());
    } else if (key_at < cells.size()) {
      keys_.insert(cells[key_at]);
    }
  });
  TRY_VOID(reader.feed(text));
  TRY_VOID(reader.finish());
  if (!header_.empty() && key_at >= header_.size())
    return fail("files.column.unknown",
                fmt::format("{} has no column {}, so it is not a file of ours; choose another folder", path_, kKey),
                kKey);
  loaded_ = true;
  return true;
}

Result<bool> OutFile::has(const std::string& key) {
  loaded_ = false;  // another process may have written
  TRY_VOID(load());
  return keys_.contains(key);
}

Result<bool> OutFile::append(const std::string& key, const std::vector<std::pair<std::string, std::string>>& fields) {
  TRY_VOID(load());
  if (keys_.contains(key)) return true;
  std::string text;
  std::vector<std::string> header = header_;
  if (header.empty()) {
    for (const auto& [name, value] : fields) header.push_back(name);
    header.emplace_back(kKey);
    append_csv_row(text, header, delimiter_);
  }
  std::vector<std::string> cells(header.size());
  for (const auto& [name, value] : fields) {
    const auto column = std::find(header.begin(), header.end(), name);
    if (column == header.end())
      return fail("files.column.unknown",
                  fmt::format("{} has no column '{}'; add it or take another file", path_, name), name);
    cells[static_cast<std::size_t>(column - header.begin())] = value;
  }
  cells[static_cast<std::size_t>(std::find(header.begin(), header.end(), kKey) - header.begin())] = key;
  append_csv_row(text, cells, delimiter_);
  auto written = write_all(text);
  if (!written) {
    loaded_ = false;
    return fail(written.error());
  }
  header_ = std::move(header);
  keys_.insert(key);
  return true;
}

Result<bool> OutFile::write_all(const std::string& text) {
  const auto broken = [&] {
    return fail("files.write", fmt::format("{} cannot be written: {}", path_, std::strerror(errno)), "",
                Certainty::unknown);
  };
  const int file = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return fail("files.write", fmt::format("{} cannot be opened: {}", path_, std::strerror(errno)));
  std::size_t at = 0;
  while (at < text.size()) {
    const ssize_t step = ::write(file, text.data() + at, text.size() - at);
    if (step < 0 && errno == EINTR) continue;
    if (step <= 0) {
      ::close(file);
      return broken();
    }
    at += static_cast<std::size_t>(step);
  }
  const bool synced = ::fsync(file) == 0;
  if (::close(file) != 0 || !synced) return broken();
  return true;
}

}  // namespace tieout::vendors::files
