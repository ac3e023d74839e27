#include "observe/audit.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>

#include "model/name_similarity.hpp"
#include "money/currency.hpp"

namespace tieout::observe {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool has_stray_blanks(std::string_view text) {
  return !text.empty() && (text.front() == ' ' || text.back() == ' ' || text.find("  ") != std::string_view::npos);
}

class Auditor {
 public:
  explicit Auditor(const AuditInput& input) : input_(input) {}

  AuditReport run() {
    companies(AuditSide::crm, input_.crm_companies);
    companies(AuditSide::books, input_.books_companies);
    names_across();
    products(AuditSide::crm, input_.crm_products);
    products(AuditSide::books, input_.books_products);
    for (const Named& deal : input_.deals) check_deal(deal);
    fields();
    finish();
    return std::move(report_);
  }

 private:
  void add(std::string kind, Severity severity, AuditSide side, std::string_view type, const Named& record, std::string what, std::string fix) {
    report_.findings.push_back({std::move(kind), severity, side, fmt::format("{} {}", type, record.id), std::string(record.record.text("name")), std::move(what), std::move(fix)});
  }

  /// Calls found(first, other) for each record whose key was seen before; empty keys are no keys.
  template <class Key, class Found>
  static void doubles(const std::vector<Named>& records, Key key, Found found) {
    std::unordered_map<std::string, const Named*> seen;
    for (const Named& one : records) {
      std::string text = key(one.record);
      if (text.empty()) continue;
      const auto [first, is_new] = seen.emplace(std::move(text), &one);
      if (!is_new) found(*first->second, one);
    }
  }

  void companies(AuditSide side, const std::vector<Named>& all) {
    report_.records += static_cast<std::int64_t>(all.size());
    doubles(all, [](const model::Record& r) { return model::match_key(r.text("name")); }, [&](const Named& first, const Named& other) {
      add("duplicate_name", Severity::warning, side, "company", other, fmt::format("has the same name as company {} \"{}\"", first.id, first.record.text("name")),
          "merge them there, or tell them apart by a customer number");
    });
    for (const char* field : {"tax_id", "domain", "customer_number"})
      doubles(all, [&](const model::Record& r) { return lower(r.text(field)); }, [&](const Named& first, const Named& other) {
        add(fmt::format("duplicate_{}", field), Severity::warning, side, "company", other,
            fmt::format("has the {} of company {} \"{}\": {}", field, first.id, first.record.text("name"), other.record.text(field)),
            "merge them there, or correct one of them; until then a person is asked");
      });
    for (const Named& one : all) check_company(side, one);
  }

  void check_company(AuditSide side, const Named& one) {
    const model::Record& company = one.record;
    if (company.text("name").empty()) add("name_missing", Severity::blocker, side, "company", one, "has no name", "give it the name that stands on its invoices");
    if (has_stray_blanks(company.text("name"))) add("name_blanks", Severity::note, side, "company", one, "has blanks before, after or doubled inside its name", "they are compared without, but better removed");
    check_tax_id(side, one);
    check_currency(side, "company", one);
    check_terms(side, one);
    if (side == AuditSide::crm && (company.text("billing_street").empty() || company.text("billing_city").empty() || company.text("billing_country").empty()))
      add("address_incomplete", Severity::note, side, "company", one, "has no complete address (street, city, country)", "complete it before invoices are sent; taxes may depend on it");
  }

  void check_tax_id(AuditSide side, const Named& one) {
    const std::string_view id = one.record.text("tax_id");
    const std::string_view country = one.record.text("billing_country");
    if (!id.empty()) {
      if (has_tax_id_form(id, country) == false)
        add("tax_id_malformed", Severity::warning, side, "company", one, fmt::format("tax id {} is not of the form used in {}", id, country), "correct it; an invoice without a valid one may owe tax");
      return;
    }
    if (side == AuditSide::crm && has_tax_id_form("", country).has_value())
      add("tax_id_missing", Severity::note, side, "company", one, fmt::format("has no tax id ({})", country), "ask the customer for it, if it is a business");
  }

  void check_currency(AuditSide side, std::string_view type, const Named& one) {
    const std::string_view code = one.record.text("currency");
    if (code.empty()) return;  // the account's home currency then
    if (!Currency::parse(code)) {
      add("currency_unknown", Severity::blocker, side, type, one, fmt::format("currency \"{}\" is no ISO 4217 code", code), "correct it");
      return;
    }
    const auto& enabled = input_.books_currencies;
    if (side == AuditSide::crm && !enabled.empty() && std::find(enabled.begin(), enabled.end(), code) == enabled.end())
      add("currency_not_enabled", Severity::blocker, side, type, one, fmt::format("is in {}, which the books do not keep", code), "switch multi-currency on in the books and add it, or invoice in another currency");
  }

  void check_terms(AuditSide side, const Named& one) {
    const std::string_view terms = one.record.text("payment_terms");
    const auto& known = input_.books_terms;
    if (side != AuditSide::crm || terms.empty() || known.empty()) return;
    if (std::find_if(known.begin(), known.end(), [&](const std::string& name) { return lower(name) == lower(terms); }) == known.end())
      add("terms_unknown", Severity::warning, side, "company", one, fmt::format("payment terms \"{}\" do not exist in the books", terms), "add them there, or use the books' name for them");
  }

  /// The same key on both sides, but not the same name: they will be linked, and one name will win.
  void names_across() {
    std::unordered_map<std::string, const Named*> books;
    const auto keys_of = [](const model::Record& record) {
      std::vector<std::string> keys;
      for (const char* field : {"tax_id", "customer_number", "domain"})
        if (!record.text(field).empty()) keys.push_back(std::string(field) + "=" + lower(record.text(field)));
      return keys;
    };
    for (const Named& one : input_.books_companies)
      for (std::string& key : keys_of(one.record)) books.emplace(std::move(key), &one);
    for (const Named& one : input_.crm_companies)
      for (const std::string& key : keys_of(one.record)) {
        const auto other = books.find(key);
        if (other == books.end() || other->second->record.text("name") == one.record.text("name")) continue;
        add("name_differs", Severity::warning, AuditSide::crm, "company", one,
            fmt::format("is called \"{}\" in the books (customer {}, same {})", other->second->record.text("name"), other->second->id, key.substr(0, key.find('='))),
            "agree on one name; otherwise the CRM's wins by the field's owner");
        break;
      }
  }

  void products(AuditSide side, const std::vector<Named>& all) {
    report_.records += static_cast<std::int64_t>(all.size());
    doubles(all, [](const model::Record& r) { return lower(r.text("sku")); }, [&](const Named& first, const Named& other) {
      add("duplicate_sku", Severity::warning, side, "product", other, fmt::format("has the SKU of product {} \"{}\"", first.id, first.record.text("name")), "give each its own; until then a person is asked");
    });
    for (const Named& one : all)
      if (side == AuditSide::crm && !one.record.has("unit_price")) add("price_missing", Severity::note, side, "product", one, "has no list price", "lines then need a price of their own");
  }

  void check_deal(const Named& one) {
    const model::Record& deal = one.record;
    if (!deal.get("is_won").is(model::Value::Kind::boolean) || !deal.get("is_won").as_boolean()) return;
    ++report_.records;
    const auto block = [&](const char* kind, std::string what, std::string fix) { add(kind, Severity::blocker, AuditSide::crm, "deal", one, std::move(what), std::move(fix)); };
    if (deal.text("company").empty()) block("deal_without_company", "is won, but has no company", "associate the company that is invoiced");
    if (!deal.has("closed_on")) block("deal_without_date", "is won, but has no close date", "set the day of the sale");
    check_currency(AuditSide::crm, "deal", one);
    const auto lines = deal.records("lines");
    if (lines.empty()) {
      block("deal_without_lines", "is won, but has no line items", "add what was sold");
      return;
    }
    Decimal sum;
    for (const model::Record& line : lines) sum += line.decimal("amount", line.decimal("quantity") * line.decimal("unit_price"));
    const Decimal amount = deal.decimal("amount", sum);
    if ((sum - amount).abs() > Decimal::of("0.05"))
      block("deal_amount_differs", fmt::format("says {}, its lines add up to {}", amount.rounded(2, Rounding::half_up).to_text(), sum.rounded(2, Rounding::half_up).to_text()), "correct the amount or the lines");
  }

  struct Needed {
    const char* field;
    const char* type;   ///< of the CRM record that may hold it
    const char* in_crm; ///< canonical field there, "" when it never is
    const char* derived;  ///< how it can be made otherwise, "" when it cannot
  };

  static std::int64_t filled(const std::vector<Named>& records, const char* field) {
    return std::count_if(records.begin(), records.end(), [&](const Named& one) { return one.record.has(field); });
  }

  void fields() {
    static constexpr Needed kNeeded[] = {
        {"customer.name", "company", "name", ""},
        {"customer.billing_address", "company", "billing_street", ""},
        {"customer.country", "company", "billing_country", ""},
        {"customer.email", "company", "email", "the primary contact's e-mail"},
        {"customer.tax_id", "company", "tax_id", ""},
        {"customer.currency", "company", "currency", "the books' home currency"},
        {"customer.payment_terms", "company", "payment_terms", "the books' default terms"},
        {"product.sku", "product", "sku", "the product's name"},
        {"product.unit_price", "product", "unit_price", "the price on each line"},
        {"product.income_account", "product", "", "the mapping's account for sales"},
        {"invoice.customer", "deal", "company", ""},
        {"invoice.issued_on", "deal", "closed_on", ""},
        {"invoice.due_on", "deal", "", "issue date and payment terms"},
        {"invoice.number", "deal", "number", "the books' own sequence"},
        {"invoice.lines", "deal", "lines", ""},
        {"invoice.currency", "deal", "currency", "the customer's currency"},
        {"invoice.tax_code", "deal", "", "the mapping's tax rule, else the product's tax code"},
        {"invoice.purchase_order", "deal", "purchase_order", ""},
    };
    for (const Needed& needed : kNeeded) {
      const std::string_view type = needed.type;
      const auto& records = type == "company" ? input_.crm_companies : type == "product" ? input_.crm_products : input_.deals;
      FieldCheck check;
      check.field = needed.field;
      check.of = static_cast<std::int64_t>(records.size());
      check.filled = *needed.in_crm == '\0' ? 0 : filled(records, needed.in_crm);
      if (check.filled > 0 && check.filled == check.of) check.availability = Availability::present;
      else if (*needed.derived != '\0') check.availability = Availability::derivable;
      else if (check.filled > 0) check.availability = Availability::present;
      if (check.availability == Availability::derivable) check.how = fmt::format("where it is empty: {}", needed.derived);
      else if (check.availability == Availability::missing) check.how = fmt::format("add it to the {} in the CRM, or leave it out", needed.type);
      else check.how = fmt::format("{}.{}", needed.type, needed.in_crm);
      report_.fields.push_back(std::move(check));
    }
  }

  void finish() {
    std::stable_sort(report_.findings.begin(), report_.findings.end(), [](const Finding& a, const Finding& b) { return std::tie(a.severity, a.kind) < std::tie(b.severity, b.kind); });
    std::map<std::pair<AuditSide, std::string>, int> trouble;  // thirds of a record, at most 3 each
    for (const Finding& finding : report_.findings) {
      ++report_.by_kind[finding.kind];
      const int weight = finding.severity == Severity::blocker ? 3 : finding.severity == Severity::warning ? 1 : 0;
      int& thirds = trouble[{finding.side, finding.record}];
      thirds = std::min(3, thirds + weight);
    }
    std::int64_t lost = 0;
    for (const auto& [record, thirds] : trouble) lost += thirds;
    if (report_.records > 0) report_.score = static_cast<int>(100 - (100 * lost + 3 * report_.records - 1) / (3 * report_.records));
  }

  const AuditInput& input_;
  AuditReport report_;
};

}  // namespace

std::string_view to_text(AuditSide side) { return side == AuditSide::crm ? "crm" : "books"; }
std::string_view to_text(Severity severity) {
  constexpr std::string_view kWords[] = {"blocker", "warning", "note"};
  return kWords[static_cast<int>(severity)];
}
std::string_view to_text(Availability availability) {
  constexpr std::string_view kWords[] = {"present", "derivable", "missing"};
  return kWords[static_cast<int>(availability)];
}

AuditReport audit(const AuditInput& input) { return Auditor(input).run(); }

}  // namespace tieout::observe
