// Virtual time. It moves when somebody sleeps or the network answers late, never by itself; the node's own clock may be
// stepped or skewed against the world's, which the vendors and the people go by.
#pragma once

#include "ports/world.hpp"

namespace tieout::sim {

class VirtualClock final : public ports::Clock {
 public:
  explicit VirtualClock(Instant start) : world_(start) {}
  /// As the node sees it: the world's time plus its clock's error.
  Instant now() const override { return world_ + error_; }
  void sleep(Milliseconds span) override { pass(span); }

  Instant world_now() const { return world_; }
  void pass(Milliseconds span) {
    if (span.count() > 0) world_ += span;
  }
  void pass_until(Instant instant) {
    if (instant > world_) world_ = instant;
  }
  /// How wrong the node's clock is; may be negative.
  void set_error(Milliseconds error) { error_ = error; }
  Milliseconds error() const { return error_; }

 private:
  Instant world_;
  Milliseconds error_{0};
};

}  // namespace tieout::sim
