// Bytes of the store that went bad: a stored record is read whole or refused, never half. The first byte chooses the
// canonical type.
#include "model/record.hpp"
#include "target.hpp"

namespace tieout::fuzz {

void one_input(std::string_view input) {
  const auto [which, bytes] = choice(input, model::types().size());
  const auto record = model::decode(*model::types()[which], bytes);
  if (!record) return;
  (void)model::validate(*record);
  std::string written;
  model::encode(*record, written);
  const auto again = model::decode(*model::types()[which], written);
  require(again && *again == *record, "what was read is written so that it reads the same");
  require(json::parse(model::to_json(*record)).has_value(), "our JSON is JSON");
}

}  // namespace tieout::fuzz
