// How a record looks from outside: the stored members plus what other records have moved since.
#include <fmt/core.h>

#include "base/check.hpp"
#include "sandbox/quickbooks/books.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

void append_links(std::string& out, const Record& record) {
  if (record.applied.empty() && record.keys.linked.empty()) return;
  out += "\"LinkedTxn\":[";
  std::string_view comma;
  for (std::size_t i = 0; i < record.applied.size(); ++i) {
    if (i > 0 && record.applied[i].payment == record.applied[i - 1].payment) continue;
    out += fmt::format("{}{{\"TxnId\":\"{}\",\"TxnType\":\"Payment\"}}", comma, record.applied[i].payment);
    comma = ",";
  }
  if (!record.keys.linked.empty()) out.append(comma).append(record.keys.linked);
  out += "],";
}

}  // namespace

std::string Books::render(Entity entity, const Record& record) const {
  std::string out;
  out.reserve(record.body.size() + 320);
  const int offset = profile_.utc_offset_minutes;
  const std::string created = local_time(record.created, offset);
  out += fmt::format(
      "{{\"domain\":\"QBO\",\"sparse\":false,\"Id\":\"{}\",\"SyncToken\":\"{}\",\"MetaData\":{{\"CreateTime\":\"{}\","
      "\"LastUpdatedTime\":\"{}\"}},",
      id_text(entity, record.id), record.version, created,
      record.updated == record.created ? created : local_time(record.updated, offset));
  if (record.keys.carries_balance) {
    const Decimal open = record.open_balance();
    out += fmt::format("\"Balance\":{},", money_text(open));
    if (entity == Entity::credit_memo) out += fmt::format("\"RemainingCredit\":{},", money_text(open));
    if (settings_.multi_currency) out += fmt::format("\"HomeBalance\":{},", money_text(open * record.keys.rate));
    append_links(out, record);
  } else if (entity == Entity::customer) {
    const std::string balance = money_text(customer_balance(record.id));
    out += fmt::format("\"Balance\":{},\"BalanceWithJobs\":{},", balance, balance);
  } else if (entity == Entity::payment && record.deposit_id != 0) {
    out += fmt::format("\"LinkedTxn\":[{{\"TxnId\":\"{}\",\"TxnType\":\"Deposit\"}}],", record.deposit_id);
  }
  if (record.body.empty())
    out.back() = '}';
  else
    out.append(record.body).push_back('}');
  return out;
}

Books::Value Books::document(Entity entity, const Record& record) const {
  auto parsed = json::parse(render(entity, record));
  CHECK(parsed.has_value(), "a rendered record is not JSON");
  return *std::move(parsed);
}

}  // namespace tieout::sandbox::quickbooks
