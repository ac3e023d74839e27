// How a record is called when a person reads about it.
#include <fmt/core.h>

#include "engine/parts.hpp"

namespace tieout::engine {

std::string Engine::Parts::name_of(const StoredRecord& record) {
  return fmt::format("{} {}", record.type, record.vendor_id);
}

std::string Engine::Parts::title_of(const Record& record) {
  for (const std::string_view field : {"name", "number", "description", "family_name", "reference"}) {
    if (record.type().index_of(field) < 0) continue;
    if (const std::string_view text = record.text(field); !text.empty()) return std::string(text);
  }
  return {};
}

}  // namespace tieout::engine
