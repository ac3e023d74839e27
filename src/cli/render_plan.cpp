#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "cli/render.hpp"

namespace tieout::cli {
namespace {

using decide::Change;
using ports::WriteKind;

struct Sign {
  std::string_view mark;
  Style style;
};

Sign sign_of(WriteKind kind) {
  switch (kind) {
    case WriteKind::create:
      return {"+", Style::green};
    case WriteKind::update:
      return {"~", Style::yellow};
    case WriteKind::void_document:
      return {"-", Style::red};
  }
  return {"?", Style::plain};
}

std::string step_text(const decide::FieldStep& step) {
  const std::string owner = step.owner.empty() ? "" : fmt::format(" ({})", step.owner);
  return fmt::format("{} {} → {}{}", step.field, step.before.empty() ? "(none)" : step.before,
                     step.after.empty() ? "(none)" : step.after, owner);
}

std::string origin_of(const Change& change) {
  if (!change.why.empty()) return change.why;
  if (change.kind == WriteKind::update && !change.steps.empty()) {
    std::string text = step_text(change.steps[0]);
    if (change.steps.size() > 1)
      text += fmt::format(", and {}",
                          plural(static_cast<std::int64_t>(change.steps.size()) - 1, "more field", "more fields"));
    return text;
  }
  return change.source_name.empty() ? "" : "from " + change.source_name;
}

std::string in_words(std::string type) {
  std::replace(type.begin(), type.end(), '_', ' ');
  return type;
}

void add_change(Table& table, const Change& change) {
  const Sign sign = sign_of(change.kind);
  const bool has_money = !change.currency.empty();
  table.row({{std::string(sign.mark), sign.style},
             {in_words(change.type)},
             {change.title.empty() ? change.target_name : change.title},
             {has_money ? change.currency : ""},
             {has_money ? amount_text(change.currency, change.amount) : ""},
             {origin_of(change), Style::dim}});
}

/// The remaining steps of updates get lines of their own only when all is shown; otherwise one line a change.
std::string change_lines(const decide::Plan& plan, const PlanView& view, const Terminal& terminal) {
  using Group = std::tuple<ports::Side, std::string, WriteKind>;
  std::map<Group, int> seen;
  std::map<Group, int> all;
  for (const Change& change : plan.changes) ++all[{change.side, change.type, change.kind}];

  Table table({Align::left, Align::left, Align::left, Align::left, Align::right, Align::left});
  table.limit(2, 44).limit(5, 70);
  for (const Change& change : plan.changes) {
    const Group group{change.side, change.type, change.kind};
    const int number = ++seen[group];
    if (!view.every_change && number > view.shown_of_a_kind) {
      if (number != view.shown_of_a_kind + 1) continue;
      const Sign sign = sign_of(change.kind);
      table.row({{std::string(sign.mark), sign.style},
                 {in_words(change.type)},
                 {fmt::format("… and {} more", grouped(std::int64_t{all[group] - view.shown_of_a_kind})), Style::dim}});
      continue;
    }
    add_change(table, change);
    if (view.every_change)
      for (std::size_t i = 1; i < change.steps.size(); ++i)
        table.row({{}, {}, {}, {}, {}, {step_text(change.steps[i]), Style::dim}});
  }
  return table.text(terminal);
}

std::string amounts(const std::map<std::string, Decimal>& by_currency) {
  std::string out;
  for (const auto& [currency, amount] : by_currency) {
    if (!out.empty()) out += " · ";
    out += money_text(currency, amount);
  }
  return out;
}

std::string calls_line(const decide::Plan& plan) {
  std::string out;
  for (const auto& [connection, count] : plan.calls) {
    if (count == 0) continue;
    if (!out.empty()) out += ", ";
    out += fmt::format("{} to {}", plural(count, "call", "calls"), connection);
  }
  if (out.empty()) return out;
  return fmt::format("{} · about {} s", out, grouped(plan.estimated_seconds));
}

/// An undo says what it takes out of the receivables, and that what it can not undo is listed above.
std::string undo_summary(const decide::Plan& plan, const PlanView& view, const Terminal& terminal) {
  const auto count = [&](WriteKind kind, std::string_view type) {
    return std::count_if(plan.changes.begin(), plan.changes.end(),
                         [&](const Change& change) { return change.kind == kind && change.type == type; });
  };
  const auto stays = std::count_if(plan.withheld.begin(), plan.withheld.end(),
                                   [](const auto& one) { return one.state == ports::State::held; });
  const std::int64_t voids = plan.count(WriteKind::void_document), credits = count(WriteKind::create, "credit_note");
  std::string line =
      fmt::format("Undo of {}: {} to void, {} to credit, {} to change back, {} can not be undone.", plan.undoes,
                  grouped(voids), grouped(credits), grouped(plan.count(WriteKind::update)), grouped(stays));
  std::string out = terminal.paint(Style::bold, line);
  if (!plan.reversed_receivables.empty())
    out += fmt::format("  {} receivables reversed.", amounts(plan.reversed_receivables));
  if (!plan.reversed_payments.empty()) out += fmt::format("  {} payments reversed.", amounts(plan.reversed_payments));
  out += "\n";
  if (plan.changes.empty()) return out + "      There is nothing left to undo.\n";
  out +=
      "      No document is deleted, nothing is written into a closed period, and no sale is invoiced again by "
      "itself.\n";
  const std::string calls = calls_line(plan);
  out += "      " + (calls.empty() ? "" : calls + ".   ") + "Apply exactly this: ";
  return out + terminal.paint(Style::bold, "tieout apply " + (view.apply_as.empty() ? plan.id : view.apply_as)) + "\n";
}

std::string summary(const decide::Plan& plan, const PlanView& view, const Terminal& terminal) {
  if (!plan.undoes.empty()) return undo_summary(plan, view, terminal);
  std::int64_t held = 0;
  for (const auto& withheld : plan.withheld) held += withheld.state == ports::State::held ? 1 : 0;
  std::string line =
      fmt::format("Plan: {} to create, {} to change, {} to void, {} held.", grouped(plan.count(WriteKind::create)),
                  grouped(plan.count(WriteKind::update)), grouped(plan.count(WriteKind::void_document)), grouped(held));
  std::string out = terminal.paint(Style::bold, line);
  if (!plan.new_receivables.empty()) out += fmt::format("  {} new receivables.", amounts(plan.new_receivables));
  if (!plan.payments.empty()) out += fmt::format("  {} payments.", amounts(plan.payments));
  out += "\n";
  if (plan.changes.empty()) return out + "      Both sides are as they should be; there is nothing to apply.\n";
  if (plan.follow_ups > 0)
    out += fmt::format("      Afterwards {} will be told what became of them (policy of the mapping).\n",
                       plural(plan.follow_ups, "deal", "deals"));
  const std::string calls = calls_line(plan);
  out += "      " + (calls.empty() ? "" : calls + ".   ") + "Apply exactly this: ";
  return out + terminal.paint(Style::bold, "tieout apply " + (view.apply_as.empty() ? plan.id : view.apply_as)) + "\n";
}

}  // namespace

std::string render_plan(const decide::Plan& plan, const PlanView& view, const Terminal& terminal) {
  std::string out = change_lines(plan, view, terminal);
  if (!plan.withheld.empty())
    out += render_withheld(plan.withheld, view.every_change ? plan.withheld.size() : 12, terminal);
  if (!out.empty()) out += "\n";
  return out + summary(plan, view, terminal);
}

}  // namespace tieout::cli
