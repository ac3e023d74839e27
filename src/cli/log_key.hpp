// The signing key of a project's audit log, and checkpoints made with it. The secret half is made once, lies sealed
// with the other secrets, and leaves them only for the moment of a signature. The last checkpoint is kept in the store,
// too, and every one is appended to a place of the project's choice (tieout.yaml, audit: checkpoints:), best one that
// this machine can add to but not rewrite.
#pragma once

#include <optional>
#include <string>

#include "cli/project.hpp"
#include "ports/store.hpp"
#include "prove/log_note.hpp"
#include "store/sqlite/secrets.hpp"

namespace tieout::cli {

/// Made at first use.
Result<prove::KeySeed> log_seed(Secrets& secrets);
Result<prove::VerifierKey> log_verifier_key(const Project& project, Secrets& secrets);

/// The last checkpoint that was signed, as kept in the store; nothing when there is none yet.
Result<std::string> last_checkpoint(ports::Store& store);

/// Signs the log as it is now, unless the last checkpoint covers all of it already; keeps and exports it. Returns the
/// note; empty while the log is empty.
/// Fails   log.rewritten      the lines of the last checkpoint are not what they were: nothing is signed over that
///         log.export.io      the place for checkpoints cannot be written
Result<std::string> make_checkpoint(const Project& project, ports::Store& store, Secrets& secrets);

/// All notes of the project's own place for checkpoints; none when it has none, or nothing was written there yet.
Result<std::vector<std::string>> exported_checkpoints(const Project& project);

Result<std::string> read_text(const std::string& path);
Result<bool> write_text(const std::string& path, const std::string& text);

}  // namespace tieout::cli
