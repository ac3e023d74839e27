#include <fmt/core.h>

#include "cli/auditing.hpp"
#include "cli/commands.hpp"
#include "cli/render_audit.hpp"

namespace tieout::cli {
namespace {

Result<std::vector<prove::Named>> records_of(ports::Store& store, ports::Side side, std::string_view type) {
  constexpr int kPage = 1'000;
  std::vector<prove::Named> out;
  ports::RecordId after = ports::RecordId::none;
  while (true) {
    TRY(page, store.all(side, type, after, kPage));
    for (const ports::StoredRecord& stored : page) {
      after = stored.id;
      if (stored.deleted || stored.body.empty()) continue;
      TRY(record, model::decode(model::type_named(type), stored.body));
      out.push_back({stored.vendor_id, std::move(record)});
    }
    if (static_cast<int>(page.size()) < kPage) return out;
  }
}

Result<std::vector<std::string>> names_of(ports::Store& store, std::string_view type) {
  TRY(records, records_of(store, ports::Side::books, type));
  std::vector<std::string> names;
  for (const prove::Named& one : records) names.emplace_back(one.record.text("name"));
  return names;
}

}  // namespace

Result<prove::AuditReport> audit_project(Session& session) {
  TRY_VOID(session.engine().observe());
  ports::Store& store = session.store();
  prove::AuditInput input;
  TRY(crm_companies, records_of(store, ports::Side::crm, "company"));
  TRY(books_companies, records_of(store, ports::Side::books, "company"));
  TRY(crm_contacts, records_of(store, ports::Side::crm, "contact"));
  TRY(crm_products, records_of(store, ports::Side::crm, "product"));
  TRY(books_products, records_of(store, ports::Side::books, "product"));
  TRY(deals, records_of(store, ports::Side::crm, "deal"));
  TRY(terms, names_of(store, "payment_term"));
  input.crm_companies = std::move(crm_companies);
  input.books_companies = std::move(books_companies);
  input.crm_contacts = std::move(crm_contacts);
  input.crm_products = std::move(crm_products);
  input.books_products = std::move(books_products);
  input.deals = std::move(deals);
  input.books_terms = std::move(terms);
  return prove::audit(input);
}

Exit run_audit(const Context& context, bool every_finding) {
  auto session = Session::open(context.folder);
  if (!session) return report(session.error(), context.json);
  ProgressBar bar(context.terminal);
  (*session)->engine().on_progress(
      [&](std::string_view stage, std::int64_t done, std::int64_t expected) { bar.show(stage, done, expected); });
  const auto audit = audit_project(**session);
  bar.clear();
  if (!audit) return report(audit.error(), context.json);
  if (context.json)
    fmt::print("{}\n", to_json(*audit).dump_pretty());
  else
    fmt::print("{}", render_audit(*audit, every_finding, context.terminal));
  return Exit::ok;
}

}  // namespace tieout::cli
