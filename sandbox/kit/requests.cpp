// Requests from text: form bodies as OAuth token calls send them, and whole requests for callers in the same process.
#include "sandbox/kit/server.hpp"

namespace tieout::sandbox {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parse_form(std::string_view body) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('&'), body.size());
    const std::string_view part = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view value = equals < part.size() ? part.substr(equals + 1) : std::string_view{};
    out.emplace_back(decoded(part.substr(0, equals), true), decoded(value, true));
  }
  return out;
}

net::ServerRequest make_request(std::string method, std::string target, std::string body,
                                std::vector<std::pair<std::string, std::string>> headers) {
  net::ServerRequest out;
  out.method = std::move(method);
  const std::size_t question = std::min(target.find('?'), target.size());
  out.path = decoded(std::string_view(target).substr(0, question), false);
  if (question < target.size()) out.query = parse_form(std::string_view(target).substr(question + 1));
  out.target = std::move(target);
  out.headers = std::move(headers);
  out.body = std::move(body);
  return out;
}

}  // namespace tieout::sandbox
