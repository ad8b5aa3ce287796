#include "storage/codec.hpp"

#include "domain/overloaded.hpp"
#include "storage/bytes.hpp"

#include <algorithm>

namespace pickup::storage {

namespace {

using domain::errc;
using domain::error;
using domain::result;

// On disk: the version byte each kind of row opens with.
constexpr std::uint8_t call_format = 2; // 2: times of pickup
constexpr std::uint8_t courier_format = 1;
constexpr std::uint8_t sighting_format = 1;
constexpr std::uint8_t entry_format = 3;           // 2: times of pickup; 3: explanations, audit
constexpr std::uint8_t explained_entry_format = 3; // and later ones
constexpr std::uint8_t key_format = 1;
constexpr std::uint8_t cursor_format = 1;
constexpr std::uint8_t horizon_format = 1;
constexpr std::uint8_t delivery_format = 1;

// On disk: what an entry holds.
enum class entry_kind : std::uint8_t { call = 1, courier = 2, audit = 3 };

// -- keys --

template <class Int>
void big_endian(std::string& out, Int x) {
  for (unsigned shift = sizeof(Int) * 8; shift > 0; shift -= 8)
    out.push_back(static_cast<char>(static_cast<std::uint8_t>(x >> (shift - 8))));
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t x = 0;
  for (const char c : bytes)
    x = x << 8 | static_cast<std::uint8_t>(c);
  return x;
}

std::string shard_prefix(domain::shard_id shard) {
  std::string key;
  big_endian(key, static_cast<std::uint8_t>(shard.service));
  big_endian(key, shard.zone.value());
  return key;
}

// -- parts of rows --

void put(byte_writer& out, domain::position p) {
  out.real(p.lat());
  out.real(p.lng());
}

domain::position get_position(byte_reader& in) {
  const auto lat = in.real();
  const auto lng = in.real();
  const auto p = domain::position::at(lat, lng);
  if (!p)
    in.fail();
  return p.value_or(domain::position{});
}

void put(byte_writer& out, domain::shard_id shard) {
  out.code(shard.service);
  out.number(shard.zone.value());
}

domain::shard_id get_shard(byte_reader& in) {
  const auto s = in.code(domain::service::pickup, domain::service::taxi);
  return {s, domain::zone_no{in.number_of<std::uint16_t>()}};
}

void put(byte_writer& out, const domain::call_request& r) {
  out.code(r.wanted);
  out.text(r.tel);
  out.text(r.location);
  put(out, r.where);
  out.maybe(r.cost, [&](std::int64_t x) { out.number(static_cast<std::uint64_t>(x)); });
  out.maybe(r.memo, [&](const std::string& x) { out.text(x); });
  out.maybe(r.pickup_at, [&](domain::timestamp t) { out.time(t); });
}

domain::call_request get_request(byte_reader& in, std::uint8_t format) {
  domain::call_request r;
  r.wanted = in.code(domain::service_class::under10kg, domain::service_class::van);
  r.tel = in.text();
  r.location = in.text();
  r.where = get_position(in);
  r.cost = in.maybe([&] { return static_cast<std::int64_t>(in.number()); });
  r.memo = in.maybe([&] { return in.text(); });
  if (format >= 2)
    r.pickup_at = in.maybe([&] { return in.time(); });
  return r;
}

void put(byte_writer& out, const domain::transition& t) {
  out.code(t.event);
  out.code(t.phase);
  out.code(t.cause);
  out.number(t.courier.value());
  out.number(t.assignment.value());
  out.real(t.distance.value());
  out.text(t.reason);
  out.time(t.due);
}

domain::transition get_transition(byte_reader& in, std::uint8_t format) {
  domain::transition t;
  t.event = in.code(domain::event::called, domain::last_event);
  t.phase = in.code(domain::phase::requested, domain::last_phase);
  t.cause = in.code(domain::cause::none, domain::cause::expired);
  t.courier = domain::courier_id{in.number()};
  t.assignment = domain::seq_no{in.number()};
  t.distance = domain::metres{in.real()};
  t.reason = in.text();
  if (format >= 2)
    t.due = in.time();
  return t;
}

void put(byte_writer& out, const domain::considered& c) {
  out.number(c.courier.value());
  out.number(c.version.value());
  out.byte(c.classes.bits());
  out.number(c.capacity);
  for (const bool flag : {c.on_shift, c.lost, c.changing, c.excluded})
    out.byte(flag ? 1 : 0);
  put(out, c.where);
  out.number(c.load);
  out.time(c.idle_since);
  out.real(c.distance.value());
  out.code(c.verdict);
}

domain::considered get_considered(byte_reader& in) {
  domain::considered c;
  c.courier = domain::courier_id{in.number()};
  c.version = domain::version_no{in.number_of<std::uint32_t>()};
  c.classes = domain::class_set::from_bits(in.byte());
  c.capacity = in.number_of<std::uint32_t>();
  for (bool* flag : {&c.on_shift, &c.lost, &c.changing, &c.excluded})
    *flag = in.flag();
  c.where = get_position(in);
  c.load = in.number_of<std::uint32_t>();
  c.idle_since = in.time();
  c.distance = domain::metres{in.real()};
  c.verdict = in.code(domain::verdict::chosen, domain::last_verdict);
  return c;
}

void put(byte_writer& out, const domain::explanation& e) {
  out.code(e.how);
  put(out, e.where);
  out.code(e.wanted);
  out.real(e.reach.value());
  out.number(e.couriers.size());
  for (const auto& c : e.couriers)
    put(out, c);
}

domain::explanation get_explanation(byte_reader& in) {
  domain::explanation e;
  e.how = in.code(domain::matching::nearest, domain::matching::oldest_call);
  e.where = get_position(in);
  e.wanted = in.code(domain::service_class::under10kg, domain::service_class::van);
  e.reach = domain::metres{in.real()};
  for (auto left = in.number(); left > 0 && in.ok(); --left)
    e.couriers.push_back(get_considered(in));
  return e;
}

void put(byte_writer& out, const call_entry& e) {
  out.number(e.call.packed());
  out.number(e.version.value());
  out.number(e.previous.value());
  out.number(e.transitions.size());
  for (const auto& t : e.transitions)
    put(out, t);
  out.maybe(e.owed, [&](const intent& x) {
    out.code(x.kind);
    out.text(x.tel);
  });
  out.maybe(e.request, [&](const domain::call_request& x) { put(out, x); });
  out.maybe(e.why, [&](const domain::explanation& x) { put(out, x); });
}

call_entry get_call_entry(byte_reader& in, std::uint8_t format) {
  call_entry e;
  e.call = domain::call_id::from_packed(in.number());
  e.version = domain::version_no{in.number_of<std::uint32_t>()};
  e.previous = domain::seq_no{in.number()};
  for (auto left = in.number(); left > 0 && in.ok(); --left)
    e.transitions.push_back(get_transition(in, format));
  if (e.transitions.empty())
    in.fail();
  e.owed = in.maybe([&] {
    const auto kind = in.code(domain::message::received, domain::message::failed);
    return intent{kind, in.text()};
  });
  e.request = in.maybe([&] { return get_request(in, format); });
  if (format >= explained_entry_format)
    e.why = in.maybe([&] { return get_explanation(in); });
  return e;
}

void put(byte_writer& out, const audit_entry& e) {
  out.text(e.operator_name);
  out.text(e.action);
  out.text(e.object);
  out.text(e.detail);
}

audit_entry get_audit_entry(byte_reader& in) {
  audit_entry e;
  e.operator_name = in.text();
  e.action = in.text();
  e.object = in.text();
  e.detail = in.text();
  return e;
}

void put(byte_writer& out, const domain::courier& c) {
  out.number(c.id.value());
  out.number(c.version.value());
  put(out, c.shard());
  out.text(c.name);
  out.text(c.tel);
  out.text(c.vehicle);
  out.byte(c.classes.bits());
  out.number(c.capacity);
  out.byte(c.on_shift ? 1 : 0);
  out.byte(c.demo ? 1 : 0);
  out.byte(c.deleted ? 1 : 0);
}

domain::courier get_courier(byte_reader& in) {
  domain::courier c;
  c.id = domain::courier_id{in.number()};
  c.version = domain::version_no{in.number_of<std::uint32_t>()};
  const auto shard = get_shard(in);
  c.service = shard.service;
  c.zone = shard.zone;
  c.name = in.text();
  c.tel = in.text();
  c.vehicle = in.text();
  c.classes = domain::class_set::from_bits(in.byte());
  c.capacity = in.number_of<std::uint32_t>();
  c.on_shift = in.flag();
  c.demo = in.flag();
  c.deleted = in.flag();
  return c;
}

// -- whole rows --

// Reads the version byte, then the row by `read`, which is told that version, then makes sure
// nothing is missing or left over.
template <class F>
auto whole(std::string_view what, std::string_view bytes, std::uint8_t version, F read)
    -> result<std::invoke_result_t<F, byte_reader&, std::uint8_t>> {
  byte_reader in{bytes};
  const auto found = in.byte();
  if (in.ok() && found > version)
    return error{errc::newer_format,
                 "read " + std::string{what} + ": row of format " + std::to_string(found)
                     + ": this program knows formats up to " + std::to_string(version),
                 {}};
  if (!in.ok() || found == 0)
    return error{errc::corrupt, "read " + std::string{what} + ": row has no format byte", {}};
  auto value = read(in, found);
  if (!in.finished())
    return error{errc::corrupt,
                 "read " + std::string{what} + ": row of " + std::to_string(bytes.size())
                     + " bytes does not decode",
                 {}};
  return value;
}

} // namespace

std::string call_key(domain::call_id id) {
  auto key = shard_prefix(id.shard());
  big_endian(key, id.n());
  return key;
}

std::string entry_key(domain::shard_id shard, domain::seq_no n) {
  auto key = shard_prefix(shard);
  big_endian(key, n.value());
  return key;
}

std::string courier_key(domain::courier_id id) {
  std::string key;
  big_endian(key, id.value());
  return key;
}

domain::courier_id courier_of_key(std::string_view key) {
  return domain::courier_id{big_endian(key)};
}

std::string idempotency_key(domain::service s, std::string_view key) {
  std::string row;
  big_endian(row, static_cast<std::uint8_t>(s));
  return row.append(key);
}

std::string cursor_key(std::string_view channel, domain::shard_id shard) {
  return shard_prefix(shard).append(channel);
}

std::string horizon_key(domain::shard_id shard) {
  return shard_prefix(shard);
}

domain::shard_id shard_of_key(std::string_view key) {
  const auto bits = big_endian(key);
  return {static_cast<domain::service>(bits >> 16),
          domain::zone_no{static_cast<std::uint16_t>(bits)}};
}

std::string delivery_key(std::string_view channel, const delivery_id& id) {
  return entry_key(id.shard, id.n).append(channel);
}

std::string_view channel_of_key(std::string_view key) {
  static const auto before = entry_key({}, {}).size();
  return key.substr(std::min(before, key.size()));
}

std::string encode(const domain::call& c) {
  byte_writer out{call_format};
  out.number(c.id.packed());
  out.number(c.version.value());
  put(out, c.request);
  out.code(c.phase);
  out.time(c.created_at);
  out.time(c.updated_at);
  out.time(c.wait_until);
  out.maybe(c.dispatch_at, [&](domain::timestamp t) { out.time(t); });
  out.maybe(c.assigned, [&](const domain::assignment& a) {
    out.number(a.id.value());
    out.number(a.courier.value());
    out.real(a.distance.value());
    out.byte(a.live ? 1 : 0);
  });
  out.number(c.times_assigned);
  out.number(c.excluded.size());
  for (auto id : c.excluded)
    out.number(id.value());
  out.number(c.last.value());
  out.text(c.correlation_id);
  return out.take();
}

result<domain::call> decode_call(std::string_view bytes) {
  return whole("call", bytes, call_format, [](byte_reader& in, std::uint8_t format) {
    domain::call c;
    c.id = domain::call_id::from_packed(in.number());
    c.version = domain::version_no{in.number_of<std::uint32_t>()};
    c.request = get_request(in, format);
    c.phase = in.code(domain::phase::requested, domain::last_phase);
    c.created_at = in.time();
    c.updated_at = in.time();
    c.wait_until = in.time();
    if (format >= 2)
      c.dispatch_at = in.maybe([&] { return in.time(); });
    c.assigned = in.maybe([&] {
      domain::assignment a;
      a.id = domain::seq_no{in.number()};
      a.courier = domain::courier_id{in.number()};
      a.distance = domain::metres{in.real()};
      a.live = in.flag();
      return a;
    });
    c.times_assigned = in.number_of<std::uint32_t>();
    for (auto left = in.number(); left > 0 && in.ok(); --left)
      c.excluded.emplace_back(in.number());
    c.last = domain::seq_no{in.number()};
    c.correlation_id = in.text();
    return c;
  });
}

std::string encode(const domain::courier& c) {
  byte_writer out{courier_format};
  put(out, c);
  return out.take();
}

result<domain::courier> decode_courier(std::string_view bytes) {
  return whole("courier", bytes, courier_format,
               [](byte_reader& in, std::uint8_t) { return get_courier(in); });
}

std::string encode(const domain::sighting& s) {
  byte_writer out{sighting_format};
  out.maybe(s.where, [&](domain::position p) { put(out, p); });
  out.maybe(s.at, [&](domain::timestamp t) { out.time(t); });
  return out.take();
}

result<domain::sighting> decode_sighting(std::string_view bytes) {
  return whole("sighting", bytes, sighting_format, [](byte_reader& in, std::uint8_t) {
    const auto where = in.maybe([&] { return get_position(in); });
    return domain::sighting{where, in.maybe([&] { return in.time(); })};
  });
}

std::string encode(const entry& e) {
  byte_writer out{entry_format};
  put(out, e.shard);
  out.number(e.n.value());
  out.time(e.at);
  out.text(e.correlation_id);
  std::visit(domain::overloaded{
                 [&](const call_entry& x) {
                   out.code(entry_kind::call);
                   put(out, x);
                 },
                 [&](const courier_entry& x) {
                   out.code(entry_kind::courier);
                   put(out, x.record);
                 },
                 [&](const audit_entry& x) {
                   out.code(entry_kind::audit);
                   put(out, x);
                 },
             },
             e.what);
  return out.take();
}

result<entry> decode_entry(std::string_view bytes) {
  return whole("entry", bytes, entry_format, [](byte_reader& in, std::uint8_t format) {
    entry e;
    e.shard = get_shard(in);
    e.n = domain::seq_no{in.number()};
    e.at = in.time();
    e.correlation_id = in.text();
    switch (in.code(entry_kind::call, entry_kind::audit)) {
    case entry_kind::call: e.what = get_call_entry(in, format); break;
    case entry_kind::courier: e.what = courier_entry{get_courier(in)}; break;
    case entry_kind::audit: e.what = get_audit_entry(in); break;
    }
    return e;
  });
}

bool can_explain(std::string_view entry_row) {
  return !entry_row.empty()
         && static_cast<std::uint8_t>(entry_row.front()) >= explained_entry_format;
}

std::string encode(const remembered_key& key) {
  byte_writer out{key_format};
  out.number(key.call.packed());
  out.time(key.at);
  return out.take();
}

result<remembered_key> decode_key(std::string_view bytes) {
  return whole("idempotency key", bytes, key_format, [](byte_reader& in, std::uint8_t) {
    const auto call = domain::call_id::from_packed(in.number());
    return remembered_key{call, in.time()};
  });
}

std::string encode(domain::seq_no cursor) {
  byte_writer out{cursor_format};
  out.number(cursor.value());
  return out.take();
}

result<domain::seq_no> decode_cursor(std::string_view bytes) {
  return whole("cursor", bytes, cursor_format,
               [](byte_reader& in, std::uint8_t) { return domain::seq_no{in.number()}; });
}

std::string encode(const horizon& h) {
  byte_writer out{horizon_format};
  out.number(h.first.value());
  out.number(h.last_call);
  return out.take();
}

result<horizon> decode_horizon(std::string_view bytes) {
  return whole("horizon", bytes, horizon_format, [](byte_reader& in, std::uint8_t) {
    const domain::seq_no first{in.number()};
    return horizon{first, in.number()};
  });
}

std::string encode(const delivery& d) {
  byte_writer out{delivery_format};
  put(out, d.id.shard);
  out.number(d.id.n.value());
  out.time(d.born);
  out.code(d.via);
  out.code(d.state);
  out.byte(d.doubted ? 1 : 0);
  out.number(d.attempts);
  out.number(d.unresolved);
  out.number(d.rounds);
  out.time(d.since);
  out.time(d.due);
  out.time(d.last_sent);
  out.maybe(d.key_used, [&](domain::timestamp t) { out.time(t); });
  out.byte(d.key_refused ? 1 : 0);
  out.text(d.request_id);
  out.number(d.recipient_seq);
  out.number(static_cast<std::uint32_t>(d.code));
  out.text(d.reason);
  return out.take();
}

result<delivery> decode_delivery(std::string_view bytes) {
  return whole("delivery", bytes, delivery_format, [](byte_reader& in, std::uint8_t) {
    delivery d;
    d.id.shard = get_shard(in);
    d.id.n = domain::seq_no{in.number()};
    d.born = in.time();
    d.via = in.code(carrier::alimtalk, carrier::lms);
    d.state = in.code(delivery_state::waiting, delivery_state::dead);
    d.doubted = in.flag();
    d.attempts = in.number_of<std::uint32_t>();
    d.unresolved = in.number_of<std::uint32_t>();
    d.rounds = in.number_of<std::uint32_t>();
    d.since = in.time();
    d.due = in.time();
    d.last_sent = in.time();
    d.key_used = in.maybe([&] { return in.time(); });
    d.key_refused = in.flag();
    d.request_id = in.text();
    d.recipient_seq = in.number();
    d.code = static_cast<std::int32_t>(in.number_of<std::uint32_t>());
    d.reason = in.text();
    return d;
  });
}

} // namespace pickup::storage
