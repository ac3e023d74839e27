#include "mapping/vendor_schema.hpp"

#include <fmt/core.h>

#include <charconv>

namespace tieout::mapping {

namespace {

constexpr std::string_view kKinds[] = {"text", "number", "integer", "boolean", "date", "instant", "object", "list"};

expr::Type scalar_type(VendorSchema::Kind kind) {
  switch (kind) {
    case VendorSchema::Kind::number:
      return expr::Type::decimal();
    case VendorSchema::Kind::integer:
      return expr::Type::integer();
    case VendorSchema::Kind::boolean:
      return expr::Type::boolean();
    case VendorSchema::Kind::date:
      return expr::Type::date();
    case VendorSchema::Kind::instant:
      return expr::Type::instant();
    default:
      return expr::Type::text();
  }
}

std::size_t hash_of(std::string_view name) {
  std::size_t hash = name.size() * 0x9E3779B97F4A7C15ull;
  for (const unsigned char c : name) hash = (hash ^ c) * 0x100000001B3ull;
  return hash ^ (hash >> 29);
}

}  // namespace

std::unique_ptr<VendorSchema> VendorSchema::parse(const Yaml& yaml, const std::string& name, Problems& problems) {
  auto node = std::make_unique<VendorSchema>();
  node->name_ = name;
  if (yaml.is_map()) {
    node->kind_ = Kind::object;
    node->parse_members(yaml, problems);
    node->finish_object();
  } else if (yaml.is_list() && yaml.items().size() == 1) {
    node->kind_ = Kind::list;
    node->children_.push_back(parse(yaml.items()[0], name, problems));
    node->type_ = expr::Type::list(node->item().type());
  } else if (yaml.is_scalar()) {
    node->parse_scalar(yaml, problems);
  } else {
    problems.add("mapping.structure", yaml.place(),
                 fmt::format("'{}' must be a kind such as text(100), a map of fields, or a list of one item", name));
  }
  return node;
}

void VendorSchema::parse_scalar(const Yaml& yaml, Problems& problems) {
  std::string_view rest = yaml.text();
  const auto word = [&rest] {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view first = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return first;
  };
  std::string_view kind = word();
  if (const std::size_t open = kind.find('('); open != std::string_view::npos && kind.ends_with(')')) {
    const std::string_view digits = kind.substr(open + 1, kind.size() - open - 2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), limit_);
    if (error != std::errc{} || end != digits.data() + digits.size() || limit_ < 0)
      problems.add("mapping.structure", yaml.place(), fmt::format("the limit in '{}' is no number", yaml.text()));
    kind = kind.substr(0, open);
  }
  const auto found = std::find(std::begin(kKinds), std::end(kKinds) - 2, kind);
  if (found == std::end(kKinds) - 2) {
    problems.add(
        "mapping.unknown_type", yaml.place(),
        fmt::format("'{}' is no kind of value; there are text, number, integer, boolean, date, instant", kind));
  } else {
    kind_ = static_cast<Kind>(found - std::begin(kKinds));
  }
  while (!rest.empty()) {
    const std::string_view flag = word();
    if (flag == "required")
      required_ = true;
    else if (flag == "readonly")
      readonly_ = true;
    else if (!flag.empty())
      problems.add("mapping.structure", yaml.place(), fmt::format("'{}' is neither required nor readonly", flag));
  }
  type_ = expr::Type::nullable(scalar_type(kind_));
}

void VendorSchema::parse_members(const Yaml& yaml, Problems& problems) {
  for (const Yaml::Entry& entry : yaml.entries()) children_.push_back(parse(entry.value, entry.key, problems));
}

void VendorSchema::finish_object() {
  auto record = std::make_shared<expr::RecordType>();
  for (const auto& child : children_) record->fields.push_back(child->type());
  shape_ = std::make_shared<model::RecordShape>(name_, names());
  record->shape = shape_;
  type_ = expr::Type::record(std::move(record));
  std::vector<model::Value> absent, null;
  for (const auto& child : children_) {
    const bool is_object = child->kind() == Kind::object;
    absent.push_back(is_object ? child->all_absent() : model::Value::absent());
    null.push_back(is_object ? child->all_null() : model::Value::null());
  }
  all_absent_ = model::Value::record(shape_, std::move(absent));
  all_null_ = model::Value::record(shape_, std::move(null));
  build_table();
}

void VendorSchema::build_table() {
  std::size_t size = 8;
  while (size < children_.size() * 4) size *= 2;
  table_.assign(size, -1);
  for (std::size_t i = 0; i < children_.size(); ++i) {
    std::size_t at = hash_of(children_[i]->name_) & (size - 1);
    while (table_[at] >= 0) at = (at + 1) & (size - 1);
    table_[at] = static_cast<std::int16_t>(i);
  }
}

int VendorSchema::index_of(std::string_view child) const {
  if (table_.empty()) return -1;
  const std::size_t mask = table_.size() - 1;
  for (std::size_t at = hash_of(child) & mask; table_[at] >= 0; at = (at + 1) & mask)
    if (children_[static_cast<std::size_t>(table_[at])]->name_ == child) return table_[at];
  return -1;
}

std::vector<std::string> VendorSchema::names() const {
  std::vector<std::string> result;
  for (const auto& child : children_) result.push_back(child->name_);
  return result;
}

void VendorSchema::mark_all() {
  used_ = true;
  for (const auto& child : children_) child->mark_all();
}

void VendorSchema::mark_used(std::string_view path) {
  if (path.empty()) return mark_all();
  used_ = true;
  if (kind_ == Kind::list) return children_[0]->mark_used(path);
  const std::size_t dot = std::min(path.find('.'), path.size());
  const int index = index_of(path.substr(0, dot));
  if (index < 0) return mark_all();  // an index or a macro in between: be generous
  children_[static_cast<std::size_t>(index)]->mark_used(dot < path.size() ? path.substr(dot + 1) : std::string_view{});
}

std::string VendorSchema::kind_text() const {
  const std::string_view kind = kKinds[static_cast<int>(kind_)];
  return limit_ > 0 ? fmt::format("{}({})", kind, limit_) : std::string(kind);
}

}  // namespace tieout::mapping
