// The bodies behind Value, and what is done with the content of one: structural comparison, and a digest encoding that
// is the same for values that are the same (the readable form is in value_text.cpp). Maps of more than eight entries
// carry an open-addressing index, made once when the map is made; smaller ones are searched in order, which is quicker.
#include "model/value.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/check.hpp"

namespace tieout::model {
namespace {

constexpr std::size_t kIndexFrom = 8;  // entries above which a map gets an index

std::uint64_t mix(std::uint64_t h) {
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccdULL;
  h ^= h >> 33;
  h *= 0xc4ceb9fe1a85ec53ULL;
  return h ^ (h >> 33);
}

std::uint64_t hash_bytes(std::string_view bytes) {
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix(h);
}

/// A number key as an integer of either sign: {negative?, 64 bits}. False when it is not a whole number in range.
bool whole(const Value& key, bool& negative, std::uint64_t& bits) {
  switch (key.kind()) {
    case Value::Kind::integer:
      negative = key.as_integer() < 0;
      bits = static_cast<std::uint64_t>(key.as_integer());
      return true;
    case Value::Kind::unsigned_integer:
      negative = false;
      bits = key.as_unsigned();
      return true;
    case Value::Kind::floating: {
      const double d = key.as_floating();
      if (!(d >= -9223372036854775808.0 && d < 18446744073709551616.0) || d != std::floor(d)) return false;
      negative = d < 0;
      bits = negative ? static_cast<std::uint64_t>(static_cast<std::int64_t>(d)) : static_cast<std::uint64_t>(d);
      return true;
    }
    default:
      return false;
  }
}

bool key_equal(const Value& a, const Value& b) {
  if (a.is_text() || b.is_text()) return a.is_text() && b.is_text() && a.as_text() == b.as_text();
  if (a.is(Value::Kind::boolean) || b.is(Value::Kind::boolean))
    return a.kind() == b.kind() && a.as_boolean() == b.as_boolean();
  bool na = false, nb = false;
  std::uint64_t wa = 0, wb = 0;
  if (whole(a, na, wa) && whole(b, nb, wb)) return na == nb && wa == wb;
  return a.same(b);
}

std::uint64_t key_hash(const Value& key) {
  bool negative = false;
  std::uint64_t bits = 0;
  if (key.is_text()) return hash_bytes(key.as_text());
  if (whole(key, negative, bits)) return mix(bits + (negative ? 1 : 0));
  if (key.is(Value::Kind::boolean)) return key.as_boolean() ? 7 : 11;
  return 0;
}

}  // namespace

RecordShape::RecordShape(std::string name_, std::vector<std::string> names_)
    : name(std::move(name_)), names(std::move(names_)) {
  rebuild();
}
RecordShape::RecordShape(const RecordShape& other) : name(other.name), names(other.names) { rebuild(); }
RecordShape& RecordShape::operator=(const RecordShape& other) {
  name = other.name;
  names = other.names;
  rebuild();
  return *this;
}
void RecordShape::rebuild() {
  slots_.clear();
  for (std::size_t i = 0; i < names.size(); ++i) slots_.emplace(names[i], static_cast<int>(i));
}
int RecordShape::index_of(std::string_view field) const {
  const auto found = slots_.find(field);
  return found == slots_.end() ? -1 : found->second;
}

/// The characters stand right behind the body, in the same allocation.
struct Value::TextBody : Body {
  std::size_t size = 0;

  static TextBody* make(std::size_t size_) {
    auto* made = new (::operator new(sizeof(TextBody) + size_)) TextBody;
    made->size = size_;
    return made;
  }
  static void destroy(TextBody* body_) {
    body_->~TextBody();
    ::operator delete(body_);
  }
  char* characters() { return reinterpret_cast<char*>(this + 1); }
};
struct Value::ListBody : Body {
  std::vector<Value> items;
};
struct Value::MapBody : Body {
  std::vector<MapEntry> entries;
  std::vector<std::uint32_t> index;  // position + 1 by hash; a power of two in size; empty for small maps

  void build_index() {
    if (entries.size() <= kIndexFrom) return;
    index.assign(std::bit_ceil(entries.size() * 2), 0);
    const std::size_t mask = index.size() - 1;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      std::size_t at = key_hash(entries[i].key) & mask;
      while (index[at] != 0) at = (at + 1) & mask;
      index[at] = static_cast<std::uint32_t>(i + 1);
    }
  }
};
struct Value::RecordBody : Body {
  std::shared_ptr<const RecordShape> shape;
  std::vector<Value> slots;
};
struct Value::OptionalBody : Body {
  Value value;
};
struct Value::ErrorBody : Body {
  Fault fault;
};

Value Value::with_body(Kind kind_, Body* body_) {
  Value value(kind_);
  std::memcpy(value.raw_, &body_, sizeof body_);
  value.raw_[kSmallAt] = kShared;
  return value;
}

Value Value::chars(Kind kind_, std::string_view content) {
  if (content.size() <= kInline) {
    Value value(kind_);
    if (!content.empty()) std::memcpy(value.raw_, content.data(), content.size());
    value.raw_[kSmallAt] = static_cast<unsigned char>(content.size());
    return value;
  }
  TextBody* made = TextBody::make(content.size());
  std::memcpy(made->characters(), content.data(), content.size());
  return with_body(kind_, made);
}

Value Value::joined(const Value& a, const Value& b) {
  const std::string_view x = a.as_text(), y = b.as_text();
  char few[kInline];
  if (x.size() + y.size() <= kInline) {
    if (!x.empty()) std::memcpy(few, x.data(), x.size());
    if (!y.empty()) std::memcpy(few + x.size(), y.data(), y.size());
    return chars(a.kind(), {few, x.size() + y.size()});
  }
  TextBody* made = TextBody::make(x.size() + y.size());
  if (!x.empty()) std::memcpy(made->characters(), x.data(), x.size());
  if (!y.empty()) std::memcpy(made->characters() + x.size(), y.data(), y.size());
  return with_body(a.kind(), made);
}

Value Value::floating(double value) { return word(Kind::floating, std::bit_cast<std::uint64_t>(value)); }
double Value::as_floating() const { return std::bit_cast<double>(low()); }

Value Value::decimal(const Decimal& value) {
  Value made(Kind::decimal);
  const __int128 mantissa = value.mantissa();
  std::memcpy(made.raw_, &mantissa, sizeof mantissa);
  made.raw_[kSmallAt] = static_cast<unsigned char>(value.scale());
  return made;
}
Decimal Value::as_decimal() const {
  __int128 mantissa;
  std::memcpy(&mantissa, raw_, sizeof mantissa);
  return Decimal::from_mantissa(mantissa, raw_[kSmallAt]);
}

Value Value::date(Date value) {
  static_assert(sizeof(Date) == 4);
  Value made(Kind::date);
  std::memcpy(made.raw_, &value, sizeof value);
  return made;
}
Date Value::as_date() const {
  Date value;
  std::memcpy(&value, raw_, sizeof value);
  return value;
}

Value Value::moment(Kind kind_, Moment value) {
  Value made(kind_);
  std::memcpy(made.raw_, &value.seconds, 8);
  std::memcpy(made.raw_ + 8, &value.nanos, 4);
  return made;
}
Value Value::instant(Instant value) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(value);
  const auto rest = value - seconds;
  return instant(Moment{seconds.time_since_epoch().count(), static_cast<std::int32_t>(rest.count() * 1'000'000)});
}
Moment Value::as_moment() const {
  Moment value;
  std::memcpy(&value.seconds, raw_, 8);
  std::memcpy(&value.nanos, raw_ + 8, 4);
  return value;
}
Instant Value::as_instant() const {
  const Moment value = as_moment();
  return instant_from_ms(value.seconds * 1000 + value.nanos / 1'000'000);
}

Value Value::list(std::vector<Value> items) {
  auto* made = new ListBody;
  made->items = std::move(items);
  return with_body(Kind::list, made);
}
Value Value::map(std::vector<MapEntry> entries) {
  auto* made = new MapBody;
  made->entries = std::move(entries);
  made->build_index();
  return with_body(Kind::map, made);
}
Value Value::record(std::shared_ptr<const RecordShape> shape, std::vector<Value> slots) {
  CHECK(shape && slots.size() == shape->size(), "a record has one slot for every field of its shape");
  auto* made = new RecordBody;
  made->shape = std::move(shape);
  made->slots = std::move(slots);
  return with_body(Kind::record, made);
}
Value Value::some(Value value) {
  auto* made = new OptionalBody;
  made->value = std::move(value);
  return with_body(Kind::optional, made);
}
Value Value::ip_address(std::string_view address) {
  CHECK(address.size() == 4 || address.size() == 16, "an address has 4 or 16 bytes");
  Value made(Kind::ip_address);
  std::memcpy(made.raw_, address.data(), address.size());
  made.raw_[16] = static_cast<unsigned char>(address.size());
  return made;
}
Value Value::ip_range(std::string_view address, int prefix) {
  Value made = ip_address(address);
  made.raw_[kKindAt] = static_cast<unsigned char>(Kind::ip_range);
  made.raw_[17] = static_cast<unsigned char>(prefix);
  return made;
}
Value Value::error(Fault fault) {
  auto* made = new ErrorBody;
  made->fault = std::move(fault);
  return with_body(Kind::error, made);
}

std::string_view Value::as_text() const {
  if (shared()) {
    auto* held = static_cast<TextBody*>(body());
    return {held->characters(), held->size};
  }
  return {reinterpret_cast<const char*>(raw_), raw_[kSmallAt]};
}
std::span<const Value> Value::items() const { return static_cast<const ListBody*>(body())->items; }
std::span<const MapEntry> Value::entries() const { return static_cast<const MapBody*>(body())->entries; }
const RecordShape& Value::shape() const { return *static_cast<const RecordBody*>(body())->shape; }
const std::shared_ptr<const RecordShape>& Value::shape_pointer() const {
  return static_cast<const RecordBody*>(body())->shape;
}
std::span<const Value> Value::slots() const { return static_cast<const RecordBody*>(body())->slots; }
const Value& Value::optional_value() const { return static_cast<const OptionalBody*>(body())->value; }
std::string_view Value::address() const { return {reinterpret_cast<const char*>(raw_), raw_[16]}; }
int Value::prefix() const { return raw_[17]; }
const Fault& Value::as_fault() const { return static_cast<const ErrorBody*>(body())->fault; }

const Value* Value::find(const Value& key) const {
  const auto* map_body = static_cast<const MapBody*>(body());
  if (map_body->index.empty()) {
    for (const MapEntry& entry : map_body->entries)
      if (key_equal(entry.key, key)) return &entry.value;
    return nullptr;
  }
  const std::size_t mask = map_body->index.size() - 1;
  for (std::size_t at = key_hash(key) & mask; map_body->index[at] != 0; at = (at + 1) & mask) {
    const MapEntry& entry = map_body->entries[map_body->index[at] - 1];
    if (key_equal(entry.key, key)) return &entry.value;
  }
  return nullptr;
}

const Value* Value::find(std::string_view key) const {
  const auto* map_body = static_cast<const MapBody*>(body());
  if (map_body->index.empty()) {
    for (const MapEntry& entry : map_body->entries)
      if (entry.key.is_text() && entry.key.as_text() == key) return &entry.value;
    return nullptr;
  }
  const std::size_t mask = map_body->index.size() - 1;
  for (std::size_t at = hash_bytes(key) & mask; map_body->index[at] != 0; at = (at + 1) & mask) {
    const MapEntry& entry = map_body->entries[map_body->index[at] - 1];
    if (entry.key.is_text() && entry.key.as_text() == key) return &entry.value;
  }
  return nullptr;
}

const Value* Value::field(std::string_view name) const {
  const int index = shape().index_of(name);
  return index < 0 ? nullptr : &slots()[static_cast<std::size_t>(index)];
}

std::vector<Value>& Value::writable_slots() {
  CHECK(is(Kind::record) || is(Kind::list), "only records and lists have slots");
  if (body()->refs.load(std::memory_order_acquire) != 1) {
    *this = is(Kind::record) ? record(shape_pointer(), {slots().begin(), slots().end()})
                             : list({items().begin(), items().end()});
  }
  return is(Kind::record) ? static_cast<RecordBody*>(body())->slots : static_cast<ListBody*>(body())->items;
}

void Value::release() noexcept {
  if (body()->refs.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy_body();
}

void Value::destroy_body() noexcept {
  switch (kind()) {
    case Kind::list:
      delete static_cast<ListBody*>(body());
      break;
    case Kind::map:
      delete static_cast<MapBody*>(body());
      break;
    case Kind::record:
      delete static_cast<RecordBody*>(body());
      break;
    case Kind::optional:
      delete static_cast<OptionalBody*>(body());
      break;
    case Kind::error:
      delete static_cast<ErrorBody*>(body());
      break;
    default:
      TextBody::destroy(static_cast<TextBody*>(body()));
      break;
  }
}

namespace {

bool same_items(std::span<const Value> a, std::span<const Value> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Value& x, const Value& y) { return x.same(y); });
}

bool same_record(const Value& a, const Value& b) {
  if (&a.shape() == &b.shape()) return same_items(a.slots(), b.slots());
  return a.shape().names == b.shape().names && same_items(a.slots(), b.slots());
}

bool same_map(const Value& a, const Value& b) {
  if (a.entries().size() != b.entries().size()) return false;
  for (const MapEntry& entry : a.entries()) {
    const Value* other = b.find(entry.key);
    if (!other || !entry.value.same(*other)) return false;
  }
  return true;
}

}  // namespace

bool Value::same(const Value& other) const {
  if (kind() != other.kind()) return false;
  switch (kind()) {
    case Kind::decimal:
      return as_decimal() == other.as_decimal();
    case Kind::text:
    case Kind::bytes:
    case Kind::type:
      return as_text() == other.as_text();
    case Kind::list:
      return body() == other.body() || same_items(items(), other.items());
    case Kind::map:
      return body() == other.body() || same_map(*this, other);
    case Kind::record:
      return body() == other.body() || same_record(*this, other);
    case Kind::optional:
      if (!optional_has_value() || !other.optional_has_value()) return shared() == other.shared();
      return optional_value().same(other.optional_value());
    case Kind::error:
      return as_fault().code == other.as_fault().code && as_fault().what == other.as_fault().what;
    default:
      return std::memcmp(raw_, other.raw_, sizeof raw_) == 0;
  }
}

namespace {

void put_number(std::string& out, std::uint64_t number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}
void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out += text;
}

void encode_map(std::string& out, const Value& map) {
  std::vector<std::pair<std::string, std::string>> sorted(map.entries().size());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    map.entries()[i].key.encode(sorted[i].first);
    map.entries()[i].value.encode(sorted[i].second);
  }
  std::sort(sorted.begin(), sorted.end());
  put_number(out, sorted.size());
  for (const auto& [key, value] : sorted) out.append(key).append(value);
}

}  // namespace

void Value::encode(std::string& out) const {
  out += static_cast<char>(kind());
  switch (kind()) {
    case Kind::decimal:
      return put_text(out, as_decimal().normalised().to_text());
    case Kind::text:
    case Kind::bytes:
    case Kind::type:
      return put_text(out, as_text());
    case Kind::list:
      put_number(out, items().size());
      for (const Value& item : items()) item.encode(out);
      return;
    case Kind::map:
      return encode_map(out, *this);
    case Kind::record:
      put_number(out, slots().size());
      for (std::size_t i = 0; i < slots().size(); ++i) {
        put_text(out, shape().names[i]);
        slots()[i].encode(out);
      }
      return;
    case Kind::optional:
      out += optional_has_value() ? '\1' : '\0';
      if (optional_has_value()) optional_value().encode(out);
      return;
    case Kind::error:
      return put_text(out, as_fault().code + as_fault().what);
    default:
      out.append(reinterpret_cast<const char*>(raw_), kSmallAt);
  }
}

std::uint64_t Value::hash() const {
  std::string encoded;
  encode(encoded);
  return hash_bytes(encoded);
}

}  // namespace tieout::model
