// A base for CAF's event-based, stateful and typed actors whose mailbox has a bound. Spawned as
// the base is, with the kind as the first argument:
//
//     class worker : public bounded<caf::event_based_actor> {
//       worker(caf::actor_config& cfg, const mailbox_kind& kind) : bounded(cfg, kind) {}
//
// Never refused: responses, exits, downs, time-outs, errors, streams, what is urgent, and what
// the actor sends itself. What else, the kind says by class of message. A request that is
// refused is answered mailbox_full; other messages are gone, and counted. What may be refused
// never exceeds the bounds, however many send at once.
//
// The depth is that of all that waits, also of what is never refused; but for CAF's own
// messages, and those that the actor sends itself.
//
// Costs an actor 80 bytes, and a lane for each of the two policies that need one if its kind
// has such a class. While it is watched (see observation.hpp), half a kilobyte more.
#pragma once

#include "supervision/mailbox_counters.hpp"
#include "supervision/mailbox_kind.hpp"
#include "supervision/mailbox_lanes.hpp"
#include "supervision/observation.hpp"

#include <caf/actor_clock.hpp>
#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/detail/sync_request_bouncer.hpp>
#include <caf/error.hpp>
#include <caf/execution_unit.hpp>
#include <caf/invoke_message_result.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace pickup::supervision {

/// Stands in an actor's own queue for what waits in a lane.
struct lane_token {
  enum class lane : std::uint8_t { conflating, dropping } which;
};

/// Arms a bounded actor, for tests and drills: `what` is called in the place of the handler of
/// the next message that is not CAF's own, which is handled when it returns. What it throws,
/// that handler has thrown.
struct planned_fault {
  std::function<void()> what;
};

} // namespace pickup::supervision

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::lane_token)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::planned_fault)

namespace pickup::supervision {

/// Sends a planned fault so that no full mailbox refuses it. Any other actor drops it.
inline void arm(const caf::actor& whom, planned_fault fault) {
  caf::anon_send<caf::message_priority::high>(whom, std::move(fault));
}

template <class Base>
class bounded : public Base, public observed {
public:
  template <class... Ts>
  bounded(caf::actor_config& cfg, const mailbox_kind& kind, Ts&&... xs)
      : Base(cfg, std::forward<Ts>(xs)...), kind_(kind) {
    if (kind.conflates() || kind.drops())
      lanes_ = std::make_unique<lanes>(kind.options());
  }

  const mailbox_kind& kind() const override { return kind_; }
  std::size_t mailbox_depth() const override {
    return std::size_t{gate_.depth()} + passing_.depth()
           + (lanes_ ? lanes_->conflating.size() + lanes_->dropping.size() : std::size_t{0});
  }

  using Base::enqueue;

  void enqueue(caf::mailbox_element_ptr x, caf::execution_unit* eu) override {
    if (is_from_itself(*x))
      return Base::enqueue(std::move(x), eu);
    const auto& rule = kind_.rule_of(*x);
    switch (rule.what) {
    case mailbox_kind::policy::control:
      if (rule.key && lanes_)
        lanes_->conflating.fence(rule.key(x->content()));
      return rule.counts ? pass(std::move(x), eu) : Base::enqueue(std::move(x), eu);
    case mailbox_kind::policy::reject_new: return enter(rule, std::move(x), eu);
    case mailbox_kind::policy::drop_oldest:
      return put(lane_token::lane::dropping, lanes_->dropping.put(stamped(std::move(x))), eu);
    case mailbox_kind::policy::conflate: {
      const auto key = rule.key(x->content());
      return put(lane_token::lane::conflating,
                 lanes_->conflating.put(key, stamped(std::move(x))), eu);
    }
    }
  }

  using Base::consume;

  caf::invoke_message_result consume(caf::mailbox_element& x) override {
    if (is_a<lane_token>(x))
      return consume_for(x);
    if (is_a<planned_fault>(x)) {
      fault_ = std::make_unique<planned_fault>(x.content().template get_as<planned_fault>(0));
      return caf::invoke_message_result::consumed;
    }
    auto* gate = is_from_itself(x) ? nullptr : gate_of(kind_.rule_of(x));
    if (gate == nullptr)
      return handle(x, std::nullopt);
    const auto waited = waited_since(gate->begin());
    leaving guard{*this, *gate}; // handlers throw
    const auto result = handle(x, waited);
    guard.stays = result == caf::invoke_message_result::skipped;
    return result;
  }

  bool cleanup(caf::error&& reason, caf::execution_unit* host) override {
    kind_.counters().left(std::uint64_t{gate_.close()} + passing_.close());
    if (lanes_) {
      const caf::detail::sync_request_bouncer bounce{reason};
      const auto end = [&](auto& lane) {
        for (const auto& x : lane.close()) {
          kind_.counters().left();
          bounce(*x.message);
        }
      };
      end(lanes_->conflating);
      end(lanes_->dropping);
      lanes_->fetched.reset();
    }
    return Base::cleanup(std::move(reason), host);
  }

private:
  struct lane_entry {
    caf::mailbox_element_ptr message;
    std::optional<mailbox_gate::tick> since; ///< when its waiting time is to be measured
  };

  struct lanes {
    explicit lanes(const mailbox_options& o) : conflating(o.keys), dropping(o.latest) {}

    conflating_lane<std::uint64_t, lane_entry> conflating;
    dropping_lane<lane_entry> dropping;
    /// What was taken out last. When its handler throws it is still there for the exception
    /// handler to name.
    caf::mailbox_element_ptr fetched;
  };

  struct leaving {
    bounded& self;
    mailbox_gate& gate;
    bool stays = false;

    ~leaving() {
      if (!stays && gate.leave())
        self.kind_.counters().left();
    }
  };

  bool is_from_itself(const caf::mailbox_element& x) const {
    return x.sender && x.sender.get() == this->ctrl();
  }

  template <class Message>
  static bool is_a(const caf::mailbox_element& x) {
    return x.content().size() == 1 && x.content().type(0).second == &typeid(Message);
  }

  mailbox_gate::tick now() const {
    const auto since_start = this->home_system().clock().now().time_since_epoch();
    return static_cast<mailbox_gate::tick>(
        std::chrono::duration_cast<std::chrono::microseconds>(since_start).count());
  }

  bool is_measured() const {
    return in_sample() || (probe() != nullptr && kind_.options().seen_by->is_watched());
  }

  // What a message of a class came in by, and goes out by again; null for what does not count
  // or waits in a lane.
  mailbox_gate* gate_of(const mailbox_kind::rule& rule) {
    switch (rule.what) {
    case mailbox_kind::policy::control: return rule.counts ? &passing_ : nullptr;
    case mailbox_kind::policy::reject_new: return &gate_;
    case mailbox_kind::policy::drop_oldest:
    case mailbox_kind::policy::conflate: break;
    }
    return nullptr;
  }

  // -- on the sender's thread

  lane_entry stamped(caf::mailbox_element_ptr x) const {
    return {std::move(x), is_measured() ? std::optional{now()} : std::nullopt};
  }

  void enter(const mailbox_kind::rule& rule, caf::mailbox_element_ptr x,
             caf::execution_unit* eu) {
    const auto entry = gate_.enter(kind_.options().capacity);
    if (entry.what == mailbox_gate::answer::full) {
      kind_.counters().rejected();
      if (!rule.lost && !x->mid.is_request())
        kind_.counters().dropped();
      return lose(*x, mailbox_errc::mailbox_full);
    }
    let_in(gate_, entry, std::move(x), eu);
  }

  void pass(caf::mailbox_element_ptr x, caf::execution_unit* eu) {
    constexpr auto no_bound = std::numeric_limits<std::uint32_t>::max();
    let_in(passing_, passing_.enter(no_bound), std::move(x), eu);
  }

  void let_in(mailbox_gate& by, const mailbox_gate::entry& entry, caf::mailbox_element_ptr x,
              caf::execution_unit* eu) {
    if (entry.what == mailbox_gate::answer::entered) {
      count_in();
      if (is_measured())
        by.measure(entry.depth, now());
    } else {
      kind_.counters().late();
    }
    // When the actor has ended its own queue knows how to answer.
    Base::enqueue(std::move(x), eu);
  }

  void count_in() {
    const auto depth = mailbox_depth();
    kind_.counters().entered(depth);
    if (auto* known = probe())
      known->raise_high_water(static_cast<std::uint32_t>(depth));
  }

  void put(lane_token::lane which, lane_result<lane_entry> result, caf::execution_unit* eu) {
    auto& counters = kind_.counters();
    const bool conflates = which == lane_token::lane::conflating;
    switch (result.what) {
    case lane_outcome::appended:
      count_in();
      return Base::enqueue(
          caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, lane_token{which}),
          eu);
    case lane_outcome::replaced:
      conflates ? counters.conflated() : counters.dropped();
      return lose(*result.left_over->message,
                  conflates ? mailbox_errc::superseded : mailbox_errc::mailbox_full);
    case lane_outcome::full:
      counters.rejected();
      return lose(*result.left_over->message, mailbox_errc::mailbox_full);
    case lane_outcome::closed:
      counters.late();
      return Base::enqueue(std::move(result.left_over->message), eu);
    }
  }

  void lose(const caf::mailbox_element& x, mailbox_errc why) {
    const auto& rule = kind_.rule_of(x);
    // That a newer message took its place is no loss.
    if (why == mailbox_errc::mailbox_full) {
      rule.losses->fetch_add(1, std::memory_order_relaxed);
      if (auto* known = probe())
        known->rejected.fetch_add(1, std::memory_order_relaxed);
    }
    if (rule.lost)
      rule.lost(x.content());
    refuse(x, make_error(why, kind_.options().retry_after));
  }

  static void refuse(const caf::mailbox_element& x, caf::error why) {
    if (x.mid.is_request() && !x.mid.is_answered() && x.sender)
      x.sender->enqueue(nullptr, x.mid.response_id(), caf::make_message(std::move(why)),
                        nullptr);
  }

  // -- on the actor's

  std::optional<std::chrono::nanoseconds>
  waited_since(const std::optional<mailbox_gate::tick>& entered) {
    if (!entered)
      return std::nullopt;
    const std::chrono::microseconds time{now() - *entered};
    kind_.counters().waited(time);
    return time;
  }

  caf::invoke_message_result handle(caf::mailbox_element& x,
                                    std::optional<std::chrono::nanoseconds> waited) {
    const handling now_at_work{*this, this->id(), x, waited};
    if (fault_ && !mailbox_kind::is_of_the_system(x)) {
      this->current_mailbox_element(&x);
      std::exchange(fault_, nullptr)->what();
    }
    return Base::consume(x);
  }

  caf::invoke_message_result consume_for(caf::mailbox_element& token) {
    const auto which = token.content().template get_as<lane_token>(0).which;
    auto next = which == lane_token::lane::conflating ? lanes_->conflating.take()
                                                      : lanes_->dropping.take();
    if (!next)
      return caf::invoke_message_result::dropped;
    const auto waited = waited_since(next->since);
    auto& x = lanes_->fetched = std::move(next->message);
    auto result = caf::invoke_message_result::dropped;
    try {
      result = handle(*x, waited);
    } catch (...) {
      kind_.counters().left();
      // CAF answers for the token, by which nobody asked.
      refuse(*x, caf::sec::runtime_error);
      throw;
    }
    // What was taken from a lane is gone before CAF is done with the token that fetched it.
    this->current_mailbox_element(&token);
    if (result != caf::invoke_message_result::skipped) {
      kind_.counters().left();
      x.reset();
    } else if (which == lane_token::lane::conflating) {
      // Not CAF's push_to_cache, which counts it twice: the token is skipped in its stead.
      const auto key = kind_.rule_of(*x).key(x->content());
      lanes_->conflating.put_back(key, {std::move(x), std::nullopt});
    } else {
      lanes_->dropping.put_back({std::move(x), std::nullopt});
    }
    return result;
  }

  const mailbox_kind& kind_;
  mailbox_gate gate_;    ///< of what may be refused
  mailbox_gate passing_; ///< of what is never refused
  std::unique_ptr<lanes> lanes_;
  std::unique_ptr<planned_fault> fault_; ///< for the next message
};

} // namespace pickup::supervision
