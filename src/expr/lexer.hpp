// Splits the source of an expression into tokens. String and bytes literals come out with their escapes resolved.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tieout::expr {

struct Token {
  enum class Kind : unsigned char { end, name, quoted_name, integer, unsigned_integer, floating, text, bytes, symbol };
  Kind kind = Kind::end;
  std::size_t offset = 0;
  std::string text;  ///< name, digits, content of a literal, or the symbol
};

/// Fails with expr.parse. The last token is `end`.
Result<std::vector<Token>> tokenize(std::string_view source);

bool is_valid_utf8(std::string_view text);
void append_utf8(std::string& out, std::uint32_t code_point);

}  // namespace tieout::expr
