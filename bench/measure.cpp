#include "bench/measure.hpp"

#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <string>

namespace tieout::bench {
namespace {

double wall_now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double cpu_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peak_mib_now() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

}  // namespace

Meter::Meter() : wall_(wall_now()), cpu_(cpu_now()) { std::ofstream("/proc/self/clear_refs") << "5"; }

Cost Meter::read() const { return {wall_now() - wall_, cpu_now() - cpu_, peak_mib_now()}; }

}  // namespace tieout::bench
