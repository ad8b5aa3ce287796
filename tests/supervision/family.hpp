// Children to supervise, and a diary of what becomes of them. Not thread-safe.
#pragma once

#include "supervision/supervisor.hpp"
#include "tests/supervision/manual_system.hpp"

#include <caf/actor.hpp>
#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/scoped_actor.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace pickup::testing {

/// What a child does when told to end.
enum class manners {
  good,     ///< it ends
  stubborn, ///< it does not, unless killed or told "end"
  mute,     ///< it handles nothing at all
};

class family {
public:
  using diary = std::vector<std::string>;

  /// Keeps a diary of "a starts", "a hears: …", "a is told to end", "a ends".
  supervision::child_spec child(std::string id,
                                supervision::restart how = supervision::restart::permanent,
                                manners as = manners::good);
  /// Children called "1", "2", …
  supervision::child_template children(supervision::restart how);

  caf::actor bear(const std::string& id, manners as);
  /// "crash", "end", or words for the diary.
  void tell(const std::string& id, const std::string& words);
  const caf::actor& operator[](const std::string& id) const { return born_.at(id); }

  /// Starts counting on this supervisor, so that ended() tells why it ended.
  caf::actor watch(const caf::actor& supervisor);
  /// Why the watched supervisor ended; nothing while it lives.
  const std::optional<caf::error>& ended() const { return ended_; }
  /// A request whose answer comes when ask() of it comes to rest; given() reads it then.
  template <class Answer>
  class question {
  public:
    template <class Message>
    question(manual_system& system, const caf::actor& whom, Message what)
        : asker_(*system, true),
          asked_(asker_->request(whom, caf::infinite, std::move(what))) {}

    /// Nothing as long as it is not answered.
    std::optional<caf::expected<Answer>> given() {
      if (!asker_->has_next_message())
        return std::nullopt;
      std::optional<caf::expected<Answer>> answer;
      const auto failed = [&](caf::error& why) { answer.emplace(std::move(why)); };
      if constexpr (std::is_void_v<Answer>)
        asked_.receive([&] { answer.emplace(caf::unit); }, failed);
      else
        asked_.receive([&](Answer& x) { answer.emplace(std::move(x)); }, failed);
      return answer;
    }

  private:
    caf::scoped_actor asker_;
    caf::response_handle<caf::blocking_actor, caf::message, true> asked_;
  };

  /// What is answered once nothing is left to handle; throws when nothing is.
  template <class Answer, class Message>
  caf::expected<Answer> ask(const caf::actor& whom, Message what) {
    question<Answer> asked{system, whom, std::move(what)};
    system.run();
    return asked.given().value();
  }

  /// How many children are alive.
  std::uint64_t count(const caf::actor& supervisor);
  supervision::child_counts counts(const caf::actor& supervisor);

  supervision::supervisor_options options(std::uint32_t intensity = 3);

  /// What was noted since this was last asked.
  diary read();

  manual_system system;
  std::vector<supervision::restart_report> reports;
  /// Starts of each child that fail before one works.
  std::map<std::string, int> failing_starts;

private:
  void note(std::string line) { diary_.push_back(std::move(line)); }

  diary diary_;
  std::map<std::string, caf::actor> born_;
  std::optional<caf::error> ended_;
};

/// A supervisor of the given children, ended with the test.
class household : public family {
public:
  caf::actor start(std::vector<supervision::child_spec> children, std::uint32_t intensity = 3) {
    return start(options(intensity), std::move(children));
  }

  caf::actor start(supervision::supervisor_options o,
                   std::vector<supervision::child_spec> children) {
    parent_ = watch(start_supervisor(*system, std::move(o), std::move(children)));
    system.run();
    return parent_;
  }

  ~household() {
    kill(parent_);
    system.run();
  }

private:
  caf::actor parent_;
};

} // namespace pickup::testing
