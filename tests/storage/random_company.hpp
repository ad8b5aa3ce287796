// A dispatch company at work: random batches that could really have come, one after the other.
// Not thread-safe; a value on a test's stack.
#pragma once

#include "storage/journal.hpp"
#include "tests/storage/batches.hpp"
#include "tests/support/seeded.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pickup::testing {

class random_company {
public:
  explicit random_company(seeded& random) : random_(random) {}

  /// Something that may be committed next.
  storage::batch next_batch() {
    now_ += std::chrono::seconds{random_.below(60)};
    auto b = [&] {
      if (couriers.size() < 3 || random_.one_in(8))
        return change_of_courier();
      if (random_.one_in(20))
        return audit_of(random_.of(shards_), "action " + std::to_string(random_.below(9)));
      for (int tries = 0; tries < 10 && !calls.empty() && !random_.one_in(3); ++tries)
        if (auto change = change_of_call())
          return std::move(*change);
      return another_call();
    }();
    b.at = now_;
    b.correlation_id =
        random_.one_in(2) ? "request " + std::to_string(random_.below(1000)) : "";
    return b;
  }

  /// Takes note of what a journal made of the last batch.
  void learn(const storage::committed& made) {
    if (const auto* call = std::get_if<domain::call>(&made.record))
      calls[call->id] = *call;
    else if (const auto* courier = std::get_if<domain::courier>(&made.record))
      couriers[courier->id] = *courier;
  }

  std::uint32_t load(domain::courier_id id) const {
    return static_cast<std::uint32_t>(std::ranges::count_if(calls, [&](const auto& item) {
      return item.second.has_live_assignment() && item.second.assigned->courier == id;
    }));
  }

  std::map<domain::call_id, domain::call> calls;
  std::map<domain::courier_id, domain::courier> couriers;

private:
  static inline const std::vector<domain::shard_id> shards_{pickup_0, pickup_1, taxi_0};

  storage::batch change_of_courier() {
    if (couriers.size() < 3 || random_.one_in(3)) {
      auto c = new_courier(random_.of(shards_), couriers.size() + 1);
      c.capacity = static_cast<std::uint32_t>(random_.number(1, 4));
      std::optional<domain::sighting> seen;
      if (random_.one_in(2))
        seen = sighting();
      return batch_of(c, seen);
    }
    auto c =
        std::next(couriers.begin(), static_cast<long>(random_.below(couriers.size())))->second;
    c.name += "'";
    c.on_shift = random_.one_in(2);
    c.capacity = std::max(load(c.id), static_cast<std::uint32_t>(random_.number(1, 4)));
    c.deleted = c.deleted || (load(c.id) == 0 && random_.one_in(4));
    return batch_of(c);
  }

  storage::batch another_call() {
    const auto shard = random_.of(shards_);
    const auto tel = "0100000000" + std::to_string(random_.below(4));
    if (random_.one_in(4))
      return batch_of(scheduled_call(shard, ++last_[shard], now_ + time_ahead(), tel));
    auto made = new_call(shard, ++last_[shard], tel);
    if (const auto courier = able(made.next); courier && random_.one_in(2))
      made = *domain::then(made, *courier, now_);
    auto b = batch_of(std::move(made));
    if (random_.one_in(3))
      std::get<storage::call_change>(b.what).idempotency_key =
          "key " + std::to_string(random_.below(100));
    return b;
  }

  std::optional<storage::batch> change_of_call() {
    const auto& call =
        std::next(calls.begin(), static_cast<long>(random_.below(calls.size())))->second;
    const auto who = call.assigned ? call.assigned->courier : domain::courier_id{1};
    const auto courier = able(call);
    std::vector<domain::command> commands{
        domain::manage{},
        domain::cancel{random_.one_in(2) ? domain::cause::customer : domain::cause::by_operator,
                       random_.one_in(2) ? "마음이 바뀜" : ""},
        domain::job_report{who, domain::job_step::decline},
        domain::job_report{who, domain::job_step::arrived},
        domain::job_report{who, domain::job_step::picked_up},
        domain::job_report{who, domain::job_step::completed},
        domain::job_report{who, domain::job_step::failed},
        domain::lose_courier{who},
        domain::reassign{random_.one_in(2) ? "차가 고장" : ""},
        domain::expire{},
    };
    if (courier)
      commands.insert(commands.end(), 4, *courier);
    auto made = domain::step(call, random_.of(commands), now_);
    if (!made || made->transitions.empty())
      return std::nullopt;
    return batch_of(std::move(*made));
  }

  domain::duration time_ahead() { return std::chrono::minutes{random_.number(1, 600)}; }

  std::optional<domain::command> able(const domain::call& call) {
    std::vector<domain::courier_id> ids;
    for (const auto& [id, c] : couriers)
      if (c.shard() == call.id.shard() && !c.deleted && c.on_shift
          && c.classes.contains(call.request.wanted) && load(id) < c.capacity
          && std::ranges::count(call.excluded, id) == 0)
        ids.push_back(id);
    if (ids.empty())
      return std::nullopt;
    return assigned(call, couriers.at(random_.of(ids)));
  }

  // Wherever the courier was: nobody else was considered.
  domain::assign assigned(const domain::call& call, const domain::courier& to) {
    domain::explanation why;
    why.where = call.request.where;
    why.wanted = call.request.wanted;
    why.reach = domain::metres{50'000};
    domain::considered chosen;
    chosen.courier = to.id;
    chosen.version = to.version;
    chosen.classes = to.classes;
    chosen.capacity = to.capacity;
    chosen.load = load(to.id);
    chosen.where = *domain::position::at(why.where.lat() + random_.real(-0.1, 0.1),
                                         why.where.lng() + random_.real(-0.1, 0.1));
    why.couriers = {chosen};
    why = domain::explained(std::move(why));
    const auto distance = why.couriers.front().distance;
    return {to.id, distance, std::move(why)};
  }

public:
  domain::sighting sighting() {
    domain::sighting seen;
    if (!random_.one_in(3))
      seen.where = domain::position::at(random_.real(-90, 90), random_.real(-180, 180));
    if (!random_.one_in(3))
      seen.at = now_;
    return seen;
  }

private:
  seeded& random_;
  domain::timestamp now_ = noon;
  std::map<domain::shard_id, std::uint64_t> last_;
};

} // namespace pickup::testing
