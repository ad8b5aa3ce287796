#include "supervision/supervisor.hpp"

#include "supervision/restart_window.hpp"

#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>
#include <caf/system_messages.hpp>

#include <exception>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::start_child)

namespace pickup::supervision {

namespace {

// -- messages a supervisor sends itself --

/// A start failed; try again.
struct retry_start {
  child_key key;
  std::uint32_t incarnation;
};

/// The time for children to end is over.
struct stop_overdue {
  std::uint64_t round;
};

} // namespace

} // namespace pickup::supervision

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::retry_start)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pickup::supervision::stop_overdue)

namespace pickup::supervision {

namespace {

bool ended_well(const caf::error& reason) {
  return !reason || reason == caf::exit_reason::normal
         || reason == caf::exit_reason::user_shutdown;
}

bool wants_restart(restart how, const caf::error& reason) {
  return how == restart::permanent || (how == restart::transient && !ended_well(reason));
}

// What both kinds of supervisor share: links, limits, the orderly end.
class supervisor_base : public caf::event_based_actor {
public:
  supervisor_base(caf::actor_config& cfg, supervisor_options options)
      : caf::event_based_actor(cfg),
        options_(std::move(options)),
        window_(options_.intensity, options_.period) {
    set_exit_handler([this](caf::exit_msg& m) {
      if (!stopping_)
        stop(m.reason);
    });
    set_down_handler([this](caf::down_msg& m) { on_child_ended(m); });
    set_default_handler(caf::drop);
  }

  const char* name() const override { return options_.name.c_str(); }

  // Children do not outlive their supervisor, however it ends.
  void on_exit() override {
    for (const auto& [key, child] : alive_)
      tell_to_end(child, caf::exit_reason::kill);
    alive_.clear();
  }

protected:
  struct running {
    child_key key;
    std::uint32_t incarnation;
  };

  /// Makes an incarnation of a child. May throw.
  virtual caf::actor make(child_key key, std::uint32_t incarnation) = 0;
  virtual std::string child_name(child_key key) const = 0;
  virtual restart policy(child_key key) const = 0;
  /// Whether this one child may be started once more.
  virtual bool child_may_restart(child_key, restart_window::clock::time_point) { return true; }
  /// The child ended and is not started again.
  virtual void forget(child_key) {}
  /// Sends the exit message to those whose turn it is to end; false when they were told
  /// already.
  virtual bool stop_next() = 0;

  caf::actor start(child_key key, std::uint32_t incarnation) {
    try {
      auto child = make(key, incarnation);
      children_.emplace(child.address(), running{key, incarnation});
      alive_.insert_or_assign(key, child);
      // Not linked: the kill of a child would be the kill of its supervisor.
      monitor(child);
      return child;
    } catch (const std::exception& failure) {
      crashed({key, incarnation}, caf::make_error(caf::sec::runtime_error, failure.what()),
              false);
      return {};
    }
  }

  void tell_to_end(const caf::actor& child, caf::exit_reason why) {
    send<caf::message_priority::high>(child, caf::exit_msg{address(), why});
  }

  /// An empty handle when no child of that key is alive.
  caf::actor find(child_key key) const {
    const auto known = alive_.find(key);
    return known == alive_.end() ? caf::actor{} : known->second;
  }

  void await_stopped() {
    if (children_.empty()) {
      quit(*stopping_);
      return;
    }
    if (stop_next())
      delayed_send(this, options_.shutdown, stop_overdue{++stop_round_});
  }

  void on(const stop_overdue& m) {
    if (!stopping_ || m.round != stop_round_)
      return;
    // Who does not listen is killed in on_exit(), and not waited for.
    quit(*stopping_);
  }

  void on(const retry_start& m) {
    if (!stopping_ && !find(m.key))
      start(m.key, m.incarnation);
  }

  bool stopping() const { return stopping_.has_value(); }

  supervisor_options options_;
  std::unordered_map<caf::actor_addr, running> children_;
  /// An actor that nobody refers to ends; a child lives as long as its supervisor wants it.
  std::unordered_map<child_key, caf::actor> alive_;

private:
  void on_child_ended(const caf::down_msg& m) {
    const auto child = children_.find(m.source);
    if (child == children_.end())
      return;
    const auto ended = child->second;
    children_.erase(child);
    alive_.erase(ended.key);
    if (stopping_)
      await_stopped();
    else if (wants_restart(policy(ended.key), m.reason))
      crashed(ended, m.reason, true);
    else
      forget(ended.key);
  }

  void stop(caf::error reason) {
    stopping_ = std::move(reason);
    await_stopped();
  }

  // @param at_once a crash is answered by a start at once; a failed start is tried again later,
  // so that the supervisor can be asked and stopped in between
  void crashed(running child, const caf::error& reason, bool at_once) {
    const auto now = home_system().clock().now();
    const bool again = child_may_restart(child.key, now);
    if (options_.report)
      options_.report({options_.name, child_name(child.key), reason, again});
    if (!again)
      return;
    if (!window_.admit(now)) {
      stop(make_error(supervision_errc::too_many_restarts));
      return;
    }
    if (at_once)
      start(child.key, child.incarnation + 1);
    else
      send(this, retry_start{child.key, child.incarnation + 1});
  }

  restart_window window_;
  std::optional<caf::error> stopping_;
  std::uint64_t stop_round_ = 0;
};

class static_supervisor final : public supervisor_base {
public:
  static_supervisor(caf::actor_config& cfg, supervisor_options options,
                    std::vector<child_spec> children)
      : supervisor_base(cfg, std::move(options)), specs_(std::move(children)) {}

protected:
  caf::behavior make_behavior() override {
    for (child_key key = 0; key < specs_.size() && !stopping(); ++key)
      start(key, 0);
    return {
        [this](const count_children&) { return std::uint64_t{children_.size()}; },
        [this](const retry_start& m) { on(m); },
        [this](const stop_overdue& m) { on(m); },
    };
  }

  caf::actor make(child_key key, std::uint32_t) override {
    return specs_[key].start(home_system());
  }
  std::string child_name(child_key key) const override { return specs_[key].id; }
  restart policy(child_key key) const override { return specs_[key].how; }

  bool stop_next() override {
    for (auto key = specs_.size(); key-- > 0;)
      if (const auto child = find(key)) {
        if (std::exchange(told_, key) == key)
          return false;
        tell_to_end(child, caf::exit_reason::user_shutdown);
        return true;
      }
    return false;
  }

private:
  std::vector<child_spec> specs_;
  std::optional<child_key> told_; ///< whose turn it is to end
};

class dynamic_supervisor final : public supervisor_base {
public:
  dynamic_supervisor(caf::actor_config& cfg, supervisor_options options,
                     child_template children)
      : supervisor_base(cfg, std::move(options)), template_(std::move(children)) {}

protected:
  caf::behavior make_behavior() override {
    if (template_.initial)
      for (const auto key : template_.initial())
        start(key, 0);
    return {
        [this](start_child& m) {
          if (stopping() || find(m.key))
            return;
          const auto child = start(m.key, 0);
          if (child && !m.first.empty())
            child->enqueue(nullptr, caf::make_message_id(), std::move(m.first), context());
        },
        [this](const count_children&) { return std::uint64_t{children_.size()}; },
        [this](const retry_start& m) { on(m); },
        [this](const stop_overdue& m) { on(m); },
    };
  }

  caf::actor make(child_key key, std::uint32_t incarnation) override {
    return template_.start(home_system(), key, incarnation);
  }
  std::string child_name(child_key key) const override { return std::to_string(key); }
  restart policy(child_key) const override { return template_.how; }

  bool child_may_restart(child_key key, restart_window::clock::time_point now) override {
    auto& window =
        windows_.try_emplace(key, template_.child_intensity, options_.period).first->second;
    const bool may = window.admit(now);
    if (!may) {
      windows_.erase(key);
      if (template_.given_up)
        template_.given_up(key);
    }
    return may;
  }

  void forget(child_key key) override { windows_.erase(key); }

  bool stop_next() override {
    if (std::exchange(told_, true))
      return false;
    for (const auto& [key, child] : alive_)
      tell_to_end(child, caf::exit_reason::user_shutdown);
    return true;
  }

private:
  child_template template_;
  /// Only of children that crashed.
  std::unordered_map<child_key, restart_window> windows_;
  bool told_ = false;
};

} // namespace

caf::error make_error(supervision_errc code) {
  return {static_cast<std::uint8_t>(code), caf::atom("supervise"),
          caf::make_message(std::string{"restart child: limit of restarts reached"})};
}

caf::actor start_supervisor(caf::actor_system& sys, supervisor_options options,
                            std::vector<child_spec> children) {
  return sys.spawn<static_supervisor>(std::move(options), std::move(children));
}

caf::actor start_dynamic_supervisor(caf::actor_system& sys, supervisor_options options,
                                    child_template children) {
  return sys.spawn<dynamic_supervisor>(std::move(options), std::move(children));
}

} // namespace pickup::supervision
