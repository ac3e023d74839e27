// The tree of an expression between parser, checker and compiler. The parser fills in what was written, the checker
// adds what it means (type, resolution), the compiler only reads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "expr/registry.hpp"
#include "expr/type.hpp"
#include "model/value.hpp"

namespace tieout::expr {

struct Ast;
using AstPtr = std::unique_ptr<Ast>;

struct Ast {
  enum class Kind : std::uint8_t {
    literal,     ///< value
    ident,       ///< name; ".name" is looked up in the root only
    select,      ///< args[0].name
    opt_select,  ///< args[0].?name
    has,         ///< has(args[0].name)
    call,        ///< name(args); with `member`, args[0] is the receiver. Operators are calls of "_+_" and so on.
    logic_and,   ///< args, two or more
    logic_or,
    conditional,  ///< args: condition, then, else
    list,         ///< args; optional_at
    map,          ///< args: key, value, key, value, …; optional_at by entry
    message,      ///< name{…}: kept so that the checker can say what is wrong with it
    macro,        ///< macro, variables, args
  };
  enum class Macro : std::uint8_t {
    all,
    exists,
    exists_one,
    map,
    filter,
    transform_list,
    transform_map,
    transform_map_entry,  // args: range, [filter,] body
    sort_by,              // args: list, key
    opt_map,              // args: optional, body
    opt_flat_map,
    bind,   // args: value, body
    block,  // args: value of @index0, @index1, …, body
  };

  Kind kind = Kind::literal;
  Macro macro = Macro::all;
  bool member = false;
  bool has_filter = false;
  std::size_t offset = 0;
  int depth = 1;
  std::string name;
  model::Value value;
  std::vector<AstPtr> args;
  std::vector<bool> optional_at;
  std::vector<std::string> variables;

  // What the checker adds.
  enum class Refers : std::uint8_t { unresolved, variable, local, constant };
  Type type;
  Refers refers = Refers::unresolved;
  int index = -1;                           ///< variable or local; for select on a record: the slot
  std::vector<int> locals;                  ///< macro: the slot of each of its variables
  std::vector<const Overload*> candidates;  ///< call: what may be meant, in order
  std::string why_unresolved;               ///< unchecked compile: what evaluation will say
};

}  // namespace tieout::expr
