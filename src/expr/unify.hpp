// Type inference: which types may stand where, and what the parameters of generic signatures turn out to be. The rules
// are those of CEL's gradual typing: dyn goes anywhere, list(T) is covariant while T is being found, the more general
// of two candidates wins.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "expr/type.hpp"

namespace tieout::expr {

class Unifier {
 public:
  Type fresh();
  /// Gives the parameters of a signature new names, the same one for each occurrence.
  Type instantiate(const Type& type, std::unordered_map<std::string, Type>& renamed);
  /// May a value of type `from` stand where `to` is wanted? Binds parameters when yes; changes nothing when no.
  bool assignable(const Type& from, const Type& to);
  bool assignable(const std::vector<Type>& from, const std::vector<Type>& to);
  /// The type of a list or map that holds both: the more general one, or dyn.
  Type join(const Type& a, const Type& b);
  /// Follows bindings at the top only.
  Type resolved(const Type& type) const;
  /// Follows all bindings; parameters that stayed free become dyn.
  Type final_type(const Type& type) const;

 private:
  bool unify(const Type& from, const Type& to);
  bool unify_all(const std::vector<Type>& from, const std::vector<Type>& to);
  bool substitute(const Type& type, const Type& parameter, bool& had_one);
  bool occurs(const Type& parameter, const Type& in) const;
  bool less_specific(const Type& a, const Type& b) const;
  Type more_general(const Type& a, const Type& b) const { return less_specific(a, b) || !less_specific(b, a) ? a : b; }

  void bind(const std::string& parameter, const Type& type);
  bool keep_or_undo(bool success);

  std::unordered_map<std::string, Type> bindings_;
  std::vector<std::pair<std::string, std::optional<Type>>> undo_;  // what bindings were since the last decision
  int next_ = 0;
};

}  // namespace tieout::expr
