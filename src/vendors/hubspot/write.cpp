// Writing to HubSpot, a hundred a call, with an outcome for each item. The rule: an item is called refused only when
// the vendor said so about that item (or about the whole call), written only when its record came back; everything
// else is uncertain and looked up later, never sent again from here.
#include <fmt/core.h>

#include <set>
#include <unordered_set>

#include "vendors/hubspot/connector.hpp"

namespace tieout::vendors::hubspot {
namespace {

using ports::WriteKind;
using ports::WriteOutcome;
using ports::WriteRequest;

const char* word(WriteKind kind) { return kind == WriteKind::create ? "create" : "update"; }

WriteOutcome failed(Fault fault) {
  WriteOutcome out;
  out.fault = std::move(fault);
  return out;
}

Fault unknown_item(std::string_view what) {
  return Fault{
      "hubspot.answer.incomplete",
      fmt::format("HubSpot's answer says nothing about this record ({}); it is looked up before anything else", what),
      "", Certainty::unknown};
}

/// A refusal of the whole call for the sake of one item: the others deserve a try of their own.
bool worth_splitting(const Fault& fault) {
  static const std::set<std::string> kOfOneItem = {"hubspot.value.invalid", "hubspot.conflict",
                                                   "hubspot.property.unknown", "hubspot.record.gone",
                                                   "hubspot.request.refused"};
  return fault.certainty == Certainty::not_applied && kOfOneItem.contains(fault.code);
}

std::string reference_in(const Row& row, const std::string& property) {
  auto properties = json::parse(row.properties);
  return properties ? (*properties)[property].text() : std::string();
}

}  // namespace

const json::Value& properties_in(const json::Value& body) {
  const json::Value* inner = body.find("properties");
  return inner && inner->is_object() ? *inner : body;
}

std::string property_text(const json::Value& value) {
  if (value.is_array()) {  // multi-select values are joined by semicolons
    std::string out;
    for (const json::Value& item : value.items()) out += (out.empty() ? "" : ";") + property_text(item);
    return out;
  }
  return value.text();
}

Result<std::string> HubSpot::input_of(const WriteRequest& request, std::size_t index) const {
  auto body = json::parse(request.body);
  if (!body || !body->is_object())
    return fail("hubspot.request.malformed", "the fields to write are not a JSON object; please report it");
  const json::Value& properties = properties_in(*body);
  const std::string reference = facts_of(request.object).detail("reference");
  std::string text;
  json::Writer out(text);
  out.begin_object();
  if (request.kind == WriteKind::update) out.member("id", request.vendor_id);
  out.member("objectWriteTraceId", std::to_string(index)).key("properties").begin_object();
  for (const auto& [name, value] : properties.members())
    if (&properties != &*body || (name != "associations" && name != "id")) out.member(name, property_text(value));
  if (request.kind == WriteKind::create && !request.reference.empty() && !reference.empty() &&
      !properties.find(reference))
    out.member(reference, request.reference);
  out.end_object();
  if (request.kind == WriteKind::create)
    if (const json::Value* associations = body->find("associations"); associations && associations->is_array())
      out.key("associations").value(*associations);
  out.end_object();
  return text;
}

void HubSpot::cut_batches(std::span<const WriteRequest> requests, std::deque<std::vector<std::size_t>>& waiting,
                          const Done& done) const {
  struct Open {
    std::vector<std::size_t> items;
    std::unordered_set<std::string> ids;
  };
  std::map<std::pair<std::string, WriteKind>, Open> open;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const WriteRequest& request = requests[i];
    if (request.kind == WriteKind::void_document) {
      done(i, failed({"hubspot.operation.unsupported",
                      "HubSpot has no void; archive the record by hand or change its stage"}));
      continue;
    }
    if (!session_.manifest().object(request.object)) {
      done(i, failed({"hubspot.object.unknown", fmt::format("HubSpot's manifest has no object '{}'", request.object),
                      "object"}));
      continue;
    }
    Open& batch = open[{request.object, request.kind}];
    // The same id twice in one batch is refused by the vendor: the second waits for the next batch.
    const bool twice = request.kind == WriteKind::update && !batch.ids.insert(request.vendor_id).second;
    if (twice || batch.items.size() >= static_cast<std::size_t>(batch_size(request.object, request.kind))) {
      waiting.push_back(std::move(batch.items));
      batch = Open{};
      batch.ids.insert(request.vendor_id);
    }
    batch.items.push_back(i);
  }
  for (auto& [key, batch] : open)
    if (!batch.items.empty()) waiting.push_back(std::move(batch.items));
}

void HubSpot::write(std::span<const WriteRequest> requests, const Done& done) {
  std::deque<std::vector<std::size_t>> waiting;
  cut_batches(requests, waiting, done);
  std::deque<Batch> flying;
  while (!waiting.empty() || !flying.empty()) {
    while (!waiting.empty() && flying.size() < static_cast<std::size_t>(in_flight())) {
      std::vector<std::size_t> items = std::move(waiting.front());
      waiting.pop_front();
      const WriteRequest& first = requests[items.front()];
      Call call{.kind = CallKind::write,
                .method = "POST",
                .path = fmt::format("/crm/v3/objects/{}/batch/{}", first.object, word(first.kind)),
                .body = "{\"inputs\":[",
                .about = fmt::format("{} {} {}", word(first.kind), items.size(), first.object)};
      Batch batch;
      for (const std::size_t item : items) {
        auto input = input_of(requests[item], item);
        if (!input) {
          done(item, failed(input.error()));
          continue;
        }
        if (!batch.items.empty()) call.body += ',';
        call.body += *input;
        batch.items.push_back(item);
      }
      if (batch.items.empty()) continue;
      call.body += "]}";
      batch.pending = session_.start(std::move(call));
      flying.push_back(std::move(batch));
    }
    if (flying.empty()) continue;
    Batch batch = std::move(flying.front());
    flying.pop_front();
    settle_batch(requests, std::move(batch), waiting, done);
  }
}

void HubSpot::settle_batch(std::span<const WriteRequest> requests, Batch batch,
                           std::deque<std::vector<std::size_t>>& waiting, const Done& done) {
  auto response = session_.finish(std::move(batch.pending));
  if (!response) {
    const Fault& fault = response.error();
    if (batch.items.size() > 1 && worth_splitting(fault)) {
      const auto middle = batch.items.begin() + static_cast<std::ptrdiff_t>(batch.items.size() / 2);
      waiting.emplace_back(batch.items.begin(), middle);
      waiting.emplace_back(middle, batch.items.end());
      return;
    }
    for (const std::size_t item : batch.items) {
      WriteOutcome outcome = failed(fault);
      outcome.retry = fault.code == "hubspot.throttled" || fault.code == "hubspot.locked" ||
                      fault.code == "hubspot.migrating" || fault.code == "hubspot.unreachable";
      if (outcome.retry) outcome.retry_after = Milliseconds{10'000};
      done(item, std::move(outcome));
    }
    return;
  }
  auto answer = read_answer(std::move(response->body));
  if (!answer) {
    for (const std::size_t item : batch.items) done(item, failed(answer.error()));
    return;
  }
  settle_items(requests, batch.items, std::move(*answer), done);
}

void HubSpot::settle_items(std::span<const WriteRequest> requests, const std::vector<std::size_t>& items, Answer answer,
                           const Done& done) {
  const WriteRequest& first = requests[items.front()];
  const bool creating = first.kind == WriteKind::create;
  std::unordered_map<std::string, std::size_t> by_trace, by_name;
  for (const std::size_t item : items) {
    by_trace.emplace(std::to_string(item), item);
    const std::string& name = creating ? requests[item].reference : requests[item].vendor_id;
    if (!name.empty()) by_name.emplace(name, item);
  }
  std::set<std::size_t> open(items.begin(), items.end());
  const auto settle = [&](std::size_t item, WriteOutcome outcome) {
    if (open.erase(item) > 0) done(item, std::move(outcome));
  };
  const std::string reference = facts_of(first.object).detail("reference");
  for (std::size_t i = 0; i < answer.rows.size(); ++i) {
    const Row& row = answer.rows[i];
    auto found = answer.traces[i].empty() ? by_trace.end() : by_trace.find(answer.traces[i]);
    if (found == by_trace.end()) {
      found = by_name.find(creating ? reference_in(row, reference) : row.id);
      if (found == by_name.end()) continue;  // whose record this is cannot be told: its item stays uncertain
    }
    WriteOutcome outcome;
    outcome.record = plain_record(first.object, row);
    outcome.record->partial = true;  // the answer holds what was written, not everything that was asked for
    settle(found->second, std::move(outcome));
  }
  for (const ItemError& error : answer.errors) {
    auto judged =
        session_.judge(CallKind::write, 400, error.error, fmt::format("{} {}", word(first.kind), first.object));
    const auto refuse = [&](std::size_t item) {
      WriteOutcome outcome = failed(judged.fault);
      outcome.retry = judged.retry;
      outcome.retry_after = judged.wait;
      settle(item, std::move(outcome));
    };
    for (const std::string& trace : error.traces)
      if (const auto found = by_trace.find(trace); found != by_trace.end()) refuse(found->second);
    if (!creating)
      for (const std::string& id : error.ids)
        if (const auto found = by_name.find(id); found != by_name.end()) refuse(found->second);
    // An error that names nobody can only be about the one item that is left without an answer.
    if (error.traces.empty() && error.ids.empty() && open.size() == 1 && answer.errors.size() == 1)
      refuse(*open.begin());
  }
  for (const std::size_t item : std::set<std::size_t>(open))
    done(item, failed(unknown_item("neither a result nor an error")));
}

}  // namespace tieout::vendors::hubspot
