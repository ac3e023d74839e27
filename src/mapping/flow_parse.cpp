// From a flow's YAML to its parts, checked against the canonical model.
#include <fmt/core.h>

#include <charconv>

#include "mapping/flow_parts.hpp"

namespace tieout::mapping {

namespace {

using TypeKind = expr::Type::Kind;

/// Reads one word of a fixed set; complains and gives the first when it is none of them.
template <class Enum>
Enum word(const Yaml& map, std::string_view key, std::initializer_list<std::pair<std::string_view, Enum>> words,
          Problems& problems) {
  const Yaml* value = map.find(key);
  if (!value) return words.begin()->second;
  for (const auto& [text, meaning] : words)
    if (value->text() == text) return meaning;
  std::string known;
  for (const auto& [text, meaning] : words) known += (known.empty() ? "" : ", ") + std::string(text);
  problems.add("mapping.structure", value->place(), fmt::format("'{}' is none of {}", value->text(), known));
  return words.begin()->second;
}

const model::RecordType* type_from(const Yaml& map, Problems& problems) {
  const std::string name = text_of(map, "type", true, problems);
  const model::RecordType* type = model::find_type(name);
  if (!type && !name.empty()) {
    std::vector<std::string> names;
    for (const model::RecordType* known : model::types()) names.emplace_back(known->name);
    problems.add("mapping.unknown_type", map.find("type")->place(),
                 fmt::format("there is no canonical type '{}'{}", name, did_you_mean(name, names)));
  }
  return type;
}

int field_of(const model::RecordType& type, std::string_view name, const Place& place, Problems& problems) {
  const int index = type.index_of(name);
  if (index < 0)
    problems.add("mapping.unknown_field", place,
                 fmt::format("a {} has no field '{}'{}", type.name, name, did_you_mean(name, type.shape().names)));
  return index;
}

std::vector<Check> parse_checks(const Yaml* list, bool skips, const expr::Environment& environment,
                                Problems& problems) {
  std::vector<Check> checks;
  if (!list) return checks;
  for (const Yaml& item : list->items()) {
    allow_keys(item, {"code", "field", "when", "message", "skip"}, problems);
    Check check;
    check.code = text_of(item, "code", true, problems);
    check.field = text_of(item, "field", false, problems);
    check.skips = skips || text_of(item, "skip", false, problems) == "true";
    const Yaml* when = item.find("when");
    const Yaml* message = item.find("message");
    if (!when || !message) {
      problems.add("mapping.structure", item.place(), "a check wants code, when and message");
      continue;
    }
    check.when = Expression::compile(*when, environment, problems);
    if (check.when && !check.when->type().is(TypeKind::boolean) && !check.when->type().is(TypeKind::dyn))
      problems.add("mapping.type_mismatch", when->place(), "when: must be true or false");
    check.message = Message::parse(*message, environment, problems);
    checks.push_back(std::move(check));
  }
  return checks;
}

void parse_match(const Yaml& flow, Flow::Parts& parts, Problems& problems) {
  if (const Yaml* match = flow.find("match")) {
    for (const Yaml& item : match->items()) {
      if (item.entries().size() != 1) {
        problems.add("mapping.structure", item.place(), "a key is written as field: exact or field: normalised");
        continue;
      }
      const Yaml::Entry& entry = item.entries()[0];
      const std::string& how = entry.value.text();
      if (how != "exact" && how != "normalised")
        problems.add("mapping.structure", entry.value.place(), fmt::format("'{}' is none of exact, normalised", how));
      parts.keys.push_back({field_of(*parts.from_type, entry.key, entry.place, problems), how != "exact"});
    }
  }
  if (const Yaml* suggest = flow.find("suggest")) {
    allow_keys(*suggest, {"by", "at"}, problems);
    const std::string by = text_of(*suggest, "by", true, problems);
    const std::string at = text_of(*suggest, "at", true, problems);
    parts.name_field = field_of(*parts.from_type, by, suggest->place(), problems);
    std::from_chars(at.data(), at.data() + at.size(), parts.suggest_at);
    if (parts.suggest_at < 0 || parts.suggest_at > 1000)
      problems.add("mapping.structure", suggest->place(), "at: wants a whole number from 0 to 1000");
  }
}

void parse_fields(const Yaml& flow, Flow::Parts& parts, Problems& problems) {
  const Yaml* fields = flow.find("fields");
  if (!fields) return problems.add("mapping.structure", flow.place(), "'fields' is missing");
  for (const Yaml::Entry& entry : fields->entries()) {
    const int index = field_of(*parts.from_type, entry.key, entry.place, problems);
    if (index < 0) continue;
    allow_keys(entry.value, {"owner", "direction"}, problems);
    FieldPolicy policy;
    policy.field = index;
    policy.owner = entry.value.find("owner") ? word<model::Owner>(entry.value, "owner",
                                                                  {{"crm", model::Owner::crm},
                                                                   {"books", model::Owner::books},
                                                                   {"latest", model::Owner::latest},
                                                                   {"ask", model::Owner::ask}},
                                                                  problems)
                                             : parts.from_type->fields[index].owner;
    const auto direction = word<FlowDirection>(entry.value, "direction",
                                               {{"both", FlowDirection::both},
                                                {"crm_to_books", FlowDirection::crm_to_books},
                                                {"books_to_crm", FlowDirection::books_to_crm}},
                                               problems);
    policy.to_crm = direction != FlowDirection::crm_to_books && parts.direction != FlowDirection::crm_to_books;
    policy.to_books = direction != FlowDirection::books_to_crm && parts.direction != FlowDirection::books_to_crm;
    parts.fields.push_back(policy);
  }
}

expr::Environment environment_for(const model::RecordType& type, const expr::Environment& common) {
  expr::Environment environment;
  environment.add_variable("record", type_of(type));
  for (const auto& variable : common.variables()) environment.add_variable(variable.name, variable.type);
  for (const auto& [function, overloads] : common.functions())
    for (const auto& overload : overloads) environment.add_function(function, overload.signature, *overload.call);
  return environment;
}

void parse_mirror(const Yaml& flow, Flow::Parts& parts, const expr::Environment& common, Problems& problems) {
  allow_keys(flow,
             {"flow", "version", "notes", "kind", "type", "direction", "unmatched", "match", "suggest", "fields",
              "checks", "tests", "settings"},
             problems);
  parts.from_type = parts.to_type = type_from(flow, problems);
  if (!parts.from_type) return;
  parts.direction = word<FlowDirection>(flow, "direction",
                                        {{"both", FlowDirection::both},
                                         {"crm_to_books", FlowDirection::crm_to_books},
                                         {"books_to_crm", FlowDirection::books_to_crm}},
                                        problems);
  if (const Yaml* unmatched = flow.find("unmatched")) {
    allow_keys(*unmatched, {"crm", "books"}, problems);
    for (const Side side : {Side::crm, Side::books})
      parts.unmatched[static_cast<std::size_t>(side)] = word<Unmatched>(
          *unmatched, to_text(side),
          {{"create", Unmatched::create}, {"hold", Unmatched::hold}, {"skip", Unmatched::skip}}, problems);
  }
  parse_match(flow, parts, problems);
  parse_fields(flow, parts, problems);
  if (const Yaml* checks = flow.find("checks")) {
    allow_keys(*checks, {"crm", "books"}, problems);
    const expr::Environment environment = environment_for(*parts.from_type, common);
    for (const Side side : {Side::crm, Side::books})
      parts.checks[static_cast<std::size_t>(side)] =
          parse_checks(checks->find(to_text(side)), false, environment, problems);
  }
}

void parse_ends(const Yaml& flow, Flow::Parts& parts, Problems& problems) {
  for (const std::string_view end : {"from", "to"}) {
    const Yaml* value = flow.find(end);
    if (!value || !value->is_map()) {
      problems.add("mapping.structure", flow.place(), fmt::format("'{}' is missing: {{side, type}}", end));
      continue;
    }
    allow_keys(*value, {"side", "type", "write_back"}, problems);
    const Side side = word<Side>(*value, "side", {{"crm", Side::crm}, {"books", Side::books}}, problems);
    (end == "from" ? parts.from_side : parts.to_side) = side;
    (end == "from" ? parts.from_type : parts.to_type) = type_from(*value, problems);
    parts.write_back_field = text_of(*value, "write_back", false, problems);
    if (end == "to" && !parts.write_back_field.empty() && parts.from_type)
      field_of(*parts.from_type, parts.write_back_field, value->place(), problems);
  }
}

/// Adds a variable for each related record: its type or null.
std::vector<Flow::Parts::Related> parse_related(const Yaml* yaml, expr::Environment& environment, Problems& problems) {
  std::vector<Flow::Parts::Related> result;
  if (!yaml) return result;
  const expr::Environment before = environment;
  for (const Yaml::Entry& entry : yaml->entries()) {
    allow_keys(entry.value, {"type", "id"}, problems);
    const model::RecordType* type = type_from(entry.value, problems);
    const Yaml* id = entry.value.find("id");
    if (!type || !id) {
      problems.add("mapping.structure", entry.place, "a related record wants type and id");
      continue;
    }
    auto expression = Expression::compile(*id, before, problems);
    environment.add_variable(entry.key, expr::Type::nullable(type_of(*type)));
    if (expression) result.push_back({entry.key, type, *std::move(expression)});
  }
  return result;
}

void parse_facts(const Yaml* yaml, expr::Environment& environment, Flow::Parts& parts, Problems& problems) {
  auto record = std::make_shared<expr::RecordType>();
  std::vector<std::string> names;
  if (yaml) {
    for (const Yaml::Entry& entry : yaml->entries()) {
      const auto type = expr::Type::parse(fmt::format("nullable({})", entry.value.text()));
      if (!type) {
        problems.add("mapping.unknown_type", entry.value.place(), type.error().what);
        continue;
      }
      names.push_back(entry.key);
      record->fields.push_back(*type);
    }
  }
  parts.facts = names;
  record->shape = std::make_shared<model::RecordShape>("facts", std::move(names));
  environment.add_variable("facts", expr::Type::record(std::move(record)));
}

void parse_totals(const Yaml& yaml, const expr::Environment& environment, Flow::Parts& parts, Problems& problems) {
  allow_keys(yaml, {"lines", "currency", "rounding", "level", "tax_mode", "rounding_line"}, problems);
  const std::string lines = text_of(yaml, "lines", true, problems);
  const int list = field_of(*parts.to_type, lines, yaml.place(), problems);
  std::array<std::optional<Expression>, 4> words;
  constexpr std::string_view keys[] = {"currency", "rounding", "level", "tax_mode"};
  for (std::size_t i = 0; i < 4; ++i) {
    const Yaml* value = yaml.find(keys[i]);
    if (!value)
      problems.add("mapping.structure", yaml.place(), fmt::format("'{}' must be stated", keys[i]));
    else
      words[i] = Expression::compile(*value, environment, problems);
    if (!words[i]) return;
  }
  if (list < 0) return;
  parts.totals =
      TotalsRule{*words[0], *words[1], *words[2], *words[3], text_of(yaml, "rounding_line", false, problems), list};
}

expr::Type totals_type() {
  auto record = std::make_shared<expr::RecordType>();
  record->shape = std::shared_ptr<const model::RecordShape>(std::shared_ptr<void>(), &totals_shape());
  record->fields.assign(totals_shape().size(), expr::Type::nullable(expr::Type::decimal()));
  return expr::Type::record(std::move(record));
}

void parse_derive(const Yaml& flow, Flow::Parts& parts, const expr::Environment& common, Problems& problems) {
  allow_keys(flow,
             {"flow", "version", "notes", "kind", "from", "to", "update", "related", "facts", "skip", "hold",
              "settings", "lines", "fields", "totals", "hold_after", "tests"},
             problems);
  parse_ends(flow, parts, problems);
  if (!parts.from_type || !parts.to_type) return;
  parts.update = word<UpdatePolicy>(
      flow, "update",
      {{"never", UpdatePolicy::never}, {"while_unpaid", UpdatePolicy::while_unpaid}, {"always", UpdatePolicy::always}},
      problems);
  expr::Environment environment = environment_for(*parts.from_type, common);
  parse_facts(flow.find("facts"), environment, parts, problems);
  parts.related = parse_related(flow.find("related"), environment, problems);
  parts.first_checks = parse_checks(flow.find("skip"), true, environment, problems);
  for (Check& check : parse_checks(flow.find("hold"), false, environment, problems))
    parts.first_checks.push_back(std::move(check));
  if (const Yaml* lines = flow.find("lines")) {
    allow_keys(*lines, {"each", "as", "related", "hold"}, problems);
    expr::Environment inner = environment;
    if (const Yaml* each = lines->find("each")) parts.line_list = Expression::compile(*each, environment, problems);
    if (parts.line_list && parts.line_list->type().is(TypeKind::list)) {
      const std::string as = text_of(*lines, "as", false, problems);
      inner.add_variable(as.empty() ? "line" : as, parts.line_list->type().item());
      parts.line_related = parse_related(lines->find("related"), inner, problems);
      parts.line_checks = parse_checks(lines->find("hold"), false, inner, problems);
    }
  }
  if (const Yaml* fields = flow.find("fields"))
    parts.builder = RecordBuilder::parse(*fields, *parts.to_type, environment, problems);
  else
    problems.add("mapping.structure", flow.place(), "'fields' is missing");
  if (const Yaml* totals = flow.find("totals")) parse_totals(*totals, environment, parts, problems);
  environment.add_variable("totals", totals_type());
  parts.last_checks = parse_checks(flow.find("hold_after"), false, environment, problems);
}

}  // namespace

std::optional<Message> Message::parse(const Yaml& yaml, const expr::Environment& environment, Problems& problems) {
  Message message;
  std::string_view rest = yaml.text();
  for (std::size_t open; (open = rest.find('{')) != std::string_view::npos;) {
    const std::size_t close = rest.find('}', open);
    if (close == std::string_view::npos) break;
    message.texts_.emplace_back(rest.substr(0, open));
    const auto value = Expression::compile(yaml.with_text(std::string(rest.substr(open + 1, close - open - 1))),
                                           environment, problems);
    if (!value) return std::nullopt;
    message.values_.push_back(*value);
    rest.remove_prefix(close + 1);
  }
  message.texts_.emplace_back(rest);
  return message;
}

std::shared_ptr<Flow::Parts> Flow::Parts::parse(const Yaml& flow, const expr::Environment& common, Problems& problems) {
  auto parts = std::make_shared<Parts>();
  parts->name = text_of(flow, "flow", true, problems);
  parts->version = text_of(flow, "version", true, problems);
  parts->kind = word<FlowKind>(flow, "kind", {{"mirror", FlowKind::mirror}, {"derive", FlowKind::derive}}, problems);
  if (parts->kind == FlowKind::mirror)
    parse_mirror(flow, *parts, common, problems);
  else
    parse_derive(flow, *parts, common, problems);
  return parts;
}

}  // namespace tieout::mapping
