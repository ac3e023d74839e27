#include "net/url.hpp"

namespace tieout::net {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::size_t find_or(std::string_view text, char wanted, std::size_t from, std::size_t otherwise) {
  for (std::size_t i = from; i < otherwise; ++i)
    if (text[i] == wanted) return i;
  return otherwise;
}

}  // namespace

std::string percent_decoded(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_blank && c == '+' ? ' ' : c;
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = find_or(text, '&', begin, text.size());
    const std::size_t equals = find_or(text, '=', begin, end);
    if (end > begin) {
      const std::size_t value = std::min(equals + 1, end);
      out.emplace_back(percent_decoded(text.substr(begin, equals - begin), true),
                       percent_decoded(text.substr(value, end - value), true));
    }
    begin = end + 1;
  }
  return out;
}

}  // namespace tieout::net
