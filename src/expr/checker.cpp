// The checker walks the tree once, bottom up. Names of locals win over those of the environment; of the environment's,
// the longest qualified name wins ("a.b.c" before the field c of "a.b"), tried from the innermost container outwards.
#include "expr/checker.hpp"

#include <fmt/core.h>

#include <map>
#include <set>
#include <unordered_map>

#include "expr/source.hpp"
#include "expr/unify.hpp"
#include "expr/well_known.hpp"

namespace tieout::expr {
namespace {

using model::Value;
using Kind = Ast::Kind;
using Macro = Ast::Macro;
using Types = std::vector<Type>;

/// Thrown at the first mistake of a checked compile, caught in check() below.
struct GiveUp {
  Fault fault;
};

struct Denotation {
  std::string_view word;
  std::string_view name;
  const Type& (*type)();
};
const Type& list_type() {
  static const Type type = Type::list(Type::dyn());
  return type;
}
const Type& map_type() {
  static const Type type = Type::map(Type::dyn(), Type::dyn());
  return type;
}
const Type& optional_type() {
  static const Type type = Type::optional(Type::dyn());
  return type;
}
const Type& type_type() {
  static const Type type = Type::type(Type::dyn());
  return type;
}

constexpr Denotation kDenotations[] = {
    {"bool", "bool", &Type::boolean},
    {"int", "int", &Type::integer},
    {"uint", "uint", &Type::unsigned_integer},
    {"double", "double", &Type::floating},
    {"string", "string", &Type::text},
    {"bytes", "bytes", &Type::bytes},
    {"list", "list", &list_type},
    {"map", "map", &map_type},
    {"null_type", "null_type", &Type::null},
    {"type", "type", &type_type},
    {"google.protobuf.Timestamp", "google.protobuf.Timestamp", &Type::instant},
    {"google.protobuf.Duration", "google.protobuf.Duration", &Type::duration},
    {"optional_type", "optional_type", &optional_type},
    {"net.IP", "net.IP", &Type::ip_address},
    {"net.CIDR", "net.CIDR", &Type::ip_range},
    {"decimal", "decimal", &Type::decimal},
    {"date", "date", &Type::date},
};

class Checker {
 public:
  Checker(std::string_view source, const Environment& environment, bool strict)
      : source_(source), environment_(environment), strict_(strict) {}

  Checked run(Ast& root, const CompileOptions& options) {
    const Type type = check(root);
    checked_.type = unifier_.final_type(type);
    if (options.expect && !unifier_.assignable(type, *options.expect))
      problem(
          root, "expr.type",
          fmt::format("the result is {}, but {} is wanted here", checked_.type.to_text(), options.expect->to_text()));
    return std::move(checked_);
  }

 private:
  struct Local {
    std::string name;
    Type type;
    int slot;
  };

  /// A checked compile stops here. An unchecked one goes on with dyn: types are looked at again when it runs, and a
  /// name that nobody knows fails when it is evaluated.
  Type problem(Ast& node, std::string_view code, std::string what) {
    if (strict_) throw GiveUp{fault_at(source_, node.offset, code, what)};
    if (code == "expr.unknown_name" && node.index < 0 && node.kind != Kind::select)
      node.why_unresolved = std::move(what);
    return Type::dyn();
  }

  std::string text(const Type& type) const { return unifier_.final_type(type).to_text(); }

  Type check(Ast& node) {
    node.type = check_kind(node);
    return node.type;
  }

  Type check_kind(Ast& node) {
    switch (node.kind) {
      case Kind::literal:
        return Type::of(node.value);
      case Kind::ident:
        return check_ident(node);
      case Kind::select:
        return check_select(node);
      case Kind::opt_select:
        return check_optional_select(node);
      case Kind::has:
        return check_has(node);
      case Kind::call:
        return check_call(node);
      case Kind::logic_and:
      case Kind::logic_or:
        return check_logic(node);
      case Kind::conditional:
        return check_conditional(node);
      case Kind::list:
        return check_list(node);
      case Kind::map:
        return check_map(node);
      case Kind::message:
        return check_message(node);
      case Kind::macro:
        return check_macro(node);
    }
    return Type::dyn();
  }

  // --- names ---------------------------------------------------------------------------------------------------

  const Local* find_local(std::string_view name) const {
    for (auto local = locals_.rbegin(); local != locals_.rend(); ++local)
      if (local->name == name) return &*local;
    return nullptr;
  }

  /// The full names that a name may stand for, innermost container first.
  std::vector<std::string> full_names(std::string_view name) const {
    if (name.starts_with('.')) return {std::string(name.substr(1))};
    std::vector<std::string> names;
    std::string container = environment_.container();
    while (!container.empty()) {
      names.push_back(fmt::format("{}.{}", container, name));
      const std::size_t dot = container.rfind('.');
      container.resize(dot == std::string::npos ? 0 : dot);
    }
    names.emplace_back(name);
    return names;
  }

  bool resolve_global(Ast& node, std::string_view name, Type& type) {
    for (const std::string& full : full_names(name)) {
      if (const int index = environment_.variable_index(full); index >= 0) {
        node.refers = Ast::Refers::variable;
        node.index = index;
        type = environment_.variables()[static_cast<std::size_t>(index)].type;
        return true;
      }
      if (const auto constant = environment_.constants().find(full); constant != environment_.constants().end()) {
        node.refers = Ast::Refers::constant;
        node.value = constant->second.value;
        type = constant->second.type;
        return true;
      }
      if (full == "google.protobuf.NullValue.NULL_VALUE") {
        node.refers = Ast::Refers::constant;
        node.value = Value::integer(0);
        type = Type::integer();
        return true;
      }
      for (const Denotation& denotation : kDenotations) {
        if (denotation.word != full) continue;
        node.refers = Ast::Refers::constant;
        node.value = Value::type(denotation.name);
        type = Type::type(denotation.type());
        return true;
      }
    }
    return false;
  }

  std::vector<std::string> known_names() const {
    std::vector<std::string> names;
    for (const Local& local : locals_) names.push_back(local.name);
    for (const auto& variable : environment_.variables()) names.push_back(variable.name);
    for (const auto& [name, constant] : environment_.constants()) names.push_back(name);
    return names;
  }

  static std::string hint(std::string_view name, const std::vector<std::string>& candidates) {
    const std::string near = nearest(name, candidates);
    return near.empty() ? "" : fmt::format("; did you mean '{}'?", near);
  }

  Type check_ident(Ast& node) {
    if (const Local* local = find_local(node.name)) {
      node.refers = Ast::Refers::local;
      node.index = local->slot;
      return local->type;
    }
    Type type;
    if (resolve_global(node, node.name, type)) return type;
    return problem(node, "expr.unknown_name",
                   fmt::format("unknown name '{}'{}", node.name, hint(node.name, known_names())));
  }

  /// "a.b.c" when the node is a chain of plain selections on a name that no local shadows; otherwise empty.
  std::string qualified_name(const Ast& node) const {
    if (node.kind == Kind::ident) return find_local(node.name) ? std::string{} : node.name;
    if (node.kind != Kind::select || node.member) return {};
    const std::string operand = qualified_name(*node.args[0]);
    return operand.empty() ? operand : operand + "." + node.name;
  }

  // --- selection -----------------------------------------------------------------------------------------------

  Type check_select(Ast& node) {
    if (const std::string name = qualified_name(node); !name.empty()) {
      Type type;
      if (resolve_global(node, name, type)) {
        node.kind = Kind::ident;
        node.name = name;
        node.args.clear();
        return type;
      }
    }
    return field_type(node, check(*node.args[0]));
  }

  Type check_has(Ast& node) {
    field_type(node, check(*node.args[0]));
    return Type::boolean();
  }

  Type check_optional_select(Ast& node) {
    Type field = unifier_.resolved(field_type(node, check(*node.args[0])));
    if (field.is(Type::Kind::optional)) return field;
    // On a record an empty field counts as no value, so what comes out is never null.
    if (field.is(Type::Kind::nullable)) field = field.item();
    return Type::optional(field);
  }

  Type field_type(Ast& node, const Type& of) {
    const Type target = unifier_.resolved(of);
    switch (target.kind()) {
      case Type::Kind::map:
        return target.value();
      case Type::Kind::optional:
        return Type::optional(without_optional(field_type(node, target.item())));
      case Type::Kind::nullable:
        return field_type(node, target.item());
      case Type::Kind::record:
        return record_field(node, target);
      case Type::Kind::dyn:
        return Type::dyn();
      case Type::Kind::parameter:
        unifier_.assignable(target, Type::dyn());
        return Type::dyn();
      default:
        return problem(node, "expr.type",
                       fmt::format("{} has no fields, so '.{}' means nothing here", text(target), node.name));
    }
  }

  Type without_optional(const Type& type) const {
    const Type top = unifier_.resolved(type);
    return top.is(Type::Kind::optional) ? top.item() : top;
  }

  Type record_field(Ast& node, const Type& record) {
    const model::RecordShape& shape = *record.record_type().shape;
    node.index = shape.index_of(node.name);
    if (node.index >= 0) return record.record_type().fields[static_cast<std::size_t>(node.index)];
    return problem(node, "expr.unknown_name",
                   fmt::format("{} has no field '{}'{}", shape.name.empty() ? "the record" : shape.name, node.name,
                               hint(node.name, shape.names)));
  }

  // --- calls ---------------------------------------------------------------------------------------------------

  std::vector<const Overload*> overloads_named(const std::string& name) {
    std::vector<const Overload*> found;
    for (const Overload& overload : standard_overloads(name)) found.push_back(&overload);
    auto [cached, fresh] = host_.try_emplace(name);
    if (fresh) {
      if (const auto host = environment_.functions().find(name); host != environment_.functions().end())
        for (const Environment::Overload& declared : host->second) cached->second.push_back(adopt(name, declared));
    }
    found.insert(found.end(), cached->second.begin(), cached->second.end());
    return found;
  }

  const Overload* adopt(const std::string& name, const Environment::Overload& declared) {
    auto overload = std::make_unique<Overload>();
    overload->name = name;
    overload->signature = declared.signature;
    for (const Type& type : declared.signature.parameters) overload->masks.push_back(mask_of(type));
    overload->host = declared.call;
    checked_.host_overloads.push_back(std::move(overload));
    return checked_.host_overloads.back().get();
  }

  Type check_call(Ast& node) {
    if (node.member) {
      // math.greatest(1, 2) is a plain function with a dot in its name, not a member of a variable called math.
      if (const std::string receiver = qualified_name(*node.args[0]); !receiver.empty()) {
        for (const std::string& full : full_names(receiver + "." + node.name)) {
          const auto overloads = overloads_named(full);
          if (overloads.empty()) continue;
          node.args.erase(node.args.begin());
          node.member = false;
          node.name = full;
          return check_overloads(node, overloads);
        }
      }
      return check_overloads(node, overloads_named(node.name));
    }
    for (const std::string& full : full_names(node.name)) {
      const auto overloads = overloads_named(full);
      if (overloads.empty()) continue;
      node.name = full;
      return check_overloads(node, overloads);
    }
    return check_overloads(node, {});
  }

  Types check_arguments(Ast& node) {
    Types types;
    for (const AstPtr& argument : node.args) types.push_back(check(*argument));
    return types;
  }

  static bool arity_fits(const Overload& overload, const Ast& node) {
    const std::size_t declared = overload.signature.parameters.size();
    return overload.signature.member == node.member &&
           (declared == node.args.size() || (overload.variadic && node.args.size() >= declared));
  }

  bool statically_known(const Types& types) const {
    for (const Type& type : types) {
      const Type top = unifier_.resolved(type);
      if (top.is(Type::Kind::dyn) || top.is(Type::Kind::parameter) || top.is(Type::Kind::nullable)) return false;
      if (!statically_known(top.parameters())) return false;
    }
    return true;
  }

  Type check_overloads(Ast& node, const std::vector<const Overload*>& overloads) {
    const Types arguments = check_arguments(node);
    if (overloads.empty()) return unknown_function(node);
    const bool first_wins = statically_known(arguments);
    Type result;
    for (const Overload* overload : overloads) {
      if (!arity_fits(*overload, node)) continue;
      if (!strict_) {
        node.candidates.push_back(overload);
        continue;
      }
      std::unordered_map<std::string, Type> renamed;
      Types wanted;
      for (std::size_t i = 0; i < arguments.size(); ++i)
        wanted.push_back(unifier_.instantiate(
            overload->signature.parameters[std::min(i, overload->signature.parameters.size() - 1)], renamed));
      if (!unifier_.assignable(arguments, wanted)) continue;
      const Type candidate = unifier_.instantiate(overload->signature.result, renamed);
      result = node.candidates.empty() || text(result) == text(candidate) ? candidate : Type::dyn();
      node.candidates.push_back(overload);
      if (first_wins) break;
    }
    if (node.candidates.empty()) return no_overload(node, arguments, overloads);
    return strict_ ? result : Type::dyn();
  }

  Type unknown_function(Ast& node) {
    std::vector<std::string> names = standard_names();
    for (const auto& [name, overloads] : environment_.functions()) names.push_back(name);
    return problem(node, "expr.unknown_name",
                   fmt::format("unknown function '{}'{}", node.name, hint(node.name, names)));
  }

  static std::string operator_text(std::string_view name) {
    if (name == "@in") return "in";
    if (name == "_[_]") return "[]";
    std::string out;
    for (const char c : name)
      if (c != '_') out += c;
    return name.find_first_of("_") == 0 || name.ends_with('_') ? out : std::string(name);
  }

  Type no_overload(Ast& node, const Types& arguments, const std::vector<const Overload*>& overloads) {
    std::string shown;
    for (std::size_t i = node.member ? 1 : 0; i < arguments.size(); ++i)
      shown += (shown.empty() ? "" : ", ") + text(arguments[i]);
    std::string what = fmt::format("no such overload: '{}' cannot be applied to {}({})", operator_text(node.name),
                                   node.member ? text(arguments[0]) + "." : "", shown);
    for (const Overload* overload : overloads)
      if (overload->signature.member != node.member && arguments.size() == overload->signature.parameters.size())
        return problem(node, "expr.type",
                       what + fmt::format("; write {}", node.member ? node.name + "(x)" : "x." + node.name + "()"));
    return problem(node, "expr.type", what + advice(node, arguments));
  }

  /// What to write instead, for the mistakes that are made with amounts.
  std::string advice(const Ast& node, const Types& arguments) const {
    bool with_decimal = false, with_double = false, with_null = false;
    for (const Type& type : arguments) {
      const Type top = unifier_.resolved(type);
      with_decimal |= top.is(Type::Kind::decimal);
      with_double |= top.is(Type::Kind::floating);
      with_null |= top.is(Type::Kind::null);
    }
    if (with_decimal && with_double) return "; an exact decimal never meets a double: write decimal('12.50')";
    if (with_decimal && node.name == "_/_") return "; say how to round: divide(a, b, 2, 'half_up')";
    if (with_null) return "; a field that may be empty is read with .?field.orValue(…)";
    return {};
  }

  // --- the rest ------------------------------------------------------------------------------------------------

  void want_boolean(Ast& node, const Type& type) {
    if (!unifier_.assignable(type, Type::boolean()))
      problem(node, "expr.type", fmt::format("no such overload: a bool is wanted here, not {}", text(type)));
  }

  Type check_logic(Ast& node) {
    for (const AstPtr& argument : node.args) want_boolean(*argument, check(*argument));
    return Type::boolean();
  }

  Type check_conditional(Ast& node) {
    want_boolean(*node.args[0], check(*node.args[0]));
    const Type yes = check(*node.args[1]), no = check(*node.args[2]);
    const Type either = unifier_.fresh();
    if (unifier_.assignable(Types{yes, no}, Types{either, either})) return either;
    // cond ? 'x' : null is how an optional field is left empty.
    if (unifier_.resolved(yes).is(Type::Kind::null)) return Type::nullable(unifier_.resolved(no));
    if (unifier_.resolved(no).is(Type::Kind::null)) return Type::nullable(unifier_.resolved(yes));
    return problem(node, "expr.type", fmt::format("the two results differ: {} and {}", text(yes), text(no)));
  }

  Type unwrapped_entry(Ast& node, bool optional) {
    const Type type = check(node);
    if (!optional) return type;
    const Type item = unifier_.fresh();
    if (unifier_.assignable(type, Type::optional(item))) return unifier_.resolved(item);
    return problem(node, "expr.type", fmt::format("'?' wants an optional value, not {}", text(type)));
  }

  Type check_list(Ast& node) {
    if (node.args.empty()) return Type::list(unifier_.fresh());
    Type item;
    for (std::size_t i = 0; i < node.args.size(); ++i) {
      const Type type = unwrapped_entry(*node.args[i], node.optional_at[i]);
      item = i == 0 ? type : unifier_.join(item, type);
    }
    return Type::list(item);
  }

  Type check_map(Ast& node) {
    if (node.args.empty()) return Type::map(unifier_.fresh(), unifier_.fresh());
    Type key, value;
    for (std::size_t i = 0; i < node.args.size(); i += 2) {
      const Type k = check(*node.args[i]);
      check_key(*node.args[i], k);
      const Type v = unwrapped_entry(*node.args[i + 1], node.optional_at[i / 2]);
      key = i == 0 ? k : unifier_.join(key, k);
      value = i == 0 ? v : unifier_.join(value, v);
    }
    return Type::map(key, value);
  }

  void check_key(Ast& node, const Type& key) {
    const Type top = unifier_.resolved(key);
    for (const Type& allowed : {Type::boolean(), Type::integer(), Type::unsigned_integer(), Type::text(), Type::dyn()})
      if (top == allowed) return;
    if (top.is(Type::Kind::parameter)) return;
    problem(node, "expr.type",
            fmt::format("unsupported key type: a map has keys of bool, int, uint or string, not {}", text(key)));
  }

  /// Name{} and Name{field: x} of the types that are plain values; any other message is unknown.
  Type check_message(Ast& node) {
    for (const std::string& full : full_names(node.name)) {
      const WellKnown* known = find_well_known(full);
      if (!known) continue;
      if (node.args.empty()) {
        node.kind = Kind::literal;
        node.value = known->empty;
        return known->type;
      }
      const auto setters = overloads_named(full + "." + node.variables[0]);
      if (node.args.size() != 1 || node.optional_at[0] || setters.empty()) break;
      node.kind = Kind::call;
      node.name = full + "." + node.variables[0];
      return check_overloads(node, setters);
    }
    for (const AstPtr& argument : node.args) check(*argument);
    return problem(node, "expr.unknown_name",
                   fmt::format("unknown type '{}'; a map is written {{'key': value}}", node.name));
  }

  // --- macros --------------------------------------------------------------------------------------------------

  int new_local(const std::string& name, const Type& type) {
    const int slot = checked_.local_count++;  // never reused: values of a cel.block are evaluated late
    locals_.push_back({name, type, slot});
    return slot;
  }

  Type check_macro(Ast& node) {
    switch (node.macro) {
      case Macro::bind:
        return check_bind(node);
      case Macro::block:
        return check_block(node);
      case Macro::opt_map:
      case Macro::opt_flat_map:
        return check_optional_macro(node);
      default:
        return check_comprehension(node);
    }
  }

  Type check_bind(Ast& node) {
    const Type value = check(*node.args[0]);
    node.locals.push_back(new_local(node.variables[0], value));
    const Type result = check(*node.args[1]);
    locals_.pop_back();
    return result;
  }

  Type check_block(Ast& node) {
    for (std::size_t i = 0; i + 1 < node.args.size(); ++i) {
      const Type value = check(*node.args[i]);
      node.locals.push_back(new_local(node.variables[i], value));
    }
    const Type result = check(*node.args.back());
    locals_.resize(locals_.size() - node.locals.size());
    return result;
  }

  Type check_optional_macro(Ast& node) {
    const Type item = unifier_.fresh();
    const Type target = check(*node.args[0]);
    if (!unifier_.assignable(target, Type::optional(item)))
      problem(*node.args[0], "expr.type", fmt::format("an optional value is wanted here, not {}", text(target)));
    node.locals.push_back(new_local(node.variables[0], unifier_.resolved(item)));
    const Type result = check(*node.args[1]);
    locals_.pop_back();
    if (node.macro == Macro::opt_map) return Type::optional(result);
    const Type inner = unifier_.fresh();
    if (!unifier_.assignable(result, Type::optional(inner)))
      problem(*node.args[1], "expr.type", fmt::format("optFlatMap() wants an optional result, not {}", text(result)));
    return Type::optional(unifier_.resolved(inner));
  }

  /// What the variables of a macro over `range` stand for: key (or position) and item.
  std::pair<Type, Type> range_types(Ast& node, const Type& range) {
    const Type top = unifier_.resolved(range);
    if (top.is(Type::Kind::list)) return {Type::integer(), top.item()};
    if (top.is(Type::Kind::map)) return {top.key(), top.value()};
    if (top.is(Type::Kind::parameter)) unifier_.assignable(top, Type::dyn());
    if (!top.is(Type::Kind::dyn) && !top.is(Type::Kind::parameter))
      problem(node, "expr.type", fmt::format("{} is neither a list nor a map", text(top)));
    return {Type::dyn(), Type::dyn()};
  }

  Type check_comprehension(Ast& node) {
    const Type range = check(*node.args[0]);
    const auto [key, item] = range_types(*node.args[0], range);
    const bool over_map = unifier_.resolved(range).is(Type::Kind::map);
    const bool two = node.variables.size() == 2;
    const Type single = over_map ? key : item;
    node.locals.push_back(new_local(node.variables[0], two ? key : single));
    if (two) node.locals.push_back(new_local(node.variables[1], item));
    if (node.has_filter) want_boolean(*node.args[1], check(*node.args[1]));
    Ast& body_node = *node.args.back();
    const Type body = check(body_node);
    locals_.resize(locals_.size() - node.locals.size());
    switch (node.macro) {
      case Macro::map:
      case Macro::transform_list:
        return Type::list(body);
      case Macro::filter:
        want_boolean(body_node, body);
        return Type::list(single);
      case Macro::transform_map:
        return Type::map(key, body);
      case Macro::transform_map_entry:
        return check_entry(body_node, body);
      case Macro::sort_by:
        return Type::list(single);
      default:
        want_boolean(body_node, body);
        return Type::boolean();
    }
  }

  Type check_entry(Ast& node, const Type& body) {
    const Type map = Type::map(unifier_.fresh(), unifier_.fresh());
    if (unifier_.assignable(body, map)) return map;
    return problem(node, "expr.type", fmt::format("transformMapEntry() wants a map of one entry, not {}", text(body)));
  }

  std::string_view source_;
  const Environment& environment_;
  bool strict_;
  Unifier unifier_;
  std::vector<Local> locals_;
  std::map<std::string, std::vector<const Overload*>> host_;
  Checked checked_;
};

/// The path of a chain of selections that starts at a variable; empty when the node is something else.
std::string path_of(const Ast& node, const Environment& environment) {
  if (node.kind == Kind::ident && node.refers == Ast::Refers::variable)
    return environment.variables()[static_cast<std::size_t>(node.index)].name;
  const bool selects = node.kind == Kind::select || node.kind == Kind::opt_select || node.kind == Kind::has;
  const bool indexes = node.kind == Kind::call && (node.name == "_[_]" || node.name == "_[?_]") &&
                       node.args.size() == 2 && node.args[1]->kind == Kind::literal && node.args[1]->value.is_text();
  if (!selects && !indexes) return {};
  const std::string operand = path_of(*node.args[0], environment);
  if (operand.empty()) return operand;
  return operand + "." + (selects ? node.name : std::string(node.args[1]->value.as_text()));
}

void collect_paths(const Ast& node, const Environment& environment, std::vector<std::string>& out,
                   std::set<std::string>& seen) {
  if (std::string path = path_of(node, environment); !path.empty()) {
    if (seen.insert(path).second) out.push_back(std::move(path));
    return;
  }
  for (const AstPtr& argument : node.args) collect_paths(*argument, environment, out, seen);
}

}  // namespace

Result<Checked> check(Ast& root, std::string_view source, const Environment& environment,
                      const CompileOptions& options) {
  try {
    return Checker(source, environment, options.check).run(root, options);
  } catch (GiveUp& problem) {
    return fail(std::move(problem.fault));
  }
}

std::vector<std::string> paths_read(const Ast& root, const Environment& environment) {
  std::vector<std::string> paths;
  std::set<std::string> seen;
  collect_paths(root, environment, paths, seen);
  return paths;
}

std::string_view denoted_type(std::string_view word) {
  for (const Denotation& denotation : kDenotations)
    if (denotation.word == word) return denotation.name;
  return {};
}

}  // namespace tieout::expr
