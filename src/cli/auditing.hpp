// Gathers what the audit looks at from a project's store, after both sides were read.
#pragma once

#include "cli/session.hpp"
#include "prove/preflight_audit.hpp"

namespace tieout::cli {

/// Reads both sides (no vendor is written to), then audits what was read.
Result<prove::AuditReport> audit_project(Session& session);

}  // namespace tieout::cli
