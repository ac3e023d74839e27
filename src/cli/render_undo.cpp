// What can be undone, and what a turn of link surgery does, on a screen.
#include <fmt/core.h>

#include <algorithm>

#include "cli/render.hpp"

namespace tieout::cli {
namespace {

constexpr std::size_t kMostDocuments = 12;

std::string minute(Instant at) {
  std::string text = to_text(at);  // 2026-11-22T01:28:13.000Z
  text.resize(16);
  text[10] = ' ';
  return text;
}

}  // namespace

std::string render_written(const std::vector<ports::Written>& written, const Terminal& terminal) {
  if (written.empty()) return "Nothing was written yet.\n";
  Table table({Align::left, Align::left, Align::right, Align::left});
  table.row({{"run", Style::dim}, {"when (UTC)", Style::dim}, {"writes", Style::dim}, {"", Style::dim}});
  for (const ports::Written& one : written)
    table.row({{one.plan},
               {minute(one.first_at)},
               {grouped(one.confirmed)},
               {one.open > 0 ? fmt::format("{} without a clear answer yet", grouped(one.open)) : "", Style::yellow}});
  return table.text(terminal) + "\nLook at what an undo would do: tieout undo RUN\n";
}

std::string render_link_turn(const engine::LinkTurn& turn, const Terminal& terminal) {
  std::string out;
  for (const std::string& line : turn.says) out += fmt::format("  {}\n", printable(line));
  if (!turn.documents.empty()) {
    Table table({Align::left, Align::left, Align::left, Align::right, Align::right});
    table.row({{"", Style::dim}, {"", Style::dim}, {"", Style::dim}, {"total", Style::dim}, {"open", Style::dim}});
    for (std::size_t i = 0; i < std::min(turn.documents.size(), kMostDocuments); ++i) {
      const auto& one = turn.documents[i];
      table.row({{printable(one.name)},
                 {printable(one.title)},
                 {one.status},
                 {money_text(one.currency, one.total)},
                 {money_text(one.currency, one.open)}});
    }
    out += "\n" + table.text(terminal);
    if (turn.documents.size() > kMostDocuments)
      out +=
          fmt::format("  … and {} more\n", grouped(static_cast<std::int64_t>(turn.documents.size() - kMostDocuments)));
  }
  std::string money;
  for (const auto& [currency, amounts] : turn.money)
    money += fmt::format("{}{} in all, {} open", money.empty() ? "" : " · ", money_text(currency, amounts.first),
                         money_text(currency, amounts.second));
  out += "\n" + terminal.paint(Style::bold,
                               turn.documents.empty()
                                   ? std::string("No document stands behind this; no money moves.")
                                   : fmt::format("{} in the books as before: {}. No money moves.",
                                                 plural(static_cast<std::int64_t>(turn.documents.size()),
                                                        "document behind this stays", "documents behind this stay"),
                                                 money));
  if (turn.done)
    return out + fmt::format("\nDone; it takes effect with the next sync. Take it back: {}\n", printable(turn.back));
  return out + "\nNothing was changed yet. Do it: the same command with --yes\n";
}

std::string render_link_history(const engine::LinkHistory& history, const Terminal& terminal) {
  std::string out = terminal.paint(Style::bold, printable(history.name)) + "\n";
  out += history.linked_to.empty()
             ? "  linked to nothing\n"
             : fmt::format("  linked to {} ({})\n", printable(history.linked_to), printable(history.how));
  for (const std::string& name : history.other_names) out += fmt::format("  also known as {}\n", printable(name));
  for (const std::string& one : history.refused) out += fmt::format("  not the same as {}\n", printable(one));
  for (const engine::ExplainLine& line : history.turns)
    out += fmt::format("  {}  {}\n", printable(line.at), printable(line.text));
  return out;
}

}  // namespace tieout::cli
