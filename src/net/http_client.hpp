// The real network: one libcurl multi handle driven by one thread, connections kept and shared by all calls. It
// classifies what went wrong by the only question that matters to the engine: can the other side have acted? Rate
// limits, retries and redirects are not its business; a request that was given to it goes over the wire at most once.
#pragma once

#include <memory>
#include <string>

#include "ports/http.hpp"

namespace tieout::net {

struct CurlOptions {
  long max_connections_per_host = 32;
  long max_connections = 256;
  Milliseconds connect_timeout{10'000};
  std::string ca_file;  ///< empty: the system's bundle
  std::string user_agent = "tieout";
  std::size_t max_answer = 64u * 1024 * 1024;
};

class CurlHttp final : public ports::Http {
 public:
  explicit CurlHttp(CurlOptions options = {});
  ~CurlHttp() override;  ///< calls still in flight are given up; their wait() answers http.broken
  CurlHttp(const CurlHttp&) = delete;
  CurlHttp& operator=(const CurlHttp&) = delete;

  Ticket start(ports::HttpRequest request) override;
  Result<ports::HttpResponse> wait(Ticket ticket) override;

 private:
  class Driver;
  std::unique_ptr<Driver> driver_;
};

}  // namespace tieout::net
