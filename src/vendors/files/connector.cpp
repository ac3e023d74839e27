#include "vendors/files/connector.hpp"

#include <fmt/core.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "vendors/files/csv.hpp"
#include "vendors/files/out_file.hpp"

namespace tieout::vendors::files {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = 64 * 1024;

/// How a file was when it was read: the digest decides, size and time only save reading it.
struct Mark {
  std::int64_t modified = 0;
  std::int64_t size = 0;
  std::string digest;
};

struct Cursor {
  std::map<std::string, Mark> read;  // file name → as it was when all its rows had been handed on
  std::string current;               // the file that is being read
  Mark mark;
  std::int64_t rows = 0;  // of the current file handed on
};

std::string text_of(const Cursor& cursor) {
  json::Value marks = json::Value::object();
  const auto value = [](const Mark& mark) {
    return json::Value::array(
        {json::Value::number(mark.modified), json::Value::number(mark.size), json::Value::string(mark.digest)});
  };
  for (const auto& [name, mark] : cursor.read) marks.set(name, value(mark));
  json::Value out = json::Value::object();
  out.set("v", json::Value::number(std::int64_t{1}));
  out.set("read", std::move(marks));
  if (!cursor.current.empty()) {
    out.set("current", json::Value::string(cursor.current));
    out.set("mark", value(cursor.mark));
    out.set("rows", json::Value::number(cursor.rows));
  }
  return out.dump();
}

Result<Cursor> cursor_of(const std::string& text) {
  Cursor cursor;
  if (text.empty()) return cursor;
  auto value = json::parse(text);
  if (!value || (*value)["v"].as_int() != 1)
    return fail("files.cursor.malformed",
                "the stored place-mark of this connection cannot be read; start it anew with an empty one");
  const auto mark = [](const json::Value& parts) {
    return parts.size() == 3 ? Mark{parts.items()[0].as_int(), parts.items()[1].as_int(), parts.items()[2].text()}
                             : Mark{};
  };
  for (const auto& [name, parts] : (*value)["read"].members()) cursor.read[name] = mark(parts);
  cursor.current = (*value)["current"].text();
  cursor.mark = mark((*value)["mark"]);
  cursor.rows = (*value)["rows"].as_int();
  return cursor;
}

std::int64_t modified_ms(const fs::path& path) {
  std::error_code error;
  const auto time = fs::last_write_time(path, error);
  if (error) return 0;
  return std::chrono::duration_cast<Milliseconds>(std::chrono::file_clock::to_sys(time).time_since_epoch()).count();
}

/// Reads one file row by row; rows wait here between two pages.
class Source {
 public:
  Source(fs::path path, CsvRules rules)
      : path_(std::move(path)),
        in_(path_, std::ios::binary),
        reader_(rules, [this](std::vector<std::string>& cells, std::int64_t line) {
          waiting_.emplace_back(std::move(cells), line);
        }) {}

  struct Line {
    std::vector<std::string> cells;
    std::int64_t number = 0;
  };
  /// The next row after the header, or nothing at the end.
  Result<std::optional<Line>> next() {
    while (true) {
      while (waiting_.empty() && !ended_) TRY_VOID(more());
      if (waiting_.empty()) return std::optional<Line>();
      Line line{std::move(waiting_.front().first), waiting_.front().second};
      waiting_.pop_front();
      if (!header_.empty()) {
        if (line.cells.size() != header_.size())
          return wrong("csv.columns",
                       fmt::format("{} cells where the header has {}", line.cells.size(), header_.size()), line.number);
        ++taken_;
        return std::optional<Line>(std::move(line));
      }
      std::set<std::string> names;
      for (const std::string& name : line.cells)
        if (name.empty() || !names.insert(name).second)
          return wrong("csv.header",
                       name.empty() ? "a column has no name" : fmt::format("the column '{}' is there twice", name),
                       line.number);
      header_ = std::move(line.cells);
    }
  }
  const std::vector<std::string>& header() const { return header_; }
  std::int64_t taken() const { return taken_; }
  std::string name() const { return path_.filename().string(); }

 private:
  tl::unexpected<Fault> wrong(const char* code, const std::string& what, std::int64_t line) const {
    return fail(code, fmt::format("{}, line {}: {}", path_.filename().string(), line, what),
                fmt::format("line {}", line));
  }
  Result<bool> more() {
    std::string piece(kPiece, '\0');
    in_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto count = in_.gcount();
    if (count <= 0) {
      if (in_.bad() || !in_.eof())
        return fail("files.read",
                    fmt::format("{} cannot be read; check that it exists and may be read", path_.string()));
      ended_ = true;
    }
    auto taken =
        count > 0 ? reader_.feed(std::string_view(piece.data(), static_cast<std::size_t>(count))) : reader_.finish();
    if (!taken) {
      Fault fault = taken.error();
      fault.what = path_.filename().string() + ", " + fault.what;
      return fail(std::move(fault));
    }
    return true;
  }

  fs::path path_;
  std::ifstream in_;
  CsvReader reader_;
  std::deque<std::pair<std::vector<std::string>, std::int64_t>> waiting_;
  std::vector<std::string> header_;
  std::int64_t taken_ = 0;
  bool ended_ = false;
};

Result<std::string> digest_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string chain, piece(kPiece * 16, '\0');
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    if (in.gcount() > 0) chain = hex(sha256(chain + piece.substr(0, static_cast<std::size_t>(in.gcount()))));
  }
  if (in.bad() || !in.eof())
    return fail("files.read", fmt::format("{} cannot be read; check that it exists and may be read", path.string()));
  return chain;
}

class FilesConnector final : public ports::Connector {
 public:
  FilesConnector(const ConnectionSettings& settings, CsvRules rules, std::size_t page, World world)
      : settings_(settings), rules_(rules), page_(page), world_(world), folder_(extra("folder")) {}

  Result<ports::AccountFacts> facts() override {
    ports::AccountFacts facts;
    facts.account_id = facts.name = folder_.string();
    return facts;
  }
  Result<ports::Page> pull(const std::string& text) override;
  Result<std::vector<ports::RawRecord>> read(const std::string& object, std::span<const std::string> ids) override;
  void write(std::span<const ports::WriteRequest> requests,
             const std::function<void(std::size_t, ports::WriteOutcome)>& done) override;
  Result<std::vector<ports::Lookup>> look_up(std::span<const ports::WriteRequest> requests, Instant) override;
  std::int64_t calls() const override { return 0; }
  int batch_size(const std::string&, ports::WriteKind) const override { return static_cast<int>(page_); }
  int calls_per_minute() const override { return 0; }

 private:
  std::string extra(const std::string& name) const {
    const auto found = settings_.extra.find(name);
    return found == settings_.extra.end() ? "" : found->second;
  }
  Result<bool> choose_next(Cursor& cursor);
  Result<bool> open_at(const Cursor& cursor);
  Result<ports::RawRecord> record_of(const Source& source, const Source::Line& line, std::int64_t modified) const;
  Result<OutFile*> out_file(const std::string& object);
  Result<ports::RawRecord> append(const ports::WriteRequest& request);

  ConnectionSettings settings_;
  CsvRules rules_;
  std::size_t page_;
  World world_;
  fs::path folder_;
  std::unique_ptr<Source> source_;
  std::map<std::string, OutFile> out_;
};

Result<bool> FilesConnector::choose_next(Cursor& cursor) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder_, error))
    if (entry.path().extension() == ".csv" && entry.is_regular_file(error)) paths.push_back(entry.path());
  if (error)
    return fail("files.read", fmt::format("the folder {} cannot be read: {}", folder_.string(), error.message()),
                "folder");
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) {
    const std::string object = path.stem().string();
    if (!settings_.objects.empty() &&
        std::find(settings_.objects.begin(), settings_.objects.end(), object) == settings_.objects.end())
      continue;
    const std::string name = path.filename().string();
    Mark mark{modified_ms(path), static_cast<std::int64_t>(fs::file_size(path, error)), {}};
    const auto known = cursor.read.find(name);
    if (known != cursor.read.end() && known->second.modified == mark.modified && known->second.size == mark.size)
      continue;
    TRY(digest, digest_of(path));
    mark.digest = std::move(digest);
    if (known != cursor.read.end() && known->second.digest == mark.digest) {
      known->second = mark;
      continue;
    }
    cursor.current = name;
    cursor.mark = mark;
    cursor.rows = 0;
    return true;
  }
  return false;
}

Result<bool> FilesConnector::open_at(const Cursor& cursor) {
  if (source_ && source_->name() == cursor.current && source_->taken() == cursor.rows && cursor.rows > 0) return true;
  source_ = std::make_unique<Source>(folder_ / cursor.current, rules_);
  while (source_->taken() < cursor.rows) {
    TRY(skipped, source_->next());
    if (!skipped) break;
  }
  return true;
}

Result<ports::RawRecord> FilesConnector::record_of(const Source& source, const Source::Line& line,
                                                   std::int64_t modified) const {
  ports::RawRecord record;
  record.object = fs::path(source.name()).stem().string();
  record.modified_at = instant_from_ms(modified);
  json::Writer out(record.body);
  out.begin_object().key("row").begin_object();
  for (std::size_t i = 0; i < line.cells.size(); ++i) out.member(source.header()[i], line.cells[i]);
  out.end_object().end_object();
  record.version = hex(sha256(record.body)).substr(0, 16);
  const std::string key = extra("key." + record.object);
  const auto column = std::find(source.header().begin(), source.header().end(), key);
  if (!key.empty() && column == source.header().end())
    return fail("csv.column.missing",
                fmt::format("{} has no column '{}', which is to name its records", source.name(), key), key);
  record.vendor_id = key.empty() ? std::to_string(source.taken())
                                 : line.cells[static_cast<std::size_t>(column - source.header().begin())];
  if (record.vendor_id.empty())
    return fail("csv.cell.missing",
                fmt::format("{}, line {}: '{}' is empty, but it names the record", source.name(), line.number, key),
                fmt::format("line {}", line.number));
  return record;
}

Result<ports::Page> FilesConnector::pull(const std::string& text) {
  TRY(cursor, cursor_of(text));
  ports::Page page;
  if (cursor.current.empty()) {
    TRY(any, choose_next(cursor));
    if (!any) {
      page.next_cursor = text_of(cursor);
      return page;
    }
  }
  TRY_VOID(open_at(cursor));
  bool ended = false;
  while (page.records.size() < page_) {
    auto line = source_->next();
    if (!line) {
      source_.reset();
      return fail(line.error());
    }
    if (!*line) {
      ended = true;
      break;
    }
    TRY(record, record_of(*source_, **line, cursor.mark.modified));
    page.records.push_back(std::move(record));
  }
  cursor.rows = source_->taken();
  if (ended) {
    // Kept as it was when reading began: a file that was changed meanwhile is read again.
    cursor.read[cursor.current] = cursor.mark;
    cursor.current.clear();
    source_.reset();
  }
  page.more = true;  // whether another file waits is asked by the next pull
  page.next_cursor = text_of(cursor);
  return page;
}

Result<std::vector<ports::RawRecord>> FilesConnector::read(const std::string& object,
                                                           std::span<const std::string> ids) {
  const std::set<std::string> wanted(ids.begin(), ids.end());
  const fs::path path = folder_ / (object + ".csv");
  Source source(path, rules_);
  std::vector<ports::RawRecord> out;
  std::set<std::string> found;
  const std::int64_t modified = modified_ms(path);
  while (true) {
    TRY(line, source.next());
    if (!line) break;
    TRY(record, record_of(source, *line, modified));
    if (wanted.contains(record.vendor_id) && found.insert(record.vendor_id).second) out.push_back(std::move(record));
  }
  for (const std::string& id : wanted)
    if (!found.contains(id)) out.push_back({object, id, "gone", instant_from_ms(modified), true, ""});
  return out;
}

Result<OutFile*> FilesConnector::out_file(const std::string& object) {
  const std::string folder = extra("out_folder");
  if (folder.empty())
    return fail("connection.setting.missing",
                fmt::format("connection '{}' has no out_folder to write to", settings_.name), "out_folder");
  if (object.empty() || object.find('/') != std::string::npos || object.starts_with('.'))
    return fail("files.object.name", fmt::format("'{}' cannot be a file name", object), "object");
  std::error_code error;
  fs::create_directories(folder, error);
  return &out_.try_emplace(object, (fs::path(folder) / (object + ".csv")).string(), rules_.delimiter).first->second;
}

Result<ports::RawRecord> FilesConnector::append(const ports::WriteRequest& request) {
  if (request.kind != ports::WriteKind::create)
    return fail("files.operation.unsupported", "rows of a CSV file are only added, not changed; write a new one");
  TRY(body, json::parse(request.body));
  const json::Value& row = body.find("row") ? body["row"] : body;
  if (!row.is_object() || request.idempotency_key.empty())
    return fail("files.request.malformed", "a row needs its fields and a key; please report it");
  std::vector<std::pair<std::string, std::string>> fields;
  for (const auto& [name, value] : row.members()) fields.emplace_back(name, value.text());
  TRY(file, out_file(request.object));
  TRY_VOID(file->append(request.idempotency_key, fields));
  return ports::RawRecord{
      request.object, request.idempotency_key, hex(sha256(request.body)).substr(0, 16), world_.clock.now(), false,
      request.body};
}

void FilesConnector::write(std::span<const ports::WriteRequest> requests,
                           const std::function<void(std::size_t, ports::WriteOutcome)>& done) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    ports::WriteOutcome outcome;
    auto record = append(requests[i]);
    if (record)
      outcome.record = std::move(*record);
    else
      outcome.fault = record.error();
    done(i, std::move(outcome));
  }
}

Result<std::vector<ports::Lookup>> FilesConnector::look_up(std::span<const ports::WriteRequest> requests, Instant) {
  std::vector<ports::Lookup> out(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    TRY(file, out_file(requests[i].object));
    TRY(there, file->has(requests[i].idempotency_key));
    out[i].found = there ? ports::Found::written : ports::Found::absent;
    if (there)
      out[i].record = ports::RawRecord{requests[i].object,
                                       requests[i].idempotency_key,
                                       hex(sha256(requests[i].body)).substr(0, 16),
                                       world_.clock.now(),
                                       false,
                                       requests[i].body};
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<ports::Connector>> make_files_connector(const ConnectionSettings& settings, World world) {
  CsvRules rules;
  const auto extra = [&](const std::string& name, const std::string& otherwise) {
    const auto found = settings.extra.find(name);
    return found == settings.extra.end() ? otherwise : found->second;
  };
  const std::string delimiter = extra("delimiter", ",");
  if (delimiter == "tab")
    rules.delimiter = '\t';
  else if (delimiter.size() == 1 && delimiter[0] != '"' && delimiter[0] != '\n' && delimiter[0] != '\r')
    rules.delimiter = delimiter[0];
  else
    return fail("connection.setting.bad", "the delimiter is one character, or the word tab", "delimiter");
  const std::string charset = extra("charset", "utf-8");
  if (charset == "windows-1252")
    rules.charset = Charset::windows_1252;
  else if (charset != "utf-8")
    return fail("connection.setting.bad", fmt::format("the charset is utf-8 or windows-1252, not '{}'", charset),
                "charset");
  const int page = std::max(1, std::atoi(extra("page_size", "1000").c_str()));
  return std::unique_ptr<ports::Connector>(
      std::make_unique<FilesConnector>(settings, rules, static_cast<std::size_t>(page), world));
}

}  // namespace tieout::vendors::files
