// Record: one canonical record, a type together with the value of each of its fields. Underneath it is a Value of kind
// record, so expressions read it without conversion, copies share and only a write to a shared copy copies. A field can
// be absent (the source said nothing about it), null (the source says it is empty) or have a value, and the three are
// never confused: absent never erases anything.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "model/types.hpp"
#include "model/value.hpp"

namespace tieout::model {

class Record {
 public:
  /// All fields absent.
  explicit Record(const RecordType& type);
  /// value must be of kind record with the shape of the type.
  Record(const RecordType& type, Value value);

  const RecordType& type() const { return *type_; }
  int size() const { return type_->size(); }

  const Value& at(int index) const { return value_.slot(static_cast<std::size_t>(index)); }
  Value& at(int index) { return value_.writable_slots()[static_cast<std::size_t>(index)]; }
  /// By name; the name must be one of the type (stops the process otherwise: names in our code are ours).
  const Value& get(std::string_view field) const;
  Record& set(std::string_view field, Value value);
  bool has(std::string_view field) const { return get(field).has_value(); }

  /// The text of a text field, or empty when absent or null.
  std::string_view text(std::string_view field) const;
  /// The number of a decimal field, or the given one when absent or null.
  Decimal decimal(std::string_view field, Decimal otherwise = 0) const;
  /// The records of a list field; empty when absent or null.
  std::vector<Record> records(std::string_view field) const;
  Record& set_records(std::string_view field, const std::vector<Record>& records);

  /// As expressions see it.
  const Value& value() const { return value_; }

  /// Equal by content: decimals by their number, absent and null differ.
  bool operator==(const Record& other) const { return type_ == other.type_ && value_.same(other.value_); }

 private:
  const RecordType* type_;
  Value value_;
};

/// Appends the record as compact bytes: the same record gives the same bytes in every build; scales are kept.
void encode(const Record& record, std::string& out);
/// Reads what encode wrote, also by an older or newer build: fields it does not know are left out.
/// Fails with model.stored.damaged when the bytes are not whole, model.stored.version when a later format wrote them.
Result<Record> decode(const RecordType& type, std::string_view bytes);

/// SHA-256 over the content. Equal for records that are ==, so 1.50 and 1.5 make no difference.
Digest digest(const Record& record);

/// Our JSON: decimals as strings ("1086.00"), dates and instants as text, null as null, absent left out.
std::string to_json(const Record& record);
void write_json(const Record& record, json::Writer& out);
/// Fails with model.json.unknown_field, model.json.kind or model.json.not_an_object; field says where.
/// Numbers are read by their digits, so 260.10 may also stand without quotes.
Result<Record> from_json(const RecordType& type, const json::Value& object);
Result<Record> from_json(const RecordType& type, std::string_view text);

struct FieldChange {
  int index = 0;
  std::string_view field;
  Value before;
  Value after;
};
/// Fields that differ, in order of declaration; lists are compared and given whole. Both of the same type.
std::vector<FieldChange> diff(const Record& before, const Record& after);

/// What is wrong with the record on its own: required fields, kinds, lengths, precision (with the record's own
/// currency), words of choices, text that is no UTF-8. Each fault names the field: "invoice.lines[2].quantity".
/// Empty when all is well. Never changes or rounds anything.
std::vector<Fault> validate(const Record& record);

/// As people read it: 1086.00, 2026-03-14, Alfreds; "(none)" for null, "" for absent, "3 lines" for a list.
std::string display(const FieldDecl& field, const Value& value);

/// The candidate nearest to a misspelt name, or empty when none is near enough to be meant.
std::string_view closest(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace tieout::model
