// A small HTTP/1.1 server behind a plain interface: a handler turns a request into an answer. Used by the sandboxes now
// and by the API later. Beast and Asio stay inside http_server.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tieout::net {

struct ServerRequest {
  std::string method;
  std::string target;  ///< as on the wire: "/crm/v3/objects/deals?limit=100"
  std::string path;    ///< percent-decoded, without the query
  std::vector<std::pair<std::string, std::string>>
      query;  ///< decoded ("+" and "%20" are blanks), in order, repeats kept
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;  ///< at most max_body; also for GET

  std::string_view header(std::string_view name) const;  ///< without regard to case; empty when absent
  std::string_view param(std::string_view name) const;   ///< first query value of that name; empty when absent
};

struct ServerResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Milliseconds delay{0};          ///< answer no sooner than this after the handler returned (does not block others)
  bool drop = false;              ///< close the connection without any answer
  std::int64_t truncate_at = -1;  ///< announce the whole body, send only so many bytes of it, then close
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one
  int threads = 1;         ///< with 1 the handler is never called concurrently
  std::size_t max_body = 16 * 1024 * 1024;
  Milliseconds idle_timeout{60'000};
};

class HttpServer {
 public:
  using Handler = std::function<ServerResponse(const ServerRequest&)>;
  /// Binds at once. Fails with net.listen when the port is taken.
  static Result<std::unique_ptr<HttpServer>> listen(ServerOptions options, Handler handler);
  virtual ~HttpServer() = default;
  virtual std::uint16_t port() const = 0;
  /// Serves until stop() (callable from any thread or a signal handler's thread), then closes all connections.
  virtual void run() = 0;
  virtual void stop() = 0;
};

}  // namespace tieout::net
