#include "cli/render_audit.hpp"

#include <fmt/core.h>

namespace tieout::cli {
namespace {

using prove::Availability;
using prove::Finding;
using prove::Severity;

constexpr int kShownOfAKind = 3;

Style style_of(Severity severity) {
  return severity == Severity::blocker ? Style::red : severity == Severity::warning ? Style::yellow : Style::dim;
}

std::string findings_text(const prove::AuditReport& report, bool every_finding, const Terminal& terminal) {
  Table table({Align::left, Align::left, Align::left, Align::left, Align::left});
  table.limit(3, 34);
  std::map<std::string, int> shown;
  for (const Finding& finding : report.findings) {
    const int number = ++shown[finding.kind];
    if (!every_finding && number > kShownOfAKind) {
      if (number == kShownOfAKind + 1)
        table.row({{std::string(to_text(finding.severity)), style_of(finding.severity)},
                   {},
                   {},
                   {},
                   {fmt::format("… and {} more of {}", grouped(report.by_kind.at(finding.kind) - kShownOfAKind),
                                finding.kind),
                    Style::dim}});
      continue;
    }
    table.row({{std::string(to_text(finding.severity)), style_of(finding.severity)},
               {std::string(to_text(finding.side))},
               {finding.record},
               {finding.title},
               {fmt::format("{}: {}", finding.what, finding.fix)}});
  }
  return table.text(terminal);
}

std::string fields_text(const prove::AuditReport& report, const Terminal& terminal) {
  Table table({Align::left, Align::left, Align::right, Align::left});
  for (const prove::FieldCheck& check : report.fields) {
    const Style style = check.availability == Availability::present     ? Style::green
                        : check.availability == Availability::derivable ? Style::cyan
                                                                        : Style::yellow;
    table.row({{check.field},
               {std::string(to_text(check.availability)), style},
               {fmt::format("{} of {}", grouped(check.filled), grouped(check.of)), Style::dim},
               {check.how, Style::dim}});
  }
  return table.text(terminal);
}

}  // namespace

std::string render_audit_summary(const prove::AuditReport& report, const Terminal& terminal) {
  std::string out = fmt::format("  score {} of 100 for {} records (CRM {}, books {})\n",
                                terminal.paint(Style::bold, std::to_string(report.score)), grouped(report.records),
                                report.crm.score, report.books.score);
  Table table({Align::left, Align::left, Align::right, Align::left, Align::left});
  constexpr std::size_t kMost = 10;
  for (std::size_t i = 0; i < report.fixes.size() && i < kMost; ++i) {
    const prove::Fix& fix = report.fixes[i];
    table.row({{std::string(to_text(fix.severity)), style_of(fix.severity)},
               {std::string(to_text(fix.side))},
               {grouped(fix.records)},
               {fix.kind},
               {fix.what, Style::dim}});
  }
  if (!table.empty()) out += "  what to mend first:\n" + table.text(terminal);
  if (report.fixes.size() > kMost) out += fmt::format("  … and {} kinds more\n", report.fixes.size() - kMost);
  return out;
}

std::string render_audit(const prove::AuditReport& report, bool every_finding, const Terminal& terminal) {
  std::string out = terminal.paint(Style::bold, "Findings") + "\n" + findings_text(report, every_finding, terminal);
  if (report.findings.empty()) out += "  none\n";
  out += "\n" + terminal.paint(Style::bold, "What the books need, and whether the CRM has it") + "\n" +
         fields_text(report, terminal);
  out += "\n" + terminal.paint(Style::bold, "Summary") + "\n" + render_audit_summary(report, terminal);
  return out;
}

json::Value to_json(const prove::AuditReport& report) {
  using json::Value;
  Value out = Value::object();
  out.set("score", Value::number(std::int64_t{report.score}));
  out.set("records", Value::number(report.records));
  out.set("crm_score", Value::number(std::int64_t{report.crm.score}));
  out.set("books_score", Value::number(std::int64_t{report.books.score}));
  Value findings = Value::array();
  for (const Finding& finding : report.findings) {
    Value one = Value::object();
    one.set("kind", Value::string(finding.kind));
    one.set("severity", Value::string(std::string(to_text(finding.severity))));
    one.set("side", Value::string(std::string(to_text(finding.side))));
    one.set("record", Value::string(finding.record));
    one.set("title", Value::string(finding.title));
    one.set("what", Value::string(finding.what));
    one.set("fix", Value::string(finding.fix));
    findings.push(std::move(one));
  }
  out.set("findings", std::move(findings));
  Value fixes = Value::array();
  for (const prove::Fix& fix : report.fixes) {
    Value one = Value::object();
    one.set("side", Value::string(std::string(to_text(fix.side))));
    one.set("kind", Value::string(fix.kind));
    one.set("severity", Value::string(std::string(to_text(fix.severity))));
    one.set("records", Value::number(fix.records));
    one.set("points", Value::string(fix.points.to_text()));
    one.set("what", Value::string(fix.what));
    fixes.push(std::move(one));
  }
  out.set("fixes", std::move(fixes));
  Value fields = Value::array();
  for (const prove::FieldCheck& check : report.fields) {
    Value one = Value::object();
    one.set("field", Value::string(check.field));
    one.set("availability", Value::string(std::string(to_text(check.availability))));
    one.set("filled", Value::number(check.filled));
    one.set("of", Value::number(check.of));
    one.set("how", Value::string(check.how));
    fields.push(std::move(one));
  }
  out.set("fields", std::move(fields));
  return out;
}

}  // namespace tieout::cli
