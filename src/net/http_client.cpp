#include "net/http_client.hpp"

#include <curl/curl.h>
#include <fmt/core.h>

#include <cstring>
#include <future>
#include <mutex>
#include <thread>

#include "base/check.hpp"

namespace tieout::net {
namespace {

using ports::HttpRequest;
using ports::HttpResponse;
using Answer = Result<HttpResponse>;

struct Call {
  HttpRequest request;
  HttpResponse response;
  std::promise<Answer> promise;
  curl_slist* headers = nullptr;
  std::size_t sent = 0;  ///< bytes of the body handed to curl
  std::size_t max_answer = 0;
  bool too_large = false;
  char error_text[CURL_ERROR_SIZE] = {};

  Call() = default;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() { curl_slist_free_all(headers); }
};

void initialise_curl_once() {
  static const bool done = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  CHECK(done, "libcurl cannot be initialised");
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

bool has_header(const HttpRequest& request, std::string_view name) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [&](const auto& header) { return same_name(header.first, name); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r' || text.back() == '\n'))
    text.remove_suffix(1);
  return text;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& call = *static_cast<Call*>(user);
  const std::string_view line(data, size * count);
  if (line.starts_with("HTTP/")) {
    call.response.headers.clear();  // a 100 Continue came before the real answer
  } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    call.response.headers.emplace_back(std::string(line.substr(0, colon)),
                                       std::string(trimmed(line.substr(colon + 1))));
  }
  return size * count;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& call = *static_cast<Call*>(user);
  const std::size_t bytes = size * count;
  if (call.response.body.size() + bytes > call.max_answer) {
    call.too_large = true;
    return 0;  // curl gives up with CURLE_WRITE_ERROR
  }
  call.response.body.append(data, bytes);
  return bytes;
}

std::size_t on_send(char* into, std::size_t size, std::size_t count, void* user) {
  auto& call = *static_cast<Call*>(user);
  const std::size_t bytes = std::min(size * count, call.request.body.size() - call.sent);
  std::memcpy(into, call.request.body.data() + call.sent, bytes);
  call.sent += bytes;
  return bytes;
}

/// Never rewinds. When a kept connection turns out to be dead after the body went out, curl would quietly send the
/// whole request again on a new one. The vendor may have carried out the first: that is ours to look up, not curl's to
/// repeat.
int on_rewind(void*, curl_off_t, int) { return CURL_SEEKFUNC_FAIL; }

bool connection_never_made(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_PROXY:
    case CURLE_INTERFACE_FAILED:
      return true;
    default:
      return false;
  }
}

Fault fault_of(CURLcode code, CURL* handle, const Call& call) {
  const std::string why = call.error_text[0] != '\0' ? call.error_text : curl_easy_strerror(code);
  const std::string which =
      fmt::format("{} {}", call.request.method, call.request.url.substr(0, call.request.url.find('?')));
  if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
    return {"http.url", fmt::format("{}: not an address that may be called ({}); use http:// or https://", which, why)};
  long request_bytes = 0;  // zero until the first byte of the request has left
  curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &request_bytes);
  if (connection_never_made(code) || (code == CURLE_OPERATION_TIMEDOUT && request_bytes == 0))
    return {"http.connect", fmt::format("{}: no connection ({}); check the address and the network", which, why)};
  if (code == CURLE_OPERATION_TIMEDOUT)
    return {"http.timeout",
            fmt::format("{}: no whole answer within {} ms ({})", which, call.request.timeout.count(), why),
            {},
            Certainty::unknown};
  if (call.too_large || code == CURLE_FILESIZE_EXCEEDED)
    return {"http.too_large",
            fmt::format("{}: the answer is larger than {} bytes", which, call.max_answer),
            {},
            Certainty::unknown};
  return {"http.broken", fmt::format("{}: the connection broke ({})", which, why), {}, Certainty::unknown};
}

}  // namespace

class CurlHttp::Driver {
 public:
  explicit Driver(CurlOptions options) : options_(std::move(options)) {
    initialise_curl_once();
    multi_ = curl_multi_init();
    CHECK(multi_ != nullptr, "libcurl cannot make a multi handle");
    curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, options_.max_connections_per_host);
    curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, options_.max_connections);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, options_.max_connections);
    thread_ = std::thread([this] { drive(); });
  }

  ~Driver() {
    {
      const std::lock_guard hold(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
    for (CURL* handle : idle_) curl_easy_cleanup(handle);
    curl_multi_cleanup(multi_);
  }

  Ticket start(HttpRequest request) {
    auto call = std::make_unique<Call>();
    call->request = std::move(request);
    call->max_answer = options_.max_answer;
    Ticket ticket = 0;
    {
      const std::lock_guard hold(mutex_);
      ticket = ++last_ticket_;
      waiting_.emplace(ticket, call->promise.get_future());
      arrived_.push_back(std::move(call));
    }
    curl_multi_wakeup(multi_);
    return ticket;
  }

  Answer wait(Ticket ticket) {
    std::future<Answer> future;
    {
      const std::lock_guard hold(mutex_);
      const auto found = waiting_.find(ticket);
      CHECK(found != waiting_.end(), "a ticket is waited for exactly once");
      future = std::move(found->second);
      waiting_.erase(found);
    }
    return future.get();
  }

 private:
  void drive() {
    for (;;) {
      take_arrivals();
      if (stopped()) break;
      int running = 0;
      curl_multi_perform(multi_, &running);
      finish_done();
      curl_multi_poll(multi_, nullptr, 0, 1'000, nullptr);
    }
    give_up_all();
  }

  bool stopped() {
    const std::lock_guard hold(mutex_);
    return stopping_;
  }

  void take_arrivals() {
    std::vector<std::unique_ptr<Call>> fresh;
    {
      const std::lock_guard hold(mutex_);
      fresh.swap(arrived_);
    }
    for (auto& call : fresh) begin(std::move(call));
  }

  void begin(std::unique_ptr<Call> call) {
    CURL* handle = nullptr;
    if (idle_.empty()) {
      handle = curl_easy_init();
      CHECK(handle != nullptr, "libcurl cannot make a handle");
    } else {
      handle = idle_.back();
      idle_.pop_back();
    }
    prepare(handle, *call);
    in_flight_.emplace(handle, std::move(call));
    curl_multi_add_handle(multi_, handle);
  }

  void prepare(CURL* handle, Call& call) {
    const HttpRequest& request = call.request;
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    // Over TLS the handshake tells whether one connection can carry many calls: worth waiting for. In plain HTTP only
    // the first answer would tell, and a slow first call would hold up all others.
    if (request.url.starts_with("https:")) curl_easy_setopt(handle, CURLOPT_PIPEWAIT, 1L);
    // A CA path switches libcurl's cache of the CA store off, which costs 50 ms of CPU a connection.
    curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
    if (!options_.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, options_.ca_file.c_str());
    curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(handle, CURLOPT_USERAGENT, options_.user_agent.c_str());
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    const auto connect_ms = std::min(request.timeout, options_.connect_timeout);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_ms.count()));
    curl_easy_setopt(handle, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(options_.max_answer));
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, call.error_text);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &call);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &call);
    set_method(handle, call);
    for (const auto& [name, value] : request.headers) {
      // An empty value is spelled "Name;" by curl's rules; "Name:" would remove the header.
      const std::string line = value.empty() ? name + ";" : name + ": " + value;
      call.headers = curl_slist_append(call.headers, line.c_str());
    }
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, call.headers);
  }

  static void set_method(CURL* handle, Call& call) {
    const HttpRequest& request = call.request;
    if (request.method == "HEAD") {
      curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
      return;
    }
    const bool reads_only = request.method == "GET";
    if (request.body.empty() && request.method != "POST") {
      curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
    } else {
      curl_easy_setopt(handle, CURLOPT_POST, 1L);
      curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(handle, CURLOPT_READFUNCTION, on_send);
      curl_easy_setopt(handle, CURLOPT_READDATA, &call);
      curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, on_rewind);
      call.headers = curl_slist_append(call.headers, "Expect:");  // no 100-continue round trip
      if (!has_header(request, "Content-Type")) call.headers = curl_slist_append(call.headers, "Content-Type:");
    }
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    // Without a body there is nothing to rewind, so nothing that keeps curl from repeating a write on a new connection
    // when a kept one dies (on_rewind): such a write gets a connection of its own.
    if (request.body.empty() && !reads_only) curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
  }

  void finish_done() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* handle = message->easy_handle;
      const CURLcode code = message->data.result;  // the message dies with remove_handle
      const auto found = in_flight_.find(handle);
      std::unique_ptr<Call> call = std::move(found->second);
      in_flight_.erase(found);
      curl_multi_remove_handle(multi_, handle);
      finish(code, handle, *call);
      curl_easy_reset(handle);
      idle_.push_back(handle);
    }
  }

  static void finish(CURLcode code, CURL* handle, Call& call) {
    if (code != CURLE_OK) {
      call.promise.set_value(fail(fault_of(code, handle, call)));
      return;
    }
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    call.response.status = static_cast<int>(status);
    call.promise.set_value(std::move(call.response));
  }

  void give_up_all() {
    take_arrivals();
    for (auto& [handle, call] : in_flight_) {
      curl_multi_remove_handle(multi_, handle);
      call->promise.set_value(
          fail("http.broken", "the program stopped before the answer came", {}, Certainty::unknown));
      curl_easy_cleanup(handle);
    }
    in_flight_.clear();
  }

  CurlOptions options_;
  CURLM* multi_ = nullptr;
  std::mutex mutex_;
  bool stopping_ = false;
  Ticket last_ticket_ = 0;
  std::vector<std::unique_ptr<Call>> arrived_;
  std::unordered_map<Ticket, std::future<Answer>> waiting_;
  // From here on the driver thread's own.
  std::unordered_map<CURL*, std::unique_ptr<Call>> in_flight_;
  std::vector<CURL*> idle_;
  std::thread thread_;
};

CurlHttp::CurlHttp(CurlOptions options) : driver_(std::make_unique<Driver>(std::move(options))) {}
CurlHttp::~CurlHttp() = default;
ports::Http::Ticket CurlHttp::start(HttpRequest request) { return driver_->start(std::move(request)); }
Result<HttpResponse> CurlHttp::wait(Ticket ticket) { return driver_->wait(ticket); }

}  // namespace tieout::net
