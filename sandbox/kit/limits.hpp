// A rolling limit: at most so many calls in any window of so long. Exact (it remembers each call of the window), since
// a client's pacing is tested against it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>

#include "base/time.hpp"

namespace tieout::sandbox {

class RollingLimit {
 public:
  RollingLimit(std::size_t calls, Milliseconds window) : calls_(calls), window_(window) {}

  /// True and counted when there is room; a refused call does not count.
  bool take(Instant now) {
    forget(now);
    if (taken_.size() >= calls_) return false;
    taken_.push_back(now);
    return true;
  }
  std::size_t remaining(Instant now) {
    forget(now);
    return calls_ - std::min(calls_, taken_.size());
  }
  /// How long until there is room again; 0 when there is.
  Milliseconds wait(Instant now) {
    forget(now);
    if (taken_.size() < calls_) return Milliseconds{0};
    return taken_.front() + window_ - now;
  }
  std::size_t calls() const { return calls_; }
  Milliseconds window() const { return window_; }

 private:
  void forget(Instant now) {
    // A clock that was moved back would keep calls "from the future" for ever: they are forgotten too.
    while (!taken_.empty() && (taken_.front() + window_ <= now || taken_.front() > now)) taken_.pop_front();
  }
  std::size_t calls_;
  Milliseconds window_;
  std::deque<Instant> taken_;
};

}  // namespace tieout::sandbox
