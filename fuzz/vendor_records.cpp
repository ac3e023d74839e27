// A vendor's record on its way in: mapped by the shipped packs to a canonical record, validated, stored, read back, and
// written towards the vendor again. The first byte chooses the vendor's object.
#include "mapping/mapping.hpp"
#include "target.hpp"

namespace tieout::fuzz {

namespace {

struct Shipped {
  mapping::PackSet packs = std::move(*mapping::PackSet::load_embedded());
  mapping::Variables variables = std::move(*packs.variables());
};

}  // namespace

void one_input(std::string_view input) {
  static const Shipped shipped;
  const auto [which, body] = choice(input, shipped.packs.objects().size());
  const mapping::ObjectMapping& object = shipped.packs.objects()[which];
  const auto record = object.to_canonical(body, shipped.variables);
  if (!record) return;
  (void)model::validate(*record);
  std::string bytes;
  model::encode(*record, bytes);
  const auto again = model::decode(object.type(), bytes);
  require(again && *again == *record, "a stored record reads as it was");
  require(model::digest(*again) == model::digest(*record), "equal records have equal digests");
  const auto told = model::from_json(object.type(), model::to_json(*record));
  if (model::validate(*record).empty())
    require(told && *told == *record, "a valid record goes through our JSON unharmed");
  if (!object.writable()) return;
  if (const auto sent = object.to_vendor(*record, shipped.variables))
    require(json::parse(*sent).has_value(), "what goes to a vendor is JSON");
  if (const auto changes = object.to_vendor_changes(*record, *again, shipped.variables))
    require(changes->empty(), "nothing differs between a record and itself");
}

}  // namespace tieout::fuzz
