// SQLite's write-ahead log as it lies on the disk (https://sqlite.org/fileformat2.html#walformat): a header of 32
// bytes, then frames, each a header of 24 bytes and a page. Every frame carries the running checksum of all frames up
// to it, so that one frame can be checked alone against the header of the frame before.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tieout::sqlite {

inline constexpr int kPageBytes = 8'192;
/// At the end of each page, for page_check.hpp. Two bits away from 0, so that no single bit turned makes a file look
/// unprotected.
inline constexpr int kReserved = 24;
inline constexpr int kLogHeader = 32;
inline constexpr int kFrameHeader = 24;
inline constexpr std::int64_t kFrame = kFrameHeader + kPageBytes;

/// Where frame `number` (from 1) starts.
constexpr std::int64_t frame_at(std::int64_t number) { return kLogHeader + (number - 1) * kFrame; }

inline std::uint32_t big_endian(const unsigned char* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

struct LogSum {
  std::uint32_t a = 0, b = 0;
  bool operator==(const LogSum&) const = default;
  static LogSum stored_at(const unsigned char* bytes) { return {big_endian(bytes), big_endian(bytes + 4)}; }

  /// `size` is a multiple of 8. `big`: words are read as big-endian, as the log's header says.
  void add(const unsigned char* bytes, std::size_t size, bool big) {
    const bool swap = big == (std::endian::native == std::endian::little);
    for (std::size_t i = 0; i < size; i += 8) {
      std::uint32_t first = 0, second = 0;
      std::memcpy(&first, bytes + i, 4);
      std::memcpy(&second, bytes + i + 4, 4);
      if (swap) first = __builtin_bswap32(first), second = __builtin_bswap32(second);
      a += first + b;
      b += second + a;
    }
  }
};

/// The sum that a frame must carry, after the sum that the one before it carries (for frame 1: the log's header).
inline LogSum frame_sum(LogSum before, const unsigned char* header, const unsigned char* page, bool big) {
  before.add(header, 8, big);
  before.add(page, kPageBytes, big);
  return before;
}

struct LogHeader {
  bool valid = false;
  bool big_endian_sums = false;
  std::uint64_t salt = 0;
  LogSum sum;

  static LogHeader read(const unsigned char* bytes) {
    LogHeader header;
    const std::uint32_t magic = big_endian(bytes);
    header.big_endian_sums = (magic & 1) != 0;
    std::memcpy(&header.salt, bytes + 16, 8);
    header.sum = LogSum::stored_at(bytes + 24);
    LogSum wanted;
    wanted.add(bytes, 24, header.big_endian_sums);
    header.valid = (magic | 1) == 0x377f0683 && big_endian(bytes + 8) == kPageBytes && wanted == header.sum;
    return header;
  }
};

struct FrameHeader {
  std::uint32_t page = 0;
  std::uint32_t pages_after_commit = 0;  ///< 0 unless this frame ends a transaction
  std::uint64_t salt = 0;
  LogSum sum;

  static FrameHeader read(const unsigned char* bytes) {
    FrameHeader header{big_endian(bytes), big_endian(bytes + 4), 0, LogSum::stored_at(bytes + 16)};
    std::memcpy(&header.salt, bytes + 8, 8);
    return header;
  }
};

}  // namespace tieout::sqlite
