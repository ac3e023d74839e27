// What the engine's shells ask of the network: send a request, get an answer or a Fault. Asynchronous, because a lane
// keeps several calls in flight; a real one drives libcurl on its own thread (net/), the simulated one a virtual
// network.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tieout::ports {

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Milliseconds timeout{120'000};
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// The first header of that name, without regard to case; empty when absent.
  std::string_view header(std::string_view name) const;
};

class Http {
 public:
  using Ticket = std::uint64_t;
  virtual ~Http() = default;

  /// Starts a call and returns at once. Any number may be in flight; order of completion is not promised.
  virtual Ticket start(HttpRequest request) = 0;
  /// Waits for that call. Each ticket is waited for exactly once. An answer of any status is a success here.
  /// Fails   http.connect    the connection was never made: not_applied
  ///         http.timeout    no answer in time: unknown
  ///         http.broken     the connection broke, or the body ended before its announced length: unknown
  ///         http.too_large  the answer is larger than 64 MiB: unknown
  ///         http.url        the address is not allowed or not an address: not_applied
  virtual Result<HttpResponse> wait(Ticket ticket) = 0;

  Result<HttpResponse> send(HttpRequest request) { return wait(start(std::move(request))); }
};

}  // namespace tieout::ports
