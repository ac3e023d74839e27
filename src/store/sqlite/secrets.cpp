#include "store/sqlite/secrets.hpp"

#include <fmt/core.h>
#include <sodium.h>
#include <sys/stat.h>

#include "base/check.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/schema.hpp"

namespace tieout {
namespace {

using ports::Unit;
using sqlite::Blob;

constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::string_view kTokens = "tokens";
constexpr std::string_view kNamed = "named";

/// Wipes a string's bytes when the scope ends.
class Wiped {
 public:
  explicit Wiped(std::string text) : text_(std::move(text)) {}
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { sodium_memzero(text_.data(), text_.size()); }
  const std::string& text() const { return text_; }
  std::string& text() { return text_; }

 private:
  std::string text_;
};

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// length:bytes for each, so that no two different lists of parts look alike.
void append_part(std::string& out, std::string_view part) {
  out += std::to_string(part.size());
  out += ':';
  out += part;
}

/// The next part, taken off the front; nothing when the text is no list of parts.
std::optional<std::string> take_part(std::string_view& rest) {
  const std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 9) return std::nullopt;
  std::size_t length = 0;
  for (const char digit : rest.substr(0, colon)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    length = length * 10 + static_cast<std::size_t>(digit - '0');
  }
  if (rest.size() - colon - 1 < length) return std::nullopt;
  std::string part(rest.substr(colon + 1, length));
  rest.remove_prefix(colon + 1 + length);
  return part;
}

}  // namespace

Secrets::Secrets(std::unique_ptr<sqlite::Connection> db, std::int64_t entity, std::string entity_name, MasterKey key)
    : db_(std::move(db)), entity_(entity), entity_name_(std::move(entity_name)), key_(std::move(key)) {}
Secrets::~Secrets() = default;

Result<std::unique_ptr<Secrets>> Secrets::open(std::string path, std::string entity, MasterKey key) {
  CHECK(sodium_init() >= 0, "libsodium cannot start");
  TRY(db, sqlite::Connection::open(path, {}));
  if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0)
    return fail("secrets.io", fmt::format("{}: its permissions cannot be set to 0600. Check who owns it.", path));
  // A rollback journal and secure_delete: a value that was replaced does not linger in the file or in a log.
  TRY_VOID(db->script(
      "PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;"
      "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -256;"));
  TRY_VOID(sqlite::migrate(*db, sqlite::kSecretsMark, sqlite::secret_migrations()));
  TRY(entity_number, sqlite::entity_id(*db, entity, false));
  return std::unique_ptr<Secrets>(new Secrets(std::move(db), entity_number, std::move(entity), std::move(key)));
}

std::string Secrets::associated(std::string_view kind, std::string_view name) const {
  std::string text = "tieout.secret.1;";
  append_part(text, entity_name_);
  append_part(text, kind);
  append_part(text, name);
  return text;
}

Result<Unit> Secrets::seal_row(std::string_view kind, std::string_view name, std::string_view value) {
  const std::string with = associated(kind, name);
  std::string nonce(kNonce, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  std::string sealed(value.size() + kTag, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char*>(sealed.data()), nullptr, bytes(value),
                                             value.size(), bytes(with), with.size(), nullptr, bytes(nonce),
                                             key_.data());
  const std::lock_guard guard(mutex_);
  if (auto refused = db_->stopped()) return fail(*std::move(refused));
  return db_->run(
      "INSERT INTO secret (entity, kind, name, nonce, sealed) VALUES (?, ?, ?, ?, ?) "
      "ON CONFLICT (entity, kind, name) DO UPDATE SET nonce = excluded.nonce, sealed = excluded.sealed",
      entity_, kind, name, Blob{nonce}, Blob{sealed});
}

Result<std::string> Secrets::open_row(std::string_view kind, std::string_view name) {
  std::string nonce, sealed;
  {
    const std::lock_guard guard(mutex_);
    auto rows =
        db_->query("SELECT nonce, sealed FROM secret WHERE entity = ? AND kind = ? AND name = ?", entity_, kind, name);
    TRY(row, rows.next());
    if (!row)
      return fail("secrets.absent",
                  fmt::format("Nothing is stored under \"{}\". Run tieout connect for it first.", name));
    nonce = rows.text(0);
    sealed = rows.text(1);
  }
  const std::string with = associated(kind, name);
  if (nonce.size() == kNonce && sealed.size() >= kTag) {
    std::string value(sealed.size() - kTag, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(value.data()), nullptr, nullptr,
                                                   bytes(sealed), sealed.size(), bytes(with), with.size(), bytes(nonce),
                                                   key_.data()) == 0)
      return value;
  }
  return fail("secrets.unreadable",
              fmt::format("What is stored under \"{}\" does not open with this master key, or was "
                          "altered. Put the right key in place, or run tieout connect again.",
                          name));
}

Result<Unit> Secrets::erase_row(std::string_view kind, std::string_view name) {
  const std::lock_guard guard(mutex_);
  if (auto refused = db_->stopped()) return fail(*std::move(refused));
  return db_->run("DELETE FROM secret WHERE entity = ? AND kind = ? AND name = ?", entity_, kind, name);
}

Result<ports::Tokens> Secrets::load(const std::string& connection) {
  TRY(opened, open_row(kTokens, connection));
  const Wiped plain(std::move(opened));
  std::string_view rest = plain.text();
  auto access = take_part(rest);
  auto refresh = take_part(rest);
  const auto expires = take_part(rest);
  if (!access || !refresh || !expires)
    return fail("secrets.unreadable",
                fmt::format("The tokens of \"{}\" are not in a form this version knows. Run tieout "
                            "connect again.",
                            connection));
  return ports::Tokens{*std::move(access), *std::move(refresh), instant_from_ms(std::stoll("0" + *expires))};
}

Result<bool> Secrets::save(const std::string& connection, const ports::Tokens& tokens) {
  std::string packed;
  packed.reserve(tokens.access_token.size() + tokens.refresh_token.size() + 64);  // no copy left behind by growing
  append_part(packed, tokens.access_token);
  append_part(packed, tokens.refresh_token);
  append_part(packed, std::to_string(std::max<std::int64_t>(0, to_ms(tokens.expires_at))));
  const Wiped plain(std::move(packed));
  TRY_VOID(seal_row(kTokens, connection, plain.text()));
  return true;
}

Result<std::string> Secrets::secret(std::string_view name) { return open_row(kNamed, name); }
Result<Unit> Secrets::set_secret(std::string_view name, std::string_view value) {
  return seal_row(kNamed, name, value);
}
Result<Unit> Secrets::forget(std::string_view name) { return erase_row(kNamed, name); }
Result<Unit> Secrets::forget_tokens(std::string_view connection) { return erase_row(kTokens, connection); }

}  // namespace tieout
