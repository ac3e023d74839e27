// Tokens and client secrets at rest: one small SQLite file of its own, so that saving a token is durable at once,
// whatever transaction the engine has open. Each value is sealed with XChaCha20-Poly1305 under the master key; entity
// and name are the associated data, so that a row copied to another name or entity does not open. Plain values leave
// this file only as return values; our own copies are wiped.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ports/connector.hpp"
#include "ports/store.hpp"

namespace tieout {

namespace sqlite {
class Connection;
}

/// 32 bytes, wiped when it goes. Moves only.
class MasterKey {
 public:
  /// From the environment variable TIEOUT_MASTER_KEY (64 hex digits or base64 of 32 bytes) when set, otherwise from the
  /// file, which is made with mode 0600 and random bytes when absent (its folder must exist).
  /// Fails    secrets.key.permissions  group or others may read the file, or it belongs to someone else
  ///          secrets.key.malformed    the variable or the file does not hold 32 bytes
  ///          secrets.key.io           the file cannot be read or made
  static Result<MasterKey> load(const std::string& path);
  static MasterKey from_bytes(const std::array<unsigned char, 32>& bytes);

  MasterKey(MasterKey&& other) noexcept;
  MasterKey& operator=(MasterKey&& other) noexcept;
  ~MasterKey();
  const unsigned char* data() const { return bytes_.data(); }

 private:
  MasterKey() = default;
  std::array<unsigned char, 32> bytes_{};
};

/// May be used from several threads; several processes may have the file open (SQLite's own locks keep them apart).
class Secrets : public ports::TokenStore {
 public:
  /// path  a file of its own ("…/.tieout/secrets.db"), made with mode 0600 when absent; its folder must exist.
  static Result<std::unique_ptr<Secrets>> open(std::string path, std::string entity, MasterKey key);
  ~Secrets() override;

  /// Fails    secrets.absent      nothing is stored under that name: connect first
  ///          secrets.unreadable  the master key does not fit, or the row was altered or copied from elsewhere
  Result<ports::Tokens> load(const std::string& connection) override;
  /// Durable (fsync) when it returns.
  Result<bool> save(const std::string& connection, const ports::Tokens& tokens) override;

  /// Any other named secret, "hubspot.client_secret". Same faults as load.
  Result<std::string> secret(std::string_view name);
  Result<ports::Unit> set_secret(std::string_view name, std::string_view value);
  /// Removes a secret or the tokens of a connection; fine when there is none. Old bytes are overwritten in the file.
  Result<ports::Unit> forget(std::string_view name);
  Result<ports::Unit> forget_tokens(std::string_view connection);

 private:
  Secrets(std::unique_ptr<sqlite::Connection> db, std::int64_t entity, std::string entity_name, MasterKey key);
  Result<std::string> open_row(std::string_view kind, std::string_view name);
  Result<ports::Unit> seal_row(std::string_view kind, std::string_view name, std::string_view value);
  Result<ports::Unit> erase_row(std::string_view kind, std::string_view name);
  std::string associated(std::string_view kind, std::string_view name) const;

  std::mutex mutex_;
  std::unique_ptr<sqlite::Connection> db_;
  std::int64_t entity_;
  std::string entity_name_;
  MasterKey key_;
};

}  // namespace tieout
