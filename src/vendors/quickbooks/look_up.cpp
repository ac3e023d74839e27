// What became of an uncertain write to the books. A document is found by our reference in its private note among those
// of its customer and date; a customer or item by its name, which is unique, and by what it says; a change by the
// SyncToken, which moves with every change. No clock is asked where to look: one that runs ahead of the vendor's would
// make us blind to our own invoice, and a second one would follow. "Absent" is said only after the settle time:
// QuickBooks may take two minutes to finish what timed out.
#include <fmt/core.h>

#include <set>

#include "vendors/quickbooks/connector.hpp"

namespace tieout::vendors::quickbooks {
namespace {

using ports::Found;
using ports::WriteKind;

constexpr std::size_t kNamesAQuery = 25;

/// Our mark, not as part of a longer one: deal/1/1 does not stand in [tieout:deal/1/12].
bool has_mark(std::string_view note, std::string_view mark) {
  const auto part = [](char c) {
    return c == '/' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  for (auto at = note.find(mark); at != std::string_view::npos; at = note.find(mark, at + 1)) {
    const std::size_t end = at + mark.size();
    if ((at == 0 || !part(note[at - 1])) && (end == note.size() || !part(note[end]))) return true;
  }
  return false;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// ASCII folding is enough here: it decides only which found record is looked at.
std::string folded(std::string_view text) {
  std::string out(trimmed(text));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return c < 128 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c); });
  return out;
}

/// 260.10 and 260.1 are one number; 2.6E2 is left alone.
std::string canonical_number(std::string text) {
  if (text.find('.') == std::string::npos || text.find_first_of("eE") != std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

bool stands_in(const json::Value& sent, const json::Value& found) {
  if (sent.is_object()) {
    return std::all_of(sent.members().begin(), sent.members().end(), [&](const json::Value::Member& member) {
      static const std::set<std::string> kNotCompared = {"Id", "SyncToken", "sparse", "MetaData", "name"};
      if (kNotCompared.contains(member.first)) return true;
      const json::Value* other = found.find(member.first);
      return other ? stands_in(member.second, *other)
                   : member.second.is_null() || (member.second.is_string() && member.second.text().empty());
    });
  }
  if (sent.is_array()) {
    return found.is_array() && std::all_of(sent.items().begin(), sent.items().end(), [&](const json::Value& item) {
             return std::any_of(found.items().begin(), found.items().end(),
                                [&](const json::Value& other) { return stands_in(item, other); });
           });
  }
  if (sent.is_null()) return found.is_null() || found.text().empty();
  if (sent.is_number() || found.is_number()) return canonical_number(sent.text()) == canonical_number(found.text());
  return trimmed(sent.text()) == trimmed(found.text());
}

struct QuickBooks::Quest {
  std::span<const ports::WriteRequest> requests;
  Instant written_after;
  bool settled = false;
  std::vector<ports::Lookup> out;
  Found absence() const { return settled ? Found::absent : Found::unsure; }
};

Result<std::vector<ports::Lookup>> QuickBooks::look_up(std::span<const ports::WriteRequest> requests,
                                                       Instant written_after) {
  const auto settle = std::chrono::seconds{session_.setting("settle_seconds", session_.manifest().settle_seconds)};
  Quest quest{requests, written_after, session_.now() - written_after >= settle, {}};
  quest.out.resize(requests.size());
  std::map<std::pair<std::string, bool>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < requests.size(); ++i)
    if (session_.manifest().object(requests[i].object))
      groups[{requests[i].object, requests[i].kind == WriteKind::create}].push_back(i);
  for (const auto& [key, items] : groups) {
    if (!key.second)
      TRY_VOID(look_up_changes(quest, key.first, items));
    else if (is_name(key.first))
      TRY_VOID(look_up_names(quest, key.first, items));
    else
      TRY_VOID(look_up_documents(quest, key.first, items));
  }
  return std::move(quest.out);
}

Result<bool> QuickBooks::look_up_documents(Quest& quest, const std::string& object,
                                           const std::vector<std::size_t>& items) {
  for (std::size_t at = 0; at < items.size(); at += kNamesAQuery) {
    std::map<std::size_t, std::string> open;  // item -> mark
    std::set<std::string> customers, dates;
    for (std::size_t i = at; i < std::min(items.size(), at + kNamesAQuery); ++i) {
      const ports::WriteRequest& request = quest.requests[items[i]];
      auto body = json::parse(request.body);
      const std::string customer = body ? (*body)["CustomerRef"]["value"].text() : std::string();
      if (request.reference.empty() || customer.empty()) continue;  // nothing to go by: it stays unsure
      open.emplace(items[i], request.reference);
      customers.insert(customer);
      dates.insert((*body)["TxnDate"].text());
    }
    if (!open.empty()) TRY_VOID(find_documents(quest, object, std::move(open), customers, dates));
  }
  return true;
}

Result<bool> QuickBooks::find_documents(Quest& quest, const std::string& object,
                                        std::map<std::size_t, std::string> open, const std::set<std::string>& customers,
                                        const std::set<std::string>& dates) {
  const std::string field = session_.manifest().object(object)->detail("reference");
  std::string where;
  for (const std::string& customer : customers) where += (where.empty() ? "CustomerRef IN (" : ",") + quoted(customer);
  where += ")";
  if (!dates.contains(""))
    where += fmt::format(" AND TxnDate >= {} AND TxnDate <= {}", quoted(*dates.begin()), quoted(*dates.rbegin()));
  const std::string about = fmt::format("look up {} created {}", open.size(), object);
  for (std::int64_t position = 1; !open.empty();) {
    TRY(response,
        session_.call(query_call(fmt::format("SELECT * FROM {} WHERE {} ORDERBY Id STARTPOSITION {} MAXRESULTS {}",
                                             object, where, position, page_size()),
                                 about)));
    TRY(answer, read_list(std::move(response.body)));
    for (const Row& row : answer.rows) {
      if (row.entity != object) continue;
      std::erase_if(open, [&](const auto& entry) {
        // The raw text is searched first: cheaper than reading every document, and the mark holds no escapes.
        if (row.raw.find(entry.second) == std::string_view::npos) return false;
        auto document = json::parse(row.raw);
        if (!document || !has_mark((*document)[field].text(), entry.second)) return false;
        quest.out[entry.first] = {Found::written, record_of(row)};
        return true;
      });
    }
    if (answer.rows.size() < static_cast<std::size_t>(page_size())) break;
    position += static_cast<std::int64_t>(answer.rows.size());
  }
  for (const auto& [item, mark] : open) quest.out[item].found = quest.absence();
  return true;
}

Result<bool> QuickBooks::look_up_names(Quest& quest, const std::string& object, const std::vector<std::size_t>& items) {
  const std::string field = session_.manifest().object(object)->detail("name");
  for (std::size_t at = 0; at < items.size(); at += kNamesAQuery) {
    std::string list;
    std::map<std::string, std::size_t> wanted;
    for (std::size_t i = at; i < std::min(items.size(), at + kNamesAQuery); ++i) {
      auto body = json::parse(quest.requests[items[i]].body);
      const std::string name = body ? (*body)[field].text() : std::string();
      if (name.empty() || !wanted.emplace(folded(name), items[i]).second) continue;  // nothing to go by: unsure
      list += (list.empty() ? "" : ",") + quoted(trimmed(name));
    }
    if (list.empty()) continue;
    TRY(response, session_.call(query_call(fmt::format("SELECT * FROM {} WHERE {} IN ({}) AND {} MAXRESULTS {}", object,
                                                       field, list, active_too(object), page_size()),
                                           fmt::format("look up {} created {}", wanted.size(), object))));
    TRY(answer, read_list(std::move(response.body)));
    for (const auto& [name, item] : wanted) quest.out[item].found = quest.absence();
    for (const Row& row : answer.rows) {
      auto entity = json::parse(row.raw);
      const auto found = entity ? wanted.find(folded((*entity)[field].text())) : wanted.end();
      if (found == wanted.end()) continue;
      // One that says something else is another's: ours cannot have been made beside it, the name being taken.
      const auto sent = json::parse(quest.requests[found->second].body);
      const bool ours = sent && stands_in(*sent, *entity);
      quest.out[found->second] =
          ours ? ports::Lookup{Found::written, record_of(row)} : ports::Lookup{Found::absent, std::nullopt};
    }
  }
  return true;
}

Result<bool> QuickBooks::look_up_changes(Quest& quest, const std::string& object,
                                         const std::vector<std::size_t>& items) {
  std::vector<std::string> ids;
  for (const std::size_t item : items) ids.push_back(quest.requests[item].vendor_id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  TRY(records, read(object, ids));
  std::map<std::string, const ports::RawRecord*> by_id;
  for (const ports::RawRecord& record : records) by_id.emplace(record.vendor_id, &record);
  for (const std::size_t item : items) {
    const ports::WriteRequest& request = quest.requests[item];
    const auto found = by_id.find(request.vendor_id);
    if (found == by_id.end()) continue;
    ports::Lookup& lookup = quest.out[item];
    lookup.record = *found->second;
    if (found->second->deleted) {
      lookup.found = Found::absent;
    } else if (found->second->version == request.version) {
      lookup.found = quest.absence();
    } else {
      // The token has moved, so ours was applied or can never be: it would be refused as stale.
      auto now = json::parse(found->second->body);
      auto sent = request.body.empty() ? Result<json::Value>(json::Value::object()) : json::parse(request.body);
      const bool voided = now && (*now)["PrivateNote"].text().find("Voided") != std::string::npos;
      const bool same = now && sent && (request.kind == WriteKind::void_document ? voided : stands_in(*sent, *now));
      lookup.found = same ? Found::written : Found::absent;
    }
  }
  return true;
}

}  // namespace tieout::vendors::quickbooks
