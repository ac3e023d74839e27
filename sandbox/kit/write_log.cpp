#include "sandbox/kit/write_log.hpp"

#include <array>

namespace tieout::sandbox {

std::string_view name_of(Deed deed) {
  constexpr std::array<std::string_view, 8> kNames{"create", "update",  "remove",    "cancel",
                                                   "merge",  "restore", "associate", "dissociate"};
  return kNames[static_cast<std::size_t>(deed)];
}

}  // namespace tieout::sandbox
