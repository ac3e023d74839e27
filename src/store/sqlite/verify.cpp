// The second opinion: what the schema and the running totals promise, asked of the rows themselves.
#include <fmt/core.h>

#include "store/sqlite/damage.hpp"
#include "store/sqlite/log.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace tieout {
namespace {

struct Promise {
  const char* broken;  ///< SQL that counts the rows that break it
  const char* says;
};

constexpr Promise kPromises[] = {
    {"SELECT count(*) FROM pragma_foreign_key_check", "rows refer to rows that are not there"},
    {"SELECT count(*) FROM record AS r WHERE (r.link IS NOT NULL AND NOT EXISTS (SELECT 1 FROM link WHERE id = "
     "r.link)) OR "
     "(r.payload IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payload WHERE id = r.payload)) OR "
     "NOT EXISTS (SELECT 1 FROM word WHERE id = r.type)",
     "records refer to links, payloads or types that are not there"},
    {"SELECT count(*) FROM mention AS m WHERE NOT EXISTS (SELECT 1 FROM record WHERE id = m.record)",
     "mentions are of no record"},
    {"SELECT count(*) FROM event AS e WHERE NOT EXISTS (SELECT 1 FROM record WHERE id = e.record)",
     "events are of no record"},
    {"SELECT count(*) FROM intent AS i WHERE (i.source IS NOT NULL AND NOT EXISTS (SELECT 1 FROM record WHERE id = "
     "i.source)) "
     "OR (i.target IS NOT NULL AND NOT EXISTS (SELECT 1 FROM record WHERE id = i.target)) OR "
     "(i.link IS NOT NULL AND NOT EXISTS (SELECT 1 FROM link WHERE id = i.link))",
     "intents are of no record or link"},
    {"SELECT count(*) FROM (SELECT entity, side, type, state, count(*) FROM record GROUP BY 1, 2, 3, 4 UNION ALL "
     "SELECT entity, 0, type, 0, count(*) FROM link GROUP BY 1, 3 EXCEPT SELECT entity, side, type, state, count FROM "
     "tally)",
     "groups of records or links are counted wrongly in the tally"},
    {"SELECT count(*) FROM (SELECT entity, side, type, state, count FROM tally WHERE count <> 0 EXCEPT SELECT * FROM "
     "(SELECT "
     "entity, side, type, state, count(*) FROM record GROUP BY 1, 2, 3, 4 UNION ALL "
     "SELECT entity, 0, type, 0, count(*) FROM link GROUP BY 1, 3))",
     "tallies stand for records or links that are not there"},
    {"SELECT count(*) FROM record WHERE agreed = 1 AND base IS NOT NULL", "agreed records still have a base"},
    {"SELECT count(*) FROM record AS r JOIN link AS l ON l.id = r.link WHERE l.entity <> r.entity",
     "records are in a link of another entity"},
    {"SELECT count(*) FROM mention AS m JOIN record AS r ON r.id = m.record WHERE r.entity <> m.entity OR r.side <> "
     "m.side "
     "OR r.type <> m.type OR r.mentions IS NULL",
     "mentions do not fit their record"},
    {"SELECT count(*) FROM intent WHERE state >= 2 AND finished_at IS NULL", "intents are finished without a time"},
    {"SELECT count(*) FROM refused_pair AS p WHERE NOT EXISTS (SELECT 1 FROM refused_pair AS q WHERE q.entity = "
     "p.entity AND q.record = p.other AND q.other = p.record)",
     "refused pairs are known to one of the two only"},
};

Result<ports::Unit> verify_rows(sqlite::Connection& db, const std::string& path) {
  {
    auto rows = db.query("PRAGMA integrity_check(1)");
    TRY(row, rows.next());
    if (!row || rows.text(0) != "ok")
      return fail("store.corrupt", fmt::format("{}: {}. Keep a copy of the file and restore the last good backup.",
                                               path, row ? rows.text(0) : "no answer"));
  }
  for (const Promise& promise : kPromises) {
    TRY(broken, db.number(promise.broken));
    if (broken != 0)
      return fail("store.corrupt", fmt::format("{}: {} {}. Keep a copy of the file and restore the last good backup.",
                                               path, broken, promise.says));
  }
  return sqlite::verify_log_rows(db);
}

}  // namespace

Result<ports::Unit> verify_sqlite(const std::string& path, const std::string& vfs) {
  TRY(db, sqlite::Connection::open(path, {.create = false, .read_only = true, .vfs = vfs}));
  TRY_VOID(sqlite::require_current(*db, sqlite::kStoreMark, sqlite::store_migrations()));
  auto verified = verify_rows(*db, path);
  if (verified) return verified;
  const std::string damage = sqlite::what_is_damaged(*db);
  if (damage.empty()) return verified;
  return fail("store.corrupt",
              fmt::format("{}: {}. Keep a copy of the file and restore the last good backup.", path, damage));
}

}  // namespace tieout
