// Builds the types from the rows once, and adds the lengths, which the XML schema mostly leaves out. Where schema and
// live service differ (telephone numbers, parts of a name) the live length counts, because that is what a client meets.
#include "sandbox/quickbooks/schema.hpp"

#include <memory>
#include <string>
#include <unordered_set>

#include "base/check.hpp"
#include "sandbox/quickbooks/schema_table.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

struct Length {
  std::string_view type, field;
  std::size_t max;
};
constexpr Length kLengths[] = {
    {"EmailAddress", "Address", 100},
    {"TelephoneNumber", "FreeFormNumber", 30},
    {"WebSiteAddress", "URI", 1000},
    {"PhysicalAddress", "Line1", 500},
    {"PhysicalAddress", "Line2", 500},
    {"PhysicalAddress", "Line3", 500},
    {"PhysicalAddress", "Line4", 500},
    {"PhysicalAddress", "Line5", 500},
    {"PhysicalAddress", "City", 255},
    {"PhysicalAddress", "Country", 255},
    {"PhysicalAddress", "PostalCode", 30},
    {"PhysicalAddress", "CountrySubDivisionCode", 255},
    {"Item", "Name", 100},
    {"Item", "Sku", 100},
    {"Item", "Description", 4000},
    {"Item", "PurchaseDesc", 1000},
    {"Line", "Description", 4000},
    {"Term", "Name", 31},
    {"PaymentMethod", "Name", 31},
    {"Class", "Name", 100},
    {"Department", "Name", 100},
    {"Account", "Name", 100},
    {"Account", "AcctNum", 20},
    {"Account", "Description", 100},
    {"CompanyCurrency", "Code", 3},
    {"TaxAgency", "DisplayName", 100},
    {"Customer", "Notes", 2000},
    {"Vendor", "Notes", 2000},
    {"Customer", "ResaleNum", 16},
    {"Vendor", "AcctNum", 100},
};
constexpr Length kPersonLengths[] = {
    {"", "DisplayName", 500}, {"", "Title", 16},  {"", "GivenName", 100},   {"", "MiddleName", 100},
    {"", "FamilyName", 100},  {"", "Suffix", 16}, {"", "CompanyName", 100}, {"", "PrintOnCheckName", 110},
};
constexpr Length kTransactionLengths[] = {
    {"", "DocNumber", 21}, {"", "PrivateNote", 4000}, {"", "CustomerMemo", 1000},
    {"", "PONumber", 15},  {"", "PaymentRefNum", 21}, {"", "TrackingNum", 31},
};

FieldKind kind_of(char letter) {
  switch (letter) {
    case 's':
      return FieldKind::text;
    case 'd':
      return FieldKind::decimal;
    case 'b':
      return FieldKind::boolean;
    case 'D':
      return FieldKind::date;
    case 'T':
      return FieldKind::instant;
    case 'i':
      return FieldKind::whole;
    case 'r':
      return FieldKind::reference;
    case 'm':
      return FieldKind::memo;
    case 'o':
      return FieldKind::nested;
    case 'e':
      return FieldKind::word;
    default:
      return FieldKind::any;
  }
}

std::vector<std::string_view> words_of(std::string_view content) {
  std::vector<std::string_view> words;
  while (!content.empty()) {
    const std::size_t end = std::min(content.find(' '), content.size());
    if (end > 0) words.push_back(content.substr(0, end));
    content.remove_prefix(std::min(end + 1, content.size()));
  }
  return words;
}

class Schema {
 public:
  Schema() {
    for (const SchemaRow& row : schema_rows()) {
      auto type = std::make_unique<Type>();
      type->name = row.name;
      types_.emplace(row.name, std::move(type));
    }
    for (const SchemaRow& row : schema_rows()) fill(*types_.at(row.name), row.content);
    for (const Length& length : kLengths) limit(length.type, length);
    for (const char* person : {"Customer", "Vendor", "Employee"})
      for (const Length& length : kPersonLengths) limit(person, length);
    for (const char* form :
         {"Invoice", "Payment", "CreditMemo", "RefundReceipt", "Estimate", "SalesReceipt", "Deposit"})
      for (const Length& length : kTransactionLengths) limit(form, length);
    for (const SchemaRow& row : schema_enums())
      for (const std::string_view word : words_of(row.content)) {
        std::string spoken(word);
        for (char& c : spoken)
          if (c == '~') c = ' ';
        words_[row.name].insert(std::move(spoken));
      }
  }

  const Type* type(std::string_view name) const {
    const auto found = types_.find(name);
    return found == types_.end() ? nullptr : found->second.get();
  }
  bool word(std::string_view enumeration, std::string_view word) const {
    const auto found = words_.find(enumeration);
    return found != words_.end() && found->second.contains(std::string(word));
  }

 private:
  void fill(Type& type, std::string_view content) {
    for (const std::string_view word : words_of(content)) {
      const std::size_t colon = word.find(':');
      CHECK(colon != std::string_view::npos, "schema_table.cpp: a property without a kind");
      Field field;
      field.name = word.substr(0, colon);
      std::string_view kind = word.substr(colon + 1);
      if (kind.front() == '*') {
        field.list = true;
        kind.remove_prefix(1);
      }
      field.kind = kind_of(kind.front());
      if (field.kind == FieldKind::nested) field.type = types_.at(kind.substr(2)).get();
      if (field.kind == FieldKind::word) field.enumeration = kind.substr(2);
      type.fields.emplace(field.name, field);
    }
  }
  void limit(std::string_view type, const Length& length) {
    const auto found = types_.at(type)->fields.find(length.field);
    if (found != types_.at(type)->fields.end()) found->second.max = length.max;
  }

  std::unordered_map<std::string_view, std::unique_ptr<Type>> types_;
  std::unordered_map<std::string_view, std::unordered_set<std::string>> words_;
};

const Schema& schema() {
  static const Schema built;
  return built;
}

}  // namespace

const Field* Type::field(std::string_view wanted) const {
  const auto found = fields.find(wanted);
  return found == fields.end() ? nullptr : &found->second;
}

const Type* type_named(std::string_view name) { return schema().type(name); }
bool is_word_of(std::string_view enumeration, std::string_view word) { return schema().word(enumeration, word); }

}  // namespace tieout::sandbox::quickbooks
