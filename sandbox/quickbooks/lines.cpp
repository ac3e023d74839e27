// The lines of a sales form: what each must carry, that its amount is what quantity and price say, and the lines that
// the service adds itself (the subtotal).
#include <fmt/core.h>

#include "sandbox/quickbooks/books.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;
constexpr std::string_view kShipping = "SHIPPING_ITEM_ID";
constexpr std::string_view kDefaultItem = "Services";

Decimal rounded(Decimal amount) { return amount.rounded(2, Rounding::half_up); }

/// Quantity × price, less the line's own discount. Empty when the numbers are beyond any books.
std::optional<Decimal> expected_amount(const Value& detail, Rounding rounding) {
  const auto product = Decimal::multiply(decimal_in(detail, "Qty"), decimal_in(detail, "UnitPrice"));
  if (!product) return {};
  Decimal amount = *product;
  const Decimal rate = decimal_in(detail, "DiscountRate");
  if (detail.find("DiscountAmt"))
    amount -= decimal_in(detail, "DiscountAmt");
  else if (!rate.is_zero())
    amount -= (amount * rate * Decimal::of("0.01"));
  return amount.rounded(2, rounding);
}

void number_lines(std::vector<Value>& lines, bool is_new) {
  std::int64_t last = 0;
  if (is_new)
    for (Value& line : lines) line.remove("Id");
  for (const Value& line : lines) last = std::max(last, line["Id"].as_int(0));
  std::int64_t place = 0;
  for (Value& line : lines) {
    const std::string type = line["DetailType"].text();
    if (type == "SubTotalLineDetail") continue;
    if (line["Id"].as_int(0) <= 0) line.set("Id", Value::string(std::to_string(++last)));
    if (type != "DiscountLineDetail") line.set("LineNum", Value::number(++place));
  }
}

Value subtotal_line(Decimal amount) {
  Value line = Value::object();
  line.set("Amount", money(amount));
  line.set("DetailType", Value::string("SubTotalLineDetail"));
  line.set("SubTotalLineDetail", Value::object());
  return line;
}

}  // namespace

Refusal Books::prepare_lines(Draft& draft, Totals& totals) const {
  Value* list = draft.document.find("Line");
  if (!list || list->size() == 0) return required_missing("Line");
  std::vector<Value>& lines = list->items();
  // What came back from a read: the service computes it anew.
  std::erase_if(lines, [](const Value& line) { return line["DetailType"].text() == "SubTotalLineDetail"; });
  std::stable_partition(lines.begin(), lines.end(),
                        [](const Value& line) { return line["DetailType"].text() != "DiscountLineDetail"; });
  totals.parts.reserve(lines.size());
  for (Value& line : lines)
    if (Refusal no = prepare_line(draft, line, totals)) return no;
  if (totals.items == 0) return required_missing("Line");
  return {};
}

Refusal Books::prepare_line(Draft&, Value& line, Totals& totals) const {
  if (Refusal no = require(line, "DetailType")) return no;
  const std::string& type = line["DetailType"].text();
  if (type == "SalesItemLineDetail") return prepare_item_line(line, totals);
  if (type == "GroupLineDetail") return prepare_group_line(line, totals);
  if (type == "DiscountLineDetail") return prepare_discount(line, totals);
  if (type == "DescriptionOnly") {
    line.remove("Amount");
    ++totals.items;
    return {};
  }
  return invalid_enumeration("DetailType", type);
}

Refusal Books::prepare_item_line(Value& line, Totals& totals) const {
  if (Refusal no = require(line, "Amount")) return no;
  if (!line.find("SalesItemLineDetail")) line.set("SalesItemLineDetail", Value::object());
  Value& detail = *line.find("SalesItemLineDetail");
  Decimal amount = rounded(decimal_in(line, "Amount"));
  line.set("Amount", money(amount));

  const bool shipping = ref_id(detail, "ItemRef") == kShipping;
  if (shipping && !settings_.allow_shipping)
    return business_rule("Shipping is turned off in the company's sales settings.");
  if (!detail.find("ItemRef"))  // a line that names nothing is booked on the company's default item
    for (const std::int64_t id : table(Entity::item).named(fold(kDefaultItem)))
      detail.set("ItemRef", reference(std::to_string(id)));
  if (!shipping) {
    if (Refusal no = require(detail, "ItemRef")) return no;
    if (Refusal no = resolve(detail, "ItemRef", Entity::item)) return no;
    const Record* item = table(Entity::item).find(id_number(Entity::item, ref_id(detail, "ItemRef")));
    if (item->keys.kind == "Category") return invalid_reference("Item", ref_id(detail, "ItemRef"));
    if (item->keys.kind == "Inventory" && !detail.find("Qty")) return quantity_missing();
  }
  const bool has_quantity = detail.find("Qty") != nullptr;
  if (has_quantity && detail.find("UnitPrice")) {
    const auto expected = expected_amount(detail, Rounding::half_up);
    if (!expected || *expected != amount) return amount_mismatch(line["Amount"].text());
    if (profile_.rounds_half_even) {
      const Decimal own = *expected_amount(detail, Rounding::half_even);
      if (own != amount) {  // taken as it is written, and booked as the service would have rounded it
        ++rounded_otherwise_;
        amount = own;
        line.set("Amount", money(amount));
      }
    }
  } else if (has_quantity && !decimal_in(detail, "Qty").is_zero()) {
    const auto price = Decimal::divide(amount, decimal_in(detail, "Qty"), 7, Rounding::half_up);
    if (price) detail.set("UnitPrice", Value::number(price->normalised().to_text()));
  }
  if (Refusal no = resolve(detail, "ClassRef", Entity::class_)) return no;
  if (!detail.find("TaxCodeRef") && profile_.is_us()) detail.set("TaxCodeRef", reference("NON"));
  const std::string code = ref_id(detail, "TaxCodeRef");
  if (!code.empty() && !table(Entity::tax_code).find(id_number(Entity::tax_code, code)))
    return invalid_reference("TaxCode", code);
  if (!code.empty()) detail.set("TaxCodeRef", reference(code));

  (shipping ? totals.shipping : totals.subtotal) += amount;
  totals.parts.push_back({.code = code,
                          .net = amount,
                          .gross = rounded(decimal_in(detail, "TaxInclusiveAmt")),
                          .has_gross = detail.find("TaxInclusiveAmt") != nullptr,
                          .line = &line});
  ++totals.items;
  return {};
}

Refusal Books::prepare_group_line(Value& line, Totals& totals) const {
  Value* detail = line.find("GroupLineDetail");
  if (!detail) return required_missing("GroupLineDetail");
  if (Refusal no = require(*detail, "GroupItemRef")) return no;
  if (Refusal no = resolve(*detail, "GroupItemRef", Entity::item)) return no;
  const Record* group = table(Entity::item).find(id_number(Entity::item, ref_id(*detail, "GroupItemRef")));
  if (group->keys.kind != "Group") return invalid_reference("Item", ref_id(*detail, "GroupItemRef"));
  if (!detail->find("Quantity")) detail->set("Quantity", Value::number(1));
  if (!detail->find("Line")) {
    Value lines = Value::array();
    const Value item = stored(*group);
    for (const Value& part : item["ItemGroupDetail"]["ItemGroupLine"].items()) {
      const Record* member = table(Entity::item).find(id_number(Entity::item, ref_id(part, "ItemRef")));
      if (!member) return invalid_reference("Item", ref_id(part, "ItemRef"));
      const Decimal price = decimal_in(stored(*member), "UnitPrice");
      const Decimal quantity = decimal_in(part, "Qty") * decimal_in(*detail, "Quantity");
      Value inner = Value::object();
      inner.set("ItemRef", reference(std::to_string(member->id)));
      inner.set("Qty", Value::number(quantity.to_text()));
      inner.set("UnitPrice", Value::number(price.to_text()));
      Value made = Value::object();
      made.set("Amount", money(price * quantity));
      made.set("DetailType", Value::string("SalesItemLineDetail"));
      made.set("SalesItemLineDetail", std::move(inner));
      lines.push(std::move(made));
    }
    detail->set("Line", std::move(lines));
  }
  const Decimal before = totals.subtotal;
  for (Value& inner : detail->find("Line")->items()) {
    if (inner["DetailType"].text() != "SalesItemLineDetail")
      return invalid_enumeration("DetailType", inner["DetailType"].text());
    if (Refusal no = prepare_item_line(inner, totals)) return no;
  }
  line.set("Amount", money(totals.subtotal - before));
  ++totals.items;
  return {};
}

Refusal Books::prepare_discount(Value& line, Totals& totals) const {
  // Discount lines stand last (prepare_lines), so the subtotal is complete here.
  if (!totals.discount.is_zero()) return business_rule("A transaction can have one discount only.");
  if (!line.find("DiscountLineDetail")) line.set("DiscountLineDetail", Value::object());
  Value& detail = *line.find("DiscountLineDetail");
  if (Refusal no = resolve(detail, "DiscountAccountRef", Entity::account)) return no;
  if (detail["PercentBased"].as_bool()) {
    if (Refusal no = require(detail, "DiscountPercent")) return no;
    line.set("Amount", money(totals.subtotal * decimal_in(detail, "DiscountPercent") * Decimal::of("0.01")));
  } else if (Refusal no = require(line, "Amount")) {
    return no;
  }
  totals.discount = rounded(decimal_in(line, "Amount"));
  line.set("Amount", money(totals.discount));
  return {};
}

void Books::finish_lines(Draft& draft, const Totals& totals) const {
  std::vector<Value>& lines = draft.document.find("Line")->items();
  auto place = lines.end();
  if (!lines.empty() && lines.back()["DetailType"].text() == "DiscountLineDetail") --place;
  lines.insert(place, subtotal_line(totals.subtotal));
  number_lines(lines, draft.before == nullptr);
}

}  // namespace tieout::sandbox::quickbooks
