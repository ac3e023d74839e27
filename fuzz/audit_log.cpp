// The reader of the audit log and of its proofs, which anybody may have touched: lines, notes of checkpoints, keys,
// exports and proof files. What is accepted has one spelling and is written back byte for byte; an unsigned export is
// never without findings. The first byte chooses what is read.
#include <algorithm>

#include "prove/log_check.hpp"
#include "target.hpp"

namespace tieout::fuzz {
namespace {

using namespace prove;

const VerifierKey& key() {
  static const VerifierKey one{origin_of("Northwind"), public_key(KeySeed{1, 2, 3})};
  return one;
}

void line(std::string_view input) {
  const auto leaf = parse_leaf(input);
  if (leaf) require(to_text(*leaf) == input, "a line of the log has one spelling");
}

/// Half an export: the lines come from the stranger, the note is signed by us or comes from the stranger too.
void exported(std::string_view input) {
  if (input.empty()) return;
  const std::size_t end = std::min(input.find("\n{"), input.size() - 1) + 1;  // the note's last line end
  require(check_export(input.substr(end), input.substr(0, end), key(), {}).count() > 0,
          "what nobody signed is found out");
  const std::string other = sign({key().name, 3, Digest{}}, KeySeed{1, 2, 3});
  require(check_export(input, other, key(), {}).count() > 0, "lines that do not have the signed root are found out");
}

}  // namespace

void one_input(std::string_view input) {
  const auto [which, text] = choice(input, 5);
  if (which == 0) line(text);
  if (which == 1) exported(text);
  if (which == 2) require(check_proof(text, key()).count() > 0, "a proof that nobody signed is found out");
  if (which == 3) {
    require(!open_checkpoint(text, key()), "a checkpoint that nobody signed is not opened");
    if (const auto notes = notes_in(text)) (void)notes->size();
  }
  if (which == 4) {
    const auto read = parse_verifier_key(text);
    if (read) require(to_text(*read) == text, "a key has one spelling");
    if (const auto bytes = from_base64(text)) require(bytes->size() <= text.size(), "base64 holds less than its text");
    (void)digest_from_hex(text);
  }
}

}  // namespace tieout::fuzz
