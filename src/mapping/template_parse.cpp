// From the `out` section of a pack to a Template, checked against the vendor's schema on the way.
#include <fmt/core.h>

#include <charconv>

#include "mapping/template.hpp"

namespace tieout::mapping {

namespace {

using TypeKind = expr::Type::Kind;

bool fits(VendorSchema::Kind kind, TypeKind type) {
  switch (type) {
    case TypeKind::dyn:
    case TypeKind::null:
      return true;
    case TypeKind::text:
      return kind == VendorSchema::Kind::text;
    case TypeKind::decimal:
      return kind == VendorSchema::Kind::number;
    case TypeKind::integer:
      return kind == VendorSchema::Kind::number || kind == VendorSchema::Kind::integer;
    case TypeKind::boolean:
      return kind == VendorSchema::Kind::boolean;
    case TypeKind::date:
      return kind == VendorSchema::Kind::date || kind == VendorSchema::Kind::instant;
    case TypeKind::instant:
      return kind == VendorSchema::Kind::instant;
    default:
      return false;
  }
}

/// "LinkedTxn[0]" → LinkedTxn, 0; without an index -1.
std::pair<std::string_view, int> split_index(std::string_view segment) {
  const std::size_t open = segment.find('[');
  if (open == std::string_view::npos || !segment.ends_with(']')) return {segment, -1};
  int index = -1;
  std::from_chars(segment.data() + open + 1, segment.data() + segment.size() - 1, index);
  return {segment.substr(0, open), index};
}

}  // namespace

std::unique_ptr<Template> Template::parse(const Yaml& out, const VendorSchema& schema,
                                          const expr::Environment& environment, Problems& problems) {
  auto root = std::make_unique<Template>();
  root->schema_ = &schema;
  for (const Yaml::Entry& entry : out.entries()) root->parse_into(entry.key, entry, environment, problems);
  for (const auto& field : schema.children()) {
    const bool written = std::any_of(root->children_.begin(), root->children_.end(),
                                     [&](const auto& child) { return child->name_ == field->name(); });
    if (field->is_required() && !written)
      problems.add("mapping.structure", out.place(),
                   fmt::format("the vendor insists on '{}', but nothing is written to it", field->name()));
  }
  return root;
}

Template* Template::child(std::string_view name, int index, const Yaml::Entry& entry, Problems& problems) {
  const int slot = schema_->kind() == VendorSchema::Kind::object ? schema_->index_of(name) : -1;
  if (slot < 0) {
    problems.add("mapping.unknown_field", entry.place,
                 fmt::format("the vendor's {} has no '{}' (in '{}'){}", schema_->name(), name, entry.key,
                             did_you_mean(name, schema_->names())));
    return nullptr;
  }
  const VendorSchema& found = *schema_->children()[static_cast<std::size_t>(slot)];
  if (found.is_readonly()) {
    problems.add("mapping.read_only", entry.place, fmt::format("the vendor's '{}' can not be written", entry.key));
    return nullptr;
  }
  const auto make = [](Template& parent, std::string node_name, const VendorSchema& node_schema, Kind kind) {
    for (const auto& existing : parent.children_)
      if (existing->name_ == node_name) return existing.get();
    parent.children_.push_back(std::make_unique<Template>());
    Template& node = *parent.children_.back();
    node.name_ = std::move(node_name);
    node.schema_ = &node_schema;
    node.kind_ = kind;
    return &node;
  };
  if (index < 0) return make(*this, std::string(name), found, Kind::object);
  if (found.kind() != VendorSchema::Kind::list) {
    problems.add("mapping.structure", entry.place, fmt::format("'{}' is no list at this vendor", name));
    return nullptr;
  }
  Template* array = make(*this, std::string(name), found, Kind::array);
  return make(*array, fmt::format("[{}]", index), found.item(), Kind::object);
}

bool Template::parse_into(std::string_view path, const Yaml::Entry& entry, const expr::Environment& environment,
                          Problems& problems) {
  const std::size_t dot = std::min(path.find('.'), path.size());
  const auto [name, index] = split_index(path.substr(0, dot));
  Template* node = child(name, index, entry, problems);
  if (!node) return false;
  if (dot < path.size()) return node->parse_into(path.substr(dot + 1), entry, environment, problems);
  if (node->expression_ || !node->children_.empty()) {
    problems.add("mapping.duplicate", entry.place, fmt::format("'{}' is written twice", entry.key));
    return false;
  }
  if (entry.value.is_map())
    node->parse_each(entry, environment, problems);
  else
    node->parse_leaf(entry, environment, problems);
  return true;
}

void Template::parse_leaf(const Yaml::Entry& entry, const expr::Environment& environment, Problems& problems) {
  kind_ = Kind::leaf;
  if (schema_->kind() == VendorSchema::Kind::object || schema_->kind() == VendorSchema::Kind::list) {
    problems.add("mapping.structure", entry.place,
                 fmt::format("'{}' is no single value; name its fields, or use each for a list", entry.key));
    return;
  }
  expression_ = Expression::compile(entry.value, environment, problems);
  if (expression_ && !fits(schema_->kind(), expression_->type().kind()))
    problems.add("mapping.type_mismatch", entry.value.place(),
                 fmt::format("'{}' holds {}, but the expression gives {}", entry.key, schema_->kind_text(),
                             expression_->type().to_text()));
}

void Template::parse_each(const Yaml::Entry& entry, const expr::Environment& environment, Problems& problems) {
  kind_ = Kind::each;
  allow_keys(entry.value, {"each", "as", "when", "fields"}, problems);
  const Yaml* each = entry.value.find("each");
  const Yaml* fields = entry.value.find("fields");
  if (schema_->kind() != VendorSchema::Kind::list || !each || !fields || !fields->is_map()) {
    problems.add("mapping.structure", entry.place,
                 fmt::format("'{}' must be a list at the vendor, with each: and fields: here", entry.key));
    return;
  }
  expression_ = Expression::compile(*each, environment, problems);
  if (!expression_) return;
  if (!expression_->type().is(TypeKind::list)) {
    problems.add("mapping.type_mismatch", each->place(),
                 fmt::format("each: wants a list, this is {}", expression_->type().to_text()));
    return;
  }
  std::string as = text_of(entry.value, "as", false, problems);
  expr::Environment inner = environment;
  inner.add_variable(as.empty() ? "line" : as, expression_->type().item());
  if (const Yaml* when = entry.value.find("when")) when_ = Expression::compile(*when, inner, problems);
  children_.push_back(parse(*fields, schema_->item(), inner, problems));
}

}  // namespace tieout::mapping
