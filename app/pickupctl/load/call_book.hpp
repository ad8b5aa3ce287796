// What became of the calls of a simulated city, and how long their answers took.
// Thread-safe: customers and couriers write into it. Owned by the command; outlives its
// threads.
#pragma once

#include "app/pickupctl/names.hpp"
#include "domain/position.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace pickup::ctl {

struct call_counts {
  std::uint64_t made = 0;
  std::uint64_t confirmed = 0;
  std::uint64_t completed = 0;
  std::uint64_t canceled = 0;
  std::uint64_t declined = 0;
  std::uint64_t refused = 0;
  std::uint64_t unanswered = 0;
  std::uint64_t ended_otherwise = 0; ///< too late, or by somebody else
  std::uint64_t open = 0;            ///< made, and not ended as far as we know
};

/// The smallest value that so large a part of them does not exceed; 0 of none.
double percentile(std::vector<double> values, double part);

class call_book {
public:
  using moment = std::chrono::steady_clock::time_point;

  void made(const call_name& call, domain::position where, bool is_confirmed, moment now);
  void canceled(const call_name& call);
  void completed(const call_name& call);
  void ended_otherwise(const call_name& call);
  void declined();
  void refused();
  void unanswered();

  /// Somebody was assigned; where the call is, if it was made here and has not ended.
  std::optional<domain::position> assigned(const call_name& call, moment now);

  /// Open calls of which nothing was heard since then, for somebody to ask about; they count as
  /// heard of now. Nobody else would tell us of a call that waited too long.
  std::vector<call_name> unheard_of(moment since, moment now, std::size_t most);

  void answered_within(double ms);
  /// The times since they were last taken.
  std::vector<double> take_times();

  call_counts counts() const;
  /// Those that have not ended.
  std::vector<call_name> open() const;

private:
  struct open_call {
    domain::position where;
    bool is_confirmed = false;
    moment heard_of;
  };
  using key = std::pair<domain::service, std::uint64_t>;

  static key key_of(const call_name& call) { return {call.service, call.number}; }

  mutable std::mutex mutex_;
  call_counts counts_; ///< guarded, as all below
  std::map<key, open_call> open_;
  std::vector<double> times_;
};

} // namespace pickup::ctl
