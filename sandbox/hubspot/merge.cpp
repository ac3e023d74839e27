// Two records that turn out to be one: the survivor takes over values that it lacks, all associations, and answers for
// the ids that went.
#include "sandbox/hubspot/crm.hpp"

#include <fmt/core.h>

namespace tieout::sandbox::hubspot {
namespace {

void copy_missing(Table& table, const Record& from, Record& into) {
  from.bag.for_each([&](std::uint16_t property, std::string_view value) {
    if (!into.bag.find(property) && !table.schema.at(property).read_only) into.bag.set(property, value);
  });
}

void note_merged_ids(Table& table, Record& survivor, std::initializer_list<const Record*> gone) {
  const int number = table.schema.find("hs_merged_object_ids");
  if (number < 0) return;
  const auto property = static_cast<std::uint16_t>(number);
  std::string ids(survivor.bag.find(property).value_or(std::string_view{}));
  for (const Record* record : gone) {
    const std::string earlier(record->bag.find(property).value_or(std::string_view{}));
    if (!earlier.empty()) ids += (ids.empty() ? "" : ";") + earlier;
    if (record->id != survivor.id) ids += (ids.empty() ? "" : ";") + std::to_string(record->id);
  }
  survivor.bag.set(property, ids);
}

}  // namespace

void Crm::move_links(Type type, Record& from, Record& into) {
  const std::vector<Link> links = from.links;
  for (const Link& each : links) {
    Record* other = tables_[each.to_type].find(each.to_id);
    const AssociationType known = *association_types_.find(each.category, each.type_id);
    dissociate(type, from, each.to_type, each.to_id, {{each.category, each.type_id}});
    if (other != nullptr && other != &into) associate(type, into, known, *other);
  }
}

Record& Crm::merge_target(Type type, Record& primary, Instant now) {
  if (type == contacts) return primary;
  return tables_[type].add(++last_id_, now);
}

std::variant<Record*, Refusal> Crm::merge(Type type, Id primary_id, Id other_id, Instant now) {
  Table& of = tables_[type];
  Record* primary = of.live(primary_id);
  Record* other = of.live(other_id);
  Refusal refusal;
  if (primary == nullptr || other == nullptr) {
    refusal.status = 404;
    refusal.category = "OBJECT_NOT_FOUND";
    refusal.message = fmt::format("Object not found. objectId: {}", primary == nullptr ? primary_id : other_id);
    return refusal;
  }
  if (primary == other) {
    refusal.message = "Cannot merge an object with itself";
    return refusal;
  }
  Record& survivor = merge_target(type, *primary, now);  // a deque: the other pointers stay good
  of.unindex_values(*primary);
  of.unindex_values(*other);
  if (&survivor != primary) copy_missing(of, *primary, survivor);
  copy_missing(of, *other, survivor);
  derive(type, survivor);
  note_merged_ids(of, survivor, {primary, other});
  for (Record* gone : {primary, other}) {
    if (gone == &survivor) continue;
    move_links(type, *gone, survivor);
    of.erase(*gone);
    of.merged(gone->id, survivor.id);
  }
  of.index_values(survivor);
  of.touch(survivor, now);
  note(Deed::merge, type, survivor, fmt::format("{};{}", primary_id, other_id));
  return &survivor;
}

}  // namespace tieout::sandbox::hubspot
