// base64, as the encoders extension has it: decoding takes padding or leaves it out.
#include <fmt/core.h>

#include "base/hash.hpp"
#include "expr/registry.hpp"
#include "expr/semantics.hpp"

namespace tieout::expr {
namespace {

using model::Value;

Value encode(Call& call) {
  if (!call.frame.charge(call[0].as_bytes().size() / 4)) return cost_exceeded();
  return Value::text(base64(call[0].as_bytes()));
}

int digit(char c) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t at = alphabet.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

Value decode(Call& call) {
  std::string_view text = call[0].as_text();
  if (!call.frame.charge(text.size() / 4)) return cost_exceeded();
  if (text.size() % 4 == 0)
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  if (text.size() % 4 == 1) return failed("this is no base64: a character is missing");
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = digit(c);
    if (value < 0) return failed(fmt::format("this is no base64: '{}' does not belong there", c));
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xFF);
    }
  }
  return Value::bytes(out);
}

constexpr Builtin kEncoding[] = {
    {"base64.encode", "(bytes) -> string", encode},
    {"base64.decode", "(string) -> bytes", decode},
};

}  // namespace

std::span<const Builtin> encoding_functions() { return kEncoding; }

}  // namespace tieout::expr
