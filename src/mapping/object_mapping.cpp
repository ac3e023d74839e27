#include "mapping/object_mapping.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "mapping/object_parts.hpp"
#include "mapping/source_reader.hpp"

namespace tieout::mapping {

using model::Record;
using model::Value;

const model::RecordType& ObjectMapping::type() const { return *parts_->type; }
const std::string& ObjectMapping::vendor() const { return parts_->vendor; }
const std::string& ObjectMapping::object() const { return parts_->object; }
Side ObjectMapping::side() const { return parts_->side; }
const std::string& ObjectMapping::pack_version() const { return parts_->version; }
bool ObjectMapping::writable() const { return parts_->out != nullptr; }
const std::vector<ObjectMapping::Row>& ObjectMapping::rows() const { return parts_->rows; }

Result<Record> ObjectMapping::to_canonical(std::string_view json, const Variables& variables) const {
  TRY(source, read_source(*parts_->schema, json));
  std::vector<Value> scope;
  scope.reserve(5);
  scope.push_back(std::move(source));
  scope.push_back(variables.account(parts_->side));
  scope.push_back(variables.settings());
  return parts_->in->build(scope);
}

namespace {

std::vector<Value> scope_for(const Record& record, Side side, const Variables& variables) {
  std::vector<Value> scope;
  scope.reserve(5);
  scope.push_back(record.value());
  scope.push_back(variables.account(side));
  scope.push_back(variables.settings());
  return scope;
}

Fault reads_only(const std::string& vendor, const std::string& object) {
  return Fault("mapping.read_only", fmt::format("the {} pack writes nothing to {}", vendor, object));
}

}  // namespace

Result<std::string> ObjectMapping::to_vendor(const Record& wanted, const Variables& variables) const {
  if (!parts_->out) return fail(reads_only(parts_->vendor, parts_->object));
  std::vector<Value> scope = scope_for(wanted, parts_->side, variables);
  return parts_->out->create(scope, parts_->style);
}

Result<std::string> ObjectMapping::to_vendor_changes(const Record& wanted, const Record& now,
                                                     const Variables& variables) const {
  if (!parts_->out) return fail(reads_only(parts_->vendor, parts_->object));
  std::vector<Value> scope_wanted = scope_for(wanted, parts_->side, variables);
  std::vector<Value> scope_now = scope_for(now, parts_->side, variables);
  return parts_->out->changes(scope_wanted, scope_now, parts_->style);
}

bool ObjectMapping::reads(std::string_view field) const {
  const int index = parts_->type->index_of(field);
  return index >= 0 && parts_->in && parts_->in->fills(index);
}

bool ObjectMapping::writes(std::string_view field) const {
  return parts_->written.contains(parts_->type->index_of(field));
}

std::vector<std::string> ObjectMapping::vendor_names(std::string_view path) const {
  const VendorSchema* node = parts_->schema.get();
  while (!path.empty() && node) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    if (node->kind() == VendorSchema::Kind::list) node = &node->item();
    const int index = node->index_of(path.substr(0, dot));
    node = index < 0 ? nullptr : node->children()[static_cast<std::size_t>(index)].get();
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  if (node && node->kind() == VendorSchema::Kind::list) node = &node->item();
  return node ? node->names() : std::vector<std::string>{};
}

std::shared_ptr<ObjectMapping::Parts> ObjectMapping::Parts::parse(const Yaml& object,
                                                                  std::unique_ptr<VendorSchema> schema,
                                                                  const expr::Environment& common, Problems& problems) {
  auto parts = std::make_shared<Parts>();
  allow_keys(object, {"type", "in", "out"}, problems);
  const std::string type = text_of(object, "type", true, problems);
  parts->type = model::find_type(type);
  if (!parts->type) {
    std::vector<std::string> names;
    for (const model::RecordType* known : model::types()) names.emplace_back(known->name);
    problems.add("mapping.unknown_type", object.place(),
                 fmt::format("there is no canonical type '{}'{}", type, did_you_mean(type, names)));
    return nullptr;
  }
  parts->schema = std::move(schema);
  // The record comes first in every environment, then what `common` holds: account and settings.
  const auto environment_with = [&common](const char* name, expr::Type first) {
    expr::Environment environment;
    environment.add_variable(name, std::move(first));
    for (const auto& variable : common.variables()) environment.add_variable(variable.name, variable.type);
    for (const auto& [function, overloads] : common.functions())
      for (const auto& overload : overloads) environment.add_function(function, overload.signature, *overload.call);
    return environment;
  };
  if (const Yaml* in = object.find("in"))
    parts->in = RecordBuilder::parse(*in, *parts->type, environment_with("source", parts->schema->type()), problems);
  else
    problems.add("mapping.structure", object.place(), "'in' is missing: every object is read");
  if (const Yaml* out = object.find("out"))
    parts->out = Template::parse(*out, *parts->schema, environment_with("record", type_of(*parts->type)), problems);
  if (problems.empty()) {
    parts->note_reads();
    parts->note_writes();
    parts->make_rows();
  }
  return parts;
}

namespace {

std::string_view below(std::string_view path, std::string_view variable) {
  path.remove_prefix(variable.size());
  if (path.starts_with('.')) path.remove_prefix(1);
  return path;
}

bool is_under(std::string_view path, std::string_view variable) {
  return path.starts_with(variable) && (path.size() == variable.size() || path[variable.size()] == '.');
}

}  // namespace

/// Marks in the schema what expressions read. A list that is read by an `each` is read whole: the item's own fields are
/// declared in the pack because they are wanted.
void ObjectMapping::Parts::note_reads() {
  std::vector<std::pair<std::string, const Expression*>> leaves;
  std::vector<const Expression*> expressions;
  in->leaves({}, leaves);
  in->controls(expressions);
  for (const auto& [field, expression] : leaves) expressions.push_back(expression);
  for (const Expression* expression : expressions)
    for (const std::string& path : expression->reads())
      if (is_under(path, "source")) schema->mark_used(below(path, "source"));
}

void ObjectMapping::Parts::note_writes() {
  if (!out) return;
  std::vector<std::pair<std::string, const Expression*>> leaves;
  std::vector<const Expression*> expressions;
  out->leaves({}, leaves);
  out->controls(expressions);
  for (const auto& [path, expression] : leaves) expressions.push_back(expression);
  for (const Expression* expression : expressions) {
    for (const std::string& path : expression->reads()) {
      if (!is_under(path, "record")) continue;
      const std::string_view field = below(path, "record");
      written.insert(type->index_of(field.substr(0, field.find('.'))));
    }
  }
}

/// Rows of the field matrix: plain paths are paired in both directions; the rest shows its expression.
void ObjectMapping::Parts::make_rows() {
  std::vector<std::pair<std::string, const Expression*>> reading, writing;
  in->leaves({}, reading);
  if (out) out->leaves({}, writing);
  for (const auto& [field, expression] : reading) {
    Row row{field, {}, "in", expression->is_path() ? "" : expression->text()};
    for (const std::string& path : expression->reads()) {
      const bool of_source = is_under(path, "source");
      const std::size_t dot = path.find('.');
      if (!of_source && (path.starts_with("settings") || path.starts_with("account") || dot == std::string::npos))
        continue;
      row.vendor_path +=
          (row.vendor_path.empty() ? "" : ", ") + (of_source ? std::string(below(path, "source")) : path);
    }
    rows.push_back(std::move(row));
  }
  for (const auto& [vendor_path, expression] : writing) {
    const bool in_list = vendor_path.find("[]") != std::string::npos;
    for (const std::string& path : expression->reads()) {
      std::string field;
      if (is_under(path, "record"))
        field = below(path, "record");
      else if (in_list && path.find('.') != std::string::npos && !is_under(path, "settings") &&
               !is_under(path, "account"))
        field = "[]." + path.substr(path.find('.') + 1);
      if (field.empty()) continue;
      const auto known = std::find_if(rows.begin(), rows.end(), [&](const Row& row) {
        return row.field == field || (field.starts_with("[].") && row.field.ends_with(field));
      });
      const std::string shown = expression->is_path() ? "" : expression->text();
      if (known != rows.end() && known->direction == "in") {
        known->direction = "both";
        if (known->vendor_path.empty()) known->vendor_path = vendor_path;
        if (!shown.empty()) known->expression += (known->expression.empty() ? "out: " : " · out: ") + shown;
      } else if (known == rows.end()) {
        rows.push_back({field, vendor_path, "out", shown});
      }
    }
  }
}

}  // namespace tieout::mapping
