// Sandboxes as servers: on a thread of their own for tests and the demo, or in the foreground until a signal.
#include <fmt/core.h>
#include <pthread.h>
#include <csignal>
#include <cstdio>

#include "sandbox/kit/server.hpp"

namespace tieout::sandbox {
namespace {

Result<std::unique_ptr<net::HttpServer>> listen_for(Sandbox& sandbox, std::uint16_t port) {
  net::ServerOptions options;
  options.port = port;
  return net::HttpServer::listen(options,
                                 [&sandbox](const net::ServerRequest& request) { return sandbox.handle(request); });
}

}  // namespace

RunningSandbox::RunningSandbox(std::unique_ptr<net::HttpServer> server) : server_(std::move(server)) {
  thread_ = std::thread([this] { server_->run(); });
}

RunningSandbox::~RunningSandbox() {
  server_->stop();
  thread_.join();
}

Result<std::unique_ptr<RunningSandbox>> RunningSandbox::start(Sandbox& sandbox, std::uint16_t port) {
  TRY(server, listen_for(sandbox, port));
  return std::unique_ptr<RunningSandbox>(new RunningSandbox(std::move(server)));
}

std::string RunningSandbox::base_url() const { return fmt::format("http://127.0.0.1:{}", port()); }

int serve_until_signal(Sandbox& sandbox, std::string_view name, std::uint16_t port) {
  // The signals are blocked in every thread and taken by one that waits for them: no code runs inside a handler.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  auto running = RunningSandbox::start(sandbox, port);
  if (!running) {
    fmt::print(stderr, "{}: {}\n", running.error().code, running.error().what);
    return 1;
  }
  fmt::print("{} sandbox listening on {}\n", name, (*running)->base_url());
  std::fflush(stdout);
  int received = 0;
  sigwait(&signals, &received);
  return 0;
}

}  // namespace tieout::sandbox
