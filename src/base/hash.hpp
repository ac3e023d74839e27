// Digests: SHA-256 for anything that proves or identifies, and constant-time comparison for anything secret.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tieout {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);  ///< 32 raw bytes
std::string hex(std::string_view bytes);
inline std::string hex(const Digest& digest) {
  return hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}
std::string base64(std::string_view bytes);
/// Equal in a time that depends only on the lengths.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace tieout
