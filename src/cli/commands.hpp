// Every command as a function over plain options. program.cpp turns the words of a command line into these; tests call
// them directly. Each prints its answer on standard output (a screen, or JSON with --json) and returns the exit code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/project.hpp"
#include "cli/terminal.hpp"

namespace tieout::cli {

struct Context {
  Terminal terminal;
  bool json = false;
  std::string folder = ".";  ///< of the project
};

// -- a project
Exit run_init(const Context& context, Project project);
struct ConnectOptions {
  std::string name;  ///< "crm" or "books"
  std::string token;
  bool token_from_stdin = false;
  bool refresh_token_from_stdin = false;
  bool client_secret_from_stdin = false;
};
Exit run_connect(const Context& context, const ConnectOptions& options);
Exit run_audit(const Context& context, bool every_finding);

// -- the round
struct PlanOptions {
  std::string out;  ///< file for the plan, empty: none
  bool every_change = false;
  bool detailed_exit = false;
};
Exit run_plan(const Context& context, const PlanOptions& options);
Exit run_apply(const Context& context, const std::string& file_or_id);
Exit run_sync(const Context& context, bool detailed_exit);
Exit run_status(const Context& context);
Exit run_explain(const Context& context, const std::string& record, bool with_payload);
struct ReviewOptions {
  std::string action;  ///< "list", "accept", "create", "skip", "retry", "fix"
  std::string record;
  std::string partner;  ///< accept
  std::string reason;   ///< skip
  std::string field;    ///< fix
  std::string value;    ///< fix
  std::string by;       ///< who decides; empty: the name of the user
};
Exit run_review(const Context& context, const ReviewOptions& options);
struct UndoOptions {
  std::string subject;  ///< plan, run or record; empty: list what was written
  std::string out;      ///< file for the plan, empty: none
  bool list = false;
  bool unapply = false;       ///< take payments off invoices first
  bool every_change = false;  ///< show all
  bool yes = false;           ///< apply it at once
};
Exit run_undo(const Context& context, const UndoOptions& options);
struct LinkOptions {
  std::string action;  ///< "unlink", "repoint", "merge", "split", "history"
  std::string record;
  std::string other;  ///< repoint: id on the other side; merge: the second record
  std::string by;     ///< who decides; empty: the name of the user
  bool yes = false;   ///< do it; otherwise only say what it would do
};
Exit run_link(const Context& context, const LinkOptions& options);
Exit run_reissue(const Context& context, const std::string& record, const std::string& by);
Exit run_reconcile(const Context& context, bool every_difference, bool detailed_exit);

/// Copies the store into the new file `to` and reads the copy back.
Exit run_backup(const Context& context, const std::string& to);

// -- for other programs
struct ExportOptions {
  std::string out;                 ///< file, empty: standard output
  std::string format = "hledger";  ///< "hledger" or "ledger"
  std::string side = "books";
};
Exit run_export_journal(const Context& context, const ExportOptions& options);

// -- the audit log
struct VerifyOptions {
  bool print_key = false;
  std::vector<std::string> checkpoints;  ///< files with checkpoints that were carried away
  std::string folder;                    ///< an export to check instead of the store
  std::string proof;                     ///< a file of tieout log prove to check instead of the store
  std::string trusted_key;               ///< file with the verifier key to believe; empty: the project's own
};
Exit run_verify(const Context& context, const VerifyOptions& options);
struct LogOptions {
  std::string action;  ///< "checkpoint", "export", "prove"
  std::string record;  ///< prove
  std::string since;   ///< prove: file with an older checkpoint
  std::string out;     ///< file, or folder of an export
};
Exit run_log(const Context& context, const LogOptions& options);

// -- trying out
struct DemoOptions {
  std::string keep;  ///< folder to leave the project in, empty: a temporary one, removed at the end
};
Exit run_demo(const Context& context, const DemoOptions& options);
struct SandboxCommand {
  std::string vendor;
  std::optional<std::uint16_t> port;  ///< 0: any free one; absent: 8081 for HubSpot, 8082 for QuickBooks
  std::string seed = "northwind";     ///< what to begin with: northwind, empty, generated:N
  std::string faults;                 ///< file with fault rules
  bool no_limits = false;
};
Exit run_sandbox(const Context& context, const SandboxCommand& options);

// -- mappings and reference
struct EvalOptions {
  std::string expression;
  std::string bindings;  ///< file with JSON: name → value
  std::string suite;     ///< file in the format of the CEL conformance suite
};
Exit run_eval(const Context& context, const EvalOptions& options);
Exit run_pack_tests(const Context& context, const std::string& packs, bool list_settings);
Exit run_schema(const Context& context, const std::string& type);
Exit run_fields(const Context& context);
Exit run_errors(const Context& context, const std::string& code);
Exit run_version(const Context& context);

}  // namespace tieout::cli
