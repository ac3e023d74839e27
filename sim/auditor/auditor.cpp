#include "sim/auditor/auditor.hpp"

namespace tieout::sim {

void Auditor::note(const Action&, Instant) {}

std::vector<Violation> Auditor::after_step(const Step&, engine::Engine*, Instant) { return {}; }

std::vector<Violation> Auditor::at_end(engine::Engine&, Instant) { return {}; }

}  // namespace tieout::sim
