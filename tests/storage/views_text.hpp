// Everything that views tell, as one text: two views are alike if their texts are equal.
#pragma once

#include "storage/codec.hpp"
#include "storage/views.hpp"
#include "tests/storage/hex.hpp"

#include <catch2/catch.hpp>

#include <sstream>
#include <string>

namespace pickup::testing {

class views_text {
public:
  explicit views_text(const storage::views& v) : v_(v) {
    for (auto shard : v_.shards())
      add_shard(shard);
    for (auto service : domain::services)
      add_service(service);
    add_couriers();
    for (const auto& e : must(v_.list_audit(1'000'000)))
      out_ << "audit " << to_hex(storage::encode(e)) << '\n';
  }

  std::string take() { return std::move(out_).str(); }

private:
  void add_shard(domain::shard_id shard) {
    out_ << "shard " << name(shard.service) << '/' << shard.zone.value() << " head "
         << v_.head(shard).value() << " last call " << v_.last_call(shard) << "\n live";
    for (auto id : v_.live_calls(shard))
      out_ << ' ' << id.n();
    out_ << "\n scheduled " << v_.scheduled_calls(shard) << ':';
    for (auto id : v_.due_calls(shard, domain::timestamp::max(), 1'000'000))
      out_ << ' ' << id.n();
    out_ << '\n';
    for (std::uint64_t n = 1; n <= v_.last_call(shard); ++n)
      add_call({shard, n});
    for (const auto& e : must(v_.read_from(shard, domain::seq_no{1}, 1'000'000)))
      out_ << " entry " << to_hex(storage::encode(e)) << '\n';
    for (const auto& c : v_.couriers(shard))
      out_ << " courier " << c.courier.id.value() << '\n';
    out_ << " cursor " << must(v_.cursor("log", shard)).value() << '\n';
  }

  void add_call(domain::call_id id) {
    out_ << " call " << id.n() << " version " << v_.version(id).value();
    if (const auto c = must(v_.find(id)))
      out_ << ' ' << to_hex(storage::encode(*c));
    out_ << '\n';
    for (const auto& h : must(v_.history(id)))
      out_ << "  " << h.seq.value() << ' ' << h.at.time_since_epoch().count() << ' '
           << h.correlation_id << ' ' << name(h.step.event, id.service()) << ' '
           << name(h.step.phase) << ' ' << name(h.step.cause) << ' ' << h.step.courier.value()
           << ' ' << h.step.assignment.value() << ' ' << h.step.distance.value() << ' '
           << h.step.reason << ' ' << h.step.due.time_since_epoch().count() << '\n';
    if (const auto all = must(v_.explain(id)))
      for (const auto& x : *all)
        out_ << "  explained " << x.assignment.value() << ' ' << x.courier.value() << ' '
             << x.why.couriers.size() << '\n';
  }

  void add_service(domain::service service) {
    using domain::status;
    for (auto wanted : {std::optional<status>{}, std::optional{status::called},
                        std::optional{status::dispatching}, std::optional{status::confirmed},
                        std::optional{status::canceled}})
      for (const bool with_canceled : {false, true})
        for (const auto* tel : {"", "01000000001", "010-0000-0002", "0109"}) {
          domain::call_filter f{service, std::nullopt, wanted, with_canceled};
          if (*tel != '\0')
            f.tel = tel;
          add_pages([&](domain::page_request part) { return must(v_.list(f, part)); },
                    [&](const domain::call_view& item) {
                      out_ << ' ' << item.call.id.number() << ':' << item.call.version.value()
                           << ':' << (item.courier ? item.courier->id.value() : 0);
                    });
        }
    for (auto canceled : {std::optional<bool>{}, std::optional{true}, std::optional{false}})
      add_pages(
          [&](domain::page_request part) {
            return must(v_.list(domain::assignment_filter{service, canceled}, part));
          },
          [&](const domain::assignment_view& item) {
            out_ << ' ' << item.id.value() << ':' << item.call.number() << ':'
                 << item.courier.id.value() << ':' << item.distance.value() << ':' << item.live
                 << item.canceled << ':' << name(item.cause) << ':'
                 << item.assigned_at.time_since_epoch().count() << ':'
                 << (item.ended_at ? item.ended_at->time_since_epoch().count() : 0);
          });
    for (int i = 0; i < 100; ++i) {
      const auto key = "key " + std::to_string(i);
      if (const auto known = must(v_.find_key(service, key)))
        out_ << key << " made " << known->call.number() << " at "
             << known->at.time_since_epoch().count() << '\n';
    }
  }

  void add_couriers() {
    out_ << "couriers up to " << v_.last_courier().value() << '\n';
    for (std::uint64_t id = 1; id <= v_.last_courier().value(); ++id)
      if (const auto c = v_.find(domain::courier_id{id}))
        out_ << ' ' << id << " load " << c->load << ' ' << to_hex(storage::encode(c->courier))
             << " seen " << to_hex(storage::encode(c->seen)) << '\n';
  }

  /// All pages of a list, in two sizes.
  template <class List, class Add>
  void add_pages(List list, Add add) {
    for (const std::uint64_t size : {3, 200})
      for (std::uint64_t index = 0;; ++index) {
        const auto page = list(domain::page_request{index, size});
        out_ << "page " << index << " of " << page.total << ':';
        for (const auto& item : page.items)
          add(item);
        out_ << '\n';
        if (page.items.empty())
          break;
      }
  }

  const storage::views& v_;
  std::ostringstream out_;
};

inline std::string text_of(const storage::views& v) {
  return views_text{v}.take();
}

} // namespace pickup::testing
