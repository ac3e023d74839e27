// What the account tells its write log.
#include <fmt/core.h>

#include "sandbox/hubspot/crm.hpp"

namespace tieout::sandbox::hubspot {

void Crm::note(Deed deed, Type type, const Record& record, std::string other) {
  if (log_ == nullptr || !log_->is_on()) return;
  Written written = noted(deed, type, &record, {});
  written.other = std::move(other);
  log_->note(std::move(written));
}

/// With the values as they stand now, before they are written. `record` is null while there is none yet.
Written Crm::noted(Deed deed, Type type, const Record* record, const Values& values) const {
  Written out;
  if (log_ == nullptr || !log_->is_on()) return out;
  const Table& of = tables_[type];
  out.deed = deed;
  out.object = std::string(info(type).plural);
  if (record != nullptr) out.id = std::to_string(record->id);
  out.fields.reserve(values.size());
  for (const auto& [name, value] : values)
    out.fields.push_back({name, record != nullptr ? text(of, *record, of.schema.find(name)) : std::string(), value});
  return out;
}

}  // namespace tieout::sandbox::hubspot
