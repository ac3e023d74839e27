#include "expr/environment.hpp"

#include <fmt/core.h>

#include "base/check.hpp"

namespace tieout::expr {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

tl::unexpected<Fault> malformed(std::string_view text) {
  return fail("expr.signature.malformed", fmt::format("'{}' is not a signature such as (string, int) -> bool", text));
}

/// Adds the comma-separated types of a parameter list.
Result<bool> read_parameters(std::string_view list, std::vector<Type>& out) {
  int depth = 0;
  std::size_t start = 0;
  if (trimmed(list).empty()) return true;
  for (std::size_t i = 0; i <= list.size(); ++i) {
    if (i < list.size() && list[i] == '(') ++depth;
    if (i < list.size() && list[i] == ')') --depth;
    if (i != list.size() && (list[i] != ',' || depth != 0)) continue;
    TRY(type, Type::parse(trimmed(list.substr(start, i - start))));
    out.push_back(std::move(type));
    start = i + 1;
  }
  return true;
}

}  // namespace

Result<Signature> Signature::parse(std::string_view text) {
  Signature made;
  const std::size_t arrow = text.rfind("->");
  if (arrow == std::string_view::npos) return malformed(text);
  TRY(result, Type::parse(trimmed(text.substr(arrow + 2))));
  made.result = std::move(result);
  std::string_view front = trimmed(text.substr(0, arrow));
  const std::size_t dot = front.find(".(");
  if (dot != std::string_view::npos) {
    TRY(receiver, Type::parse(trimmed(front.substr(0, dot))));
    made.member = true;
    made.parameters.push_back(std::move(receiver));
    front.remove_prefix(dot + 1);
  }
  if (front.size() < 2 || front.front() != '(' || front.back() != ')') return malformed(text);
  TRY(done, read_parameters(front.substr(1, front.size() - 2), made.parameters));
  (void)done;
  return made;
}

int Environment::add_variable(std::string name, Type type) {
  const int index = static_cast<int>(variables_.size());
  index_[name] = index;
  variables_.push_back({std::move(name), std::move(type)});
  return index;
}

void Environment::add_constant(std::string name, model::Value value, Type type) {
  constants_[std::move(name)] = {std::move(value), std::move(type)};
}

void Environment::add_function(std::string name, std::string_view signature, HostFunction call) {
  auto parsed = Signature::parse(signature);
  CHECK(parsed.has_value(), "the signature of a host function is malformed");
  add_function(std::move(name), *std::move(parsed), std::move(call));
}

void Environment::add_function(std::string name, Signature signature, HostFunction call) {
  auto kept = call ? std::make_shared<const HostFunction>(std::move(call)) : nullptr;
  functions_[std::move(name)].push_back({std::move(signature), std::move(kept)});
}

int Environment::variable_index(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? -1 : found->second;
}

}  // namespace tieout::expr
