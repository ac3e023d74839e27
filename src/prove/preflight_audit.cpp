// The frame of the audit: asks every checker, then counts, scores and orders what they found.
#include "prove/preflight_audit.hpp"

#include <fmt/core.h>

#include <array>
#include <tuple>

#include "base/check.hpp"
#include "prove/preflight_work.hpp"

namespace tieout::prove {
namespace preflight {

constexpr std::size_t kMostListed = 1'000;

namespace {

std::string title_of(const model::Record& record) {
  if (record.type().index_of("name") >= 0) return std::string(record.text("name"));
  return record.type().index_of("family_name") < 0
             ? std::string()
             : fmt::format("{} {}", record.text("given_name"), record.text("family_name"));
}

}  // namespace

void Findings::add(const Subject& subject, std::string_view kind, Severity severity, std::string what,
                   std::string fix) {
  auto found = std::find_if(kinds_.begin(), kinds_.end(),
                            [&](const KindOfTrouble& k) { return k.kind == kind && k.side == subject.side; });
  if (found == kinds_.end()) {
    CHECK(kinds_.size() < 64, "kinds of trouble are the bits of a word");
    found = kinds_.insert(kinds_.end(), KindOfTrouble{std::string(kind), subject.side, severity, fix, 0, {}});
  }
  CHECK(found->severity == severity, "a kind of trouble has one severity");
  troubles_[subject.record] |= KindSet{1} << (found - kinds_.begin());
  ++found->findings;
  if (found->listed.size() >= kMostListed) return;
  found->listed.push_back({found->kind, severity, subject.side, fmt::format("{} {}", subject.type, subject.record->id),
                           title_of(subject.record->record), std::move(what), std::move(fix)});
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
  return point != std::string_view::npos && point > 0 && point + 2 < domain.size() &&
         domain.find("..") == std::string_view::npos;
}

std::string company_domain(std::string_view address) {
  static constexpr std::array<std::string_view, 22> kEverybodys = {
      "gmail.com",   "googlemail.com", "outlook.com", "hotmail.com", "live.com",  "yahoo.com",
      "yahoo.co.uk", "yahoo.fr",       "icloud.com",  "me.com",      "aol.com",   "gmx.de",
      "gmx.net",     "gmx.at",         "web.de",      "t-online.de", "proton.me", "protonmail.com",
      "orange.fr",   "libero.it",      "mail.ru",     "qq.com"};
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

/// What the records of one side lost, and what each kind of trouble costs it.
struct Losses {
  std::int64_t thirds = 0;
  std::map<std::string, std::int64_t> gained;   ///< thirds won back without the kind
  std::map<std::string, std::int64_t> records;  ///< that show the kind
};

std::array<Losses, 2> losses_of(const Findings& found) {
  std::array<Losses, 2> sides;
  std::vector<std::int64_t> gained(found.kinds().size()), records(found.kinds().size());
  for (const auto& [record, set] : found.troubles()) {
    int sum = 0;
    AuditSide side = AuditSide::crm;
    for (std::size_t k = 0; k < found.kinds().size(); ++k) {
      if ((set >> k & 1) == 0) continue;
      sum += thirds_of(found.kinds()[k].severity);
      side = found.kinds()[k].side;
    }
    sides[static_cast<std::size_t>(side)].thirds += std::min(3, sum);
    for (std::size_t k = 0; k < found.kinds().size(); ++k) {
      if ((set >> k & 1) == 0) continue;
      ++records[k];
      gained[k] += std::min(3, sum) - std::min(3, sum - thirds_of(found.kinds()[k].severity));
    }
  }
  for (std::size_t k = 0; k < found.kinds().size(); ++k) {
    Losses& side = sides[static_cast<std::size_t>(found.kinds()[k].side)];
    side.gained[found.kinds()[k].kind] = gained[k];
    side.records[found.kinds()[k].kind] = records[k];
  }
  return sides;
}

SideScore side_score(const Findings& found, AuditSide side, std::int64_t records, std::int64_t lost) {
  SideScore score;
  score.records = records;
  score.score = score_of(lost, records);
  for (const KindOfTrouble& kind : found.kinds()) {
    if (kind.side != side) continue;
    (kind.severity == Severity::blocker   ? score.blockers
     : kind.severity == Severity::warning ? score.warnings
                                          : score.notes) += kind.findings;
  }
  score.how = fmt::format(
      "{} records could lose {} thirds (a blocker 3, a warning 1, a note 0, at most 3 a record); {} are lost", records,
      3 * records, lost);
  return score;
}

/// By how many points the side's score would rise without this kind.
Decimal points_of(std::int64_t thirds, std::int64_t records) {
  const auto points =
      Decimal::divide(Decimal{100 * thirds}, Decimal{std::max<std::int64_t>(3 * records, 1)}, 2, Rounding::half_even);
  return points.value_or(Decimal{});
}

std::vector<Fix> fixes_of(const AuditReport& report, const Findings& found, const std::array<Losses, 2>& losses) {
  std::vector<Fix> fixes;
  for (const KindOfTrouble& kind : found.kinds()) {
    const Losses& side = losses[static_cast<std::size_t>(kind.side)];
    const std::int64_t records = kind.side == AuditSide::crm ? report.crm.records : report.books.records;
    fixes.push_back({kind.side, kind.kind, kind.severity, side.records.at(kind.kind),
                     points_of(side.gained.at(kind.kind), records), kind.fix});
  }
  std::sort(fixes.begin(), fixes.end(), [](const Fix& a, const Fix& b) {
    if (a.points != b.points) return a.points > b.points;
    if (a.severity != b.severity) return a.severity < b.severity;
    return a.records != b.records ? a.records > b.records : std::tie(a.side, a.kind) < std::tie(b.side, b.kind);
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
  for (const KindOfTrouble& kind : found.kinds()) {
    report.findings.insert(report.findings.end(), kind.listed.begin(), kind.listed.end());
    report.by_kind[kind.kind] += kind.findings;
  }
  std::stable_sort(report.findings.begin(), report.findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.severity, a.kind, a.side) < std::tie(b.severity, b.kind, b.side);
  });
  report.fields = check_fields(input);
  const std::int64_t crm = count(input.crm_companies, input.crm_contacts, input.crm_products) + won(input.deals);
  const std::int64_t books = count(input.books_companies, input.books_contacts, input.books_products);
  const std::array<Losses, 2> losses = losses_of(found);
  report.records = crm + books;
  report.score = score_of(losses[0].thirds + losses[1].thirds, report.records);
  report.crm = side_score(found, AuditSide::crm, crm, losses[0].thirds);
  report.books = side_score(found, AuditSide::books, books, losses[1].thirds);
  report.fixes = fixes_of(report, found, losses);
  return report;
}

}  // namespace tieout::prove
