// From a request to the books and back: addresses, entity names in any case, operations, replays by requestid.
#include "sandbox/quickbooks/sandbox.hpp"

#include <fmt/core.h>

#include "sandbox/quickbooks/seed.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;
using net::ServerResponse;

constexpr std::string_view kCompany = "/v3/company/";
constexpr std::chrono::hours kReplayWindow{24};
constexpr std::size_t kReplayBytes = 256 * 1024 * 1024;
constexpr std::size_t kLongestRequestId = 50;

/// The part before the next slash; `rest` keeps what is behind it.
std::string_view segment(std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  const std::string_view out = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return out;
}

Rejection unreadable() {
  return unsupported_property("failed to parse json object; a property specified is unsupported or invalid,");
}

Rejection no_such_address() {
  Rejection out = unsupported_operation("Operation on this address");
  out.status = 404;
  return out;
}

}  // namespace

QuickbooksSandbox::QuickbooksSandbox(const QuickbooksOptions& options, Profile profile, Instant now)
    : books_(std::move(profile), now),
      tokens_(TokenPolicy{.access_life = Milliseconds{3'600'000},
                          .refresh_life = Milliseconds{8'726'400'000},
                          .rotate = true,
                          .rotation_grace = Milliseconds{0}},
              "qbo"),
      limited_(!options.no_limits) {
  set_now(now);
  tokens_.add_fixed(std::string(kFirstAccessToken), std::string(kFirstRefreshToken), now);
  tokens_.add_static(std::string(kStaticToken));
  tokens_.add_static(std::string(kPersonToken));
  books_.log_writes_to(write_log());
}

Result<std::unique_ptr<QuickbooksSandbox>> QuickbooksSandbox::create(const QuickbooksOptions& options, Instant now) {
  Profile profile;
  profile.realm = options.realm;
  profile.country = options.country;
  if (!profile.is_us()) profile.home_currency = "GBP", profile.utc_offset_minutes = 0;
  if (options.utc_offset_minutes) profile.utc_offset_minutes = *options.utc_offset_minutes;
  profile.rounds_half_even = options.round_half_even;
  if (options.seed != "northwind") profile.company = "Sandbox Company";
  std::unique_ptr<QuickbooksSandbox> out(new QuickbooksSandbox(options, std::move(profile), now));
  TRY_VOID(plant_seed(out->books_, options.seed, now));
  if (!options.faults_file.empty()) TRY_VOID(out->fault_rules().load_file(options.faults_file));
  return out;
}

std::string QuickbooksSandbox::local_clock() const { return local_time(now(), books_.profile().utc_offset_minutes); }

View QuickbooksSandbox::view() const {
  View out;
  if (faults().stale_index.count() > 0) out.unseen_since = now() - faults().stale_index;
  out.duplicate_page = faults().duplicate_page;
  out.missing_page = faults().missing_page;
  return out;
}

ServerResponse QuickbooksSandbox::refuse(const Rejection& rejection) const {
  return json_answer(rejection.status, fault_body(rejection, time()));
}

ServerResponse QuickbooksSandbox::answer(const Request& request) {
  ServerResponse out;
  if (auto signed_in = sign_in(request)) {
    out = *std::move(signed_in);
  } else if (std::string_view path = request.path; path.starts_with(kCompany)) {
    path.remove_prefix(kCompany.size());
    const std::string_view realm = segment(path);
    if (auto refused = check_access(request, realm))
      out = *std::move(refused);
    else if (auto throttled = check_limits(same_word(path, "batch")))
      out = *std::move(throttled);
    else
      out = company_call(request, path);
  } else {
    out = refuse(no_such_address());
  }
  const std::uint64_t serial = ++answers_;
  out.headers.emplace_back("intuit_tid", fmt::format("1-{:08x}-{:024x}", to_ms(now()) / 1000, serial));
  return out;
}

/// Replays an earlier outcome, or carries the call out and keeps what came of it.
ServerResponse QuickbooksSandbox::company_call(const Request& request, std::string_view rest) {
  const std::string key(request.param("requestid"));
  if (request.method != "POST" || key.empty() || same_word(rest, "query")) return route(request, rest);
  if (key.size() > kLongestRequestId) return refuse(bad_length("requestid", kLongestRequestId, key.size()));
  if (const auto found = replays_.find(key); found != replays_.end() && now() - found->second.at < kReplayWindow)
    return found->second.response;
  ServerResponse out = route(request, rest);
  remember(key, out);
  return out;
}

void QuickbooksSandbox::remember(const std::string& key, const ServerResponse& response) {
  const auto [place, fresh] = replays_.insert_or_assign(key, Replay{response, now()});
  replay_bytes_ += response.body.size();
  if (fresh) replay_order_.push_back(key);
  while (replay_bytes_ > kReplayBytes && replay_order_.size() > 1) {
    const auto oldest = replays_.find(replay_order_.front());
    replay_bytes_ -= std::min(replay_bytes_, oldest->second.response.body.size());
    replays_.erase(oldest);
    replay_order_.pop_front();
  }
}

ServerResponse QuickbooksSandbox::route(const Request& request, std::string_view rest) {
  const std::string_view name = segment(rest);
  if (same_word(name, "query")) return query_call(request);
  if (same_word(name, "cdc")) return cdc_call(request);
  if (same_word(name, "batch")) return batch_call(request);
  if (same_word(name, "taxservice") && same_word(rest, "taxcode")) return tax_service_call(request);
  if (same_word(name, "exchangerate")) return exchange_rate_call(request);
  const EntityInfo* entity = entity_named(name);
  if (!entity) return refuse(no_such_address());
  return entity_call(request, *entity, rest);
}

ServerResponse QuickbooksSandbox::entity_call(const Request& request, const EntityInfo& entity, std::string_view rest) {
  const std::string_view id = segment(rest);
  if (same_word(rest, "send") && request.method == "POST" && entity.sales_form) {
    const auto sent = books_.mark_sent(entity.entity, id, request.param("sendTo"), now());
    if (!sent) return refuse(sent.error());
    count_writes(1);
    return entity_answer(entity, **sent);
  }
  if (!rest.empty()) return refuse(no_such_address());
  if (request.method == "POST" && id.empty()) return write_one(request, entity);
  if (request.method != "GET") return refuse(unsupported_operation(request.method));
  // There is one CompanyInfo and one Preferences, whatever id the address carries.
  if (entity.entity == Entity::company_info || entity.entity == Entity::preferences) return read_one(entity, "1");
  if (id.empty()) return refuse(unsupported_operation(fmt::format("list of {}", entity.name)));
  return read_one(entity, id);
}

ServerResponse QuickbooksSandbox::entity_answer(const EntityInfo& entity, const Record& record) const {
  return json_answer(
      200, fmt::format("{{\"{}\":{},\"time\":\"{}\"}}", entity.name, books_.render(entity.entity, record), time()));
}

ServerResponse QuickbooksSandbox::read_one(const EntityInfo& entity, std::string_view id) const {
  const auto record = books_.read(entity.entity, id);
  return record ? entity_answer(entity, **record) : refuse(record.error());
}

ServerResponse QuickbooksSandbox::write_one(const Request& request, const EntityInfo& entity) {
  auto body = json::parse(request.body);
  if (!body || !body->is_object()) return refuse(unreadable());
  const std::string_view operation = request.param("operation"), include = request.param("include");
  Context context{now(), same_word(include, "allowduplicatedocnum")};
  if (same_word(operation, "delete")) {
    const auto gone = books_.remove(entity.entity, *std::move(body), context);
    if (!gone) return refuse(gone.error());
    count_writes(1);
    return json_answer(200, fmt::format("{{\"{}\":{},\"time\":\"{}\"}}", entity.name, gone->dump(), time()));
  }
  const bool voids = same_word(operation, "void") || same_word(include, "void");
  if (!voids && !operation.empty() && !same_word(operation, "update") && !same_word(operation, "create"))
    return refuse(unsupported_operation(operation));
  const bool updates = same_word(operation, "update") || body->find("Id") != nullptr;
  const auto record = voids     ? books_.cancel(entity.entity, *std::move(body), context)
                      : updates ? books_.update(entity.entity, *std::move(body), context)
                                : books_.create(entity.entity, *std::move(body), context);
  if (!record) return refuse(record.error());
  count_writes(1);
  return entity_answer(entity, **record);
}

ServerResponse QuickbooksSandbox::query_call(const Request& request) {
  const std::string_view written = request.param("query");
  const auto query =
      parse_query(written.empty() && request.method == "POST" ? std::string_view(request.body) : written);
  if (!query) return refuse(query.error());
  const auto rows = run_query(books_, *query, view(), &pages_);
  if (!rows) return refuse(rows.error());
  return json_answer(200, fmt::format("{{\"QueryResponse\":{},\"time\":\"{}\"}}", *rows, time()));
}

ServerResponse QuickbooksSandbox::exchange_rate_call(const Request& request) {
  if (request.method == "POST") return write_one(request, info(Entity::exchange_rate));
  const std::string code(request.param("sourcecurrencycode"));
  if (!books_.settings().multi_currency)
    return refuse(feature_not_supported("Multi Currency should be enabled to perform this operation."));
  if (code.empty()) return refuse(required_missing("sourcecurrencycode"));
  std::string day(request.param("asofdate"));
  if (day.empty()) day = to_text(local_date(now(), books_.profile().utc_offset_minutes));
  return json_answer(
      200, fmt::format("{{\"ExchangeRate\":{{\"SourceCurrencyCode\":\"{}\",\"TargetCurrencyCode\":\"{}\",\"Rate\":{},"
                       "\"AsOfDate\":\"{}\"}},\"time\":\"{}\"}}",
                       code, books_.profile().home_currency, books_.exchange_rate(code, day).to_text(), day, time()));
}

ServerResponse QuickbooksSandbox::tax_service_call(const Request& request) {
  auto body = json::parse(request.body);
  if (request.method != "POST") return refuse(unsupported_operation(request.method));
  if (!body || !body->is_object()) return refuse(unreadable());
  const auto made = books_.create_tax_code(*body, Context{now()});
  if (!made) return refuse(made.error());
  count_writes(1);
  return json_answer(200, *made);
}

json::Value QuickbooksSandbox::state() const {
  Value objects = Value::object();
  for (const EntityInfo& each : all_entities())
    objects.set(std::string(each.name), Value::number(static_cast<std::int64_t>(books_.table(each.entity).size())));
  Decimal open, invoiced;
  for (const auto& [id, record] : books_.table(Entity::invoice).all()) {
    open += record.open_balance();
    invoiced += record.keys.total;
  }
  Value out = Value::object();
  out.set("objects", std::move(objects));
  out.set("invoiced", Value::string(money_text(invoiced)));
  out.set("open", Value::string(money_text(open)));
  out.set("book_close_date", Value::string(books_.settings().book_close_date));
  out.set("token_refreshes", Value::number(static_cast<std::int64_t>(tokens_.refreshes())));
  return out;
}

int run_quickbooks_sandbox(const QuickbooksOptions& options) {
  const auto wall = std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
  auto sandbox = QuickbooksSandbox::create(options, wall);
  if (!sandbox) {
    fmt::print(stderr, "quickbooks sandbox: {}\n", sandbox.error().what);
    return 1;
  }
  return serve_until_signal(**sandbox, "quickbooks", options.port);
}

}  // namespace tieout::sandbox::quickbooks
