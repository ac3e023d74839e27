// What goes into the audit log for one act: who did what to which record, from which words of a vendor, under which
// mapping, plan and approval, what was asked and what was answered. Parts::witness() makes the line of it and adds it
// in the transaction that is open; without one it is refused, because a line without its act (or the other way round)
// is just what the log must exclude. Names of actions and the form of the line: docs/reference/audit-log.md.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "ports/store.hpp"

namespace tieout::engine {

/// A record as the log names it: "books:invoice:145".
struct Named {
  ports::RecordId id = ports::RecordId::none;
  ports::Side side = ports::Side::crm;
  std::string_view type;
  std::string_view vendor_id;

  Named() = default;
  Named(const ports::StoredRecord& record)  // NOLINT(google-explicit-constructor): the same thing, shorter
      : id(record.id), side(record.side), type(record.type), vendor_id(record.vendor_id) {}
  Named(ports::RecordId id_, ports::Side side_, std::string_view type_, std::string_view vendor_id_)
      : id(id_), side(side_), type(type_), vendor_id(vendor_id_) {}
};

/// All views must live until witness() returns. Only `action` is needed; what stays as it is here is left out.
struct Deed {
  std::string_view action;       ///< from the table in docs/reference/audit-log.md: "link.removed"
  std::string_view by;           ///< the person; empty: Tieout itself, by its rules
  std::optional<Named> record;   ///< what it is about; of a write: the record that asked for it
  std::optional<Named> partner;  ///< the other one: what is written, the other end of a link
  /// When the act changed who is in a link: that link, and whether it now has none of the two, only `record`, or both.
  /// `verify` compares the last such line of each link with the store.
  ports::LinkId link = ports::LinkId::none;
  int ends = 0;
  const ports::Intent* intent = nullptr;              ///< of a write: key, kind, where, plan, digest of what is asked
  ports::ContentDigest before{}, after{};             ///< canonical content that changed; zero: there is none
  ports::PayloadId payload = ports::PayloadId::none;  ///< the vendor's words from which `record` was read
  std::optional<std::string_view> answer;             ///< of a write: the vendor's record or words; its digest is kept
  ports::PayloadId answer_payload = ports::PayloadId::none;  ///< where the answer is kept, when it is
  std::string_view code;                                     ///< stable code of the outcome or reason: "period.closed"
  std::string_view text;  ///< the reason a person gave, or what is needed to read the line; at most 300 bytes are kept
  std::string_view plan;  ///< when there is no intent that names it
  std::string_view plan_digest;
  /// What else the action needs, in this order: name (a-z and _), value.
  std::span<const std::pair<std::string_view, std::string_view>> more;
};

}  // namespace tieout::engine
