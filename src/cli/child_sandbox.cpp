#include "cli/child_sandbox.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>

namespace tieout::cli {
namespace {

constexpr auto kStartWithin = std::chrono::seconds(30);
constexpr std::string_view kReady = "listening on ";

/// In the child, after fork: only what is safe there when the parent has threads.
[[noreturn]] void become(char* const* argv, int out) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  dup2(out, STDOUT_FILENO);
  execv(argv[0], argv);
  _exit(127);
}

/// The address that follows "listening on " in what the child prints; empty when it ends or takes too long.
std::string address_from(int in) {
  const auto until = std::chrono::steady_clock::now() + kStartWithin;
  std::string said;
  while (std::chrono::steady_clock::now() < until) {
    pollfd ready{in, POLLIN, 0};
    if (poll(&ready, 1, 200) <= 0) continue;
    std::array<char, 512> bytes;
    const ssize_t count = read(in, bytes.data(), bytes.size());
    if (count <= 0) return "";
    said.append(bytes.data(), static_cast<std::size_t>(count));
    const auto at = said.find(kReady);
    const auto end = at == std::string::npos ? at : said.find('\n', at);
    if (end != std::string::npos) return said.substr(at + kReady.size(), end - at - kReady.size());
  }
  return "";
}

void stop(pid_t child) {
  kill(child, SIGTERM);
  int status = 0;
  waitpid(child, &status, 0);
}

}  // namespace

std::string this_program() {
  std::array<char, 4096> path;
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : std::string("tieout");
}

Result<std::unique_ptr<ChildSandbox>> ChildSandbox::start(const std::string& program, const std::string& vendor,
                                                          const std::vector<std::string>& options) {
  std::vector<std::string> words{program, "sandbox", vendor, "--port", "0"};
  words.insert(words.end(), options.begin(), options.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return fail("sandbox.start", "no pipe could be made to the sandbox");
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    become(argv.data(), ends[1]);
  }
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return fail("sandbox.start", "no process could be made for the sandbox");
  }
  const std::string address = address_from(ends[0]);
  close(ends[0]);
  if (!address.empty()) return std::unique_ptr<ChildSandbox>(new ChildSandbox(child, address));
  stop(child);
  return fail("sandbox.start", fmt::format("the {} sandbox did not come up", vendor));
}

ChildSandbox::~ChildSandbox() { stop(child_); }

}  // namespace tieout::cli
