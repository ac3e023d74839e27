// The canonical model: every kind of record that Tieout knows, declared once. A declaration says for each field what it
// is, how precise, whether it must be there, which side's value wins unless a flow says otherwise, whether it is
// personal data, and what a person should know about it. Validation, storage, JSON Schema, the field matrix and the
// type check of mapping packs are all derived from here, so that a fact about a field stands in one place. The
// declarations themselves are in types_party.cpp, types_sale.cpp, types_document.cpp and types_setup.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/value.hpp"

namespace tieout::model {

enum class FieldKind : std::uint8_t {
  text,
  integer,
  quantity,    ///< decimal, signed
  amount,      ///< decimal in the record's currency, at most that currency's places
  unit_price,  ///< decimal in the record's currency, may have more places than the currency
  percent,     ///< 15 means 15 %
  rate,        ///< exchange rate: home units for one foreign unit
  boolean,
  date,
  instant,
  choice,     ///< text, one of the words of the declaration
  reference,  ///< text: the vendor's id, in the system the record came from, of a record of type `of`
  list,       ///< records of type `of`
};
std::string_view to_text(FieldKind kind);

/// Whose value of a field wins when both sides differ.
enum class Owner : std::uint8_t { crm, books, latest, ask };
std::string_view to_text(Owner owner);

/// Personal-data class, for masking, erasure and the data map.
enum class Personal : std::uint8_t { none, contact, identity, financial };
std::string_view to_text(Personal personal);

struct RecordType;

struct FieldDecl {
  std::string_view name;
  FieldKind kind = FieldKind::text;
  int limit = 0;  ///< text, choice, reference: longest text in characters; decimals: most places; list: most items
  std::string_view of;  ///< reference, list: a type's name; choice: the words, separated by '|'
  std::string_view doc;
  std::string_view example;
  bool is_required = false;
  Owner owner = Owner::crm;
  Personal personal = Personal::none;

  // Declarations read as a sentence: text("name", 500, "…").required().owned_by(Owner::books)
  constexpr FieldDecl required() const {
    return with([](FieldDecl& f) { f.is_required = true; });
  }
  constexpr FieldDecl owned_by(Owner who) const {
    return with([who](FieldDecl& f) { f.owner = who; });
  }
  constexpr FieldDecl is_personal(Personal as) const {
    return with([as](FieldDecl& f) { f.personal = as; });
  }
  constexpr FieldDecl places(int most) const {
    return with([most](FieldDecl& f) { f.limit = most; });
  }

  bool is_decimal() const {
    return kind == FieldKind::quantity || kind == FieldKind::amount || kind == FieldKind::unit_price ||
           kind == FieldKind::percent || kind == FieldKind::rate;
  }
  bool is_text() const { return kind == FieldKind::text || kind == FieldKind::choice || kind == FieldKind::reference; }
  /// The words of a choice.
  std::vector<std::string_view> choices() const;
  /// What the number counts, for people: "document currency", "%", "units"; empty when there is no unit.
  std::string_view unit() const;

 private:
  template <class Change>
  constexpr FieldDecl with(Change change) const {
    FieldDecl copy = *this;
    change(copy);
    return copy;
  }
};

struct RecordType {
  std::string_view name;
  std::string_view doc;
  std::vector<FieldDecl> fields;

  RecordType(std::string_view name, std::string_view doc, std::vector<FieldDecl> fields);
  RecordType(const RecordType&) = delete;
  RecordType& operator=(const RecordType&) = delete;

  /// Position of the field, or -1.
  int index_of(std::string_view field) const;
  const FieldDecl* find(std::string_view field) const;
  int size() const { return static_cast<int>(fields.size()); }
  /// The same names in the same order, as a Value of kind record carries them; lives as long as the program.
  const RecordShape& shape() const { return shape_; }
  /// The type of the items of the list field at that position, or of what a reference points to.
  const RecordType& element(int index) const;
  /// Position among types(): small and stable within a build, not stored anywhere.
  int ordinal() const { return ordinal_; }

  /// Names the field in stored bytes: 16 bits derived from its name alone, so that fields may be added, moved and
  /// dropped without making what was stored before unreadable.
  std::uint16_t stored_id(int index) const { return stored_ids_[index]; }
  /// All positions, ordered by stored id.
  const std::vector<int>& stored_order() const { return stored_order_; }

 private:
  friend class Registry;
  RecordShape shape_;
  std::vector<const RecordType*> elements_;
  std::vector<std::uint16_t> stored_ids_;
  std::vector<int> stored_order_;
  int ordinal_ = 0;
};

/// All types, in the order in which a person reads them: parties, products, sales, documents, set-up.
std::span<const RecordType* const> types();

/// The type of that name ("invoice"), or nullptr.
const RecordType* find_type(std::string_view name);
/// The type of that name; stops the process when there is none: for names that stand in our own code.
const RecordType& type_named(std::string_view name);

}  // namespace tieout::model
