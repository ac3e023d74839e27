// What the embedded store costs, as the engine uses it on a first load: pages of the CRM observed, each record linked
// and its write journalled, then the confirmed record of the books observed, joined and settled; in transactions of
// 1,000. Prints microseconds of CPU and records a second for each step, then the same for a delta. Figures, not a test.
//
//   bench_store [records] [folder] [random|ordered keys]
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "prove/log_leaf.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace {

using namespace tieout;
using namespace tieout::ports;

constexpr int kStep = 1'000;
const Instant kNow = instant_from_ms(1'700'000'000'000);

template <class T>
T must(Result<T> result) {
  if (result) return *std::move(result);
  fmt::print(stderr, "{}: {}\n", result.error().code, result.error().what);
  std::exit(1);
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Adds up what one step costs, over all its turns.
class Stopwatch {
 public:
  explicit Stopwatch(std::string name) : name_(std::move(name)) {}
  template <class Body>
  void time(Body&& body) {
    const double cpu = cpu_seconds();
    const auto wall = std::chrono::steady_clock::now();
    body();
    cpu_ += cpu_seconds() - cpu;
    wall_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
  }
  void add(const Stopwatch& other) {
    cpu_ += other.cpu_;
    wall_ += other.wall_;
  }
  void print(int count) const {
    fmt::print("  {:<44} {:>7.2f} us CPU each {:>10.0f} a second\n", name_, cpu_ / count * 1e6, count / wall_);
  }

 private:
  std::string name_;
  double cpu_ = 0, wall_ = 0;
};

Observation observation(Side side, int number, int revision) {
  Observation seen;
  seen.side = side;
  seen.type = side == Side::crm ? "deal" : "invoice";
  seen.vendor_id = std::to_string((side == Side::crm ? 9'000'000'000 : 1'000) + number);
  seen.version = std::to_string(revision);
  seen.modified_at = kNow;
  seen.body = fmt::format("{}/{}/{}/", seen.type, seen.vendor_id, revision) +
              std::string(560, static_cast<char>('a' + number % 26));
  const Digest digest = sha256(seen.body);
  std::copy_n(digest.begin(), seen.digest.size(), seen.digest.begin());
  seen.mentions = {{side == Side::crm ? "company" : "customer", std::to_string(500'000 + number)}};
  return seen;
}

struct Ids {
  std::vector<RecordId> crm;
  std::vector<LinkId> links;
  std::vector<IntentId> intents;
};

std::vector<Observation> page_of(Side side, int from, int to, int revision) {
  std::vector<Observation> page;
  for (int i = from; i < to; ++i) page.push_back(observation(side, i, revision));
  return page;
}

/// One transaction, timed; what it is given was made before the clock started.
template <class Body>
void in_transaction(Store& store, Stopwatch& watch, Body&& body) {
  watch.time([&] {
    auto transaction = must(Transaction::on(store));
    body();
    must(transaction.commit());
  });
}

void observe_deals(Store& store, Stopwatch& watch, int from, int to, Ids& ids) {
  std::string words;
  for (int i = from; i < to; ++i)
    words += fmt::format(R"({{"id":"{}","properties":{{"amount":"{}.10","dealname":"Order {}"}}}},)", 9'000'000'000 + i,
                         i * 7, i * 13);
  auto page = page_of(Side::crm, from, to, 1);
  in_transaction(store, watch, [&] {
    const PayloadId payload = must(store.keep_payload(Side::crm, kNow, words));
    for (Observation& seen : page) seen.payload = payload;
    for (const Noted& noted : must(store.observe(page, kNow))) ids.crm.push_back(noted.id);
  });
}

Intent intent_for(const StoredRecord& record, LinkId link, bool random_keys) {
  Intent intent;
  intent.key = fmt::format("inv-{}-1-c", record.vendor_id);
  if (random_keys) intent.key = hex(sha256(intent.key)).substr(0, 40);
  intent.type = "invoice";
  intent.object = "Invoice";
  intent.source = record.id;
  intent.link = link;
  intent.body = record.body;
  intent.reference = "tieout:" + record.vendor_id;
  intent.wanted = record.digest;
  intent.plan = "plan-7f3a09";
  intent.created_at = kNow;
  return intent;
}

void decide(Store& store, Stopwatch& watch, int from, int to, bool random_keys, Ids& ids) {
  in_transaction(store, watch, [&] {
    const auto dirty = must(store.dirty(Side::crm, "deal", from ? ids.crm[from - 1] : RecordId::none, to - from));
    std::vector<Intent> intents;
    for (const StoredRecord& record : dirty) {
      const LinkId link =
          must(store.new_link({LinkId::none, "invoices", "created by plan-7f3a09", kNow, record.digest}));
      must(store.join(link, record.id));
      must(store.settle(record.id, State::pending, "", "", "", false));
      intents.push_back(intent_for(record, link, random_keys));
      ids.links.push_back(link);
    }
    for (const IntentId id : must(store.add_intents(intents))) ids.intents.push_back(id);
  });
}

void confirm(Store& store, Stopwatch& watch, int from, int to, Ids& ids) {
  const auto page = page_of(Side::books, from, to, 1);
  in_transaction(store, watch, [&] {
    const auto made = must(store.observe(page, kNow));
    for (int i = from; i < to; ++i) {
      const RecordId invoice = made[static_cast<std::size_t>(i - from)].id;
      must(store.join(ids.links[i], invoice));
      must(store.finish_intent(ids.intents[i], IntentState::confirmed, "1000", "ok", "", kNow));
      must(store.settle(invoice, State::in_sync, "", "", "", true));
      must(store.settle(ids.crm[i], State::in_sync, "", "", "", true));
    }
  });
}

void first_load(Store& store, int records, bool random_keys) {
  Stopwatch seen("1 observe deals, with their page"), decided("2 read dirty, link, join, settle, intent"),
      confirmed("3 observe invoice, join, finish, settle both"), whole("1-3 first load, whole");
  Ids ids;
  for (int from = 0; from < records; from += kStep) {
    const int to = std::min(records, from + kStep);
    observe_deals(store, seen, from, to, ids);
    decide(store, decided, from, to, random_keys, ids);
    confirm(store, confirmed, from, to, ids);
  }
  for (const Stopwatch* step : {&seen, &decided, &confirmed}) {
    step->print(records);
    whole.add(*step);
  }
  whole.print(records);
}

void observe_again(Store& store, const char* name, int records, int revision, const char* version) {
  Stopwatch watch(name);
  for (int from = 0; from < records; from += kStep) {
    auto page = page_of(Side::crm, from, std::min(records, from + kStep), revision);
    for (Observation& seen : page) seen.version = version;
    in_transaction(store, watch, [&] { must(store.observe(page, kNow)); });
  }
  watch.print(records);
}

void read_pairs(Store& store, int records) {
  Stopwatch watch("7 read a deal and its invoice by link");
  watch.time([&] {
    for (int i = 0; i < records; ++i) {
      const auto deal = must(store.find(Side::crm, "deal", std::to_string(9'000'000'000 + i)));
      if (must(store.linked(deal->link, Side::books))->body.empty()) std::exit(1);
    }
  });
  watch.print(records);
}

/// A line as the engine makes it for a confirmed write: composed, added, its tree kept.
void add_to_log(Store& store, int records) {
  Stopwatch watch("8 audit log: compose and add a line");
  for (int from = 0; from < records; from += kStep)
    in_transaction(store, watch, [&] {
      for (int i = from; i < std::min(records, from + kStep); ++i) {
        prove::Leaf leaf;
        leaf.number = must(store.log_size());
        leaf.at = kNow;
        leaf.entity = "Northwind";
        leaf.by = "tieout";
        leaf.action = "write.confirmed";
        leaf.record = fmt::format("crm:deal:{}", 9'000'000'000 + i);
        leaf.partner = fmt::format("books:invoice:{}", 1'000 + i);
        leaf.link = i;
        leaf.ends = 2;
        leaf.key = fmt::format("c{:028x}-1", i);
        leaf.kind = "create";
        leaf.after = std::string(32, 'a');
        leaf.payload = leaf.answer = leaf.answer_payload = std::string(64, 'b');
        leaf.mapping = 1;
        leaf.plan = "plan-7f3a09c1";
        leaf.approval = 4;
        leaf.request = hex(sha256(std::string(600, static_cast<char>('a' + i % 26))));
        leaf.code = "ok";
        const NewLeaf line{RecordId{2 * i + 1}, RecordId{2 * i + 2}, to_text(leaf)};
        must(store.append_leaves({&line, 1}));
      }
    });
  watch.print(records);
}

long peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  const int records = argc > 1 ? std::atoi(argv[1]) : 100'000;
  const std::string folder = argc > 2 ? argv[2] : "/tmp";
  const bool random_keys = argc > 3 && std::string(argv[3]) == "random";
  const std::string path = fmt::format("{}/tieout-bench-{}.db", folder, ::getpid());
  fmt::print("{} records a side, {} keys, transactions of {}, {}\n", records, random_keys ? "random" : "ordered", kStep,
             path);
  {
    auto store = must(open_sqlite(path, "bench"));
    first_load(*store, records, random_keys);
    observe_again(*store, "4 observe deals again, nothing changed", records, 1, "1");
    observe_again(*store, "5 observe deals again, new version only", records, 1, "2");
    observe_again(*store, "6 observe deals again, all changed", records, 2, "3");
    read_pairs(*store, records);
    add_to_log(*store, records);
    fmt::print("  peak memory {} MiB\n", peak_mib());
  }
  struct stat facts {};
  ::stat(path.c_str(), &facts);
  fmt::print("  file {} MiB, {} bytes a linked pair\n", facts.st_size >> 20, facts.st_size / records);
  for (const char* suffix : {"", ".lock", "-wal", "-shm"}) ::unlink((path + suffix).c_str());
}
