// The people of one company, on both sides: sales works in the CRM, accounting in the books, and now and then somebody
// looks into Tieout's review. What they do and when is drawn from their own stream. They know nothing of the engine's
// insides: their requests go to the vendors as a browser's would, their decisions through the engine's public
// operations.
#pragma once

#include <map>
#include <string>

#include "engine/engine.hpp"
#include "sim/kit/company.hpp"
#include "sim/kit/random.hpp"

namespace tieout::sim {

/// What a person did. Empty kind: there was nothing of that sort to do (not counted).
struct Action {
  std::string kind;  ///< "deal.win", "invoice.void", "review.accept"; stable, counted, shown by ./dev sim
  ports::Side side = ports::Side::crm;
  std::string object;  ///< vendor's object: "deals", "Invoice"
  std::string id;      ///< vendor id of the record concerned, if there is one
  std::string text;    ///< one line for the story: "won deal 1021 over 120.00 EUR"
};

class People {
 public:
  People(const Company& company, Rng rng) : company_(company), rng_(rng) {}

  /// Before day one: the customers, products and deals that are there already (5-30 customers, up to 60 deals in a
  /// month). May be called once.
  void settle_in(Instant now);
  /// One thing that a person does at this time. Never a fault of the network: people try until it works.
  Action act(Instant now);
  /// Somebody goes through the review list and decides up to `most` items (accept, create, skip, fix, retry; end a
  /// breaker). Engine calls that fail are left for next time.
  /// Returns what was done, one Action an item. Called between engine steps, and often in the healed phase.
  /// Adds to `done` as it goes: what was decided counts also when the process dies of the next one.
  void work_review(engine::Engine& engine, Instant now, int most, std::vector<Action>& done);

 private:
  const Company& company_;
  Rng rng_;
  int made_ = 0;
  std::map<std::string, int> handled_;  ///< how often each record was in hand at the review list
};

}  // namespace tieout::sim
