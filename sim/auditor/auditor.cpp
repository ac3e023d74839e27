#include "sim/auditor/auditor.hpp"

#include "sim/auditor/ledger.hpp"

namespace tieout::sim {

Auditor::Auditor(const Company& company) : ledger_(std::make_unique<audit::Ledger>(company)) {}
Auditor::~Auditor() = default;

void Auditor::note(const Action& action, Instant now) { ledger_->person(action, now); }

std::vector<Violation> Auditor::after_step(const Step& step, engine::Engine* engine, Instant now) {
  ledger_->step_ended(step, engine, now);
  return ledger_->take();
}

std::vector<Violation> Auditor::at_end(engine::Engine& engine, Instant now) {
  ledger_->at_rest(engine, now);
  return ledger_->take();
}

}  // namespace tieout::sim
