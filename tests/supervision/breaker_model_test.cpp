// The breaker against one that remembers everything and counts anew each time.
#include "supervision/breaker.hpp"
#include "tests/support/seeded.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>
#include <vector>

using namespace pickup::supervision;
using namespace std::chrono_literals;
using pickup::testing::seeded;

namespace {

using clock = breaker::clock;

class naive_breaker {
public:
  explicit naive_breaker(const breaker_options& o) : o_(o) {}

  std::optional<std::size_t> admit(clock::time_point now) {
    expire(now);
    if (is(breaker_state::open) && now >= last().since + wait(lives_.size() - 1))
      lives_.push_back({breaker_state::half_open, now, {}, 0});
    const bool refused =
        is(breaker_state::open) || is(breaker_state::forced_open)
        || (is(breaker_state::half_open)
            && last().ended.size() + last().under_way == o_.permitted_calls_in_half_open);
    if (refused)
      return std::nullopt;
    ++last().under_way;
    return lives_.size() - 1;
  }

  void record(std::size_t of_life, clock::time_point start, clock::time_point now,
              call_outcome outcome) {
    expire(now);
    if (of_life != lives_.size() - 1)
      return;
    --last().under_way;
    if (outcome == call_outcome::ignored)
      return;
    last().ended.push_back(
        {now, outcome == call_outcome::failure, now - start > o_.slow_call_duration});
    const auto c = counts(now);
    const bool bad = c.calls > 0
                     && (double(c.failed) / c.calls >= o_.failure_rate_threshold
                         || double(c.slow) / c.calls >= o_.slow_call_rate_threshold);
    if (is(breaker_state::closed) && c.calls >= o_.minimum_number_of_calls && bad)
      change(breaker_state::open, now);
    else if (is(breaker_state::half_open) && c.calls == o_.permitted_calls_in_half_open)
      change(bad ? breaker_state::open : breaker_state::closed, now);
  }

  void command(breaker_state state, clock::time_point now) {
    expire(now);
    if (!is(state) || state == breaker_state::closed)
      lives_.push_back({state, now, {}, 0, state == breaker_state::closed});
  }

  breaker_state state(clock::time_point now) {
    expire(now);
    return last().state;
  }

  call_counts counts(clock::time_point now) {
    expire(now);
    const bool opened = is(breaker_state::open);
    const auto& seen = opened ? lives_[lives_.size() - 2] : last();
    const auto at = opened ? last().since : now;
    if (seen.state != breaker_state::closed && seen.state != breaker_state::half_open)
      return {};
    call_counts all;
    for (auto call = seen.ended.rbegin(); call != seen.ended.rend(); ++call) {
      if (seen.state == breaker_state::closed && !in_window(all.calls, call->at, at))
        break;
      all += {1, call->failed ? 1U : 0U, call->slow ? 1U : 0U};
    }
    return all;
  }

  std::optional<clock::duration> left_to_wait(clock::time_point now) {
    expire(now);
    if (!is(breaker_state::open))
      return std::nullopt;
    return std::max<clock::duration>(0ns, last().since + wait(lives_.size() - 1) - now);
  }

private:
  struct ended_call {
    clock::time_point at;
    bool failed;
    bool slow;
  };

  // From one change of state to the next.
  struct life {
    breaker_state state;
    clock::time_point since;
    std::vector<ended_call> ended;
    std::size_t under_way;
    bool by_reset = false;
  };

  life& last() { return lives_.back(); }
  bool is(breaker_state state) { return last().state == state; }
  void change(breaker_state state, clock::time_point now) {
    lives_.push_back({state, now, {}, 0});
  }

  void expire(clock::time_point now) {
    if (is(breaker_state::half_open) && now >= last().since + o_.max_duration_in_half_open)
      change(breaker_state::open, last().since + o_.max_duration_in_half_open);
  }

  bool in_window(std::size_t newer, clock::time_point at, clock::time_point now) const {
    if (const auto* count = std::get_if<count_based>(&o_.window))
      return newer < count->calls;
    const auto& time = std::get<time_based>(o_.window);
    const auto bucket = time.period / time.buckets;
    return now.time_since_epoch() / bucket - at.time_since_epoch() / bucket < time.buckets;
  }

  // Doubled for each opening since the last that came after a long time in closed, or since a
  // reset.
  clock::duration wait(std::size_t which) const {
    clock::duration w = o_.wait_in_open;
    for (auto n = which; n > 0; --n) {
      const auto& before = lives_[n - 1];
      if (lives_[n].state == breaker_state::open && before.state == breaker_state::closed
          && lives_[n].since - before.since >= o_.wait_reset_after)
        break;
      if (before.by_reset)
        break;
      if (before.state == breaker_state::open)
        w = std::min<clock::duration>(w * 2, o_.max_wait_in_open);
    }
    return w;
  }

  breaker_options o_;
  std::vector<life> lives_{{breaker_state::closed, clock::time_point{}, {}, 0}};
};

breaker_options any_options(seeded& random) {
  breaker_options o;
  const auto size = static_cast<std::uint32_t>(random.number(1, 12));
  if (random.one_in(2))
    o.window = count_based{size};
  else
    o.window = time_based{1s * random.number(1, 5), size};
  o.minimum_number_of_calls = static_cast<std::uint32_t>(random.number(1, size));
  o.failure_rate_threshold = random.real(0.1, 1);
  o.slow_call_rate_threshold = random.real(0.1, 1);
  o.permitted_calls_in_half_open = static_cast<std::uint32_t>(random.number(1, 4));
  o.max_duration_in_half_open = 1ms * random.number(500, 5000);
  o.wait_in_open = 1ms * random.number(1, 1000);
  o.max_wait_in_open = o.wait_in_open * random.number(1, 10);
  o.wait_reset_after = 1ms * random.number(0, 3000);
  return o;
}

call_outcome any_outcome(seeded& random) {
  return random.one_in(8)   ? call_outcome::ignored
         : random.one_in(3) ? call_outcome::failure
                            : call_outcome::success;
}

struct call_under_way {
  breaker::permit permit;
  std::size_t life;
};

} // namespace

TEST_CASE("whatever happens, a breaker does as one that remembers everything") {
  seeded random;
  INFO(random.show());
  for (int round = 0; round < 300; ++round) {
    const auto options = any_options(random);
    clock::time_point now{};
    breaker real{options, now};
    naive_breaker model{options};
    std::vector<call_under_way> under_way;
    for (int step = 0; step < 300; ++step) {
      INFO("round " << round << ", step " << step);
      now += 1ms * random.number(0, random.one_in(20) ? 5000 : 150);
      if (random.one_in(60)) {
        switch (random.below(3)) {
        case 0:
          real.force_open(now);
          model.command(breaker_state::forced_open, now);
          break;
        case 1:
          real.disable(now);
          model.command(breaker_state::disabled, now);
          break;
        default: real.reset(now); model.command(breaker_state::closed, now);
        }
      } else if (under_way.empty() || random.one_in(2)) {
        const auto given = real.admit(now);
        const auto expected = model.admit(now);
        REQUIRE(given.has_value() == expected.has_value());
        if (given)
          under_way.push_back({*given, *expected});
      } else {
        const auto n = random.below(under_way.size());
        const auto [permit, life] = under_way[n];
        under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(n));
        const auto outcome = any_outcome(random);
        real.record(permit, now, outcome);
        model.record(life, permit.start, now, outcome);
      }
      const auto seen = real.snapshot(now);
      REQUIRE(name(seen.state) == name(model.state(now)));
      const auto counts = model.counts(now);
      REQUIRE(seen.counts.calls == counts.calls);
      REQUIRE(seen.counts.failed == counts.failed);
      REQUIRE(seen.counts.slow == counts.slow);
      if (const auto left = model.left_to_wait(now))
        REQUIRE(seen.retry_after == *left);
    }
  }
}
