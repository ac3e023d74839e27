// The world of one seed: both companies with their vendors, people, judge and node, and the calendar in which they act.
#pragma once

#include <memory>
#include <vector>

#include "sim/auditor/auditor.hpp"
#include "sim/node.hpp"
#include "sim/people/people.hpp"
#include "sim/seed.hpp"

namespace tieout::sim {

class World {
 public:
  World(const SeedOptions& options, const mapping::PackSet& packs, Trace& trace);
  SeedResult run();

 private:
  /// Everything that belongs to one company.
  struct Site {
    explicit Site(Rng calendar) : rng(calendar) {}
    std::unique_ptr<sandbox::HubspotSandbox> crm;
    std::unique_ptr<sandbox::quickbooks::QuickbooksSandbox> books;
    std::unique_ptr<Company> company;
    std::unique_ptr<Faults> faults;
    std::unique_ptr<People> people;
    std::unique_ptr<Auditor> auditor;
    std::unique_ptr<Node> node;
    Rng rng;  ///< when things happen
    Instant next_edit{}, next_step{}, next_day{};
    std::optional<Instant> reconnect_at;
    std::optional<decide::Plan> plan;  ///< made, and not applied yet
    bool restored = false;             ///< the next step is the first on an old store
  };

  void make_site(const std::string& name, std::uint64_t number);
  void settle_quirks(Site& site);
  void people_act();  ///< all that is due by now, in order of time
  void note(Site& site, const Action& action);
  void new_day(Site& site);
  void step(Site& site);
  void sync(Site& site);
  void plan(Site& site);
  void apply(Site& site);
  void reconcile(Site& site);
  void review(Site& site);
  void judge(Site& site, const Step& step);
  void add(Site& site, std::vector<Violation> violations);
  void after_store_refused(Site& site, const std::string& code);
  void heal_all();
  void last_hour(Site& site);
  void must_be_at_rest(Site& site);

  SeedOptions options_;
  const mapping::PackSet& packs_;
  Trace& trace_;
  Rng rng_;
  WorldClock clock_;
  Instant start_, end_;
  std::vector<std::unique_ptr<Site>> sites_;
  bool acting_ = false;
  std::string last_fault_;
  SeedResult result_;
};

}  // namespace tieout::sim
