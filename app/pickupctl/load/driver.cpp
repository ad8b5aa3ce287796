#include "app/pickupctl/load/driver.hpp"

#include <algorithm>
#include <random>

namespace pickup::ctl {

namespace {

using domain::job_step;

constexpr double metres_a_second = 6.5;
constexpr double idling = 0.3; ///< of that speed, with nothing to do
constexpr double declined = 0.03;
// A hundredth of them is silent at any time; some for longer than the server waits for news.
constexpr double falls_silent_a_second = 0.0001;
constexpr double shortest_silence = 20;
constexpr double longest_silence = 180;
constexpr double ends_shift_an_hour = 0.05;
constexpr double hour = 3600;

double between(double least, double most, chance& c) {
  return std::uniform_real_distribution<double>{least, most}(c);
}

} // namespace

void driver::take(const job& j, chance& c) {
  jobs_.push_back(j);
  if (jobs_.size() > 1)
    return;
  begin_next();
  declines_ = whims_ && share(c) < declined;
}

void driver::begin_next() {
  stage_ = stage::heading;
  declines_ = false;
  goal_ = jobs_.empty() ? where_ : jobs_.front().where;
}

void driver::drop(std::uint64_t call) {
  const auto was_under_way = has_job() && jobs_.front().call == call;
  std::erase_if(jobs_, [call](const job& j) { return j.call == call; });
  if (was_under_way)
    begin_next();
}

void driver::live(stretch t, chance& c) {
  silent_for_ -= t.real_seconds;
  off_for_ -= t.city_seconds;
  if (is_silent() || !wants_shift())
    return;
  have_whims(t, c);
  if (has_job() && stage_ == stage::at_the_door) {
    door_seconds_ -= t.city_seconds;
    return;
  }
  drive(metres_a_second * t.city_seconds * (has_job() ? 1 : idling));
  if (!has_job() && where_ == goal_)
    goal_ = somewhere(c);
}

void driver::have_whims(stretch t, chance& c) {
  if (!whims_)
    return;
  if (share(c) < falls_silent_a_second * t.real_seconds)
    silent_for_ = between(shortest_silence, longest_silence, c);
  if (!has_job() && share(c) < ends_shift_an_hour * t.city_seconds / hour)
    off_for_ = between(hour, 3 * hour, c);
}

void driver::drive(double metres) {
  where_ = on_the_way(where_, goal_, domain::metres{metres});
}

std::optional<job_news> driver::news() const {
  if (!has_job() || is_silent())
    return std::nullopt;
  const auto call = jobs_.front().call;
  if (declines_)
    return job_news{call, job_step::decline};
  if (stage_ == stage::at_the_door)
    return door_seconds_ <= 0 || hurries_ ? std::optional{job_news{call, job_step::picked_up}}
                                          : std::nullopt;
  if (where_ != goal_ && !hurries_)
    return std::nullopt;
  return job_news{call, stage_ == stage::heading ? job_step::arrived : job_step::completed};
}

void driver::told(chance& c) {
  if (declines_ || stage_ == stage::carrying) {
    jobs_.pop_front();
    begin_next();
  } else if (stage_ == stage::heading) {
    stage_ = stage::at_the_door;
    door_seconds_ = between(60, 240, c);
  } else {
    stage_ = stage::carrying;
    // Not across the whole city: half of the way to anywhere.
    const auto anywhere = somewhere(c);
    goal_ = on_the_way(where_, anywhere,
                       domain::metres{domain::distance(where_, anywhere).value() / 2});
  }
}

void driver::hurry() {
  hurries_ = true;
  declines_ = false;
  silent_for_ = 0;
  // No new stretch of time will end what holds them.
  door_seconds_ = 0;
}

} // namespace pickup::ctl
