// How fast packs run, on one core: a 30-property HubSpot company into a canonical record, and the parts of that time.
// Prints figures; the budget is 500,000 records a second (docs/architecture.md).
#include <fmt/core.h>

#include <ctime>

#include "mapping/mapping.hpp"
#include "mapping/source_reader.hpp"

namespace {

using namespace tieout;

std::string company_json() {
  std::string json =
      R"({"id":"51234567890","properties":{"name":"Alfreds Futterkiste","domain":"alfreds.example",)"
      R"("phone":"030-0074321","website":"https://alfreds.example","address":"Obere Str. 57","address2":null,"city":"Berlin",)"
      R"("state":"","zip":"12209","country":"Germany","description":"Closed in August","customer_number":"ALFKI",)"
      R"("tax_id":"DE129273398","credit_limit":"5000.00","hs_parent_company_id":null,"tieout_payment_terms":"Net 30",)"
      R"("createdate":"2024-01-01T10:00:00.000Z","hs_lastmodifieddate":"2026-01-01T10:00:00.000Z","hs_object_id":"51234567890")";
  for (int i = 0; i < 11; ++i) json += fmt::format(R"(,"other_property_{}":"some value {}")", i, i);
  return json +
         R"(},"createdAt":"2024-01-01T10:00:00.000Z","updatedAt":"2026-01-01T10:00:00.000Z","archived":false,)"
         R"("contact":{"id":"77","properties":{"firstname":"Maria","lastname":"Anders","email":"maria@alfreds.example"}}})";
}

template <class Work>
void measure(const char* what, int count, Work work) {
  for (int i = 0; i < count / 20; ++i) work();
  // CPU time, so that the figure is a core's even when the machine is busy with other things.
  const std::clock_t start = std::clock();
  for (int i = 0; i < count; ++i) work();
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  fmt::print("{:<58} {:>12.0f} records/s  {:>8.0f} ns\n", what, count / seconds, seconds / count * 1e9);
}

}  // namespace

int main() {
  const auto packs = mapping::PackSet::load_embedded();
  if (!packs) return fmt::print("{}\n", packs.error().what), 1;
  const auto variables = packs->variables();
  const mapping::ObjectMapping& companies = *packs->find("hubspot", "companies");
  const mapping::ObjectMapping& customers = *packs->find("quickbooks", "Customer");
  const std::string json = company_json();
  const auto record = companies.to_canonical(json, *variables);
  if (!record) return fmt::print("{}\n", record.error().what), 1;
  constexpr int kCount = 200'000;
  bool ok = true;
  measure("HubSpot company, 30 properties -> canonical record", kCount,
          [&] { ok &= companies.to_canonical(json, *variables).has_value(); });
  measure("canonical record -> QuickBooks customer", kCount,
          [&] { ok &= customers.to_vendor(*record, *variables).has_value(); });
  std::string bytes;
  measure("encode + decode", kCount, [&] {
    bytes.clear();
    model::encode(*record, bytes);
    ok &= model::decode(record->type(), bytes).has_value();
  });
  measure("digest", kCount, [&] { ok &= model::digest(*record)[0] != 0 || true; });
  measure("validate", kCount, [&] { ok &= model::validate(*record).empty(); });
  fmt::print("vendor JSON: {} bytes, stored record: {} bytes\n", json.size(), bytes.size());
  return ok ? 0 : 1;
}
