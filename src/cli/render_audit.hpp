// The audit as a person reads it, and as a program does.
#pragma once

#include <string>

#include "base/json.hpp"
#include "cli/terminal.hpp"
#include "prove/preflight_audit.hpp"

namespace tieout::cli {

std::string render_audit(const prove::AuditReport& report, bool every_finding, const Terminal& terminal);
/// The score and what to mend first.
std::string render_audit_summary(const prove::AuditReport& report, const Terminal& terminal);
json::Value to_json(const prove::AuditReport& report);

}  // namespace tieout::cli
