// What to do after an attempt to write. The hard case is silence: it tells us nothing about whether the invoice exists
// over there, so it is never answered by sending again, only by looking: is our mark in one of their records? Pure: the
// engine stores the decision before it acts on it, so a crash in between repeats the same decision. What counts as
// silence is the vendor manifest's business; the connector has already turned it into a certainty.
#pragma once

#include "ports/connector.hpp"
#include "ports/store.hpp"

namespace tieout::act {

enum class Next : std::uint8_t {
  keep,     ///< confirmed: store the record, join the link
  hold,     ///< the vendor refuses, for a reason that a person or another record must mend
  later,    ///< surely not applied, worth the same try later
  reread,   ///< surely not applied because our copy is stale: read the record again, decide anew
  look_up,  ///< may have been applied
};

struct Verdict {
  Next next = Next::hold;
  ports::IntentState intent = ports::IntentState::refused;
};

Verdict judge(const ports::WriteOutcome& outcome);

/// What a look-up of a doubtful write allows. `age` is how long ago it was sent.
enum class Settled : std::uint8_t {
  written,  ///< it is there: treat it as confirmed
  absent,   ///< it is not there and can not arrive any more: never applied, to be decided anew
  wait,     ///< it may still arrive, or the look-up could not tell
};
Settled settle(ports::Found found, Milliseconds age, Milliseconds settle_after);

}  // namespace tieout::act
