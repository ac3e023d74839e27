// Merging two customers. The service has no call for it: an accountant gives one the name of the other and agrees. The
// loser stays in the list, inactive; everything that was booked on it belongs to the other one from then on.
#include "sandbox/quickbooks/books.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {

using json::Value;

Outcome<const Record*> Books::merge_customers(std::string_view kept_id, std::string_view lost_id,
                                              const Context& context) {
  Table& customers = table_of(Entity::customer);
  Record* kept = customers.find(id_number(Entity::customer, kept_id));
  Record* lost = customers.find(id_number(Entity::customer, lost_id));
  if (kept == nullptr || lost == nullptr || !kept->keys.active || !lost->keys.active)
    return refused(object_not_found());
  if (kept == lost) return refused(business_rule("A name cannot be merged with itself."));
  if (kept->keys.currency != lost->keys.currency)
    return refused(business_rule("Names with different currencies cannot be merged."));
  for (std::int64_t at = kept->keys.parent; at != 0; at = customers.find(at)->keys.parent)
    if (at == lost->id) return refused(business_rule("A customer cannot be merged into its own sub-customer."));
  for (const EntityInfo& each : all_entities()) {
    if (!each.transaction) continue;
    const std::vector<std::int64_t> theirs = table(each.entity).of_customer(lost->id);  // a copy: it shrinks
    for (const std::int64_t id : theirs) hand_over(each.entity, id, *kept, context.now);
  }
  std::vector<std::int64_t> jobs;
  for (const auto& [id, customer] : customers.all())
    if (customer.keys.parent == lost->id) jobs.push_back(id);
  for (const std::int64_t id : jobs) {
    Record& job = *customers.find(id);
    Value document = stored(job);
    document.set("ParentRef", reference(std::to_string(kept->id), kept->keys.display));
    Keys keys = job.keys;
    keys.parent = kept->id;
    customers.rekey(job, std::move(keys));
    store(job, document);
    customers.touch(job, context.now);
  }
  Value goes = Value::object();
  goes.set("Id", Value::string(std::to_string(lost->id)));
  goes.set("SyncToken", Value::string(std::to_string(lost->version)));
  goes.set("sparse", Value::boolean(true));
  goes.set("Active", Value::boolean(false));
  const auto gone = update_record(Entity::customer, std::move(goes), context);
  if (!gone) return gone;
  customers.touch(*kept, context.now);
  if (log_ != nullptr) {
    Written written;
    written.deed = Deed::merge;
    written.object = "Customer";
    written.id = std::string(kept_id);
    written.other = std::string(lost_id);
    log_->note(std::move(written));
  }
  return customers.find(id_number(Entity::customer, kept_id));
}

/// The same document under the other name; its amounts leave one balance and enter the other.
void Books::hand_over(Entity entity, std::int64_t id, const Record& kept, Instant now) {
  Table& table = table_of(entity);
  Record& record = *table.find(id);
  Value document = stored(record);
  document.set("CustomerRef", reference(std::to_string(kept.id), kept.keys.display));
  contribute(entity, record.keys, -1);
  Keys keys = record.keys;
  keys.customer = kept.id;
  table.rekey(record, std::move(keys));
  contribute(entity, record.keys, 1);
  store(record, document);
  table.touch(record, now);
}

}  // namespace tieout::sandbox::quickbooks
