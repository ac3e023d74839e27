// zstd at its fastest level, for what is written once and seldom read: pages of a vendor's own words, plans.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct ZSTD_CCtx_s;

namespace tieout::sqlite {

class Compressor {
 public:
  Compressor();
  ~Compressor();
  /// Valid until the next call.
  std::string_view compress(std::string_view bytes);

 private:
  ZSTD_CCtx_s* context_;
  std::string buffer_;
};

/// Fails with store.corrupt when the bytes are not a whole zstd frame. `what` names them in the message.
Result<std::string> decompress(std::string_view bytes, std::string_view what);

}  // namespace tieout::sqlite
