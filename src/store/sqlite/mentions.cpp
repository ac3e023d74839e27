#include "store/sqlite/mentions.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace tieout::sqlite {
namespace {

/// Reads "word id, length, bytes" one after the other.
class MentionReader {
 public:
  explicit MentionReader(std::string_view encoded) : rest_(encoded) {}
  bool next(WordId& type, std::string_view& vendor_id) {
    if (rest_.size() < 2 * sizeof(std::uint32_t)) return false;
    type = number();
    const std::size_t length = number();
    vendor_id = rest_.substr(0, length);
    rest_.remove_prefix(vendor_id.size());
    return true;
  }

 private:
  std::uint32_t number() {
    std::uint32_t value;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  std::string_view rest_;
};

void append_number(std::string& out, std::uint64_t value) {
  const auto small = static_cast<std::uint32_t>(value);
  out.append(reinterpret_cast<const char*>(&small), sizeof small);
}

}  // namespace

Result<std::string> encode_mentions(std::span<const std::pair<std::string, std::string>> mentions, Words& words) {
  std::string encoded;
  if (mentions.empty()) return encoded;
  std::vector<std::pair<WordId, std::string_view>> sorted;
  sorted.reserve(mentions.size());
  for (const auto& [type, vendor_id] : mentions) {
    TRY(number, words.number(type));
    sorted.emplace_back(number, vendor_id);
  }
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  for (const auto& [type, vendor_id] : sorted) {
    append_number(encoded, static_cast<std::uint64_t>(type));
    append_number(encoded, vendor_id.size());
    encoded += vendor_id;
  }
  return encoded;
}

Result<Unit> replace_mentions(Connection& db, std::int64_t entity, const Mentioner& record, std::string_view before,
                              std::string_view after) {
  if (before == after) return Unit{};
  WordId mentioned;
  std::string_view vendor_id;
  for (MentionReader old(before); old.next(mentioned, vendor_id);)
    TRY_VOID(
        db.run("DELETE FROM mention WHERE entity = ? AND side = ? AND mentioned = ? AND vendor_id = ? AND type = ? "
               "AND record = ?",
               entity, record.side, mentioned, vendor_id, record.type, record.id));
  for (MentionReader now(after); now.next(mentioned, vendor_id);)
    TRY_VOID(db.run("INSERT INTO mention (entity, side, mentioned, vendor_id, type, record) VALUES (?, ?, ?, ?, ?, ?)",
                    entity, record.side, mentioned, vendor_id, record.type, record.id));
  return Unit{};
}

}  // namespace tieout::sqlite
