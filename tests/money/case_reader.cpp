#include "case_reader.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <sstream>
#include <vector>

#include "money/document.hpp"
#include "money/money.hpp"
#include "money/payments.hpp"

namespace tieout::test {
namespace {

/// One case while it is read. A word of the case that nobody knows is a mistake in the case, not a silent nothing.
struct Case {
  Document document;
  std::optional<ZeroTotalPolicy> zero;
  std::vector<std::string> reshapes;
  std::vector<std::string> results;  ///< what other words than a document came to
  std::optional<Money> payment;
  std::vector<OpenInvoice> open;
  std::string mistake;
};

using Words = std::vector<std::string>;

Words words_of(const std::string& text) {
  std::istringstream in(text);
  Words words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::string fault_text(const Fault& fault) {
  return fmt::format("refused {}\n  {}{}", fault.code, fault.what,
                     fault.field.empty() ? "" : fmt::format("\n  field {}", fault.field));
}

template <class T>
T take(Case& c, Result<T> result, T otherwise = T{}) {
  if (result) return *result;
  c.results.push_back(fault_text(result.error()));
  return otherwise;
}

Decimal number(Case& c, const std::string& text) { return take(c, Decimal::parse(text)); }

/// "EUR 80.00"
Money money(Case& c, const std::string& code, const std::string& amount) {
  const Currency currency = take(c, Currency::parse(code));
  return take(c, Money::exact(number(c, amount), currency));
}

void read_line_part(Case& c, DocumentLine& line, const std::string& part) {
  const Words w = words_of(part);
  if (w.size() == 3 && w[1] == "x") {
    line.quantity = number(c, w[0]);
    line.unit_price = number(c, w[2]);
  } else if (w.size() == 3 && w[0] == "less" && w[2] == "%") {
    line.discount_percent = number(c, w[1]);
  } else if (w.size() == 2 && w[0] == "less") {
    line.discount_amount = number(c, w[1]);
  } else if (w.size() >= 4 && w[0] == "tax" && w[3] == "%") {
    line.taxes.push_back({w[1], number(c, w[2]), w.size() == 5 && w[4] == "compound"});
  } else if (w.size() == 2 && w[0] == "code") {
    line.tax_code = w[1];
  } else if (w.size() == 1 && (w[0] == "inclusive" || w[0] == "exclusive")) {
    line.mode = take(c, parse_tax_mode(w[0]));
  } else if (part.find("undiscounted") != std::string::npos) {
    line.takes_document_discount = false;
  } else if (part.find("charge") != std::string::npos) {
    line.kind = LineKind::charge;
  } else {
    c.mistake = "line: " + part;
  }
}

void read_line(Case& c, const std::string& text) {
  DocumentLine line;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, '|');) read_line_part(c, line, part);
  c.document.lines.push_back(std::move(line));
}

void read_discount(Case& c, const Words& w) {
  (w.size() > 1 && w[1] == "%" ? c.document.discount_percent : c.document.discount_amount) = number(c, w.at(0));
  if (w.back() == "before_tax" || w.back() == "after_tax") {
    c.document.rules.discount_timing = take(c, parse_discount_timing(w.back()));
  }
}

void read_tax(Case& c, const Words& w) {
  c.document.rules.tax_mode = take(c, parse_tax_mode(w.at(0)));
  if (w.size() > 2) c.document.rules.tax_level = take(c, parse_level(w[2]));
}

void run_split(Case& c, const Words& w) {
  const Money whole = money(c, w.at(0), w.at(1));
  std::vector<std::int64_t> weights;
  for (std::size_t i = 3; i < w.size(); ++i) weights.push_back(std::stoll(w[i]));
  const auto shares = whole.split_by(weights);
  if (!shares) return c.results.push_back(fault_text(shares.error()));
  std::string text;
  for (const Money share : *shares) text += (text.empty() ? "" : " + ") + share.amount().to_text();
  c.results.push_back(text);
}

void run_amount(Case& c, const Words& w) {
  const Currency currency = take(c, Currency::parse(w.at(0)));
  const auto amount = Decimal::parse(w.at(1));
  if (!amount) return c.results.push_back(fault_text(amount.error()));
  const auto result =
      w.size() > 2 ? Money::round(*amount, currency, take(c, parse_rounding(w[2]))) : Money::exact(*amount, currency);
  c.results.push_back(result ? result->to_text() : fault_text(result.error()));
}

void run_add(Case& c, const Words& w) {
  const auto sum = Money::add(money(c, w.at(0), w.at(1)), money(c, w.at(2), w.at(3)));
  c.results.push_back(sum ? sum->to_text() : fault_text(sum.error()));
}

void run_currency(Case& c, const Words& w) {
  const auto currency = Currency::parse(w.at(0));
  if (!currency) return c.results.push_back(fault_text(currency.error()));
  if (w.size() == 3) {
    const auto valid = currency->valid_on(take(c, parse_date(w[2]), utc_date(instant_from_ms(0))));
    return c.results.push_back(valid ? fmt::format("{} is good", w[0]) : fault_text(valid.error()));
  }
  c.results.push_back(fmt::format("{} {:03} {} places {}", currency->code(), currency->numeric(), currency->exponent(),
                                  currency->name()));
}

void run_divide(Case& c, const Words& w) {
  const auto result = Decimal::divide(number(c, w.at(0)), number(c, w.at(1)), 2, c.document.rules.rounding);
  c.results.push_back(result ? result->to_text() : fault_text(result.error()));
}

void read_open(Case& c, const Words& w) {
  c.open.push_back({w.at(0), take(c, parse_date(w.at(2)), utc_date(instant_from_ms(0))), money(c, w.at(3), w.at(4))});
}

/// The first word of each line of a case.
const std::map<std::string, std::function<void(Case&, const std::string&, const Words&)>>& vocabulary() {
  using S = const std::string&;
  using W = const Words&;
  static const std::map<std::string, std::function<void(Case&, S, W)>> table = {
      {"case", [](Case&, S, W) {}},
      {"because", [](Case&, S, W) {}},
      {"currency", [](Case& c, S, W w) { c.document.rules.currency = take(c, Currency::parse(w.at(0))); }},
      {"rounding", [](Case& c, S, W w) { c.document.rules.rounding = take(c, parse_rounding(w.at(0))); }},
      {"tax", [](Case& c, S, W w) { read_tax(c, w); }},
      {"amounts", [](Case& c, S, W w) { c.document.rules.amount_level = take(c, parse_level(w.at(1))); }},
      {"rounds", [](Case& c, S, W w) { c.document.rules.inclusive_part = take(c, parse_inclusive_part(w.at(0))); }},
      {"line", [](Case& c, S text, W) { read_line(c, text); }},
      {"discount", [](Case& c, S, W w) { read_discount(c, w); }},
      {"cash", [](Case& c, S, W w) { c.document.rules.cash_step = number(c, w.at(1)); }},
      {"target", [](Case& c, S, W w) { c.document.rules.target_places = std::stoi(w.at(1)); }},
      {"units", [](Case& c, S, W w) { c.document.rules.target_unit_places = std::stoi(w.at(1)); }},
      {"zero", [](Case& c, S, W w) { c.zero = w.at(0) == "skip" ? ZeroTotalPolicy::skip : ZeroTotalPolicy::post; }},
      {"then", [](Case& c, S text, W) { c.reshapes.push_back(text); }},
      {"split", [](Case& c, S, W w) { run_split(c, w); }},
      {"amount", [](Case& c, S, W w) { run_amount(c, w); }},
      {"add", [](Case& c, S, W w) { run_add(c, w); }},
      {"code", [](Case& c, S, W w) { run_currency(c, w); }},
      {"divide", [](Case& c, S, W w) { run_divide(c, w); }},
      {"open", [](Case& c, S, W w) { read_open(c, w); }},
      {"payment", [](Case& c, S, W w) { c.payment = money(c, w.at(0), w.at(1)); }},
  };
  return table;
}

Result<Document> reshape(const Document& document, const std::string& how) {
  if (how == "one mode exclusive") return in_one_mode(document, TaxMode::exclusive);
  if (how == "one mode inclusive") return in_one_mode(document, TaxMode::inclusive);
  if (how == "discount on lines") return discount_on_lines(document);
  if (how == "discount as negative lines") return discount_as_negative_lines(document);
  if (how == "discounts netted") return discounts_netted(document);
  if (how == "credit note") return as_credit_note(document);
  return fail("case.word.unknown", "then " + how);
}

std::string line_text(const Document& document, const LineTotals& line, std::size_t index) {
  const DocumentLine& source = document.lines[index];
  std::string text = fmt::format("line {}  {} x {}", index + 1, source.quantity.to_text(), source.unit_price.to_text());
  const auto add = [&](std::string_view name, Decimal amount) {
    if (!amount.is_zero()) text += fmt::format("  {} {}", name, amount.to_text());
  };
  add("less", line.line_discount);
  add("share of discount", line.document_discount);
  text += fmt::format("  net {}", line.net.to_text());
  for (std::size_t k = 0; k < line.taxes.size(); ++k) {
    text += fmt::format("  {} {}", source.taxes[k].name, line.taxes[k].to_text());
  }
  text += fmt::format("  gross {}", line.gross.to_text());
  if (line.amount_only) text += "  (send the amount only)";
  return text + "\n";
}

std::string totals_text(const Document& document) {
  const auto totals = compute_totals(document);
  if (!totals) return fault_text(totals.error()) + "\n";
  std::string text;
  for (std::size_t i = 0; i < totals->lines.size(); ++i) text += line_text(document, totals->lines[i], i);
  if (!totals->discount_total.is_zero()) {
    text += fmt::format("subtotal {}  discount {}\n", totals->subtotal.to_text(), totals->discount_total.to_text());
  }
  text += fmt::format("net {}", totals->net_total.to_text());
  for (const TaxTotal& tax : totals->taxes) {
    text += fmt::format("  {} {} % of {} = {}", tax.name, tax.percent.to_text(), tax.base.to_text(), tax.tax.to_text());
  }
  text += fmt::format("\ntotal {} {}\n", document.rules.currency.code(), totals->total.to_text());
  if (!totals->rounding_difference.is_zero()) {
    text += fmt::format("rounding difference {}\n", totals->rounding_difference.to_text());
  }
  if (document.rules.cash_step) {
    text += fmt::format("cash rounding {}  payable {}\n", totals->cash_rounding.to_text(), totals->payable.to_text());
  }
  if (totals->direction == Direction::credit_note) text += "becomes a credit note\n";
  return text;
}

std::string document_text(Case& c) {
  for (const std::string& how : c.reshapes) {
    auto reshaped = reshape(c.document, how);
    if (!reshaped) return fault_text(reshaped.error()) + "\n";
    c.document = *std::move(reshaped);
  }
  std::string text = totals_text(c.document);
  if (c.zero) {
    const Posting posting = posting_for(*compute_totals(c.document), *c.zero);
    text += posting == Posting::skip_zero_total ? "skipped, nothing to pay\n" : "posted\n";
  }
  return text;
}

std::string settlement_text(const Case& c) {
  const auto settlement = settle_oldest_first(*c.payment, c.open);
  if (!settlement) return fault_text(settlement.error()) + "\n";
  std::string text;
  for (const Allocation& a : settlement->allocations) {
    text += fmt::format("{}  paid {}  open {}\n", a.number, a.paid.to_text(), a.open_balance.to_text());
  }
  return text + fmt::format("unapplied {}\n", settlement->unapplied.to_text());
}

std::string result_of(Case& c) {
  if (!c.mistake.empty()) return "mistake in the case: " + c.mistake + "\n";
  std::string text;
  for (const std::string& result : c.results) text += result + "\n";
  if (c.payment) text += settlement_text(c);
  if (!c.document.lines.empty()) text += document_text(c);
  return text;
}

}  // namespace

std::string run_cases(const std::string& text) {
  std::istringstream in(text);
  std::string out;
  std::optional<Case> current;
  for (std::string line; std::getline(in, line);) {
    const Words words = words_of(line);
    if (!words.empty() && words[0] == "case") {
      if (!out.empty()) out += "\n";
      current.emplace();
    }
    if (!current) continue;
    if (line == "----") {
      out += line + "\n" + result_of(*current);
      current.reset();
      continue;
    }
    out += line + "\n";
    if (words.empty()) continue;
    const auto word = vocabulary().find(words[0]);
    if (word == vocabulary().end()) {
      current->mistake = line;
      continue;
    }
    const auto value = line.find_first_not_of(' ', words[0].size());
    word->second(*current, value == std::string::npos ? "" : line.substr(value), Words(words.begin() + 1, words.end()));
  }
  return out;
}

}  // namespace tieout::test
