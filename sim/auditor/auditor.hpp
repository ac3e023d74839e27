// The judge: a small model of what must be true, in other terms than the engine's (it counts documents in the vendors'
// own tables and reads the engine's public reports; it shares no code with src/decide, src/engine or src/mapping).
// Promises 1 to 4 of the product: once, nothing vanishes, to the cent, nothing unasked. It never repairs and never
// draws.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "sim/kit/company.hpp"
#include "sim/people/people.hpp"

namespace tieout::sim {

enum class Harm : std::uint8_t { none, lost, duplicate, unbalanced, unasked, stuck };
constexpr std::string_view to_text(Harm harm) {
  constexpr std::string_view kNames[] = {"none", "lost", "duplicate", "unbalanced", "unasked", "stuck"};
  return kNames[static_cast<std::size_t>(harm)];
}

struct Violation {
  Harm harm = Harm::none;
  std::string check;   ///< stable name of the check: "once.two_invoices_of_a_deal"
  std::string record;  ///< vendor id (or "deals 1021"): the story of this record is printed
  std::string text;    ///< what is, and what should be
};

/// What the engine was asked to do and how it went. A crash: done false, fault "crash".
struct Step {
  std::string name;  ///< "sync", "plan", "apply", "reconcile", "restart", "restore" (an old backup was put back)
  Instant at{};
  bool done = false;
  std::string fault;                        ///< code when not done
  const engine::RunReport* run = nullptr;   ///< of a done sync or apply
  const decide::Plan* plan = nullptr;       ///< of a done plan, and the one that apply was given
  const engine::TieOut* tie_out = nullptr;  ///< of a done reconcile
};

namespace audit {
class Ledger;
}

class Auditor {
 public:
  /// Watches the vendors' write logs of this company for as long as it lives.
  explicit Auditor(const Company& company);
  ~Auditor();

  /// People acted. Called right after, in order.
  void note(const Action& action, Instant now);
  /// The engine's step ended, well or badly. `engine` is null when the step crashed and nothing was opened again yet.
  /// Faults are still on: only safety is judged. Cheap: runs thousands of times a seed.
  std::vector<Violation> after_step(const Step& step, engine::Engine* engine, Instant now);
  /// All healed and an hour of syncs has passed: liveness and the tie-out. Returns what is still wrong.
  std::vector<Violation> at_end(engine::Engine& engine, Instant now);

 private:
  std::unique_ptr<audit::Ledger> ledger_;
};

}  // namespace tieout::sim
