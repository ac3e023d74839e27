// A checkpoint: the size and the root of the log at a moment, signed, in the forms that the world of transparency logs
// has agreed on, so that others' tools read ours: C2SP signed-note and tlog-checkpoint, Ed25519 (RFC 8032). Reading
// is strict: one spelling of every number, key and signature, so that no byte of an export is free to change. Pure: the
// seed of the key comes in as an argument and is kept nowhere here.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/result.hpp"

namespace tieout::prove {

using KeySeed = std::array<std::uint8_t, 32>;  ///< the secret half: 32 random bytes
using PublicKey = std::array<std::uint8_t, 32>;

/// "tieout.log/Northwind-Traders": the origin of a log and the name of its key. Bytes that a name may not have become
/// '-'; a name that had any gets a piece of its digest, so that two entities never share an origin.
std::string origin_of(std::string_view entity);

/// Whom to believe, as text "<name>+<key id>+<base64(0x01, key)>".
struct VerifierKey {
  std::string name;
  PublicKey key{};
};
PublicKey public_key(const KeySeed& seed);
std::string to_text(const VerifierKey& key);
/// Fails with log.key.malformed.
Result<VerifierKey> parse_verifier_key(std::string_view text);

struct Checkpoint {
  std::string origin;
  std::int64_t size = 0;
  Digest root{};
};
/// The whole note, with its signature line.
std::string sign(const Checkpoint& checkpoint, const KeySeed& seed);

/// The checkpoint of a note that carries a good signature of that key for that origin.
/// Fails   log.checkpoint.malformed  not in the form of a checkpoint
///         log.checkpoint.unsigned   no signature of that key, or one that does not fit: what it says counts for
///         nothing
Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key);

/// Cuts a file of notes, each followed by one empty line, into the notes. Fails with log.checkpoint.malformed.
Result<std::vector<std::string>> notes_in(std::string_view file);

/// Bytes of canonical base64. Fails with log.base64 when the text is anything else, unused bits included.
Result<std::string> from_base64(std::string_view text);
/// The digest in 64 digits of lower-case hex. Fails with log.hex.
Result<Digest> digest_from_hex(std::string_view text);

}  // namespace tieout::prove
