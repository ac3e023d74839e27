// The target of a request as a client sent it.
#include "net/url.hpp"

#include "sandbox/kit/server.hpp"
#include "target.hpp"

namespace tieout::fuzz {

void one_input(std::string_view input) {
  for (const bool plus : {true, false})
    require(net::percent_decoded(input, plus).size() <= input.size(), "decoding never makes more bytes");
  std::size_t pairs = 0;
  for (const auto& [name, value] : net::parse_query(input)) pairs += name.size() + value.size();
  require(pairs <= input.size(), "a query holds no more than was sent");
  const auto request = sandbox::make_request("GET", std::string(input));
  require(request.target == input, "the target is kept as it came");
  (void)request.param("limit");
}

}  // namespace tieout::fuzz
