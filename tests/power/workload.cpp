#include "workload.hpp"

#include <fmt/core.h>

#include <memory>

#include "base/check.hpp"
#include "base/hash.hpp"
#include "chance.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace tieout::power {
namespace {

using ports::Side;
using ports::State;
using ports::Unit;

const Instant kStart = instant_from_ms(1'772'000'000'000);

ports::Observation observation(Side side, std::string type, std::string id, std::string body) {
  ports::Observation seen;
  seen.side = side;
  seen.type = std::move(type);
  seen.vendor_id = std::move(id);
  seen.version = std::to_string(body.size());
  seen.modified_at = kStart;
  const Digest digest = sha256(body);
  std::copy_n(digest.begin(), seen.digest.size(), seen.digest.begin());
  seen.body = std::move(body);
  return seen;
}

std::string amount_body(Chance& chance, std::string_view what) {
  return fmt::format(R"({{"what":"{}","total":"{}.{:02}","memo":"{}"}})", what, chance.below(90'000), chance.below(100),
                     std::string(static_cast<std::size_t>(chance.below(3'000)), 'm'));
}

Result<Unit> new_sale(ports::Store& store, Chance& chance, const std::string& name, Instant at) {
  const auto deal = observation(Side::crm, "deal", name, amount_body(chance, "deal"));
  TRY(page, store.keep_payload(Side::crm, at, deal.body));
  TRY(sales, store.observe({&deal, 1}, at));
  TRY(link, store.new_link({ports::LinkId::none, "invoices", "created by plan-1", at, {}}));
  TRY_VOID(store.join(link, sales[0].id));
  ports::Intent intent;
  intent.key = "inv-" + name;
  intent.type = "invoice";
  intent.object = "Invoice";
  intent.source = sales[0].id;
  intent.link = link;
  intent.body = deal.body;
  intent.created_at = at;
  TRY(intents, store.add_intents({&intent, 1}));
  const auto bill = observation(Side::books, "invoice", name, amount_body(chance, "invoice"));
  TRY(bills, store.observe({&bill, 1}, at));
  TRY_VOID(store.join(link, bills[0].id));
  TRY_VOID(store.finish_intent(intents[0], ports::IntentState::confirmed, name, "ok", "", at));
  TRY_VOID(store.settle(sales[0].id, State::in_sync, "", "", "", true));
  TRY_VOID(store.settle(bills[0].id, State::in_sync, "", "", "", true));
  (void)page;
  return store.add_event(sales[0].id, {at, "confirmed", "invoice " + name});
}

Result<Unit> edit(ports::Store& store, Chance& chance, const std::string& name, Instant at) {
  const auto deal = observation(Side::crm, "deal", name, amount_body(chance, "deal"));
  TRY(sales, store.observe({&deal, 1}, at));
  if (chance.below(2) == 0) TRY_VOID(store.settle(sales[0].id, State::held, "test.held", "ask a person", "", false));
  return Unit{};
}

std::string line_of(const ports::StoredRecord& record) {
  return fmt::format("{} {} {} agreed {} link {} state {} {} base {} body {}", to_ms(record.modified_at),
                     record.version, hex({reinterpret_cast<const char*>(record.digest.data()), record.digest.size()}),
                     record.agreed, static_cast<std::int64_t>(record.link), to_text(record.state), record.reason,
                     record.base.value_or("none"), record.body);
}

Result<std::string> whole(ports::Store& store, const ports::StoredRecord& record) {
  std::string line = line_of(record);
  TRY(intents, store.intents_of(record.id));
  for (const ports::Intent& intent : intents)
    line +=
        fmt::format("; write {} {} {} {}", intent.key, static_cast<int>(intent.state), intent.vendor_id, intent.body);
  TRY(events, store.events(record.id));
  for (const ports::Event& event : events) line += "; " + event.kind + " " + event.text;
  return line;
}

}  // namespace

Result<Unit> transact(ports::Store& store, int number) {
  Chance chance(static_cast<std::uint64_t>(number));
  const Instant at = kStart + Milliseconds{number * 1'000};
  TRY(transaction, ports::Transaction::on(store));
  const int sales = 1 + static_cast<int>(chance.below(4));
  for (int i = 0; i < sales; ++i) TRY_VOID(new_sale(store, chance, fmt::format("{}-{}", number, i), at));
  if (number > 3) TRY_VOID(edit(store, chance, fmt::format("{}-0", 1 + chance.below(number - 1)), at));
  TRY_VOID(store.set_setting("cursor", std::to_string(number)));
  return transaction.commit();
}

Result<int> transactions_in(ports::Store& store) {
  TRY(cursor, store.setting("cursor"));
  return cursor.empty() ? 0 : std::stoi(cursor);
}

Result<Dump> dump(ports::Store& store, int& faults) {
  Dump lines;
  const auto remember = [&](const std::string& name, Result<std::string> line) {
    if (!line) ++faults;
    lines[name] = line ? *std::move(line) : "fault " + line.error().code;
  };
  remember("cursor", store.setting("cursor"));
  for (const auto& [side, type] : {std::pair{Side::crm, "deal"}, std::pair{Side::books, "invoice"}}) {
    auto records = store.all(side, type, ports::RecordId::none, 1'000'000);
    if (!records) ++faults;
    for (const ports::StoredRecord& record : records ? *records : std::vector<ports::StoredRecord>{})
      remember(fmt::format("{} {} {}", to_text(side), type, record.vendor_id), whole(store, record));
  }
  auto tallies = store.tally();
  if (!tallies) ++faults;
  for (const ports::Tally& tally : tallies ? *tallies : std::vector<ports::Tally>{})
    lines[fmt::format("tally {} {}", to_text(tally.side), tally.type)] =
        fmt::format("{} {} {}", tally.count[0], tally.count[1], tally.count[2]);
  return lines;
}

const Dump& Oracle::after(int commits) {
  int ignored = 0;
  if (!store_) {
    auto opened = open_sqlite(":memory:", "acme");
    CHECK(opened.has_value(), "a store in memory cannot be opened");
    store_ = *std::move(opened);
    dumps_.push_back(*dump(*store_, ignored));
  }
  while (static_cast<int>(dumps_.size()) <= commits) {
    CHECK(transact(*store_, static_cast<int>(dumps_.size())).has_value(), "a store in memory refuses a transaction");
    dumps_.push_back(*dump(*store_, ignored));
  }
  return dumps_[static_cast<std::size_t>(commits)];
}

}  // namespace tieout::power
