#include "sim/people/people.hpp"

#include "sim/people/desk.hpp"

namespace tieout::sim {
namespace {

constexpr int kTries = 4;  // a person who finds nothing of one kind to do does something else

const std::vector<Habit>& habits() {
  static const std::vector<Habit> all = [] {
    std::vector<Habit> out;
    for (const auto& part : {sales_habits(), deal_habits(), books_habits(), money_habits()})
      out.insert(out.end(), part.begin(), part.end());
    return out;
  }();
  return all;
}

const Habit& draw(Rng& rng) {
  static const std::uint64_t weights = [] {
    std::uint64_t sum = 0;
    for (const Habit& one : habits()) sum += static_cast<std::uint64_t>(one.weight);
    return sum;
  }();
  auto at = static_cast<std::int64_t>(rng.below(weights));
  for (const Habit& one : habits())
    if ((at -= one.weight) < 0) return one;
  return habits().back();
}

}  // namespace

void People::settle_in(Instant now) {
  Desk desk{company_, rng_, made_, now};
  move_in(desk);
}

Action People::act(Instant now) {
  Desk desk{company_, rng_, made_, now};
  for (int i = 0; i < kTries; ++i)
    if (Action action = draw(rng_).act(desk); !action.kind.empty()) return action;
  return {};
}

}  // namespace tieout::sim
