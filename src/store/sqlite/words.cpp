#include "store/sqlite/words.hpp"

#include <fmt/core.h>

namespace tieout::sqlite {

Result<WordId> Words::known(std::string_view text) {
  if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
  auto stored = db_.query("SELECT id FROM word WHERE text = ?", text);
  TRY(row, stored.next());
  if (!row) return 0;
  numbers_.emplace(text, stored.integer(0));
  return stored.integer(0);
}

Result<WordId> Words::number(std::string_view text) {
  TRY(id, known(text));
  if (id) return id;
  TRY_VOID(db_.run("INSERT INTO word (text) VALUES (?)", text));
  numbers_.emplace(text, db_.last_id());
  return db_.last_id();
}

Result<std::string_view> Words::text(WordId id) {
  if (const auto found = texts_.find(id); found != texts_.end()) return std::string_view(found->second);
  auto stored = db_.query("SELECT text FROM word WHERE id = ?", id);
  TRY(row, stored.next());
  if (!row)
    return fail("store.corrupt", fmt::format("{}: word {} is missing. Restore the last good backup.", db_.path(), id));
  return std::string_view(texts_.emplace(id, stored.text(0)).first->second);
}

void Words::forget() {
  numbers_.clear();
  texts_.clear();
}

}  // namespace tieout::sqlite
