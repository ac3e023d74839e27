// One company's books: its lists, its transactions and the rules between them. A pure state machine: it is told what
// was asked and what time it is, and answers with a record or a Rejection; HTTP, tokens and faults stand outside
// (sandbox.hpp). The rules are spread by subject: names.cpp, lists.cpp, sales.cpp, tax.cpp, payments.cpp, company.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "sandbox/kit/write_log.hpp"
#include "sandbox/quickbooks/entities.hpp"
#include "sandbox/quickbooks/rejection.hpp"
#include "sandbox/quickbooks/table.hpp"

namespace tieout::sandbox::quickbooks {

struct Profile {
  std::string realm = "9130357849";
  std::string company = "Northwind Traders";
  std::string country = "US";  ///< "US": TAX/NON and one tax code a form; anything else: a tax code a line
  std::string home_currency = "USD";
  int utc_offset_minutes = -8 * 60;
  bool rounds_half_even = false;  ///< books a line's amount rounded half even, whatever the client rounded
  bool is_us() const { return country == "US"; }
};

/// What the rules ask of Preferences, kept in step with that record.
struct Settings {
  std::string book_close_date;  ///< empty: open
  bool custom_txn_numbers = false;
  bool multi_currency = false;
  bool auto_apply_credit = false;
  bool warn_duplicate_numbers = true;
  bool partner_tax = false;
  bool allow_shipping = true;
  std::string default_tax_code;  ///< id of the code used when the engine of automated sales tax picks one
};

struct Context {
  Instant now{};
  bool allow_duplicate_number = false;
};

class Books {
 public:
  using Value = json::Value;
  explicit Books(Profile profile, Instant now);

  const Profile& profile() const { return profile_; }
  const Settings& settings() const { return settings_; }
  const Table& table(Entity entity) const { return tables_[static_cast<std::size_t>(entity)]; }

  /// Writes. The body is what stands under the entity's name in the request. On a Rejection nothing has changed.
  Outcome<const Record*> create(Entity entity, Value body, const Context& context);
  /// Full, or sparse when the body says "sparse": true. Needs Id and a SyncToken that matches (5010).
  Outcome<const Record*> update(Entity entity, Value body, const Context& context);
  /// Transactions only; gives what the answer shows: {"status": "Deleted", "domain": "QBO", "Id": …}.
  Outcome<Value> remove(Entity entity, Value body, const Context& context);
  /// Amounts become zero, the record stays.
  Outcome<const Record*> cancel(Entity entity, Value body, const Context& context);
  Outcome<const Record*> mark_sent(Entity entity, std::string_view id, std::string_view address, Instant now);
  /// What an accountant does by giving one name the name of another: `lost` becomes inactive, and its transactions and
  /// sub-customers go over to `kept`. The API has no such call.
  Outcome<const Record*> merge_customers(std::string_view kept, std::string_view lost, const Context& context);
  /// The answer of TaxService; makes rates and a code.
  Outcome<Value> create_tax_code(const Value& body, const Context& context);
  Outcome<const Record*> set_exchange_rate(Value body, const Context& context);
  /// Home units for one unit of that currency on that day: the last rate set on or before it; 1 for home itself.
  Decimal exchange_rate(std::string_view currency, std::string_view date) const;

  Outcome<const Record*> read(Entity entity, std::string_view id) const;
  std::string render(Entity entity, const Record& record) const;
  Value document(Entity entity, const Record& record) const;
  static std::string id_text(Entity entity, std::int64_t id);
  /// 0 when the text is no id.
  static std::int64_t id_number(Entity entity, std::string_view text);

  /// Amounts that were booked otherwise than sent, because of Profile::rounds_half_even.
  std::int64_t rounded_otherwise() const { return rounded_otherwise_; }

  /// While a batch runs its items do not see what earlier items made: references and queries stop at this birth.
  std::uint64_t births() const { return births_; }
  void see_only_until(std::uint64_t birth) { visible_ = birth; }
  void see_all() { visible_ = UINT64_MAX; }
  bool is_visible(const Record& record) const { return record.birth <= visible_; }

  Decimal customer_balance(std::int64_t customer) const;

  /// Every write from now on is told there, refused ones too; the log must live as long as the books.
  void log_writes_to(WriteLog& log) { log_ = &log; }

 private:
  struct Target {
    Entity entity;
    std::int64_t id;
    Decimal amount;
  };
  /// A write on its way: the merged document, and what the rules derive from it.
  struct Draft {
    Entity entity;
    Value document;
    Keys keys;
    const Record* before = nullptr;
    Context context;
    bool tax_sent = false;  ///< the request itself carried TxnTaxDetail
    bool links_sent = false;
    std::vector<Target> targets;  ///< of a payment: what it settles; of a deposit: the payments in it
  };
  struct Name {
    Entity entity;
    std::int64_t id;
  };
  struct TaxShare {
    std::int64_t rate;
    Decimal percent;
  };
  struct TaxCodeRates {
    std::string name;
    std::vector<TaxShare> shares;
  };

  Table& table_of(Entity entity) { return tables_[static_cast<std::size_t>(entity)]; }
  std::int64_t next_id(Entity entity);
  Refusal prepare(Draft& draft);
  const Record* commit(Draft& draft);
  Outcome<const Record*> create_record(Entity entity, Value body, const Context& context);
  Outcome<const Record*> update_record(Entity entity, Value body, const Context& context);
  Outcome<Value> remove_record(Entity entity, Value body, const Context& context);
  Outcome<const Record*> cancel_record(Entity entity, Value body, const Context& context);

  // write_notes.cpp
  std::optional<Written> begun(Deed deed, Entity entity, const Value& body) const;
  template <class T>
  Outcome<T> ended(std::optional<Written> written, Outcome<T> outcome);

  // merge.cpp
  void hand_over(Entity entity, std::int64_t id, const Record& kept, Instant now);
  Value stored(const Record& record) const;
  void store(Record& record, const Value& document);
  void contribute(Entity entity, const Keys& keys, int sign);
  Outcome<Record*> current(Entity entity, const Value& body);
  Refusal resolve(Value& document, std::string_view field, Entity target) const;
  Refusal require(const Value& document, std::string_view field) const;

  // names.cpp: Customer, Vendor, Employee
  Refusal prepare_name(Draft& draft);
  Refusal prepare_parent(Draft& draft) const;
  Refusal claim_display_name(const Draft& draft, std::string& display) const;
  Refusal prepare_currency_of_name(Draft& draft) const;
  void register_name(Entity entity, const Record& record, const std::string& old_folded);

  // lists.cpp: Item, Account, Term, PaymentMethod, Class, Department
  Refusal prepare_list(Draft& draft);
  Refusal prepare_item(Draft& draft) const;
  Refusal prepare_account(Draft& draft) const;
  Refusal prepare_term(Draft& draft) const;
  Refusal prepare_simple(Draft& draft) const;
  Refusal claim_list_name(const Draft& draft, std::string& name) const;
  Refusal account_of_kind(Value& document, std::string_view field, std::string_view kinds) const;

  // sales.cpp and lines.cpp: Invoice, CreditMemo, SalesReceipt, RefundReceipt, Estimate
  struct Totals;
  Refusal prepare_sales(Draft& draft);
  Refusal prepare_header(Draft& draft);
  Refusal prepare_lines(Draft& draft, Totals& totals) const;
  Refusal prepare_line(Draft& draft, Value& line, Totals& totals) const;
  Refusal prepare_item_line(Value& line, Totals& totals) const;
  Refusal prepare_group_line(Value& line, Totals& totals) const;
  Refusal prepare_discount(Value& line, Totals& totals) const;
  void finish_lines(Draft& draft, const Totals& totals) const;
  Refusal number_document(Draft& draft);
  Refusal check_currency(Draft& draft) const;
  Refusal check_period(const Draft& draft) const;
  Refusal check_dates(Draft& draft) const;
  void default_due_date(Draft& draft) const;
  Refusal link_estimates(Draft& draft);

  // tax.cpp
  Refusal compute_tax(Draft& draft, Totals& totals) const;
  Refusal compute_us_tax(Draft& draft, Totals& totals) const;
  Refusal compute_global_tax(Draft& draft, Totals& totals) const;
  const TaxCodeRates* tax_code(const std::string& id) const;

  // payments.cpp: Payment, Deposit
  Refusal prepare_payment(Draft& draft);
  Refusal prepare_payment_line(Draft& draft, Value& line, Decimal& invoices, Decimal& credits) const;
  Refusal prepare_deposit(Draft& draft);
  void apply(Record& payment, std::vector<Target> targets, Instant now);
  void release(Entity entity, Record& record, Decimal excess, Instant now);
  void take_from_payment(std::int64_t payment, Entity entity, std::int64_t id, Decimal amount, Instant now);
  void set_deposited(const Record& deposit, std::vector<Target> targets, Instant now);
  void apply_credit(const Record& credit, const Context& context);
  void trim_credits(Value& lines, std::int64_t payment, Decimal excess, Instant now);
  bool same_family(std::int64_t a, std::int64_t b) const;
  Refusal cancellable(Entity entity, const Record& record) const;

  // company.cpp: CompanyInfo, Preferences, CompanyCurrency, TaxService
  void found_company(Instant now);
  Refusal prepare_company(Draft& draft);
  Refusal prepare_currency(Draft& draft) const;
  Record& put(Entity entity, std::int64_t id, const Value& document, Keys keys, Instant now);
  void read_settings(const Value& preferences);
  Outcome<std::int64_t> tax_rate_for(const Value& detail, const Context& context, Decimal& percent);

  WriteLog* log_ = nullptr;
  Profile profile_;
  Settings settings_;
  std::array<Table, kEntities> tables_;
  std::unordered_map<std::string, Name> names_;  ///< folded, over Customer, Vendor and Employee
  std::unordered_map<std::int64_t, Decimal> balances_;
  std::unordered_map<std::int64_t, std::vector<Target>> settles_;   ///< payment → what it settles
  std::unordered_map<std::int64_t, std::vector<Target>> deposits_;  ///< deposit → payments in it
  std::unordered_map<std::int64_t, TaxCodeRates> tax_codes_;
  std::map<std::string, std::map<std::string, Decimal>, std::less<>> rates_;  ///< currency → day → rate
  std::array<std::int64_t, kEntities> own_ids_{};
  std::int64_t transaction_ids_ = 0;
  std::int64_t name_ids_ = 0;
  std::int64_t last_number_ = 1000;  ///< of the sales forms' common sequence
  mutable std::int64_t rounded_otherwise_ = 0;
  std::uint64_t births_ = 0;
  std::uint64_t visible_ = UINT64_MAX;
};

/// What the lines of a sales form add up to, filled on the way.
struct Books::Totals {
  struct Part {
    std::string code;  ///< TaxCodeRef of the line
    Decimal net;
    Decimal gross;
    bool has_gross = false;
    Value* line = nullptr;
  };
  std::vector<Part> parts;
  Decimal subtotal;  ///< items without shipping
  Decimal shipping;
  Decimal discount;
  Decimal tax;
  std::size_t items = 0;
};

}  // namespace tieout::sandbox::quickbooks
