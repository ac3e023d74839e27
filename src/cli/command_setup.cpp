// init and connect: a project's folder, and the sign-in of each side.
#include <fmt/core.h>

#include <iostream>

#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace tieout::cli {
namespace {

Result<std::string> line_from_stdin(std::string_view what) {
  std::string line;
  std::getline(std::cin, line);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\n')) line.pop_back();
  if (line.empty()) return fail("usage.stdin.empty", fmt::format("no {} came in on standard input", what));
  return line;
}

Result<bool> store_secrets(const ConnectOptions& options, Secrets& secrets) {
  if (options.client_secret_from_stdin) {
    TRY(secret, line_from_stdin("client secret"));
    TRY_VOID(secrets.set_secret(client_secret_name(options.name), secret));
  }
  std::string token = options.token;
  if (options.token_from_stdin) {
    TRY(line, line_from_stdin("access token"));
    token = std::move(line);
  }
  if (!token.empty()) TRY_VOID(secrets.set_secret(access_token_name(options.name), token));
  if (options.refresh_token_from_stdin) {
    TRY(refresh_token, line_from_stdin("refresh token"));
    // A refresh token alone: the first call finds no access token that is still good and asks for one.
    TRY_VOID(secrets.forget(access_token_name(options.name)));
    TRY_VOID(secrets.save(options.name, ports::Tokens{"", refresh_token, Instant{}}));
  }
  return true;
}

struct Connected {
  ports::AccountFacts facts;
  std::vector<std::string> made;  ///< fields of our own that the account did not have
};

Result<Connected> try_connection(const ConnectionConfig& config, Secrets& secrets) {
  TRY(packs, load_packs(""));
  TRY(settings, settings_with_secrets(config, secrets, packs));
  net::CurlHttp http;
  net::SystemClock clock;
  net::SystemRandom random;
  TRY(connector, vendors::make_connector(settings, vendors::World{http, clock, random, secrets}));
  Connected out;
  TRY(facts, connector->facts());
  out.facts = std::move(facts);
  if (auto* setup = dynamic_cast<vendors::NeedsSetup*>(connector.get())) {
    TRY(made, setup->ensure_setup());
    out.made = std::move(made);
  }
  return out;
}

void print_connected(const Context& context, const ConnectOptions& options, const ConnectionConfig& config,
                     const Connected& connected) {
  const ports::AccountFacts& facts = connected.facts;
  if (context.json) {
    json::Value out = json::Value::object();
    out.set("connection", json::Value::string(options.name));
    out.set("vendor", json::Value::string(config.settings.vendor));
    out.set("account", json::Value::string(facts.account_id));
    out.set("name", json::Value::string(facts.name));
    out.set("home_currency", json::Value::string(facts.home_currency));
    json::Value made = json::Value::array();
    for (const auto& field : connected.made) made.push(json::Value::string(field));
    out.set("created_fields", std::move(made));
    fmt::print("{}\n", out.dump_pretty());
    return;
  }
  std::string line =
      fmt::format("{} is connected: {} account {}", options.name, config.settings.vendor, printable(facts.account_id));
  if (!facts.name.empty()) line += fmt::format(" \"{}\"", printable(facts.name));
  if (!facts.home_currency.empty()) line += fmt::format(", home currency {}", facts.home_currency);
  if (facts.books_closed_through)
    line += fmt::format(", books closed through {}", to_text(*facts.books_closed_through));
  fmt::print("{}\n", line);
  if (!connected.made.empty())
    fmt::print("  made there: {}\n", plural(static_cast<std::int64_t>(connected.made.size()), "field of Tieout's own",
                                            "fields of Tieout's own"));
}

Result<Exit> connect(const Context& context, const ConnectOptions& options) {
  TRY(project, load_project(context.folder));
  TRY(config, project.connection(options.name));
  TRY(secrets, open_secrets(project));
  // What worked before comes back when the new one does not work.
  const auto before = secrets->secret(access_token_name(options.name));
  TRY_VOID(store_secrets(options, *secrets));
  const auto connected = try_connection(*config, *secrets);
  if (!connected) {
    if (before && !options.refresh_token_from_stdin)
      TRY_VOID(secrets->set_secret(access_token_name(options.name), *before));
    return fail(connected.error());
  }
  print_connected(context, options, *config, *connected);
  return Exit::ok;
}

}  // namespace

Exit run_init(const Context& context, Project project) {
  const auto made = create_project(project);
  if (!made) return report(made.error(), context.json);
  if (context.json) {
    json::Value out = json::Value::object();
    out.set("config", json::Value::string(project.config_path()));
    fmt::print("{}\n", out.dump_pretty());
    return Exit::ok;
  }
  fmt::print(
      "{} is made. Next: tieout connect crm --token-stdin, then tieout connect books --token-stdin (or "
      "--refresh-token-stdin)\n",
      project.config_path());
  return Exit::ok;
}

Exit run_connect(const Context& context, const ConnectOptions& options) {
  auto result = connect(context, options);
  if (!result) return report(result.error(), context.json);
  return *result;
}

}  // namespace tieout::cli
