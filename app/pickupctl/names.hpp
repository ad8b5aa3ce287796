// How people name calls and actors. Pure.
#pragma once

#include "domain/result.hpp"
#include "domain/service.hpp"

#include <cstdint>
#include <string>

namespace pickup::ctl {

struct call_name {
  domain::service service = domain::service::pickup;
  std::uint64_t number = 0;

  friend bool operator==(const call_name&, const call_name&) = default;
};

/// "17" is a call of `usual`, "taxi:17" one of the taxi service. Errors: invalid_argument.
domain::result<call_name> parse_call(const std::string& text, domain::service usual);

/// "pickup:17".
std::string to_text(const call_name& call);

struct actor_name {
  std::string kind;
  std::string id;

  friend bool operator==(const actor_name&, const actor_name&) = default;
};

/// "call" and "pickup:17" or just "17", "call:pickup:17" and nothing, "ledger" and nothing.
/// Errors: invalid_argument.
domain::result<actor_name> parse_actor(const std::string& kind, const std::string& id);

} // namespace pickup::ctl
