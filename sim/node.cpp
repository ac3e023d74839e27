#include "sim/node.hpp"

#include <fmt/core.h>
#include <sqlite3.h>

#include <new>

#include "base/check.hpp"
#include "sandbox/quickbooks/text.hpp"
#include "sim/kit/memory.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace tieout::sim {
namespace {

using ports::Unit;

constexpr const char* kStoreFile = "store.db";
constexpr Milliseconds kSettle{150'000};  // the longer one of the two manifests, as the command line takes it

/// Every statement of every store is a moment after which the memory may end.
void count_statements() {
  static const int once = [] {
    constexpr auto watch = [](sqlite3* store, char**, const sqlite3_api_routines*) -> int {
      constexpr auto on_statement = [](unsigned, void*, void*, void*) -> int { return pass_waypoint(), SQLITE_OK; };
      return sqlite3_trace_v2(store, SQLITE_TRACE_STMT, on_statement, nullptr);
    };
    int (*const entry)(sqlite3*, char**, const sqlite3_api_routines*) = watch;
    return sqlite3_auto_extension(reinterpret_cast<void (*)()>(entry));
  }();
  CHECK(once == SQLITE_OK, "SQLite takes a watcher of its statements");
}

}  // namespace

Result<ports::Tokens> SimTokens::load(const std::string& connection) {
  const auto found = kept.find(connection);
  if (found == kept.end()) return fail("secrets.absent", "no token is stored for " + connection);
  return found->second;
}

Result<bool> SimTokens::save(const std::string& connection, const ports::Tokens& tokens) {
  kept[connection] = tokens;
  return true;
}

Node::Node(const Company& company, WorldClock& clock, Faults& faults, const Rng& rng, Trace& trace,
           const mapping::PackSet& packs, std::function<void()> on_time)
    : company_(company),
      world_(clock),
      clock_(clock),
      faults_(faults),
      rng_(rng.stream("node")),
      disk_random_(rng.stream("disk")),
      node_random_(rng.stream("node.random")),
      trace_(trace),
      packs_(packs),
      disk_("disk-" + company.name, disk_random_, clock) {
  http_ = std::make_unique<SimHttp>(company, clock, faults, rng, trace,
                                    SimHttp::Hooks{.on_time = std::move(on_time),
                                                   .on_crash =
                                                       [this](Kind) {
                                                         off_ = true;
                                                         disk_.kill();
                                                       },
                                                   .is_off = [this] { return off_; }});
  mapping_settings_ = mapping_settings(false);
  count_statements();
  reconnect();
}

/// What the operator set when connecting: outside the US each line needs a tax code of that company.
std::vector<std::pair<std::string, std::string>> Node::mapping_settings(bool by_document) const {
  std::vector<std::pair<std::string, std::string>> out;
  if (company_.quirks.country != "US") {
    using sandbox::quickbooks::Entity;
    for (const std::int64_t id :
         company_.books.books().table(Entity::tax_code).named(sandbox::quickbooks::fold("0.0% Z")))
      out.emplace_back("line_tax_code", std::to_string(id));
  }
  if (by_document) out.emplace_back("rounding_level", "document");
  return out;
}

Node::~Node() { close(); }

vendors::ConnectionSettings Node::settings_of(bool crm) const {
  vendors::ConnectionSettings out;
  out.name = crm ? "crm" : "books";
  out.vendor = crm ? "hubspot" : "quickbooks";
  out.base_url = crm ? SimHttp::crm_url(company_) : SimHttp::books_url(company_);
  if (!crm) out.account_id = company_.realm;
  if (company_.quirks.oauth) {
    out.client_id = crm ? sandbox::HubspotSandbox::kClientId : sandbox::quickbooks::kClientId;
    out.client_secret = crm ? sandbox::HubspotSandbox::kClientSecret : sandbox::quickbooks::kClientSecret;
  } else {
    out.access_token = crm ? sandbox::HubspotSandbox::kPrivateAppToken : sandbox::quickbooks::kStaticToken;
  }
  out.extra["page_size"] = std::to_string(crm ? company_.quirks.crm_page : company_.quirks.books_page);
  if (crm) out.extra["archived_every"] = "3";
  for (const mapping::ObjectMapping& object : packs_.objects())
    if (object.vendor() == out.vendor)
      if (auto names = object.vendor_names("properties"); !names.empty())
        out.properties[object.object()] = std::move(names);
  return out;
}

Result<std::unique_ptr<ports::Connector>> Node::connector(bool crm) {
  return vendors::make_connector(settings_of(crm), {*http_, clock_, node_random_, tokens_});
}

Result<Unit> Node::set_up() {
  TRY_VOID(open());
  for (ports::Connector* one : {crm_.get(), books_.get()})
    if (auto* setup = dynamic_cast<vendors::NeedsSetup*>(one)) TRY_VOID(setup->ensure_setup());
  return Unit{};
}

Result<Unit> Node::open() {
  if (engine_) return Unit{};
  off_ = false;
  http_->restart();
  auto opened = open_sqlite(kStoreFile, company_.name, {.cache_mib = 4, .vfs = disk_.vfs()});
  if (!opened) return fail(opened.error());
  auto crm = connector(true);
  if (!crm) return fail(crm.error());
  auto books = connector(false);
  if (!books) return fail(books.error());
  store_ = std::move(*opened);
  crm_ = std::move(*crm);
  books_ = std::move(*books);
  engine::EngineSettings settings;
  settings.entity = company_.name;
  settings.settle = kSettle;
  settings.mapping_settings = mapping_settings_;
  engine_ = std::make_unique<engine::Engine>(*store_, engine::Connection{"crm", "hubspot", crm_.get(), ""},
                                             engine::Connection{"books", "quickbooks", books_.get(), company_.realm},
                                             packs_, clock_, settings);
  return Unit{};
}

void Node::close() {
  engine_.reset();
  store_.reset();
  crm_.reset();
  books_.reset();
}

void Node::die(bool power_fails) {
  off_ = true;
  if (power_fails)
    disk_.power_cut();
  else
    disk_.kill();
  close();
}

/// Arms what befalls this step; most of the time nothing does, at most one thing at a time. No call takes two draws as
/// its arguments: which comes first would be the compiler's choice.
void Node::plan_faults() {
  planned_.reset();
  const auto draw = [&](Kind kind) {
    if (planned_ || !faults_.drawn(kind)) return false;
    planned_ = kind;
    return true;
  };
  // Early moments are as likely as late ones: the number of the moment is drawn by its order of magnitude.
  const auto moment = [&](Kind kind, int most_bits) {
    Rng& rng = faults_.rng(kind);
    const auto magnitude = rng.below(static_cast<std::uint64_t>(most_bits) + 1);
    return static_cast<std::int64_t>(rng.below(1ULL << magnitude)) + (1LL << magnitude) / 2;
  };
  const auto call = [&](Kind kind) { return static_cast<std::uint64_t>(moment(kind, 6)); };
  const auto cut = [&](Kind kind, Cut one, Cut other) {
    const std::int64_t nth = 1 + moment(kind, 7);
    disk_.cut_power_at(nth, faults_.rng(kind).chance(1, 2) ? one : other);
  };
  if (draw(Kind::crash_before_send)) http_->plan_crash(Kind::crash_before_send, call(Kind::crash_before_send));
  if (draw(Kind::crash_after_send)) http_->plan_crash(Kind::crash_after_send, call(Kind::crash_after_send));
  if (draw(Kind::upgrade_mid_flight)) http_->plan_crash(Kind::upgrade_mid_flight, call(Kind::upgrade_mid_flight));
  if (draw(Kind::pause_beyond_lease)) {
    const std::chrono::minutes lasts{faults_.rng(Kind::pause_beyond_lease).between(10, 300)};
    http_->plan_pause(lasts, call(Kind::pause_beyond_lease));
  }
  if (draw(Kind::crash_before_commit)) disk_.kill_at(1 + moment(Kind::crash_before_commit, 7));
  if (draw(Kind::power_cut)) cut(Kind::power_cut, Cut::none, Cut::all);
  if (draw(Kind::torn_write)) cut(Kind::torn_write, Cut::any, Cut::prefix);
  if (draw(Kind::fsync_error)) disk_.fail_sync(1 + moment(Kind::fsync_error, 5));
  if (draw(Kind::full_disk)) {
    disk_.full_after(faults_.rng(Kind::full_disk).between(0, 200'000));
    full_until_ = world_.now() + std::chrono::minutes{faults_.rng(Kind::full_disk).between(30, 600)};
  }
  if (draw(Kind::slow_disk))
    disk_.slow(Milliseconds{20}, Milliseconds{faults_.rng(Kind::slow_disk).between(100, 3'000)});
  if (draw(Kind::out_of_memory)) fail_allocation_after(1 + moment(Kind::out_of_memory, 10));
}

void Node::note_faults(const DiskCounts& before, bool crashed) {
  const DiskCounts& now = disk_.counts();
  // Once a step, however many writes it made slow.
  if (now.slow > before.slow) faults_.struck(Kind::slow_disk);
  if (now.full > before.full) faults_.struck(Kind::full_disk);
  if (now.failed_syncs > before.failed_syncs) faults_.struck(Kind::fsync_error);
  if (crashed && planned_) faults_.struck(*planned_);
}

Node::Outcome Node::run(const std::function<Result<Unit>()>& work) {
  if (full_until_ && *full_until_ <= world_.now()) full_until_.reset(), disk_.heal();
  const DiskCounts before = disk_.counts();
  if (!faults_.healed()) plan_faults();
  Outcome out;
  bool crashed = false;
  try {
    const Result<Unit> answer = work();
    out.done = answer.has_value();
    if (!answer) out.fault = answer.error().code, out.what = answer.error().what;
  } catch (const Crash&) {
    crashed = true;
  } catch (const std::bad_alloc&) {
    crashed = true;
  }
  if (end_allocation_fault() && planned_ == Kind::out_of_memory && !crashed) faults_.struck(Kind::out_of_memory);
  if (!out.what.empty()) trace_.add(world_.now(), fmt::format("== {} {}: {}", company_.name, out.fault, out.what));
  const DiskCounts& after = disk_.counts();
  const bool ended = after.kills + after.power_cuts > before.kills + before.power_cuts;
  note_faults(before, crashed || ended);
  http_->forget_plans();
  if (!full_until_) disk_.heal();
  if (crashed || ended) {
    trace_.add(world_.now(), fmt::format("== {} dies: {}", company_.name, planned_ ? info(*planned_).name : "?"));
    if (!ended) disk_.kill();
    off_ = true;
    close();
    out = {false, "crash", {}};
  } else if (!out.done && out.fault.starts_with("store.")) {
    close();  // the store stops for good when the disk is in doubt; the supervisor starts the process again
  }
  return out;
}

void Node::back_up() {
  if (flipped_)
    return;  // a backup is read back whole before it counts: one of a damaged store never replaces a good one
  backup_.clear();
  for (const std::string& file : disk_.files()) backup_[file] = disk_.bytes(file);
}

bool Node::restore() {
  if (backup_.empty()) return false;
  close();
  flipped_ = false;
  for (const std::string& file : disk_.files()) disk_.remove(file);
  for (const auto& [file, bytes] : backup_) disk_.put(file, bytes);
  return true;
}

bool Node::flip_a_bit() {
  if (backup_.empty())
    return false;  // without a backup a turned bit is a loss by itself, and no question to the product
  close();
  Rng& rng = faults_.rng(Kind::bit_flip);
  const std::vector<std::string> files = disk_.files();
  if (files.empty()) return false;
  const std::string& file = files[rng.below(files.size())];
  const auto size = static_cast<std::int64_t>(disk_.bytes(file).size());
  if (size == 0) return false;
  const std::int64_t byte = rng.between(0, size - 1);
  flipped_ = disk_.flip_bit(file, byte, static_cast<int>(rng.below(8)));
  return flipped_;
}

bool Node::second_instance() {
  const auto second = open_sqlite(kStoreFile, company_.name, {.cache_mib = 1, .vfs = disk_.vfs()});
  return !second && second.error().code == "store.busy";
}

void Node::revoke_tokens() {
  if (!company_.quirks.oauth) return;
  company_.crm.tokens().revoke(tokens_.kept["crm"].access_token);
  company_.crm.tokens().revoke(tokens_.kept["crm"].refresh_token);
  company_.books.tokens().revoke(tokens_.kept["books"].access_token);
  company_.books.tokens().revoke(tokens_.kept["books"].refresh_token);
}

void Node::reconnect() {
  const auto keep = [&](const char* connection, const sandbox::IssuedTokens& issued) {
    tokens_.kept[connection] = {issued.access_token, issued.refresh_token, clock_.now() + issued.expires_in};
  };
  keep("crm", company_.crm.tokens().issue(world_.now()));
  keep("books", company_.books.tokens().issue(world_.now()));
  crm_.reset();
  close();  // the connection's tokens are read when it starts
}

void Node::change_mapping() {
  rounds_by_document_ = !rounds_by_document_;
  mapping_settings_ = mapping_settings(rounds_by_document_);
  close();
}

void Node::draw_clock() {
  Milliseconds error{0};
  if (faults_.strikes(Kind::clock_skew)) error = Milliseconds{faults_.rng(Kind::clock_skew).between(-120'000, 120'000)};
  if (faults_.strikes(Kind::clock_step))
    error = Milliseconds{faults_.rng(Kind::clock_step).between(-3'600'000, 3'600'000)};
  clock_.set_error(error);
}

void Node::heal() {
  faults_.heal();
  disk_.heal();
  full_until_.reset();
  http_->forget_plans();
  end_allocation_fault();
  clock_.set_error(Milliseconds{0});
}

}  // namespace tieout::sim
