// Addresses and statements: what every QuickBooks call of ours is made of, and reading by Id.
#include <fmt/core.h>

#include "vendors/quickbooks/connector.hpp"

namespace tieout::vendors::quickbooks {
namespace {

constexpr const char* kMinorVersion = "75";

}  // namespace

QuickBooks::QuickBooks(const ConnectionSettings& settings, Manifest manifest, World world)
    : session_(settings, std::move(manifest), world, read_error, looks_whole, hides_fault) {
  for (const auto& [name, facts] : session_.manifest().objects)
    if (settings.objects.empty() ||
        std::find(settings.objects.begin(), settings.objects.end(), name) != settings.objects.end())
      objects_.push_back(name);
}

QuickBooks::~QuickBooks() {
  if (ahead_) session_.abandon(std::move(ahead_->pending));
}

std::string QuickBooks::path(const std::string& rest) const {
  return fmt::format("/v3/company/{}{}{}minorversion={}", url_encoded(session_.settings().account_id), rest,
                     rest.find('?') == std::string::npos ? '?' : '&', kMinorVersion);
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

Call QuickBooks::query_call(const std::string& statement, const std::string& about) const {
  return Call{.path = path("/query?query=" + url_encoded(statement)), .body = {}, .about = about};
}

bool QuickBooks::is_name(const std::string& object) const {
  const ObjectFacts* facts = session_.manifest().object(object);
  return facts && facts->detail("kind") == "name";
}

std::string QuickBooks::active_too(const std::string& object) const {
  return is_name(object) ? "Active IN (true,false)" : "";
}

int QuickBooks::in_flight() const {
  return std::clamp(session_.setting("in_flight", session_.manifest().limit("in_flight", 4)), 1, 32);
}
int QuickBooks::page_size() const {
  const int most = session_.manifest().limit("page", 1000);
  return std::clamp(session_.setting("page_size", most), 2, most);
}

int QuickBooks::batch_size(const std::string& object, ports::WriteKind kind) const {
  const ObjectFacts* facts = session_.manifest().object(object);
  if (!facts || kind == ports::WriteKind::void_document) return 1;
  const int most = facts->batch_of(kind == ports::WriteKind::create ? "create" : "update");
  return std::clamp(session_.setting("batch_size", most), 1, most);
}

Result<std::vector<ports::RawRecord>> QuickBooks::read(const std::string& object, std::span<const std::string> ids) {
  if (!session_.manifest().object(object))
    return fail("quickbooks.object.unknown", fmt::format("QuickBooks' manifest has no object '{}'", object), "object");
  const std::size_t most = static_cast<std::size_t>(session_.manifest().limit("ids_a_query", 100));
  std::vector<ports::RawRecord> out;
  for (std::size_t at = 0; at < ids.size(); at += most) {
    const auto part = ids.subspan(at, std::min(most, ids.size() - at));
    std::string list;
    for (const std::string& id : part) list += (list.empty() ? "" : ",") + quoted(id);
    std::string statement = fmt::format("SELECT * FROM {} WHERE Id IN ({})", object, list);
    if (const std::string active = active_too(object); !active.empty()) statement += " AND " + active;
    statement += fmt::format(" MAXRESULTS {}", session_.manifest().limit("page", 1000));
    TRY(response, session_.call(query_call(statement, fmt::format("read {} {}", part.size(), object))));
    TRY(answer, read_list(std::move(response.body)));
    for (const std::string& id : part) {
      const auto row = std::find_if(answer.rows.begin(), answer.rows.end(),
                                    [&](const Row& one) { return one.entity == object && one.id == id; });
      if (row != answer.rows.end()) {
        out.push_back(record_of(*row));
        continue;
      }
      // Not being in a query's answer is no proof: the record itself is asked for, where "not found" has a code.
      std::string entity = object;
      std::transform(entity.begin(), entity.end(), entity.begin(), [](unsigned char c) { return std::tolower(c); });
      auto single = session_.call({.path = path("/" + entity + "/" + url_encoded(id)),
                                   .body = {},
                                   .about = fmt::format("read {} {}", object, id)});
      if (!single && single.error().code == "quickbooks.record.gone") {
        out.push_back({object, id, "deleted", session_.now(), true, ""});
        continue;
      }
      if (!single) return fail(single.error());
      TRY(found, read_answer(std::move(single->body)));
      if (found.rows.size() != 1 || found.rows.front().id != id || found.rows.front().entity != object)
        return fail("quickbooks.answer.shape",
                    fmt::format("QuickBooks answered {} {} with another record", object, id));
      out.push_back(record_of(found.rows.front()));
    }
  }
  return out;
}

}  // namespace tieout::vendors::quickbooks
