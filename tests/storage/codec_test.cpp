// The golden files hold the bytes of one row of each kind, as hex. A change that makes one of
// these tests fail makes every existing database unreadable, or reads it wrongly: such a change
// needs a new format version beside the old one. Only for a new kind of row, or a new version,
// write the files anew, and look at the difference before it is kept:
//     PICKUP_WRITE_GOLDEN=1 build/dev/bin/test_storage "[golden]"
// golden/format1 and format2 hold rows of kinds that have had another format since; nothing
// writes them.
#include "storage/codec.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/hex.hpp"
#include "tests/support/seeded.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

using namespace pickup::domain;
using namespace pickup::storage;
using namespace pickup::testing;

namespace {

// -- one row of each kind --

/// As format 1 could hold it.
call first_golden_call() {
  call c;
  c.id = call_id{pickup_1, 300};
  c.version = version_no{4};
  c.request = request_of(pickup_1, "010-5095-8718");
  c.request.wanted = service_class::over10kg;
  c.request.cost = 10'000;
  c.request.memo = "문 앞";
  c.phase = phase::arrived;
  c.created_at = noon;
  c.updated_at = noon + std::chrono::milliseconds{1500};
  c.wait_until = noon + max_wait;
  c.assigned = assignment{seq_no{900}, courier_id{12}, metres{1234.5}, true};
  c.times_assigned = 2;
  c.excluded = {courier_id{7}, courier_id{200}};
  c.last = seq_no{901};
  c.correlation_id = "abc-1";
  return c;
}

call golden_call() {
  auto c = first_golden_call();
  c.request.pickup_at = noon + std::chrono::hours{2};
  c.dispatch_at = noon + std::chrono::hours{1};
  return c;
}

courier golden_courier() {
  auto c = new_courier(taxi_0, 130);
  c.version = version_no{2};
  c.capacity = 1;
  c.demo = true;
  return c;
}

sighting golden_sighting() {
  return {position::at(37.5665, -126.978), noon};
}

/// As format 1 could hold it.
entry first_golden_call_entry() {
  call_entry e;
  e.call = call_id{pickup_1, 300};
  e.version = version_no{1};
  e.transitions = {
      {event::called, phase::requested},
      {event::managed, phase::dispatching},
      {event::assigned, phase::confirmed, cause::none, courier_id{12}, {}, metres{1234.5}, ""},
      {event::assign_canceled,
       phase::canceled,
       cause::customer,
       courier_id{12},
       seq_no{900},
       {},
       "변심"}};
  e.owed = intent{message::confirmed, "010-5095-8718"};
  e.request = first_golden_call().request;
  return {pickup_1, seq_no{900}, noon, "abc-1", e};
}

/// As format 2 could hold it.
entry second_golden_call_entry() {
  auto all = first_golden_call_entry();
  auto& e = std::get<call_entry>(all.what);
  e.transitions.push_back({event::scheduled, phase::scheduled});
  e.transitions.back().due = *golden_call().dispatch_at;
  e.request = golden_call().request;
  return all;
}

explanation golden_explanation() {
  considered chosen;
  chosen.courier = courier_id{12};
  chosen.version = version_no{3};
  chosen.classes = class_set::all_of(service::pickup);
  chosen.capacity = 20;
  chosen.where = *position::at(37.4863, 126.982);
  chosen.load = 2;
  chosen.idle_since = noon;
  chosen.distance = metres{1234.5};
  auto lost = chosen;
  lost.courier = courier_id{300};
  lost.on_shift = false;
  lost.lost = lost.changing = lost.excluded = true;
  lost.verdict = verdict::off_shift;
  return {matching::oldest_call,
          *position::at(37.5, 127),
          service_class::over10kg,
          metres{20'000},
          {chosen, lost}};
}

entry golden_call_entry() {
  auto all = second_golden_call_entry();
  std::get<call_entry>(all.what).why = golden_explanation();
  return all;
}

entry golden_audit_entry() {
  return {pickup_0, seq_no{512}, noon, "abc-2",
          audit_entry{"김", "kill", "dispatcher pickup", "for a drill"}};
}

entry golden_courier_entry() {
  return {taxi_0, seq_no{5}, noon, "", courier_entry{golden_courier()}};
}

delivery golden_delivery() {
  delivery d;
  d.id = {taxi_0, seq_no{300}};
  d.born = noon;
  d.via = carrier::sms;
  d.state = delivery_state::accepted;
  d.doubted = true;
  d.attempts = 2;
  d.unresolved = 1;
  d.rounds = 3;
  d.since = noon;
  d.due = noon + duration{5};
  d.last_sent = noon;
  d.key_used = noon;
  d.key_refused = true;
  d.request_id = "2018ReZ";
  d.recipient_seq = 7;
  d.code = -1005;
  d.reason = "no";
  return d;
}

/// One kind of row: its golden bytes, and how bytes of its kind are read and written again.
struct kind {
  std::string file;
  std::string bytes;
  std::function<result<std::string>(std::string_view)> rewrite;
};

template <class Row, class Decode>
kind kind_of(std::string file, const Row& row, Decode decode) {
  return {std::move(file), encode(row),
          [decode](std::string_view bytes) -> result<std::string> {
            auto read = decode(bytes);
            if (!read)
              return read.error();
            return encode(*read);
          }};
}

std::vector<kind> kinds() {
  return {
      kind_of("call", golden_call(), decode_call),
      kind_of("courier", golden_courier(), decode_courier),
      kind_of("sighting", golden_sighting(), decode_sighting),
      kind_of("call_entry", golden_call_entry(), decode_entry),
      kind_of("courier_entry", golden_courier_entry(), decode_entry),
      kind_of("audit_entry", golden_audit_entry(), decode_entry),
      kind_of("idempotency_key", remembered_key{call_id{taxi_0, 300}, noon}, decode_key),
      kind_of("cursor", seq_no{300}, decode_cursor),
      kind_of("horizon", horizon{seq_no{300}, 90}, decode_horizon),
      kind_of("delivery", golden_delivery(), decode_delivery),
  };
}

std::filesystem::path golden_file(const kind& k) {
  return std::filesystem::path{PICKUP_GOLDEN_DIR} / (k.file + ".hex");
}

std::string golden_bytes(const std::filesystem::path& file) {
  std::ifstream in{file};
  INFO(file.string());
  REQUIRE(in);
  return from_hex(std::string{std::istreambuf_iterator<char>{in}, {}});
}

std::string golden_bytes(const kind& k) {
  return golden_bytes(golden_file(k));
}

std::string old_golden_bytes(int format, const std::string& name) {
  return golden_bytes(std::filesystem::path{PICKUP_GOLDEN_DIR}
                      / ("format" + std::to_string(format)) / (name + ".hex"));
}

// -- random rows --

class random_rows {
public:
  explicit random_rows(seeded& random) : random_(random) {}

  std::string text() {
    std::string x;
    for (auto n = random_.below(random_.one_in(20) ? 600 : 12); n > 0; --n)
      x.push_back(static_cast<char>(random_.below(256)));
    return x;
  }

  /// Small and large numbers alike.
  std::uint64_t number() { return random_.number(0, ~std::uint64_t{0}) >> random_.below(64); }
  std::uint32_t small() { return static_cast<std::uint32_t>(number()); }
  timestamp time() { return timestamp{duration{static_cast<std::int64_t>(number() >> 1)}}; }
  bool flag() { return random_.one_in(2); }

  template <class Enum>
  Enum code(Enum first, Enum last) {
    return static_cast<Enum>(
        random_.number(static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(last)));
  }

  position where() { return *position::at(random_.real(-90, 90), random_.real(-180, 180)); }

  shard_id shard() {
    return {code(service::pickup, service::taxi),
            zone_no{static_cast<std::uint16_t>(random_.below(0x10000))}};
  }

  call_request request() {
    call_request r;
    r.wanted = code(service_class::under10kg, service_class::van);
    r.tel = text();
    r.location = text();
    r.where = where();
    if (flag())
      r.cost = static_cast<std::int64_t>(number() >> 11);
    if (flag())
      r.memo = text();
    if (flag())
      r.pickup_at = time();
    return r;
  }

  pickup::domain::call call() {
    pickup::domain::call c;
    c.id = {shard(), random_.number(1, (std::uint64_t{1} << 40) - 1)};
    c.version = version_no{small()};
    c.request = request();
    c.phase = code(phase::requested, last_phase);
    c.created_at = time();
    c.updated_at = time();
    c.wait_until = time();
    if (flag())
      c.dispatch_at = time();
    if (flag())
      c.assigned = assignment{seq_no{number()}, courier_id{number()},
                              metres{random_.real(0, 2e7)}, flag()};
    c.times_assigned = small();
    for (auto n = random_.below(4); n > 0; --n)
      c.excluded.emplace_back(number());
    c.last = seq_no{number()};
    c.correlation_id = text();
    return c;
  }

  pickup::domain::courier courier() {
    pickup::domain::courier c;
    c.id = courier_id{number()};
    c.version = version_no{small()};
    const auto home = shard();
    c.service = home.service;
    c.zone = home.zone;
    c.name = text();
    c.tel = text();
    c.vehicle = text();
    c.classes = class_set::from_bits(static_cast<std::uint8_t>(random_.below(256)));
    c.capacity = small();
    c.on_shift = flag();
    c.demo = flag();
    c.deleted = flag();
    return c;
  }

  pickup::domain::sighting sighting() {
    pickup::domain::sighting s;
    if (flag())
      s.where = where();
    if (flag())
      s.at = time();
    return s;
  }

  transition step() {
    return {code(event::called, last_event),
            code(phase::requested, last_phase),
            code(cause::none, cause::expired),
            courier_id{number()},
            seq_no{number()},
            metres{random_.real(0, 2e7)},
            text(),
            time()};
  }

  pickup::storage::delivery delivery() {
    pickup::storage::delivery d;
    d.id = {shard(), seq_no{number()}};
    d.born = time();
    d.via = code(carrier::alimtalk, carrier::lms);
    d.state = code(delivery_state::waiting, delivery_state::dead);
    d.doubted = flag();
    d.attempts = small();
    d.unresolved = small();
    d.rounds = small();
    d.since = time();
    d.due = time();
    d.last_sent = time();
    if (flag())
      d.key_used = time();
    d.key_refused = flag();
    d.request_id = text();
    d.recipient_seq = number();
    d.code = static_cast<std::int32_t>(small());
    d.reason = text();
    return d;
  }

  considered somebody() {
    considered c;
    c.courier = courier_id{number()};
    c.version = version_no{small()};
    c.classes = class_set::from_bits(static_cast<std::uint8_t>(random_.below(256)));
    c.capacity = small();
    for (bool* f : {&c.on_shift, &c.lost, &c.changing, &c.excluded})
      *f = flag();
    c.where = where();
    c.load = small();
    c.idle_since = time();
    c.distance = metres{random_.real(0, 2e7)};
    c.verdict = code(verdict::chosen, last_verdict);
    return c;
  }

  explanation why() {
    explanation e{code(matching::nearest, matching::oldest_call),
                  where(),
                  code(service_class::under10kg, service_class::van),
                  metres{random_.real(0, 2e7)},
                  {}};
    for (auto n = random_.below(8); n > 0; --n)
      e.couriers.push_back(somebody());
    return e;
  }

  pickup::storage::entry entry() {
    pickup::storage::entry e;
    e.shard = shard();
    e.n = seq_no{number()};
    e.at = time();
    e.correlation_id = text();
    if (flag()) {
      e.what = courier_entry{courier()};
      return e;
    }
    if (random_.one_in(4)) {
      e.what = audit_entry{text(), text(), text(), text()};
      return e;
    }
    call_entry c;
    c.call = call_id{e.shard, random_.number(1, (std::uint64_t{1} << 40) - 1)};
    c.version = version_no{small()};
    c.previous = seq_no{number()};
    for (auto n = random_.number(1, 4); n > 0; --n)
      c.transitions.push_back(step());
    if (flag())
      c.owed = intent{code(message::received, message::failed), text()};
    if (flag())
      c.request = request();
    if (flag())
      c.why = why();
    e.what = c;
    return e;
  }

private:
  seeded& random_;
};

} // namespace

// -- golden rows --

TEST_CASE("rows are written as they always were", "[golden]") {
  for (const auto& k : kinds()) {
    if (std::getenv("PICKUP_WRITE_GOLDEN") != nullptr)
      std::ofstream{golden_file(k)} << to_hex(k.bytes) << '\n';
    INFO(k.file);
    CHECK(to_hex(k.bytes) == to_hex(golden_bytes(k)));
  }
}

TEST_CASE("rows written long ago are read as what they were", "[golden]") {
  const auto all = kinds();
  CHECK(*decode_call(golden_bytes(all[0])) == golden_call());
  CHECK(*decode_courier(golden_bytes(all[1])) == golden_courier());
  CHECK(*decode_sighting(golden_bytes(all[2])) == golden_sighting());
  CHECK(*decode_entry(golden_bytes(all[3])) == golden_call_entry());
  CHECK(*decode_entry(golden_bytes(all[4])) == golden_courier_entry());
  CHECK(*decode_entry(golden_bytes(all[5])) == golden_audit_entry());
  CHECK(*decode_key(golden_bytes(all[6])) == remembered_key{call_id{taxi_0, 300}, noon});
  CHECK(*decode_cursor(golden_bytes(all[7])) == seq_no{300});
  CHECK(*decode_horizon(golden_bytes(all[8])) == horizon{seq_no{300}, 90});
  CHECK(*decode_delivery(golden_bytes(all[9])) == golden_delivery());
}

TEST_CASE("rows of format 1 are read as what they were", "[golden]") {
  CHECK(*decode_call(old_golden_bytes(1, "call")) == first_golden_call());
  CHECK(*decode_entry(old_golden_bytes(1, "call_entry")) == first_golden_call_entry());
  CHECK(*decode_entry(old_golden_bytes(1, "courier_entry")) == golden_courier_entry());
}

TEST_CASE("rows of format 2 are read as what they were", "[golden]") {
  CHECK(*decode_entry(old_golden_bytes(2, "call_entry")) == second_golden_call_entry());
  CHECK(*decode_entry(old_golden_bytes(2, "courier_entry")) == golden_courier_entry());
}

TEST_CASE("every golden file belongs to a kind of row", "[golden]") {
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator{PICKUP_GOLDEN_DIR})
    files += file.path().extension() == ".hex" ? 1 : 0;
  CHECK(files == kinds().size());
}

// -- keys --

TEST_CASE("keys are written as they always were") {
  CHECK(to_hex(call_key(call_id{{service::taxi, zone_no{258}}, 300}))
        == "020102000000000000012c");
  CHECK(to_hex(entry_key(pickup_1, seq_no{300})) == "010001000000000000012c");
  CHECK(to_hex(courier_key(courier_id{300})) == "000000000000012c");
  CHECK(to_hex(idempotency_key(service::taxi, "k-1")) == "026b2d31");
  CHECK(to_hex(cursor_key("log", pickup_1)) == "0100016c6f67");
  CHECK(to_hex(horizon_key({service::taxi, zone_no{258}})) == "020102");
  CHECK(to_hex(delivery_key("log", {pickup_1, seq_no{300}})) == "010001000000000000012c6c6f67");
}

TEST_CASE("keys sort as what they name") {
  const std::vector<std::uint64_t> numbers{1, 2, 255, 256, 65'535, 65'536, 1'000'000'000};
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    CHECK(call_key({pickup_0, numbers[i - 1]}) < call_key({pickup_0, numbers[i]}));
    CHECK(entry_key(pickup_0, seq_no{numbers[i - 1]})
          < entry_key(pickup_0, seq_no{numbers[i]}));
    CHECK(courier_key(courier_id{numbers[i - 1]}) < courier_key(courier_id{numbers[i]}));
  }
  CHECK(entry_key(pickup_0, seq_no{1'000'000}) < entry_key(pickup_1, seq_no{1}));
  CHECK(entry_key(pickup_1, seq_no{1'000'000}) < entry_key(taxi_0, seq_no{1}));
}

TEST_CASE("a courier's key tells the courier") {
  for (const std::uint64_t id : {std::uint64_t{1}, std::uint64_t{300}, ~std::uint64_t{0}})
    CHECK(courier_of_key(courier_key(courier_id{id})) == courier_id{id});
}

TEST_CASE("a horizon's key tells the shard") {
  for (auto shard : {pickup_0, pickup_1, taxi_0, shard_id{service::taxi, zone_no{65'535}}})
    CHECK(shard_of_key(horizon_key(shard)) == shard);
}

// -- there and back --

TEST_CASE("whatever is written is read back") {
  seeded random;
  INFO(random.show());
  random_rows rows{random};
  for (int round = 0; round < 1500; ++round) {
    const auto call = rows.call();
    REQUIRE(*decode_call(encode(call)) == call);
    const auto courier = rows.courier();
    REQUIRE(*decode_courier(encode(courier)) == courier);
    const auto sighting = rows.sighting();
    REQUIRE(*decode_sighting(encode(sighting)) == sighting);
    const auto entry = rows.entry();
    REQUIRE(*decode_entry(encode(entry)) == entry);
    const remembered_key key{call.id, rows.time()};
    REQUIRE(*decode_key(encode(key)) == key);
    const seq_no cursor{rows.number()};
    REQUIRE(*decode_cursor(encode(cursor)) == cursor);
    const horizon h{cursor, rows.number()};
    REQUIRE(*decode_horizon(encode(h)) == h);
    const auto delivery = rows.delivery();
    REQUIRE(*decode_delivery(encode(delivery)) == delivery);
  }
}

// -- damage --

TEST_CASE("a row cut short anywhere is refused as corrupt") {
  for (const auto& k : kinds())
    for (std::size_t size = 0; size < k.bytes.size(); ++size) {
      INFO(k.file << " of " << size << " bytes");
      // A copy of that size alone, so that a read beyond its end is caught.
      const auto cut = k.rewrite(std::string(k.bytes, 0, size));
      REQUIRE_FALSE(cut);
      REQUIRE(cut.error().code == errc::corrupt);
    }
}

TEST_CASE("a row with bytes left over is refused as corrupt") {
  for (const auto& k : kinds()) {
    INFO(k.file);
    const auto longer = k.rewrite(std::string{k.bytes}.append(1, '\0'));
    REQUIRE_FALSE(longer);
    CHECK(longer.error().code == errc::corrupt);
  }
}

TEST_CASE("a row with any one byte changed is read as another or refused") {
  for (const auto& k : kinds())
    for (std::size_t at = 0; at < k.bytes.size(); ++at)
      for (int flip = 1; flip < 256; ++flip) {
        auto changed = k.bytes;
        changed[at] = static_cast<char>(changed[at] ^ flip);
        const auto read = k.rewrite(changed);
        if (!read && read.error().code != errc::corrupt
            && read.error().code != errc::newer_format)
          FAIL(k.file << " byte " << at << ": " << read.error().text);
      }
}

TEST_CASE("random bytes are read as something or refused") {
  seeded random;
  INFO(random.show());
  random_rows rows{random};
  const auto all = kinds();
  for (int round = 0; round < 5000; ++round) {
    const auto bytes = std::string(1, 1).append(rows.text());
    for (const auto& k : all)
      if (const auto read = k.rewrite(bytes); !read)
        REQUIRE(read.error().code == errc::corrupt);
  }
}

TEST_CASE("a row of a newer format is refused by its number") {
  for (const auto& k : kinds()) {
    INFO(k.file);
    auto newer = k.bytes;
    ++newer[0];
    const auto read = k.rewrite(newer);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == errc::newer_format);
    CHECK(read.error().text.find("row of format " + std::to_string(newer[0]))
          != std::string::npos);
  }
}

TEST_CASE("a row of format 0 is refused as corrupt") {
  for (const auto& k : kinds()) {
    auto none = k.bytes;
    none[0] = 0;
    const auto read = k.rewrite(none);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == errc::corrupt);
  }
}

TEST_CASE("an entry of a call in which nothing happens is refused as corrupt") {
  auto e = golden_call_entry();
  std::get<call_entry>(e.what).transitions.clear();
  const auto read = decode_entry(encode(e));
  REQUIRE_FALSE(read);
  CHECK(read.error().code == errc::corrupt);
}
