#include "actors/notifier.hpp"

#include "actors/actor_names.hpp"
#include "actors/behaving.hpp"
#include "actors/messaging.hpp"
#include "actors/provider_notifier.hpp"
#include "domain/telephone.hpp"
#include "notify/message_file.hpp"
#include "notify/message_text.hpp"
#include "supervision/bounded.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace pickup::actors {

namespace {

using namespace std::chrono_literals;

/// How often the file is synced and the cursor stored.
constexpr auto save_period = 1s;
/// The breaker is asked again after this at the latest: an operator may have reset it.
constexpr domain::duration longest_wait = 1s;
constexpr auto channel = "log";
/// Where in the file the lines begin that the cursor may not know of.
constexpr auto bytes_channel = "log.bytes";

class notifier_impl : public supervision::bounded<log_notifier_actor::base> {
public:
  notifier_impl(caf::actor_config& cfg, node_context& n)
      : bounded(cfg, n.bounds.notifier), node_(n) {
    behave(this);
  }

  const char* name() const override { return "notifier"; }
  std::string instance() const override { return notifier_name(channel).id; }

  void on_exit() override {
    node_.notifiers.erase(channel, address());
    guarded([this] {
      if (file_)
        drain();
      save();
    });
  }

protected:
  behavior_type make_behavior() override {
    node_.notifiers.put(channel, caf::actor_cast<notifier_actor>(this));
    send(this, resume_sending{});
    return {
        [this](const look_for_news&) {
          if (file_)
            attempt([this] { drain(); });
        },
        [this](const save_cursors&) {
          if (!guarded([this] { save(); }))
            try_later();
        },
        [this](const resume_sending&) {
          attempt([this] {
            resume();
            drain();
          });
        },
        [this](const show_state& m) { m.answer(snapshot()); },
    };
  }

private:
  actor_snapshot snapshot() const {
    actor_snapshot all{{"file", file_ ? "open" : "closed"}};
    for (const auto& [shard, n] : done_)
      all.emplace_back("toldUpTo " + label(shard), std::to_string(n.value()));
    return all;
  }

  supervision::shared_breaker& breaker() { return node_.channels.at(channel); }

  // A channel that fails is left alone for a while; nobody else notices.
  template <class F>
  void attempt(F work) {
    auto permit = breaker().admit();
    if (!permit)
      return try_later();
    using enum supervision::call_outcome;
    const bool works = guarded(work);
    permit->record(works ? success : failure);
    if (!works)
      try_later();
  }

  // False when it failed. Opening the file anew tells what was written before the fault.
  template <class F>
  bool guarded(F work) {
    try {
      work();
      return true;
    } catch (const std::exception& e) {
      spdlog::error("notify.failed channel={} reason={:?}", channel, e.what());
      file_.reset();
      return false;
    }
  }

  void try_later() {
    const auto wait = std::chrono::ceil<domain::duration>(breaker().retry_after());
    delayed_send(this, std::clamp<domain::duration>(wait, news_period, longest_wait),
                 resume_sending{});
  }

  // The cursor may be behind what was written before a crash; the lines of the file tell.
  void resume() {
    file_ = must(notify::message_file::open(node_.message_file));
    const auto& view = node_.journal.view();
    // The bytes first: a predecessor's cursors may be stored at this moment, and lines passed
    // over for a newer byte but not known from an older position would be told again.
    auto from = file_->size();
    for (auto shard : node_.shards)
      from = std::min(from, must(view.cursor(bytes_channel, shard)).value());
    notify::message_file::positions heads;
    for (auto shard : node_.shards) {
      heads[shard] = view.head(shard);
      // What a provider has told stays told.
      done_[shard] =
          std::max(must(view.cursor(channel, shard)), must(view.cursor(ended_cursor, shard)));
    }
    for (const auto& [shard, n] : must(file_->positions_after(from, heads)))
      done_[shard] = std::max(done_[shard], n);
    for (const auto& [shard, n] : done_)
      node_.looked_at(channel, shard, n);
    // So that next time the lines that are there now are not looked at again.
    moved_ = true;
    save();
  }

  void drain() {
    bool more = false;
    for (auto shard : node_.shards) {
      const auto from = domain::seq_no{done_[shard].value() + 1};
      if (node_.journal.view().head(shard) < from)
        continue;
      const auto entries = must(node_.journal.view().read_from(shard, from, entries_a_turn));
      if (entries.empty())
        continue;
      deliver(entries);
      done_[shard] = entries.back().n;
      node_.looked_at(channel, shard, entries.back().n);
      more = more || entries.size() == entries_a_turn;
      moved_ = true;
    }
    delayed_send(this, more ? 0ms : news_period, look_for_news{});
    if (moved_ && !std::exchange(save_due_, true))
      delayed_send(this, save_period, save_cursors{});
  }

  void deliver(const std::vector<storage::entry>& entries) {
    std::string lines;
    std::vector<std::string> told;
    for (const auto& e : entries) {
      const auto* what = std::get_if<storage::call_entry>(&e.what);
      if (what == nullptr || !what->owed)
        continue;
      const auto id = notify::intent_id(e);
      const auto kind = domain::name(what->owed->kind);
      const auto call = std::to_string(what->call.number());
      const auto at = domain::to_rfc3339(e.at);
      const auto courier = courier_of(*what);
      const auto text = notify::message_text(*what, courier);
      for (std::string_view field :
           {std::string_view{id}, std::string_view{at}, std::string_view{call}, kind,
            std::string_view{what->owed->tel}, std::string_view{e.correlation_id}})
        lines.append(field).push_back('\t');
      lines.append(text).push_back('\n');
      // Without the text: that is the customer's, and stands in the file.
      told.push_back(
          fmt::format("message.sent intent={} call={} kind={} tel={} correlation_id={:?}", id,
                      call, kind, domain::masked(what->owed->tel), e.correlation_id));
    }
    must(file_->append(lines));
    for (const auto& line : told)
      spdlog::info("{}", line);
    node_.counters.messages_sent += told.size();
  }

  std::optional<domain::courier> courier_of(const storage::call_entry& what) const {
    for (const auto& t : what.transitions)
      if (t.event == domain::event::assigned)
        if (auto c = node_.journal.view().find(t.courier))
          return std::move(c->courier);
    return std::nullopt;
  }

  // The file first: a cursor must never be ahead of it.
  void save() {
    save_due_ = false;
    if (!file_ || !std::exchange(moved_, false))
      return;
    must(file_->sync());
    storage::cursor_op op;
    for (const auto& [shard, n] : done_) {
      op.cursors.push_back({channel, shard, n});
      op.cursors.push_back({bytes_channel, shard, domain::seq_no{file_->size()}});
    }
    node_.journal.submit(std::move(op));
  }

  node_context& node_;
  std::optional<notify::message_file> file_;
  std::map<domain::shard_id, domain::seq_no> done_;
  bool moved_ = false;    ///< since the last save
  bool save_due_ = false; ///< a save_cursors is under way
};

} // namespace

notifier_actor start_notifier(caf::actor_system& sys, node_context& n, runs_on where) {
  if (where == runs_on::own_thread)
    return caf::actor_cast<notifier_actor>(
        sys.spawn<notifier_impl, caf::detached>(std::ref(n)));
  return caf::actor_cast<notifier_actor>(sys.spawn<notifier_impl>(std::ref(n)));
}

} // namespace pickup::actors
