// The audit as a person reads it, and as a program does.
#pragma once

#include <string>

#include "base/json.hpp"
#include "cli/terminal.hpp"
#include "observe/audit.hpp"

namespace tieout::cli {

std::string render_audit(const observe::AuditReport& report, bool every_finding, const Terminal& terminal);
/// Only the counts and the score: one section of the demo.
std::string render_audit_summary(const observe::AuditReport& report, const Terminal& terminal);
json::Value to_json(const observe::AuditReport& report);

}  // namespace tieout::cli
