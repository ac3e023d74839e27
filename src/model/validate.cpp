// Whether a record is fit to be worked with, judged from its declaration alone. Everything wrong is reported, not only
// the first thing, so that a person mends a record once.
#include <fmt/core.h>

#include <optional>

#include "model/record.hpp"
#include "money/currency.hpp"

namespace tieout::model {

namespace {

/// Characters, not bytes; -1 when the text is no UTF-8.
int characters(std::string_view text) {
  int count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const int length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || i + length > text.size()) return -1;
    for (int k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return -1;
    const auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
        (lead == 0xF4 && second > 0x8F))
      return -1;
    i += length;
  }
  return count;
}

Value::Kind expected(FieldKind kind) {
  switch (kind) {
    case FieldKind::text:
    case FieldKind::choice:
    case FieldKind::reference:
      return Value::Kind::text;
    case FieldKind::integer:
      return Value::Kind::integer;
    case FieldKind::boolean:
      return Value::Kind::boolean;
    case FieldKind::date:
      return Value::Kind::date;
    case FieldKind::instant:
      return Value::Kind::instant;
    case FieldKind::list:
      return Value::Kind::list;
    default:
      return Value::Kind::decimal;
  }
}

class Validator {
 public:
  std::vector<Fault> faults;

  /// currency: of the enclosing document, when the record has none of its own.
  void record(const RecordType& type, const Value& value, const std::string& path, std::optional<Currency> currency) {
    const int own = type.index_of("currency");
    if (own >= 0) currency = currency_of(value.slot(static_cast<std::size_t>(own)), path).value_or(currency);
    if (type.name == "currency")
      check_code(value.slot(static_cast<std::size_t>(type.index_of("code"))), fmt::format("{}.code", path));
    for (int i = 0; i < type.size(); ++i) {
      const FieldDecl& decl = type.fields[i];
      const Value& slot = value.slot(static_cast<std::size_t>(i));
      const std::string here = fmt::format("{}.{}", path, decl.name);
      if (!slot.has_value()) {
        if (decl.is_required)
          add("model.field.required", here, "is missing; enter it in the system the record is from");
        continue;
      }
      field(type, i, slot, here, currency);
    }
  }

 private:
  void add(std::string code, const std::string& path, std::string_view what) {
    faults.emplace_back(std::move(code), fmt::format("{} {}", path, what), path);
  }

  std::optional<std::optional<Currency>> currency_of(const Value& value, const std::string& path) {
    if (!value.is_text() || value.as_text().empty()) return std::nullopt;
    return check_code(value, fmt::format("{}.currency", path));
  }

  std::optional<Currency> check_code(const Value& value, const std::string& path) {
    if (!value.is_text()) return std::nullopt;
    const auto currency = Currency::parse(value.as_text());
    if (currency) return *currency;
    add("model.currency.unknown", path, fmt::format("is no currency: {}", currency.error().what));
    return std::nullopt;
  }

  void field(const RecordType& type, int index, const Value& value, const std::string& path,
             std::optional<Currency> currency) {
    const FieldDecl& decl = type.fields[index];
    if (!value.is(expected(decl.kind)))
      return add("model.field.kind", path,
                 fmt::format("must be {}, but is {}", to_text(decl.kind), to_text(value.kind())));
    if (decl.is_text()) return text(decl, value.as_text(), path);
    if (decl.is_decimal()) return number(decl, value.as_decimal(), path, currency);
    if (decl.kind == FieldKind::list) return list(type.element(index), decl, value, path, currency);
  }

  void text(const FieldDecl& decl, std::string_view text, const std::string& path) {
    const int length = characters(text);
    if (length < 0) return add("model.text.not_utf8", path, "is no valid UTF-8 text; save it again in its system");
    if (decl.limit > 0 && length > decl.limit)
      add("model.field.too_long", path,
          fmt::format("has {} characters and may have {}; shorten it in its system", length, decl.limit));
    if (decl.is_required && text.empty()) add("model.field.required", path, "is empty; enter it in its system");
    if (decl.kind == FieldKind::choice && !text.empty()) {
      const auto words = decl.choices();
      if (std::find(words.begin(), words.end(), text) == words.end())
        add("model.choice.unknown", path, fmt::format("is '{}', which is none of {}", text, decl.of));
    }
  }

  void number(const FieldDecl& decl, const Decimal& number, const std::string& path, std::optional<Currency> currency) {
    const bool is_amount = decl.kind == FieldKind::amount && currency;
    const int most = is_amount ? std::min(decl.limit, currency->exponent()) : decl.limit;
    if (number.needed_scale() <= most) return;
    const char* code = decl.kind == FieldKind::amount ? "model.amount.too_precise" : "model.number.too_precise";
    add(code, path,
        fmt::format("is {}, which has more than {} places{}; correct it in its system, it is never rounded silently",
                    number.to_text(), most, is_amount ? fmt::format(" of {}", currency->code()) : ""));
  }

  void list(const RecordType& element, const FieldDecl& decl, const Value& value, const std::string& path,
            std::optional<Currency> currency) {
    const auto items = value.items();
    if (decl.limit > 0 && items.size() > static_cast<std::size_t>(decl.limit))
      add("model.list.too_long", path, fmt::format("has {} entries and may have {}", items.size(), decl.limit));
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string here = fmt::format("{}[{}]", path, i);
      if (!items[i].is(Value::Kind::record)) {
        add("model.field.kind", here, fmt::format("must be a {}", element.name));
        continue;
      }
      record(element, items[i], here, currency);
    }
  }
};

}  // namespace

std::vector<Fault> validate(const Record& record) {
  Validator validator;
  validator.record(record.type(), record.value(), std::string(record.type().name), std::nullopt);
  return std::move(validator.faults);
}

}  // namespace tieout::model
