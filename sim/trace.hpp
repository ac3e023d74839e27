// What happened in a seed, as one running digest and, when asked for, as a story. The digest takes in every request,
// answer, edit, engine report and count of disk operations with its virtual time: two runs of a seed with the same
// digest did the same things in the same order, whatever compiler built them.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace tieout::sim {

class Trace {
 public:
  /// With `keep` every line is kept for stories; without, only the digest is (about 2 ns a byte).
  explicit Trace(bool keep) : keep_(keep) {}

  /// One thing that happened. `what` is short and stable ("crm POST /crm/v3/objects/deals/search 200"), `body` may be
  /// large and only counts in the digest; a story shows lines whose text or body names the record.
  void add(Instant at, std::string_view what, std::string_view body = {});

  std::uint64_t steps() const { return steps_; }
  std::string digest() const;  ///< 16 hex digits
  bool keeps() const { return keep_; }

  /// The lines that name the record (a vendor id), in order, at most `most`, the last ones when there are more.
  std::string story(std::string_view record, std::size_t most = 200) const;
  /// All lines, for --trace.
  void print(std::FILE* out) const;

 private:
  struct Line {
    Instant at;
    std::string what, body;
  };
  void mix(std::string_view bytes);

  bool keep_;
  std::uint64_t steps_ = 0;
  std::array<std::uint64_t, 2> state_{0x243f6a8885a308d3ULL, 0x13198a2e03707344ULL};
  std::vector<Line> lines_;
};

}  // namespace tieout::sim
