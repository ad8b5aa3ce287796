// Identities. Small values, copied freely.
#pragma once

#include "domain/service.hpp"
#include "domain/strong.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>

namespace pickup::domain {

/// A courier's number; counts from 1 over all services, never used twice.
using courier_id = strong<struct courier_tag, std::uint64_t>;
/// A position in one shard's journal, from 1. The API calls it `seq`.
using seq_no = strong<struct seq_tag, std::uint64_t>;
/// How many commits a call or courier record has seen; 0 is "does not exist yet".
using version_no = strong<struct version_tag, std::uint32_t>;
/// One incarnation of a dispatcher, as the ledger counts them; 0 is "none".
using epoch_no = strong<struct epoch_tag, std::uint64_t>;
/// A part of the country with a dispatcher of its own, from 0 within its service.
using zone_no = strong<struct zone_tag, std::uint16_t>;

/// One dispatcher and its journal: a service in a zone.
struct shard_id {
  domain::service service = service::pickup;
  zone_no zone;

  friend constexpr auto operator<=>(const shard_id&, const shard_id&) = default;

  template <class Inspector>
  friend auto inspect(Inspector& f, shard_id& x) {
    return f(x.service, x.zone);
  }
};

/// A call's identity in the whole system. The API shows `number()`, which counts from 1 in each
/// service's first zone; two services may show the same number, so the service is part of it.
class call_id {
public:
  static constexpr unsigned zone_shift = 40;
  static constexpr unsigned service_shift = 56;
  static constexpr std::uint64_t max_number = (std::uint64_t{1} << 53) - 1;

  constexpr call_id() = default;

  /// The n-th call of a shard; n in [1, 2^40).
  constexpr call_id(shard_id shard, std::uint64_t n)
      : packed_(std::uint64_t{static_cast<std::uint8_t>(shard.service)} << service_shift
                | std::uint64_t{shard.zone.value()} << zone_shift | n) {}

  /// The call a service shows as `number`; nothing when no call can have it.
  static constexpr std::optional<call_id> of_number(service s, std::uint64_t number) {
    if (number == 0 || number > max_number)
      return std::nullopt;
    return from_packed(std::uint64_t{static_cast<std::uint8_t>(s)} << service_shift | number);
  }

  static constexpr call_id from_packed(std::uint64_t bits) {
    call_id id;
    id.packed_ = bits;
    return id;
  }

  constexpr std::uint64_t packed() const { return packed_; }
  constexpr domain::service service() const {
    return static_cast<domain::service>(packed_ >> service_shift);
  }
  constexpr shard_id shard() const {
    return {service(), zone_no{static_cast<std::uint16_t>((packed_ >> zone_shift) & 0xffff)}};
  }
  /// Its place in its shard, from 1.
  constexpr std::uint64_t n() const { return packed_ & ((std::uint64_t{1} << zone_shift) - 1); }
  /// zone·2^40 + n, below 2^53.
  constexpr std::uint64_t number() const {
    return packed_ & ((std::uint64_t{1} << service_shift) - 1);
  }

  friend constexpr auto operator<=>(call_id, call_id) = default;

  template <class Inspector>
  friend auto inspect(Inspector& f, call_id& x) {
    return f(x.packed_);
  }

private:
  std::uint64_t packed_ = 0;
};

} // namespace pickup::domain

template <>
struct std::hash<pickup::domain::call_id> {
  std::size_t operator()(pickup::domain::call_id id) const {
    return std::hash<std::uint64_t>{}(id.packed());
  }
};

template <>
struct std::hash<pickup::domain::shard_id> {
  std::size_t operator()(pickup::domain::shard_id s) const {
    return std::size_t{static_cast<std::uint8_t>(s.service)} << 16 | s.zone.value();
  }
};
