#include "store/sqlite/compress.hpp"

#include <fmt/core.h>
#include <zstd.h>

#include "base/check.hpp"

namespace tieout::sqlite {
namespace {
constexpr int kLevel = 1;
constexpr unsigned long long kLargest = 1'000'000'000;  // SQLite's own limit for a value
}  // namespace

Compressor::Compressor() : context_(ZSTD_createCCtx()) { CHECK(context_, "no memory for a zstd context"); }
Compressor::~Compressor() { ZSTD_freeCCtx(context_); }

std::string_view Compressor::compress(std::string_view bytes) {
  const std::size_t bound = ZSTD_compressBound(bytes.size());
  if (buffer_.size() < bound) buffer_.resize(bound);
  const std::size_t size =
      ZSTD_compressCCtx(context_, buffer_.data(), buffer_.size(), bytes.data(), bytes.size(), kLevel);
  CHECK(!ZSTD_isError(size), "zstd did not fit its own bound");
  return {buffer_.data(), size};
}

Result<std::string> decompress(std::string_view bytes, std::string_view what) {
  const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size <= kLargest) {  // the error values are larger
    std::string out(static_cast<std::size_t>(size), '\0');
    const std::size_t got = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
    if (!ZSTD_isError(got) && got == size) return out;
  }
  return fail("store.corrupt",
              fmt::format("{} cannot be unpacked: its bytes were altered. Restore the last good backup.", what));
}

}  // namespace tieout::sqlite
