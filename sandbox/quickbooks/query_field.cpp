#include "sandbox/quickbooks/query_field.hpp"

#include <fmt/core.h>

#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;

/// Objects that a query treats as the text inside them.
constexpr std::pair<std::string_view, std::string_view> kInner[] = {
    {"EmailAddress", "Address"}, {"TelephoneNumber", "FreeFormNumber"}, {"WebSiteAddress", "URI"}};

const Field* field_like(const Type& type, std::string_view name) {
  for (const auto& [each, field] : type.fields)
    if (same_word(each, name)) return &field;
  return nullptr;
}

QueryField::Source source_of(const EntityInfo& entity, std::string_view name) {
  using Source = QueryField::Source;
  if (name == "Id") return Source::id;
  if (name == entity.name_field) return Source::display;
  if (name == "Active") return Source::active;
  if (name == "CustomerRef") return Source::customer;
  if (name == "TxnDate") return Source::date;
  const bool form = entity.entity == Entity::invoice || entity.entity == Entity::credit_memo;
  if (name == "Balance" && (form || entity.entity == Entity::customer)) return Source::balance;
  if (name == "RemainingCredit") return Source::balance;
  if (name == "TotalAmt" && entity.transaction) return Source::total;
  return Source::document;
}

int sign_of(std::strong_ordering order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

}  // namespace

Outcome<QueryField> QueryField::find(const EntityInfo& entity, std::string_view name) {
  QueryField out;
  out.name_ = name;
  const auto unknown = [&] {
    return refused(invalid_query(fmt::format("Property {} not found for Entity {}", name, entity.name)));
  };
  const std::size_t dot = name.find('.');
  const std::string_view first = name.substr(0, dot), rest = dot == std::string_view::npos ? "" : name.substr(dot + 1);
  if (same_word(first, "MetaData")) {
    out.kind_ = FieldKind::instant;
    if (same_word(rest, "LastUpdatedTime"))
      out.source_ = Source::updated;
    else if (same_word(rest, "CreateTime"))
      out.source_ = Source::created;
    else
      return unknown();
    return out;
  }
  const Field* field = field_like(*type_named(entity.name), first);
  if (!field) return unknown();
  out.path_.emplace_back(field->name);
  out.kind_ = field->kind;
  if (field->kind == FieldKind::reference || field->kind == FieldKind::memo) {
    if (!rest.empty() && !same_word(rest, "value")) return unknown();
    out.path_.emplace_back("value");
  } else if (field->kind == FieldKind::nested) {
    std::string_view inner = rest;
    for (const auto& [type, member] : kInner)
      if (rest.empty() && field->type->name == type) inner = member;
    const Field* part = inner.empty() ? nullptr : field_like(*field->type, inner);
    if (!part) return unknown();
    out.path_.emplace_back(part->name);
    out.kind_ = part->kind;
  } else if (!rest.empty()) {
    return unknown();
  }
  out.source_ = source_of(entity, field->name);
  return out;
}

Comparable QueryField::made(std::string_view text) const {
  Comparable out;
  out.absent = false;
  if (kind_ == FieldKind::decimal || kind_ == FieldKind::whole)
    out.number = Decimal::parse(text).value_or(Decimal{});
  else
    out.text = fold(text);
  return out;
}

Comparable QueryField::of(const Books& books, Entity entity, const Record& record) const {
  Comparable out;
  out.absent = false;
  const auto seconds = [](Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count() * 1000;
  };
  switch (source_) {
    case Source::id:
      out.text = fold(Books::id_text(entity, record.id));
      return out;
    case Source::active:
      out.text = record.keys.active ? "true" : "false";
      return out;
    case Source::display:
      out.text = record.folded;
      out.absent = record.folded.empty();
      return out;
    case Source::customer:
      out.text = std::to_string(record.keys.customer);
      out.absent = record.keys.customer == 0;
      return out;
    case Source::date:
      out.text = fold(record.keys.date);
      return out;
    case Source::created:
      out.ms = seconds(record.created);
      return out;
    case Source::updated:
      out.ms = seconds(record.updated);
      return out;
    case Source::balance:
      out.number = entity == Entity::customer ? books.customer_balance(record.id) : record.open_balance();
      return out;
    case Source::total:
      out.number = record.keys.total;
      return out;
    case Source::document:
      break;
  }
  const Value document = books.document(entity, record);
  const Value* at = &document;
  for (const std::string& name : path_) {
    at = at->find(name);
    if (!at || at->is_null()) return {};
  }
  return made(at->text());
}

Outcome<Comparable> QueryField::literal(const Books& books, const std::string& text) const {
  const auto bad = [&](std::string_view kind) {
    return refused(invalid_query(fmt::format("value {} for property {} is not a valid {}", text, name_, kind)));
  };
  if (kind_ == FieldKind::decimal || kind_ == FieldKind::whole) {
    if (!Decimal::parse(text)) return bad("number");
  } else if (kind_ == FieldKind::date) {
    if (!parse_date(std::string_view(text).substr(0, 10))) return bad("date");
  } else if (kind_ == FieldKind::boolean) {
    if (!same_word(text, "true") && !same_word(text, "false")) return bad("boolean");
  } else if (kind_ == FieldKind::instant) {
    auto at = parse_instant(text);
    const int offset = books.profile().utc_offset_minutes;
    const auto local = [&](const std::string& utc) {  // no offset written: the company's own time
      auto moment = parse_instant(utc);
      if (moment) *moment -= std::chrono::minutes{offset};
      return moment;
    };
    if (!at) at = local(text + "Z");
    if (!at) at = local(text + "T00:00:00Z");
    if (!at) return bad("instant");
    Comparable out;
    out.absent = false;
    out.ms = to_ms(*at);
    return out;
  }
  return kind_ == FieldKind::date ? made(std::string_view(text).substr(0, 10)) : made(text);
}

int QueryField::compare(const Comparable& a, const Comparable& b) const {
  if (a.absent || b.absent) return static_cast<int>(!a.absent) - static_cast<int>(!b.absent);
  if (kind_ == FieldKind::instant) return sign_of(a.ms <=> b.ms);
  if (kind_ == FieldKind::decimal || kind_ == FieldKind::whole) return sign_of(a.number <=> b.number);
  if (source_ == Source::id && a.text.size() != b.text.size()) return a.text.size() < b.text.size() ? -1 : 1;
  return sign_of(a.text <=> b.text);
}

}  // namespace tieout::sandbox::quickbooks
