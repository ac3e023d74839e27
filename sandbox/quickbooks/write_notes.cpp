// The four doors of the books, and what each tells the write log: who asked for what, what stood there before, and what
// came of it.
#include "sandbox/quickbooks/books.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;

std::string text_of(const Value* value) {
  if (value == nullptr || value->is_null()) return {};
  return value->is_object() || value->is_array() ? value->dump() : value->text();
}

bool names_the_record(std::string_view field) { return field == "Id" || field == "SyncToken" || field == "sparse"; }

std::string id_of(const Record* record, Entity entity) { return Books::id_text(entity, record->id); }
std::string id_of(const Value& answer, Entity) { return answer["Id"].text(); }

}  // namespace

std::optional<Written> Books::begun(Deed deed, Entity entity, const Value& body) const {
  if (log_ == nullptr || !log_->is_on()) return {};
  Written out;
  out.deed = deed;
  out.object = std::string(info(entity).name);
  out.id = body["Id"].text();
  const Record* record = table(entity).find(id_number(entity, out.id));
  const Value before = record != nullptr ? stored(*record) : Value();
  for (const auto& [name, value] : body.members())
    if (!names_the_record(name)) out.fields.push_back({name, text_of(before.find(name)), text_of(&value)});
  return out;
}

template <class T>
Outcome<T> Books::ended(std::optional<Written> written, Outcome<T> outcome) {
  if (!written) return outcome;
  if (outcome)
    written->id = id_of(*outcome, entity_named(written->object)->entity);
  else
    written->refused = outcome.error().errors.front().code;
  log_->note(*std::move(written));
  return outcome;
}

Outcome<const Record*> Books::create(Entity entity, Value body, const Context& context) {
  auto written = begun(Deed::create, entity, body);
  return ended(std::move(written), create_record(entity, std::move(body), context));
}

Outcome<const Record*> Books::update(Entity entity, Value body, const Context& context) {
  auto written = begun(Deed::update, entity, body);
  return ended(std::move(written), update_record(entity, std::move(body), context));
}

Outcome<Value> Books::remove(Entity entity, Value body, const Context& context) {
  auto written = begun(Deed::remove, entity, body);
  return ended(std::move(written), remove_record(entity, std::move(body), context));
}

Outcome<const Record*> Books::cancel(Entity entity, Value body, const Context& context) {
  auto written = begun(Deed::cancel, entity, body);
  return ended(std::move(written), cancel_record(entity, std::move(body), context));
}

}  // namespace tieout::sandbox::quickbooks
