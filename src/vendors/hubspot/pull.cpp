// What changed in HubSpot since a place-mark. The first time every object is listed, page by page, the next page being
// fetched while the engine works on this one. After that one search an object finds what was modified; a changed line
// item brings its deal, a changed contact its company, because their own modified dates do not move with them.
#include <fmt/core.h>

#include <set>

#include "vendors/hubspot/connector.hpp"

namespace tieout::vendors::hubspot {
namespace {

// When the vendor does not tell its clock (it should, in the Date header), ours counts, less what it may be wrong by.
constexpr std::int64_t kUnknownClockMs = 5 * 60 * 1000;
constexpr std::size_t kMostSeen = 5000;  // an object; older entries only cost a repeat
constexpr std::size_t kFewChanged = 3;
constexpr int kEmptyTries = 3;
constexpr std::size_t kBatch = 100;

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += ',';
    out += word;
  }
  return out;
}

void trim_seen(Mark& mark) {
  std::erase_if(mark.seen, [&](const auto& entry) { return entry.second < mark.floor; });
  if (mark.seen.size() <= kMostSeen) return;
  std::vector<std::int64_t> dates;
  dates.reserve(mark.seen.size());
  for (const auto& entry : mark.seen) dates.push_back(entry.second);
  std::nth_element(dates.begin(), dates.end() - static_cast<std::ptrdiff_t>(kMostSeen), dates.end());
  const std::int64_t oldest = dates[dates.size() - kMostSeen];
  std::erase_if(mark.seen, [&](const auto& entry) { return entry.second < oldest; });
}

}  // namespace

struct HubSpot::Changes {
  std::vector<std::pair<std::string, Answer>> found;           // object -> rows that are new to us
  std::map<std::string, std::vector<std::string>> parent_ids;  // object -> ids to deliver because a child changed
};

Result<ports::Page> HubSpot::pull(const std::string& text) {
  TRY(cursor, parse_cursor(text));
  switch (cursor.phase) {
    case Phase::load:
      return pull_load(std::move(cursor));
    case Phase::delta:
      return pull_delta(std::move(cursor));
    case Phase::archived:
      return pull_archived(std::move(cursor));
  }
  return fail("hubspot.cursor.malformed", "the stored place-mark has no known phase");
}

Call HubSpot::list_call(const std::string& object, const std::string& after, bool archived) const {
  const int most = session_.manifest().limit("page", 100);
  std::string path = fmt::format("/crm/v3/objects/{}?limit={}&properties={}", object,
                                 std::clamp(session_.setting("page_size", most), 1, most), join(properties_of(object)));
  if (const auto kinds = linked_kinds(object); !kinds.empty() && !archived) path += "&associations=" + join(kinds);
  if (archived) path += "&archived=true";
  if (!after.empty()) path += "&after=" + url_encoded(after);
  return Call{.path = std::move(path), .body = {}, .about = "list " + object};
}

void HubSpot::look_ahead(const Cursor& next) {
  if (next.phase != Phase::load || static_cast<std::size_t>(next.object) >= objects_.size()) return;
  Call call = list_call(objects_[static_cast<std::size_t>(next.object)], next.after, false);
  std::string key = call.path;
  ahead_ = Ahead{std::move(key), session_.start(std::move(call))};
}

Result<ports::HttpResponse> HubSpot::page_ahead_or(const Call& call) {
  if (!ahead_) return session_.call(call);
  Ahead ahead = std::move(*ahead_);
  ahead_.reset();
  if (ahead.key == call.path) return session_.finish(std::move(ahead.pending));
  session_.abandon(std::move(ahead.pending));
  return session_.call(call);
}

/// A page without records although more is said to follow is a vendor's mishap that would skip a hundred records: it is
/// asked for again, and refused when it stays empty.
Result<Answer> HubSpot::again_while_empty(const Call& call, Answer answer) {
  for (int attempt = 1; answer.rows.empty() && (!answer.after.empty() || answer.total > 0); ++attempt) {
    if (attempt > kEmptyTries)
      return fail("hubspot.answer.empty",
                  fmt::format("{}: HubSpot answers with an empty page although there are more; it is tried again later",
                              call.about));
    session_.pause(Milliseconds{0}, attempt);
    TRY(response, session_.call(call));
    TRY(fresh, read_answer(std::move(response.body)));
    answer = std::move(fresh);
  }
  return answer;
}

Result<ports::Page> HubSpot::pull_load(Cursor cursor) {
  ports::Page page;
  if (static_cast<std::size_t>(cursor.object) >= objects_.size()) {
    cursor.phase = Phase::delta;
    page.next_cursor = to_text(cursor);
    return page;
  }
  const std::string& object = objects_[static_cast<std::size_t>(cursor.object)];
  const Instant before = session_.now();
  const Call call = list_call(object, cursor.after, false);
  TRY(response, page_ahead_or(call));
  if (cursor.started == 0) {
    // Everything modified before the first list call is in the lists; the vendor's own clock, less how long the call
    // took, says when that was.
    const auto date = date_of(response);
    cursor.started =
        (date ? to_ms(*date) - 1000 : to_ms(session_.now()) - kUnknownClockMs) - (session_.now() - before).count();
  }
  TRY(first, read_answer(std::move(response.body)));
  TRY(answer, again_while_empty(call, std::move(first)));
  if (!answer.after.empty() && answer.after == cursor.after)
    return fail("hubspot.answer.shape",
                fmt::format("the list of {} does not go on: it names the same page again", object));
  cursor.after = answer.after;
  if (cursor.after.empty()) ++cursor.object;
  look_ahead(cursor);
  note_children_since_ = cursor.started;
  auto composed = compose(object, answer);
  note_children_since_ = std::numeric_limits<std::int64_t>::max();
  if (!composed) return fail(composed.error());
  std::vector<ports::RawRecord> records = std::move(*composed);
  for (const Child& child : std::exchange(noted_children_, {}))
    cursor.mark(child.object).seen[child.id] = child.modified;
  Mark& mark = cursor.mark(object);
  mark.floor = cursor.started;
  for (const Row& row : answer.rows)
    if (to_ms(row.modified) >= mark.floor) mark.seen[row.id] = to_ms(row.modified);
  trim_seen(mark);
  page.records = std::move(records);
  page.more = static_cast<std::size_t>(cursor.object) < objects_.size();
  if (!page.more) cursor.phase = Phase::delta;
  page.next_cursor = to_text(cursor);
  return page;
}

Call HubSpot::search_call(const std::string& object, const Mark& mark) const {
  const std::string modified = facts_of(object).detail("modified");
  Call call{.method = "POST",
            .path = "/crm/v3/objects/" + object + "/search",
            .body = {},
            .about = "search changed " + object};
  json::Writer out(call.body);
  out.begin_object().key("filterGroups").begin_array().begin_object().key("filters").begin_array().begin_object();
  out.member("propertyName", modified).member("operator", "GTE").member("value", std::to_string(mark.base));
  out.end_object().end_array().end_object().end_array();
  out.key("sorts").begin_array().begin_object().member("propertyName", modified).member("direction", "ASCENDING");
  out.end_object().end_array().key("properties").begin_array();
  for (const std::string& name : properties_of(object)) out.string(name);
  out.end_array().key("limit").number(session_.manifest().limit("search_page", 200));
  if (!mark.after.empty()) out.member("after", mark.after);
  out.end_object();
  return call;
}

Result<bool> HubSpot::take_search(const std::string& object, Mark& mark, ports::HttpResponse response,
                                  Changes& changes) {
  if (mark.vendor_time == 0)
    if (const auto date = date_of(response)) mark.vendor_time = to_ms(*date);
  TRY(first, read_answer(std::move(response.body)));
  if (!mark.after.empty()) first.total = 0;  // an offset past the end may rightly be empty
  TRY(answer, again_while_empty(search_call(object, mark), std::move(first)));
  std::int64_t last = mark.base;
  for (const Row& row : answer.rows) last = std::max(last, to_ms(row.modified));
  mark.top = std::max(mark.top, last);
  const bool page_repeats = !answer.after.empty() && answer.after == mark.after;
  const std::size_t window = static_cast<std::size_t>(session_.manifest().limit("search_window", 10'000));
  const std::size_t page = static_cast<std::size_t>(session_.manifest().limit("search_page", 200));
  std::size_t offset = 0;
  for (const char c : answer.after)
    if (c >= '0' && c <= '9' && offset < window) offset = offset * 10 + static_cast<std::size_t>(c - '0');
  if (answer.after.empty()) {
    mark.done = true;
  } else if (page_repeats) {
    return fail("hubspot.answer.shape",
                fmt::format("the search of {} does not go on: it names the same page again", object));
  } else if (offset + page > window) {
    // Nothing past 10,000 results: start again from the last value. What stands there twice is dropped by `seen`.
    if (last == mark.base)
      return fail("hubspot.delta.crowded",
                  fmt::format("more than {} {} share one modified date, which HubSpot's search cannot page; start this "
                              "connection anew with an empty place-mark",
                              window, object));
    mark.base = last;
    mark.after.clear();
  } else {
    mark.after = answer.after;
  }
  std::erase_if(answer.rows, [&](const Row& row) {
    const auto [entry, fresh] = mark.seen.try_emplace(row.id, to_ms(row.modified));
    if (!fresh && entry->second == to_ms(row.modified)) return true;
    entry->second = to_ms(row.modified);
    if (!known_ || row.archived) return false;
    ports::RawRecord told = plain_record(object, row);
    told.partial = !linked_kinds(object).empty();
    return known_(told);
  });
  trim_seen(mark);  // the place-mark is stored with every page: it may not grow with the length of the pass
  if (!answer.rows.empty()) changes.found.emplace_back(object, std::move(answer));
  return true;
}

Result<std::vector<std::string>> HubSpot::parents_of(const std::string& child, const std::vector<std::string>& ids,
                                                     const std::string& parent) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < ids.size(); at += kBatch) {
    Call call{.method = "POST",
              .path = fmt::format("/crm/v4/associations/{}/{}/batch/read", child, parent),
              .body = {},
              .about = fmt::format("find the {} of changed {}", parent, child)};
    json::Writer text(call.body);
    text.begin_object().key("inputs").begin_array();
    for (std::size_t i = at; i < std::min(ids.size(), at + kBatch); ++i)
      text.begin_object().member("id", ids[i]).end_object();
    text.end_array().end_object();
    TRY(response, session_.call(std::move(call)));
    TRY(rows, read_associations(response.body, parent));
    for (const AssociationRow& row : rows)
      for (const Link& link : row.links.links) out.push_back(link.id);
  }
  return out;
}

Result<bool> HubSpot::deliver_object(const std::string& object, Answer& answer, std::vector<std::string> ids,
                                     ports::Page& page) {
  for (const Row& row : answer.rows) std::erase(ids, row.id);
  const auto kinds = linked_kinds(object);
  std::vector<ports::RawRecord> records;
  if (!kinds.empty() && answer.rows.size() + ids.size() <= kFewChanged) {
    for (const Row& row : answer.rows) ids.push_back(row.id);
    if (ids.empty()) return true;
    TRY(whole, read_few(object, ids));
    records = std::move(whole);
  } else {
    for (std::size_t at = 0; at < answer.rows.size(); at += kBatch) {
      Answer part;  // the rows' views stay good: they point into `answer`
      part.rows.assign(std::make_move_iterator(answer.rows.begin() + static_cast<std::ptrdiff_t>(at)),
                       std::make_move_iterator(answer.rows.begin() +
                                               static_cast<std::ptrdiff_t>(std::min(answer.rows.size(), at + kBatch))));
      for (const std::string& kind : kinds) TRY_VOID(fetch_links(object, part, kind));
      TRY(some, compose(object, part));
      std::move(some.begin(), some.end(), std::back_inserter(records));
    }
    for (std::size_t at = 0; at < ids.size(); at += kBatch) {
      TRY(some, read(object, std::span(ids).subspan(at, std::min(kBatch, ids.size() - at))));
      std::move(some.begin(), some.end(), std::back_inserter(records));
    }
  }
  std::move(records.begin(), records.end(), std::back_inserter(page.records));
  return true;
}

Result<bool> HubSpot::deliver(Changes& changes, ports::Page& page) {
  for (auto& [object, answer] : changes.found) {
    std::vector<std::string> ids;
    for (const Row& row : answer.rows) ids.push_back(row.id);
    for (const std::string& parent : objects_) {
      if (facts_of(parent).detail("with_lines") != object && facts_of(parent).detail("with_primary") != object)
        continue;
      TRY(parents, parents_of(object, ids, parent));
      auto& wanted = changes.parent_ids[parent];
      wanted.insert(wanted.end(), parents.begin(), parents.end());
    }
  }
  for (const std::string& object : objects_) {
    std::set<std::string> wanted(changes.parent_ids[object].begin(), changes.parent_ids[object].end());
    Answer none;
    Answer* answer = &none;
    for (auto& [name, rows] : changes.found)
      if (name == object) answer = &rows;
    TRY_VOID(deliver_object(object, *answer, {wanted.begin(), wanted.end()}, page));
  }
  return true;
}

void HubSpot::finish_pass(Cursor& cursor) {
  const std::int64_t overlap = 1000LL * session_.setting("overlap_seconds", session_.manifest().overlap_seconds);
  for (auto& [object, mark] : cursor.marks) {
    // By the vendor's clock everything up to `overlap` ago is in the index by now; without it, only what we have seen.
    const std::int64_t ours = to_ms(session_.world().clock.now()) - kUnknownClockMs + overlap;
    const std::int64_t reached = mark.vendor_time > 0 ? mark.vendor_time : std::max(mark.top, ours);
    mark.floor = std::max(mark.floor, reached - overlap);
    mark.base = mark.top = mark.vendor_time = 0;
    mark.after.clear();
    mark.started = mark.done = false;
    trim_seen(mark);
  }
  ++cursor.passes;
}

Result<ports::Page> HubSpot::pull_delta(Cursor cursor) {
  std::vector<std::pair<std::string, Session::Pending>> searches;
  for (const std::string& object : watched()) {
    Mark& mark = cursor.mark(object);
    if (mark.done) continue;
    if (!mark.started) {
      mark.started = true;
      mark.base = mark.floor;
      mark.top = mark.floor;
    }
    searches.emplace_back(object, session_.start(search_call(object, mark)));
  }
  Changes changes;
  std::optional<Fault> failed;
  for (auto& [object, pending] : searches) {
    auto response = session_.finish(std::move(pending));
    auto taken = response ? take_search(object, cursor.mark(object), std::move(*response), changes)
                          : Result<bool>(response.error());
    if (!taken) failed = taken.error();
  }
  if (failed) return fail(std::move(*failed));
  ports::Page page;
  TRY_VOID(deliver(changes, page));
  const auto objects = watched();
  page.more =
      !std::all_of(objects.begin(), objects.end(), [&](const std::string& name) { return cursor.mark(name).done; });
  if (!page.more) {
    finish_pass(cursor);
    const int every = session_.setting("archived_every", 10);
    if (every > 0 && cursor.passes >= every) {
      cursor.phase = Phase::archived;
      cursor.object = cursor.passes = 0;
      cursor.after.clear();
      page.more = true;
    }
  }
  page.next_cursor = to_text(cursor);
  return page;
}

Result<ports::Page> HubSpot::pull_archived(Cursor cursor) {
  ports::Page page;
  if (static_cast<std::size_t>(cursor.object) < objects_.size()) {
    const std::string& object = objects_[static_cast<std::size_t>(cursor.object)];
    TRY(response, session_.call(list_call(object, cursor.after, true)));
    TRY(answer, read_answer(std::move(response.body)));
    for (const Row& row : answer.rows)
      if (row.archived)
        page.records.push_back({object, row.id, std::string(row.updated_at) + "+archived", row.modified, true, ""});
    cursor.after = answer.after == cursor.after ? "" : answer.after;
    if (cursor.after.empty()) ++cursor.object;
  }
  page.more = static_cast<std::size_t>(cursor.object) < objects_.size();
  if (!page.more) {
    cursor.phase = Phase::delta;
    cursor.object = 0;
  }
  page.next_cursor = to_text(cursor);
  return page;
}

}  // namespace tieout::vendors::hubspot
