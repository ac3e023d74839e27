// A bare TCP client, for requests that no decent HTTP client would send.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tieout::test {

/// Sends the bytes to 127.0.0.1:port and returns everything that comes back until the other side closes or two seconds
/// pass in silence.
std::string exchange(std::uint16_t port, std::string_view bytes);

/// A port on which nobody listens.
std::uint16_t closed_port();

}  // namespace tieout::test
