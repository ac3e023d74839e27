#include "prove/log_note.hpp"

#include <fmt/core.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>

#include "base/check.hpp"

namespace tieout::prove {
namespace {

constexpr std::string_view kOriginStart = "tieout.log/";
constexpr std::string_view kDash = "\u2014 ";
constexpr char kEd25519 = 1;
constexpr std::size_t kKeyId = 4, kSignature = 64;
constexpr std::size_t kMostSignatures = 100;
constexpr std::size_t kLongestNote = 64 * 1024;

std::string_view bytes_of(const auto& array) { return {reinterpret_cast<const char*>(array.data()), array.size()}; }
const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string key_bytes(const PublicKey& key) { return std::string(1, kEd25519).append(bytes_of(key)); }

std::string key_id(std::string_view name, const PublicKey& key) {
  const Digest digest = sha256(std::string(name).append("\n").append(key_bytes(key)));
  return std::string(bytes_of(digest).substr(0, kKeyId));
}

bool is_name(std::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '+' || static_cast<unsigned char>(c) >= 0x7f;
  });
}

tl::unexpected<Fault> malformed(std::string_view why) {
  return fail("log.checkpoint.malformed",
              fmt::format("this is no checkpoint of an audit log ({}). Take an unchanged copy of it", why));
}

/// The next line without its end, taken off the front.
Result<std::string_view> line_of(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return malformed("its last line has no end");
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

Result<Checkpoint> body_of(std::string_view text) {
  Checkpoint checkpoint;
  TRY(origin, line_of(text));
  TRY(size, line_of(text));
  TRY(root, line_of(text));
  if (!text.empty()) return malformed("there is more than origin, size and root");
  checkpoint.origin = origin;
  const auto [end, trouble] = std::from_chars(size.data(), size.data() + size.size(), checkpoint.size);
  const std::string one_spelling = std::to_string(checkpoint.size);
  if (trouble != std::errc() || end != size.data() + size.size() || one_spelling != size || checkpoint.size < 0)
    return malformed("its size is no number");
  auto bytes = from_base64(root);
  if (!bytes || bytes->size() != checkpoint.root.size()) return malformed("its root is no SHA-256 in base64");
  std::copy(bytes->begin(), bytes->end(), checkpoint.root.begin());
  return checkpoint;
}

/// True: this line is a good signature of the key. False: of another key, which says nothing.
Result<bool> signed_by(std::string_view line, std::string_view text, const VerifierKey& key) {
  if (!line.starts_with(kDash)) return malformed("a signature line does not begin with a dash");
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !is_name(line.substr(0, space)))
    return malformed("a signature line names nobody");
  auto bytes = from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kKeyId) return malformed("a signature is no base64");
  const std::string id = key_id(key.name, key.key);
  if (line.substr(0, space) != key.name || !bytes->starts_with(id)) return false;
  const std::string_view signature = std::string_view(*bytes).substr(kKeyId);
  if (signature.size() == kSignature &&
      crypto_sign_verify_detached(raw(signature), raw(text), text.size(), key.key.data()) == 0)
    return true;
  return fail("log.checkpoint.unsigned",
              fmt::format("the signature of {} does not fit what the checkpoint says: it was changed", key.name));
}

}  // namespace

std::string origin_of(std::string_view entity) {
  std::string name(entity);
  for (char& c : name) {
    const bool fits =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
    if (!fits) c = '-';
  }
  if (name != entity) name += "-" + hex(sha256(entity)).substr(0, 8);
  return std::string(kOriginStart) + name;
}

PublicKey public_key(const KeySeed& seed) {
  CHECK(sodium_init() >= 0, "libsodium cannot start");
  PublicKey key;
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret;
  crypto_sign_seed_keypair(key.data(), secret.data(), seed.data());
  sodium_memzero(secret.data(), secret.size());
  return key;
}

std::string to_text(const VerifierKey& key) {
  return fmt::format("{}+{}+{}", key.name, hex(key_id(key.name, key.key)), base64(key_bytes(key.key)));
}

Result<VerifierKey> parse_verifier_key(std::string_view text) {
  VerifierKey key;
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second != std::string_view::npos) {
    key.name = text.substr(0, first);
    const auto bytes = from_base64(text.substr(second + 1));
    if (bytes && bytes->size() == key.key.size() + 1) {
      std::copy(bytes->begin() + 1, bytes->end(), key.key.begin());
      const std::string one_spelling = to_text(key);
      if (is_name(key.name) && one_spelling == text) return key;
    }
  }
  return fail("log.key.malformed",
              "this is no verifier key of an audit log (name+8 digits+base64 on one line). Print it again with: tieout "
              "verify --key");
}

std::string sign(const Checkpoint& checkpoint, const KeySeed& seed) {
  CHECK(sodium_init() >= 0, "libsodium cannot start");
  const std::string text =
      fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, base64(bytes_of(checkpoint.root)));
  PublicKey key;
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret;
  crypto_sign_seed_keypair(key.data(), secret.data(), seed.data());
  std::string bytes = key_id(checkpoint.origin, key);
  bytes.resize(kKeyId + kSignature);
  crypto_sign_detached(reinterpret_cast<unsigned char*>(bytes.data() + kKeyId), nullptr, raw(text), text.size(),
                       secret.data());
  sodium_memzero(secret.data(), secret.size());
  return fmt::format("{}\n{}{} {}\n", text, kDash, checkpoint.origin, base64(bytes));
}

Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key) {
  CHECK(sodium_init() >= 0, "libsodium cannot start");
  if (note.size() > kLongestNote) return malformed("it is too long");
  const std::size_t gap = note.rfind("\n\n");
  if (gap == std::string_view::npos) return malformed("no signature follows");
  const std::string_view text = note.substr(0, gap + 1);
  std::string_view rest = note.substr(gap + 2);
  if (rest.empty()) return malformed("no signature follows");
  bool found = false;
  for (std::size_t lines = 0; !rest.empty(); ++lines) {
    if (lines == kMostSignatures) return malformed("it has too many signatures");
    TRY(line, line_of(rest));
    TRY(ours, signed_by(line, text, key));
    found = found || ours;
  }
  if (!found)
    return fail("log.checkpoint.unsigned",
                fmt::format("the checkpoint carries no signature of {}: what it says counts for nothing", key.name));
  TRY(checkpoint, body_of(text));
  if (checkpoint.origin != key.name)
    return fail("log.checkpoint.unsigned",
                fmt::format("the checkpoint is of the log {}, not of {}", checkpoint.origin, key.name));
  return checkpoint;
}

Result<std::vector<std::string>> notes_in(std::string_view file) {
  std::vector<std::string> notes;
  while (!file.empty()) {
    const std::size_t gap = file.find("\n\n");
    const std::size_t end = gap == std::string_view::npos ? gap : file.find("\n\n", gap + 2);
    if (end == std::string_view::npos) {
      // The last one of a file with a single note may stand without the empty line.
      if (gap == std::string_view::npos || !file.ends_with('\n'))
        return malformed("the file ends in the middle of one");
      notes.emplace_back(file);
      return notes;
    }
    notes.emplace_back(file.substr(0, end + 1));
    file.remove_prefix(end + 2);
  }
  return notes;
}

Result<std::string> from_base64(std::string_view text) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  std::size_t length = 0;
  if (!text.empty() && sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
                                         text.size(), nullptr, &length, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
    return fail("log.base64", "not base64");
  out.resize(length);
  if (base64(out) != text) return fail("log.base64", "not base64 in its one spelling");
  return out;
}

Result<Digest> digest_from_hex(std::string_view text) {
  Digest digest{};
  std::size_t length = 0;
  const bool read =
      sodium_hex2bin(digest.data(), digest.size(), text.data(), text.size(), nullptr, &length, nullptr) == 0;
  const std::string one_spelling = hex(digest);
  if (read && length == digest.size() && one_spelling == text) return digest;
  return fail("log.hex", "not 64 digits of hex");
}

}  // namespace tieout::prove
