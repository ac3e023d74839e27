// A record's property values in one string: for each value its property number, its length and its bytes. One
// allocation a record and no gaps for the hundreds of properties that a type has and a record has not.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace tieout::sandbox::hubspot {

class Bag {
 public:
  std::optional<std::string_view> find(std::uint16_t property) const {
    for (std::size_t at = 0; at < bytes_.size();) {
      const Head head = head_at(at);
      if (head.property == property) return std::string_view(bytes_).substr(at + sizeof(Head), head.size);
      at += sizeof(Head) + head.size;
    }
    return std::nullopt;
  }

  void set(std::uint16_t property, std::string_view value) {
    erase(property);
    const Head head{property, 0, static_cast<std::uint32_t>(value.size())};
    bytes_.append(reinterpret_cast<const char*>(&head), sizeof head);
    bytes_.append(value);
  }

  void erase(std::uint16_t property) {
    for (std::size_t at = 0; at < bytes_.size();) {
      const Head head = head_at(at);
      if (head.property == property) {
        bytes_.erase(at, sizeof(Head) + head.size);
        return;
      }
      at += sizeof(Head) + head.size;
    }
  }

  /// Calls use(property, value) for each.
  template <class Use>
  void for_each(Use use) const {
    for (std::size_t at = 0; at < bytes_.size();) {
      const Head head = head_at(at);
      use(head.property, std::string_view(bytes_).substr(at + sizeof(Head), head.size));
      at += sizeof(Head) + head.size;
    }
  }

  void clear() { bytes_.clear(); }
  void trim() { bytes_.shrink_to_fit(); }

 private:
  struct Head {
    std::uint16_t property;
    std::uint16_t unused;
    std::uint32_t size;
  };
  Head head_at(std::size_t at) const {
    Head head{};
    std::memcpy(&head, bytes_.data() + at, sizeof head);
    return head;
  }
  std::string bytes_;
};

}  // namespace tieout::sandbox::hubspot
