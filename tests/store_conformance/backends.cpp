#include "conformance.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace tieout {
namespace {

std::unique_ptr<Store> open_file(const std::string& place, const std::string& entity) {
  return must(open_sqlite(place + "/tieout.db", entity));
}
std::unique_ptr<Store> open_memory(const std::string&, const std::string& entity) {
  return must(open_sqlite(":memory:", entity));
}

INSTANTIATE_TEST_SUITE_P(, StoreConformance,
                         testing::Values(Backend{"SqliteFile", true, open_file},
                                         Backend{"SqliteMemory", false, open_memory}),
                         [](const auto& backend) { return backend.param.name; });

}  // namespace
}  // namespace tieout
