#include <fmt/core.h>

#include "cli/render.hpp"

namespace tieout::cli {

std::string render_explanation(const engine::Explanation& explanation, const Terminal& terminal) {
  std::string out = terminal.paint(Style::bold, printable(explanation.name));
  if (!explanation.title.empty()) out += "  " + printable(explanation.title);
  out += fmt::format("\n  now      {}", explanation.state);
  if (!explanation.reason.empty()) out += fmt::format(": {}", printable(explanation.reason));
  if (!explanation.reason_code.empty())
    out += terminal.paint(Style::dim, fmt::format("  [{}]", explanation.reason_code));
  out += "\n";
  if (!explanation.linked_to.empty()) out += fmt::format("  same as  {}\n", printable(explanation.linked_to));

  out += "\n  What happened\n";
  Table story({Align::left, Align::left}, "    ");
  for (const engine::ExplainLine& line : explanation.story) story.row({{line.at, Style::dim}, {line.text}});
  out += story.empty() ? "    nothing yet\n" : story.text(terminal);

  if (!explanation.log_lines.empty()) {
    std::string numbers;
    for (const std::int64_t line : explanation.log_lines)
      numbers += fmt::format("{}{}", numbers.empty() ? "" : ", ", line);
    out += fmt::format("\n  In the audit log\n    lines {}\n", numbers);
  }
  for (const engine::EvidencePiece& piece : explanation.evidence) {
    out +=
        fmt::format("\n  {}\n", terminal.paint(Style::bold, fmt::format("Line {}: {} by {}, {}", piece.line,
                                                                        piece.action, printable(piece.by), piece.at)));
    const auto part = [&](std::string_view name, const std::string& text) {
      if (!text.empty()) out += fmt::format("    {} {}\n", terminal.paint(Style::dim, name), printable(text));
    };
    part("read from", piece.source);
    part("asked    ", piece.request);
    part("answer   ", piece.answer);
  }
  if (explanation.fields.empty()) return out;
  out += "\n  As Tieout knows it\n";
  Table fields({Align::left, Align::left}, "    ");
  for (const auto& [field, value] : explanation.fields) fields.row({{field, Style::dim}, {value}});
  return out + fields.text(terminal);
}

std::string render_review(const std::vector<engine::ReviewItem>& items, const Terminal& terminal) {
  if (items.empty()) return "Nothing waits for a person.\n";
  std::string out;
  for (const engine::ReviewItem& item : items) {
    out += fmt::format("{} {}  {}  {}\n", terminal.paint(Style::yellow, "!"),
                       terminal.paint(Style::bold, printable(item.name)), printable(item.title),
                       terminal.paint(Style::dim, fmt::format("{} · {} · {}", item.side, item.state, item.code)));
    out += fmt::format("    {}\n", printable(item.reason));
  }
  out += fmt::format(
      "\n{}. Decide with: tieout review accept|create|skip|retry|fix RECORD\n",
      plural(static_cast<std::int64_t>(items.size()), "record waits for a person", "records wait for a person"));
  return out;
}

}  // namespace tieout::cli
