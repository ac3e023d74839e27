// The people: every habit finds something to do in the course of a month, and the same seed does the same things.
#include <map>

#include "planted.hpp"

namespace tieout::sim {
namespace {

std::map<std::string, int> month(std::uint64_t seed, std::string* story = nullptr) {
  Planted at;
  People people(*at.company, Rng(seed).stream("people"));
  people.settle_in(at.now);
  std::map<std::string, int> kinds;
  for (int i = 0; i < 600; ++i) {
    at.now += std::chrono::minutes{70};
    const Action action = people.act(at.now);
    if (!action.kind.empty()) ++kinds[action.kind];
    if (story != nullptr) *story += action.kind + " " + action.id + ": " + action.text + "\n";
    // Accounting needs invoices, which the engine would make.
    if (action.kind == "deal.win") {
      const auto invoice = json::parse(fmt::format(
          R"({{"CustomerRef":{{"value":"1"}},"PrivateNote":"{}","Line":[{{"Amount":100,"DetailType":"SalesItemLineDetail"}}]}})",
          Planted::mark(action.id)));
      at.company->books_call(at.now, "POST", "/invoice", &*invoice);  // refused while the books are closed
    }
  }
  return kinds;
}

TEST(People, FindSomethingToDoOfEveryKindInAYear) {
  std::map<std::string, int> all;
  for (std::uint64_t seed = 1; seed <= 12; ++seed)
    for (const auto& [kind, times] : month(seed)) all[kind] += times;
  for (const char* kind :
       {"company.create",  "company.edit",     "company.rename",    "company.merge",     "company.archive",
        "company.restore", "company.recreate", "company.double",    "company.mass_edit", "company.terms",
        "contact.create",  "deal.create",      "deal.win",          "deal.lines",        "deal.amount",
        "deal.move",       "deal.archive",     "deal.restore",      "line.quantity",     "receipt.note",
        "receipt.back",    "receipt.change",   "product.create",    "customer.create",   "customer.double",
        "customer.rename", "customer.terms",   "customer.inactive", "customer.active",   "customer.merge",
        "both.phone",      "pay.full",         "pay.part",          "pay.over",          "pay.ahead",
        "payment.void",    "payment.delete",   "credit.note",       "credit.apply",      "refund",
        "invoice.void",    "invoice.delete",   "invoice.memo",      "invoice.note",      "invoice.correct",
        "invoice.by_hand", "item.rename",      "item.inactive",     "lock.move"})
    EXPECT_GT(all[kind], 0) << kind;
}

TEST(People, DoTheSameInTheSameSeed) {
  std::string first, second;
  month(7, &first);
  month(7, &second);
  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace tieout::sim
