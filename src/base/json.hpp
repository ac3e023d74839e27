// JSON in and out without harm to money: a number is kept as the exact text that was sent ("260.10" stays "260.10",
// 9007199254740993 stays itself), because binary floating point must never stand between a vendor's amount and ours.
// Value is the tree for configuration, requests and answers of moderate size; the hot path of a page of records reads
// with simdjson directly (mapping/). Writer appends to a string and needs no tree.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace tieout::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

class Value {
 public:
  using Member = std::pair<std::string, Value>;

  Value() = default;
  static Value boolean(bool value);
  /// text must be a JSON number; it is kept as it is.
  static Value number(std::string text);
  static Value number(std::int64_t value) { return number(std::to_string(value)); }
  static Value string(std::string text);
  static Value array(std::vector<Value> items = {});
  static Value object(std::vector<Member> members = {});

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_string() const { return kind_ == Kind::string; }
  bool is_number() const { return kind_ == Kind::number; }
  bool is_array() const { return kind_ == Kind::array; }
  bool is_object() const { return kind_ == Kind::object; }
  bool is_bool() const { return kind_ == Kind::boolean; }

  bool as_bool(bool otherwise = false) const { return kind_ == Kind::boolean ? text_ == "true" : otherwise; }
  /// The text of a string, the digits of a number, "true"/"false"; empty for everything else.
  const std::string& text() const { return text_; }
  /// Text if this is a string or number, otherwise the given one.
  std::string text_or(std::string otherwise) const { return is_string() || is_number() ? text_ : otherwise; }
  /// Whole number of up to 18 digits (also when sent as a string), otherwise the given one.
  std::int64_t as_int(std::int64_t otherwise = 0) const;

  const std::vector<Value>& items() const { return items_; }
  std::vector<Value>& items() { return items_; }
  const std::vector<Member>& members() const { return members_; }
  std::vector<Member>& members() { return members_; }
  std::size_t size() const { return is_object() ? members_.size() : items_.size(); }

  /// The member of that name, or null when absent. The first one wins when a name stands twice.
  const Value* find(std::string_view name) const;
  Value* find(std::string_view name);
  /// Like find, but absent gives a null value, so that chains read well: body["paging"]["next"]["after"].text().
  const Value& operator[](std::string_view name) const;
  /// Sets or replaces a member. Only for objects (a null becomes an object).
  Value& set(std::string name, Value value);
  void remove(std::string_view name);
  void push(Value value);

  std::string dump() const;         ///< compact
  std::string dump_pretty() const;  ///< two spaces, a line a member
  bool operator==(const Value& other) const;

 private:
  Kind kind_ = Kind::null;
  std::string text_;
  std::vector<Value> items_;
  std::vector<Member> members_;
};

/// Reads one JSON document. Fails with json.malformed (what, and at which byte where known); nothing may follow the
/// document. Depth at most 128. Text must be valid UTF-8.
Result<Value> parse(std::string_view text);

/// Appends text as a JSON string with its quotes.
void append_string(std::string& out, std::string_view text);

/// Writes JSON into a string, commas and all. The caller keeps objects and arrays balanced.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  Writer& begin_object() { return open('{'); }
  Writer& end_object() { return close('}'); }
  Writer& begin_array() { return open('['); }
  Writer& end_array() { return close(']'); }
  Writer& key(std::string_view name);
  Writer& string(std::string_view text);
  Writer& raw(std::string_view json);  ///< a number's digits, or JSON that is already written
  Writer& number(std::int64_t value) { return raw(std::to_string(value)); }
  Writer& boolean(bool value) { return raw(value ? "true" : "false"); }
  Writer& null() { return raw("null"); }
  Writer& value(const Value& value);
  Writer& member(std::string_view name, std::string_view text) { return key(name).string(text); }

 private:
  Writer& open(char bracket);
  Writer& close(char bracket);
  void separate();
  std::string& out_;
  bool fresh_ = true;
};

}  // namespace tieout::json
