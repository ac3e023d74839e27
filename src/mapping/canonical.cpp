#include "mapping/canonical.hpp"

#include <fmt/core.h>

namespace tieout::mapping {

using model::FieldKind;
using model::Value;
using TypeKind = expr::Type::Kind;

namespace {

expr::Type field_type(const model::RecordType& type, int index) {
  const model::FieldDecl& field = type.fields[index];
  switch (field.kind) {
    case FieldKind::list:
      return expr::Type::list(type_of(type.element(index)));
    case FieldKind::integer:
      return expr::Type::nullable(expr::Type::integer());
    case FieldKind::boolean:
      return expr::Type::nullable(expr::Type::boolean());
    case FieldKind::date:
      return expr::Type::nullable(expr::Type::date());
    case FieldKind::instant:
      return expr::Type::nullable(expr::Type::instant());
    default:
      return expr::Type::nullable(field.is_decimal() ? expr::Type::decimal() : expr::Type::text());
  }
}

}  // namespace

expr::Type type_of(const model::RecordType& type) {
  auto record = std::make_shared<expr::RecordType>();
  record->shape = std::shared_ptr<const model::RecordShape>(std::shared_ptr<void>(), &type.shape());
  for (int i = 0; i < type.size(); ++i) record->fields.push_back(field_type(type, i));
  return expr::Type::record(std::move(record));
}

bool can_hold(const model::FieldDecl& field, const expr::Type& type) {
  switch (type.kind()) {
    case TypeKind::dyn:
    case TypeKind::null:
      return true;
    case TypeKind::text:
      return field.is_text();
    case TypeKind::decimal:
      return field.is_decimal();
    case TypeKind::integer:
      return field.is_decimal() || field.kind == FieldKind::integer;
    case TypeKind::boolean:
      return field.kind == FieldKind::boolean;
    case TypeKind::date:
      return field.kind == FieldKind::date;
    case TypeKind::instant:
      return field.kind == FieldKind::instant;
    default:
      return false;
  }
}

Result<Value> held_as(const model::FieldDecl& field, Value value) {
  switch (value.kind()) {
    case Value::Kind::absent:
    case Value::Kind::null:
      return value;
    case Value::Kind::text:
      if (field.is_text()) return value;
      break;
    case Value::Kind::decimal:
      if (field.is_decimal()) return value;
      break;
    case Value::Kind::integer:
      if (field.kind == FieldKind::integer) return value;
      if (field.is_decimal()) return Value::decimal(Decimal(value.as_integer()));
      break;
    case Value::Kind::boolean:
      if (field.kind == FieldKind::boolean) return value;
      break;
    case Value::Kind::date:
      if (field.kind == FieldKind::date) return value;
      break;
    case Value::Kind::instant:
      if (field.kind == FieldKind::instant) return value;
      break;
    default:
      break;
  }
  return fail("mapping.result.kind", fmt::format("wants {}, but the expression gave {}", model::to_text(field.kind),
                                                 model::to_text(value.kind())));
}

std::unique_ptr<RecordBuilder> RecordBuilder::parse(const Yaml& fields, const model::RecordType& type,
                                                    const expr::Environment& environment, Problems& problems) {
  auto builder = std::make_unique<RecordBuilder>();
  builder->type_ = &type;
  if (!fields.is_map()) problems.add("mapping.structure", fields.place(), "a map of field: expression is wanted here");
  for (const Yaml::Entry& entry : fields.entries()) builder->parse_field(entry, environment, problems);
  return builder;
}

void RecordBuilder::parse_field(const Yaml::Entry& entry, const expr::Environment& environment, Problems& problems) {
  Field field;
  field.index = type_->index_of(entry.key);
  if (field.index < 0) {
    problems.add(
        "mapping.unknown_field", entry.place,
        fmt::format("a {} has no field '{}'{}", type_->name, entry.key, did_you_mean(entry.key, type_->shape().names)));
    return;
  }
  const model::FieldDecl& decl = type_->fields[field.index];
  if (decl.kind == FieldKind::list) {
    parse_list(entry, field, environment, problems);
  } else {
    field.value = Expression::compile(entry.value, environment, problems);
    if (field.value && !can_hold(decl, field.value->type()))
      problems.add("mapping.type_mismatch", entry.value.place(),
                   fmt::format("{}.{} holds {}, but the expression gives {}", type_->name, decl.name,
                               model::to_text(decl.kind), field.value->type().to_text()));
  }
  fields_.push_back(std::move(field));
}

void RecordBuilder::parse_list(const Yaml::Entry& entry, Field& field, const expr::Environment& environment,
                               Problems& problems) {
  allow_keys(entry.value, {"each", "as", "when", "fields"}, problems);
  const Yaml* each = entry.value.find("each");
  const Yaml* fields = entry.value.find("fields");
  if (!each || !fields) {
    problems.add("mapping.structure", entry.place,
                 fmt::format("'{}' is a list: it wants each: (a list) and fields:", entry.key));
    return;
  }
  field.value = Expression::compile(*each, environment, problems);
  if (!field.value) return;
  if (!field.value->type().is(TypeKind::list)) {
    problems.add("mapping.type_mismatch", each->place(),
                 fmt::format("each: wants a list, this is {}", field.value->type().to_text()));
    return;
  }
  const std::string as = text_of(entry.value, "as", false, problems);
  expr::Environment inner = environment;
  inner.add_variable(as.empty() ? "line" : as, field.value->type().item());
  if (const Yaml* when = entry.value.find("when")) field.when = Expression::compile(*when, inner, problems);
  field.item = parse(*fields, type_->element(field.index), inner, problems);
}

Result<model::Record> RecordBuilder::build(std::vector<Value>& scope) const {
  std::vector<Value> slots(static_cast<std::size_t>(type_->size()));
  std::string path;
  auto built = build_into(slots, scope, path);
  if (!built) {
    Fault fault = std::move(built).error();
    fault.field = fmt::format("{}.{}", type_->name, path);
    fault.what = fmt::format("{}: {}", fault.field, fault.what);
    return fail(std::move(fault));
  }
  return model::Record(*type_, Value::record(&type_->shape(), std::move(slots)));
}

/// On failure, path says which field.
Result<bool> RecordBuilder::build_into(std::vector<Value>& slots, std::vector<Value>& scope, std::string& path) const {
  for (const Field& field : fields_) {
    const model::FieldDecl& decl = type_->fields[field.index];
    Result<Value> value = field.item ? build_list(field, scope, path) : field.value->evaluate(scope);
    if (value && !field.item) value = held_as(decl, *std::move(value));
    if (!value) {
      path = std::string(decl.name) + path;
      return fail(std::move(value).error());
    }
    slots[static_cast<std::size_t>(field.index)] = *std::move(value);
  }
  return true;
}

Result<Value> RecordBuilder::build_list(const Field& field, std::vector<Value>& scope, std::string& path) const {
  TRY(list, field.value->evaluate(scope));
  if (!list.is(Value::Kind::list)) return list.is_null() ? Value::null() : Value::absent();
  std::vector<Value> items;
  items.reserve(list.items().size());
  int index = -1;
  for (const Value& item : list.items()) {
    ++index;
    scope.push_back(item);
    Result<bool> wanted = field.when ? field.when->holds(scope) : Result<bool>(true);
    if (wanted && *wanted) {
      std::vector<Value> slots(static_cast<std::size_t>(field.item->type_->size()));
      wanted = field.item->build_into(slots, scope, path);
      if (wanted) items.push_back(Value::record(&field.item->type_->shape(), std::move(slots)));
    }
    scope.pop_back();
    if (!wanted) {
      path = fmt::format("[{}]{}{}", index, path.empty() ? "" : ".", path);
      return fail(std::move(wanted).error());
    }
  }
  return Value::list(std::move(items));
}

bool RecordBuilder::fills(int field) const {
  return std::any_of(fields_.begin(), fields_.end(), [field](const Field& f) { return f.index == field; });
}

const RecordBuilder* RecordBuilder::list(int index) const {
  for (const Field& field : fields_)
    if (field.index == index) return field.item.get();
  return nullptr;
}

void RecordBuilder::leaves(const std::string& path, std::vector<std::pair<std::string, const Expression*>>& out) const {
  for (const Field& field : fields_) {
    const std::string here = path + std::string(type_->fields[field.index].name);
    if (field.item)
      field.item->leaves(here + "[].", out);
    else if (field.value)
      out.emplace_back(here, &*field.value);
  }
}

void RecordBuilder::controls(std::vector<const Expression*>& out) const {
  for (const Field& field : fields_) {
    if (!field.item) continue;
    out.push_back(&*field.value);
    if (field.when) out.push_back(&*field.when);
    field.item->controls(out);
  }
}

}  // namespace tieout::mapping
