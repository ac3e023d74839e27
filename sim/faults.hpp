// Everything that goes wrong in the simulated world, in one table. A kind has a name, a place where it acts and how
// often it strikes there; it is counted when it has really struck, not when it was drawn. ./dev sim prints the table,
// and a run of CI's size fails when a kind never struck. To add a kind: a line in the table (faults.cpp), and the place
// that asks `strikes(kind)`.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/kit/random.hpp"

namespace tieout::sim {

enum class Kind : std::uint8_t {
  // the vendor, or the way to it
  request_lost,
  answer_lost,
  status_500,
  status_500_after_commit,
  timeout_before,
  timeout_after,
  late_success,
  throttled_plain,
  throttled_retry_after,
  throttled_wrong_retry_after,
  unauthorised_mid_run,
  token_revoked,
  refresh_answer_lost,
  duplicate_page,
  missing_page,
  cursor_reset,
  reordered_page,
  stale_read,
  late_index,
  short_page,
  field_renamed,
  enum_added,
  number_as_text,
  html_answer,
  nonsense_answer,
  cut_answer,
  slow_answer,
  other_rounding,
  record_merged,
  deleted_and_recreated,
  locked_period,
  // our own machine and our own operators
  crash_before_send,
  crash_after_send,
  crash_before_commit,
  power_cut,
  torn_write,
  pause_beyond_lease,
  slow_disk,
  full_disk,
  fsync_error,
  bit_flip,
  clock_step,
  clock_skew,
  out_of_memory,
  upgrade_mid_flight,
  mapping_changed,
  old_backup_restored,
  two_instances,
};
inline constexpr std::size_t kKinds = static_cast<std::size_t>(Kind::two_instances) + 1;

/// Where a kind acts, that is: what is a chance for it.
enum class Place : std::uint8_t {
  call,     ///< each vendor call
  listing,  ///< each call that lists or searches
  reading,  ///< each call that reads, listings included
  writing,  ///< each call that writes
  signing,  ///< each renewal of a token
  step,     ///< each step of the engine, at a drawn moment inside it
  disk,     ///< each write or sync of the disk
  day,      ///< each simulated day of a company
  people,   ///< counted when people do it (merge, delete and make anew, lock a period)
  vendor,   ///< counted by the vendor's sandbox when its quirk made a difference
};

struct KindInfo {
  Kind kind;
  std::string_view name;
  Place place;
  int per_million;  ///< how often, of a million chances, in ordinary weather
  std::string_view what;
};
const KindInfo& info(Kind kind);
std::span<const KindInfo> all_kinds();

using Counts = std::array<std::int64_t, kKinds>;

/// Draws and counts the faults of one company in one seed. Its draws come from a stream of its own for each kind.
class Faults {
 public:
  explicit Faults(const Rng& rng);

  /// One chance for this kind; counts when it strikes. Never strikes when healed.
  bool strikes(Kind kind);
  /// As strikes(), but the caller counts with struck() once the fault has taken effect.
  bool drawn(Kind kind);
  void struck(Kind kind, std::int64_t times = 1) { counts_[static_cast<std::size_t>(kind)] += times; }
  /// The stream that a kind's further choices come from (which page, how long).
  Rng& rng(Kind kind) { return streams_[static_cast<std::size_t>(kind)]; }

  /// A new day: how bad it is in percent of the table (0: a quiet day). Bursts find other bugs than drizzle.
  void set_weather(int percent) { weather_ = percent; }
  void heal() { healed_ = true; }
  bool healed() const { return healed_; }
  const Counts& counts() const { return counts_; }

 private:
  std::array<Rng, kKinds> streams_;
  Counts counts_{};
  int weather_ = 100;
  bool healed_ = false;
};

}  // namespace tieout::sim
