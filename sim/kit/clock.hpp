// Virtual time. The world's clock moves when somebody sleeps or the network answers late, never by itself. Vendors and
// people go by it; a node has a clock of its own, which may be stepped or skewed against it.
#pragma once

#include "ports/world.hpp"

namespace tieout::sim {

class WorldClock final : public ports::Clock {
 public:
  explicit WorldClock(Instant start) : now_(start) {}
  Instant now() const override { return now_; }
  void sleep(Milliseconds span) override { pass(span); }
  void pass(Milliseconds span) {
    if (span.count() > 0) now_ += span;
  }
  void pass_until(Instant instant) {
    if (instant > now_) now_ = instant;
  }

 private:
  Instant now_;
};

class NodeClock final : public ports::Clock {
 public:
  explicit NodeClock(WorldClock& world) : world_(world) {}
  Instant now() const override { return world_.now() + error_; }
  void sleep(Milliseconds span) override { world_.pass(span); }
  /// How wrong the node's clock is; may be negative.
  void set_error(Milliseconds error) { error_ = error; }
  Milliseconds error() const { return error_; }

 private:
  WorldClock& world_;
  Milliseconds error_{0};
};

}  // namespace tieout::sim
