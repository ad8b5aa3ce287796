// What waits beside an actor's own queue, where CAF could neither take the oldest out nor
// replace it: one value for each key, or the latest so many. Thread-safe, under a lock that is
// held for a few instructions. In the actor's queue stands a token for each value; it takes
// whatever is first by then, so that values leave no later than their token comes.
#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pickup::supervision {

enum class lane_outcome {
  appended, ///< it waits; a token is due
  replaced, ///< it waits instead of an older one, whose token will do
  full,     ///< it does not wait: too many do
  closed,   ///< it does not wait: nobody will come for it
};

/// What became of a value, and the value that does not wait: the older one when it was
/// replaced, else the new one.
template <class Value>
struct lane_result {
  lane_outcome what;
  std::optional<Value> left_over;
};

/// Values by key, in the order their keys began to wait. The newest value of a key wins.
template <class Key, class Value>
class conflating_lane {
public:
  /// @param most keys that may wait
  explicit conflating_lane(std::size_t most) : most_(most) {}

  lane_result<Value> put(Key key, Value value) {
    const std::lock_guard guard{mutex_};
    if (closed_)
      return {lane_outcome::closed, std::move(value)};
    if (const auto waits = newest_.find(key); waits != newest_.end())
      return {lane_outcome::replaced, std::exchange(waits->second->value, std::move(value))};
    if (values_.size() >= most_)
      return {lane_outcome::full, std::move(value)};
    newest_.emplace(key, values_.insert(values_.end(), {key, std::move(value)}));
    return {lane_outcome::appended, std::nullopt};
  }

  /// What comes later does not replace what waits under this key now: between them something
  /// else happens that must not change places with either.
  void fence(const Key& key) {
    const std::lock_guard guard{mutex_};
    newest_.erase(key);
  }

  std::optional<Value> take() {
    const std::lock_guard guard{mutex_};
    if (values_.empty())
      return std::nullopt;
    const auto first = values_.begin();
    if (const auto known = newest_.find(first->key);
        known != newest_.end() && known->second == first)
      newest_.erase(known);
    std::optional<Value> value{std::move(first->value)};
    values_.erase(first);
    return value;
  }

  /// Undoes take(), for a value that cannot be handled yet. It is no longer replaced.
  void put_back(Key key, Value value) {
    const std::lock_guard guard{mutex_};
    values_.push_front({key, std::move(value)});
  }

  /// Nothing waits any more; what did.
  std::vector<Value> close() {
    std::vector<Value> rest;
    const std::lock_guard guard{mutex_};
    closed_ = true;
    newest_.clear();
    for (auto& e : std::exchange(values_, {}))
      rest.push_back(std::move(e.value));
    return rest;
  }

  std::size_t size() const {
    const std::lock_guard guard{mutex_};
    return values_.size();
  }

private:
  struct entry {
    Key key;
    Value value;
  };

  mutable std::mutex mutex_;
  const std::size_t most_;
  bool closed_ = false;
  std::list<entry> values_;
  /// Of each key that waits, but for what waits before a fence.
  std::unordered_map<Key, typename std::list<entry>::iterator> newest_;
};

/// The latest so many values, in order: when they are too many the oldest makes room.
template <class Value>
class dropping_lane {
public:
  /// @param most values that may wait; at least one
  explicit dropping_lane(std::size_t most) : most_(most) {}

  lane_result<Value> put(Value value) {
    const std::lock_guard guard{mutex_};
    if (closed_)
      return {lane_outcome::closed, std::move(value)};
    values_.push_back(std::move(value));
    if (values_.size() <= most_)
      return {lane_outcome::appended, std::nullopt};
    lane_result<Value> result{lane_outcome::replaced, std::move(values_.front())};
    values_.pop_front();
    return result;
  }

  std::optional<Value> take() {
    const std::lock_guard guard{mutex_};
    if (values_.empty())
      return std::nullopt;
    std::optional<Value> value{std::move(values_.front())};
    values_.pop_front();
    return value;
  }

  /// Undoes take(), for a value that cannot be handled yet.
  void put_back(Value value) {
    const std::lock_guard guard{mutex_};
    values_.push_front(std::move(value));
  }

  /// Nothing waits any more; what did.
  std::vector<Value> close() {
    std::vector<Value> rest;
    const std::lock_guard guard{mutex_};
    closed_ = true;
    for (auto& v : std::exchange(values_, {}))
      rest.push_back(std::move(v));
    return rest;
  }

  std::size_t size() const {
    const std::lock_guard guard{mutex_};
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  const std::size_t most_;
  bool closed_ = false;
  std::list<Value> values_; ///< an empty std::deque would take half a kilobyte
};

} // namespace pickup::supervision
