// A simulated courier: takes jobs, drives, reports, sometimes declines, falls silent or ends a
// shift. Not thread-safe; a value of the fleet. Time and chance are arguments.
#pragma once

#include "app/pickupctl/load/city.hpp"
#include "domain/call.hpp"
#include "domain/position.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace pickup::ctl {

struct job {
  std::uint64_t call = 0;
  domain::position where;
};

/// What a driver would tell the server now.
struct job_news {
  std::uint64_t call = 0;
  domain::job_step step = domain::job_step::arrived;
};

/// A stretch of time, as the server and as the simulated city count it.
struct stretch {
  double real_seconds = 0;
  double city_seconds = 0;
};

class driver {
public:
  /// @param whims whether they decline, fall silent and end shifts
  driver(domain::position where, bool whims) : where_(where), goal_(where), whims_(whims) {}

  void take(const job& j, chance& c);
  /// The job is no longer theirs.
  void drop(std::uint64_t call);

  /// Time goes on: they drive, wait, change their mind.
  void live(stretch t, chance& c);

  /// What they want to report; stays until told() or drop().
  std::optional<job_news> news() const;
  /// The server knows now.
  void told(chance& c);

  /// Whether they want to be on shift.
  bool wants_shift() const { return off_for_ <= 0; }
  bool is_silent() const { return silent_for_ > 0; }
  bool has_job() const { return !jobs_.empty(); }
  domain::position where() const { return where_; }

  /// No whims and no ways any more: what they carry is to be reported as done.
  void hurry();

private:
  enum class stage { heading, at_the_door, carrying };

  void drive(double metres);
  void begin_next();
  void have_whims(stretch t, chance& c);

  domain::position where_;
  domain::position goal_;
  bool whims_;
  std::deque<job> jobs_; ///< the first is under way
  stage stage_ = stage::heading;
  bool declines_ = false;
  bool hurries_ = false;
  double door_seconds_ = 0; ///< still to wait
  double silent_for_ = 0;   ///< real seconds
  double off_for_ = 0;      ///< the city's seconds
};

} // namespace pickup::ctl
