// Facts of both accounts (currency, closed period, terms…), kept in the store between runs: a run that finds nothing
// changed makes no call for them, and a run that has something to decide reads them anew first, so that no write is
// ever decided on an old closing date. A connection that points at another account than before is refused here.
#include <fmt/core.h>

#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

mapping::Account account_of(const ports::AccountFacts& facts) {
  mapping::Account account;
  account.id = facts.account_id;
  account.name = facts.name;
  account.country = facts.country;
  account.home_currency = facts.home_currency;
  account.multi_currency = facts.multi_currency;
  account.currencies = facts.currencies;
  account.time_zone = facts.time_zone;
  account.books_closed_through = facts.books_closed_through;
  account.others = facts.settings;
  return account;
}

json::Value to_json(const ports::AccountFacts& facts) {
  json::Value out = json::Value::object();
  out.set("account_id", json::Value::string(facts.account_id));
  out.set("name", json::Value::string(facts.name));
  out.set("country", json::Value::string(facts.country));
  out.set("home_currency", json::Value::string(facts.home_currency));
  out.set("multi_currency", json::Value::boolean(facts.multi_currency));
  json::Value currencies = json::Value::array();
  for (const std::string& currency : facts.currencies) currencies.push(json::Value::string(currency));
  out.set("currencies", std::move(currencies));
  if (facts.books_closed_through)
    out.set("books_closed_through", json::Value::string(to_text(*facts.books_closed_through)));
  out.set("time_zone", json::Value::string(facts.time_zone));
  json::Value settings = json::Value::object();
  for (const auto& [name, value] : facts.settings) settings.set(name, json::Value::string(value));
  out.set("settings", std::move(settings));
  return out;
}

Result<ports::AccountFacts> from_json(std::string_view text) {
  TRY(value, json::parse(text));
  ports::AccountFacts facts;
  facts.account_id = value["account_id"].text();
  facts.name = value["name"].text();
  facts.country = value["country"].text();
  facts.home_currency = value["home_currency"].text();
  facts.multi_currency = value["multi_currency"].as_bool();
  for (const json::Value& currency : value["currencies"].items()) facts.currencies.push_back(currency.text());
  if (const json::Value* closed = value.find("books_closed_through")) {
    TRY(day, parse_date(closed->text()));
    facts.books_closed_through = day;
  }
  facts.time_zone = value["time_zone"].text();
  for (const auto& [name, setting] : value["settings"].members()) facts.settings.emplace_back(name, setting.text());
  return facts;
}

constexpr std::string_view kAskedAt = "facts_asked_at";
constexpr Milliseconds kBelieved = std::chrono::minutes{15};

std::string setting_name(const Half& half) { return "facts/" + half.connection.name; }

tl::unexpected<Fault> other_account(const Half& half, std::string_view now, std::string_view known) {
  return fail(
      "connection.other_account",
      fmt::format("connection '{}' now points at account {}, but this project was built on account {}. Nothing was "
                  "written. Reconnect the right account, or start a new project for the other one",
                  half.connection.name, now, known));
}

/// The account a connection points at is remembered at first use; another one is refused for ever (edge case 137).
Result<Unit> same_account(const Half& half, const ports::AccountFacts& known, const ports::AccountFacts& now) {
  if (known.account_id.empty() || known.account_id == now.account_id) return Unit{};
  return other_account(half, now.account_id, known.account_id);
}

}  // namespace

Result<Unit> Engine::Parts::recall_facts() {
  TRY(fresh, packs.variables(settings.mapping_settings));
  variables = std::move(fresh);
  for (Half& half : halves) {
    TRY(text, store.setting(setting_name(half)));
    if (text.empty()) return read_facts();
    TRY(facts, from_json(text));
    half.facts = std::move(facts);
    if (!half.connection.account.empty() && half.facts.account_id != half.connection.account)
      return other_account(half, half.connection.account, half.facts.account_id);
    variables->set_account(pack_side(half.side), account_of(half.facts));
  }
  // Whose data this is, is asked before anything is read: a token may have been changed for another account's.
  TRY(asked, store.setting(kAskedAt));
  const Instant at = instant_from_ms(json::Value::string(asked).as_int(0));
  return clock.now() - at > kBelieved ? read_facts() : Result<Unit>(Unit{});
}

/// Before a doubtful write is looked up: it must be looked up where it was sent.
Result<Unit> Engine::Parts::facts_for_doubts() {
  TRY(unfinished, store.unfinished_intents(1));
  return unfinished.empty() || run.fresh_facts ? Result<Unit>(Unit{}) : read_facts();
}

Result<Unit> Engine::Parts::read_facts() {
  const StageClock stage(run, "facts", clock);
  for (Half& half : halves) {
    TRY(text, store.setting(setting_name(half)));
    ports::AccountFacts known;
    if (!text.empty()) {
      TRY(parsed, from_json(text));
      known = std::move(parsed);
    }
    TRY(facts, half.connection.connector->facts());
    TRY_VOID(same_account(half, known, facts));
    half.facts = std::move(facts);
    variables->set_account(pack_side(half.side), account_of(half.facts));
    auto transaction = ports::Transaction::on(store);
    if (!transaction) return fail(transaction.error());
    TRY_VOID(store.set_setting(setting_name(half), to_json(half.facts).dump()));
    TRY_VOID(witness_account(half));
    TRY_VOID(transaction->commit());
  }
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  TRY_VOID(store.set_setting(kAskedAt, std::to_string(to_ms(clock.now()))));
  TRY_VOID(transaction->commit());
  run.fresh_facts = true;
  return Unit{};
}

/// Before anything is decided. Without dirty records there is nothing to decide, and no call is made.
Result<Unit> Engine::Parts::facts_for_deciding() {
  if (run.fresh_facts) return Unit{};
  TRY(dirty, store.dirty_count());
  return dirty == 0 ? Result<Unit>(Unit{}) : read_facts();
}

}  // namespace tieout::engine
