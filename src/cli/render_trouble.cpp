#include <fmt/core.h>

#include <algorithm>

#include "cli/trouble.hpp"

namespace tieout::cli {
namespace {

constexpr std::size_t kShownOfACause = 5;

std::string short_time(Instant at) {  // "2026-11-21 18:00:03"
  std::string text = to_text(at).substr(0, 19);
  text[10] = ' ';
  return text;
}

}  // namespace

std::string render_doubts(const std::vector<engine::Doubt>& doubts, const Terminal& terminal) {
  if (doubts.empty()) return "No write is in doubt.\n";
  std::string out;
  for (const engine::Doubt& one : doubts) {
    out +=
        fmt::format("  {} {}  {}\n", terminal.paint(Style::yellow, "?"), printable(one.record), printable(one.title));
    out += fmt::format("      sent        {}   {}{}\n", short_time(one.sent_at), one.what,
                       one.reference.empty() ? "" : fmt::format(", marked {}", printable(one.reference)));
    out += fmt::format("      answer      {}\n", printable(one.answer));
    out += one.look_ups == 0 ? std::string("      looked up   not yet\n")
                             : fmt::format("      looked up   {} (last {})\n", plural(one.look_ups, "time", "times"),
                                           short_time(one.looked_up_at));
    out += fmt::format("      key         {}\n", one.key);
    out += one.needs_person
               ? fmt::format(
                     "      next        look-ups can not tell. Look for it there, then: tieout doubt '{}' "
                     "--written ID --why TEXT\n                  or, when it is not there: tieout doubt '{}' "
                     "--never --why TEXT\n",
                     printable(one.record), printable(one.record))
               : fmt::format("      next        looked up with the next run; from {} on, finding nothing is believed\n",
                             short_time(one.believed_from));
  }
  out += fmt::format("\n{} in doubt (times in UTC). Nothing more is sent about {} until that is ended.\n",
                     plural(static_cast<std::int64_t>(doubts.size()), "write is", "writes are"),
                     doubts.size() == 1 ? "its record" : "their records");
  return out;
}

std::string render_dead_letters(const std::vector<engine::DeadLetters>& groups, bool every, const Terminal& terminal) {
  if (groups.empty()) return "Nothing was refused or failed for good.\n";
  std::string out;
  std::size_t all = 0;
  for (const engine::DeadLetters& group : groups) {
    all += group.records.size();
    out += fmt::format("  {}  {}, {}\n", terminal.paint(Style::red, group.code), group.state,
                       plural(static_cast<std::int64_t>(group.records.size()), "record", "records"));
    out += fmt::format("      {}\n", printable(group.cause));
    Table table({Align::left, Align::left}, "      ");
    const std::size_t shown = every ? group.records.size() : std::min(kShownOfACause, group.records.size());
    for (std::size_t i = 0; i < shown; ++i) table.row({{group.records[i].name}, {group.records[i].title}});
    out += table.text(terminal);
    if (shown < group.records.size())
      out +=
          fmt::format("      and {} more (--all)\n", grouped(static_cast<std::int64_t>(group.records.size() - shown)));
    out += fmt::format("      when mended: tieout replay --code {}\n\n", group.code);
  }
  return out + fmt::format("{} of {}.\n", plural(static_cast<std::int64_t>(all), "dead letter", "dead letters"),
                           plural(static_cast<std::int64_t>(groups.size()), "cause", "causes"));
}

std::string render_breakers(const std::vector<engine::Breaker>& breakers, const Terminal& terminal) {
  if (breakers.empty()) return "No lane stands still.\n";
  std::string out;
  for (const engine::Breaker& one : breakers) {
    out += fmt::format("  {} {}  [{}] {} held since {} UTC\n", terminal.paint(Style::red, "■"), printable(one.lane),
                       one.code, plural(one.held, "record", "records"), short_time(one.at));
    out += fmt::format("      {}\n", printable(one.text));
  }
  return out;
}

}  // namespace tieout::cli
