#include "vendors/connect.hpp"

#include <fmt/core.h>

#include <charconv>

#include "vendors/files/connector.hpp"
#include "vendors/hubspot/connector.hpp"
#include "vendors/manifest.hpp"
#include "vendors/quickbooks/connector.hpp"

namespace tieout::vendors {
namespace {

Result<bool> check_numbers(const ConnectionSettings& settings) {
  for (const char* name : {"settle_seconds", "overlap_seconds", "page_size", "in_flight", "retry_attempts",
                           "retry_budget_ms", "throttle_wait_ms", "batch_size", "archived_every"}) {
    const auto found = settings.extra.find(name);
    if (found == settings.extra.end()) continue;
    int number = 0;
    const std::string& text = found->second;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0)
      return fail("connection.setting.bad",
                  fmt::format("{} of connection '{}' must be a whole number, not '{}'", name, settings.name, text),
                  name);
  }
  return true;
}

Result<bool> check_objects(const ConnectionSettings& settings, const Manifest& manifest) {
  for (const std::string& object : settings.objects)
    if (!manifest.objects.empty() && !manifest.object(object))
      return fail("connection.setting.bad",
                  fmt::format("{} has no object '{}' (connection '{}')", manifest.title, object, settings.name),
                  "objects");
  return true;
}

Result<bool> check_required(const ConnectionSettings& settings, const Manifest& manifest) {
  for (const Setting& setting : manifest.settings) {
    if (!setting.required) continue;
    const auto extra = settings.extra.find(setting.name);
    const std::string& value = setting.name == "account_id"    ? settings.account_id
                               : extra == settings.extra.end() ? ""
                                                               : extra->second;
    if (value.empty())
      return fail("connection.setting.missing",
                  fmt::format("{} ({}) of connection '{}' is missing", setting.title, setting.name, settings.name),
                  setting.name);
  }
  return true;
}

}  // namespace

Result<std::unique_ptr<ports::Connector>> make_connector(const ConnectionSettings& settings, World world) {
  TRY(manifest, load_manifest(settings.vendor));
  TRY_VOID(check_required(settings, manifest));
  TRY_VOID(check_numbers(settings));
  TRY_VOID(check_objects(settings, manifest));
  std::unique_ptr<ports::Connector> out;
  if (settings.vendor == "hubspot") out = std::make_unique<hubspot::HubSpot>(settings, std::move(manifest), world);
  if (settings.vendor == "quickbooks")
    out = std::make_unique<quickbooks::QuickBooks>(settings, std::move(manifest), world);
  if (settings.vendor == "files") {
    TRY(connector, files::make_files_connector(settings, world));
    out = std::move(connector);
  }
  return out;
}

}  // namespace tieout::vendors
