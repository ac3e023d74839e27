#include "model/types.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/check.hpp"
#include "model/declare.hpp"

namespace tieout::model {

namespace {
constexpr std::string_view kKinds[] = {"text",    "integer", "quantity", "amount", "unit_price", "percent", "rate",
                                       "boolean", "date",    "instant",  "choice", "reference",  "list"};
constexpr std::string_view kOwners[] = {"crm", "books", "latest", "ask"};
constexpr std::string_view kPersonal[] = {"none", "contact", "identity", "financial"};

/// FNV-1a folded to 16 bits.
std::uint16_t folded_hash(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const unsigned char c : text) hash = (hash ^ c) * 16777619u;
  return static_cast<std::uint16_t>(hash ^ (hash >> 16));
}
}  // namespace

std::string_view to_text(FieldKind kind) { return kKinds[static_cast<int>(kind)]; }
std::string_view to_text(Owner owner) { return kOwners[static_cast<int>(owner)]; }
std::string_view to_text(Personal personal) { return kPersonal[static_cast<int>(personal)]; }

std::vector<std::string_view> FieldDecl::choices() const {
  std::vector<std::string_view> words;
  if (kind != FieldKind::choice) return words;
  for (std::size_t start = 0; start <= of.size();) {
    const std::size_t bar = std::min(of.find('|', start), of.size());
    words.push_back(of.substr(start, bar - start));
    start = bar + 1;
  }
  return words;
}

std::string_view FieldDecl::unit() const {
  switch (kind) {
    case FieldKind::amount:
      return "currency of the record";
    case FieldKind::unit_price:
      return "currency of the record, a unit";
    case FieldKind::percent:
      return "%";
    case FieldKind::quantity:
      return "units";
    case FieldKind::rate:
      return "home per foreign unit";
    case FieldKind::date:
      return "day";
    case FieldKind::instant:
      return "millisecond, UTC";
    default:
      return "";
  }
}

RecordType::RecordType(std::string_view name_, std::string_view doc_, std::vector<FieldDecl> fields_)
    : name(name_), doc(doc_), fields(std::move(fields_)) {
  std::vector<std::string> names;
  for (int i = 0; i < size(); ++i) {
    names.emplace_back(fields[i].name);
    stored_ids_.push_back(folded_hash(fields[i].name));
    stored_order_.push_back(i);
    CHECK(std::count(names.begin(), names.end(), fields[i].name) == 1, "a type declares the same field twice");
  }
  shape_ = RecordShape(std::string(name), std::move(names));
  std::sort(stored_order_.begin(), stored_order_.end(),
            [this](int a, int b) { return stored_ids_[a] < stored_ids_[b]; });
  for (int i = 1; i < size(); ++i)
    CHECK(stored_ids_[stored_order_[i - 1]] != stored_ids_[stored_order_[i]],
          "two fields of a type have the same stored id: rename the newer one");
}

int RecordType::index_of(std::string_view field) const { return shape_.index_of(field); }

const FieldDecl* RecordType::find(std::string_view field) const {
  const int index = index_of(field);
  return index < 0 ? nullptr : &fields[index];
}

const RecordType& RecordType::element(int index) const {
  CHECK(elements_[index] != nullptr, "asked for the type of a field that is neither list nor reference");
  return *elements_[index];
}

/// Builds all types once and ties lists and references to the types that they name.
class Registry {
 public:
  static const Registry& instance() {
    static const Registry registry;
    return registry;
  }
  std::span<const RecordType* const> types() const { return types_; }
  const RecordType* find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
  }

 private:
  Registry() {
    declare::parties(owned_);
    declare::sales(owned_);
    declare::documents(owned_);
    declare::setup(owned_);
    for (const auto& type : owned_) {
      type->ordinal_ = static_cast<int>(types_.size());
      types_.push_back(type.get());
      CHECK(by_name_.emplace(type->name, type.get()).second, "a canonical type is declared twice");
    }
    for (const auto& type : owned_) {
      for (const FieldDecl& field : type->fields) {
        const bool points = field.kind == FieldKind::list || field.kind == FieldKind::reference;
        const RecordType* element = points ? find(field.of) : nullptr;
        CHECK(!points || element, "a canonical field points to a type that is not declared");
        type->elements_.push_back(element);
      }
    }
  }
  declare::TypeList owned_;
  std::vector<const RecordType*> types_;
  std::unordered_map<std::string_view, const RecordType*> by_name_;
};

std::span<const RecordType* const> types() { return Registry::instance().types(); }

const RecordType* find_type(std::string_view name) { return Registry::instance().find(name); }

const RecordType& type_named(std::string_view name) {
  const RecordType* type = find_type(name);
  CHECK(type, "there is no canonical type of that name");
  return *type;
}

}  // namespace tieout::model
