// What other programs may read: the books' side as a plain text journal.
#include <fmt/core.h>

#include <fstream>

#include "books/journal.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace tieout::cli {
namespace {

Result<Exit> export_journal(const Context& context, const ExportOptions& options) {
  TRY(session, Session::open(context.folder));
  TRY(ledger, books::read_ledger(session->store()));
  const books::Journal journal = books::journal_of(ledger);
  const auto format = options.format == "ledger" ? books::JournalFormat::ledger : books::JournalFormat::hledger;
  const std::string text = books::journal_text(
      journal, format, fmt::format("The books of {}, as Tieout last saw them", session->project().entity));
  if (options.out.empty()) {
    fmt::print("{}", text);
  } else {
    std::ofstream file(options.out, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file) return fail("usage.file.unwritable", fmt::format("{} cannot be written", options.out));
    fmt::print("{} transactions written to {}\n", journal.transactions.size(), options.out);
  }
  for (const std::string& difference : journal.differences) fmt::print(stderr, "tieout: {}\n", difference);
  return journal.differences.empty() ? Exit::ok : Exit::differences;
}

}  // namespace

Exit run_export_journal(const Context& context, const ExportOptions& options) {
  const auto done = export_journal(context, options);
  return done ? *done : report(done.error(), context.json);
}

}  // namespace tieout::cli
