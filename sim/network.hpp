// The simulated network of one company's node: ports::Http without threads or sockets. A request goes to the sandbox
// that stands behind its host, arrives after a drawn latency, and its answer comes back after another; calls in flight
// together arrive in a drawn order. Here is where vendor faults strike. While time passes, the rest of the world goes
// on: `on_time` lets people act between two calls of one engine step.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ports/http.hpp"
#include "sim/faults.hpp"
#include "sim/kit/clock.hpp"
#include "sim/kit/company.hpp"
#include "sim/trace.hpp"

namespace tieout::sim {

/// Raised where the process "dies" in the middle of a step; the runner catches it and destroys everything.
struct Crash {
  Kind kind;
};

class SimHttp final : public ports::Http {
 public:
  struct Hooks {
    std::function<void()> on_time;       ///< virtual time has passed: let the others act
    std::function<void(Kind)> on_crash;  ///< before Crash is thrown: the disk stops here
    std::function<bool()> is_off;        ///< the machine is down: nothing goes out any more
  };
  SimHttp(const Company& company, WorldClock& clock, Faults& faults, const Rng& rng, Trace& trace, Hooks hooks);

  Ticket start(ports::HttpRequest request) override;
  Result<ports::HttpResponse> wait(Ticket ticket) override;

  /// The process dies at the n-th call from now (0: the next one), before or after the vendor carried it out.
  void plan_crash(Kind kind, std::uint64_t calls) { crash_ = {kind, calls}; }
  /// The machine stands still at the n-th call from now.
  void plan_pause(Milliseconds span, std::uint64_t calls) { pause_ = {span, calls}; }
  void forget_plans() { crash_.reset(), pause_.reset(); }
  /// A new process: nothing is in flight. What had been sent may still arrive at the vendor, later.
  void restart();
  /// Requests that arrive late; called whenever time has passed.
  void deliver_late();
  bool has_late() const { return !late_.empty(); }

  std::int64_t calls() const { return calls_; }
  static std::string crm_url(const Company& company) { return "http://crm." + company.name + ".sim"; }
  static std::string books_url(const Company& company) { return "http://books." + company.name + ".sim"; }

 private:
  struct Flight {
    ports::HttpRequest request;
    Instant arrives;
    bool carried_out = false;
    bool over = false;
    Instant done{};
    Result<ports::HttpResponse> outcome{fail("http.broken", "not yet")};
  };
  struct Remembered {
    Instant at;
    net::ServerResponse answer;
  };
  struct Late {
    Instant due;
    ports::HttpRequest request;
  };
  struct Shape {  ///< what sort of call it is, for the table's places
    bool crm = false, writes = false, lists = false, signs = false;
  };

  Shape shape_of(const ports::HttpRequest& request) const;
  void carry_out(Flight& flight);
  net::ServerResponse at_vendor(const ports::HttpRequest& request, const Shape& shape);
  std::optional<Kind> draw(const Shape& shape);
  void apply(Kind kind, Flight& flight, const Shape& shape);
  void apply_to_answer(Kind kind, Flight& flight, const Shape& shape);
  void answered(Flight& flight, net::ServerResponse answer);
  net::ServerResponse hinted(const char* kind, int ms, Flight& flight, const Shape& shape);
  void silent(Flight& flight, const char* code, Milliseconds after);

  const Company& company_;
  WorldClock& clock_;
  Faults& faults_;
  Rng rng_;
  Trace& trace_;
  Hooks hooks_;
  std::map<Ticket, Flight> flights_;
  std::vector<Late> late_;
  std::map<std::string, Remembered> remembered_;  ///< answers of reads, for stale ones
  Ticket last_ = 0;
  std::int64_t calls_ = 0;
  std::optional<std::pair<Kind, std::uint64_t>> crash_;
  std::optional<std::pair<Milliseconds, std::uint64_t>> pause_;
};

}  // namespace tieout::sim
