// A sandbox in a process of its own, for the demo and the benchmarks: it has its own clock of CPU time, can be killed,
// and is reached over the network only, as a vendor would be. It ends with this object, and with this process however
// that ends.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace tieout::cli {

class ChildSandbox {
 public:
  /// Runs `program sandbox VENDOR --port 0 options…` and waits until it serves.
  /// Fails   sandbox.start   it did not come up within half a minute; what it said stands on standard error
  static Result<std::unique_ptr<ChildSandbox>> start(const std::string& program, const std::string& vendor,
                                                     const std::vector<std::string>& options);
  ~ChildSandbox();
  ChildSandbox(const ChildSandbox&) = delete;
  ChildSandbox& operator=(const ChildSandbox&) = delete;

  const std::string& base_url() const { return base_url_; }

 private:
  ChildSandbox(pid_t child, std::string base_url) : child_(child), base_url_(std::move(base_url)) {}
  pid_t child_;
  std::string base_url_;
};

/// The file of the running program.
std::string this_program();

}  // namespace tieout::cli
