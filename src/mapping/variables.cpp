#include "mapping/variables.hpp"

#include "mapping/environments.hpp"

namespace tieout::mapping {

using model::Value;

namespace {

Value text_or_null(const std::string& text) { return text.empty() ? Value::null() : Value::text(text); }

Value account_value(const Account& account) {
  std::vector<Value> currencies;
  for (const std::string& currency : account.currencies) currencies.push_back(Value::text(currency));
  std::vector<model::MapEntry> others;
  for (const auto& [name, value] : account.others) others.push_back({Value::text(name), Value::text(value)});
  return Value::record(&account_shape(),
                       {text_or_null(account.id), text_or_null(account.name), text_or_null(account.country),
                        text_or_null(account.home_currency), Value::boolean(account.multi_currency),
                        Value::list(std::move(currencies)), text_or_null(account.time_zone),
                        account.books_closed_through ? Value::date(*account.books_closed_through) : Value::null(),
                        Value::map(std::move(others))});
}

}  // namespace

const model::RecordShape& account_shape() {
  static const model::RecordShape shape("account", {"id", "name", "country", "home_currency", "multi_currency",
                                                    "currencies", "time_zone", "books_closed_through", "others"});
  return shape;
}

expr::Type account_type() {
  using expr::Type;
  auto record = std::make_shared<expr::RecordType>();
  record->shape = std::shared_ptr<const model::RecordShape>(std::shared_ptr<void>(), &account_shape());
  const Type text = Type::nullable(Type::text());
  record->fields = {text,
                    text,
                    text,
                    text,
                    Type::boolean(),
                    Type::list(Type::text()),
                    text,
                    Type::nullable(Type::date()),
                    Type::map(Type::text(), Type::text())};
  return Type::record(std::move(record));
}

Variables::Variables(Value settings)
    : accounts_{account_value(Account{}), account_value(Account{})}, settings_(std::move(settings)) {}

Variables& Variables::set_account(Side side, const Account& account) {
  accounts_[static_cast<std::size_t>(side)] = account_value(account);
  return *this;
}

}  // namespace tieout::mapping
