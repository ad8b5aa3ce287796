// All messages on their way: which may go now, and what each outcome makes of them. A call's
// messages go one after the other; different calls do not wait for each other. Pure: time is an
// argument, chance comes from a seed. Not thread-safe; owned by the notifier.
#pragma once

#include "domain/call.hpp"
#include "notify/delivery.hpp"
#include "notify/wire.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pickup::notify {

/// A message that a customer is owed.
struct outgoing {
  delivery_id id;
  domain::timestamp born;
  domain::call_id call;
  domain::message kind = domain::message::received;
  letter what;
  std::string correlation_id; ///< of what caused it, for the log
};

/// Something to be done for a message.
struct task {
  delivery_id id;
  work what = work::none;
  request ask;
};

/// A delivery that is not as it was.
struct change {
  outgoing message;
  delivery now;
};

/// What somebody should hear of an outcome.
struct verdict {
  bool stop_channel = false;
  bool alarm = false;
  bool reconciled = false; ///< it was unknown, and the provider said what is true
};

/// What has been done since it was made, by provider.
struct tally {
  std::uint64_t sent = 0;    ///< requests to send
  std::uint64_t retries = 0; ///< of them, not the first of their message
  std::uint64_t reconciled = 0;
  std::uint64_t delivered = 0;
  std::uint64_t handed_over = 0; ///< to the next provider
  std::uint64_t superseded = 0;
  std::uint64_t dead = 0; ///< dead letters, bad numbers among them
};

class outbox {
public:
  outbox(rules r, senders from, std::uint64_t seed);

  /// A message that nothing is known of. Messages of a call come in the journal's order.
  /// @param doubted an earlier process may have sent it
  void add(outgoing m, domain::timestamp now, bool doubted);
  /// A message as an earlier process or actor left it.
  void recover(outgoing m, delivery row, domain::timestamp now);

  /// Ends what took too long, or sends it another way.
  /// @param alimtalk_stopped nothing gets through there: what can goes by SMS
  void tend(domain::timestamp now, bool alimtalk_stopped);
  /// Something that can be done now with a provider; it is under way until answered().
  std::optional<task> next(provider with, domain::timestamp now);
  verdict answered(const delivery_id& id, work done, const outcome& o, domain::timestamp now);
  /// How far a message is that is on its way.
  const delivery& state(const delivery_id& id) const { return items_.at(id).now; }
  const outgoing& message(const delivery_id& id) const { return items_.at(id).message; }

  /// When there is something to do with a provider.
  std::optional<domain::timestamp> due(provider with) const;
  /// What changed since the last call, to be remembered.
  std::vector<change> take_changes();

  bool holds(const delivery_id& id) const { return items_.contains(id); }
  /// Messages on their way.
  std::size_t size() const { return items_.size(); }
  /// Of a shard, the first position on its way; nothing when there is none.
  std::optional<domain::seq_no> oldest(domain::shard_id shard) const;

  const tally& done_with(provider p) const { return tallies_.at(static_cast<std::size_t>(p)); }

private:
  struct item {
    outgoing message;
    delivery now;
    bool under_way = false;
  };

  void insert(outgoing m, delivery row);
  void set(item& i, delivery next);
  void queue(item& i);
  void unqueue(const item& i);
  void settle(const delivery_id& id, domain::timestamp now);
  bool may_go(const item& i) const;
  bool is_pointless(const item& i) const;
  void supersede(domain::call_id call, domain::timestamp now);
  void mark(const std::string& tel, domain::timestamp now);
  bool is_marked(const std::string& tel, domain::timestamp now) const;
  double chance();
  tally& of(carrier via) { return tallies_.at(static_cast<std::size_t>(provider_of(via))); }

  const rules rules_;
  const senders from_;
  std::mt19937_64 random_;
  std::map<delivery_id, item> items_;
  std::unordered_map<domain::call_id, std::deque<delivery_id>> lines_; ///< who comes after whom
  std::array<std::set<std::pair<domain::timestamp, delivery_id>>, 2> due_; ///< by provider
  std::vector<delivery_id> touched_;
  std::vector<change> ended_;
  std::map<std::string, domain::timestamp, std::less<>> marked_; ///< numbers not to be tried
  std::array<tally, 2> tallies_{};
};

} // namespace pickup::notify
