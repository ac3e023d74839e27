#include "books/ledger.hpp"

namespace tieout::books {
namespace {

enum class Gone : std::uint8_t { left_out, kept };

Result<ports::Unit> read(ports::Store& store, std::string_view type, Gone gone, std::vector<Named>& into) {
  constexpr int kPage = 1'000;
  ports::RecordId after = ports::RecordId::none;
  while (true) {
    TRY(page, store.all(ports::Side::books, type, after, kPage));
    for (const ports::StoredRecord& stored : page) {
      after = stored.id;
      if (stored.body.empty() || (stored.deleted && gone == Gone::left_out)) continue;
      TRY(record, model::decode(model::type_named(type), stored.body));
      into.push_back({stored.vendor_id, std::move(record)});
    }
    if (static_cast<int>(page.size()) < kPage) return ports::Unit{};
  }
}

}  // namespace

Result<Ledger> read_ledger(ports::Store& store) {
  Ledger out;
  TRY_VOID(read(store, "company", Gone::kept, out.customers));
  TRY_VOID(read(store, "product", Gone::kept, out.products));
  TRY_VOID(read(store, "account", Gone::kept, out.accounts));
  TRY_VOID(read(store, "invoice", Gone::left_out, out.invoices));
  TRY_VOID(read(store, "credit_note", Gone::left_out, out.credit_notes));
  TRY_VOID(read(store, "payment", Gone::left_out, out.payments));
  TRY_VOID(read(store, "refund", Gone::left_out, out.refunds));
  return out;
}

}  // namespace tieout::books
