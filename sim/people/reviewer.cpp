// The person at Tieout's review list: reads why a record is held and does what the reason asks for, here or at the
// record's source. Not everything has an answer; what stays held stays held with its reason.
#include <fmt/core.h>

#include "sim/people/desk.hpp"

namespace tieout::sim {
namespace {

using engine::ReviewItem;
constexpr const char* kBy = "reviewer";

struct Case {
  Desk& desk;
  engine::Engine& engine;
  const ReviewItem& item;
  int earlier = 0;  ///< how often this record was in hand before

  std::string record() const { return item.side + " " + item.name; }
  std::string id() const { return item.name.substr(item.name.rfind(' ') + 1); }
  std::string type() const { return item.name.substr(0, item.name.find(' ')); }
  Action told(std::string kind, std::string what) const {
    return did(std::move(kind), item.side == "crm" ? ports::Side::crm : ports::Side::books, type(), id(),
               fmt::format("{} {} ({}): {}", item.side, item.name, item.code, what));
  }
};

Action retry(const Case& at) {
  return at.engine.retry(at.record(), kBy) ? at.told("review.retry", "another try") : nothing();
}

Action skip(const Case& at) {
  return at.engine.skip(at.record(), "left as it is", kBy) ? at.told("review.skip", "skipped") : nothing();
}

Action create(const Case& at) {
  return at.engine.create_new(at.record(), kBy) ? at.told("review.create", "it is a new one") : nothing();
}

Action accept(const Case& at) {
  if (at.item.suggested.empty() || at.desk.rng.chance(1, 2)) return create(at);
  return at.engine.accept(at.record(), "", kBy) ? at.told("review.accept", at.item.suggested) : nothing();
}

/// The first of the candidates that the reason lists: `… the same sku: 12 "Item" (100 %), …`.
Action choose_first(const Case& at) {
  const std::size_t quote = at.item.reason.find(" \"");
  const std::size_t blank = quote == std::string::npos ? quote : at.item.reason.rfind(' ', quote - 1);
  if (blank == std::string::npos) return create(at);
  const std::string partner = at.item.reason.substr(blank + 1, quote - blank - 1);
  return at.engine.accept(at.record(), partner, kBy) ? at.told("review.accept", partner) : create(at);
}

Action other_name(const Case& at) {
  const std::string name = fmt::format("{} ({})", at.item.title, ++at.desk.made);
  return at.engine.fix(at.record(), "name", name, kBy) ? at.told("review.fix", name) : skip(at);
}

// -- at the source: the record is read again and goes on by itself

Action give_company(const Case& at) {
  const std::string company = at.desk.choose(hs::companies);
  if (company.empty()) return nothing();
  at.desk.associate(hs::deals, at.id(), hs::companies, company);
  at.desk.edit(hs::deals, at.id(), {{"dealname", fmt::format("Order {}", ++at.desk.made)}});
  return at.told("mend.company", "belongs to company " + company);
}

Action fill_lines(const Case& at) {
  give_lines(at.desk, at.id(), 1);
  at.desk.edit(hs::deals, at.id(), {{"amount", ""}});
  return at.told("mend.lines", "got a line");
}

Action clear_amount(const Case& at) {
  return at.desk.edit(hs::deals, at.id(), {{"amount", ""}}) ? at.told("mend.amount", "amount cleared") : nothing();
}

Action name_products(const Case& at) {
  const std::string product = at.desk.choose(hs::products);
  if (product.empty()) return nothing();
  for (const std::string& line : at.desk.linked(hs::deals, at.id(), hs::line_items))
    if (at.desk.value(hs::line_items, line, "hs_product_id").empty())
      at.desk.edit(hs::line_items, line, {{"hs_product_id", product}});
  at.desk.edit(hs::deals, at.id(), {{"dealname", fmt::format("Order {}", ++at.desk.made)}});
  return at.told("mend.product", "lines name a product now");
}

Action right_currency(const Case& at) {
  const std::string home = at.desk.company.quirks.home_currency;
  return at.desk.edit(hs::deals, at.id(), {{"deal_currency_code", home}}) ? at.told("mend.currency", home) : nothing();
}

Action open_period(const Case& at) {
  const json::Value body = json::Value::object({{"date", json::Value()}});
  at.desk.company.books_control(at.desk.now, "POST", "/_sandbox/close_books", &body);
  return at.engine.retry(at.record(), kBy) ? at.told("lock.open", "the books are open again") : nothing();
}

Action win_again(const Case& at) {
  if (at.earlier > 1) return skip(at);
  return at.desk.edit(hs::deals, at.id(), {{"dealstage", "closedwon"}}) ? at.told("mend.won", "won again") : skip(at);
}

Action bring_back(const Case& at) {
  const bool crm = at.item.side == "crm";
  const auto type = at.type() == "company" ? hs::companies : at.type() == "deal" ? hs::deals : hs::products;
  if (crm && at.desk.rng.chance(1, 2) && at.desk.restore(type, at.id())) return at.told("mend.restore", "restored");
  return skip(at);
}

void wake_all(Desk& desk, qb::Entity entity) {
  for (const auto& [id, record] : desk.company.books.books().table(entity).all())
    if (!record.keys.active) desk.change(entity, record, json::Value::object({{"Active", json::Value::boolean(true)}}));
}

/// The books refused it: mostly because something it names is inactive there.
Action wake_and_retry(const Case& at) {
  if (at.earlier > 3) return skip(at);
  wake_all(at.desk, qb::Entity::item);
  wake_all(at.desk, qb::Entity::customer);
  return retry(at);
}

/// A question of money that was decided outside: left to stand, or put aside.
Action leave_or_skip(const Case& at) { return at.earlier > 0 ? skip(at) : nothing(); }

/// Another total in the books: an invoice is good as it is, its deal is put aside in the end.
Action good_as_it_is(const Case& at) { return at.type() == "invoice" ? retry(at) : leave_or_skip(at); }

Action try_or_skip(const Case& at) { return at.earlier < 3 ? retry(at) : skip(at); }

struct Answer {
  std::string_view code;  ///< or its beginning
  Action (*act)(const Case& at);
};
constexpr Answer kAnswers[] = {{"match.suggested", accept},
                               {"match.ambiguous", choose_first},
                               {"quickbooks.name.taken", other_name},
                               {"quickbooks.", wake_and_retry},
                               {"deal.company.missing", give_company},
                               {"deal.lines.missing", fill_lines},
                               {"deal.amount.mismatch", clear_amount},
                               {"deal.line.product_missing", name_products},
                               {"deal.line.product_inactive", wake_and_retry},
                               {"deal.currency.", right_currency},
                               {"deal.reopened", win_again},
                               {"deal.changed_after_invoice", leave_or_skip},
                               {"period.closed", open_period},
                               {"record.deleted", bring_back},
                               {"invoice.total.differs", good_as_it_is},
                               {"invoice.", leave_or_skip},
                               {"receipt.", leave_or_skip}};

Action answer(const Case& at) {
  for (const Answer& one : kAnswers)
    if (at.item.code.starts_with(one.code)) return one.act(at);
  return try_or_skip(at);
}

}  // namespace

void People::work_review(engine::Engine& engine, Instant now, int most, std::vector<Action>& done) {
  const auto items = engine.review();
  if (!items || items->empty()) return;
  Desk desk{company_, rng_, made_, now};
  const std::size_t first = rng_.below(items->size());
  for (std::size_t i = 0; i < items->size() && done.size() < static_cast<std::size_t>(most); ++i) {
    const ReviewItem& item = (*items)[(first + i) % items->size()];
    const Case at{desk, engine, item, handled_[item.side + " " + item.name]++};
    // The process may die of it after the word was kept: then nobody can tell whether it was.
    done.push_back(at.told("review.unfinished", "the process died meanwhile"));
    Action action = answer(at);
    if (action.kind.empty())
      done.pop_back();
    else
      done.back() = std::move(action);
  }
}

}  // namespace tieout::sim
