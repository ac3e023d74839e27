// Value: the one dynamic value of Tieout. A field of a canonical record, an item of a vendor's payload and the result
// of an expression are all a Value, so that nothing is converted on the way from one to the other. It is 24 bytes:
// numbers, dates, decimals and texts of up to 22 bytes stand inside it; longer texts, lists, maps and records are
// shared, immutable once they are shared, and counted, so that a copy costs at most one atomic increment.
//
// Two kinds of "nothing" are kept apart: `absent` (the field was not sent at all) and `null` (it was sent, empty).
// What equality means inside an expression (1 == 1u, 1 == 1.0) is the business of expr/; same() here is structural.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "money/decimal.hpp"

namespace tieout::model {

/// The names and order of the fields of one sort of record. Shared by all records of that sort; never changed.
struct RecordShape {
  std::string name;                ///< "invoice"; for messages
  std::vector<std::string> names;  ///< field names; the position is the slot

  RecordShape() = default;
  RecordShape(std::string name_, std::vector<std::string> names_);
  /// Slot of a field, or -1.
  int index_of(std::string_view field) const;
  std::size_t size() const { return names.size(); }

 private:
  std::unordered_map<std::string_view, int> slots_;  // views into names; copies rebuild it
  void rebuild();

 public:
  RecordShape(const RecordShape& other);
  RecordShape& operator=(const RecordShape& other);
};

class Value;
struct MapEntry;

/// Seconds and nanoseconds, normalised so that 0 <= nanos < 10^9 also for times before the origin.
struct Moment {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  auto operator<=>(const Moment&) const = default;
};

class Value {
 public:
  enum class Kind : std::uint8_t {
    absent,  ///< the field is not there
    null,    ///< it is there and empty
    boolean,
    integer,           ///< 64 bit, signed
    unsigned_integer,  ///< 64 bit; expressions only
    floating,          ///< double; expressions only, never an amount
    decimal,           ///< exact
    text,              ///< UTF-8
    bytes,
    date,     ///< civil
    instant,  ///< seconds and nanoseconds since 1970-01-01 UTC
    duration,
    list,
    map,         ///< insertion order kept
    record,      ///< fields of a RecordShape
    optional,    ///< expressions only: a value or none
    type,        ///< expressions only: the name of a type
    ip_address,  ///< expressions only
    ip_range,    ///< expressions only
    error,       ///< expressions only: a Fault on its way out
  };

  /// Absent.
  Value() noexcept { std::memset(raw_, 0, sizeof raw_); }
  Value(const Value& other) noexcept {
    std::memcpy(raw_, other.raw_, sizeof raw_);
    if (shared()) body()->refs.fetch_add(1, std::memory_order_relaxed);
  }
  Value(Value&& other) noexcept {
    std::memcpy(raw_, other.raw_, sizeof raw_);
    std::memset(other.raw_, 0, sizeof other.raw_);
  }
  Value& operator=(const Value& other) noexcept {
    Value copy(other);
    swap(copy);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    Value taken(std::move(other));
    swap(taken);
    return *this;
  }
  ~Value() {
    if (shared()) release();
  }
  void swap(Value& other) noexcept {
    char spare[sizeof raw_];
    std::memcpy(spare, raw_, sizeof raw_);
    std::memcpy(raw_, other.raw_, sizeof raw_);
    std::memcpy(other.raw_, spare, sizeof raw_);
  }

  static Value absent() { return {}; }
  static Value null() { return Value(Kind::null); }
  static Value boolean(bool value) { return word(Kind::boolean, value ? 1 : 0); }
  static Value integer(std::int64_t value) { return word(Kind::integer, static_cast<std::uint64_t>(value)); }
  static Value unsigned_integer(std::uint64_t value) { return word(Kind::unsigned_integer, value); }
  static Value floating(double value);
  static Value decimal(const Decimal& value);
  static Value text(std::string_view value) { return chars(Kind::text, value); }
  static Value bytes(std::string_view value) { return chars(Kind::bytes, value); }
  /// Both text, or both bytes: one behind the other.
  static Value joined(const Value& a, const Value& b);
  static Value date(Date value);
  static Value instant(Moment value) { return moment(Kind::instant, value); }
  static Value instant(Instant value);
  static Value duration(Moment value) { return moment(Kind::duration, value); }
  static Value list(std::vector<Value> items);
  /// Keys are boolean, integer, unsigned_integer or text, and each stands once (the caller sees to it).
  static Value map(std::vector<MapEntry> entries);
  /// slots.size() == shape->size().
  static Value record(std::shared_ptr<const RecordShape> shape, std::vector<Value> slots);
  /// The same for a shape that lives as long as the program.
  static Value record(const RecordShape* shape, std::vector<Value> slots) {
    return record(std::shared_ptr<const RecordShape>(std::shared_ptr<void>(), shape), std::move(slots));
  }
  static Value some(Value value);
  static Value none() { return Value(Kind::optional); }
  static Value type(std::string_view name) { return chars(Kind::type, name); }
  /// address: 4 or 16 bytes, in network order.
  static Value ip_address(std::string_view address);
  static Value ip_range(std::string_view address, int prefix);
  static Value error(Fault fault);

  Kind kind() const { return static_cast<Kind>(raw_[kKindAt]); }
  bool is(Kind kind_) const { return kind() == kind_; }
  bool is_absent() const { return is(Kind::absent); }
  bool is_null() const { return is(Kind::null); }
  /// Neither absent nor null.
  bool has_value() const { return kind() > Kind::null; }
  bool is_error() const { return is(Kind::error); }
  bool is_text() const { return is(Kind::text); }

  // Each of these needs the kind that it is named after (as_seconds etc. say which).
  bool as_boolean() const { return low() != 0; }
  std::int64_t as_integer() const { return static_cast<std::int64_t>(low()); }
  std::uint64_t as_unsigned() const { return low(); }
  double as_floating() const;
  Decimal as_decimal() const;
  /// text, bytes or type. The view lives as long as this very Value is neither changed nor destroyed.
  std::string_view as_text() const;
  std::string_view as_bytes() const { return as_text(); }
  Date as_date() const;
  Moment as_moment() const;    ///< instant or duration
  Instant as_instant() const;  ///< cut down to milliseconds
  std::span<const Value> items() const;
  std::span<const MapEntry> entries() const;
  const RecordShape& shape() const;
  const std::shared_ptr<const RecordShape>& shape_pointer() const;
  std::span<const Value> slots() const;
  const Value& slot(std::size_t index) const { return slots()[index]; }
  bool optional_has_value() const { return shared(); }
  const Value& optional_value() const;
  std::string_view address() const;  ///< ip_address or ip_range: 4 or 16 bytes
  int prefix() const;                ///< ip_range
  const Fault& as_fault() const;

  /// Map: the value of a key, or nullptr. Numbers find each other across kinds when they are the same number.
  const Value* find(const Value& key) const;
  const Value* find(std::string_view key) const;
  /// Record: the field by name, or nullptr when the shape has none of that name.
  const Value* field(std::string_view name) const;
  /// Record or list: the slots to write to; copies them first when they are shared with another Value.
  std::vector<Value>& writable_slots();

  /// The same kind and content, decimals by their number (1.50 same as 1.5), texts by bytes, maps in any order.
  bool same(const Value& other) const;
  /// Appends a text that is equal exactly for values that are same(); for digests. Not meant to be read back.
  void encode(std::string& out) const;
  std::uint64_t hash() const;
  /// As an expression would write it: 'text', 12.30, [1, 2], {"a": 1}. For messages and tests.
  std::string display() const;

 private:
  struct Body {
    std::atomic<std::uint32_t> refs{1};
  };
  struct TextBody;
  struct ListBody;
  struct MapBody;
  struct RecordBody;
  struct OptionalBody;
  struct ErrorBody;

  static constexpr std::size_t kInline = 22;   // bytes of a text that stand inside
  static constexpr std::size_t kSmallAt = 22;  // length, scale or prefix; kShared when there is a body
  static constexpr std::size_t kKindAt = 23;
  static constexpr unsigned char kShared = 0xFF;

  explicit Value(Kind kind_) noexcept : Value() { raw_[kKindAt] = static_cast<unsigned char>(kind_); }
  static Value word(Kind kind_, std::uint64_t low_) {
    Value value(kind_);
    std::memcpy(value.raw_, &low_, 8);
    return value;
  }
  static Value moment(Kind kind_, Moment value);
  static Value chars(Kind kind_, std::string_view value);
  static Value with_body(Kind kind_, Body* body_);
  bool shared() const { return raw_[kSmallAt] == kShared; }
  std::uint64_t low() const {
    std::uint64_t value;
    std::memcpy(&value, raw_, 8);
    return value;
  }
  Body* body() const {
    Body* pointer;
    std::memcpy(&pointer, raw_, sizeof pointer);
    return pointer;
  }
  void release() noexcept;
  void destroy_body() noexcept;

  alignas(8) unsigned char raw_[24];
};

static_assert(sizeof(Value) == 24);

struct MapEntry {
  Value key;
  Value value;
};

std::string_view to_text(Value::Kind kind);

}  // namespace tieout::model
