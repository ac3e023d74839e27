// Writing to QuickBooks: thirty to a batch, several batches in flight, each with a requestid made from the keys of its
// items, so that the same set sent again is answered with the first outcome. Items answer for themselves. What is
// neither confirmed nor refused is uncertain and never sent again from here; only a throttled item is.
#include <fmt/core.h>

#include <set>

#include "base/hash.hpp"
#include "vendors/quickbooks/connector.hpp"
#include "vendors/whole.hpp"

namespace tieout::vendors::quickbooks {
namespace {

using ports::WriteKind;
using ports::WriteOutcome;
using ports::WriteRequest;

constexpr std::size_t kLongestRequestId = 50;

const char* word(WriteKind kind) {
  constexpr const char* kWords[] = {"create", "update", "void"};
  return kWords[static_cast<std::size_t>(kind)];
}

WriteOutcome failed(Fault fault) {
  WriteOutcome out;
  out.fault = std::move(fault);
  return out;
}

Fault unknown_item(const std::string& what) {
  return {"quickbooks.answer.incomplete",
          fmt::format("QuickBooks' answer {}; the record is looked up before anything else", what), "",
          Certainty::unknown};
}

bool passing(const Fault& fault) {
  return fault.code == "quickbooks.throttled" || fault.code == "quickbooks.unreachable";
}

/// A refusal of the whole call for the sake of one item: the others deserve a try of their own.
bool worth_splitting(const Fault& fault) {
  static const std::set<std::string> kNotOfOneItem = {"quickbooks.auth.refused",  "quickbooks.auth.revoked",
                                                      "quickbooks.auth.missing",  "quickbooks.auth.unreachable",
                                                      "quickbooks.realm.refused", "quickbooks.subscription.lapsed",
                                                      "quickbooks.throttled",     "quickbooks.unreachable"};
  return fault.certainty == Certainty::not_applied && !kNotOfOneItem.contains(fault.code);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// Our mark goes into the private note, where a person can read it and a look-up can find it.
std::string with_reference(const std::string& body, const std::string& field, const std::string& reference) {
  if (reference.empty() || field.empty()) return body;
  if (body.find('"' + field + '"') == std::string::npos) {
    std::string out = "{";
    json::append_string(out, field);
    out += ':';
    json::append_string(out, reference);
    const auto first = body.find_first_not_of(" \t\r\n", body.find('{') + 1);
    if (body[first] != '}') out += ',';
    return out.append(body, first);
  }
  auto value = json::parse(body);
  if (!value) return body;
  const std::string note = (*value)[field].text();
  if (note.find(reference) != std::string::npos) return body;
  value->set(field, json::Value::string(note.empty() ? reference : note + " " + reference));
  return value->dump();
}

}  // namespace

std::string request_id(std::span<const WriteRequest> requests, const std::vector<std::size_t>& items, int attempt) {
  std::string keys;
  for (const std::size_t item : items) {
    if (requests[item].idempotency_key.empty()) return {};
    keys += requests[item].idempotency_key + "\n";
  }
  if (items.size() == 1 && attempt == 1 && requests[items.front()].idempotency_key.size() <= kLongestRequestId)
    return requests[items.front()].idempotency_key;
  if (attempt > 1) keys += fmt::format("try {}", attempt);
  return hex(sha256(keys)).substr(0, 48);
}

Result<std::string> QuickBooks::entity_body(const WriteRequest& request) const {
  if (request.kind == WriteKind::create) {
    if (!is_whole_json(request.body) || request.body.find('{') == std::string::npos)
      return fail("quickbooks.request.malformed", "the fields to write are not a JSON object; please report it");
    const ObjectFacts* facts = session_.manifest().object(request.object);
    return with_reference(request.body, facts ? facts->detail("reference") : "", request.reference);
  }
  if (request.vendor_id.empty() || request.version.empty())
    return fail("quickbooks.request.malformed",
                fmt::format("a change of {} needs its Id and SyncToken; please report it", request.object));
  json::Value entity = json::Value::object();
  entity.set("Id", json::Value::string(request.vendor_id));
  entity.set("SyncToken", json::Value::string(request.version));
  if (request.kind == WriteKind::void_document && request.object != "Payment") return entity.dump();
  entity.set("sparse", json::Value::boolean(true));
  if (request.kind == WriteKind::void_document) return entity.dump();
  auto fields = json::parse(request.body);
  if (!fields || !fields->is_object())
    return fail("quickbooks.request.malformed", "the fields to write are not a JSON object; please report it");
  for (auto& [name, value] : fields->members())
    if (!entity.find(name)) entity.set(name, std::move(value));
  return entity.dump();
}

void QuickBooks::cut(std::span<const WriteRequest> requests, std::deque<Todo>& waiting, const Done& done) const {
  Todo open;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const WriteRequest& request = requests[i];
    const ObjectFacts* facts = session_.manifest().object(request.object);
    const auto allowed = [&](const char* operation) {
      return facts &&
             std::find(facts->operations.begin(), facts->operations.end(), operation) != facts->operations.end();
    };
    if (!allowed(word(request.kind))) {
      done(i, failed({"quickbooks.operation.unsupported",
                      fmt::format("QuickBooks cannot {} a {}", word(request.kind), request.object)}));
      continue;
    }
    if (request.kind == WriteKind::void_document) {
      waiting.push_back({{i}, 1});  // a void is an option of the address, which a batch does not have
      continue;
    }
    const std::string id = request.object + ":" + request.vendor_id;
    const bool twice = request.kind == WriteKind::update && !ids.insert(id).second;
    if (twice || open.items.size() >= static_cast<std::size_t>(batch_size(request.object, request.kind))) {
      waiting.push_back(std::exchange(open, Todo{}));
      ids = {id};
    }
    open.items.push_back(i);
  }
  if (!open.items.empty()) waiting.push_back(std::move(open));
}

Call QuickBooks::single_call(const WriteRequest& request, const std::string& body, int attempt) const {
  std::string rest = "/" + lower(request.object);
  if (request.kind == WriteKind::void_document)
    rest += request.object == "Payment" ? "?operation=update&include=void" : "?operation=void";
  if (const std::string id = request_id(std::span(&request, 1), {0}, attempt); !id.empty())
    rest += (rest.find('?') == std::string::npos ? "?requestid=" : "&requestid=") + id;
  return Call{.kind = CallKind::write,
              .method = "POST",
              .path = path(rest),
              .body = body,
              .about = fmt::format("{} {}", word(request.kind), request.object)};
}

std::optional<QuickBooks::Flying> QuickBooks::launch(std::span<const WriteRequest> requests, Todo todo,
                                                     const Done& done) {
  std::vector<std::string> bodies;
  std::vector<std::size_t> good;
  for (const std::size_t item : todo.items) {
    auto body = entity_body(requests[item]);
    if (!body) {
      done(item, failed(body.error()));
      continue;
    }
    bodies.push_back(std::move(*body));
    good.push_back(item);
  }
  todo.items = std::move(good);
  if (todo.items.empty()) return std::nullopt;
  if (todo.items.size() == 1) {
    Call call = single_call(requests[todo.items.front()], bodies.front(), todo.attempt);
    return Flying{std::move(todo), session_.start(std::move(call))};
  }
  std::string rest = "/batch";
  if (const std::string id = request_id(requests, todo.items, todo.attempt); !id.empty()) rest += "?requestid=" + id;
  Call call{.kind = CallKind::write,
            .method = "POST",
            .path = path(rest),
            .body = {},
            .about = fmt::format("write {} records", todo.items.size())};
  json::Writer out(call.body);
  out.begin_object().key("BatchItemRequest").begin_array();
  for (std::size_t i = 0; i < todo.items.size(); ++i) {
    const WriteRequest& request = requests[todo.items[i]];
    out.begin_object().member("bId", std::to_string(i)).member("operation", word(request.kind));
    out.key(request.object).raw(bodies[i]).end_object();
  }
  out.end_array().end_object();
  return Flying{std::move(todo), session_.start(std::move(call))};
}

void QuickBooks::write(std::span<const WriteRequest> requests, const Done& done) {
  std::deque<Todo> waiting;
  cut(requests, waiting, done);
  std::deque<Flying> flying;
  while (!waiting.empty() || !flying.empty()) {
    while (!waiting.empty() && flying.size() < static_cast<std::size_t>(in_flight())) {
      Todo todo = std::move(waiting.front());
      waiting.pop_front();
      if (auto started = launch(requests, std::move(todo), done)) flying.push_back(std::move(*started));
    }
    if (flying.empty()) continue;
    Flying first = std::move(flying.front());
    flying.pop_front();
    settle(requests, std::move(first), waiting, done);
  }
}

void QuickBooks::settle(std::span<const WriteRequest> requests, Flying flying, std::deque<Todo>& waiting,
                        const Done& done) {
  auto response = session_.finish(std::move(flying.pending));
  const Todo& todo = flying.todo;
  if (!response) return settle_failed(todo, response.error(), waiting, done);
  if (todo.items.size() == 1)
    return settle_single(requests[todo.items.front()], todo.items.front(), std::move(response->body), done);
  settle_batch(requests, todo, std::move(response->body), waiting, done);
}

void QuickBooks::settle_failed(const Todo& todo, const Fault& fault, std::deque<Todo>& waiting, const Done& done) {
  if (todo.items.size() > 1 && worth_splitting(fault)) {
    const auto middle = todo.items.begin() + static_cast<std::ptrdiff_t>(todo.items.size() / 2);
    waiting.push_back({{todo.items.begin(), middle}, 1});
    waiting.push_back({{middle, todo.items.end()}, 1});
    return;
  }
  for (const std::size_t item : todo.items) {
    WriteOutcome outcome = failed(fault);
    outcome.retry = passing(fault);
    if (outcome.retry) outcome.retry_after = Milliseconds{60'000};
    done(item, std::move(outcome));
  }
}

void QuickBooks::settle_single(const WriteRequest& request, std::size_t item, std::string body, const Done& done) {
  auto answer = read_answer(std::move(body));
  if (!answer) return done(item, failed(answer.error()));
  const bool ours = answer->rows.size() == 1 && answer->rows.front().entity == request.object &&
                    (request.kind == WriteKind::create || answer->rows.front().id == request.vendor_id);
  if (!ours) return done(item, failed(unknown_item("is about another record")));
  WriteOutcome outcome;
  outcome.record = record_of(answer->rows.front());
  done(item, std::move(outcome));
}

void QuickBooks::settle_batch(std::span<const WriteRequest> requests, const Todo& todo, std::string body,
                              std::deque<Todo>& waiting, const Done& done) {
  auto answer = read_batch(std::move(body));
  if (!answer) {
    for (const std::size_t item : todo.items) done(item, failed(answer.error()));
    return;
  }
  std::map<std::string, std::vector<const BatchItem*>> by_bid;
  for (const BatchItem& item : answer->items) by_bid[item.bid].push_back(&item);
  Todo again{{}, todo.attempt + 1};
  Milliseconds wait{0};
  for (std::size_t i = 0; i < todo.items.size(); ++i) {
    const std::size_t index = todo.items[i];
    const WriteRequest& request = requests[index];
    const auto found = by_bid.find(std::to_string(i));
    if (found == by_bid.end()) {
      done(index, failed(unknown_item("leaves this record out")));
      continue;
    }
    const BatchItem& item = *found->second.front();
    if (found->second.size() > 1) {
      done(index, failed(unknown_item("names this record twice")));
    } else if (item.error) {
      auto judged =
          session_.judge(CallKind::write, 400, *item.error, fmt::format("{} {}", word(request.kind), request.object));
      if (!item.error->understood) judged.fault.certainty = Certainty::unknown;
      if (judged.retry && todo.attempt < session_.setting("retry_attempts", session_.manifest().retries.attempts)) {
        again.items.push_back(index);
        wait =
            std::max(wait, Milliseconds{session_.setting("throttle_wait_ms", static_cast<int>(judged.wait.count()))});
        continue;
      }
      WriteOutcome outcome = failed(std::move(judged.fault));
      outcome.retry = judged.retry;
      outcome.retry_after = judged.wait;
      done(index, std::move(outcome));
    } else if (!item.row || item.row->entity != request.object ||
               (request.kind == WriteKind::update && item.row->id != request.vendor_id)) {
      done(index, failed(unknown_item("is about another record")));
    } else {
      WriteOutcome outcome;
      outcome.record = record_of(*item.row);
      done(index, std::move(outcome));
    }
  }
  if (again.items.empty()) return;
  session_.pause(wait, 1);
  waiting.push_back(std::move(again));
}

}  // namespace tieout::vendors::quickbooks
