#include "cli/demo.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "cli/auditing.hpp"
#include "cli/render.hpp"
#include "cli/render_audit.hpp"
#include "sandbox/hubspot/hubspot.hpp"
#include "sandbox/quickbooks/sandbox.hpp"

namespace tieout::cli {
namespace {

namespace fs = std::filesystem;

const std::string kCrmToken = sandbox::HubspotSandbox::kPrivateAppToken;
const std::string kBooksToken{sandbox::quickbooks::kStaticToken};
const std::string kRealm = sandbox::quickbooks::QuickbooksOptions{}.realm;
constexpr int kInvoicesPaid = 25;
constexpr int kReviewLines = 6;
constexpr int kSurelyAlike = 900;  // of 1000: the person of the demo takes these for the same

std::string first_lines(const std::string& text, int lines) {
  std::size_t at = 0;
  for (int i = 0; i < lines && at != std::string::npos; ++i) at = text.find('\n', at == 0 && i == 0 ? 0 : at + 1);
  return at == std::string::npos ? text : text.substr(0, at + 1);
}

/// Folds a long paragraph at blanks, three columns from the left.
std::string paragraph(const std::string& text) {
  constexpr std::size_t kColumns = 96;
  std::string out = "   ", word;
  std::size_t column = 3;
  const auto put = [&] {
    if (column + static_cast<std::size_t>(display_width(word)) > kColumns) {
      while (out.ends_with(' ')) out.pop_back();
      out += "\n   ";
      column = 3;
    }
    out += word + " ";
    column += static_cast<std::size_t>(display_width(word)) + 1;
    word.clear();
  };
  for (const char c : text)
    if (c == ' ')
      put();
    else
      word += c;
  put();
  while (out.ends_with(' ')) out.pop_back();
  return out + "\n";
}

}  // namespace

void Demo::heading(const std::string& title, const std::string& about) {
  fmt::print("\n{}\n{}", context_.terminal.paint(Style::bold, fmt::format("{}  {}", ++step_, title)), paragraph(about));
  std::fflush(stdout);
}

void Demo::typed(const std::string& command) const {
  fmt::print("\n   {}\n", context_.terminal.paint(Style::cyan, "$ tieout " + command));
  std::fflush(stdout);
}

template <class Work>
auto Demo::in_session(Work work) {
  using Answer = decltype(work(std::declval<engine::Engine&>()));
  auto session = Session::open(folder_);
  if (!session) return Answer(fail(session.error()));
  ProgressBar bar(context_.terminal);
  engine::Engine& engine = (*session)->engine();
  engine.on_progress(
      [&](std::string_view stage, std::int64_t done, std::int64_t expected) { bar.show(stage, done, expected); });
  return Answer(work(engine));
}

Result<bool> Demo::two_systems() {
  heading("Two systems",
          "A CRM with the orders of a food trader, and books that know only a few of its customers, under slightly "
          "different names. "
          "Both are sandboxes: servers on this machine that behave as HubSpot and QuickBooks Online do. Nothing leaves "
          "the machine.");
  const std::string program = this_program();
  TRY(hubspot, ChildSandbox::start(program, "hubspot", {"--seed", "northwind", "--no-limits"}));
  TRY(quickbooks, ChildSandbox::start(program, "quickbooks", {"--seed", "northwind", "--no-limits"}));
  hubspot_ = std::move(hubspot);
  quickbooks_ = std::move(quickbooks);
  http_ = std::make_unique<net::CurlHttp>();
  people_ = std::make_unique<DemoPeople>(*http_, DemoAccount{hubspot_->base_url(), kCrmToken, ""},
                                         DemoAccount{quickbooks_->base_url(), kBooksToken, kRealm});
  TRY(crm, people_->counts(people_->crm()));
  TRY(books, people_->counts(people_->books()));
  const auto count = [](const json::Value& counts, const char* name) { return grouped(counts[name].as_int()); };
  fmt::print("\n   CRM    {:<24} {} companies, {} products, {} deals with {} lines\n", hubspot_->base_url(),
             count(crm, "companies"), count(crm, "products"), count(crm, "deals"), count(crm, "line_items"));
  fmt::print("   books  {:<24} {} accounts, {} customers, {} invoices\n", quickbooks_->base_url(),
             count(books, "Account"), count(books, "Customer"), count(books, "Invoice"));
  return true;
}

Result<bool> Demo::project() {
  heading(
      "A project",
      "A folder with one file to keep in source control. Tokens are sealed in .tieout/, never written into that file.");
  Project project;
  project.folder = folder_;
  project.entity = "Northwind Traders";
  project.crm.settings.name = "crm";
  project.crm.settings.vendor = "hubspot";
  project.crm.settings.base_url = hubspot_->base_url();
  project.books.settings.name = "books";
  project.books.settings.vendor = "quickbooks";
  project.books.settings.base_url = quickbooks_->base_url();
  project.books.settings.account_id = kRealm;
  typed(fmt::format("init --entity \"Northwind Traders\" --crm-url {} --books-url {} --books-account {}",
                    hubspot_->base_url(), quickbooks_->base_url(), kRealm));
  Context quiet = context_;
  quiet.folder = folder_;
  if (run_init(quiet, project) != Exit::ok) return fail("demo.failed", "the project could not be made");
  for (const auto& [name, token] : {std::pair<std::string, std::string>{"crm", kCrmToken}, {"books", kBooksToken}}) {
    typed(fmt::format("connect {} --token-stdin", name));
    ConnectOptions options;
    options.name = name;
    options.token = token;
    if (run_connect(quiet, options) != Exit::ok)
      return fail("demo.failed", fmt::format("{} could not be connected", name));
  }
  return true;
}

Result<bool> Demo::audit() {
  heading("Audit", "Before anything is connected for good: what in these two systems would give trouble?");
  typed("audit");
  auto session = Session::open(folder_);
  if (!session) return fail(session.error());
  TRY(audit, audit_project(**session));
  fmt::print("{}", render_audit_summary(audit, context_.terminal));
  return true;
}

Result<bool> Demo::plan() {
  heading("Plan", "Every write that would follow, with its money, before anything is written.");
  typed("plan");
  TRY(plan, in_session([](engine::Engine& engine) { return engine.plan(); }));
  fmt::print("{}", render_plan(plan, {.every_change = false, .shown_of_a_kind = 3, .apply_as = ""}, context_.terminal));
  return true;
}

Result<bool> Demo::review() {
  heading("Review",
          "Some records look like ones that the books already have. Tieout never guesses: a person says whether they "
          "are the same.");
  typed("review");
  return in_session([this](engine::Engine& engine) -> Result<bool> {
    TRY(items, engine.review());
    fmt::print("{}", first_lines(render_review(items, context_.terminal), kReviewLines));
    fmt::print("  … {} in all\n", plural(static_cast<std::int64_t>(items.size()), "record", "records"));
    Table decisions({Align::left, Align::left}, "   ");
    for (const engine::ReviewItem& item : items) {
      if (item.side != "crm" || item.suggested.empty()) continue;
      const bool same = item.score >= kSurelyAlike;
      const std::string command = fmt::format("$ tieout review {} \"{}\"", same ? "accept" : "create", item.name);
      TRY_VOID(same ? engine.accept(item.name, "", "demo") : engine.create_new(item.name, "demo"));
      decisions.row({{command, Style::cyan},
                     {fmt::format("{} {} {}", item.title, same ? "is" : "is not", item.suggested_title)}});
    }
    fmt::print("\n{}", decisions.text(context_.terminal));
    return true;
  });
}

Result<bool> Demo::apply() {
  heading("Plan again, and apply",
          "With the customers linked, the plan is made once more; apply does exactly that plan, or refuses.");
  typed("plan --out northwind.plan");
  TRY(plan, in_session([](engine::Engine& engine) { return engine.plan(); }));
  fmt::print("{}", render_plan(plan, {.every_change = false, .shown_of_a_kind = 3, .apply_as = "northwind.plan"},
                               context_.terminal));
  typed("apply northwind.plan");
  TRY(report, in_session([&](engine::Engine& engine) { return engine.apply(plan); }));
  fmt::print("{}", render_run(report, context_.terminal));
  return true;
}

Result<bool> Demo::mend_names() {
  heading("What the books refused",
          "In QuickBooks a customer, a vendor and an employee may not share a name. Such a record is held, the rest "
          "went on; a person gives it another name over there.");
  return in_session([this](engine::Engine& engine) -> Result<bool> {
    TRY(items, engine.review());
    for (const engine::ReviewItem& item : items) {
      if (item.side != "crm" || !item.name.starts_with("company")) continue;
      fmt::print("\n   {}  {}: {}\n", item.name, printable(item.title), printable(shortened(item.reason, 96)));
      const std::string name = item.title + " (Customer)";
      typed(fmt::format("review fix \"{}\" name \"{}\"", item.name, name));
      TRY_VOID(engine.fix(item.name, "name", name, "demo"));
    }
    return true;
  });
}

Result<bool> Demo::payments() {
  heading("Customers pay", "In the books, somebody records the money that came in. Tieout is not asked.");
  TRY(paid, people_->pay_invoices(kInvoicesPaid));
  Decimal sum;
  for (const PaidInvoice& one : paid) sum += one.amount;
  const auto partly = std::count_if(paid.begin(), paid.end(), [](const PaidInvoice& one) { return !one.in_full; });
  fmt::print("\n   {} recorded in the books, {} of them for half of the invoice: {}\n",
             plural(static_cast<std::int64_t>(paid.size()), "payment", "payments"), partly,
             paid.empty() ? std::string("nothing") : money_text(paid.front().currency, sum));
  heading("Sync",
          "The next run creates what waited for the two names, finds the payments, and tells each deal what was paid, "
          "what is open, and when.");
  typed("sync");
  TRY(report, in_session([](engine::Engine& engine) { return engine.sync(); }));
  fmt::print("{}", render_run(report, context_.terminal));
  return true;
}

Result<bool> Demo::explain_held() {
  TRY(status, in_session([](engine::Engine& engine) { return engine.status(); }));
  const auto held = std::find_if(status.withheld.begin(), status.withheld.end(),
                                 [](const decide::Withheld& one) { return one.state == ports::State::held; });
  if (held == status.withheld.end()) return fail("demo.failed", "no record is held, though one should be");
  heading("Why not this one?", "Each record that is held says why and what mends it; explain tells its whole story.");
  typed(fmt::format("explain \"{}\"", held->name));
  TRY(explanation, in_session([&](engine::Engine& engine) { return engine.explain(held->name); }));
  explanation.fields.clear();
  fmt::print("{}", render_explanation(explanation, context_.terminal));
  return true;
}

Result<bool> Demo::nothing_left() {
  heading("Once more", "What did not change costs nothing: the same command again makes no write.");
  typed("sync");
  TRY(report, in_session([](engine::Engine& engine) { return engine.sync(); }));
  fmt::print("{}", first_lines(render_run(report, context_.terminal), 3));
  if (report.written.total() != 0)
    return fail("demo.failed", fmt::format("the second sync made {} writes", report.written.total()));
  return true;
}

Result<bool> Demo::tie_out() {
  heading("Do both sides tie out?", "Both systems are read afresh and compared, document by document, to the cent.");
  typed("reconcile");
  TRY(tie_out, in_session([](engine::Engine& engine) { return engine.reconcile(); }));
  fmt::print("{}", render_tie_out(tie_out, false, context_.terminal));
  ties_out_ = tie_out.ties_out;
  return true;
}

Result<Exit> Demo::run() {
  fmt::print("{}\n", context_.terminal.paint(
                         Style::bold, "Tieout keeps a CRM and the books in agreement, to the cent, and proves it."));
  using Step = Result<bool> (Demo::*)();
  for (const Step step : {&Demo::two_systems, &Demo::project, &Demo::audit, &Demo::plan, &Demo::review, &Demo::apply,
                          &Demo::mend_names, &Demo::payments, &Demo::explain_held, &Demo::nothing_left, &Demo::tie_out})
    TRY_VOID((this->*step)());
  return ties_out_ ? Exit::ok : Exit::differences;
}

Exit run_demo(const Context& context, const DemoOptions& options) {
  std::string folder = options.keep;
  const bool is_temporary = folder.empty();
  if (is_temporary) {
    folder = (fs::temp_directory_path() / "tieout-demo-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr)
      return report(Fault("project.io", "no temporary folder can be made"), context.json);
  }
  auto result = Demo(context, folder).run();
  std::error_code ignored;
  if (is_temporary)
    fs::remove_all(folder, ignored);
  else
    fmt::print("\nThe project is in {}; the sandboxes have ended.\n", folder);
  if (!result) return report(result.error(), context.json);
  return *result;
}

}  // namespace tieout::cli
