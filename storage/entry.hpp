// What the journal holds: one entry a commit. Plain values.
#pragma once

#include "domain/call.hpp"
#include "domain/courier.hpp"
#include "domain/explanation.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pickup::storage {

/// A message the customer is owed. Its identity is the entry's position.
struct intent {
  domain::message kind = domain::message::received;
  std::string tel;

  friend bool operator==(const intent&, const intent&) = default;
};

/// A call moved on.
struct call_entry {
  domain::call_id call;
  domain::version_no version; ///< after this commit
  domain::seq_no previous;    ///< of the same call; 0 for its first
  std::vector<domain::transition> transitions;
  std::optional<intent> owed;
  std::optional<domain::call_request> request; ///< with the first
  std::optional<domain::explanation> why{};    ///< of the assignment it makes

  friend bool operator==(const call_entry&, const call_entry&) = default;
};

/// A courier's record was made, changed or deleted.
struct courier_entry {
  domain::courier record;

  friend bool operator==(const courier_entry&, const courier_entry&) = default;
};

/// The longest text an audit_entry may have, in bytes.
inline constexpr std::size_t max_audit_text = 256;

/// An operator did something.
struct audit_entry {
  std::string operator_name; ///< as they said; nobody checks it
  std::string action;
  std::string object;
  std::string detail;

  friend bool operator==(const audit_entry&, const audit_entry&) = default;
};

/// One commit of one shard.
struct entry {
  domain::shard_id shard;
  domain::seq_no n;
  domain::timestamp at;
  std::string correlation_id;
  std::variant<call_entry, courier_entry, audit_entry> what;

  friend bool operator==(const entry&, const entry&) = default;
};

/// Up to where a shard's ended calls are forgotten.
struct horizon {
  /// The journal is complete from here on. Before it are only the entries of calls that had not
  /// ended by then; these are whole.
  domain::seq_no first{1};
  /// The highest call number given by then: none is given again.
  std::uint64_t last_call = 0;

  friend bool operator==(const horizon&, const horizon&) = default;
};

/// An idempotency key and the call it made.
struct remembered_key {
  domain::call_id call;
  domain::timestamp at;

  friend bool operator==(const remembered_key&, const remembered_key&) = default;
};

/// The same with the row it is in.
struct known_key {
  std::string row;
  remembered_key what;

  friend bool operator==(const known_key&, const known_key&) = default;
};

} // namespace pickup::storage
