// What sales does with deals: from the first talk to the win, and everything that happens to a deal after its invoice.
#include <fmt/core.h>

#include "sim/people/desk.hpp"

namespace tieout::sim {
namespace {

Action create_deal(Desk& desk) {
  const bool won = desk.rng.chance(1, 3);
  const std::string id = new_deal(desk, won);
  return id.empty() ? nothing() : sold(won ? "deal.create_won" : "deal.create", "deals", id, "created deal " + id);
}

std::string open_deal(Desk& desk) {
  return desk.choose(hs::deals, [&](const hs::Record& deal) { return !desk.is_won(deal) && !desk.is_invoiced(deal); });
}
std::string won_deal(Desk& desk) {
  return desk.choose(hs::deals, [&](const hs::Record& deal) { return desk.is_won(deal); });
}
std::string invoiced_deal(Desk& desk) {
  return desk.choose(hs::deals, [&](const hs::Record& deal) { return desk.is_won(deal) && desk.is_invoiced(deal); });
}

Action win(Desk& desk) {
  const std::string id = open_deal(desk);
  if (id.empty()) return nothing();
  desk.edit(hs::deals, id, {{"dealstage", "closedwon"}, {"closedate", tieout::to_text(desk.now)}});
  return sold("deal.win", "deals", id, "won deal " + id);
}

Action lose(Desk& desk) {
  const std::string id = open_deal(desk);
  if (id.empty()) return nothing();
  desk.edit(hs::deals, id, {{"dealstage", "closedlost"}});
  return sold("deal.lose", "deals", id, "lost deal " + id);
}

Action reopen(Desk& desk) {
  const std::string id = invoiced_deal(desk);
  if (id.empty()) return nothing();
  desk.edit(hs::deals, id, {{"dealstage", "contractsent"}});
  return sold("deal.reopen", "deals", id, fmt::format("opened deal {} again, which has an invoice", id));
}

/// Bounced back: won, opened, won again.
Action win_again(Desk& desk) {
  const std::string id =
      desk.choose(hs::deals, [&](const hs::Record& deal) { return !desk.is_won(deal) && desk.is_invoiced(deal); });
  if (id.empty()) return nothing();
  desk.edit(hs::deals, id, {{"dealstage", "closedwon"}});
  return sold("deal.win_again", "deals", id, "won deal " + id + " again");
}

void say_amount(Desk& desk, const std::string& deal) {
  const auto worth = desk.worth(deal);
  if (!worth || desk.rng.chance(1, 4)) {
    desk.edit(hs::deals, deal, {{"amount", ""}});
    return;
  }
  const Decimal wrong = desk.rng.chance(1, 12) ? Decimal(5) : Decimal(0);
  desk.edit(hs::deals, deal, {{"amount", (*worth + wrong).to_text()}});
}

Action change_lines(Desk& desk, const std::string& kind, const std::string& deal) {
  if (deal.empty()) return nothing();
  const auto lines = desk.linked(hs::deals, deal, hs::line_items);
  const auto drawn = desk.rng.below(4);
  if (lines.empty() || drawn == 0) {
    give_lines(desk, deal, 1);
  } else if (drawn == 1 && lines.size() > 1) {
    desk.archive(hs::line_items, lines[desk.rng.below(lines.size())]);
  } else {
    const std::string& line = lines[desk.rng.below(lines.size())];  // a statement of its own: see company_name()
    desk.edit(hs::line_items, line, {{"quantity", std::to_string(1 + desk.rng.below(9))}});
  }
  say_amount(desk, deal);
  return sold(kind, "deals", deal, "changed the lines of deal " + deal);
}

Action change_open_lines(Desk& desk) { return change_lines(desk, "deal.lines", open_deal(desk)); }
Action change_invoiced_lines(Desk& desk) { return change_lines(desk, "deal.lines_late", invoiced_deal(desk)); }

/// Only the line, not the deal: the deal's own date of change stays.
Action change_a_line_alone(Desk& desk) {
  const std::string deal = open_deal(desk);
  const auto lines = deal.empty() ? std::vector<std::string>() : desk.linked(hs::deals, deal, hs::line_items);
  if (lines.empty()) return nothing();
  desk.edit(hs::line_items, lines.front(), {{"quantity", std::to_string(1 + desk.rng.below(9))}});
  return sold("line.quantity", "line_items", lines.front(), "changed a line of deal " + deal);
}

Action change_amount(Desk& desk) {
  const std::string id = won_deal(desk);
  if (id.empty()) return nothing();
  say_amount(desk, id);
  return sold("deal.amount", "deals", id, "said what deal " + id + " is worth");
}

Action note_receipt(Desk& desk) {
  const std::string id = desk.choose(hs::deals, [&](const hs::Record& deal) {
    return desk.is_won(deal) && desk.value(hs::deals, std::to_string(deal.id), "receipt_amount").empty();
  });
  if (id.empty()) return nothing();
  Decimal amount = Decimal::from_mantissa(static_cast<std::int64_t>(100 + desk.rng.below(20'000)), 2);
  if (const auto worth = desk.worth(id); worth && worth->sign() > 0 && desk.rng.chance(1, 2)) amount = *worth;
  desk.edit(hs::deals, id, {{"receipt_amount", amount.to_text()}, {"receipt_date", desk.today()}});
  return sold("receipt.note", "deals", id, fmt::format("took {} on deal {}", amount.to_text(), id));
}

std::string paid_deal(Desk& desk) {
  return desk.choose(hs::deals, [&](const hs::Record& deal) {
    return !desk.value(hs::deals, std::to_string(deal.id), "receipt_amount").empty();
  });
}

Action take_receipt_back(Desk& desk) {
  const std::string id = paid_deal(desk);
  if (id.empty()) return nothing();
  desk.edit(hs::deals, id, {{"receipt_amount", ""}, {"receipt_date", ""}});
  return sold("receipt.back", "deals", id, "took back the receipt on deal " + id);
}

Action change_receipt(Desk& desk) {
  const std::string id = paid_deal(desk);
  if (id.empty()) return nothing();
  desk.edit(hs::deals, id, {{"receipt_amount", fmt::format("{}.50", 1 + desk.rng.below(90))}});
  return sold("receipt.change", "deals", id, "corrected the receipt on deal " + id);
}

Action move_deal(Desk& desk) {
  const std::string id = desk.choose(hs::deals), to = desk.choose(hs::companies);
  if (id.empty() || to.empty()) return nothing();
  for (const std::string& from : desk.linked(hs::deals, id, hs::companies))
    if (from != to) desk.dissociate(hs::deals, id, hs::companies, from);
  desk.associate(hs::deals, id, hs::companies, to);
  desk.edit(hs::deals, id, {{"dealname", fmt::format("Order {} (moved)", ++desk.made)}});
  return sold("deal.move", "deals", id, fmt::format("moved deal {} to company {}", id, to));
}

Action rename_deal(Desk& desk) {
  const std::string id = desk.choose(hs::deals);
  if (id.empty()) return nothing();
  desk.edit(hs::deals, id, {{"dealname", fmt::format("Order {}", ++desk.made)}});
  return sold("deal.rename", "deals", id, "saved deal " + id);
}

Action archive_deal(Desk& desk) {
  const std::string id = desk.choose(hs::deals);
  if (id.empty() || !desk.archive(hs::deals, id)) return nothing();
  return sold("deal.archive", "deals", id, "archived deal " + id);
}

Action restore_deal(Desk& desk) {
  const std::string id = desk.choose_archived(hs::deals);
  if (id.empty() || !desk.restore(hs::deals, id)) return nothing();
  return sold("deal.restore", "deals", id, "restored deal " + id);
}

constexpr Habit kHabits[] = {{110, create_deal},
                             {110, win},
                             {6, lose},
                             {6, reopen},
                             {8, win_again},
                             {30, change_open_lines},
                             {5, change_invoiced_lines},
                             {16, change_a_line_alone},
                             {10, change_amount},
                             {36, note_receipt},
                             {4, take_receipt_back},
                             {4, change_receipt},
                             {4, move_deal},
                             {12, rename_deal},
                             {4, archive_deal},
                             {5, restore_deal}};

}  // namespace

std::span<const Habit> deal_habits() { return kHabits; }

void give_lines(Desk& desk, const std::string& deal, int count) {
  for (int i = 0; i < count; ++i) {
    const std::string product = desk.choose(hs::products);
    if (product.empty()) return;
    Fields values{{"name", desk.value(hs::products, product, "name")},
                  {"hs_product_id", product},
                  {"price", desk.value(hs::products, product, "price")}};
    if (desk.rng.chance(1, 24)) values.erase(values.begin() + 1);  // nobody said which product
    constexpr const char* kQuantities[] = {"1", "2", "3", "12", "1.5", "0.25", "7"};
    values.emplace_back("quantity", desk.rng.pick(kQuantities));
    if (desk.rng.chance(1, 5)) {
      constexpr const char* kPercents[] = {"5", "12.5", "33", "0.5"};
      values.emplace_back("hs_discount_percentage", desk.rng.pick(kPercents));
    } else if (desk.rng.chance(1, 10)) {
      values.emplace_back("discount", "0.15");
    }
    const std::string line = desk.add(hs::line_items, values);
    if (!line.empty()) desk.associate(hs::deals, deal, hs::line_items, line);
  }
}

std::string new_deal(Desk& desk, bool won) {
  const int number = ++desk.made;
  Fields values{{"dealname", fmt::format("Order {}", number)},
                {"dealstage", won ? "closedwon" : "contractsent"},
                {"closedate", tieout::to_text(desk.now)},
                {"deal_currency_code", desk.company.quirks.home_currency}};
  if (desk.rng.chance(1, 30)) values.back().second = "EUR";
  if (desk.rng.chance(1, 5)) values.emplace_back("po_number", fmt::format("PO-{}", number));
  const std::string id = desk.add(hs::deals, values);
  if (id.empty()) return {};
  const std::string company = desk.choose(hs::companies);
  if (!company.empty() && !desk.rng.chance(1, 24)) desk.associate(hs::deals, id, hs::companies, company);
  give_lines(desk, id, static_cast<int>(desk.rng.between(desk.rng.chance(1, 20) ? 0 : 1, 4)));
  say_amount(desk, id);
  return id;
}

}  // namespace tieout::sim
