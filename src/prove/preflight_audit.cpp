// The frame of the audit: asks every checker, then counts, scores and orders what they found.
#include "prove/preflight_audit.hpp"

#include <fmt/core.h>

#include <array>
#include <tuple>

#include "prove/preflight_work.hpp"

namespace tieout::prove {
namespace preflight {

void Findings::add(const Subject& subject, std::string kind, Severity severity, std::string what, std::string fix) {
  const model::Record& record = subject.record->record;
  std::string title;
  if (record.type().index_of("name") >= 0) {
    title = record.text("name");
  } else if (record.type().index_of("family_name") >= 0) {
    title = fmt::format("{} {}", record.text("given_name"), record.text("family_name"));
  }
  all_.push_back({std::move(kind), severity, subject.side, fmt::format("{} {}", subject.type, subject.record->id),
                  std::move(title), std::move(what), std::move(fix)});
}

std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '\t') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
  return out;
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || text.find('@', at + 1) != std::string_view::npos) return false;
  if (text.find_first_of(" \t,;<>\"") != std::string_view::npos) return false;
  const std::string_view domain = text.substr(at + 1);
  const std::size_t point = domain.rfind('.');
  return point != std::string_view::npos && point > 0 && point + 2 < domain.size() && domain.find("..") == std::string_view::npos;
}

std::string company_domain(std::string_view address) {
  static constexpr std::array<std::string_view, 22> kEverybodys = {
      "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "yahoo.co.uk", "yahoo.fr",
      "icloud.com", "me.com", "aol.com", "gmx.de", "gmx.net", "gmx.at", "web.de", "t-online.de", "proton.me",
      "protonmail.com", "orange.fr", "libero.it", "mail.ru", "qq.com"};
  std::string text = plain(address);
  if (const std::size_t at = text.rfind('@'); at != std::string::npos) text.erase(0, at + 1);
  if (const std::size_t scheme = text.find("://"); scheme != std::string::npos) text.erase(0, scheme + 3);
  if (text.starts_with("www.")) text.erase(0, 4);
  text.erase(std::min(text.find('/'), text.size()));
  if (text.find('.') == std::string::npos) return {};
  return std::find(kEverybodys.begin(), kEverybodys.end(), text) == kEverybodys.end() ? text : std::string();
}

namespace {

int thirds_of(Severity severity) { return severity == Severity::blocker ? 3 : severity == Severity::warning ? 1 : 0; }

int score_of(std::int64_t lost, std::int64_t records) {
  return records == 0 ? 100 : static_cast<int>(100 - (100 * lost + 3 * records - 1) / (3 * records));
}

/// Thirds that a record lost to each kind of trouble. Several findings of one kind on one record are one trouble.
struct Trouble {
  AuditSide side = AuditSide::crm;
  std::map<std::string, int> by_kind;
  int all() const {
    int sum = 0;
    for (const auto& [kind, thirds] : by_kind) sum += thirds;
    return sum;
  }
};

using Troubles = std::map<std::pair<AuditSide, std::string>, Trouble>;

Troubles troubles_of(const std::vector<Finding>& findings) {
  Troubles troubles;
  for (const Finding& finding : findings) {
    Trouble& trouble = troubles[{finding.side, finding.record}];
    trouble.side = finding.side;
    int& thirds = trouble.by_kind[finding.kind];
    thirds = std::max(thirds, thirds_of(finding.severity));
  }
  return troubles;
}

std::int64_t lost_by(const Troubles& troubles, AuditSide side) {
  std::int64_t lost = 0;
  for (const auto& [record, trouble] : troubles)
    if (trouble.side == side) lost += std::min(3, trouble.all());
  return lost;
}

SideScore side_score(const AuditReport& report, AuditSide side, std::int64_t records, std::int64_t lost) {
  SideScore score;
  score.records = records;
  score.score = score_of(lost, records);
  for (const Finding& finding : report.findings) {
    if (finding.side != side) continue;
    ++(finding.severity == Severity::blocker ? score.blockers : finding.severity == Severity::warning ? score.warnings : score.notes);
  }
  score.how = fmt::format("{} records could lose {} thirds (a blocker 3, a warning 1, a note 0, at most 3 a record); {} are lost",
                          records, 3 * records, lost);
  return score;
}

/// By how many points the side's score would rise without this kind, exact to two places.
Decimal points_of(std::int64_t thirds, std::int64_t records) {
  const auto points = Decimal::divide(Decimal{100 * thirds}, Decimal{std::max<std::int64_t>(3 * records, 1)}, 2, Rounding::half_even);
  return points.value_or(Decimal{});
}

std::vector<Fix> fixes_of(const AuditReport& report, const Troubles& troubles) {
  std::map<std::pair<AuditSide, std::string>, Fix> by_kind;
  for (const Finding& finding : report.findings) {
    Fix& fix = by_kind[{finding.side, finding.kind}];
    if (!fix.kind.empty()) continue;
    fix.side = finding.side;
    fix.kind = finding.kind;
    fix.severity = finding.severity;
    fix.what = finding.fix;
  }
  std::map<std::pair<AuditSide, std::string>, std::int64_t> gained;
  for (const auto& [record, trouble] : troubles) {
    for (const auto& [kind, thirds] : trouble.by_kind) {
      ++by_kind[{trouble.side, kind}].records;
      gained[{trouble.side, kind}] += std::min(3, trouble.all()) - std::min(3, trouble.all() - thirds);
    }
  }
  std::vector<Fix> fixes;
  for (auto& [key, fix] : by_kind) {
    fix.points = points_of(gained[key], fix.side == AuditSide::crm ? report.crm.records : report.books.records);
    fixes.push_back(std::move(fix));
  }
  std::stable_sort(fixes.begin(), fixes.end(), [](const Fix& a, const Fix& b) {
    if (a.points != b.points) return a.points > b.points;
    return a.severity != b.severity ? a.severity < b.severity : a.records > b.records;
  });
  return fixes;
}

std::int64_t won(const std::vector<Named>& deals) {
  return std::count_if(deals.begin(), deals.end(), [](const Named& deal) {
    const model::Value& value = deal.record.get("is_won");
    return value.is(model::Value::Kind::boolean) && value.as_boolean();
  });
}

std::int64_t count(const std::vector<Named>& a, const std::vector<Named>& b, const std::vector<Named>& c) {
  return static_cast<std::int64_t>(a.size() + b.size() + c.size());
}

}  // namespace
}  // namespace preflight

std::string_view to_text(AuditSide side) { return side == AuditSide::crm ? "crm" : "books"; }
std::string_view to_text(Severity severity) {
  constexpr std::string_view kWords[] = {"blocker", "warning", "note"};
  return kWords[static_cast<int>(severity)];
}
std::string_view to_text(Availability availability) {
  constexpr std::string_view kWords[] = {"present", "derivable", "missing"};
  return kWords[static_cast<int>(availability)];
}

AuditReport audit(const AuditInput& input) {
  using namespace preflight;
  Findings found;
  check_companies(input, found);
  check_across(input, found);
  check_contacts(input, found);
  check_products(input, found);
  check_deals(input, found);
  AuditReport report;
  report.findings = found.take();
  std::stable_sort(report.findings.begin(), report.findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.severity, a.kind, a.side) < std::tie(b.severity, b.kind, b.side);
  });
  for (const Finding& finding : report.findings) ++report.by_kind[finding.kind];
  report.fields = check_fields(input);
  const Troubles troubles = troubles_of(report.findings);
  const std::int64_t crm = count(input.crm_companies, input.crm_contacts, input.crm_products) + won(input.deals);
  const std::int64_t books = count(input.books_companies, input.books_contacts, input.books_products);
  const std::int64_t crm_lost = lost_by(troubles, AuditSide::crm), books_lost = lost_by(troubles, AuditSide::books);
  report.records = crm + books;
  report.score = score_of(crm_lost + books_lost, report.records);
  report.crm = side_score(report, AuditSide::crm, crm, crm_lost);
  report.books = side_score(report, AuditSide::books, books, books_lost);
  report.fixes = fixes_of(report, troubles);
  return report;
}

}  // namespace tieout::prove
