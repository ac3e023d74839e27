// GET /cdc: what changed since a moment, deletions included. At most 30 days back and 1,000 objects an answer; what is
// beyond is left out without a word, as the service does it, oldest changes first.
#include <fmt/core.h>

#include "sandbox/quickbooks/sandbox.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {
constexpr std::chrono::days kReach{30};
constexpr std::size_t kMostObjects = 1000;
}  // namespace

net::ServerResponse QuickbooksSandbox::cdc_call(const Request& request) const {
  if (request.method != "GET") return refuse(unsupported_operation(request.method));
  std::string_view entities = request.param("entities");
  std::string written(request.param("changedSince"));
  if (entities.empty()) return refuse(required_missing("entities"));
  if (written.empty()) return refuse(required_missing("changedSince"));
  auto since = parse_instant(written);
  if (!since) {  // without an offset, or a day alone: the company's own time
    if (written.size() == 10) written += "T00:00:00";
    since = parse_instant(written + "Z");
    if (!since) return refuse(invalid_query(fmt::format("changedSince {} is not an instant", written)));
    *since -= std::chrono::minutes{books_.profile().utc_offset_minutes};
  }
  if (*since < now() - kReach) return refuse(business_rule("changedSince must not be more than 30 days in the past."));
  std::size_t room = faults().missing_page ? 0 : kMostObjects;
  std::string out = "{\"CDCResponse\":[{\"QueryResponse\":[";
  while (!entities.empty()) {
    const std::size_t comma = entities.find(',');
    const std::string_view name = trimmed(entities.substr(0, comma));
    entities = comma == std::string_view::npos ? std::string_view() : entities.substr(comma + 1);
    const EntityInfo* entity = entity_named(name);
    if (!entity || !entity->in_cdc)
      return refuse(invalid_query(fmt::format("Entity {} is not supported by change data capture", name)));
    if (out.back() == '}') out += ',';
    out += feed_of(*entity, std::chrono::floor<std::chrono::seconds>(*since), room);
  }
  out += fmt::format("]}}],\"time\":\"{}\"}}", time());
  return json_answer(200, std::move(out));
}

/// One entity's part, and what is left of the answer's room.
std::string QuickbooksSandbox::feed_of(const EntityInfo& entity, Instant since, std::size_t& room) const {
  const Table& table = books_.table(entity.entity);
  const Instant unseen = view().unseen_since;
  std::string list;
  std::size_t count = 0;
  for (std::size_t at = table.log_from(since); at < table.log().size() && room > 0; ++at) {
    const Table::Change& change = table.log()[at];
    if (change.at >= unseen) break;
    if (!table.is_current(at)) continue;
    if (count++ > 0) list += ',';
    --room;
    if (change.deleted)
      list += fmt::format("{{\"status\":\"Deleted\",\"Id\":\"{}\",\"MetaData\":{{\"LastUpdatedTime\":\"{}\"}}}}",
                          change.id, local_time(change.at, books_.profile().utc_offset_minutes));
    else
      list += books_.render(entity.entity, *table.find(change.id));
  }
  if (count == 0) return "{}";
  return fmt::format("{{\"{}\":[{}],\"startPosition\":1,\"maxResults\":{}}}", entity.name, list, count);
}

}  // namespace tieout::sandbox::quickbooks
