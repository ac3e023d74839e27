#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "conformance.hpp"
#include "folder.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/secrets.hpp"

namespace tieout {
namespace {

MasterKey key_of(unsigned char byte) {
  std::array<unsigned char, 32> bytes;
  bytes.fill(byte);
  return MasterKey::from_bytes(bytes);
}
std::unique_ptr<Secrets> open_at(const std::string& path, const std::string& entity = "acme", unsigned char byte = 7) {
  auto opened = Secrets::open(path, entity, key_of(byte));
  if (!opened) ADD_FAILURE() << opened.error().what;
  return opened ? *std::move(opened) : nullptr;
}
const Tokens kTokens{"access-abc", "refresh-xyz", kNoon};

TEST(Secrets, TokensComeBackAlsoAfterReopening) {
  const Folder folder;
  must(open_at(folder / "s.db")->save("hubspot", kTokens));
  const auto secrets = open_at(folder / "s.db");
  const Tokens loaded = must(secrets->load("hubspot"));
  EXPECT_EQ(loaded.access_token, kTokens.access_token);
  EXPECT_EQ(loaded.refresh_token, kTokens.refresh_token);
  EXPECT_EQ(loaded.expires_at, kTokens.expires_at);
  EXPECT_EQ(code_of(secrets->load("quickbooks")), "secrets.absent");
  must(secrets->save("hubspot", {"", "refresh-2", kMorning}));
  EXPECT_EQ(must(secrets->load("hubspot")).refresh_token, "refresh-2");
  must(secrets->forget_tokens("hubspot"));
  EXPECT_EQ(code_of(secrets->load("hubspot")), "secrets.absent");
}

TEST(Secrets, NamedSecretsLiveApartFromTokens) {
  const Folder folder;
  const auto secrets = open_at(folder / "s.db");
  must(secrets->save("hubspot", kTokens));
  must(secrets->set_secret("hubspot", std::string("binary\0too", 10)));
  must(secrets->set_secret("empty", ""));
  EXPECT_EQ(must(secrets->secret("hubspot")), std::string("binary\0too", 10));
  EXPECT_EQ(must(secrets->secret("empty")), "");
  must(secrets->forget("hubspot"));
  EXPECT_EQ(code_of(secrets->secret("hubspot")), "secrets.absent");
  EXPECT_EQ(must(secrets->load("hubspot")).access_token, "access-abc");
}

TEST(Secrets, NothingReadableLiesOnTheDisk) {
  const Folder folder;
  {
    const auto secrets = open_at(folder / "s.db");
    must(secrets->save("hubspot", kTokens));
    must(secrets->set_secret("client", "correct horse battery staple"));
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    for (const char* plain : {"access-abc", "refresh-xyz", "battery"})
      EXPECT_EQ(bytes.find(plain), std::string::npos) << plain << " in " << entry.path();
  }
  struct stat facts {};
  ASSERT_EQ(::stat((folder / "s.db").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST(Secrets, AnotherKeyOrASwappedOrAlteredRowDoesNotOpen) {
  const Folder folder;
  {
    const auto secrets = open_at(folder / "s.db");
    must(secrets->set_secret("one", "first"));
    must(secrets->set_secret("two", "second"));
    must(secrets->set_secret("three", "third"));
    must(open_at(folder / "s.db", "globex")->set_secret("one", "globex's"));
  }
  EXPECT_EQ(code_of(open_at(folder / "s.db", "acme", 8)->secret("one")), "secrets.unreadable");
  {
    auto db = must(sqlite::Connection::open(folder / "s.db", {}));
    must(
        db->script("UPDATE secret SET (nonce, sealed) = (SELECT nonce, sealed FROM secret WHERE name = 'two') "
                   "WHERE name = 'one' AND entity = 1;"
                   "UPDATE secret SET sealed = CAST(substr(sealed, 1, 3) || x'00' || substr(sealed, 5) AS BLOB) WHERE "
                   "name = 'three';"));
  }
  const auto secrets = open_at(folder / "s.db");
  EXPECT_EQ(code_of(secrets->secret("one")), "secrets.unreadable") << "copied from another name";
  EXPECT_EQ(code_of(secrets->secret("three")), "secrets.unreadable") << "altered";
  EXPECT_EQ(must(secrets->secret("two")), "second");
  {
    auto db = must(sqlite::Connection::open(folder / "s.db", {}));
    must(db->script(
        "UPDATE secret SET (nonce, sealed) = (SELECT s.nonce, s.sealed FROM secret AS s WHERE s.name = 'one' AND "
        "s.entity = 2) WHERE name = 'one' AND entity = 1;"));
  }
  EXPECT_EQ(code_of(secrets->secret("one")), "secrets.unreadable") << "copied from another entity";
}

TEST(Secrets, ASavedTokenSurvivesKillAtOnce) {
  const Folder folder;
  open_at(folder / "s.db").reset();
  const pid_t child = fork();
  if (child == 0) {
    auto secrets = Secrets::open(folder / "s.db", "acme", key_of(7));
    if (!secrets || !(*secrets)->save("quickbooks", kTokens)) _exit(1);
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(must(open_at(folder / "s.db")->load("quickbooks")).refresh_token, "refresh-xyz");
}

TEST(MasterKeyFile, IsMadeOncePrivateAndUsedAgain) {
  unsetenv("TIEOUT_MASTER_KEY");
  const Folder folder;
  const std::string path = folder / "master.key";
  {
    auto secrets = must(Secrets::open(folder / "s.db", "acme", *MasterKey::load(path)));
    must(secrets->set_secret("a", "b"));
  }
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0600u);
  EXPECT_EQ(facts.st_size, 32);
  EXPECT_EQ(must(must(Secrets::open(folder / "s.db", "acme", *MasterKey::load(path)))->secret("a")), "b");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 2) << "no draft is left";

  for (const mode_t shared : {0640u, 0604u, 0620u}) {
    ::chmod(path.c_str(), shared);
    EXPECT_EQ(code_of(MasterKey::load(path)), "secrets.key.permissions");
  }
  ::chmod(path.c_str(), 0600);
  std::ofstream(path, std::ios::app) << "x";
  EXPECT_EQ(code_of(MasterKey::load(path)), "secrets.key.malformed");
  std::ofstream(path, std::ios::trunc) << "short";
  EXPECT_EQ(code_of(MasterKey::load(path)), "secrets.key.malformed");
  EXPECT_EQ(code_of(MasterKey::load(folder / "no such folder/master.key")), "secrets.key.io");
}

TEST(MasterKeyFile, TheEnvironmentComesFirstInHexOrBase64) {
  const Folder folder;
  const std::string path = folder / "master.key";
  must(open_at(folder / "s.db")->set_secret("a", "sealed under 32 sevens"));
  const auto opens = [&](const char* text) {
    setenv("TIEOUT_MASTER_KEY", text, 1);
    auto key = MasterKey::load(path);
    unsetenv("TIEOUT_MASTER_KEY");
    if (!key) return key.error().code;
    return code_of(must(Secrets::open(folder / "s.db", "acme", *std::move(key)))->secret("a"));
  };
  EXPECT_EQ(opens("0707070707070707070707070707070707070707070707070707070707070707"), "worked");
  EXPECT_EQ(opens("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="), "worked");
  EXPECT_EQ(opens("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"), "worked");
  EXPECT_EQ(opens("0807070707070707070707070707070707070707070707070707070707070707"), "secrets.unreadable");
  EXPECT_EQ(opens("0707"), "secrets.key.malformed");
  EXPECT_EQ(opens("zz07070707070707070707070707070707070707070707070707070707070707"), "secrets.key.malformed");
  EXPECT_FALSE(std::filesystem::exists(path)) << "no file is made when the environment has the key";
}

}  // namespace
}  // namespace tieout
