// First inputs for every target, so that the fuzzer starts from what the real thing looks like: records, answers and
// pages of both sandboxes, the shipped packs, the expressions of the official CEL cases. Written anew for every run
// (fuzz_seeds FOLDER); only what is not to be had this way lies in fuzz/corpus/.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/embedded.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/merkle.hpp"
#include "decide/plan.hpp"
#include "mapping/mapping.hpp"
#include "prove/log_leaf.hpp"
#include "prove/log_note.hpp"
#include "sandbox/hubspot/hubspot.hpp"
#include "sandbox/quickbooks/sandbox.hpp"

namespace {

using namespace tieout;
namespace files = std::filesystem;

files::path folder;

void seed(const std::string& target, std::string_view content) {
  files::create_directories(folder / target);
  std::ofstream(folder / target / hex(sha256(content)).substr(0, 16), std::ios::binary) << content;
}

/// With the byte by which a target chooses.
void seed(const std::string& target, std::size_t choice, std::string_view content) {
  seed(target, std::string(1, static_cast<char>(choice)) + std::string(content));
}

std::string read_file(const files::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::size_t index_of(const mapping::PackSet& packs, const mapping::ObjectMapping* object) {
  for (std::size_t i = 0; i < packs.objects().size(); ++i)
    if (packs.objects()[i].object() == object->object() && packs.objects()[i].vendor() == object->vendor()) return i;
  return 0;
}

/// A record as the vendor gives it: mapped by the packs, and as bytes of our store.
void seed_record(const mapping::PackSet& packs, const mapping::Variables& variables, const std::string& vendor,
                 const std::string& object_name, const std::string& body) {
  seed("json", body);
  const mapping::ObjectMapping* object = packs.find(vendor, object_name);
  if (object == nullptr) return;
  seed("vendor_records", index_of(packs, object), body);
  const auto record = object->to_canonical(body, variables);
  if (!record) return;
  std::string bytes;
  model::encode(*record, bytes);
  for (std::size_t i = 0; i < model::types().size(); ++i)
    if (model::types()[i] == &record->type()) seed("stored_records", i, bytes);
}

void seed_quickbooks(const mapping::PackSet& packs, const mapping::Variables& variables, Instant now) {
  sandbox::quickbooks::QuickbooksOptions options;
  options.no_limits = true;
  const auto books = std::move(*sandbox::quickbooks::QuickbooksSandbox::create(options, now));
  for (const std::string entity : {"Customer", "Item", "Invoice", "Payment", "CreditMemo", "TaxCode", "Account"}) {
    const std::string statement =
        "select * from " + entity + " where Id > '0' orderby Id desc startposition 1 maxresults 2";
    seed("quickbooks_query", statement);
    const auto answer = books->handle(sandbox::make_request("POST", "/v3/company/9130357849/query", statement,
                                                            {{"Authorization", "Bearer sandbox-token"}}),
                                      now);
    seed("answers", 1, answer.body);
    const auto body = json::parse(answer.body);
    for (const json::Value& record : (*body)["QueryResponse"][entity].items())
      seed_record(packs, variables, "quickbooks", entity, record.dump());
  }
}

void seed_hubspot(const mapping::PackSet& packs, const mapping::Variables& variables, Instant now) {
  sandbox::HubspotOptions options;
  options.no_limits = true;
  const auto crm = std::move(*sandbox::HubspotSandbox::create(options, now));
  for (const std::string object : {"companies", "deals", "products", "line_items", "contacts"}) {
    std::string names;
    if (const auto* mapping = packs.find("hubspot", object))
      for (const std::string& name : mapping->vendor_names("properties")) names += "," + name;
    const auto answer =
        crm->handle(sandbox::make_request("GET", "/crm/v3/objects/" + object + "?limit=2&properties=name" + names, {},
                                          {{"Authorization", "Bearer hubspot-sandbox-private-app"}}),
                    now);
    seed("answers", 0, answer.body);
    const auto body = json::parse(answer.body);
    for (const json::Value& record : (*body)["results"].items())
      seed_record(packs, variables, "hubspot", object, record.dump());
  }
}

void seed_texts(const mapping::PackSet& packs) {
  const auto cases = json::parse(read_file(files::path(TIEOUT_SOURCE_DIR) / "tests/cases/cel/conformance.json"));
  for (const auto& [file, list] : cases->members())
    for (const json::Value& one : list.items()) seed("cel", one["expr"].text());
  for (const mapping::ObjectMapping& object : packs.objects())
    for (const auto& row : object.rows()) seed("cel", row.expression);
  for (const std::string_view path : embedded_names("packs/")) seed("yaml", *embedded_file(path));
  for (const std::string name : {"customers.csv", "products.csv"})
    seed("csv", 0, read_file(files::path(TIEOUT_SOURCE_DIR) / "sandbox/seed/northwind" / name).substr(0, 1200));
  decide::Plan plan;
  decide::Change change;
  change.flow = "invoices";
  change.type = "invoice";
  change.currency = "EUR";
  change.amount = Decimal::of("1086.00");
  change.steps.push_back({"payment_terms", "30", "45", "books"});
  plan.changes.assign(2, change);
  plan.seal();
  seed("plan", decide::to_json(plan).dump());
}

/// Everything signed here is signed by another key than the one that the target believes.
void seed_audit_log() {
  const prove::KeySeed stranger{9};
  const std::string origin = prove::origin_of("Northwind");
  prove::Leaf leaf;
  leaf.number = 0;
  leaf.entity = "Northwind";
  leaf.by = "ana";
  leaf.action = "run.begun";
  leaf.more = {{"command", "sync"}};
  const std::string line = prove::to_text(leaf);
  const std::string note = prove::sign({origin, 1, merkle::leaf_hash(line)}, stranger);
  seed("audit_log", 0, line);
  seed("audit_log", 1, note + line + "\n");
  const auto text = json::Value::string;
  const json::Value entry =
      json::Value::object({{"number", json::Value::number(0)}, {"line", text(line)}, {"proof", json::Value::array()}});
  const json::Value file = json::Value::object(
      {{"checkpoint", text(note)}, {"lines", json::Value::array({entry})}, {"evidence", json::Value::array()}});
  seed("audit_log", 2, file.dump_pretty() + "\n");
  seed("audit_log", 3, note);
  seed("audit_log", 3, note + "\n" + note);
  seed("audit_log", 4, prove::to_text(prove::VerifierKey{origin, prove::public_key(stranger)}));
  seed("audit_log", 4, hex(sha256(line)));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: fuzz_seeds FOLDER\n", stderr), 2;
  folder = argv[1];
  const auto packs = mapping::PackSet::load_embedded();
  if (!packs) return std::fputs(packs.error().what.c_str(), stderr), 1;
  const auto variables = packs->variables();
  const Instant now = *parse_instant("2026-11-21T10:00:00Z");
  seed_texts(*packs);
  seed_quickbooks(*packs, *variables, now);
  seed_hubspot(*packs, *variables, now);
  seed_audit_log();
}
