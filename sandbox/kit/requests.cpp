#include "net/url.hpp"
#include "sandbox/kit/server.hpp"

namespace tieout::sandbox {

net::ServerRequest make_request(std::string method, std::string target, std::string body,
                                std::vector<std::pair<std::string, std::string>> headers) {
  net::ServerRequest out;
  out.method = std::move(method);
  const std::size_t question = std::min(target.find('?'), target.size());
  out.path = net::percent_decoded(std::string_view(target).substr(0, question), false);
  if (question < target.size()) out.query = net::parse_query(std::string_view(target).substr(question + 1));
  out.target = std::move(target);
  out.headers = std::move(headers);
  out.body = std::move(body);
  return out;
}

}  // namespace tieout::sandbox
