// Environment: what an expression may speak of. The standard functions are always there (docs/guide/expressions.md
// lists them); the host adds variables, constants and functions of its own, for instance
//   env.add_variable("source", Type::record(contact));          // index 0 in Program::run
//   env.add_function("lookup", "(string, string) -> optional(string)", look_up);
// An Environment is only read by Program::compile; programs keep what they need and may outlive it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expr/type.hpp"

namespace tieout::expr {

/// A function of the host. It gets as many arguments as its signature says, each of the kind that it says (dyn: any).
/// A Fault that it returns becomes the failure of the evaluation, with its own code.
using HostFunction = std::function<Result<model::Value>(std::span<const model::Value> arguments)>;

struct Signature {
  bool member = false;  ///< called as receiver.name(...); the receiver is parameters[0]
  std::vector<Type> parameters;
  Type result;

  /// "(string, int) -> bool" or, for a member function, "string.(int) -> bool".
  static Result<Signature> parse(std::string_view text);
};

class Environment {
 public:
  struct Variable {
    std::string name;
    Type type;
  };
  struct Constant {
    model::Value value;
    Type type;
  };
  struct Overload {
    Signature signature;
    std::shared_ptr<const HostFunction> call;  ///< null: known to the checker only
  };

  /// Returns the index of the variable in the span given to Program::run. A name may have dots ("deal.owner").
  int add_variable(std::string name, Type type);
  void add_constant(std::string name, model::Value value, Type type);
  /// Stops the process when the signature is malformed (it stands in our own code).
  void add_function(std::string name, std::string_view signature, HostFunction call);
  void add_function(std::string name, Signature signature, HostFunction call);
  /// The name space in which short names are looked up first: "a.b" makes x mean a.b.x, then a.x, then x.
  void set_container(std::string container) { container_ = std::move(container); }

  const std::vector<Variable>& variables() const { return variables_; }
  const std::map<std::string, Constant, std::less<>>& constants() const { return constants_; }
  const std::map<std::string, std::vector<Overload>, std::less<>>& functions() const { return functions_; }
  const std::string& container() const { return container_; }
  int variable_index(std::string_view name) const;  ///< -1 when there is none

 private:
  std::vector<Variable> variables_;
  std::map<std::string, int, std::less<>> index_;
  std::map<std::string, Constant, std::less<>> constants_;
  std::map<std::string, std::vector<Overload>, std::less<>> functions_;
  std::string container_;
};

}  // namespace tieout::expr
