// The small vocabulary in which the canonical types are declared (types_*.cpp); nobody else needs it.
#pragma once

#include <memory>
#include <vector>

#include "model/types.hpp"

namespace tieout::model::declare {

using TypeList = std::vector<std::unique_ptr<RecordType>>;

inline FieldDecl text(std::string_view name, int longest, std::string_view doc, std::string_view example) {
  return {name, FieldKind::text, longest, {}, doc, example};
}
inline FieldDecl integer(std::string_view name, std::string_view doc, std::string_view example) {
  return {name, FieldKind::integer, 0, {}, doc, example};
}
inline FieldDecl quantity(std::string_view name, std::string_view doc, std::string_view example) {
  return {name, FieldKind::quantity, 7, {}, doc, example};
}
/// At most four places: no current currency has more; validation then asks the record's own currency.
inline FieldDecl amount(std::string_view name, std::string_view doc, std::string_view example) {
  return {name, FieldKind::amount, 4, {}, doc, example};
}
inline FieldDecl unit_price(std::string_view name, std::string_view doc, std::string_view example) {
  return {name, FieldKind::unit_price, 10, {}, doc, example};
}
inline FieldDecl percent(std::string_view name, std::string_view doc, std::string_view example) {
  return {name, FieldKind::percent, 7, {}, doc, example};
}
inline FieldDecl rate(std::string_view name, std::string_view doc, std::string_view example) {
  return {name, FieldKind::rate, 12, {}, doc, example};
}
inline FieldDecl boolean(std::string_view name, std::string_view doc, std::string_view example) {
  return {name, FieldKind::boolean, 0, {}, doc, example};
}
inline FieldDecl date(std::string_view name, std::string_view doc, std::string_view example) {
  return {name, FieldKind::date, 0, {}, doc, example};
}
inline FieldDecl instant(std::string_view name, std::string_view doc, std::string_view example) {
  return {name, FieldKind::instant, 0, {}, doc, example};
}
inline FieldDecl choice(std::string_view name, std::string_view words, std::string_view doc, std::string_view example) {
  return {name, FieldKind::choice, 40, words, doc, example};
}
inline FieldDecl reference(std::string_view name, std::string_view type, std::string_view doc,
                           std::string_view example) {
  return {name, FieldKind::reference, 100, type, doc, example};
}
inline FieldDecl list(std::string_view name, std::string_view type, int most, std::string_view doc) {
  return {name, FieldKind::list, most, type, doc, {}};
}
inline FieldDecl currency(std::string_view doc = "Currency of every amount here, ISO 4217 code.") {
  return {"currency", FieldKind::text, 3, {}, doc, "EUR"};
}

inline void type(TypeList& all, std::string_view name, std::string_view doc, std::vector<FieldDecl> fields) {
  all.push_back(std::make_unique<RecordType>(name, doc, std::move(fields)));
}

void parties(TypeList& all);    // types_party.cpp
void sales(TypeList& all);      // types_sale.cpp
void documents(TypeList& all);  // types_document.cpp
void setup(TypeList& all);      // types_setup.cpp

}  // namespace tieout::model::declare
