#include "mapping/pack_tests.hpp"

#include <fmt/core.h>

#include "mapping/csv.hpp"

namespace tieout::mapping {

namespace {

using model::Record;

/// What a case gave: a record or text as JSON, or a code.
struct Outcome {
  json::Value value;
  std::string code;  // of a failure, skip or hold
  std::string reason;
};

Outcome failed(const Fault& fault) { return {{}, fault.code, fault.what}; }

Outcome of_record(const Record& record) { return {*json::parse(model::to_json(record)), {}, {}}; }

Account account_from(const json::Value& value) {
  Account account;
  account.id = value["id"].text();
  account.name = value["name"].text();
  account.country = value["country"].text();
  account.home_currency = value["home_currency"].text();
  account.multi_currency = value["multi_currency"].as_bool();
  for (const json::Value& currency : value["currencies"].items()) account.currencies.push_back(currency.text());
  account.time_zone = value["time_zone"].text();
  if (const auto closed = parse_date(value["books_closed_through"].text())) account.books_closed_through = *closed;
  for (const auto& [name, other] : value["others"].members()) account.others.emplace_back(name, other.text());
  return account;
}

Result<Variables> variables_for(const PackSet& packs, const json::Value& body, Side own_side) {
  std::vector<std::pair<std::string, std::string>> settings;
  for (const auto& [name, value] : body["settings"].members()) settings.emplace_back(name, value.text());
  TRY(variables, packs.variables(settings));
  if (body.find("account")) variables.set_account(own_side, account_from(body["account"]));
  if (body.find("crm")) variables.set_account(Side::crm, account_from(body["crm"]));
  if (body.find("books")) variables.set_account(Side::books, account_from(body["books"]));
  return variables;
}

Result<Outcome> run_object(const PackSet& packs, const std::string& pack, const json::Value& body) {
  const ObjectMapping* mapping = packs.find(pack, body["object"].text());
  if (!mapping) return fail("mapping.test", fmt::format("the pack has no object '{}'", body["object"].text()));
  TRY(variables, variables_for(packs, body, mapping->side()));
  if (body.find("in")) {
    const auto record = mapping->to_canonical(body["in"].dump(), variables);
    return record ? of_record(*record) : failed(record.error());
  }
  TRY(wanted, model::from_json(mapping->type(), body["out"]));
  Result<std::string> text = std::string();
  if (body.find("now")) {
    TRY(now, model::from_json(mapping->type(), body["now"]));
    text = mapping->to_vendor_changes(wanted, now, variables);
  } else {
    text = mapping->to_vendor(wanted, variables);
  }
  if (!text) return failed(text.error());
  return Outcome{text->empty() ? json::Value{} : *json::parse(*text), {}, {}};
}

Result<model::Value> fact_from(const json::Value& value) {
  if (value.is_null()) return model::Value::null();
  if (const auto date = parse_date(value.text())) return model::Value::date(*date);
  if (const auto number = Decimal::parse(value.text())) return model::Value::decimal(*number);
  return model::Value::text(value.text());
}

Result<Outcome> run_flow(const PackSet& packs, const Flow& flow, const json::Value& body) {
  TRY(variables, variables_for(packs, body, Side::crm));
  TRY(record, model::from_json(flow.from_type(), body["record"]));
  const std::string id = body["id"].text();
  if (flow.kind() == FlowKind::mirror) {
    const Side side = body["side"].text() == "books" ? Side::books : Side::crm;
    const auto verdict = flow.check(side, record, id, variables);
    if (!verdict) return failed(verdict.error());
    if (const auto* hold = std::get_if<Hold>(&*verdict)) return Outcome{{}, hold->code, hold->reason};
    if (const auto* skip = std::get_if<Skip>(&*verdict)) return Outcome{{}, skip->code, skip->reason};
    return Outcome{json::Value::string("accepted"), {}, {}};
  }
  DeriveInput input{record, id, {}, {}};
  input.lookup = [&body](std::string_view type, std::string_view wanted) -> std::optional<Record> {
    const json::Value& found = body["related"][type][wanted];
    if (!found.is_object()) return std::nullopt;
    auto related = model::from_json(model::type_named(type), found);
    return related ? std::optional<Record>(*std::move(related)) : std::nullopt;
  };
  for (const auto& [name, value] : body["facts"].members()) {
    TRY(fact, fact_from(value));
    input.facts.emplace(name, std::move(fact));
  }
  const auto outcome = flow.derive(input, variables);
  if (!outcome) return failed(outcome.error());
  if (const auto* hold = std::get_if<Hold>(&*outcome)) return Outcome{{}, hold->code, hold->reason};
  if (const auto* skip = std::get_if<Skip>(&*outcome)) return Outcome{{}, skip->code, skip->reason};
  return of_record(std::get<Derived>(*outcome).record);
}

Result<Outcome> run_recipe(const PackSet& packs, const Recipe& recipe, const json::Value& body) {
  TRY(variables, variables_for(packs, body, Side::crm));
  CsvReader reader(body["csv"].text(), recipe.delimiter());
  std::vector<std::string> cells;
  auto more = reader.next(cells);
  if (!more) return failed(more.error());
  const auto columns = recipe.bind(cells);
  if (!columns) return failed(columns.error());
  json::Value rows = json::Value::array();
  while ((more = reader.next(cells)) && *more) {
    const auto record = recipe.to_canonical(cells, *columns, variables);
    if (!record) return failed(record.error());
    rows.push(*json::parse(model::to_json(*record)));
  }
  if (!more) return failed(more.error());
  return Outcome{std::move(rows), {}, {}};
}

Result<Outcome> run_case(const PackSet& packs, const TestCases::Case& one) {
  const std::string_view pack = one.pack;
  if (pack.starts_with("flows/")) {
    const Flow* flow = packs.flow(pack.substr(6));
    if (flow) return run_flow(packs, *flow, one.body);
  } else if (pack.starts_with("csv/")) {
    const Recipe* recipe = packs.recipe(pack.substr(4));
    if (recipe) return run_recipe(packs, *recipe, one.body);
  }
  return run_object(packs, one.pack, one.body);
}

/// Numbers that are the same number are the same ("260.10" and 260.1), whether written with quotes or not.
bool alike(const json::Value& a, const json::Value& b) {
  if (a.is_object() && b.is_object()) {
    if (a.size() != b.size()) return false;
    return std::all_of(a.members().begin(), a.members().end(), [&](const auto& member) {
      const json::Value* other = b.find(member.first);
      return other && alike(member.second, *other);
    });
  }
  if (a.is_array() && b.is_array())
    return a.size() == b.size() && std::equal(a.items().begin(), a.items().end(), b.items().begin(), alike);
  if (a == b) return true;
  const bool scalars = (a.is_string() || a.is_number()) && (b.is_string() || b.is_number());
  if (!scalars) return false;
  const auto x = Decimal::parse(a.text()), y = Decimal::parse(b.text());
  return x && y && *x == *y;
}

CaseResult judged(const TestCases::Case& one, const Outcome& outcome) {
  CaseResult result{one.pack, one.name, false, {}};
  for (const std::string_view kind : {"expect_error", "hold", "skip"}) {
    if (const json::Value* code = one.body.find(kind)) {
      result.passed = code->text() == outcome.code;
      const std::string got = outcome.code.empty() ? outcome.value.dump() : outcome.code + " (" + outcome.reason + ")";
      if (!result.passed) result.difference = fmt::format("expected {} {}, got {}", kind, code->text(), got);
      return result;
    }
  }
  const json::Value& expected = one.body["expect"];
  if (!outcome.code.empty()) {
    result.difference = fmt::format("expected a result, got {}: {}", outcome.code, outcome.reason);
  } else {
    result.passed = alike(expected, outcome.value);
    if (!result.passed)
      result.difference = fmt::format("expected {}\n     got {}", expected.dump(), outcome.value.dump());
  }
  return result;
}

}  // namespace

void TestCases::add(const std::string& pack, const Yaml& tests, Problems& problems) {
  for (const Yaml& item : tests.items()) {
    if (!item.find("name")) {
      problems.add("mapping.structure", item.place(), "a test wants a name");
      continue;
    }
    cases.push_back({pack, item.find("name")->text(), item.place(), item.to_json()});
  }
}

TestReport TestCases::run(const PackSet& packs) const {
  TestReport report;
  for (const Case& one : cases) {
    const Result<Outcome> outcome = run_case(packs, one);
    if (outcome)
      report.cases.push_back(judged(one, *outcome));
    else
      report.cases.push_back({one.pack, one.name, false, outcome.error().code + ": " + outcome.error().what});
  }
  return report;
}

}  // namespace tieout::mapping
