#include <arpa/inet.h>
#include <fmt/core.h>

#include "expr/network.hpp"
#include "expr/registry.hpp"
#include "expr/semantics.hpp"

namespace tieout::expr {
namespace {

using model::Value;
using Kind = Value::Kind;

std::string masked(std::string_view address, int prefix) {
  std::string out(address);
  for (int bit = prefix; bit < static_cast<int>(out.size()) * 8; ++bit)
    out[static_cast<std::size_t>(bit / 8)] =
        static_cast<char>(out[static_cast<std::size_t>(bit / 8)] & ~(0x80 >> bit % 8));
  return out;
}

std::string_view unmapped(std::string_view address) {
  constexpr std::string_view prefix("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  return address.size() == 16 && address.starts_with(prefix) ? address.substr(12) : address;
}
unsigned byte(std::string_view address, std::size_t i) { return static_cast<unsigned char>(address[i]); }

Value parsed_address(std::string_view text) {
  std::string bytes, why;
  return read_address(text, bytes, why) ? Value::ip_address(bytes) : failed(why);
}
Value parsed_range(std::string_view text) {
  std::string bytes, why;
  int prefix = 0;
  return read_range(text, bytes, prefix, why) ? Value::ip_range(bytes, prefix) : failed(why);
}

Value ip_from_text(Call& call) { return parsed_address(call[0].as_text()); }
Value same(Call& call) { return call[0]; }
Value range_from_text(Call& call) { return parsed_range(call[0].as_text()); }
Value is_ip(Call& call) { return Value::boolean(!parsed_address(call[0].as_text()).is_error()); }
Value is_cidr(Call& call) { return Value::boolean(!parsed_range(call[0].as_text()).is_error()); }
Value is_canonical(Call& call) {
  const Value address = parsed_address(call[0].as_text());
  return address.is_error() ? address : Value::boolean(address_text(address) == call[0].as_text());
}
Value family(Call& call) { return Value::integer(unmapped(call[0].address()).size() == 4 ? 4 : 6); }

bool all_zero(std::string_view address) { return address.find_first_not_of('\0') == std::string_view::npos; }
Value is_unspecified(Call& call) { return Value::boolean(all_zero(call[0].address())); }

bool loopback(std::string_view a) {
  return a.size() == 4 ? byte(a, 0) == 127 : all_zero(a.substr(0, 15)) && byte(a, 15) == 1;
}
bool multicast(std::string_view a) { return a.size() == 4 ? (byte(a, 0) & 0xF0) == 0xE0 : byte(a, 0) == 0xFF; }
bool link_local(std::string_view a) {
  return a.size() == 4 ? byte(a, 0) == 169 && byte(a, 1) == 254 : byte(a, 0) == 0xFE && (byte(a, 1) & 0xC0) == 0x80;
}
bool link_local_multicast(std::string_view a) {
  return a.size() == 4 ? byte(a, 0) == 224 && byte(a, 1) == 0 && byte(a, 2) == 0
                       : byte(a, 0) == 0xFF && (byte(a, 1) & 0x0F) == 2;
}
bool global_unicast(std::string_view a) {
  const bool broadcast = a == std::string_view("\xff\xff\xff\xff", 4);
  return !broadcast && !all_zero(a) && !loopback(a) && !multicast(a) && !link_local(a);
}
template <bool (*Test)(std::string_view)>
Value address_is(Call& call) {
  return Value::boolean(Test(unmapped(call[0].address())));
}

bool contains(const Value& range, std::string_view address) {
  return range.address().size() == address.size() &&
         masked(address, range.prefix()) == masked(range.address(), range.prefix());
}
Value contains_ip(Call& call) {
  const Value address = call[1].is_text() ? parsed_address(call[1].as_text()) : call[1];
  return address.is_error() ? address : Value::boolean(contains(call[0], unmapped(address.address())));
}
Value contains_range(Call& call) {
  const Value other = call[1].is_text() ? parsed_range(call[1].as_text()) : call[1];
  if (other.is_error()) return other;
  return Value::boolean(other.prefix() >= call[0].prefix() && contains(call[0], other.address()));
}
Value range_address(Call& call) { return Value::ip_address(call[0].address()); }
Value range_masked(Call& call) {
  return Value::ip_range(masked(call[0].address(), call[0].prefix()), call[0].prefix());
}
Value prefix_length(Call& call) { return Value::integer(call[0].prefix()); }

constexpr Builtin kNetwork[] = {
    {"ip", "(string) -> ip", ip_from_text},
    {"ip", "(ip) -> ip", same},
    {"cidr", "(string) -> cidr", range_from_text},
    {"cidr", "(cidr) -> cidr", same},
    {"isIP", "(string) -> bool", is_ip},
    {"isCIDR", "(string) -> bool", is_cidr},
    {"ip.isCanonical", "(string) -> bool", is_canonical},
    {"family", "ip.() -> int", family},
    {"isUnspecified", "ip.() -> bool", is_unspecified},
    {"isLoopback", "ip.() -> bool", address_is<loopback>},
    {"isGlobalUnicast", "ip.() -> bool", address_is<global_unicast>},
    {"isLinkLocalUnicast", "ip.() -> bool", address_is<link_local>},
    {"isLinkLocalMulticast", "ip.() -> bool", address_is<link_local_multicast>},
    {"containsIP", "cidr.(ip) -> bool", contains_ip},
    {"containsIP", "cidr.(string) -> bool", contains_ip},
    {"containsCIDR", "cidr.(cidr) -> bool", contains_range},
    {"containsCIDR", "cidr.(string) -> bool", contains_range},
    {"ip", "cidr.() -> ip", range_address},
    {"masked", "cidr.() -> cidr", range_masked},
    {"prefixLength", "cidr.() -> int", prefix_length},
};

}  // namespace

bool read_address(std::string_view text, std::string& bytes, std::string& why) {
  if (text.find('%') != std::string_view::npos) {
    why = fmt::format("'{}': an IP address with a zone is not allowed", text);
    return false;
  }
  const std::string copy(text);
  unsigned char raw[16];
  const bool v6 = text.find(':') != std::string_view::npos;
  if (v6 && text.find('.') != std::string_view::npos) {
    why = fmt::format("'{}': an IPv4-mapped IPv6 address is not allowed", text);
    return false;
  }
  if (copy.find('\0') != std::string::npos || inet_pton(v6 ? AF_INET6 : AF_INET, copy.c_str(), raw) != 1) {
    why = fmt::format("'{}' is no IP address: parse error", text);
    return false;
  }
  bytes.assign(reinterpret_cast<const char*>(raw), v6 ? 16 : 4);
  return true;
}

bool read_range(std::string_view text, std::string& bytes, int& prefix, std::string& why) {
  const std::size_t slash = text.find('/');
  const std::string_view digits = slash == std::string_view::npos ? std::string_view{} : text.substr(slash + 1);
  if (digits.empty() || digits.size() > 3 || digits.find_first_not_of("0123456789") != std::string_view::npos ||
      (digits.size() > 1 && digits[0] == '0')) {
    why = fmt::format("'{}' is no network such as 10.0.0.0/8: parse error", text);
    return false;
  }
  prefix = 0;
  for (const char c : digits) prefix = prefix * 10 + (c - '0');
  if (!read_address(text.substr(0, slash), bytes, why)) return false;
  if (prefix <= static_cast<int>(bytes.size()) * 8) return true;
  why = fmt::format("'{}': the prefix is longer than the address", text);
  return false;
}

std::string address_text(const Value& value) {
  char buffer[INET6_ADDRSTRLEN] = {};
  const std::string_view bytes = value.address();
  inet_ntop(bytes.size() == 4 ? AF_INET : AF_INET6, bytes.data(), buffer, sizeof buffer);
  return value.is(Kind::ip_range) ? fmt::format("{}/{}", buffer, value.prefix()) : std::string(buffer);
}

std::span<const Builtin> network_functions() { return kNetwork; }

}  // namespace tieout::expr
