// What may stand in a request: the types, properties, words and lengths of the Accounting API. Checking a body against
// its type is the first thing that happens to a write, before any rule of the books is asked (shape.hpp).
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tieout::sandbox::quickbooks {

enum class FieldKind : std::uint8_t {
  text,
  decimal,
  boolean,
  date,
  instant,
  whole,
  reference,
  memo,
  nested,
  word,
  any
};

struct Type;

struct Field {
  std::string_view name;
  FieldKind kind = FieldKind::any;
  bool list = false;
  std::size_t max = 0;           ///< most characters of a text or memo; 0: no limit
  std::string_view enumeration;  ///< for word
  const Type* type = nullptr;    ///< for nested
};

struct Type {
  std::string_view name;
  std::unordered_map<std::string_view, Field> fields;
  const Field* field(std::string_view name) const;
};

/// Empty when the API has no such type. Names are as in the schema: "Invoice", "SalesItemLineDetail".
const Type* type_named(std::string_view name);
bool is_word_of(std::string_view enumeration, std::string_view word);

}  // namespace tieout::sandbox::quickbooks
