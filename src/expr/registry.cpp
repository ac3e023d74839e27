#include "expr/registry.hpp"

#include <map>

#include "base/check.hpp"

namespace tieout::expr {
namespace {

using Kind = model::Value::Kind;
using Table = std::map<std::string, std::vector<Overload>, std::less<>>;

constexpr KindMask bit(Kind kind) { return KindMask{1} << static_cast<unsigned>(kind); }
constexpr KindMask kAnyKind = ~(bit(Kind::absent) | bit(Kind::error));

void add(Table& table, std::span<const Builtin> lines) {
  for (const Builtin& line : lines) {
    std::string_view signature = line.signature;
    Overload overload;
    std::string without_dots(signature);
    if (const std::size_t dots = without_dots.find("..."); dots != std::string::npos) {
      overload.variadic = true;
      without_dots.erase(dots, 3);
    }
    auto parsed = Signature::parse(without_dots);
    CHECK(parsed.has_value(), line.signature);
    overload.name = line.name;
    overload.signature = *std::move(parsed);
    for (const Type& type : overload.signature.parameters) overload.masks.push_back(mask_of(type));
    overload.call = line.call;
    table[line.name].push_back(std::move(overload));
  }
}

const Table& table() {
  static const Table made = [] {
    Table all;
    for (const auto lines : {operator_functions(), conversion_functions(), text_functions(), math_functions(),
                             time_functions(), list_functions(), optional_functions(), encoding_functions(),
                             network_functions(), decimal_functions(), date_functions(), well_known_functions()})
      add(all, lines);
    return all;
  }();
  return made;
}

}  // namespace

KindMask mask_of(const Type& type) {
  switch (type.kind()) {
    case Type::Kind::null:
      return bit(Kind::null);
    case Type::Kind::boolean:
      return bit(Kind::boolean);
    case Type::Kind::integer:
      return bit(Kind::integer);
    case Type::Kind::unsigned_integer:
      return bit(Kind::unsigned_integer);
    case Type::Kind::floating:
      return bit(Kind::floating);
    case Type::Kind::decimal:
      return bit(Kind::decimal);
    case Type::Kind::text:
      return bit(Kind::text);
    case Type::Kind::bytes:
      return bit(Kind::bytes);
    case Type::Kind::instant:
      return bit(Kind::instant);
    case Type::Kind::duration:
      return bit(Kind::duration);
    case Type::Kind::date:
      return bit(Kind::date);
    case Type::Kind::ip_address:
      return bit(Kind::ip_address);
    case Type::Kind::ip_range:
      return bit(Kind::ip_range);
    case Type::Kind::list:
      return bit(Kind::list);
    case Type::Kind::map:
      return bit(Kind::map);
    case Type::Kind::record:
      return bit(Kind::record) | bit(Kind::map);
    case Type::Kind::optional:
      return bit(Kind::optional);
    case Type::Kind::nullable:
      return bit(Kind::null) | mask_of(type.item());
    case Type::Kind::type:
      return bit(Kind::type);
    case Type::Kind::dyn:
    case Type::Kind::abstract:
    case Type::Kind::parameter:
      break;
  }
  return kAnyKind;
}

bool accepts(const Overload& overload, std::span<const model::Value* const> arguments) {
  const std::size_t declared = overload.masks.size();
  if (arguments.size() != declared && !(overload.variadic && arguments.size() >= declared)) return false;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (!accepts(overload.masks[std::min(i, declared - 1)], arguments[i]->kind())) return false;
  return true;
}

std::span<const Overload> standard_overloads(std::string_view name) {
  const auto found = table().find(name);
  if (found == table().end()) return {};
  return found->second;
}

std::vector<std::string> standard_names() {
  std::vector<std::string> names;
  for (const auto& [name, overloads] : table()) names.push_back(name);
  return names;
}

}  // namespace tieout::expr
