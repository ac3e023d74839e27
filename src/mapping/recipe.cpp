#include "mapping/recipe.hpp"

#include <fmt/core.h>

#include <charconv>

#include "mapping/recipe_parts.hpp"
#include "mapping/source_reader.hpp"

namespace tieout::mapping {

using model::Value;

const std::string& Recipe::name() const { return parts_->name; }
const std::string& Recipe::version() const { return parts_->version; }
const model::RecordType& Recipe::type() const { return *parts_->type; }
char Recipe::delimiter() const { return parts_->delimiter; }
const std::string& Recipe::id_column() const { return parts_->id_column; }

Result<std::vector<int>> Recipe::bind(std::span<const std::string> header) const {
  std::vector<int> columns;
  for (const auto& column : parts_->columns->children()) {
    int found = -1;
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (header[i] != column->name()) continue;
      if (found >= 0)
        return fail("csv.column.twice", fmt::format("the column '{}' stands twice", column->name()), column->name());
      found = static_cast<int>(i);
    }
    if (found < 0) {
      const std::vector<std::string> names(header.begin(), header.end());
      return fail("csv.column.missing",
                  fmt::format("the file has no column '{}', which the recipe {} reads{}", column->name(), parts_->name,
                              did_you_mean(column->name(), names)),
                  column->name());
    }
    columns.push_back(found);
  }
  return columns;
}

Result<model::Record> Recipe::to_canonical(std::span<const std::string> cells, std::span<const int> columns,
                                           const Variables& variables) const {
  std::vector<Value> slots;
  slots.reserve(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const VendorSchema& column = *parts_->columns->children()[i];
    TRY(value, parts_->cell(column, cells[static_cast<std::size_t>(columns[i])]));
    slots.push_back(std::move(value));
  }
  std::vector<Value> scope{Value::record(parts_->columns->shape(), std::move(slots)), variables.settings()};
  return parts_->in->build(scope);
}

namespace {

/// By a form of YYYY, MM, DD and marks; a time of day behind it is left away.
std::optional<Date> date_in_form(std::string_view text, std::string_view form) {
  if (text.size() < form.size() || (text.size() > form.size() && text[form.size()] != ' ' && text[form.size()] != 'T'))
    return std::nullopt;
  int year = 0, month = 0, day = 0;
  for (std::size_t i = 0; i < form.size(); ++i) {
    int* part = form[i] == 'Y' ? &year : form[i] == 'M' ? &month : form[i] == 'D' ? &day : nullptr;
    if (!part) {
      if (text[i] != form[i]) return std::nullopt;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    *part = *part * 10 + (text[i] - '0');
  }
  const Date date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                  std::chrono::day{static_cast<unsigned>(day)}};
  return date.ok() && year > 0 ? std::optional(date) : std::nullopt;
}

}  // namespace

Result<Value> Recipe::Parts::cell(const VendorSchema& column, std::string_view text) const {
  if (text.empty()) return Value::null();
  const auto malformed = [&](std::string_view wanted) {
    return fail("csv.cell.malformed", fmt::format("'{}' in the column '{}' is not {}", text, column.name(), wanted),
                column.name());
  };
  switch (column.kind()) {
    case VendorSchema::Kind::date: {
      const auto date = date_in_form(text, date_form);
      return date ? Result<Value>(Value::date(*date)) : Result<Value>(malformed("a date as " + date_form));
    }
    case VendorSchema::Kind::boolean:
      if (text == true_word) return Value::boolean(true);
      if (text == false_word) return Value::boolean(false);
      return malformed(fmt::format("{} or {}", true_word, false_word));
    case VendorSchema::Kind::number:
    case VendorSchema::Kind::integer: {
      std::string plain;
      const char thousands = decimal_mark == ',' ? '.' : ',';
      for (const char c : text)
        if (c != thousands) plain += c == decimal_mark ? '.' : c;
      auto number = read_scalar(column.kind(), plain);
      return number ? number : Result<Value>(malformed("a number"));
    }
    default:
      return Value::text(text);
  }
}

void Recipe::Parts::parse_format(const Yaml& format, Problems& problems) {
  allow_keys(format, {"delimiter", "decimal_mark", "date", "true", "false", "id"}, problems);
  const auto one_char = [&](std::string_view key, char& into) {
    const std::string text = text_of(format, key, false, problems);
    if (text == "tab")
      into = '\t';
    else if (text.size() == 1)
      into = text[0];
    else if (!text.empty())
      problems.add("mapping.structure", format.place(), fmt::format("'{}' must be one character", key));
  };
  const auto word = [&](std::string_view key, std::string& into) {
    if (format.find(key)) into = text_of(format, key, false, problems);
  };
  one_char("delimiter", delimiter);
  one_char("decimal_mark", decimal_mark);
  word("date", date_form);
  word("true", true_word);
  word("false", false_word);
  word("id", id_column);
}

std::shared_ptr<Recipe::Parts> Recipe::Parts::parse(const Yaml& recipe, const expr::Environment& common,
                                                    Problems& problems) {
  allow_keys(recipe, {"recipe", "version", "notes", "type", "format", "columns", "in", "tests", "settings"}, problems);
  auto parts = std::make_shared<Parts>();
  parts->name = text_of(recipe, "recipe", true, problems);
  parts->version = text_of(recipe, "version", true, problems);
  const std::string type = text_of(recipe, "type", true, problems);
  parts->type = model::find_type(type);
  const Yaml* columns = recipe.find("columns");
  const Yaml* in = recipe.find("in");
  if (!parts->type)
    problems.add("mapping.unknown_type", recipe.place(), fmt::format("there is no canonical type '{}'", type));
  if (!columns || !columns->is_map() || !in)
    problems.add("mapping.structure", recipe.place(), "a recipe wants columns and in");
  if (!parts->type || !columns || !in) return nullptr;
  if (const Yaml* format = recipe.find("format")) parts->parse_format(*format, problems);
  parts->columns = VendorSchema::parse(*columns, parts->name, problems);
  if (!parts->id_column.empty() && parts->columns->index_of(parts->id_column) < 0)
    problems.add("mapping.unknown_field", recipe.place(),
                 fmt::format("the id column '{}' is not declared", parts->id_column));
  expr::Environment environment;
  environment.add_variable("row", parts->columns->type());
  for (const auto& variable : common.variables()) environment.add_variable(variable.name, variable.type);
  for (const auto& [function, overloads] : common.functions())
    for (const auto& overload : overloads) environment.add_function(function, overload.signature, *overload.call);
  parts->in = RecordBuilder::parse(*in, *parts->type, environment, problems);
  return parts;
}

}  // namespace tieout::mapping
