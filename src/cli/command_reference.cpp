// What can be looked up without a project: schemas, the field matrix, the error catalogue, the packs' own tests.
#include <fmt/core.h>

#include <algorithm>

#include "cli/catalogue.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "model/record.hpp"
#include "model/schema.hpp"

namespace tieout::cli {
namespace {

Result<mapping::PackSet> packs_for(const Context& context, const std::string& folder) {
  if (!folder.empty()) return load_packs(folder);
  auto project = load_project(context.folder);
  if (!project && project.error().code == "project.absent") return load_packs("");
  if (!project) return fail(std::move(project).error());
  return load_packs(project->packs);
}

void print_settings(const Context& context, const mapping::PackSet& packs) {
  if (context.json) {
    json::Value out = json::Value::array();
    for (const mapping::SettingInfo& setting : packs.settings()) {
      json::Value one = json::Value::object();
      one.set("name", json::Value::string(setting.name));
      one.set("type", json::Value::string(setting.type));
      one.set("default", json::Value::string(setting.otherwise));
      one.set("doc", json::Value::string(setting.doc));
      out.push(std::move(one));
    }
    fmt::print("{}\n", out.dump_pretty());
    return;
  }
  Table table({Align::left, Align::left, Align::left, Align::left}, "");
  for (const mapping::SettingInfo& setting : packs.settings())
    table.row({{setting.name, Style::bold}, {setting.otherwise}, {setting.type, Style::dim}, {setting.doc}});
  fmt::print("{}", table.text(context.terminal));
}

json::Value test_json(const mapping::TestReport& report) {
  json::Value cases = json::Value::array();
  for (const mapping::CaseResult& one : report.cases) {
    json::Value out = json::Value::object();
    out.set("pack", json::Value::string(one.pack));
    out.set("case", json::Value::string(one.name));
    out.set("passed", json::Value::boolean(one.passed));
    if (!one.passed) out.set("difference", json::Value::string(one.difference));
    cases.push(std::move(out));
  }
  json::Value out = json::Value::object();
  out.set("passed", json::Value::number(std::int64_t{report.passed()}));
  out.set("failed", json::Value::number(std::int64_t{report.failed()}));
  out.set("cases", std::move(cases));
  return out;
}

void print_tests(const Context& context, const mapping::TestReport& report) {
  for (const mapping::CaseResult& one : report.cases) {
    if (one.passed) continue;
    fmt::print("{} {} · {}\n{}\n", context.terminal.paint(Style::red, "failed"), one.pack, one.name, one.difference);
  }
  fmt::print("passed {}, failed {}\n", report.passed(), report.failed());
}

}  // namespace

Exit run_pack_tests(const Context& context, const std::string& folder, bool list_settings) {
  const auto packs = packs_for(context, folder);
  if (!packs) return report(packs.error(), context.json);
  if (list_settings) {
    print_settings(context, *packs);
    return Exit::ok;
  }
  const mapping::TestReport tests = packs->run_tests();
  if (context.json)
    fmt::print("{}\n", test_json(tests).dump_pretty());
  else
    print_tests(context, tests);
  return tests.failed() == 0 ? Exit::ok : Exit::failed;
}

Exit run_schema(const Context& context, const std::string& type) {
  if (!type.empty()) {
    const model::RecordType* found = model::find_type(type);
    if (found == nullptr) {
      std::vector<std::string_view> names;
      for (const model::RecordType* one : model::types()) names.push_back(one->name);
      const auto near = model::closest(type, names);
      return report(
          Fault("usage.type.unknown", fmt::format("there is no record type \"{}\"{}", type,
                                                  near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near))),
          context.json);
    }
    fmt::print("{}", model::json_schema(*found));
    return Exit::ok;
  }
  std::string out = "{";
  for (const model::RecordType* one : model::types())
    out += fmt::format("{}\"{}\": {}", out.size() > 1 ? ",\n" : "\n", one->name, model::json_schema(*one));
  fmt::print("{}}}\n", out);
  return Exit::ok;
}

Exit run_fields(const Context& context) {
  const auto packs = packs_for(context, "");
  if (!packs) return report(packs.error(), context.json);
  if (!context.json) {
    fmt::print("{}", mapping::field_matrix_page(*packs));
    return Exit::ok;
  }
  json::Value out = json::Value::array();
  for (const mapping::ObjectMapping& object : packs->objects())
    for (const mapping::ObjectMapping::Row& row : object.rows()) {
      json::Value line = json::Value::object();
      line.set("type", json::Value::string(std::string(object.type().name)));
      line.set("field", json::Value::string(row.field));
      line.set("vendor", json::Value::string(object.vendor()));
      line.set("object", json::Value::string(object.object()));
      line.set("path", json::Value::string(row.vendor_path));
      line.set("direction", json::Value::string(row.direction));
      line.set("expression", json::Value::string(row.expression));
      out.push(std::move(line));
    }
  fmt::print("{}\n", out.dump_pretty());
  return Exit::ok;
}

Exit run_errors(const Context& context, const std::string& code) {
  auto entries = error_catalogue();
  std::erase_if(entries, [&](const CatalogueEntry& entry) { return !entry.code.starts_with(code); });
  if (entries.empty())
    return report(
        Fault("usage.code.unknown", fmt::format("no error code begins with \"{}\"; tieout errors lists all", code)),
        context.json);
  if (context.json) {
    json::Value out = json::Value::array();
    for (const CatalogueEntry& entry : entries) {
      json::Value one = json::Value::object();
      one.set("code", json::Value::string(entry.code));
      one.set("meaning", json::Value::string(entry.meaning));
      one.set("remedy", json::Value::string(entry.remedy));
      out.push(std::move(one));
    }
    fmt::print("{}\n", out.dump_pretty());
    return Exit::ok;
  }
  for (const CatalogueEntry& entry : entries) {
    fmt::print("{}\n    {}\n", context.terminal.paint(Style::bold, entry.code), entry.meaning);
    if (!entry.remedy.empty()) fmt::print("    → {}\n", entry.remedy);
  }
  return Exit::ok;
}

Exit run_version(const Context& context) {
  if (context.json)
    fmt::print("{{\"version\": \"{}\"}}\n", TIEOUT_VERSION);
  else
    fmt::print("tieout {}\n", TIEOUT_VERSION);
  return Exit::ok;
}

}  // namespace tieout::cli
