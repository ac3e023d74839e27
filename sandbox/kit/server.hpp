// What every vendor's sandbox has in common: it answers requests, suffers faults on demand, keeps its own clock, counts
// what was asked of it, and can be looked into. Nothing in this folder knows a vendor.
//
// A vendor's sandbox derives from Sandbox and writes answer(); everything else is optional. The order for one request:
//   /_sandbox/…            the control endpoints below; never faulted, never counted
//   faults                 drawn; lost or refused requests end here
//   answer(request)        the vendor's own behaviour, with now() and faults() at hand
//   faults again           an answer that is lost, late, cut or replaced after the commit
//
// Control endpoints (JSON):
//   GET|POST|DELETE /_sandbox/faults   list, set, clear (faults.hpp has the document)
//   GET    /_sandbox/state             {"now", "requests", "writes", "calls": {"GET /path/{id}": n}, "objects": {name:
//   n}, …} DELETE /_sandbox/state             sets the counters of requests, writes and calls to zero; records stay GET
//   /_sandbox/clock             {"now", "frozen"} POST   /_sandbox/clock             {"now": "2026-11-21T10:00:00Z"}
//   moves to, {"advance_ms": 60000} moves by,
//                                      {"frozen": true|false} stops or starts; members combine
//   /_sandbox/<other>                  the vendor's control(request)
//
// A request with the token "sandbox-person" comes from the vendor's own pages: it is carried out as any other, but the
// API's faults, limits and counters leave it alone (write_log.hpp).
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "net/http_server.hpp"
#include "net/url.hpp"  // parse_query, for form bodies of token calls
#include "sandbox/kit/faults.hpp"
#include "sandbox/kit/write_log.hpp"

namespace tieout::sandbox {

class Sandbox {
 public:
  Sandbox() = default;
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  virtual ~Sandbox() = default;

  /// Answers one request as of `world_now`, the time outside; the sandbox's own clock may be moved against it.
  /// Callable from several threads; requests are carried out one after the other.
  net::ServerResponse handle(const net::ServerRequest& request, Instant world_now);
  /// The same at the time of this machine.
  net::ServerResponse handle(const net::ServerRequest& request);

  /// The rules in force. Set them before serving, or through /_sandbox/faults.
  Faults& fault_rules() { return faults_; }

  /// What was written, and by whom; keep(true) switches it on.
  WriteLog& write_log() { return write_log_; }
  const WriteLog& write_log() const { return write_log_; }

  /// For code in the same process that looks in or seeds while a server runs: hold it while touching the vendor's
  /// state.
  std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }

 protected:
  /// The vendor's behaviour. Called with the lock held. Paths are decoded; /_sandbox/ never arrives here.
  virtual net::ServerResponse answer(const net::ServerRequest& request) = 0;
  /// Records by object name, and whatever else is worth seeing, as members of the state document.
  virtual json::Value state() const { return json::Value::object(); }
  /// Further control endpoints; empty means 404.
  virtual std::optional<net::ServerResponse> control(const net::ServerRequest&) { return std::nullopt; }
  /// The vendor's own words for an injected 5xx (status is 500 unless the rule says otherwise) or 429.
  virtual net::ServerResponse error_answer(int status) const;
  /// The name under which a call is counted; by default the method and the path with runs of digits as {id}.
  virtual std::string endpoint_of(const net::ServerRequest& request) const;

  Instant now() const { return now_; }               ///< the sandbox's time of the request in work
  const FaultDraw& faults() const { return draw_; }  ///< hints for the request in work
  bool from_person() const { return from_person_; }  ///< the request in work comes from the vendor's own pages
  void count_writes(std::int64_t records) { writes_ += records; }
  /// Seeds run outside of any request: sets the time that now() gives until the next one.
  void set_now(Instant instant) { now_ = instant; }

 private:
  net::ServerResponse control_answer(const net::ServerRequest& request);
  net::ServerResponse faults_endpoint(const net::ServerRequest& request);
  net::ServerResponse clock_endpoint(const net::ServerRequest& request);
  net::ServerResponse state_endpoint(const net::ServerRequest& request);
  net::ServerResponse answer_with_faults(const net::ServerRequest& request);

  std::mutex mutex_;
  WriteLog write_log_;
  bool from_person_ = false;
  Faults faults_;
  FaultDraw draw_;
  Instant now_{};
  Instant world_now_{};
  Milliseconds offset_{0};
  std::optional<Instant> frozen_;
  std::int64_t requests_ = 0;
  std::int64_t writes_ = 0;
  std::map<std::string, std::int64_t> calls_;
};

/// A JSON answer, with the content type that every client insists on.
net::ServerResponse json_answer(int status, std::string body);
inline net::ServerResponse json_answer(int status, const json::Value& body) { return json_answer(status, body.dump()); }
/// For tests and seeds in the same process: a request as the server would hand it over ("/path?query").
net::ServerRequest make_request(std::string method, std::string target, std::string body = {},
                                std::vector<std::pair<std::string, std::string>> headers = {});

/// Serves a sandbox on a thread of its own until destroyed; for tests and the demo. Any free port unless given.
class RunningSandbox {
 public:
  /// Fails with net.listen.
  static Result<std::unique_ptr<RunningSandbox>> start(Sandbox& sandbox, std::uint16_t port = 0);
  ~RunningSandbox();
  RunningSandbox(const RunningSandbox&) = delete;
  RunningSandbox& operator=(const RunningSandbox&) = delete;
  std::uint16_t port() const { return server_->port(); }
  std::string base_url() const;

 private:
  explicit RunningSandbox(std::unique_ptr<net::HttpServer> server);
  std::unique_ptr<net::HttpServer> server_;
  std::thread thread_;
};

/// Serves in this thread until SIGTERM or SIGINT. Prints "<name> sandbox listening on http://127.0.0.1:PORT" and
/// flushes when ready. Returns an exit code: 0, or 1 when the port is taken (said on standard error).
int serve_until_signal(Sandbox& sandbox, std::string_view name, std::uint16_t port);

}  // namespace tieout::sandbox
