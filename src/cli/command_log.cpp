// The audit log for people: verify (is all as it was signed?), log checkpoint, log export, log prove. None of them
// opens a connection; verify and prove open the store for reading only, so that evidence is never touched.
#include <fmt/core.h>

#include <filesystem>
#include <fstream>

#include "cli/commands.hpp"
#include "cli/log_key.hpp"
#include "cli/session.hpp"
#include "engine/log_audit.hpp"
#include "prove/log_proof.hpp"

namespace tieout::cli {
namespace {

namespace fs = std::filesystem;

/// What the commands of the log need of a project.
struct LogOf {
  Project project;
  std::unique_ptr<Secrets> secrets;
  std::unique_ptr<ports::Store> store;
  prove::VerifierKey key;
};

Result<LogOf> open_log(const Context& context, bool writes) {
  LogOf out;
  TRY(project, load_project(context.folder));
  out.project = std::move(project);
  TRY(secrets, open_secrets(out.project));
  out.secrets = std::move(secrets);
  OpenOptions options;
  options.read_only = !writes;
  TRY(store, open_sqlite(out.project.store_path(), out.project.entity, options));
  out.store = std::move(store);
  TRY(key, log_verifier_key(out.project, *out.secrets));
  out.key = std::move(key);
  return out;
}

Exit finish(const Context& context, Result<Exit> result) {
  if (!result) return report(result.error(), context.json);
  return *result;
}

/// Checkpoints of files; each must bear a good signature, else that is a finding and not an error of the command line.
Result<std::vector<prove::Checkpoint>> opened(const std::vector<std::string>& notes, const prove::VerifierKey& key,
                                              prove::Findings& findings) {
  std::vector<prove::Checkpoint> out;
  for (const std::string& note : notes) {
    auto checkpoint = prove::open_checkpoint(note, key);
    if (checkpoint)
      out.push_back(std::move(*checkpoint));
    else
      findings.add(checkpoint.error().code, -1, checkpoint.error().what);
  }
  return out;
}

json::Value to_json(const prove::Findings& findings) {
  json::Value out = json::Value::array();
  for (const prove::LogFinding& one : findings.first()) {
    json::Value item = json::Value::object();
    item.set("code", json::Value::string(one.code));
    if (one.line >= 0) item.set("line", json::Value::number(one.line));
    item.set("what", json::Value::string(one.what));
    out.push(std::move(item));
  }
  return out;
}

Exit print_findings(const Context& context, const prove::Findings& findings, const std::string& good) {
  if (context.json) {
    json::Value out = json::Value::object();
    out.set("good", json::Value::boolean(findings.count() == 0));
    out.set("findings", json::Value::number(findings.count()));
    out.set("first", to_json(findings));
    fmt::print("{}\n", out.dump_pretty());
  } else if (findings.count() == 0) {
    fmt::print("{} {}\n", context.terminal.paint(Style::green, "good"), good);
  } else {
    for (const prove::LogFinding& one : findings.first())
      fmt::print("{} {}{}  {}\n", context.terminal.paint(Style::red, "NOT good"),
                 one.line >= 0 ? fmt::format("line {}: ", one.line) : "", printable(one.what),
                 context.terminal.paint(Style::dim, "[" + one.code + "]"));
    fmt::print("{}. Keep a copy of everything before you mend anything: docs/guide/audit-trail.md\n",
               plural(findings.count(), "finding", "findings"));
  }
  return findings.count() == 0 ? Exit::ok : Exit::failed;
}

Result<Exit> verify_store(const Context& context, const VerifyOptions& options) {
  TRY(log, open_log(context, false));
  if (options.print_key) {
    fmt::print("{}\n", prove::to_text(log.key));
    return Exit::ok;
  }
  prove::Findings early;
  std::vector<std::string> notes;
  const auto take = [&](Result<std::vector<std::string>> found) {
    if (found)
      notes.insert(notes.end(), found->begin(), found->end());
    else
      early.add(found.error().code, -1, found.error().what);
  };
  take(exported_checkpoints(log.project));
  for (const std::string& file : options.checkpoints) {
    TRY(text, read_text(file));
    take(prove::notes_in(text));
  }
  TRY(last, last_checkpoint(*log.store));
  if (!last.empty()) notes.push_back(last);
  TRY(checkpoints, opened(notes, log.key, early));
  if (auto sound = verify_sqlite(log.project.store_path()); !sound)
    early.add(sound.error().code, -1, sound.error().what);
  TRY(checked, engine::check_log(*log.store, std::move(checkpoints)));
  for (const prove::LogFinding& one : checked.findings.first()) early.add(one.code, one.line, one.what);
  return print_findings(
      context, early,
      fmt::format("{} lines, {} of them signed, {} checkpoints; {} writes, {} links, {} plans, {} kept pages and {} "
                  "records are what the log tells",
                  grouped(checked.lines), grouped(checked.signed_lines), checked.checkpoints, grouped(checked.writes),
                  grouped(checked.links), checked.plans, grouped(checked.payloads), grouped(checked.records)));
}

/// An export, by the key of the file that is named, else by that of the project.
Result<prove::VerifierKey> believed_key(const Context& context, const std::string& file) {
  if (!file.empty()) {
    TRY(text, read_text(file));
    if (text.ends_with('\n')) text.pop_back();
    return prove::parse_verifier_key(text);
  }
  TRY(project, load_project(context.folder));
  TRY(secrets, open_secrets(project));
  return log_verifier_key(project, *secrets);
}

Result<Exit> verify_export(const Context& context, const VerifyOptions& options) {
  TRY(key, believed_key(context, options.trusted_key));
  if (!options.proof.empty()) {
    TRY(text, read_text(options.proof));
    return print_findings(context, prove::check_proof(text, key),
                          fmt::format("each line in {} is in the log that {} signed", options.proof, key.name));
  }
  TRY(leaves, read_text(options.folder + "/leaves.jsonl"));
  TRY(checkpoint, read_text(options.folder + "/checkpoint"));
  TRY(exported_key, read_text(options.folder + "/verifier.key"));
  std::vector<std::string> older;
  for (const std::string& file : options.checkpoints) {
    TRY(text, read_text(file));
    TRY(notes, prove::notes_in(text));
    older.insert(older.end(), notes.begin(), notes.end());
  }
  prove::Findings findings = prove::check_export(leaves, checkpoint, key, older);
  if (exported_key != prove::to_text(key) + "\n")
    findings.add("log.key.differs", -1, "the key in the export is not the one that is believed");
  return print_findings(context, findings, fmt::format("{} is what {} signed", options.folder, key.name));
}

Result<Exit> export_log(const Context& context, const std::string& folder) {
  TRY(log, open_log(context, true));
  TRY(note, make_checkpoint(log.project, *log.store, *log.secrets));
  std::error_code trouble;
  fs::create_directories(folder, trouble);
  std::ofstream file(folder + "/leaves.jsonl", std::ios::binary | std::ios::trunc);
  std::int64_t lines = 0;
  for (;;) {
    TRY(page, log.store->leaves(lines, 5'000));
    if (page.empty()) break;
    for (const ports::LogLeaf& leaf : page) file << leaf.text << '\n';
    lines += static_cast<std::int64_t>(page.size());
  }
  file.close();
  if (!file) return fail("usage.file.unwritable", fmt::format("{} cannot be written", folder));
  TRY_VOID(write_text(folder + "/checkpoint", note));
  TRY_VOID(write_text(folder + "/verifier.key", prove::to_text(log.key) + "\n"));
  fmt::print("{} in {}; check them with: tieout verify --export {}\n", plural(lines, "line", "lines"), folder, folder);
  return Exit::ok;
}

json::Value proof_json(const std::vector<Digest>& proof) {
  json::Value out = json::Value::array();
  for (const Digest& one : proof)
    out.push(json::Value::string(base64({reinterpret_cast<const char*>(one.data()), one.size()})));
  return out;
}

Result<Exit> put_out(const std::string& text, const std::string& file) {
  if (file.empty())
    fmt::print("{}", text);
  else
    TRY_VOID(write_text(file, text));
  return Exit::ok;
}

/// That the log of now begins with the log of a checkpoint that the auditor holds.
Result<Exit> prove_growth(const Context& context, const LogOptions& options) {
  TRY(log, open_log(context, true));
  TRY(text, read_text(options.since));
  TRY(notes, prove::notes_in(text));
  if (notes.empty()) return fail("log.checkpoint.malformed", options.since + " holds no checkpoint");
  TRY(older, prove::open_checkpoint(notes.back(), log.key));
  TRY(note, make_checkpoint(log.project, *log.store, *log.secrets));
  TRY(newer, prove::open_checkpoint(note, log.key));
  TRY(proof, prove::consistency_proof(older.size, newer.size, engine::subtree_of(*log.store)));
  json::Value out = json::Value::object();
  out.set("older", json::Value::string(notes.back()));
  out.set("newer", json::Value::string(note));
  out.set("proof", proof_json(proof));
  return put_out(out.dump_pretty() + "\n", options.out);
}

/// The lines about a record, those that they refer to, their proofs, and what they name by digest.
Result<Exit> prove_record(Session& session, const LogOptions& options) {
  TRY(evidence, session.engine().evidence(options.record));
  TRY(note, make_checkpoint(session.project(), session.store(), session.secrets()));
  TRY(key, log_verifier_key(session.project(), session.secrets()));
  TRY(checkpoint, prove::open_checkpoint(note, key));
  json::Value lines = json::Value::array();
  for (const ports::LogLeaf& leaf : evidence.lines) {
    TRY(proof, prove::inclusion_proof(leaf.number, checkpoint.size, engine::subtree_of(session.store())));
    json::Value line = json::Value::object();
    line.set("number", json::Value::number(leaf.number));
    line.set("line", json::Value::string(leaf.text));
    line.set("proof", proof_json(proof));
    lines.push(std::move(line));
  }
  json::Value pieces = json::Value::array();
  for (const auto& [digest, text] : evidence.texts) {
    json::Value piece = json::Value::object();
    piece.set("sha256", json::Value::string(digest));
    piece.set("text", json::Value::string(text));
    pieces.push(std::move(piece));
  }
  json::Value out = json::Value::object();
  out.set("checkpoint", json::Value::string(note));
  out.set("lines", std::move(lines));
  out.set("evidence", std::move(pieces));
  return put_out(out.dump_pretty() + "\n", options.out);
}

Result<Exit> log_command(const Context& context, const LogOptions& options) {
  if (options.action == "export") return export_log(context, options.out);
  if (options.action == "prove" && !options.since.empty()) return prove_growth(context, options);
  if (options.action == "prove") {
    if (options.record.empty()) return fail("usage.log.prove", "name a record, or a checkpoint with --since FILE");
    TRY(session, Session::open(context.folder));
    return prove_record(*session, options);
  }
  TRY(log, open_log(context, true));
  TRY(note, make_checkpoint(log.project, *log.store, *log.secrets));
  if (note.empty()) return fail("log.empty", "the audit log has no line yet; run tieout sync first");
  return put_out(note, options.out);
}

}  // namespace

Exit run_verify(const Context& context, const VerifyOptions& options) {
  const bool outside = !options.folder.empty() || !options.proof.empty();
  return finish(context, outside ? verify_export(context, options) : verify_store(context, options));
}

Exit run_log(const Context& context, const LogOptions& options) {
  return finish(context, log_command(context, options));
}

}  // namespace tieout::cli
