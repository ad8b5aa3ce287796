#include "app/pickupctl/load/customers.hpp"

#include "app/pickupctl/client.hpp"
#include "app/pickupctl/cut_off.hpp"
#include "app/pickupctl/load/city.hpp"
#include "domain/options.hpp"
#include "domain/time.hpp"
#include "http/json_writer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <queue>
#include <string>
#include <string_view>

namespace pickup::ctl {

namespace {

using clock = std::chrono::steady_clock;
using seconds = std::chrono::duration<double>;
using namespace std::chrono_literals;

constexpr std::uint64_t lines = 4; ///< threads, each with a connection
constexpr double cancels = 0.05;
constexpr double schedules = 0.02;
/// Nobody waits longer for the next call before looking at the time of day again.
constexpr seconds longest_gap = 1s;
constexpr seconds usual_regret = 4s;

struct regret {
  clock::time_point due;
  call_name call;

  friend bool operator<(const regret& a, const regret& b) { return a.due > b.due; }
};

/// One of the threads. Not thread-safe.
class line {
public:
  line(client to, call_book& book, const load_options& o, std::uint64_t number)
      : server_(std::move(to)), book_(book), options_(o), chance_(o.seed + number) {}

  void run(const interruption& end, const std::stop_token& over) {
    const cut_off requests{server_, end, request_grace};
    while (!over.stop_requested()) {
      const auto gap = next_gap();
      if (wait(over,
               clock::now()
                   + std::chrono::duration_cast<clock::duration>(std::min(gap, longest_gap)))
          && gap <= longest_gap)
        make_call();
    }
  }

private:
  // Calls come independently of one another, as many as the hour asks for.
  seconds next_gap() {
    const seconds day = options_.day;
    const auto now = seconds{clock::now() - began_} / day;
    const auto rate = options_.calls_a_second * demand(now + morning) / lines;
    return seconds{std::exponential_distribution<double>{rate}(chance_)};
  }

  // False when it is over. Meanwhile those who change their mind do.
  bool wait(const std::stop_token& over, clock::time_point until) {
    std::unique_lock guard{mutex_};
    for (;;) {
      const auto next = regrets_.empty() ? until : std::min(until, regrets_.top().due);
      if (waiting_.wait_until(guard, over, next, [] { return false; }) || over.stop_requested())
        return false;
      if (next == until)
        return true;
      cancel(regrets_.top().call);
      regrets_.pop();
    }
  }

  std::string body(domain::service s, domain::position where) {
    const auto pick = [this](const auto& choices) {
      return choices[std::uniform_int_distribution<std::size_t>{0,
                                                                choices.size() - 1}(chance_)];
    };
    constexpr std::array<std::string_view, 3> parcels{"under10kg", "under10kg", "over10kg"};
    constexpr std::array<std::string_view, 4> taxis{"standard", "standard", "deluxe", "van"};
    const auto number = std::to_string(10'000 + static_cast<int>(share(chance_) * 10'000));
    http::json_writer out;
    out.begin_object().field("tel", "010-0003-" + number.substr(1));
    out.field("lat", where.lat()).field("lng", where.lng());
    if (s == domain::service::pickup)
      out.field("parcelType", pick(parcels));
    else
      out.field("taxiClass", pick(taxis));
    out.field("cost", 3000 + 100 * static_cast<int>(share(chance_) * 200));
    if (share(chance_) < schedules)
      out.field("pickupAt",
                domain::to_rfc3339(std::chrono::floor<domain::duration>(
                    std::chrono::system_clock::now() + 20min + 40min * share(chance_))));
    out.end_object();
    return out.take();
  }

  void make_call() {
    const auto service =
        share(chance_) < options_.taxis ? domain::service::taxi : domain::service::pickup;
    const auto where = somewhere(chance_);
    const auto text = body(service, where);
    const auto asked = clock::now();
    const auto answer = server_.ask("POST", '/' + std::string{name(service)} + "calls", text);
    if (!answer)
      return status_of(answer.error()).empty() ? book_.unanswered() : book_.refused();
    book_.answered_within(
        std::chrono::duration<double, std::milli>{clock::now() - asked}.count());
    const call_name call{service, (*answer)["id"].whole().value_or(0)};
    book_.made(call, where, bool{(*answer)["courier"]}, clock::now());
    if (share(chance_) < cancels)
      regrets_.push(
          {clock::now()
               + std::chrono::duration_cast<clock::duration>(usual_regret * 2 * share(chance_)),
           call});
  }

  void cancel(const call_name& call) {
    if (server_.send("DELETE", '/' + std::string{name(call.service)} + "calls/"
                                   + std::to_string(call.number)))
      book_.canceled(call);
  }

  static constexpr double morning = 7.0 / 24; ///< when the simulation begins

  client server_;
  call_book& book_;
  const load_options options_;
  chance chance_;
  const clock::time_point began_ = clock::now();
  std::priority_queue<regret> regrets_;
  std::mutex mutex_; ///< nobody else's: what waits wants one
  std::condition_variable_any waiting_;
};

} // namespace

customers::customers(const settings& s, const interruption& end, call_book& book,
                     const load_options& o) {
  for (std::uint64_t i = 1; i <= lines; ++i)
    threads_.emplace_back([&s, &end, &book, o, i](const std::stop_token& over) {
      line{to_customers(s), book, o, i}.run(end, over);
    });
}

void customers::end() {
  for (auto& t : threads_)
    t.request_stop();
  threads_.clear();
}

} // namespace pickup::ctl
