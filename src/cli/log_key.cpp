#include "cli/log_key.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/log_audit.hpp"
#include "prove/log_proof.hpp"

namespace tieout::cli {
namespace {

constexpr std::string_view kSecretName = "log.signing_key";
constexpr std::string_view kSetting = "log/checkpoint";

/// Adds to the end, durably; never opens what is there for anything but adding.
Result<bool> append_text(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR | S_IRGRP);
  struct stat before = {};
  const bool known = file >= 0 && ::fstat(file, &before) == 0 && S_ISREG(before.st_mode);
  bool done = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  // A pipe or a device takes it without being able to promise more.
  done = done && (::fsync(file) == 0 || errno == EINVAL);
  const int why = errno;
  // Half a note (a full disk) would swallow the next one: the file ends where it ended before.
  const bool cut = done || !known || ::ftruncate(file, before.st_size) == 0;
  if (file >= 0) ::close(file);
  if (!cut)
    return fail("log.export.io", fmt::format("{}: half a checkpoint was added and can not be taken back ({}); cut the "
                                             "file at byte {}, then run: tieout log checkpoint",
                                             path, std::strerror(why), before.st_size));
  if (done) return true;
  return fail(
      "log.export.io",
      fmt::format("{}: the checkpoint cannot be added there: {}. What was written to the vendors and to the log "
                  "is safe; mend the place, then run: tieout log checkpoint",
                  path, std::strerror(why)));
}

}  // namespace

Result<prove::KeySeed> log_seed(Secrets& secrets) {
  prove::KeySeed seed;
  auto kept = secrets.secret(kSecretName);
  if (!kept && kept.error().code != "secrets.absent") return fail(kept.error());
  if (!kept) {
    randombytes_buf(seed.data(), seed.size());
    TRY_VOID(secrets.set_secret(kSecretName, base64({reinterpret_cast<const char*>(seed.data()), seed.size()})));
    return seed;
  }
  auto bytes = prove::from_base64(*kept);
  sodium_memzero(kept->data(), kept->size());
  if (!bytes || bytes->size() != seed.size())
    return fail("secrets.unreadable", "the signing key of the audit log is not in its form; restore secrets.db");
  std::copy(bytes->begin(), bytes->end(), seed.begin());
  sodium_memzero(bytes->data(), bytes->size());
  return seed;
}

Result<prove::VerifierKey> log_verifier_key(const Project& project, Secrets& secrets) {
  TRY(seed, log_seed(secrets));
  const prove::PublicKey key = prove::public_key(seed);
  sodium_memzero(seed.data(), seed.size());
  return prove::VerifierKey{prove::origin_of(project.entity), key};
}

Result<std::string> last_checkpoint(ports::Store& store) { return store.setting(kSetting); }

Result<std::string> make_checkpoint(const Project& project, ports::Store& store, Secrets& secrets) {
  TRY(size, store.log_size());
  if (size == 0) return std::string();
  TRY(last, last_checkpoint(store));
  if (!last.empty()) {
    TRY(key, log_verifier_key(project, secrets));
    TRY(before, prove::open_checkpoint(last, key));
    auto root = before.size <= size ? prove::root_of(before.size, engine::subtree_of(store)) : Result<Digest>(Digest{});
    if (!root || *root != before.root)
      return fail("log.rewritten",
                  fmt::format("the first {} lines of the audit log are not what was signed at the time; nothing is "
                              "signed over that. Keep a copy of the store and run: tieout verify",
                              before.size));
    if (before.size == size) return last;
  }
  TRY(root, prove::root_of(size, engine::subtree_of(store)));
  TRY(seed, log_seed(secrets));
  const std::string note = prove::sign({prove::origin_of(project.entity), size, root}, seed);
  sodium_memzero(seed.data(), seed.size());
  // First the place outside: a checkpoint that only the store knows protects against less.
  if (!project.checkpoints.empty()) TRY_VOID(append_text(project.checkpoints, note + "\n"));
  TRY_VOID(store.set_setting(kSetting, note));
  return note;
}

Result<std::vector<std::string>> exported_checkpoints(const Project& project) {
  std::error_code trouble;
  if (project.checkpoints.empty() || !std::filesystem::is_regular_file(project.checkpoints, trouble))
    return std::vector<std::string>();
  TRY(text, read_text(project.checkpoints));
  return prove::notes_in(text);
}

Result<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return fail("usage.file.unreadable", fmt::format("{} cannot be read", path));
  return text.str();
}

Result<bool> write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return fail("usage.file.unwritable", fmt::format("{} cannot be written", path));
  return true;
}

}  // namespace tieout::cli
