// How much may wait at the actors of a kind, by class of message, and what has been counted of
// them. A message's class is the type of its first element. Made before the actors, and not
// changed then; thread-safe from then on. Outlives its actors.
#pragma once

#include "supervision/mailbox_counters.hpp"
#include "supervision/observation.hpp"

#include <caf/error.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/rtti_pair.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pickup::supervision {

/// What a request is answered whose message did not get through a mailbox. The numbers appear
/// in logs: append, never renumber.
enum class mailbox_errc : std::uint8_t {
  mailbox_full = 1, ///< try again after the time in retry_after()
  superseded = 2,   ///< a newer message of the same key took its place
};

caf::error make_error(mailbox_errc code, std::chrono::milliseconds retry_after = {});

/// Whether an error is this one of ours.
bool operator==(const caf::error& e, mailbox_errc code);

/// When a refused request may be tried again; nothing when the error does not say.
std::optional<std::chrono::milliseconds> retry_after(const caf::error& e);

struct mailbox_options {
  std::string name;
  /// Messages of the classes that are rejected which may wait at one actor.
  std::uint32_t capacity = 1024;
  /// Messages of the classes that drop the oldest which may wait at one actor.
  std::uint32_t latest = 1024;
  /// Keys of the classes that conflate which may wait at one actor. Where the program itself
  /// bounds the keys there need be no other bound.
  std::uint32_t keys = std::numeric_limits<std::uint32_t>::max();
  /// What refused requests are told.
  std::chrono::milliseconds retry_after{1000};
  /// Who may look on; null: nothing is measured but what waits.
  observation* seen_by = nullptr;
  /// There may be any number of such actors, so not each may be measured on its own.
  bool many = false;
};

class mailbox_kind {
public:
  using tuple = caf::type_erased_tuple;

  enum class policy : std::uint8_t {
    control,     ///< never refused
    reject_new,  ///< refused when the mailbox is full
    drop_oldest, ///< the oldest of them makes room
    conflate,    ///< only the newest of each key waits
  };

  struct rule {
    caf::rtti_pair type;
    policy what = policy::reject_new;
    /// Whether it counts among what waits; CAF's own messages do not.
    bool counts = true;
    /// The key of a message that conflates, or that fences (see fence()).
    std::function<std::uint64_t(const tuple&)> key;
    /// Which of the class the rule is for; all when empty.
    std::function<bool(const tuple&)> when;
    /// Told of each that did not get through; empty for none.
    std::function<void(const tuple&)> lost;
    /// How many did not get through; shared by copies.
    std::shared_ptr<std::atomic<std::uint64_t>> losses =
        std::make_shared<std::atomic<std::uint64_t>>(0);
  };

  explicit mailbox_kind(mailbox_options o);
  mailbox_kind(const mailbox_kind&) = delete;
  mailbox_kind& operator=(const mailbox_kind&) = delete;

  // -- the classes. Those not named are rejected when the mailbox is full. The first rule that
  // fits a message decides.
  //
  // Functions given here run on the sender's thread inside its send, perhaps under a lock of
  // CAF's: nothing slow, nothing that throws.

  /// These are never refused: something else bounds them.
  template <class... Messages>
  mailbox_kind& control() {
    (add(made<Messages>(policy::control, {}, {}, {})), ...);
    return *this;
  }

  /// These are refused when the mailbox is full.
  /// @param lost called with each that is
  template <class Message>
  mailbox_kind& reject_new(std::function<void(const Message&)> lost = {}) {
    return add(made<Message>(policy::reject_new, {}, {}, on_first(lost)));
  }

  /// The same for some of the class only.
  template <class Message>
  mailbox_kind& reject_new_if(std::function<bool(const Message&)> when,
                              std::function<void(const Message&)> lost = {}) {
    return add(made<Message>(policy::reject_new, {}, on_first(when), on_first(lost)));
  }

  /// Of these only the latest wait.
  template <class Message>
  mailbox_kind& drop_oldest(std::function<void(const Message&)> lost = {}) {
    return add(made<Message>(policy::drop_oldest, {}, {}, on_first(lost)));
  }

  /// Of these only the newest of each key waits, in the place of the oldest. The classes of a
  /// kind share their keys: what has the same key supersedes each other.
  template <class Message>
  mailbox_kind& conflate(std::function<std::uint64_t(const Message&)> key,
                         std::function<void(const Message&)> lost = {}) {
    conflates_ = true;
    return add(made<Message>(policy::conflate, on_first(key), {}, on_first(lost)));
  }

  /// These are never refused, and what conflates under the same key does not overtake them.
  template <class Message>
  mailbox_kind& fence(std::function<std::uint64_t(const Message&)> key) {
    return add(made<Message>(policy::control, on_first(key), {}, {}));
  }

  /// Whether CAF itself sends it, or who waits for whom cannot do without.
  static bool is_of_the_system(const caf::mailbox_element& x);

  /// What is true of a message, by what it is and not by who sends it.
  const rule& rule_of(const caf::mailbox_element& x) const;

  const mailbox_options& options() const { return options_; }
  bool conflates() const { return conflates_; }
  bool drops() const { return drops_; }
  mailbox_figures figures() const { return counters_.read(); }
  /// How many messages of each class did not get through; those of classes that are not named
  /// count as "other".
  std::map<std::string, std::uint64_t> losses() const;
  /// For the actors of this kind.
  mailbox_counters& counters() const { return counters_; }

private:
  using predicate = std::function<bool(const tuple&)>;

  template <class Message>
  static rule made(policy what, std::function<std::uint64_t(const tuple&)> key, predicate when,
                   std::function<void(const tuple&)> lost) {
    rule r;
    r.type = caf::make_rtti_pair<Message>();
    r.what = what;
    r.key = std::move(key);
    r.when = std::move(when);
    r.lost = std::move(lost);
    return r;
  }

  mailbox_kind& add(rule r);

  template <class Result, class Message>
  static std::function<Result(const tuple&)> on_first(std::function<Result(const Message&)> f) {
    if (!f)
      return {};
    return [f = std::move(f)](const tuple& x) { return f(x.get_as<Message>(0)); };
  }

  const mailbox_options options_;
  std::vector<rule> rules_;
  const rule unnamed_;
  bool conflates_ = false;
  bool drops_ = false;
  mutable mailbox_counters counters_;
};

} // namespace pickup::supervision
