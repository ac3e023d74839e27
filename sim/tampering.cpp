#include "sim/tampering.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/json.hpp"

namespace tieout::sim {
namespace {

using json::Value;

bool replace_all(std::string& body, std::string_view from, std::string_view to) {
  bool changed = false;
  for (std::size_t at = body.find(from); at != std::string::npos; at = body.find(from, at + to.size())) {
    body.replace(at, from.size(), to);
    changed = true;
  }
  return changed;
}

using Pair = std::pair<std::string_view, std::string_view>;

/// The first of the pairs, from a drawn one on, that the body has.
template <std::size_t N>
bool replace_one_of(std::string& body, const Pair (&pairs)[N], Rng& rng) {
  const std::size_t first = rng.below(N);
  for (std::size_t i = 0; i < N; ++i) {
    const auto& [from, to] = pairs[(first + i) % N];
    if (replace_all(body, from, to)) return true;
  }
  return false;
}

constexpr Pair kRenames[] = {
    {"\"dealname\":", "\"deal_name\":"},
    {"\"closedate\":", "\"close_date\":"},
    {"\"DisplayName\":", "\"ShownName\":"},
    {"\"TotalAmt\":", "\"TotalAmount\":"},
    {"\"Balance\":", "\"OpenBalance\":"},
    {"\"results\":", "\"items\":"},
    {"\"SyncToken\":", "\"Version\":"},
    {"\"TxnDate\":", "\"Date\":"},
    {"\"hs_lastmodifieddate\":", "\"hs_modified\":"},
};
constexpr Pair kEnums[] = {
    {"\"EmailStatus\":\"NotSet\"", "\"EmailStatus\":\"HandedToCourier\""},
    {"\"PrintStatus\":\"NotSet\"", "\"PrintStatus\":\"Engraved\""},
    {"\"GlobalTaxCalculation\":\"NotApplicable\"", "\"GlobalTaxCalculation\":\"Negotiated\""},
    {"\"Type\":\"Service\"", "\"Type\":\"Subscription2\""},
    {"\"dealstage\":\"qualifiedtobuy\"", "\"dealstage\":\"daydreaming\""},
    {"\"dealstage\":\"appointmentscheduled\"", "\"dealstage\":\"lunch\""},
    {"\"status\":\"COMPLETE\"", "\"status\":\"COMPLETE_SOON\""},
};
constexpr std::string_view kNonsense[] = {
    "{}",
    "[]",
    "null",
    "{\"status\":\"ok\"}",
    "{\"message\":\"All systems operational\",\"uptime\":\"99.99\"}",
    "{\"results\":{\"id\":7}}",
    "{\"QueryResponse\":[]}",
    "{\"BatchItemResponse\":\"30\"}",
};

void reverse_items(Value& list, bool& changed) {
  if (!list.is_array() || list.size() < 2) return;
  std::reverse(list.items().begin(), list.items().end());
  changed = true;
}

std::string fewer(Rng& rng) { return std::to_string(rng.between(1, 9)); }

bool replace_number_after(std::string& text, std::string_view before, const std::string& number) {
  const std::size_t at = text.find(before);
  if (at == std::string::npos) return false;
  const std::size_t from = at + before.size();
  std::size_t end = from;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  if (end == from) return false;
  text.replace(from, end - from, number);
  return true;
}

}  // namespace

bool rename_a_field(std::string& body, Rng& rng) { return replace_one_of(body, kRenames, rng); }
bool add_an_enum(std::string& body, Rng& rng) { return replace_one_of(body, kEnums, rng); }

bool numbers_as_text(std::string& body) {
  bool changed = false;
  for (const std::string_view name :
       {"\"TotalAmt\":", "\"Balance\":", "\"Amount\":", "\"UnitPrice\":", "\"Qty\":", "\"total\":"}) {
    for (std::size_t at = body.find(name); at != std::string::npos; at = body.find(name, at + name.size())) {
      const std::size_t from = at + name.size();
      const std::size_t end = body.find_first_not_of("0123456789.-", from);
      if (end == from || end == std::string::npos) continue;
      body.insert(end, 1, '"');
      body.insert(from, 1, '"');
      changed = true;
    }
  }
  return changed;
}

bool reorder_page(std::string& body) {
  auto parsed = json::parse(body);
  if (!parsed || !parsed->is_object()) return false;
  bool changed = false;
  if (Value* results = parsed->find("results")) reverse_items(*results, changed);
  const auto reverse_answer = [&](Value& answer) {
    for (auto& [name, list] : answer.members()) reverse_items(list, changed);
  };
  if (Value* answer = parsed->find("QueryResponse")) reverse_answer(*answer);
  if (Value* feed = parsed->find("CDCResponse"))
    for (Value& part : feed->items())
      if (Value* answers = part.find("QueryResponse"))
        for (Value& answer : answers->items()) reverse_answer(answer);
  if (changed) body = parsed->dump();
  return changed;
}

std::string nonsense(Rng& rng) { return std::string(rng.pick(kNonsense)); }

bool ask_for_less(ports::HttpRequest& request, Rng& rng) {
  if (request.url.find("/crm/v3/objects/") == std::string::npos) return false;
  return replace_number_after(request.url, "limit=", fewer(rng)) ||
         replace_number_after(request.body, "\"limit\":", fewer(rng));
}

bool drop_cursor(ports::HttpRequest& request) {
  const std::size_t in_url = request.url.find("&after=");
  if (in_url != std::string::npos) {
    const std::size_t end = request.url.find('&', in_url + 1);
    request.url.erase(in_url, end == std::string::npos ? std::string::npos : end - in_url);
    return true;
  }
  const std::size_t in_body = request.body.find(",\"after\":\"");
  if (in_body == std::string::npos) return false;
  const std::size_t end = request.body.find('"', in_body + 10);
  if (end == std::string::npos) return false;
  request.body.erase(in_body, end + 1 - in_body);
  return true;
}

}  // namespace tieout::sim
