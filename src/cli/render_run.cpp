#include <fmt/core.h>

#include <algorithm>

#include "cli/render.hpp"
#include "cli/trouble.hpp"

namespace tieout::cli {
namespace {

Style style_of(ports::State state) {
  switch (state) {
    case ports::State::in_sync:
      return Style::green;
    case ports::State::held:
      return Style::yellow;
    case ports::State::failed:
      return Style::red;
    default:
      return Style::plain;
  }
}

std::string observed_line(const engine::ObserveReport& seen) {
  std::string line = fmt::format("{} new, {} changed, {} unchanged", grouped(seen.fresh), grouped(seen.changed),
                                 grouped(seen.unchanged));
  if (seen.quarantined > 0) line += fmt::format(", {} could not be read and are held", grouped(seen.quarantined));
  return line;
}

std::string written_line(const engine::WriteCounts& written) {
  if (written.total() + written.refused + written.in_doubt + written.retry_later == 0)
    return "nothing: both sides were as they should be";
  std::string line = fmt::format("{} created, {} changed, {} voided", grouped(written.created),
                                 grouped(written.updated), grouped(written.voided));
  if (written.refused > 0) line += fmt::format("; {} refused (held with the reason)", grouped(written.refused));
  if (written.in_doubt > 0)
    line +=
        fmt::format("; {} without a clear answer (looked up before anything else is sent)", grouped(written.in_doubt));
  if (written.retry_later > 0) line += fmt::format("; {} to be tried again", grouped(written.retry_later));
  return line;
}

std::string calls_text(const std::map<std::string, std::int64_t>& calls) {
  std::string out;
  for (const auto& [name, count] : calls) out += (out.empty() ? "" : ", ") + fmt::format("{} {}", grouped(count), name);
  return out.empty() ? "none" : out;
}

/// What is wrong, without the remedies that review and explain tell in full.
std::string brief(std::string_view reason) {
  constexpr int kColumns = 96;
  return shortened(reason.substr(0, reason.find(';')), kColumns);
}

}  // namespace

std::string render_tally(const std::vector<ports::Tally>& tally, std::int64_t records, const Terminal& terminal) {
  Table table(
      {Align::left, Align::left, Align::right, Align::right, Align::right, Align::right, Align::right, Align::right});
  table.row({{"side", Style::dim},
             {"records", Style::dim},
             {"in sync", Style::dim},
             {"pending", Style::dim},
             {"held", Style::dim},
             {"failed", Style::dim},
             {"skipped", Style::dim},
             {"all", Style::dim}});
  constexpr ports::State kOrder[] = {ports::State::in_sync, ports::State::pending, ports::State::held,
                                     ports::State::failed, ports::State::skipped};
  std::array<std::int64_t, 5> sums{};
  const auto cells = [&](std::vector<Cell> row, const std::array<std::int64_t, 5>& count) {
    std::int64_t all = 0;
    for (const ports::State state : kOrder) {
      const std::int64_t number = count[static_cast<std::size_t>(state)];
      row.push_back({number == 0 ? "·" : grouped(number), number == 0 ? Style::dim : style_of(state)});
      all += number;
    }
    row.push_back({grouped(all)});
    table.row(std::move(row));
  };
  for (const ports::Tally& line : tally) {
    cells({{std::string(to_text(line.side))}, {line.type}}, line.count);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += line.count[i];
  }
  cells({{"all", Style::bold}, {}}, sums);
  std::int64_t sum = 0;
  for (const auto count : sums) sum += count;
  std::string out = table.text(terminal);
  if (sum != records)
    out += terminal.paint(
        Style::red, fmt::format("  {} records are in scope, but {} have a state\n", grouped(records), grouped(sum)));
  return out;
}

std::string render_withheld(const std::vector<decide::Withheld>& withheld, std::size_t most, const Terminal& terminal) {
  Table table({Align::left, Align::left, Align::left, Align::left});
  table.limit(2, 40);
  std::size_t shown = 0, left_out = 0;
  std::int64_t waiting = 0;
  for (const decide::Withheld& one : withheld) {
    if (one.state == ports::State::pending)
      ++waiting;
    else if (shown == most)
      ++left_out;
    else if (++shown)
      table.row({{"!", Style::yellow},
                 {fmt::format("{} {}", one.name, to_text(one.state))},
                 {one.title},
                 {brief(one.reason)}});
  }
  std::string out = table.text(terminal);
  const std::string mark = terminal.paint(Style::yellow, "!");
  if (left_out > 0)
    out += fmt::format("  {}  {} more: tieout review\n", mark, grouped(static_cast<std::int64_t>(left_out)));
  if (waiting > 0)
    out += fmt::format("  {}  {} for another record (tieout explain RECORD says which)\n", mark,
                       plural(waiting, "record waits", "records wait"));
  return out;
}

std::string render_run(const engine::RunReport& report, const Terminal& terminal) {
  std::string out;
  out += fmt::format("  read     {}\n", observed_line(report.observed));
  out += fmt::format("  written  {}\n", written_line(report.written));
  out += fmt::format("  calls    {}\n\n", calls_text(report.calls));
  out += render_tally(report.tally, report.records, terminal);
  if (!report.withheld.empty()) out += "\n" + render_withheld(report.withheld, 12, terminal);
  if (!report.breakers.empty()) out += "\n" + render_breakers(report.breakers, terminal);
  for (const Fault& notice : report.notices)
    out += fmt::format("\n  {} {} [{}]\n", terminal.paint(Style::yellow, "note"), printable(notice.what), notice.code);
  if (!report.complete)
    out += terminal.paint(Style::yellow,
                          "\n  Not everything is done yet; the next tieout sync goes on where this one stopped.\n");
  return out;
}

std::string render_status(const engine::StatusReport& report, const Terminal& terminal) {
  std::string out;
  out += fmt::format("  books of    {}\n", printable(report.entity));
  out += fmt::format("  last sync   {}\n", report.last_sync_at.empty() ? "never" : report.last_sync_at);
  out += fmt::format("  links       {}\n", grouped(report.links));
  out += fmt::format("  to decide   {}\n", plural(report.dirty, "record", "records"));
  if (report.unfinished_intents > 0)
    out += terminal.paint(
        Style::yellow,
        fmt::format("  in doubt    {} without a clear answer; the next run looks them up (tieout doubt)\n",
                    plural(report.unfinished_intents, "write", "writes")));
  if (!report.breakers.empty()) out += "\n" + render_breakers(report.breakers, terminal);
  out += "\n" + render_tally(report.tally, report.records, terminal);
  if (!report.withheld.empty()) out += "\n" + render_withheld(report.withheld, 20, terminal);
  return out;
}

}  // namespace tieout::cli
