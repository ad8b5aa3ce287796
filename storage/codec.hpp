// The byte format of keys and rows, as docs/disk-format.md describes it. Pure functions. Every
// row opens with its own version byte; reading checks every bound and refuses bytes left over.
#pragma once

#include "domain/call.hpp"
#include "domain/courier.hpp"
#include "domain/result.hpp"
#include "storage/delivery.hpp"
#include "storage/entry.hpp"

#include <string>
#include <string_view>

namespace pickup::storage {

// -- keys: big-endian, so that they sort as the things they name --

std::string call_key(domain::call_id id);
std::string entry_key(domain::shard_id shard, domain::seq_no n);
std::string courier_key(domain::courier_id id);
/// The courier a courier_key() names.
domain::courier_id courier_of_key(std::string_view key);
std::string idempotency_key(domain::service s, std::string_view key);
std::string cursor_key(std::string_view channel, domain::shard_id shard);
std::string horizon_key(domain::shard_id shard);
/// The shard a horizon_key() names.
domain::shard_id shard_of_key(std::string_view key);
/// By shard and position first: what lies below a position is one stretch of the table.
std::string delivery_key(std::string_view channel, const delivery_id& id);
/// The channel a delivery_key() names.
std::string_view channel_of_key(std::string_view key);

// -- rows --

std::string encode(const domain::call& call);
std::string encode(const domain::courier& courier);
std::string encode(const domain::sighting& sighting);
std::string encode(const entry& e);
std::string encode(const remembered_key& key);
std::string encode(domain::seq_no cursor);
std::string encode(const horizon& h);
std::string encode(const delivery& d);

/// Errors of all: corrupt; newer_format for a version byte above ours.
domain::result<domain::call> decode_call(std::string_view bytes);
domain::result<domain::courier> decode_courier(std::string_view bytes);
domain::result<domain::sighting> decode_sighting(std::string_view bytes);
domain::result<entry> decode_entry(std::string_view bytes);
domain::result<remembered_key> decode_key(std::string_view bytes);
domain::result<domain::seq_no> decode_cursor(std::string_view bytes);
domain::result<horizon> decode_horizon(std::string_view bytes);
domain::result<delivery> decode_delivery(std::string_view bytes);

/// Whether an entry's row is of a format that says why couriers are assigned. Older ones could
/// not.
bool can_explain(std::string_view entry_row);

} // namespace pickup::storage
