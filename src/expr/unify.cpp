#include "expr/unify.hpp"

namespace tieout::expr {
namespace {

using Kind = Type::Kind;

/// Types that null may stand for: those that are objects elsewhere, plus nullable(T).
bool takes_null(Kind kind) {
  return kind == Kind::nullable || kind == Kind::record || kind == Kind::instant || kind == Kind::duration ||
         kind == Kind::abstract || kind == Kind::optional || kind == Kind::null;
}

Type rebuilt(const Type& type, std::vector<Type> parameters) {
  switch (type.kind()) {
    case Kind::list:
      return Type::list(parameters[0]);
    case Kind::map:
      return Type::map(parameters[0], parameters[1]);
    case Kind::optional:
      return Type::optional(parameters[0]);
    case Kind::nullable:
      return Type::nullable(parameters[0]);
    case Kind::type:
      return Type::type(parameters[0]);
    default:
      return Type::abstract(type.name(), std::move(parameters));
  }
}

}  // namespace

Type Unifier::fresh() { return Type::parameter("%" + std::to_string(next_++)); }

Type Unifier::instantiate(const Type& type, std::unordered_map<std::string, Type>& renamed) {
  if (type.is(Kind::parameter)) {
    const auto found = renamed.find(type.name());
    return found != renamed.end() ? found->second : renamed.emplace(type.name(), fresh()).first->second;
  }
  if (type.parameters().empty()) return type;
  std::vector<Type> parameters;
  for (const Type& parameter : type.parameters()) parameters.push_back(instantiate(parameter, renamed));
  return rebuilt(type, std::move(parameters));
}

bool Unifier::assignable(const Type& from, const Type& to) { return keep_or_undo(unify(from, to)); }

bool Unifier::assignable(const std::vector<Type>& from, const std::vector<Type>& to) {
  return keep_or_undo(unify_all(from, to));
}

void Unifier::bind(const std::string& parameter, const Type& type) {
  const auto found = bindings_.find(parameter);
  undo_.emplace_back(parameter, found == bindings_.end() ? std::nullopt : std::optional<Type>(found->second));
  bindings_[parameter] = type;
}

bool Unifier::keep_or_undo(bool success) {
  for (; !success && !undo_.empty(); undo_.pop_back()) {
    auto& [parameter, before] = undo_.back();
    if (before) {
      bindings_[parameter] = *before;
    } else {
      bindings_.erase(parameter);
    }
  }
  undo_.clear();
  return success;
}

Type Unifier::join(const Type& a, const Type& b) {
  if (assignable(a, b)) return more_general(a, b);
  if (assignable(b, a)) return more_general(b, a);
  return Type::dyn();
}

Type Unifier::resolved(const Type& type) const {
  Type current = type;
  while (current.is(Kind::parameter)) {
    const auto found = bindings_.find(current.name());
    if (found == bindings_.end()) return current;
    current = found->second;
  }
  return current;
}

Type Unifier::final_type(const Type& type) const {
  const Type top = resolved(type);
  if (top.is(Kind::parameter)) return Type::dyn();
  if (top.parameters().empty()) return top;
  std::vector<Type> parameters;
  for (const Type& parameter : top.parameters()) parameters.push_back(final_type(parameter));
  return rebuilt(top, std::move(parameters));
}

bool Unifier::unify_all(const std::vector<Type>& from, const std::vector<Type>& to) {
  if (from.size() != to.size()) return false;
  for (std::size_t i = 0; i < from.size(); ++i)
    if (!unify(from[i], to[i])) return false;
  return true;
}

/// Tries `type` for the parameter. Both may already be bound; then the more general of the two stays.
bool Unifier::substitute(const Type& type, const Type& parameter, bool& had_one) {
  had_one = true;
  if (type == parameter) return true;
  const auto found = bindings_.find(parameter.name());
  if (found != bindings_.end()) {
    const Type bound = found->second;
    if (type == bound) return true;
    if (!unify(type, bound)) return false;
    const Type general = more_general(type, bound);
    if (!occurs(parameter, general)) bind(parameter.name(), general);
    return true;
  }
  had_one = false;
  if (occurs(parameter, type)) return false;
  bind(parameter.name(), type);
  return true;
}

bool Unifier::unify(const Type& from, const Type& to) {
  bool had_one = false;
  if (to.is(Kind::parameter)) {
    if (substitute(from, to, had_one)) return true;
    if (had_one) return false;
  }
  if (from.is(Kind::parameter)) return substitute(to, from, had_one);
  if (from.is(Kind::dyn) || to.is(Kind::dyn)) return true;
  if (from.is(Kind::null)) return takes_null(to.kind());
  if (to.is(Kind::null)) return takes_null(from.kind());
  if (to.is(Kind::nullable)) return unify(from.is(Kind::nullable) ? from.item() : from, to.item());
  if (from.is(Kind::nullable)) return unify(from.item(), to);
  if (from.kind() != to.kind()) return false;
  switch (from.kind()) {
    case Kind::type:
      return true;
    case Kind::list:
    case Kind::map:
    case Kind::optional:
      return unify_all(from.parameters(), to.parameters());
    case Kind::abstract:
      return from.name() == to.name() && unify_all(from.parameters(), to.parameters());
    default:
      return from == to;
  }
}

bool Unifier::occurs(const Type& parameter, const Type& in) const {
  if (in.is(Kind::parameter)) {
    if (in == parameter) return true;
    const auto found = bindings_.find(in.name());
    return found != bindings_.end() && occurs(parameter, found->second);
  }
  for (const Type& inner : in.parameters())
    if (occurs(parameter, inner)) return true;
  return false;
}

bool Unifier::less_specific(const Type& a, const Type& b) const {
  if (a.is(Kind::dyn) || a.is(Kind::parameter)) return true;
  if (b.is(Kind::dyn) || b.is(Kind::parameter)) return false;
  if (b.is(Kind::null)) return takes_null(a.kind());
  if (a.is(Kind::nullable)) return less_specific(a.item(), b.is(Kind::nullable) ? b.item() : b);
  if (a.kind() != b.kind() || a.name() != b.name()) return false;
  if (a.is(Kind::type)) return true;
  for (std::size_t i = 0; i < a.parameters().size(); ++i)
    if (!less_specific(a.parameters()[i], b.parameters()[i])) return false;
  return true;
}

}  // namespace tieout::expr
