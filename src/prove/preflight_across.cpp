// Companies across the two sides: who will be linked by a sure key although the records differ, and whom a person will
// be asked about because only the names agree.
#include <fmt/core.h>

#include "model/name_similarity.hpp"
#include "prove/preflight_country.hpp"
#include "prove/preflight_doubles.hpp"
#include "prove/preflight_tax_id.hpp"
#include "prove/preflight_work.hpp"

namespace tieout::prove::preflight {
namespace {

constexpr int kWorthAsking = 920;

struct SureKey {
  std::string_view word;
  std::string text;
};

std::vector<SureKey> sure_keys(const model::Record& company) {
  std::vector<SureKey> keys;
  const auto country = country_code(company.text("billing_country")).value_or("");
  if (!company.text("tax_id").empty())
    keys.push_back({"tax id", "t:" + check_tax_id(company.text("tax_id"), country).normal});
  if (!company.text("customer_number").empty())
    keys.push_back({"customer number", "n:" + plain(company.text("customer_number"))});
  if (std::string domain = company_domain(company.text("domain")); !domain.empty())
    keys.push_back({"domain", "d:" + domain});
  return keys;
}

/// Two records that are the same customer: what do they not agree on?
void compare(const Named& crm, const Named& books, std::string_view linked_by, Findings& out) {
  const Subject at{AuditSide::crm, "company", &crm};
  const auto differs = [&](const char* field, const char* kind, Severity severity, std::string fix) {
    const std::string_view ours = crm.record.text(field), theirs = books.record.text(field);
    if (ours.empty() || theirs.empty() || plain(ours) == plain(theirs)) return;
    out.add(at, kind, severity,
            fmt::format("has {} \"{}\", customer {} in the books \"{}\" (same {})", field, ours, books.id, theirs,
                        linked_by),
            std::move(fix));
  };
  const std::string_view ours = crm.record.text("name"), theirs = books.record.text("name");
  if (ours != theirs) {
    const bool only_spelling = model::match_key(ours) == model::match_key(theirs);
    out.add(at, only_spelling ? "name_spelling" : "name_differs", only_spelling ? Severity::note : Severity::warning,
            fmt::format("is called \"{}\" in the books (customer {}, same {})", theirs, books.id, linked_by),
            "agree on one name; otherwise the CRM's wins by the field's owner");
  }
  if (linked_by != "tax id")
    differs("tax_id", "tax_id_differs", Severity::warning, "find out which is right; an invoice carries only one");
  differs("currency", "currency_differs", Severity::warning,
          "invoice in the books' currency, or propose a customer of its own for the other one");
  differs("payment_terms", "terms_differ", Severity::note,
          "agree on the terms; otherwise the books' win by the field's owner");
}

void ask_about(const Named& crm, const Named& books, int similarity, Findings& out) {
  const bool same = similarity == 1000;
  out.add({AuditSide::crm, "company", &crm}, same ? "same_name_across" : "similar_name_across", Severity::warning,
          same ? fmt::format("has the name of customer {} \"{}\" in the books, but no key in common", books.id,
                             books.record.text("name"))
               : fmt::format("is called nearly like customer {} \"{}\" in the books (similarity {} of 1000)", books.id,
                             books.record.text("name"), similarity),
          "enter the tax id or customer number on both sides; otherwise a person is asked whether they are one");
}

/// CRM companies that a sure key already joins to a customer are left out of the names.
void ask_about_names(const Records& crm, const std::vector<bool>& is_linked, const Records& books, Findings& out) {
  std::unordered_map<std::string, const Named*> by_name;
  std::vector<NameEntry> entries;
  for (std::size_t i = 0; i < books.size(); ++i) {
    std::string key = model::match_key(books[i]->record.text("name"));
    if (key.empty() || !by_name.emplace(key, books[i]).second) continue;
    entries.push_back({std::move(key), books[i]->id, 1, static_cast<std::int32_t>(i)});
  }
  if (entries.empty()) return;
  for (std::size_t i = 0; i < crm.size(); ++i) {
    if (is_linked[i]) continue;
    std::string key = model::match_key(crm[i]->record.text("name"));
    if (key.empty()) continue;
    if (const auto same = by_name.find(key); same != by_name.end()) {
      ask_about(*crm[i], *same->second, 1000, out);
    } else {
      entries.push_back({std::move(key), crm[i]->id, 0, static_cast<std::int32_t>(i)});
    }
  }
  // Of all the customers that a company might be, the likeliest; equal ones by id, which is the order of the pairs.
  std::vector<NamePair> best(crm.size());
  for (const NamePair& pair : similar_names(entries, kWorthAsking)) {
    const NameEntry& first = entries[static_cast<std::size_t>(pair.first)];
    if (first.group == entries[static_cast<std::size_t>(pair.second)].group) continue;  // within a side: found there
    NamePair& so_far = best[static_cast<std::size_t>(first.index)];
    if (pair.similarity > so_far.similarity) so_far = pair;
  }
  for (std::size_t i = 0; i < crm.size(); ++i) {
    if (best[i].similarity == 0) continue;
    const NameEntry& customer = entries[static_cast<std::size_t>(best[i].second)];
    ask_about(*crm[i], *books[static_cast<std::size_t>(customer.index)], best[i].similarity, out);
  }
}

}  // namespace

void check_across(const AuditInput& input, Findings& out) {
  const Records crm = in_order(input.crm_companies), books = in_order(input.books_companies);
  std::unordered_map<std::string, const Named*> by_key;
  for (const Named* one : books)
    for (SureKey& key : sure_keys(one->record)) by_key.emplace(std::move(key.text), one);
  std::vector<bool> is_linked(crm.size(), false);
  for (std::size_t i = 0; i < crm.size(); ++i) {
    for (const SureKey& key : sure_keys(crm[i]->record)) {
      const auto other = by_key.find(key.text);
      if (other == by_key.end()) continue;
      is_linked[i] = true;
      compare(*crm[i], *other->second, key.word, out);
      break;
    }
  }
  ask_about_names(crm, is_linked, books, out);
}

}  // namespace tieout::prove::preflight
