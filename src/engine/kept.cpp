#include "engine/kept.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace tieout::engine {

void append_kept(std::string& out, const ports::RawRecord& record) {
  out += "{\"object\":";
  json::append_string(out, record.object);
  out += ",\"id\":";
  json::append_string(out, record.vendor_id);
  out += ",\"version\":";
  json::append_string(out, record.version);
  out += ",\"at\":";
  out += std::to_string(to_ms(record.modified_at));
  if (record.deleted) out += ",\"deleted\":true";
  if (!record.body.empty()) {
    out += ",\"body\":";
    const std::size_t from = out.size();
    out += record.body;
    // A line break in JSON is only ever white space, and here it would end the record.
    std::replace(out.begin() + static_cast<std::ptrdiff_t>(from), out.end(), '\n', ' ');
  }
  out += "}\n";
}

std::string_view kept_words(std::string_view line) {
  constexpr std::string_view kBefore = ",\"body\":";  // inside a text its quotes would be escaped
  const std::size_t at = line.starts_with("{\"object\":") ? line.find(kBefore) : std::string_view::npos;
  if (at == std::string_view::npos || !line.ends_with('}')) return line;
  line.remove_prefix(at + kBefore.size());
  line.remove_suffix(1);
  return line;
}

Result<std::vector<ports::RawRecord>> read_kept(std::string_view page) {
  std::vector<ports::RawRecord> out;
  while (!page.empty()) {
    const std::string_view line = page.substr(0, page.find('\n'));
    page.remove_prefix(std::min(page.size(), line.size() + 1));
    const auto value = json::parse(line);
    if (!value || value->find("object") == nullptr || value->find("at") == nullptr)
      return fail("payload.malformed", "this page was kept by an older version, in a form that names no objects");
    ports::RawRecord record;
    record.object = (*value)["object"].text();
    record.vendor_id = (*value)["id"].text();
    record.version = (*value)["version"].text();
    record.modified_at = instant_from_ms((*value)["at"].as_int());
    record.deleted = value->find("deleted") != nullptr;
    if (const json::Value* body = value->find("body")) record.body = body->dump();
    out.push_back(std::move(record));
  }
  return out;
}

}  // namespace tieout::engine
