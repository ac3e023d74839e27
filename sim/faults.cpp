#include "sim/faults.hpp"

#include <utility>

namespace tieout::sim {
namespace {

using enum Kind;
using enum Place;

constexpr KindInfo kTable[] = {
    {request_lost, "request lost", call, 8'000, "the connection breaks before the vendor has seen the request"},
    {answer_lost, "answer lost after commit", call, 8'000, "carried out, then the connection breaks"},
    {status_500, "500", call, 8'000, "the vendor's own error, nothing carried out"},
    {status_500_after_commit, "500 after commit", call, 8'000, "carried out, then the vendor's own error"},
    {timeout_before, "time-out before", call, 4'000, "silence until the time is up, nothing carried out"},
    {timeout_after, "time-out after", call, 4'000, "carried out, then silence until the time is up"},
    {late_success, "late success", writing, 12'000,
     "the connection breaks at once, the vendor carries it out 90 s later"},
    {throttled_plain, "429 without Retry-After", call, 6'000, "refused, nothing said about how long"},
    {throttled_retry_after, "429 with Retry-After", call, 6'000, "refused, with a time to wait"},
    {throttled_wrong_retry_after, "429 with a wrong Retry-After", call, 6'000,
     "a date, a negative or an absurd number"},
    {unauthorised_mid_run, "401 mid-run", call, 4'000, "the access token ends between two calls"},
    {token_revoked, "token revoked", day, 12'000, "access and refresh token end; a person connects anew hours later"},
    {refresh_answer_lost, "refresh answer lost", signing, 25'000, "the new pair was made and never arrived"},
    {duplicate_page, "duplicate page", listing, 12'000, "a page repeats records of the page before"},
    {missing_page, "missing page", listing, 12'000, "a page comes back empty though there is more"},
    {cursor_reset, "cursor reset", listing, 12'000, "the vendor forgot the place in the list and begins again"},
    {reordered_page, "reordered page", listing, 30'000, "a page's records come in another order"},
    {stale_read, "stale read", reading, 30'000, "a copy that is up to 20 s behind answers"},
    {late_index, "late index", listing, 25'000, "searches and change lists are up to 20 s behind"},
    {short_page, "short page", listing, 30'000, "fewer records a page than asked for, with a way on"},
    {field_renamed, "field renamed", reading, 4'000, "a field of an answer has another name"},
    {enum_added, "enum added", reading, 4'000, "a field holds a value that nobody has heard of"},
    {number_as_text, "number as text", reading, 15'000, "amounts come as strings"},
    {html_answer, "HTML instead of JSON", call, 6'000, "carried out, then a proxy's page"},
    {nonsense_answer, "nonsense answer", call, 6'000, "200 and good JSON that answers another question"},
    {cut_answer, "answer cut short", call, 6'000, "carried out, half of the answer arrives"},
    {slow_answer, "slow answer", call, 60'000, "2 to 60 s late"},
    {other_rounding, "vendor rounds otherwise", vendor, 0, "half even where half up was said"},
    {record_merged, "record merged", people, 0, "two become one, with a new id or that of one"},
    {deleted_and_recreated, "deleted and re-created", people, 0, "the same thing again under another id"},
    {locked_period, "locked period", people, 0, "the books are closed up to a day"},
    {crash_before_send, "crash before send", step, 20'000, "the process dies between journal and wire"},
    {crash_after_send, "crash after send", step, 30'000, "the process dies before it heard the answer"},
    {crash_before_commit, "crash at the disk", step, 25'000, "the process dies at a write or sync of its store"},
    {power_cut, "power cut", step, 25'000, "unsynced writes are dropped"},
    {torn_write, "torn write", step, 20'000, "power cut; unsynced writes arrive in part"},
    {pause_beyond_lease, "pause beyond a lease", step, 20'000, "the machine stands still for 10 to 300 minutes"},
    {slow_disk, "slow disk", step, 10'000, "each write takes 20 ms, each sync up to 3 s"},
    {full_disk, "full disk", step, 15'000, "no space from a drawn write on, for hours"},
    {fsync_error, "fsync error", step, 15'000, "a sync fails; what was written before may be gone"},
    {bit_flip, "bit flip", day, 8'000, "a bit of the store turns; restored from the backup after the refusal"},
    {clock_step, "clock step", day, 30'000, "the node's clock jumps by up to an hour, and back later"},
    {clock_skew, "clock skew", day, 30'000, "the node's clock is wrong by seconds to minutes for the day"},
    {out_of_memory, "out of memory", step, 20'000, "an allocation fails; the process dies of it"},
    {upgrade_mid_flight, "upgrade mid-flight", step, 10'000, "stopped between journal and wire, opened again as new"},
    {mapping_changed, "mapping changed", day, 12'000, "other mapping settings from the next start on"},
    {old_backup_restored, "old backup restored", day, 5'000, "the store of hours ago is put back"},
    {two_instances, "two instances", day, 40'000, "a second process opens the same store"},
};
static_assert(std::size(kTable) == kKinds);

constexpr bool in_order() {
  for (std::size_t i = 0; i < kKinds; ++i)
    if (static_cast<std::size_t>(kTable[i].kind) != i) return false;
  return true;
}
static_assert(in_order(), "the table stands in the order of the enum");

template <std::size_t... I>
std::array<Rng, kKinds> streams_of(const Rng& rng, std::index_sequence<I...>) {
  return {rng.stream(kTable[I].name)...};
}

}  // namespace

const KindInfo& info(Kind kind) { return kTable[static_cast<std::size_t>(kind)]; }
std::span<const KindInfo> all_kinds() { return kTable; }

Faults::Faults(const Rng& rng) : streams_(streams_of(rng, std::make_index_sequence<kKinds>())) {}

bool Faults::drawn(Kind kind) {
  if (healed_ || weather_ == 0) return false;
  const std::uint64_t parts =
      static_cast<std::uint64_t>(info(kind).per_million) * static_cast<std::uint64_t>(weather_) / 100;
  return parts > 0 && rng(kind).below(1'000'000) < parts;
}

bool Faults::strikes(Kind kind) {
  if (!drawn(kind)) return false;
  struck(kind);
  return true;
}

}  // namespace tieout::sim
