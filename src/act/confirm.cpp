#include "act/confirm.hpp"

namespace tieout::act {
namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

Verdict judge(const ports::WriteOutcome& outcome) {
  using ports::IntentState;
  if (outcome.record) return {Next::keep, IntentState::confirmed};
  // Neither a record nor a fault is an answer that we do not understand: that is doubt, not refusal.
  if (!outcome.fault || outcome.fault->certainty != Certainty::not_applied)
    return {Next::look_up, IntentState::in_doubt};
  if (ends_with(outcome.fault->code, ".stale")) return {Next::reread, IntentState::refused};
  return {outcome.retry ? Next::later : Next::hold, IntentState::refused};
}

Settled settle(ports::Found found, Milliseconds age, Milliseconds settle_after) {
  if (found == ports::Found::written) return Settled::written;
  const bool believed = found == ports::Found::absent && age >= settle_after;
  return believed ? Settled::absent : Settled::wait;
}

}  // namespace tieout::act
