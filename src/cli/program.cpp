#include "cli/program.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/completions.hpp"
#include "cli/exit_code.hpp"
#include "cli/trouble.hpp"
#include "model/record.hpp"

namespace tieout::cli {
namespace {

/// What the words of a command line fill in, and the command that was named.
struct Parsed {
  Context context;
  std::function<Exit()> run;

  Project project;
  ConnectOptions connect;
  PlanOptions plan;
  ReviewOptions review;
  ExportOptions exporting;
  UndoOptions undo;
  LinkOptions link;
  DemoOptions demo;
  SandboxCommand sandbox;
  EvalOptions eval;
  TroubleOptions trouble;
  std::string backup, plan_to_apply, record, by, packs, type, code, shell;
  VerifyOptions verify;
  LogOptions log;
  bool with_payload = false;
  bool all = false, detailed = false, list_settings = false;
};

CLI::App* command(CLI::App& app, Parsed& parsed, const std::string& name, const std::string& about,
                  std::function<Exit()> run) {
  CLI::App* sub = app.add_subcommand(name, about);
  sub->callback([&parsed, run = std::move(run)] { parsed.run = run; });
  return sub;
}

void add_connection_options(CLI::App& sub, ConnectionConfig& connection, const std::string& side,
                            const std::string& vendor) {
  connection.settings.name = side;
  connection.settings.vendor = vendor;
  sub.add_option("--" + side, connection.settings.vendor, "vendor of the " + side)->capture_default_str();
  sub.add_option("--" + side + "-url", connection.settings.base_url,
                 "address, when it is not the vendor's own (a sandbox)");
  sub.add_option("--" + side + "-account", connection.settings.account_id, "account: portal id, realm id");
  sub.add_option("--" + side + "-client", connection.settings.client_id, "OAuth client id");
  sub.add_option("--" + side + "-token-env", connection.token_env, "environment variable that holds the access token");
}

void add_project_commands(CLI::App& app, Parsed& p) {
  CLI::App* init = command(app, p, "init", "Make a project: tieout.yaml and .tieout/", [&p] {
    p.project.folder = p.context.folder;
    return run_init(p.context, p.project);
  });
  init->add_option("--entity", p.project.entity, "name of the legal set of books")->capture_default_str();
  add_connection_options(*init, p.project.crm, "crm", "hubspot");
  add_connection_options(*init, p.project.books, "books", "quickbooks");

  CLI::App* connect = command(app, p, "connect", "Sign in to one side and check the connection",
                              [&p] { return run_connect(p.context, p.connect); });
  connect->add_option("name", p.connect.name, "crm or books")->required()->check(CLI::IsMember({"crm", "books"}));
  connect->add_option("--token", p.connect.token,
                      "access token (others on this machine can read command lines: prefer --token-stdin)");
  connect->add_flag("--token-stdin", p.connect.token_from_stdin, "read the access token from standard input");
  connect->add_flag("--refresh-token-stdin", p.connect.refresh_token_from_stdin,
                    "read the OAuth refresh token from standard input");
  connect->add_flag("--client-secret-stdin", p.connect.client_secret_from_stdin,
                    "read the OAuth client secret from standard input (before the refresh token)");

  CLI::App* audit = command(app, p, "audit", "Read both sides and list what to clean up before connecting",
                            [&p] { return run_audit(p.context, p.all); });
  audit->add_flag("--all", p.all, "every finding, not only the first of each kind");
}

void add_round_commands(CLI::App& app, Parsed& p) {
  CLI::App* plan = command(app, p, "plan", "Say what would be written, with money totals; write nothing",
                           [&p] { return run_plan(p.context, p.plan); });
  plan->add_option("-o,--out", p.plan.out, "keep the plan in this file, for tieout apply FILE");
  plan->add_flag("--all", p.plan.every_change, "show every change, not only the first of each kind");
  plan->add_flag("--detailed-exitcode", p.plan.detailed_exit, "exit 3 when there is something to apply");

  CLI::App* apply = command(app, p, "apply", "Do exactly what a plan says, or refuse (exit 5)",
                            [&p] { return run_apply(p.context, p.plan_to_apply); });
  apply->add_option("plan", p.plan_to_apply, "file of tieout plan --out, or a plan's id")->required();

  CLI::App* sync = command(app, p, "sync", "Read, decide and write until nothing is left to do",
                           [&p] { return run_sync(p.context, p.detailed); });
  sync->add_flag("--detailed-exitcode", p.detailed, "exit 3 when something was written or is held");

  command(app, p, "status", "Where every record stands", [&p] { return run_status(p.context); });

  CLI::App* backup = command(app, p, "backup", "Copy the store as of this moment, also while others use it",
                             [&p] { return run_backup(p.context, p.backup); });
  backup->add_option("file", p.backup, "a new file")->required();

  CLI::App* explain = command(app, p, "explain", "The whole story of one record, in words",
                              [&p] { return run_explain(p.context, p.record, p.with_payload); });
  explain->add_flag("--payload", p.with_payload, "also the vendor's words, each request and each answer");
  explain->add_option("record", p.record, "id as the vendor shows it: 9120, or with its type: \"deal 9120\"")
      ->required();

  CLI::App* reconcile = command(app, p, "reconcile", "Compare both sides to the cent",
                                [&p] { return run_reconcile(p.context, p.all, p.detailed); });
  reconcile->add_flag("--all", p.all, "every difference");
  reconcile->add_flag("--detailed-exitcode", p.detailed, "exit 3 when the sides do not tie out");
}

void add_review_commands(CLI::App& app, Parsed& p) {
  CLI::App* review = command(app, p, "review", "What waits for a person, and deciding it",
                             [&p] { return run_review(p.context, p.review); });
  review->require_subcommand(0, 1);
  p.review.action = "list";
  const auto action = [&p, review](const std::string& name, const std::string& about) {
    CLI::App* sub = review->add_subcommand(name, about);
    sub->callback([&p, name] { p.review.action = name; });
    if (name != "list") {
      sub->add_option("record", p.review.record, "\"company 1021\"")->required();
      sub->add_option("--by", p.review.by, "who decides (now: the user's name)");
    }
    return sub;
  };
  action("list", "everything that waits (also without a word)");
  action("accept", "yes, it is the same as the suggested record, or as the one named")
      ->add_option("partner", p.review.partner, "id on the other side");
  action("create", "no, it is none of those: make a new one");
  action("skip", "leave it out")->add_option("--reason", p.review.reason, "why; kept with the record")->required();
  action("retry", "try again as it is");
  CLI::App* fix = action("fix", "write another value to the other side");
  fix->add_option("field", p.review.field, "canonical field: name")->required();
  fix->add_option("value", p.review.value, "what to write")->required();
}

void add_export_commands(CLI::App& app, Parsed& p) {
  CLI::App* exporting = app.add_subcommand("export", "What other programs can read");
  exporting->require_subcommand(1);
  CLI::App* journal = command(*exporting, p, "journal", "The books' side as a journal for hledger or ledger",
                              [&p] { return run_export_journal(p.context, p.exporting); });
  journal->add_option("--side", p.exporting.side, "whose documents")
      ->capture_default_str()
      ->check(CLI::IsMember({"books"}));
  journal->add_option("-o,--out", p.exporting.out, "file; now: standard output");
  journal->add_option("--format", p.exporting.format, "hledger or ledger")
      ->capture_default_str()
      ->check(CLI::IsMember({"hledger", "ledger"}));
}

void add_undo_commands(CLI::App& app, Parsed& p) {
  CLI::App* undo =
      command(app, p, "undo", "Reverse what a run wrote, as accounting allows: void or credit, never delete",
              [&p] { return run_undo(p.context, p.undo); });
  undo->add_option("subject", p.undo.subject,
                   "a plan or run (plan-7f3a09c1, run-5b1f20aa), or a record (\"deal 9120\"); now: list the runs");
  undo->add_flag("--list", p.undo.list, "what was written lately, by run");
  undo->add_flag("--unapply", p.undo.unapply,
                 "take payments off an invoice first and void it (the money becomes credit of the customer); otherwise "
                 "only what is not paid yet is credited");
  undo->add_option("-o,--out", p.undo.out, "keep the plan in this file, for tieout apply FILE");
  undo->add_flag("--all", p.undo.every_change, "show every change, not only the first of each kind");
  undo->add_flag("--yes", p.undo.yes, "apply it at once");
  undo->footer("Shows a plan and writes nothing; tieout apply ID carries out exactly that plan, or refuses (exit 5).");

  CLI::App* reissue = command(app, p, "reissue", "Invoice a deal anew whose invoice is void, deleted or credited",
                              [&p] { return run_reissue(p.context, p.record, p.by); });
  reissue->add_option("record", p.record, "\"deal 9120\"")->required();
  reissue->add_option("--by", p.by, "who decides (now: the user's name)");

  CLI::App* link = command(app, p, "link", "Take records apart, point them elsewhere, merge or split them",
                           [&p] { return run_link(p.context, p.link); });
  link->require_subcommand(1);
  const auto action = [&p, link](const std::string& name, const std::string& about) {
    CLI::App* sub = link->add_subcommand(name, about);
    sub->callback([&p, name] { p.link.action = name; });
    sub->add_option("record", p.link.record, "\"company 1021\"")->required();
    if (name == "history") return sub;
    sub->add_option("--by", p.link.by, "who decides (now: the user's name)");
    sub->add_flag("--yes", p.link.yes, "do it; otherwise it only says what it would do");
    return sub;
  };
  action("unlink", "these two are not the same");
  action("repoint", "it is the same as another one")
      ->add_option("partner", p.link.other, "id on the other side")
      ->required();
  action("merge", "the second record is the same thing as the first; it is kept as another name")
      ->add_option("second", p.link.other, "\"company 1044\"")
      ->required();
  action("split", "takes a merge back");
  action("history", "what it is and was linked to");
}

void add_log_commands(CLI::App& app, Parsed& p) {
  CLI::App* verify = command(app, p, "verify", "Check the audit log, and the store against it",
                             [&p] { return run_verify(p.context, p.verify); });
  verify->add_flag("--key", p.verify.print_key, "print the verifier key, for those who check, and do nothing else");
  verify->add_option("--checkpoint", p.verify.checkpoints, "file with checkpoints that were carried away (repeatable)");
  verify->add_option("--export", p.verify.folder, "check this export instead of the store");
  verify->add_option("--proof", p.verify.proof, "check this file of tieout log prove instead of the store");
  verify->add_option("--trust", p.verify.trusted_key, "file with the verifier key to believe; now: the project's own");

  CLI::App* log = app.add_subcommand("log", "The audit log for others: checkpoints, exports, proofs");
  log->require_subcommand(1);
  const auto action = [&p, log](const std::string& name, const std::string& about) {
    CLI::App* sub = command(*log, p, name, about, [&p, name] {
      p.log.action = name;
      return run_log(p.context, p.log);
    });
    return sub;
  };
  action("checkpoint", "Sign the log as it is now")->add_option("-o,--out", p.log.out, "file; now: standard output");
  action("export", "All lines, a checkpoint and the verifier key")
      ->add_option("-o,--out", p.log.out, "folder")
      ->required();
  CLI::App* prove = action("prove", "That lines about a record are in the log, with what they tell of");
  prove->add_option("record", p.log.record, "\"invoice 145\"");
  prove->add_option("--since", p.log.since, "instead: that the log only grew since the checkpoint in this file");
  prove->add_option("-o,--out", p.log.out, "file; now: standard output");
}

void add_trying_commands(CLI::App& app, Parsed& p) {
  CLI::App* demo = command(app, p, "demo", "One full round between two sandboxes with dummy books",
                           [&p] { return run_demo(p.context, p.demo); });
  demo->add_option("--keep", p.demo.keep, "leave the project in this folder");

  CLI::App* sandbox = command(app, p, "sandbox", "A server that behaves like the vendor",
                              [&p] { return run_sandbox(p.context, p.sandbox); });
  sandbox->add_option("vendor", p.sandbox.vendor, "hubspot or quickbooks")
      ->required()
      ->check(CLI::IsMember({"hubspot", "quickbooks"}));
  sandbox->add_option("--port", p.sandbox.port, "0: any free one; now: 8081 for hubspot, 8082 for quickbooks");
  sandbox->add_option("--seed", p.sandbox.seed, "data to begin with: northwind, empty, generated:N")
      ->capture_default_str();
  sandbox->add_option("--faults", p.sandbox.faults, "file with fault rules")->check(CLI::ExistingFile);
  sandbox->add_flag("--no-limits", p.sandbox.no_limits, "without the vendor's rate limits (benchmarks)");
}

void add_reference_commands(CLI::App& app, Parsed& p) {
  CLI::App* test = command(app, p, "test", "Run the test cases of the mapping packs",
                           [&p] { return run_pack_tests(p.context, p.packs, p.list_settings); });
  test->add_option("packs", p.packs, "folder with packs; now: those of the project, else the built-in ones");
  test->add_flag("--settings", p.list_settings, "list the settings that the packs know, instead");

  CLI::App* eval =
      command(app, p, "eval", "Evaluate a mapping expression (CEL)", [&p] { return run_eval(p.context, p.eval); });
  eval->add_option("expression", p.eval.expression, "1 + 1");
  eval->add_option("--bindings", p.eval.bindings, "file with a JSON object: variables by name")
      ->check(CLI::ExistingFile);
  eval->add_option("--suite", p.eval.suite, "run a CEL conformance file")->check(CLI::ExistingFile);

  command(app, p, "schema", "JSON Schema of the canonical records", [&p] {
    return run_schema(p.context, p.type);
  })->add_option("type", p.type, "invoice, deal …; now: all");
  command(app, p, "fields", "The field matrix: every field, its format and owner, on both sides",
          [&p] { return run_fields(p.context); });
  command(app, p, "errors", "What an error code means and what to do", [&p] {
    return run_errors(p.context, p.code);
  })->add_option("code", p.code, "a code, or the beginning of codes; now: all");
  command(app, p, "version", "Version of the program", [&p] { return run_version(p.context); });
}

void add_common_options(CLI::App& app, Parsed& p) {
  app.add_flag("--json", p.context.json, "answer in JSON");
  app.add_option("-C,--project", p.context.folder, "folder of the project")->capture_default_str();
  app.fallthrough();
  for (CLI::App* sub : app.get_subcommands({})) sub->fallthrough();
}

}  // namespace

/// When the first word is no command: what to say about it; empty otherwise.
static std::string unknown_command(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2 || argv[1][0] == '-') return {};
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands({})) names.push_back(sub->get_name());
  if (std::find(names.begin(), names.end(), argv[1]) != names.end()) return {};
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const std::string_view meant = model::closest(argv[1], candidates);
  return fmt::format("there is no command \"{}\"{}; tieout --help lists all", argv[1],
                     meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", meant));
}

int run_program(int argc, const char* const* argv) {
  // A peer that closes early is an error of that write, not the end of the program.
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app("Keeps a CRM and the books in agreement, to the cent, and proves it.", "tieout");
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  Parsed parsed;
  parsed.context.terminal = detect_terminal();
  add_trying_commands(app, parsed);
  add_project_commands(app, parsed);
  add_round_commands(app, parsed);
  add_review_commands(app, parsed);
  add_trouble_commands(app, parsed.context, parsed.trouble, parsed.run);
  add_export_commands(app, parsed);
  add_undo_commands(app, parsed);
  add_log_commands(app, parsed);
  add_reference_commands(app, parsed);
  command(app, parsed, "completions", "Completions for a shell, to be sourced",
          [&] {
            fmt::print("{}", completions(app, parsed.shell));
            return Exit::ok;
          })
      ->add_option("shell", parsed.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  add_common_options(app, parsed);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (const std::string unknown = unknown_command(app, argc, argv); !unknown.empty())
      return static_cast<int>(report(Fault("usage.command.unknown", unknown), parsed.context.json));
    return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
  }
  try {
    return static_cast<int>(parsed.run());
  } catch (const std::system_error& error) {
    // Whoever reads our output may stop early (| head): that is no trouble worth a word.
    if (error.code() == std::errc::broken_pipe) return static_cast<int>(Exit::failed);
    return static_cast<int>(report(Fault("internal.failure", error.what()), parsed.context.json));
  } catch (const std::exception& error) {
    return static_cast<int>(report(Fault("internal.failure", error.what()), parsed.context.json));
  }
}

}  // namespace tieout::cli
