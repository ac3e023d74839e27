// Makes a HubSpot record whole: a deal with its line items and the ids of its companies and contacts inside, a company
// with its primary contact. Children are read a hundred a call, all calls in flight at once.
#include <fmt/core.h>

#include "vendors/hubspot/connector.hpp"

namespace tieout::vendors::hubspot {
namespace {

constexpr std::size_t kBatch = 100;
constexpr std::size_t kFewRecords = 3;  // up to here one GET each (with associations) beats the batch calls

bool id_before(std::string_view a, std::string_view b) { return a.size() != b.size() ? a.size() < b.size() : a < b; }

/// The primary first, then by number: the vendor's order is not stable between its list and its batch calls.
void sort_links(Links& links) {
  std::sort(links.links.begin(), links.links.end(),
            [](const Link& a, const Link& b) { return a.primary != b.primary ? a.primary : id_before(a.id, b.id); });
}

class Stamp {  // FNV-1a over what was composed in, so that a changed line changes the deal's version
 public:
  void add(std::string_view text) {
    for (const char c : text) value_ = (value_ ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    value_ = (value_ ^ 0x1f) * 1099511628211ULL;
  }
  std::string text() const { return fmt::format("{:016x}", value_); }

 private:
  std::uint64_t value_ = 14695981039346656037ULL;
};

void append_child(std::string& out, const Row& child) {
  out += "{\"id\":";
  json::append_string(out, child.id);
  out += ",\"properties\":";
  out += child.properties;
  out += '}';
}

void append_ids(std::string& out, const char* name, const Links* links, Stamp& stamp) {
  out += '"';
  out += name;
  out += "\":[";
  bool first = true;
  if (links) {
    for (const Link& link : links->links) {
      if (!first) out += ',';
      first = false;
      json::append_string(out, link.id);
      stamp.add(link.id);
    }
  }
  out += ']';
}

void append_head(std::string& out, const Row& row) {
  out += "{\"id\":";
  json::append_string(out, row.id);
  out += ",\"properties\":";
  out += row.properties;
}
void append_tail(std::string& out, const Row& row) {
  out += ",\"createdAt\":\"";
  out += row.created_at;
  out += "\",\"updatedAt\":\"";
  out += row.updated_at;
  out += row.archived ? "\",\"archived\":true}" : "\",\"archived\":false}";
}

/// The ids that this record has absorbed, from the bytes of its properties.
std::vector<std::string> absorbed_by(const Row& row) {
  std::vector<std::string> ids;
  const std::size_t at = row.properties.find("\"hs_merged_object_ids\"");
  if (at == std::string_view::npos) return ids;
  std::string_view rest = row.properties.substr(at + kAbsorbed.size() + 2);
  rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(": \t\r\n")));
  if (!rest.starts_with('"')) return ids;  // null: it has absorbed none
  rest = rest.substr(1, rest.find('"', 1) - 1);
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    if (!one.empty() && one != row.id && one.find_first_not_of("0123456789") == std::string_view::npos)
      ids.emplace_back(one);
  }
  return ids;
}

using Children = std::unordered_map<std::string, Row*>;

ports::RawRecord whole_deal(const Row& row, const Children& lines) {
  ports::RawRecord record = {"deals", row.id, std::string(row.updated_at), row.modified, row.archived, {}};
  Stamp stamp;
  const Links* items = row.links_to("line_items");
  std::string& out = record.body;
  out.reserve(row.properties.size() + 256 + (items ? items->links.size() * 400 : 0));
  append_head(out, row);
  out += ",\"associations\":{";
  append_ids(out, "companies", row.links_to("companies"), stamp);
  out += ',';
  append_ids(out, "contacts", row.links_to("contacts"), stamp);
  out += "},\"line_items\":[";
  bool first = true;
  if (items) {
    for (const Link& link : items->links) {
      const auto found = lines.find(link.id);
      if (found == lines.end()) continue;  // archived between the two calls: gone from the deal
      if (!first) out += ',';
      first = false;
      append_child(out, *found->second);
      stamp.add(found->second->id);
      stamp.add(found->second->updated_at);
    }
  }
  out += ']';
  append_tail(out, row);
  record.version += "+" + stamp.text();
  record.absorbed = absorbed_by(row);
  return record;
}

ports::RawRecord whole_company(const Row& row, const Children& contacts) {
  ports::RawRecord record = {"companies", row.id, std::string(row.updated_at), row.modified, row.archived, {}};
  std::string& out = record.body;
  append_head(out, row);
  const Links* links = row.links_to("contacts");
  if (links && !links->links.empty()) {
    if (const auto found = contacts.find(links->links.front().id); found != contacts.end()) {
      Stamp stamp;
      stamp.add(found->second->id);
      stamp.add(found->second->updated_at);
      out += ",\"contact\":";
      append_child(out, *found->second);
      record.version += "+" + stamp.text();
    }
  }
  append_tail(out, row);
  record.absorbed = absorbed_by(row);
  return record;
}

}  // namespace

ports::RawRecord plain_record(const std::string& object, const Row& row) {
  ports::RawRecord record = {object, row.id, std::string(row.updated_at), row.modified, row.archived, {}};
  record.body.reserve(row.properties.size() + 160);
  append_head(record.body, row);
  append_tail(record.body, row);
  record.absorbed = absorbed_by(row);
  return record;
}

std::vector<std::string> HubSpot::linked_kinds(const std::string& object) const {
  const ObjectFacts& facts = facts_of(object);
  if (!facts.detail("with_lines").empty()) return {"companies", "contacts", facts.detail("with_lines")};
  if (!facts.detail("with_primary").empty()) return {facts.detail("with_primary")};
  return {};
}

Call HubSpot::batch_read_call(const std::string& object, std::span<const std::string> ids) const {
  Call call{.kind = CallKind::read,
            .method = "POST",
            .path = "/crm/v3/objects/" + object + "/batch/read",
            .body = {},
            .about = fmt::format("read {} {}", ids.size(), object)};
  json::Writer out(call.body);
  out.begin_object().key("propertiesWithHistory").begin_array().end_array().key("properties").begin_array();
  for (const std::string& name : properties_of(object)) out.string(name);
  out.end_array().key("inputs").begin_array();
  for (const std::string& id : ids) out.begin_object().member("id", id).end_object();
  out.end_array().end_object();
  return call;
}

Result<std::unordered_map<std::string, Row*>> HubSpot::fetch_children(const std::string& object,
                                                                      const std::vector<std::string>& ids,
                                                                      std::vector<Answer>& kept) {
  std::vector<Session::Pending> pending;
  for (std::size_t at = 0; at < ids.size(); at += kBatch)
    pending.push_back(
        session_.start(batch_read_call(object, std::span(ids).subspan(at, std::min(kBatch, ids.size() - at)))));
  std::optional<Fault> failed;
  for (Session::Pending& one : pending) {
    auto response = session_.finish(std::move(one));  // every ticket is waited for, also after a failure
    if (!response) {
      failed = response.error();
      continue;
    }
    auto answer = read_answer(std::move(response->body));
    if (!answer)
      failed = answer.error();
    else
      kept.push_back(std::move(*answer));
  }
  if (failed) return fail(std::move(*failed));
  std::unordered_map<std::string, Row*> out;
  out.reserve(ids.size());
  for (Answer& answer : kept)
    for (Row& row : answer.rows) out.emplace(row.id, &row);
  if (out.size() >= ids.size()) return out;
  // A line that is missing from a batch may not just fall out of an invoice: only a 404 of its own says that it is
  // gone.
  std::vector<Answer> singles;
  for (const std::string& id : ids) {
    if (out.contains(id)) continue;
    auto response = session_.call(single_read_call(object, id));
    if (!response && response.error().code == "hubspot.record.gone") continue;
    if (!response) return fail(response.error());
    TRY(answer, read_single(std::move(response->body)));
    singles.push_back(std::move(answer));
  }
  for (Answer& answer : singles) kept.push_back(std::move(answer));
  for (Answer& answer : kept)
    for (Row& row : answer.rows) out[row.id] = &row;
  return out;
}

Call HubSpot::single_read_call(const std::string& object, const std::string& id) const {
  std::string query = "?properties=";
  for (const std::string& name : properties_of(object)) query += (query.back() == '=' ? "" : ",") + url_encoded(name);
  const auto kinds = linked_kinds(object);
  for (std::size_t i = 0; i < kinds.size(); ++i) query += (i == 0 ? "&associations=" : ",") + kinds[i];
  return Call{.path = "/crm/v3/objects/" + object + "/" + url_encoded(id) + query,
              .body = {},
              .about = fmt::format("read {} {}", object, id)};
}

Result<bool> HubSpot::complete_links(const std::string& object, Row& row) {
  for (Links& links : row.associations) {
    while (!links.after.empty()) {
      Call call{.path = fmt::format("/crm/v4/objects/{}/{}/associations/{}?limit={}&after={}", object, row.id, links.to,
                                    session_.manifest().limit("associations_page", 500), url_encoded(links.after)),
                .body = {},
                .about = fmt::format("read the {} of {} {}", links.to, object, row.id)};
      TRY(response, session_.call(std::move(call)));
      TRY(more, read_association_page(response.body, links.to));
      if (more.after == links.after)
        return fail("hubspot.answer.shape",
                    fmt::format("the list of {} of {} {} does not go on", links.to, object, row.id));
      for (Link& link : more.links) links.add(std::move(link.id), link.primary);
      links.after = more.after;
    }
  }
  return true;
}

Result<bool> HubSpot::fetch_links(const std::string& object, Answer& answer, const std::string& to) {
  Call call{.method = "POST",
            .path = fmt::format("/crm/v4/associations/{}/{}/batch/read", object, to),
            .body = {},
            .about = fmt::format("read the {} of {} {}", to, answer.rows.size(), object)};
  json::Writer out(call.body);
  out.begin_object().key("inputs").begin_array();
  for (const Row& row : answer.rows) out.begin_object().member("id", row.id).end_object();
  out.end_array().end_object();
  TRY(response, session_.call(std::move(call)));
  TRY(links, read_associations(response.body, to));
  std::unordered_map<std::string, Links*> by_id;
  for (AssociationRow& row : links) by_id.emplace(row.from, &row.links);
  for (Row& row : answer.rows) {
    const auto found = by_id.find(row.id);
    row.associations.push_back(found == by_id.end() ? Links{to, {}, {}} : *found->second);
  }
  return true;
}

Result<std::vector<ports::RawRecord>> HubSpot::compose(const std::string& object, Answer& answer) {
  std::vector<ports::RawRecord> out;
  out.reserve(answer.rows.size());
  const std::vector<std::string> kinds = linked_kinds(object);
  if (kinds.empty()) {
    for (const Row& row : answer.rows) out.push_back(plain_record(object, row));
    return out;
  }
  std::vector<std::string> wanted;
  const bool lines = object == "deals";
  for (Row& row : answer.rows) {
    TRY_VOID(complete_links(object, row));
    for (Links& links : row.associations) sort_links(links);
    const Links* children = row.links_to(kinds.back());
    if (!children) continue;
    for (const Link& link : children->links) {
      wanted.push_back(link.id);
      if (!lines) break;  // a company is read with one contact
    }
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::vector<Answer> kept;
  TRY(children, fetch_children(kinds.back(), wanted, kept));
  for (const auto& [id, row] : children)
    if (to_ms(row->modified) >= note_children_since_)
      noted_children_.push_back({kinds.back(), id, to_ms(row->modified)});
  for (const Row& row : answer.rows) out.push_back(lines ? whole_deal(row, children) : whole_company(row, children));
  return out;
}

Result<std::vector<ports::RawRecord>> HubSpot::read(const std::string& object, std::span<const std::string> ids) {
  if (!session_.manifest().object(object))
    return fail("hubspot.object.unknown", fmt::format("HubSpot's manifest has no object '{}'", object), "object");
  std::vector<ports::RawRecord> out;
  if (ids.size() <= kFewRecords) return read_few(object, ids);
  for (std::size_t at = 0; at < ids.size(); at += kBatch) {
    TRY(some, read_many(object, ids.subspan(at, std::min(kBatch, ids.size() - at))));
    std::move(some.begin(), some.end(), std::back_inserter(out));
  }
  return out;
}

Result<std::vector<ports::RawRecord>> HubSpot::read_few(const std::string& object, std::span<const std::string> ids) {
  std::vector<Session::Pending> pending;
  for (const std::string& id : ids) pending.push_back(session_.start(single_read_call(object, id)));
  std::vector<ports::RawRecord> out;
  std::optional<Fault> failed;
  for (std::size_t i = 0; i < pending.size(); ++i) {
    auto response = session_.finish(std::move(pending[i]));
    if (!response && response.error().code == "hubspot.record.gone") {
      out.push_back({object, ids[i], "", session_.now(), true, ""});
      continue;
    }
    auto answer = response ? read_single(std::move(response->body)) : Result<Answer>(response.error());
    auto whole = answer ? compose(object, *answer) : Result<std::vector<ports::RawRecord>>(answer.error());
    if (!whole) {
      failed = whole.error();
      continue;
    }
    // A merged record answers under its survivor's id: the id that was asked for is gone.
    if (whole->front().vendor_id != ids[i]) {
      out.push_back({object, ids[i], "", whole->front().modified_at, true, ""});
      out.back().merged_into = whole->front().vendor_id;
    }
    out.push_back(std::move(whole->front()));
  }
  if (failed) return fail(std::move(*failed));
  return out;
}

Result<std::vector<ports::RawRecord>> HubSpot::read_many(const std::string& object, std::span<const std::string> ids) {
  TRY(response, session_.call(batch_read_call(object, ids)));
  TRY(answer, read_answer(std::move(response.body)));
  for (const std::string& kind : linked_kinds(object))
    if (!answer.rows.empty()) TRY_VOID(fetch_links(object, answer, kind));
  TRY(out, compose(object, answer));
  std::vector<std::string> missing;
  for (const std::string& id : ids)
    if (std::none_of(answer.rows.begin(), answer.rows.end(), [&](const Row& row) { return row.id == id; }))
      missing.push_back(id);
  // Absence from a batch is no proof that a record is gone: each one is asked for by itself, where 404 is.
  for (std::size_t at = 0; at < missing.size(); at += kFewRecords) {
    TRY(few, read_few(object, std::span(missing).subspan(at, std::min(kFewRecords, missing.size() - at))));
    std::move(few.begin(), few.end(), std::back_inserter(out));
  }
  return out;
}

}  // namespace tieout::vendors::hubspot
