#include "supervision/observation.hpp"

#include "supervision/mailbox_kind.hpp"

#include <caf/detail/pretty_type_name.hpp>
#include <caf/type_erased_tuple.hpp>

#include <ctime>
#include <exception>
#include <mutex>
#include <set>

namespace pickup::supervision {

namespace {

// A few nanoseconds, where the exact clock takes ten times as long: every message pays for it.
std::int64_t coarse_now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

/// What one thread is handling: written by it, read by any. A reader that meets a change takes
/// what it finds as idle.
struct alignas(64) desk {
  std::atomic<std::uint64_t> changes = 0; ///< odd while something is handled
  std::atomic<caf::actor_id> actor = 0;
  std::atomic<const std::type_info*> message = nullptr;
  std::atomic<std::int64_t> since = 0;
};

/// The desks of all threads that have handled anything and are there still.
class office {
public:
  static office& of_the_process() {
    static auto* const only = new office; // threads may outlive static objects
    return *only;
  }

  void enter(desk& d) {
    const std::lock_guard guard{mutex_};
    desks_.insert(&d);
  }
  void leave(desk& d) {
    const std::lock_guard guard{mutex_};
    desks_.erase(&d);
  }

  template <class F>
  void for_each(F look) {
    const std::lock_guard guard{mutex_};
    for (const auto* d : desks_)
      look(*d);
  }

private:
  std::mutex mutex_;
  std::set<desk*> desks_; ///< guarded
};

desk& desk_of_this_thread() {
  struct seat {
    seat() { office::of_the_process().enter(own); }
    ~seat() { office::of_the_process().leave(own); }
    desk own;
  };
  thread_local seat mine;
  return mine.own;
}

// Not in_sample(), which senders count by on the same threads: with one count for both, each
// would see the same side of a message's way. A prime, so that no rhythm of a work hides in it.
bool handled_in_sample() {
  constexpr std::uint32_t one_in = 17;
  thread_local std::uint32_t messages = 0;
  return messages++ % one_in == 0;
}

const std::type_info* type_of(const caf::mailbox_element& x) {
  return x.content().empty() ? nullptr : x.content().type(0).second;
}

} // namespace

// -- observed

observed::~observed() {
  if (probed_by_ != nullptr)
    --probed_by_->probes_;
  delete probe_.load();
}

actor_probe* observed::make_probe(observation& by) {
  if (probe() != nullptr)
    return probe();
  if (++by.probes_ > observation::most_probes && kind().options().many) {
    --by.probes_;
    return nullptr;
  }
  probed_by_ = &by;
  probe_.store(std::make_unique<actor_probe>().release(), std::memory_order_release);
  return probe();
}

// -- observation

void observation::watch_for(std::chrono::nanoseconds time) {
  const auto until = coarse_now() + time.count();
  auto known = watched_until_.load();
  while (known < until && !watched_until_.compare_exchange_weak(known, until)) {
  }
}

bool observation::is_watched() const {
  return watched_until_.load(std::memory_order_relaxed) > coarse_now();
}

// -- what runs

std::vector<running_message> running_messages() {
  std::vector<running_message> all;
  const auto now = coarse_now();
  office::of_the_process().for_each([&](const desk& d) {
    const auto before = d.changes.load();
    if (before % 2 == 0)
      return;
    const auto actor = d.actor.load();
    const auto* message = d.message.load();
    const auto since = d.since.load();
    if (d.changes.load() == before)
      all.push_back({actor, short_type_name(message), std::chrono::nanoseconds{now - since}});
  });
  return all;
}

std::string short_type_name(const std::type_info* type) {
  if (type == nullptr)
    return "message of the system";
  auto name = caf::detail::pretty_type_name(*type);
  for (const char* separator : {"::", "."})
    if (const auto last = name.rfind(separator); last != name.npos)
      name.erase(0, last + std::char_traits<char>::length(separator));
  return name;
}

std::string short_type_name(const caf::mailbox_element& message) {
  return short_type_name(type_of(message));
}

// -- handling

handling::handling(observed& at, caf::actor_id id, const caf::mailbox_element& message,
                   std::optional<std::chrono::nanoseconds> waited)
    : at_(at), exceptions_(std::uncaught_exceptions()) {
  auto* seen_by = at.kind().options().seen_by;
  if (seen_by == nullptr)
    return;
  auto& d = desk_of_this_thread();
  // What is told of this message is not seen before the end of the one before it.
  std::atomic_thread_fence(std::memory_order_release);
  d.actor.store(id, std::memory_order_relaxed);
  d.message.store(type_of(message), std::memory_order_relaxed);
  const auto now = coarse_now();
  d.since.store(now, std::memory_order_relaxed);
  d.changes.store(d.changes.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  at.kind().counters().handled();
  const bool watched = seen_by->watched_until_.load(std::memory_order_relaxed) > now;
  probe_ = watched ? at.make_probe(*seen_by) : at.probe();
  if (probe_ != nullptr && waited)
    probe_->waits.add(*waited);
  tracer_ = seen_by->tracer.load(std::memory_order_acquire);
  if (tracer_ != nullptr)
    token_ = tracer_->begins(at, message, waited);
  if (watched || token_ != 0 || handled_in_sample())
    began_ = clock::now();
}

handling::~handling() {
  if (at_.kind().options().seen_by == nullptr)
    return;
  auto& d = desk_of_this_thread();
  d.changes.store(d.changes.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  if (probe_ != nullptr)
    probe_->messages.fetch_add(1, std::memory_order_relaxed);
  if (!began_)
    return;
  const auto took = clock::now() - *began_;
  at_.kind().counters().took(took);
  if (probe_ != nullptr)
    probe_->handling.add(took);
  if (token_ != 0)
    tracer_->ended(token_, took, std::uncaught_exceptions() > exceptions_);
}

} // namespace pickup::supervision
