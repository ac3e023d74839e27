#include "bench/world.hpp"

#include <fmt/core.h>

#include "cli/commands.hpp"

namespace tieout::bench {
namespace {

constexpr std::size_t kBatch = 100;
constexpr int kProducts = 50;
constexpr const char* kCrmToken = "hubspot-sandbox-private-app";
constexpr const char* kBooksToken = "sandbox-token";
constexpr const char* kRealm = "9130357849";

std::string company(int i) {
  return fmt::format(
      R"({{"properties":{{"name":"Customer {0:06} Ltd","domain":"customer{0}.example","phone":"+49 30 {0:07}","address":"Street {0}","city":"Berlin","zip":"{1:05}","country":"Germany"}}}})",
      i, 10'000 + i % 89'999);
}

}  // namespace

Result<std::unique_ptr<World>> World::start(const std::string& program) {
  auto world = std::make_unique<World>();
  TRY(crm, cli::ChildSandbox::start(program, "hubspot", {"--seed", "empty", "--no-limits"}));
  TRY(books, cli::ChildSandbox::start(program, "quickbooks", {"--seed", "empty", "--no-limits"}));
  world->crm_ = std::move(crm);
  world->books_ = std::move(books);
  world->http_ = std::make_unique<net::CurlHttp>();
  return world;
}

Result<json::Value> World::send(const std::string& base, const std::string& token, const std::string& method,
                                const std::string& path, const std::string& body) {
  ports::HttpRequest request;
  request.method = method;
  request.url = base + path;
  request.headers = {{"Authorization", "Bearer " + token}, {"Accept", "application/json"}};
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  request.body = body;
  TRY(answer, http_->send(std::move(request)));
  if (answer.status / 100 != 2)
    return fail("bench.world", fmt::format("{} {}: {} {}", method, path, answer.status, answer.body.substr(0, 300)));
  return json::parse(answer.body);
}

Result<std::vector<std::string>> World::create(const std::string& object, const std::vector<std::string>& inputs) {
  std::vector<std::string> ids;
  for (std::size_t at = 0; at < inputs.size(); at += kBatch) {
    std::string body = R"({"inputs":[)";
    for (std::size_t i = at; i < std::min(at + kBatch, inputs.size()); ++i) body += (i > at ? "," : "") + inputs[i];
    TRY(answer, send(crm_->base_url(), kCrmToken, "POST", "/crm/v3/objects/" + object + "/batch/create", body + "]}"));
    for (const json::Value& made : answer["results"].items()) ids.push_back(made["id"].text());
  }
  if (ids.size() != inputs.size())
    return fail("bench.world", fmt::format("{} of {} {} were made", ids.size(), inputs.size(), object));
  return ids;
}

Result<bool> World::fill(int customers) {
  std::vector<std::string> inputs;
  for (int i = 0; i < kProducts; ++i)
    inputs.push_back(fmt::format(
        R"({{"properties":{{"name":"Product {0:03}","hs_sku":"SKU-{0:03}","price":"{1}.50"}}}})", i, 10 + i));
  TRY(products, create("products", inputs));
  inputs.clear();
  for (int i = 0; i < customers; ++i) inputs.push_back(company(i));
  TRY(companies, create("companies", inputs));
  companies_ = std::move(companies);
  inputs.clear();
  for (int i = 0; i < customers; ++i)
    inputs.push_back(fmt::format(
        R"({{"properties":{{"dealname":"Order {0}","dealstage":"closedwon","pipeline":"default","amount":"{1}.00","closedate":"2026-03-14T00:00:00Z"}},"associations":[{{"to":{{"id":"{2}"}},"types":[{{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":5}}]}}]}})",
        i, 2 * (10 + i % kProducts) + 1, companies_[static_cast<std::size_t>(i)]));
  TRY(deals, create("deals", inputs));
  inputs.clear();
  for (int i = 0; i < customers; ++i)
    inputs.push_back(fmt::format(
        R"({{"properties":{{"name":"Product {0:03}","hs_product_id":"{1}","quantity":"2","price":"{2}.50"}},"associations":[{{"to":{{"id":"{3}"}},"types":[{{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":20}}]}}]}})",
        i % kProducts, products[static_cast<std::size_t>(i % kProducts)], 10 + i % kProducts,
        deals[static_cast<std::size_t>(i)]));
  TRY_VOID(create("line_items", inputs));
  return true;
}

Result<int> World::edit_one_percent() {
  int edited = 0;
  std::string inputs;
  const auto flush = [&]() -> Result<bool> {
    if (inputs.empty()) return true;
    TRY_VOID(send(crm_->base_url(), kCrmToken, "POST", "/crm/v3/objects/companies/batch/update",
                  R"({"inputs":[)" + inputs + "]}"));
    inputs.clear();
    return true;
  };
  for (std::size_t i = 0; i < companies_.size(); i += 100) {
    inputs += fmt::format(R"({}{{"id":"{}","properties":{{"phone":"+49 40 {:07}"}}}})", inputs.empty() ? "" : ",",
                          companies_[i], i);
    if (++edited % static_cast<int>(kBatch) == 0) TRY_VOID(flush());
  }
  TRY_VOID(flush());
  return edited;
}

Result<cli::Project> World::make_project(const std::string& folder) {
  cli::Project project;
  project.folder = folder;
  project.entity = "bench";
  project.crm.settings.name = "crm";
  project.crm.settings.vendor = "hubspot";
  project.crm.settings.base_url = crm_->base_url();
  project.books.settings.name = "books";
  project.books.settings.vendor = "quickbooks";
  project.books.settings.base_url = books_->base_url();
  project.books.settings.account_id = kRealm;
  // Deltas reach back a little, because indexes run late; a benchmark waits that time out (kOverlap in round.cpp).
  for (cli::ConnectionConfig* side : {&project.crm, &project.books}) side->settings.extra["overlap_seconds"] = "2";
  TRY_VOID(cli::create_project(project));
  cli::Context quiet;
  quiet.folder = folder;
  for (const auto& [name, token] : {std::pair{"crm", kCrmToken}, std::pair{"books", kBooksToken}}) {
    cli::ConnectOptions options;
    options.name = name;
    options.token = token;
    if (cli::run_connect(quiet, options) != cli::Exit::ok)
      return fail("bench.world", fmt::format("{} could not be connected", name));
  }
  return project;
}

Result<World::Calls> World::calls() {
  Calls out;
  for (const std::string& base : {crm_->base_url(), books_->base_url()}) {
    TRY(state, send(base, kCrmToken, "GET", "/_sandbox/state"));
    for (const auto& [endpoint, count] : state["calls"].members()) {
      out.all += count.as_int();
      const bool reads = endpoint.starts_with("GET") || endpoint.find("search") != std::string::npos ||
                         endpoint.find("/batch/read") != std::string::npos ||
                         endpoint.find("query") != std::string::npos;
      if (!reads) out.writing += count.as_int();
    }
  }
  return out;
}

}  // namespace tieout::bench
