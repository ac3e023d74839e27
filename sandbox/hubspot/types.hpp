// The kinds of objects and of associations that the pretended account knows, with the names and numbers HubSpot gives
// them. Paths take the plural, the singular or the number ("deals", "deal", "0-3").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tieout::sandbox::hubspot {

enum Type : std::uint8_t {
  contacts,
  companies,
  deals,
  tickets,
  products,
  line_items,
  quotes,
  invoices,
  payments,
  orders
};
inline constexpr int kTypes = 10;

struct TypeInfo {
  std::string_view plural;
  std::string_view singular;
  std::string_view id;                     ///< "0-3"
  std::string_view upper;                  ///< as error messages name it: "DEAL"
  std::string_view embedded;               ///< the key under "associations" in a record: "line items", with a blank
  std::string_view modified;               ///< property with the modified date
  std::vector<std::string_view> defaults;  ///< properties that come back when none are asked for
  std::vector<std::string_view> searched;  ///< properties that a search's `query` looks at
};

/// "a b c" as its words, which stay views into the text.
std::vector<std::string_view> words_of_list(std::string_view text);

const TypeInfo& info(Type type);
std::optional<Type> type_named(std::string_view name);

enum class Category : std::uint8_t { hubspot_defined, user_defined, integrator_defined };
std::string_view name_of(Category category);
std::optional<Category> category_named(std::string_view name);

struct AssociationType {
  Type from;
  Type to;
  int id;
  int inverse;  ///< the same association seen from the other side
  bool primary;
  std::string name;   ///< of the older endpoints: "deal_to_company"
  std::string label;  ///< empty: unlabelled
  Category category = Category::hubspot_defined;
};

/// Every association type of the account; users may add labelled ones.
class AssociationTypes {
 public:
  AssociationTypes();
  const AssociationType* find(Category category, int id) const;
  /// The unlabelled one; there is one for each pair that HubSpot lets associate.
  const AssociationType* unlabelled(Type from, Type to) const;
  const AssociationType* primary(Type from, Type to) const;
  const AssociationType* named(Type from, Type to, std::string_view name) const;
  std::vector<const AssociationType*> between(Type from, Type to) const;
  /// Two new types, one a direction.
  std::vector<const AssociationType*> add_label(Type from, Type to, const std::string& name, const std::string& label,
                                                const std::string& inverse_label);

 private:
  void pair(Type a, Type b, int ab, int ba, bool primary = false);
  std::vector<AssociationType> types_;
  int next_user_defined_ = 1;
};

}  // namespace tieout::sandbox::hubspot
