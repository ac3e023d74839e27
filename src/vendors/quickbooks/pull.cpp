// What changed in the books since a place-mark. The first time by queries in the order of Id, each page beginning with
// the last record of the page before, so that a record which moves the others is noticed. After that one call lists all
// changes; only when its answer is full, or the books rested too long, every entity is asked by itself.
#include <fmt/core.h>

#include "vendors/quickbooks/connector.hpp"

namespace tieout::vendors::quickbooks {
namespace {

constexpr std::int64_t kUnknownClockMs = 15LL * 60 * 1000;
constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;
constexpr std::size_t kMostSeen = 5000;
constexpr int kMostBacks = 5;

/// Whole seconds, rounded down, as the vendor writes them.
std::string seconds_text(std::int64_t ms) {
  std::string text = tieout::to_text(instant_from_ms(ms - ms % 1000));
  return text.substr(0, 19) + "Z";
}

std::string key_of(const Row& row) { return row.entity + ":" + row.id; }

}  // namespace

std::int64_t QuickBooks::overlap_ms() const {
  return 1000LL * session_.setting("overlap_seconds", session_.manifest().overlap_seconds);
}

Result<ports::Page> QuickBooks::pull(const std::string& text) {
  TRY(cursor, parse_cursor(text));
  if (objects_.empty()) {
    ports::Page page;
    page.next_cursor = text;
    return page;
  }
  cursor.entity = std::clamp(cursor.entity, 0, static_cast<int>(objects_.size()));
  switch (cursor.phase) {
    case Phase::load:
      return pull_load(std::move(cursor));
    case Phase::delta:
      return pull_delta(std::move(cursor));
    case Phase::narrow:
      return pull_narrow(std::move(cursor));
  }
  return fail("quickbooks.cursor.malformed", "the stored place-mark has no known phase");
}

Result<QuickBooks::Timed> QuickBooks::timed(Call call, std::optional<Session::Pending> ahead) {
  const bool fresh = !ahead;
  const Instant before = session_.now();
  TRY(response, session_.finish(ahead ? std::move(*ahead) : session_.start(std::move(call))));
  const std::int64_t took = fresh ? std::max<std::int64_t>(0, (session_.now() - before).count()) : 0;
  const auto date = date_of(response);
  TRY(answer, read_list(std::move(response.body)));
  Timed out;
  if (answer.time)
    out.began = to_ms(*answer.time) - took;
  else if (date)
    out.began = to_ms(*date) - took;
  out.answer = std::move(answer);
  return out;
}

void QuickBooks::trim_seen(Cursor& cursor) const {
  std::erase_if(cursor.seen, [&](const auto& entry) { return entry.second.at < cursor.floor; });
  if (cursor.seen.size() <= kMostSeen) return;
  std::vector<std::int64_t> times;
  for (const auto& entry : cursor.seen) times.push_back(entry.second.at);
  std::nth_element(times.begin(), times.end() - static_cast<std::ptrdiff_t>(kMostSeen), times.end());
  const std::int64_t oldest = times[times.size() - kMostSeen];
  std::erase_if(cursor.seen, [&](const auto& entry) { return entry.second.at < oldest; });
}

void QuickBooks::keep_fresh(const Answer& answer, Cursor& cursor, ports::Page& page) const {
  for (const Row& row : answer.rows) {
    if (std::find(objects_.begin(), objects_.end(), row.entity) == objects_.end()) continue;
    Cursor::Seen now{row.deleted ? "deleted" : row.sync_token, to_ms(row.updated)};
    const auto [entry, is_new] = cursor.seen.try_emplace(key_of(row), now);
    if (!is_new) {
      if (entry->second.token == now.token) continue;
      entry->second = std::move(now);
    }
    // The SyncToken tells our own writes exactly: a person's change in between would have moved it on.
    ports::RawRecord record = record_of(row);
    if (known_ && !record.deleted && known_(record)) continue;
    page.records.push_back(std::move(record));
  }
}

Call QuickBooks::load_call(const Cursor& cursor) const {
  const std::string& object = objects_[static_cast<std::size_t>(cursor.entity)];
  const std::string active = active_too(object);
  return query_call(fmt::format("SELECT * FROM {}{} ORDERBY Id STARTPOSITION {} MAXRESULTS {}", object,
                                active.empty() ? "" : " WHERE " + active, cursor.position, page_size()),
                    "list " + object);
}

void QuickBooks::look_ahead(const Cursor& next) {
  if (static_cast<std::size_t>(next.entity) >= objects_.size()) return;
  Call call = load_call(next);
  std::string key = call.path;
  ahead_ = Ahead{std::move(key), session_.start(std::move(call))};
}

/// No records at all on a first page may be the truth or a mishap that would hide every customer: the count tells.
Result<bool> QuickBooks::is_truly_empty(const std::string& object) {
  const std::string active = active_too(object);
  TRY(response, session_.call(query_call(
                    fmt::format("SELECT COUNT(*) FROM {}{}", object, active.empty() ? "" : " WHERE " + active),
                    "count " + object)));
  TRY(body, json::parse(response.body));
  if (!body["QueryResponse"].is_object())
    return fail("quickbooks.answer.shape",
                fmt::format("QuickBooks answered the count of {} with something else", object));
  return body["QueryResponse"]["totalCount"].as_int(0) == 0;
}

Result<ports::Page> QuickBooks::pull_load(Cursor cursor) {
  ports::Page page;
  const std::string& object =
      objects_[static_cast<std::size_t>(std::min<int>(cursor.entity, static_cast<int>(objects_.size()) - 1))];
  Call call = load_call(cursor);
  std::optional<Session::Pending> ahead;
  if (ahead_) {
    if (ahead_->key == call.path)
      ahead = std::move(ahead_->pending);
    else
      session_.abandon(std::move(ahead_->pending));
    ahead_.reset();
  }
  TRY(got, timed(std::move(call), std::move(ahead)));
  const auto& rows = got.answer.rows;
  if (cursor.started == 0) {
    cursor.started = (got.began > 0 ? got.began : to_ms(session_.now()) - kUnknownClockMs) - 1000;
    cursor.floor = cursor.started;
  }
  bool moved = !cursor.last.empty() && (rows.empty() || rows.front().id != cursor.last);
  if (rows.empty() && cursor.position == 1 && cursor.backs < kMostBacks) {
    TRY(empty, is_truly_empty(object));
    moved = !empty;
  }
  if (moved && cursor.backs < kMostBacks) {
    // Something before this page was removed (or the page is not the one asked for): go half a page back and repeat.
    ++cursor.backs;
    cursor.position = std::max<std::int64_t>(1, cursor.position - page_size() / 2);
    cursor.last.clear();
    page.more = true;
    page.next_cursor = to_text(cursor);
    return page;
  }
  const bool full = rows.size() >= static_cast<std::size_t>(page_size());
  const std::size_t first = !cursor.last.empty() && !moved ? 1 : 0;
  if (full) {
    cursor.position += static_cast<std::int64_t>(rows.size()) - 1;
    cursor.last = rows.back().id;
  } else {
    ++cursor.entity;
    cursor.position = 1;
    cursor.last.clear();
    cursor.backs = 0;
  }
  look_ahead(cursor);
  page.records.reserve(rows.size());
  for (std::size_t i = first; i < rows.size(); ++i) {
    if (rows[i].entity != object) continue;
    if (to_ms(rows[i].updated) >= cursor.floor)
      cursor.seen[key_of(rows[i])] = {rows[i].sync_token, to_ms(rows[i].updated)};
    page.records.push_back(record_of(rows[i]));
  }
  trim_seen(cursor);
  page.more = static_cast<std::size_t>(cursor.entity) < objects_.size();
  if (!page.more) cursor.phase = Phase::delta;
  page.next_cursor = to_text(cursor);
  return page;
}

Call QuickBooks::cdc_call(const std::string& entities, std::int64_t since) const {
  return Call{.path = path(fmt::format("/cdc?entities={}&changedSince={}", entities, url_encoded(seconds_text(since)))),
              .body = {},
              .about = "list changes"};
}

Result<ports::Page> QuickBooks::pull_delta(Cursor cursor) {
  ports::Page page;
  const std::int64_t days = session_.manifest().limit("cdc_days", 30);
  const bool too_old = to_ms(session_.now()) - cursor.floor > (days - 1) * kDayMs;
  std::string all;
  for (const std::string& object : objects_) all += (all.empty() ? "" : ",") + object;
  if (!too_old) {
    TRY(got, timed(cdc_call(all, cursor.floor)));
    keep_fresh(got.answer, cursor, page);
    if (got.answer.rows.size() < static_cast<std::size_t>(session_.manifest().limit("cdc_objects", 1000))) {
      std::int64_t reached = got.began;
      if (reached == 0) {
        reached = to_ms(session_.now()) - kUnknownClockMs + overlap_ms();
        for (const Row& row : got.answer.rows) reached = std::max(reached, to_ms(row.updated));
      }
      cursor.floor = std::max(cursor.floor, reached - overlap_ms());
      trim_seen(cursor);
      page.next_cursor = to_text(cursor);
      return page;
    }
    cursor.started = got.began;
  }
  cursor.phase = Phase::narrow;
  cursor.entity = -1;
  cursor.too_old = too_old;
  if (too_old) cursor.started = 0;
  next_entity(cursor);
  page.more = true;
  page.next_cursor = to_text(cursor);
  return page;
}

void QuickBooks::next_entity(Cursor& cursor) const {
  ++cursor.entity;
  cursor.position = 1;
  cursor.since = cursor.floor;
  cursor.query = cursor.too_old;
  cursor.last.clear();
}

void QuickBooks::say_gap(const std::string& entity, std::int64_t since, bool too_old) {
  notices_.push_back(
      {"quickbooks.delta.gap",
       fmt::format("deletions of {} since {} may be missing, because {}; run a full reconcile", entity,
                   seconds_text(since),
                   too_old ? "QuickBooks lists changes for 30 days only" : "more than 1,000 changed at once"),
       entity});
}

Result<ports::Page> QuickBooks::pull_narrow(Cursor cursor) {
  ports::Page page;
  if (static_cast<std::size_t>(cursor.entity) < objects_.size()) {
    const std::string& object = objects_[static_cast<std::size_t>(cursor.entity)];
    const std::string active = active_too(object);
    Call call =
        cursor.query
            ? query_call(fmt::format(
                             "SELECT * FROM {} WHERE MetaData.LastUpdatedTime >= {}{} ORDERBY MetaData.LastUpdatedTime "
                             "STARTPOSITION {} MAXRESULTS {}",
                             object, quoted(seconds_text(cursor.since)), active.empty() ? "" : " AND " + active,
                             cursor.position, page_size()),
                         "list changed " + object)
            : cdc_call(object, cursor.floor);
    TRY(got, timed(std::move(call)));
    if (cursor.started == 0) cursor.started = got.began;
    const auto& rows = got.answer.rows;
    keep_fresh(got.answer, cursor, page);
    trim_seen(cursor);
    const std::size_t limit =
        static_cast<std::size_t>(cursor.query ? page_size() : session_.manifest().limit("cdc_objects", 1000));
    if (rows.size() < limit) {
      if (cursor.query) say_gap(object, cursor.floor, cursor.too_old);
      next_entity(cursor);
    } else if (!cursor.query) {
      cursor.query = true;  // its changes do not fit into one list: read them by query, oldest first
    } else if (const std::int64_t last = to_ms(rows.back().updated); last - last % 1000 > cursor.since) {
      // Start again from the last value rather than count on: records edited meanwhile move to the end.
      cursor.since = last - last % 1000;
      cursor.position = 1;
    } else {
      cursor.position += static_cast<std::int64_t>(rows.size());  // one second holds more than a page
    }
  }
  page.more = static_cast<std::size_t>(cursor.entity) < objects_.size();
  if (!page.more) {
    cursor.phase = Phase::delta;
    cursor.floor = std::max(cursor.floor, cursor.started - overlap_ms());
    cursor.entity = 0;
    cursor.too_old = cursor.query = false;
    trim_seen(cursor);
  }
  page.next_cursor = to_text(cursor);
  return page;
}

}  // namespace tieout::vendors::quickbooks
