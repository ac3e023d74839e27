#include "decide/merge.hpp"

namespace tieout::decide {
namespace {

using model::Record;
using model::Value;

bool is_empty(const Value& value) { return !value.has_value() || (value.is_text() && value.as_text().empty()); }
bool equal(const Value& a, const Value& b) { return (is_empty(a) && is_empty(b)) || a.same(b); }

/// Did this side edit the field since the agreement? An absent value says nothing, so it is no edit.
bool edited(const Value& now, const Record& base, int field) { return !now.is_absent() && !equal(now, base.at(field)); }

enum class Winner { crm, books, nobody, conflict };
struct Ruling {
  Winner winner = Winner::nobody;
  std::string why;
};

Ruling first_agreement(const FieldRule& rule, const Value& crm, const Value& books) {
  // Nobody's edit: the owner's value stands, but a blank never wipes out what the other side knows.
  if (is_empty(crm)) return {Winner::books, "only the books have a value"};
  if (is_empty(books)) return {Winner::crm, "only the CRM has a value"};
  switch (rule.owner) {
    case model::Owner::crm:
      return {Winner::crm, "owner: crm"};
    case model::Owner::books:
      return {Winner::books, "owner: books"};
    case model::Owner::ask:
      return {Winner::conflict, {}};
    case model::Owner::latest:
      break;
  }
  return {Winner::nobody, "latest"};
}

Ruling latest_of(const MergeInput& input) {
  return input.crm_modified_at >= input.books_modified_at ? Ruling{Winner::crm, "latest edit: crm"}
                                                          : Ruling{Winner::books, "latest edit: books"};
}

Ruling later_edit(const FieldRule& rule, bool crm_edited, bool books_edited, const MergeInput& input) {
  switch (rule.owner) {
    case model::Owner::crm:
      return {Winner::crm, crm_edited ? "owner: crm" : "owner: crm; the edit in the books is put back"};
    case model::Owner::books:
      return {Winner::books, books_edited ? "owner: books" : "owner: books; the edit in the CRM is put back"};
    case model::Owner::latest:
      if (crm_edited && books_edited) return latest_of(input);
      break;
    case model::Owner::ask:
      if (crm_edited && books_edited) return {Winner::conflict, {}};
      break;
  }
  return crm_edited ? Ruling{Winner::crm, "only the CRM changed"} : Ruling{Winner::books, "only the books changed"};
}

Ruling rule_on(const FieldRule& rule, const MergeInput& input) {
  const Value& crm = input.crm->at(rule.field);
  const Value& books = input.books->at(rule.field);
  if (equal(crm, books)) return {};
  if (input.crm_base == nullptr || input.books_base == nullptr) {
    const Ruling ruling = first_agreement(rule, crm, books);
    return ruling.winner == Winner::nobody ? latest_of(input) : ruling;
  }
  const bool crm_edited = edited(crm, *input.crm_base, rule.field);
  const bool books_edited = edited(books, *input.books_base, rule.field);
  if (!crm_edited && !books_edited) return {};  // they differ, but that is what they agreed on
  return later_edit(rule, crm_edited, books_edited, input);
}

FieldStep step(const model::FieldDecl& decl, const Value& before, const Value& after, const std::string& why) {
  return {std::string(decl.name), model::display(decl, before), model::display(decl, after), why};
}

void overwrite(std::optional<Record>& wanted, const Record& now, int field, const Value& value) {
  if (!wanted) wanted = now;
  wanted->at(field) = value;
}

}  // namespace

MergeResult merge(const MergeInput& input, const std::vector<FieldRule>& rules) {
  MergeResult result;
  for (const FieldRule& rule : rules) {
    const auto& decl = input.crm->type().fields[static_cast<std::size_t>(rule.field)];
    const Value& crm = input.crm->at(rule.field);
    const Value& books = input.books->at(rule.field);
    const Ruling ruling = rule_on(rule, input);
    switch (ruling.winner) {
      case Winner::nobody:
        break;
      case Winner::conflict:
        result.conflicts.push_back({rule.field, model::display(decl, crm), model::display(decl, books)});
        break;
      case Winner::crm:
        if (!rule.to_books || crm.is_absent()) break;
        overwrite(result.wanted_books, *input.books, rule.field, crm);
        result.books_steps.push_back(step(decl, books, crm, ruling.why));
        break;
      case Winner::books:
        if (!rule.to_crm || books.is_absent()) break;
        overwrite(result.wanted_crm, *input.crm, rule.field, books);
        result.crm_steps.push_back(step(decl, crm, books, ruling.why));
        break;
    }
  }
  if (!result.conflicts.empty()) {
    result.wanted_crm.reset();
    result.wanted_books.reset();
    result.crm_steps.clear();
    result.books_steps.clear();
  }
  return result;
}

}  // namespace tieout::decide
