#include <fmt/core.h>

#include <algorithm>

#include "cli/render.hpp"

namespace tieout::cli {
namespace {

void add_line(Table& table, const std::string& currency, std::string_view what, const Decimal& crm,
              const Decimal& books) {
  const Decimal gap = crm - books;
  table.row({{std::string(what)},
             {currency},
             {amount_text(currency, crm)},
             {amount_text(currency, books)},
             {gap.is_zero() ? "0" : amount_text(currency, gap), gap.is_zero() ? Style::green : Style::red}});
}

std::string totals_table(const engine::TieOut& tie_out, const Terminal& terminal) {
  Table table({Align::left, Align::left, Align::right, Align::right, Align::right});
  table.row(
      {{"", Style::dim}, {"", Style::dim}, {"CRM", Style::dim}, {"books", Style::dim}, {"difference", Style::dim}});
  for (const auto& [currency, totals] : tie_out.totals) {
    add_line(table, currency, plural(totals.invoices, "invoice", "invoices"), totals.invoiced_crm,
             totals.invoiced_books);
    add_line(table, currency, "paid", totals.paid_crm, totals.paid_books);
    add_line(table, currency, "open", totals.open_crm, totals.open_books);
    if (totals.not_invoiced > 0)
      table.row({{"not invoiced"},
                 {currency},
                 {amount_text(currency, totals.not_invoiced_amount)},
                 {"·", Style::dim},
                 {"listed", Style::cyan}});
  }
  return table.text(terminal);
}

std::string difference_lines(const engine::TieOut& tie_out, bool every_difference, const Terminal& terminal) {
  const std::size_t shown =
      every_difference ? tie_out.differences.size() : std::min<std::size_t>(20, tie_out.differences.size());
  Table table({Align::left, Align::left, Align::left, Align::left, Align::right, Align::right, Align::left});
  table.limit(3, 36);
  for (std::size_t i = 0; i < shown; ++i) {
    const engine::Difference& one = tie_out.differences[i];
    table.row({{one.explained ? "i" : "≠", one.explained ? Style::cyan : Style::red},
               {std::string(to_text(one.cause))},
               {one.record},
               {one.title},
               {one.currency.empty() ? "" : amount_text(one.currency, one.crm)},
               {one.currency.empty() ? "" : amount_text(one.currency, one.books)},
               {every_difference ? one.what : shortened(one.what, 110)}});
  }
  std::string out = table.text(terminal);
  if (shown < tie_out.differences.size())
    out += fmt::format("  … and {} more (--all shows them)\n",
                       grouped(static_cast<std::int64_t>(tie_out.differences.size() - shown)));
  return out;
}

}  // namespace

std::string render_tie_out(const engine::TieOut& tie_out, bool every_difference, const Terminal& terminal) {
  std::string out = totals_table(tie_out, terminal);
  out += fmt::format("\n  {} of {} invoiced, {} not, with a reason · {} compared\n", grouped(tie_out.invoiced_deals),
                     plural(tie_out.won_deals, "won deal", "won deals"), grouped(tie_out.held_deals),
                     plural(tie_out.customers_compared, "customer balance", "customer balances"));
  if (!tie_out.differences.empty()) out += "\n" + difference_lines(tie_out, every_difference, terminal);
  out += "\n" + terminal.paint(tie_out.ties_out ? Style::green : Style::red, printable(tie_out.verdict)) + "\n";
  return out;
}

}  // namespace tieout::cli
