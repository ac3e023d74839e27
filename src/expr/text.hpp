// Texts as sequences of Unicode characters, and values as plain text.
#pragma once

#include <string>
#include <string_view>

#include "model/value.hpp"

namespace tieout::expr {

std::size_t character_count(std::string_view text);
/// Byte offset of the character at that position; text.size() for the end; npos when it is further out.
std::size_t offset_of(std::string_view text, std::size_t position);

/// What string(x) gives: 12.30, 2026-01-31, true. Doubles as short as they can be read back.
std::string plain_text(const model::Value& value);
/// The same for whole structures, as %s of format() wants it: [a, b], {key: value} with sorted keys.
std::string nested_text(const model::Value& value);
std::string double_text(double value);

}  // namespace tieout::expr
