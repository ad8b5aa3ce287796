// A base for CAF's event-based, stateful and typed actors whose mailbox has a bound. Spawned as
// the base is, with the kind as the first argument:
//
//     class worker : public bounded<caf::event_based_actor> {
//       worker(caf::actor_config& cfg, const mailbox_kind& kind) : bounded(cfg, kind) {}
//
// Never refused: responses, exits, downs, time-outs, errors, streams, what is urgent, and what
// the actor sends itself. What else, the kind says by class of message. A request that is
// refused is answered mailbox_full; other messages are gone, and counted. The depth never
// exceeds the bounds, however many send at once.
//
// Costs an actor 32 bytes, and a lane for each of the two policies that need one if its kind
// has such a class.
#pragma once

#include "supervision/mailbox_counters.hpp"
#include "supervision/mailbox_kind.hpp"
#include "supervision/mailbox_lanes.hpp"

#include <caf/actor_clock.hpp>
#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/detail/sync_request_bouncer.hpp>
#include <caf/error.hpp>
#include <caf/execution_unit.hpp>
#include <caf/invoke_message_result.hpp>
#include <caf/mailbox_element.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace pickup::supervision {

/// Stands in an actor's own queue for what waits in a lane.
struct lane_token {
  enum class lane : std::uint8_t { conflating, dropping } which;
};

} // namespace pickup::supervision

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::lane_token)

namespace pickup::supervision {

template <class Base>
class bounded : public Base {
public:
  template <class... Ts>
  bounded(caf::actor_config& cfg, const mailbox_kind& kind, Ts&&... xs)
      : Base(cfg, std::forward<Ts>(xs)...), kind_(kind) {
    if (kind.conflates() || kind.drops())
      lanes_ = std::make_unique<lanes>(kind.options());
  }

  /// Bounded messages that wait here now. Thread-safe.
  std::size_t mailbox_depth() const {
    return gate_.depth()
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
      return Base::enqueue(std::move(x), eu);
    case mailbox_kind::policy::reject_new: return enter(rule, std::move(x), eu);
    case mailbox_kind::policy::drop_oldest:
      return put(lane_token::lane::dropping, lanes_->dropping.put(std::move(x)), eu);
    case mailbox_kind::policy::conflate: {
      const auto key = rule.key(x->content());
      return put(lane_token::lane::conflating, lanes_->conflating.put(key, std::move(x)), eu);
    }
    }
  }

  using Base::consume;

  caf::invoke_message_result consume(caf::mailbox_element& x) override {
    if (is_token(x))
      return consume_for(x);
    if (is_from_itself(x) || kind_.rule_of(x).what != mailbox_kind::policy::reject_new)
      return Base::consume(x);
    if (const auto entered = gate_.begin())
      kind_.counters().waited(std::chrono::microseconds{now() - *entered});
    leaving guard{*this}; // handlers throw
    const auto result = Base::consume(x);
    guard.stays = result == caf::invoke_message_result::skipped;
    return result;
  }

  bool cleanup(caf::error&& reason, caf::execution_unit* host) override {
    kind_.counters().left(gate_.close());
    if (lanes_) {
      const caf::detail::sync_request_bouncer bounce{reason};
      const auto end = [&](auto& lane) {
        for (const auto& x : lane.close()) {
          kind_.counters().left();
          bounce(*x);
        }
      };
      end(lanes_->conflating);
      end(lanes_->dropping);
    }
    return Base::cleanup(std::move(reason), host);
  }

private:
  struct lanes {
    explicit lanes(const mailbox_options& o) : conflating(o.keys), dropping(o.latest) {}

    conflating_lane<std::uint64_t, caf::mailbox_element_ptr> conflating;
    dropping_lane<caf::mailbox_element_ptr> dropping;
  };

  struct leaving {
    bounded& self;
    bool stays = false;

    ~leaving() {
      if (!stays && self.gate_.leave())
        self.kind_.counters().left();
    }
  };

  // What was taken from a lane is gone before CAF is done with the token that fetched it.
  struct fetching {
    bounded& self;
    caf::mailbox_element& token;
    bool stays = false;

    ~fetching() {
      self.current_mailbox_element(&token);
      if (!stays)
        self.kind_.counters().left();
    }
  };

  bool is_from_itself(const caf::mailbox_element& x) const {
    return x.sender && x.sender.get() == this->ctrl();
  }

  static bool is_token(const caf::mailbox_element& x) {
    return x.content().size() == 1 && x.content().type(0).second == &typeid(lane_token);
  }

  mailbox_gate::tick now() const {
    const auto since_start = this->home_system().clock().now().time_since_epoch();
    return static_cast<mailbox_gate::tick>(
        std::chrono::duration_cast<std::chrono::microseconds>(since_start).count());
  }

  // -- on the sender's thread

  void enter(const mailbox_kind::rule& rule, caf::mailbox_element_ptr x,
             caf::execution_unit* eu) {
    const auto entry = gate_.enter(kind_.options().capacity);
    if (entry.what == mailbox_gate::answer::full) {
      kind_.counters().rejected();
      if (!rule.lost && !x->mid.is_request())
        kind_.counters().dropped();
      return lose(*x, mailbox_errc::mailbox_full);
    }
    if (entry.what == mailbox_gate::answer::entered) {
      kind_.counters().entered(entry.depth);
      if (in_sample())
        gate_.measure(entry.depth, now());
    }
    // When the actor has ended its own queue knows how to answer.
    Base::enqueue(std::move(x), eu);
  }

  void put(lane_token::lane which, lane_result<caf::mailbox_element_ptr> result,
           caf::execution_unit* eu) {
    auto& counters = kind_.counters();
    const bool conflates = which == lane_token::lane::conflating;
    switch (result.what) {
    case lane_outcome::appended:
      counters.entered(result.depth);
      return Base::enqueue(
          caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, lane_token{which}),
          eu);
    case lane_outcome::replaced:
      conflates ? counters.conflated() : counters.dropped();
      return lose(**result.left_over,
                  conflates ? mailbox_errc::superseded : mailbox_errc::mailbox_full);
    case lane_outcome::full:
      counters.rejected();
      return lose(**result.left_over, mailbox_errc::mailbox_full);
    case lane_outcome::closed: return Base::enqueue(std::move(*result.left_over), eu);
    }
  }

  void lose(const caf::mailbox_element& x, mailbox_errc why) {
    if (const auto& lost = kind_.rule_of(x).lost)
      lost(x.content());
    if (x.mid.is_request() && x.sender)
      x.sender->enqueue(nullptr, x.mid.response_id(),
                        caf::make_message(make_error(why, kind_.options().retry_after)),
                        nullptr);
  }

  // -- on the actor's

  caf::invoke_message_result consume_for(caf::mailbox_element& token) {
    const auto which = token.content().template get_as<lane_token>(0).which;
    auto x = which == lane_token::lane::conflating ? lanes_->conflating.take()
                                                   : lanes_->dropping.take();
    if (!x)
      return caf::invoke_message_result::dropped;
    fetching guard{*this, token};
    const auto result = Base::consume(**x);
    if (result == caf::invoke_message_result::skipped) {
      // Not CAF's push_to_cache, which counts it twice: the token is skipped in its stead.
      guard.stays = true;
      if (which == lane_token::lane::conflating) {
        const auto key = kind_.rule_of(**x).key((*x)->content());
        lanes_->conflating.put_back(key, std::move(*x));
      } else {
        lanes_->dropping.put_back(std::move(*x));
      }
    }
    return result;
  }

  const mailbox_kind& kind_;
  mailbox_gate gate_;
  std::unique_ptr<lanes> lanes_;
};

} // namespace pickup::supervision
