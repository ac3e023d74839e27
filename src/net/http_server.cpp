// The only file that sees Beast and Asio. One io_context a thread, each with its own connections, so that nothing in a
// connection needs a lock; the first one accepts and deals the sockets out. All types name the io_context's own
// executor instead of the type-erased default, which is worth a third of the throughput.
#include "net/http_server.hpp"

#include <fmt/core.h>

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <mutex>
#include <thread>

#include "net/url.hpp"

namespace tieout::net {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

using Executor = asio::io_context::executor_type;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using Stream = beast::basic_stream<Tcp, Executor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
template <class T>
using Task = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> kAwait{};

constexpr std::uint32_t kMaxHeader = 64 * 1024;  // list calls name dozens of properties in the query
constexpr auto kWriteTimeout = std::chrono::seconds(60);

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

void split_target(ServerRequest& request) {
  const std::string_view target = request.target;
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = percent_decoded(target.substr(0, question), false);
  if (question < target.size()) request.query = parse_query(target.substr(question + 1));
}

ServerRequest plain_request(http::request<http::string_body>& message) {
  ServerRequest out;
  out.method = std::string(message.method_string());
  out.target = std::string(message.target());
  for (const auto& field : message)
    out.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  out.body = std::move(message.body());
  split_target(out);
  return out;
}

/// A header value must not be able to start a header of its own.
void append_clean(std::string& out, std::string_view text) {
  for (const char c : text)
    if (c != '\r' && c != '\n') out += c;
}

std::string response_head(const ServerResponse& response, bool keep_alive) {
  std::string out;
  out.reserve(256);
  const auto reason = http::obsolete_reason(static_cast<http::status>(response.status));
  out += fmt::format("HTTP/1.1 {} {}\r\n", response.status, std::string_view(reason.data(), reason.size()));
  for (const auto& [name, value] : response.headers) {
    append_clean(out, name);
    out += ": ";
    append_clean(out, value);
    out += "\r\n";
  }
  // 204 and 304 have no body by definition and must not announce one.
  if (response.status != 204 && response.status != 304)
    out += fmt::format("Content-Length: {}\r\n", response.body.size());
  out += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
  return out;
}

ServerResponse plain_answer(int status, std::string text) {
  ServerResponse out;
  out.status = status;
  out.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  out.body = std::move(text);
  return out;
}

ServerResponse call_handler(const HttpServer::Handler& handler, const ServerRequest& request) {
  try {
    return handler(request);
  } catch (const std::exception& problem) {  // the shell's edge: a third-party exception ends here
    return plain_answer(500, fmt::format("the handler failed: {}\n", problem.what()));
  }
}

class BeastServer final : public HttpServer {
 public:
  BeastServer(ServerOptions options, Handler handler) : options_(std::move(options)), handler_(std::move(handler)) {
    for (int i = 0; i < std::max(1, options_.threads); ++i) contexts_.push_back(std::make_unique<asio::io_context>(1));
  }
  ~BeastServer() override = default;

  error_code bind() {
    error_code problem;
    const auto address = asio::ip::make_address(options_.host, problem);
    if (problem) return problem;
    const Tcp::endpoint endpoint(address, options_.port);
    Acceptor acceptor(*contexts_[0]);
    if (acceptor.open(endpoint.protocol(), problem); problem) return problem;
    acceptor.set_option(asio::socket_base::reuse_address(true), problem);
    if (acceptor.bind(endpoint, problem); problem) return problem;
    if (acceptor.listen(1024, problem); problem) return problem;
    port_ = acceptor.local_endpoint(problem).port();
    asio::co_spawn(*contexts_[0], accept_forever(std::move(acceptor)), asio::detached);
    return problem;
  }

  std::uint16_t port() const override { return port_; }

  void run() override {
    std::vector<asio::executor_work_guard<Executor>> keep_running;
    for (auto& context : contexts_) keep_running.emplace_back(context->get_executor());
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < contexts_.size(); ++i) others.emplace_back([this, i] { contexts_[i]->run(); });
    contexts_[0]->run();
    for (auto& thread : others) thread.join();
    keep_running.clear();
    const std::lock_guard hold(stopping_);
    contexts_.clear();  // destroys every connection's coroutine, which closes its socket
  }

  void stop() override {
    const std::lock_guard hold(stopping_);
    for (auto& context : contexts_) context->stop();
  }

 private:
  Task<void> accept_forever(Acceptor acceptor) {
    for (std::size_t turn = 0;; ++turn) {
      asio::io_context& context = *contexts_[turn % contexts_.size()];
      Socket socket(context);
      error_code problem;
      co_await acceptor.async_accept(socket, asio::redirect_error(kAwait, problem));
      if (problem == asio::error::operation_aborted) co_return;
      if (problem) {  // out of descriptors: wait until some connection ends instead of spinning
        Timer pause(acceptor.get_executor(), std::chrono::milliseconds(20));
        co_await pause.async_wait(asio::redirect_error(kAwait, problem));
        continue;
      }
      socket.set_option(Tcp::no_delay(true), problem);
      asio::co_spawn(context, serve(std::move(socket)), asio::detached);
    }
  }

  Task<void> serve(Socket socket) {
    Stream stream(std::move(socket));
    beast::flat_buffer buffer;
    bool go_on = true;
    while (go_on) go_on = co_await serve_one(stream, buffer);
    error_code ignored;
    stream.socket().shutdown(Tcp::socket::shutdown_both, ignored);
  }

  /// Reads one request and answers it; false when the connection is to be closed.
  Task<bool> serve_one(Stream& stream, beast::flat_buffer& buffer) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(options_.max_body);
    parser.header_limit(kMaxHeader);
    error_code problem;
    stream.expires_after(options_.idle_timeout);
    co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(kAwait, problem));
    if (!problem && !parser.is_done()) {
      if (same_name(std::string_view(parser.get()[http::field::expect]), "100-continue"))
        co_await send_bytes(stream, "HTTP/1.1 100 Continue\r\n\r\n", {});
      co_await http::async_read(stream, buffer, parser, asio::redirect_error(kAwait, problem));
    }
    if (problem) {
      co_await refuse(stream, problem);
      co_return false;
    }
    const bool keep_alive = parser.keep_alive();
    const ServerRequest request = plain_request(parser.get());
    ServerResponse response = call_handler(handler_, request);
    co_return co_await send(stream, std::move(response), keep_alive, request.method == "HEAD");
  }

  /// Tells a client what was wrong with its request, where there is still someone to tell.
  Task<void> refuse(Stream& stream, error_code problem) {
    if (problem == http::error::body_limit)
      co_await send(stream, plain_answer(413, "the body is too large\n"), false, false);
    else if (problem == http::error::header_limit || problem == http::error::buffer_overflow)
      co_await send(stream, plain_answer(431, "the request header is too large\n"), false, false);
    else if (problem.category() == error_code(http::error::bad_method).category() &&
             problem != http::error::end_of_stream && problem != http::error::partial_message)
      co_await send(stream, plain_answer(400, fmt::format("not a request: {}\n", problem.message())), false, false);
  }

  /// True when the connection may take another request.
  Task<bool> send(Stream& stream, ServerResponse response, bool keep_alive, bool head_only) {
    if (response.delay.count() > 0) {
      stream.expires_never();
      Timer timer(stream.get_executor(), response.delay);
      error_code ignored;
      co_await timer.async_wait(asio::redirect_error(kAwait, ignored));
    }
    if (response.drop) co_return false;
    const std::string head = response_head(response, keep_alive);
    std::string_view body = response.body;
    if (head_only || response.status == 204 || response.status == 304) body = {};
    const bool cut = response.truncate_at >= 0 && static_cast<std::size_t>(response.truncate_at) < body.size();
    if (cut) body = body.substr(0, static_cast<std::size_t>(response.truncate_at));
    const bool sent = co_await send_bytes(stream, head, body);
    co_return sent&& keep_alive && !cut;
  }

  Task<bool> send_bytes(Stream& stream, std::string_view head, std::string_view body) {
    stream.expires_after(kWriteTimeout);
    const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(body)};
    error_code problem;
    co_await asio::async_write(stream, parts, asio::redirect_error(kAwait, problem));
    co_return !problem;
  }

  ServerOptions options_;
  Handler handler_;
  std::uint16_t port_ = 0;
  std::mutex stopping_;
  std::vector<std::unique_ptr<asio::io_context>> contexts_;
};

}  // namespace

std::string_view ServerRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return {};
}

std::string_view ServerRequest::param(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name) return value;
  return {};
}

Result<std::unique_ptr<HttpServer>> HttpServer::listen(ServerOptions options, Handler handler) {
  const std::string where = fmt::format("{}:{}", options.host, options.port);
  auto server = std::make_unique<BeastServer>(std::move(options), std::move(handler));
  if (const error_code problem = server->bind())
    return fail("net.listen", fmt::format("cannot listen on {}: {}; choose another port or stop what uses it", where,
                                          problem.message()));
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace tieout::net
