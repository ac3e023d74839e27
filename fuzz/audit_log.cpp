// Lines of the audit log, which anybody may have touched: a line is read only in its one spelling, so what is accepted
// is written back byte for byte.
#include "prove/log_leaf.hpp"
#include "target.hpp"

namespace tieout::fuzz {

void one_input(std::string_view input) {
  const auto leaf = prove::parse_leaf(input);
  if (leaf) require(prove::to_text(*leaf) == input, "a line of the log has one spelling");
}

}  // namespace tieout::fuzz
