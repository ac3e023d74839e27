// The functions that an expression can call: the standard ones, registered once, and those of the host. An overload
// says what it takes as types (for the checker) and as kinds (for the quick test at run time).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expr/environment.hpp"
#include "model/value.hpp"

namespace tieout::expr {

struct Frame;

/// What a function gets: its arguments by pointer (nothing is copied) and the frame whose budget it draws on.
struct Call {
  const model::Value* const* arguments;
  std::size_t count;
  Frame& frame;
  const model::Value& operator[](std::size_t i) const { return *arguments[i]; }
};

using Function = model::Value (*)(Call& call);
using KindMask = std::uint32_t;

struct Overload {
  std::string name;
  Signature signature;
  std::vector<KindMask> masks;
  Function call = nullptr;                   ///< a standard function, or
  std::shared_ptr<const HostFunction> host;  ///< one of the host
  bool variadic = false;                     ///< the last parameter may stand any number of times
};

/// One line of a table of standard functions. "..." after the last parameter type makes it variadic.
struct Builtin {
  const char* name;
  const char* signature;
  Function call;
};

KindMask mask_of(const Type& type);
inline bool accepts(KindMask mask, model::Value::Kind kind) { return (mask >> static_cast<unsigned>(kind)) & 1; }
bool accepts(const Overload& overload, std::span<const model::Value* const> arguments);

/// Standard overloads of that name (for members and plain functions alike); empty when there are none.
std::span<const Overload> standard_overloads(std::string_view name);
std::vector<std::string> standard_names();

// The tables, by subject.
std::span<const Builtin> operator_functions();
std::span<const Builtin> conversion_functions();
std::span<const Builtin> text_functions();
std::span<const Builtin> math_functions();
std::span<const Builtin> time_functions();
std::span<const Builtin> list_functions();
std::span<const Builtin> optional_functions();
std::span<const Builtin> encoding_functions();
std::span<const Builtin> network_functions();
std::span<const Builtin> decimal_functions();
std::span<const Builtin> date_functions();
std::span<const Builtin> well_known_functions();

}  // namespace tieout::expr
