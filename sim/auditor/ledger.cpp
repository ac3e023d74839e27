#include "sim/auditor/ledger.hpp"

#include <algorithm>
#include <utility>

namespace tieout::sim::audit {
namespace {

constexpr std::size_t kMostFound = 20;

Cents cents_of(Decimal amount) { return cents(amount.to_text()).value_or(0); }

}  // namespace

std::string mark_in(std::string_view note) {
  constexpr std::string_view kOpen = "[tieout:";
  const std::size_t from = note.find(kOpen);
  if (from == std::string_view::npos) return {};
  const std::size_t end = note.find(']', from);
  return end == std::string_view::npos ? std::string()
                                       : std::string(note.substr(from + kOpen.size(), end - from - kOpen.size()));
}

std::string part_of(std::string_view mark, int part) {
  for (; part > 0 && !mark.empty(); --part) {
    const std::size_t slash = mark.find('/');
    mark = slash == std::string_view::npos ? std::string_view() : mark.substr(slash + 1);
  }
  return std::string(mark.substr(0, mark.find('/')));
}

std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      out += c;
  }
  return out;
}

Ledger::Ledger(const Company& company) : company_(company) {
  company_.crm.write_log().listen([this](const Written& written) { crm_wrote(written); });
  company_.books.write_log().listen([this](const Written& written) { books_wrote(written); });
}

Ledger::~Ledger() {
  company_.crm.write_log().listen({});
  company_.books.write_log().listen({});
}

std::vector<Violation> Ledger::take() { return std::exchange(found_, {}); }

void Ledger::found(Harm harm, std::string check, std::string record, std::string what) {
  if (found_.size() < kMostFound) found_.push_back({harm, std::move(check), std::move(record), std::move(what)});
}

std::string Ledger::text(hs::Type type, const hs::Record& record, std::string_view property) const {
  const hs::Crm& crm = company_.crm.crm();
  const int number = crm.table(type).schema.find(property);
  return number < 0 ? std::string() : crm.text(crm.table(type), record, number);
}

/// Also when archived; what was merged away is not found here.
const hs::Record* Ledger::crm_record(hs::Type type, const std::string& id) const {
  const auto number = hs::parse_id(id);
  const hs::Record* record = number ? company_.crm.crm().table(type).find(*number) : nullptr;
  return record != nullptr && record->id == *number ? record : nullptr;
}

void Ledger::crm_wrote(const Written& written) {
  const auto touch = [&](hs::Type type, const std::string& id) {
    if (type == hs::deals) stale_sales_.insert(id);
    const hs::Record* record = crm_record(type, id);
    if (record == nullptr || type == hs::deals) return;
    for (const hs::Link& link : record->links)
      if (link.to_type == hs::deals) stale_sales_.insert(std::to_string(link.to_id));
  };
  if (!written.by_person) look_at_sales(written.at);  // as they were when it wrote
  const auto type = hs::type_named(written.object);
  if (type) touch(*type, written.id);
  if (written.other.starts_with("deals/")) stale_sales_.insert(written.other.substr(6));
  if (type == hs::companies || type == hs::products) {
    Party& party = (type == hs::companies ? companies_ : products_)[written.id];
    if (const Written::Field* name = written.field("name")) party.names.insert(name->after);
    if (written.deed == Deed::merge) {
      for (std::size_t from = 0; from < written.other.size();) {
        const std::size_t end = std::min(written.other.find(';', from), written.other.size());
        const std::string gone = written.other.substr(from, end - from);
        const Party earlier = companies_[gone];
        party.names.insert(earlier.names.begin(), earlier.names.end());
        party.forerunner.insert(earlier.forerunner.begin(), earlier.forerunner.end());
        party.forerunner.insert(gone);
        from = end + 1;
      }
    }
    if (const Written::Field* sku = written.field("hs_sku")) party.numbers.insert(plain(sku->after));
    for (const Written::Field& field : written.fields) {
      if (!written.by_person) continue;
      if (field.after.empty())
        party.cleared[field.name] = written.at;
      else
        party.ever.insert(field.name), party.cleared.erase(field.name);
    }
  }
  if (!written.by_person) judge_crm(written);
}

void Ledger::look_at_sales(Instant now) {
  for (const std::string& id : std::exchange(stale_sales_, {})) {
    const hs::Record* deal = crm_record(hs::deals, id);
    Sale& sale = sales_[id];
    sale.emplace_back();
    if (deal != nullptr) sale.back() = sale_now(*deal, now);
    sale.back().since = now;
  }
}

SaleVersion Ledger::sale_now(const hs::Record& deal, Instant now) const {
  SaleVersion out;
  out.since = now;
  out.live = !deal.archived && !deal.gone;
  out.won = text(hs::deals, deal, "hs_is_closed_won") == "true";
  out.amount = cents(text(hs::deals, deal, "amount"));
  out.receipt = cents(text(hs::deals, deal, "receipt_amount"));
  const hs::Crm& crm = company_.crm.crm();
  const hs::AssociationType* primary = crm.association_types().primary(hs::deals, hs::companies);
  for (const hs::Link& link : crm.links(deal, hs::companies))
    if (out.company.empty() || (primary != nullptr && link.type_id == primary->id))
      out.company = std::to_string(link.to_id);
  std::vector<Line> lines;
  bool whole = true;
  hs::Id last = 0;
  for (const hs::Link& link : crm.links(deal, hs::line_items)) {
    if (link.to_id == last) continue;
    last = link.to_id;
    const hs::Record* line = crm.table(hs::line_items).find(link.to_id);
    const auto price = read(text(hs::line_items, *line, "price"));
    const auto quantity = read(text(hs::line_items, *line, "quantity"));
    ++out.lines;
    whole = whole && price && quantity;
    if (!whole) continue;
    lines.push_back({*price, *quantity, read(text(hs::line_items, *line, "hs_discount_percentage")),
                     read(text(hs::line_items, *line, "discount"))});
  }
  if (whole) out.worth = worth_of(lines);
  return out;
}

void Ledger::books_wrote(const Written& written) {
  if (!written.by_person) look_at_sales(written.at);
  if (written.refused.empty()) {
    if (written.object == "Customer" || written.object == "Item") {
      Party& party = (written.object == "Customer" ? customers_ : items_)[written.id];
      for (const char* field : {"DisplayName", "Name"})
        if (const Written::Field* name = written.field(field)) {
          party.names.insert(name->after);
          if (written.deed == Deed::create && !written.by_person) party.made_as = name->after;
        }
      if (const Written::Field* sku = written.field("Sku")) party.numbers.insert(plain(sku->after));
      if (written.deed == Deed::create) party.ours = !written.by_person;
      if (written.deed == Deed::merge) {
        const Party& lost = customers_[written.other];
        party.forerunner.insert(written.other);
        party.names.insert(lost.names.begin(), lost.names.end());
      }
    }
    look_at_documents(written.at);
    if (!written.by_person && written.deed == Deed::create) {
      if (written.object == "Invoice") bills_[written.id].ours = true;
      if (written.object == "Payment") money_[written.id].ours = true;
    }
  }
  const std::string& day = company_.books.books().settings().book_close_date;
  if (day != lock_date_) lock_date_ = day, lock_moved_ = written.at;
  if (!written.by_person) judge_books(written);
}

/// Every invoice and payment that moved, whoever moved it: a payment moves its invoices without naming them.
void Ledger::look_at_documents(Instant now) {
  const auto changed = [](const qb::Table& table, std::size_t& seen) {
    std::set<std::int64_t> out;
    for (; seen < table.log().size(); ++seen) out.insert(table.log()[seen].id);
    return out;
  };
  const qb::Books& books = company_.books.books();
  for (const std::int64_t id : changed(books.table(qb::Entity::invoice), bills_seen_)) note_bill(id, now);
  for (const std::int64_t id : changed(books.table(qb::Entity::payment), money_seen_)) note_payment(id);
}

void Ledger::note_bill(std::int64_t id, Instant now) {
  Bill& bill = bills_[std::to_string(id)];
  const qb::Record* record = company_.books.books().table(qb::Entity::invoice).find(id);
  BillState state;
  state.since = now;
  if (record != nullptr) {
    const std::string note = company_.books.books().document(qb::Entity::invoice, *record)["PrivateNote"].text();
    if (const std::string mark = mark_in(note); !mark.empty()) {
      bill.mark = mark;
      bill.sale = part_of(mark, 0) == "deal" ? part_of(mark, 1) : std::string();
    }
    state.total = cents_of(record->keys.total);
    state.open = cents_of(record->open_balance());
    state.customer = std::to_string(record->keys.customer);
    state.number = record->keys.display;
    state.live = state.total != 0 || !note.starts_with("Voided");
    Cents settled = 0;
    for (const qb::Application& part : record->applied) settled += cents_of(part.amount);
    if (state.open + settled + cents_of(record->keys.deposit) != state.total)
      found(Harm::unbalanced, "cents.open_and_paid", std::to_string(id),
            "open balance and what was applied do not come to the total of the invoice");
  }
  bill.states.push_back(std::move(state));
}

void Ledger::note_payment(std::int64_t id) {
  MoneyIn& money_in = money_[std::to_string(id)];
  const qb::Record* record = company_.books.books().table(qb::Entity::payment).find(id);
  money_in.live = record != nullptr;
  if (record == nullptr) return;
  const std::string note = company_.books.books().document(qb::Entity::payment, *record)["PrivateNote"].text();
  if (const std::string mark = mark_in(note); !mark.empty()) money_in.mark = mark;
  money_in.amount = cents_of(record->keys.total);
  money_in.live = !note.starts_with("Voided");
}

const Bill* Ledger::live_bill(const std::string& id) const {
  const auto found_bill = bills_.find(id);
  return found_bill == bills_.end() || found_bill->second.states.empty() || !found_bill->second.states.back().live
             ? nullptr
             : &found_bill->second;
}

void Ledger::person(const Action& action, Instant now) {
  const std::string record = action.object + " " + action.id;
  if (action.kind.starts_with("review.") || action.kind.starts_with("link.") || action.kind.starts_with("mend.")) {
    word_[record] = now;
    unsure_.erase(record);
    if (action.kind == "review.skip")
      skipped_.insert(record);
    else
      skipped_.erase(record);
    if (action.kind == "review.unfinished") unsure_.insert(record);
    if (!action.kind.starts_with("mend.") && action.kind != "review.retry") accepted_.insert(record);
  }
  if (action.kind.starts_with("undo")) undo_at_ = now;
  look_at_sales(now);
}

void Ledger::step_ended(const Step& step, engine::Engine* engine, Instant now) {
  look_at_sales(now);
  const std::int64_t writes = std::exchange(writes_in_step_, 0);
  if (step.name == "restore") restored_ = true;
  step_ = step.name + (step.done ? " done" : " " + step.fault);
  const bool only_looks = step.name == "plan" || step.name == "reconcile" || step.name == "review";
  if (only_looks && writes > 0 && step.done && engine != nullptr) {
    const auto status = engine->status();
    // A write that was in doubt may still arrive while the engine only looks.
    if (status && status->unfinished_intents == 0)
      found(Harm::unasked, "unasked.write_while_looking", "", step.name + " wrote to a vendor");
  }
  if (step.run != nullptr) {
    std::int64_t sum = 0;
    for (const ports::Tally& line : step.run->tally)
      for (const std::int64_t count : line.count) sum += count;
    if (sum != step.run->records)
      found(Harm::lost, "lost.counts", "", "the states of the records do not add up to the records");
  }
  if (engine != nullptr && step.done && now - last_count_ >= std::chrono::hours{24}) {
    last_count_ = now;
    count(*engine, false);
  }
}

bool Ledger::undo_asked(Instant now) const { return undo_at_ != Instant{} && now - undo_at_ < std::chrono::hours{24}; }

}  // namespace tieout::sim::audit
