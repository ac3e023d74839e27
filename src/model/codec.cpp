// Records as bytes. One format byte, then the fields that are there, ordered by their stored id (types.hpp), each as
// id, tag and content; the content of every tag says its own length, so a build that has never heard of a field can
// step over it. The digest is taken over the same bytes with decimals in their shortest form.
#include <fmt/core.h>

#include <cstring>

#include "model/record.hpp"

namespace tieout::model {

namespace {

constexpr char kFormat = 1;
constexpr int kMaxDepth = 8;

enum class Tag : std::uint8_t { null, no, yes, integer, decimal, text, date, instant, list };

void put_varint(std::string& out, unsigned __int128 value) {
  while (value >= 0x80) {
    out += static_cast<char>(static_cast<unsigned char>(value) | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}
void put_signed(std::string& out, __int128 value) {
  put_varint(out, (static_cast<unsigned __int128>(value) << 1) ^ static_cast<unsigned __int128>(value >> 127));
}

struct Encoder {
  std::string& out;
  bool for_digest;

  void fields(const RecordType& type, const Value& record) {
    const std::span<const Value> slots = record.slots();
    std::size_t count = 0;
    for (const Value& slot : slots) count += slot.is_absent() ? 0 : 1;
    put_varint(out, count);
    for (const int index : type.stored_order()) {
      const Value& value = slots[static_cast<std::size_t>(index)];
      if (value.is_absent()) continue;
      const std::uint16_t id = type.stored_id(index);
      out += static_cast<char>(id & 0xFF);
      out += static_cast<char>(id >> 8);
      content(type, index, value);
    }
  }

  void tag(Tag which) { out += static_cast<char>(which); }

  void content(const RecordType& type, int index, const Value& value) {
    switch (value.kind()) {
      case Value::Kind::boolean:
        return tag(value.as_boolean() ? Tag::yes : Tag::no);
      case Value::Kind::integer:
        return tag(Tag::integer), put_signed(out, value.as_integer());
      case Value::Kind::decimal: {
        const Decimal number = for_digest ? value.as_decimal().normalised() : value.as_decimal();
        tag(Tag::decimal);
        out += static_cast<char>(number.scale());
        return put_signed(out, number.mantissa());
      }
      case Value::Kind::text:
        tag(Tag::text);
        put_varint(out, value.as_text().size());
        out += value.as_text();
        return;
      case Value::Kind::date:
        tag(Tag::date);
        return put_signed(out, std::chrono::sys_days{value.as_date()}.time_since_epoch().count());
      case Value::Kind::instant:
        tag(Tag::instant);
        return put_signed(out, to_ms(value.as_instant()));
      case Value::Kind::list:
        tag(Tag::list);
        put_varint(out, value.items().size());
        for (const Value& item : value.items()) fields(type.element(index), item);
        return;
      default:
        return tag(Tag::null);
    }
  }
};

struct Decoder {
  std::string_view in;
  bool ok = true;

  unsigned char byte() {
    if (in.empty()) return ok = false, 0;
    const auto value = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    return value;
  }
  unsigned __int128 varint() {
    unsigned __int128 value = 0;
    for (int shift = 0; shift < 128; shift += 7) {
      const unsigned char next = byte();
      value |= static_cast<unsigned __int128>(next & 0x7F) << shift;
      if (next < 0x80) return value;
    }
    return ok = false, 0;
  }
  __int128 signed_int() {
    const unsigned __int128 raw = varint();
    return static_cast<__int128>(raw >> 1) ^ -static_cast<__int128>(raw & 1);
  }
  std::size_t count() {
    const unsigned __int128 value = varint();
    if (value > in.size()) return ok = false, 0;  // each counted thing takes at least a byte
    return static_cast<std::size_t>(value);
  }

  static int index_of(const RecordType* type, std::uint16_t id) {
    if (!type) return -1;
    for (int i = 0; i < type->size(); ++i)
      if (type->stored_id(i) == id) return i;
    return -1;
  }

  /// type is null inside a list field that this build does not know: read to step over it.
  Value record(const RecordType* type, int depth) {
    std::vector<Value> slots(type ? static_cast<std::size_t>(type->size()) : 0);
    if (depth > kMaxDepth) return ok = false, Value{};
    for (std::size_t left = count(); ok && left > 0; --left) {
      const std::uint16_t low = byte();
      const std::uint16_t id = static_cast<std::uint16_t>(low | (byte() << 8));
      const int index = index_of(type, id);
      const bool is_list = index >= 0 && type->fields[index].kind == FieldKind::list;
      Value value = content(is_list ? &type->element(index) : nullptr, depth);
      if (index >= 0) slots[static_cast<std::size_t>(index)] = std::move(value);
    }
    return type ? Value::record(&type->shape(), std::move(slots)) : Value{};
  }

  Value content(const RecordType* element, int depth) {
    switch (static_cast<Tag>(byte())) {
      case Tag::null:
        return Value::null();
      case Tag::no:
        return Value::boolean(false);
      case Tag::yes:
        return Value::boolean(true);
      case Tag::integer:
        return Value::integer(static_cast<std::int64_t>(signed_int()));
      case Tag::decimal:
        return decimal();
      case Tag::text: {
        const std::size_t length = count();
        const std::string_view text = in.substr(0, length);
        in.remove_prefix(length);
        return Value::text(text);
      }
      case Tag::date: {
        const __int128 days = signed_int();
        if (days < -719162 || days > 2932896) return ok = false, Value{};  // years 1 to 9999
        return Value::date(Date{std::chrono::sys_days{std::chrono::days{static_cast<int>(days)}}});
      }
      case Tag::instant:
        return Value::instant(instant_from_ms(static_cast<std::int64_t>(signed_int())));
      case Tag::list: {
        std::vector<Value> items(count());
        for (Value& item : items) item = record(element, depth + 1);
        return Value::list(std::move(items));
      }
    }
    return ok = false, Value{};
  }

  Value decimal() {
    const int scale = byte();
    const __int128 mantissa = signed_int();
    constexpr __int128 kMost = static_cast<__int128>(1'000'000'000'000'000'000) * 1'000'000'000'000'000'000;
    if (scale > Decimal::kMaxScale || mantissa >= kMost || mantissa <= -kMost) return ok = false, Value{};
    return Value::decimal(Decimal::from_mantissa(mantissa, scale));
  }
};

}  // namespace

void encode(const Record& record, std::string& out) {
  out += kFormat;
  Encoder{out, false}.fields(record.type(), record.value());
}

Result<Record> decode(const RecordType& type, std::string_view bytes) {
  const auto damaged = [&] {
    return fail("model.stored.damaged",
                fmt::format("a stored {} can not be read: its bytes are not whole; restore the store from a backup or "
                            "read the record again from its system",
                            type.name));
  };
  if (bytes.empty()) return damaged();
  if (bytes.front() != kFormat)
    return fail("model.stored.version", fmt::format("a stored {} was written in format {}, which this program does not "
                                                    "know; use the newer program",
                                                    type.name, int{bytes.front()}));
  Decoder decoder{bytes.substr(1)};
  Value value = decoder.record(&type, 0);
  if (!decoder.ok || !decoder.in.empty()) return damaged();
  return Record(type, std::move(value));
}

Digest digest(const Record& record) {
  thread_local std::string bytes;
  bytes.assign(record.type().name);
  bytes += '\0';
  Encoder{bytes, true}.fields(record.type(), record.value());
  return sha256(bytes);
}

}  // namespace tieout::model
