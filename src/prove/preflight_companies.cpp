// Companies and contacts, each side by itself: doubles, names, tax numbers, currencies, terms, addresses, e-mail.
#include <fmt/core.h>

#include "model/name_similarity.hpp"
#include "money/currency.hpp"
#include "prove/preflight_country.hpp"
#include "prove/preflight_doubles.hpp"
#include "prove/preflight_tax_id.hpp"
#include "prove/preflight_work.hpp"

namespace tieout::prove::preflight {
namespace {

/// From here on two names of one side are worth a look: about one slip in twenty letters, or an abbreviated last word.
constexpr int kNearlyTheSame = 950;

bool has_stray_blanks(std::string_view text) {
  return !text.empty() && (text.front() == ' ' || text.back() == ' ' || text.find("  ") != std::string_view::npos);
}

std::string_view country_of(const model::Record& company) {
  return country_code(company.text("billing_country")).value_or("");
}

std::string tax_id_key(const model::Record& company) {
  return company.text("tax_id").empty() ? std::string()
                                        : check_tax_id(company.text("tax_id"), country_of(company)).normal;
}

void find_doubles(AuditSide side, const Records& all, Findings& out) {
  const auto report = [&](std::string_view kind, std::string_view of, auto key, std::string fix) {
    for_doubles(all, key, [&](const Named& first, const Named& other) {
      out.add({side, "company", &other}, kind, Severity::warning,
              fmt::format("has the same {} as company {} \"{}\"", of, first.id, first.record.text("name")), fix);
    });
  };
  report(
      "duplicate_name", "name", [](const model::Record& r) { return model::match_key(r.text("name")); },
      "merge them there, or tell them apart by a customer number");
  report("duplicate_tax_id", "tax id", tax_id_key,
         "merge them, or give branches a customer number each; until then a person is asked");
  report(
      "duplicate_customer_number", "customer number",
      [](const model::Record& r) { return plain(r.text("customer_number")); }, "give each its own number");
  report(
      "duplicate_domain", "domain", [](const model::Record& r) { return company_domain(r.text("domain")); },
      "merge them, or take the domain off the branches; until then a person is asked");
  for_doubles(
      all,
      [](const model::Record& r) { return r.text("domain").empty() ? company_domain(r.text("email")) : std::string(); },
      [&](const Named& first, const Named& other) {
        out.add(
            {side, "company", &other}, "same_email_domain", Severity::note,
            fmt::format("has its e-mail at the same domain as company {} \"{}\"", first.id, first.record.text("name")),
            "merge them if they are one; otherwise leave them");
      });
}

void find_similar(AuditSide side, const Records& all, Findings& out) {
  std::vector<NameEntry> entries;
  std::unordered_map<std::string, int> seen;
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::string key = model::match_key(all[i]->record.text("name"));
    if (key.empty() || !seen.emplace(key, 0).second) continue;  // one of each: the others are doubles already
    entries.push_back({std::move(key), all[i]->id, 0, static_cast<std::int32_t>(i)});
  }
  for (const NamePair& pair : similar_names(entries, kNearlyTheSame)) {
    const Named* first = all[static_cast<std::size_t>(entries[static_cast<std::size_t>(pair.first)].index)];
    const Named* other = all[static_cast<std::size_t>(entries[static_cast<std::size_t>(pair.second)].index)];
    out.add({side, "company", other}, "similar_name", Severity::note,
            fmt::format("is called nearly like company {} \"{}\" (similarity {} of 1000)", first->id,
                        first->record.text("name"), pair.similarity),
            "look whether they are one, and merge them there");
  }
}

void check_tax_id_of(const Subject& at, Findings& out) {
  const model::Record& company = at.record->record;
  const std::string_view id = company.text("tax_id"), country = country_of(company);
  if (id.empty()) {
    if (has_tax_ids(country))
      out.add(at, "tax_id_missing", Severity::note, fmt::format("has no tax id ({})", country),
              "ask the customer for it, if it is a business");
    return;
  }
  const TaxIdCheck check = check_tax_id(id, country);
  if (check.verdict == TaxIdVerdict::wrong_form) {
    out.add(at, "tax_id_malformed", Severity::warning,
            fmt::format("tax id {} is not of the form used in {}: {}", id, check.country, check.expected),
            "correct it; an invoice without a valid one may owe tax");
  } else if (check.verdict == TaxIdVerdict::wrong_check_digit) {
    out.add(at, "tax_id_check_digit", Severity::warning,
            fmt::format("tax id {} is mistyped: its check digits do not fit ({})", id, check.country),
            "compare it with the customer's letter-head and correct it");
  } else if (!country.empty() && !check.country.empty() && check.country != country) {
    out.add(at, "tax_id_country", Severity::note,
            fmt::format("has a tax id of {} and an address in {}", check.country, country),
            "correct one of them, unless the company is registered abroad");
  }
}

void check_terms(const AuditInput& input, const Subject& at, Findings& out) {
  const std::string_view terms = at.record->record.text("payment_terms");
  if (at.side != AuditSide::crm || terms.empty() || input.books_terms.empty()) return;
  const auto folded = plain(terms);
  for (const std::string& known : input.books_terms) {
    if (known == terms) return;
    if (plain(known) != folded) continue;
    out.add(at, "terms_spelling", Severity::note,
            fmt::format("payment terms \"{}\" are \"{}\" in the books", terms, known), "write them alike");
    return;
  }
  out.add(at, "terms_unknown", Severity::warning, fmt::format("payment terms \"{}\" do not exist in the books", terms),
          "add them there, or use the books' name for them");
}

void check_address(const Subject& at, Findings& out) {
  const model::Record& company = at.record->record;
  const auto note = [&](const char* kind, std::string what, std::string fix) {
    out.add(at, kind, Severity::note, std::move(what), std::move(fix));
  };
  const std::string_view written = company.text("billing_country"), country = country_of(company);
  if (company.text("billing_street").empty() || company.text("billing_city").empty() || written.empty())
    note("address_incomplete", "has no complete address (street, city, country)",
         "complete it before invoices are sent; taxes may depend on it");
  if (written.empty()) return;
  if (country.empty()) {
    out.add(at, "country_unknown", Severity::warning, fmt::format("\"{}\" is no country", written),
            "write its name or its two-letter code");
    return;
  }
  const std::string_view postal_code = company.text("billing_postal_code");
  if (postal_code.empty() && needs_postal_code(country)) {
    note("postal_code_missing", fmt::format("has no postal code ({})", country), "add it");
  } else if (!postal_code.empty() && !is_postal_code_of(postal_code, country)) {
    note("postal_code_form", fmt::format("\"{}\" does not look like a postal code of {}", postal_code, country),
         "correct it or the country");
  }
  if (company.text("billing_region").empty() && needs_region(country))
    note("region_missing", fmt::format("has no state or province ({})", country), "add it; sales tax depends on it");
}

void check_email(const Subject& at, std::string_view field, Findings& out) {
  const std::string_view email = at.record->record.text(field);
  if (!email.empty() && !is_email(email))
    out.add(at, "email_malformed", Severity::warning, fmt::format("\"{}\" is no e-mail address", email),
            "correct it; invoices are sent there");
}

void check_company(const AuditInput& input, const Subject& at, Findings& out) {
  const std::string_view name = at.record->record.text("name");
  if (model::match_key(name).empty())
    out.add(at, "name_missing", Severity::blocker, "has no name", "give it the name that stands on its invoices");
  if (has_stray_blanks(name))
    out.add(at, "name_blanks", Severity::note, "has blanks before, after or doubled inside its name",
            "they are compared without, but better removed");
  check_tax_id_of(at, out);
  check_currency(input, at, out);
  check_terms(input, at, out);
  check_address(at, out);
  check_email(at, "email", out);
}

void check_contacts_of(AuditSide side, const Records& all, bool know_companies, Findings& out) {
  for_doubles(
      all, [](const model::Record& r) { return plain(r.text("email")); },
      [&](const Named& first, const Named& other) {
        out.add({side, "contact", &other}, "duplicate_email", Severity::warning,
                fmt::format("has the e-mail of contact {}", first.id),
                "merge them, or give each their own address; a shared mailbox belongs to the company");
      });
  for (const Named* one : all) {
    const Subject at{side, "contact", one};
    if (one->record.text("given_name").empty() && one->record.text("family_name").empty())
      out.add(at, "contact_name_missing", Severity::note, "has no name", "add it, or delete the contact");
    check_email(at, "email", out);
    if (know_companies && one->record.text("company").empty())
      out.add(at, "contact_without_company", Severity::note, "belongs to no company",
              "associate the company, if it buys through one");
  }
}

}  // namespace

void check_currency(const AuditInput& input, const Subject& at, Findings& out) {
  const std::string_view code = at.record->record.text("currency");
  if (code.empty()) return;  // the account's home currency then
  const auto currency = Currency::parse(code);
  if (!currency) return out.add(at, "currency_unknown", Severity::blocker, currency.error().what, "correct it");
  if (currency->is_retired()) {
    out.add(at, "currency_retired", Severity::warning,
            fmt::format("is in {}, which was withdrawn after {}", code, tieout::to_text(*currency->last_day())),
            fmt::format("use {} for new documents; old ones keep theirs", currency->successor()->code()));
  }
  const auto& enabled = input.books_currencies;
  if (at.side == AuditSide::crm && !enabled.empty() && std::find(enabled.begin(), enabled.end(), code) == enabled.end())
    out.add(at, "currency_not_enabled", Severity::blocker, fmt::format("is in {}, which the books do not keep", code),
            "switch multi-currency on in the books and add it, or invoice in another currency");
}

void check_companies(const AuditInput& input, Findings& out) {
  for (const AuditSide side : {AuditSide::crm, AuditSide::books}) {
    const Records all = in_order(side == AuditSide::crm ? input.crm_companies : input.books_companies);
    find_doubles(side, all, out);
    find_similar(side, all, out);
    for (const Named* one : all) check_company(input, {side, "company", one}, out);
  }
}

void check_contacts(const AuditInput& input, Findings& out) {
  check_contacts_of(AuditSide::crm, in_order(input.crm_contacts), !input.crm_companies.empty(), out);
  check_contacts_of(AuditSide::books, in_order(input.books_contacts), !input.books_companies.empty(), out);
}

}  // namespace tieout::prove::preflight
