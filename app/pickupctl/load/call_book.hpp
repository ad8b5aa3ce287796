// What became of the calls of a simulated city, and how long their answers took.
// Thread-safe: customers and couriers write into it. Owned by the command; outlives its
// threads.
#pragma once

#include "app/pickupctl/names.hpp"
#include "domain/position.hpp"

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
  std::uint64_t open = 0; ///< made, and neither completed nor canceled
};

/// The smallest value that so large a part of them does not exceed; 0 of none.
double percentile(std::vector<double> values, double part);

class call_book {
public:
  void made(const call_name& call, domain::position where, bool is_confirmed);
  void canceled(const call_name& call);
  void completed(const call_name& call);
  void declined();
  void refused();
  void unanswered();

  /// Somebody was assigned; where the call is, if it was made here and has not ended.
  std::optional<domain::position> assigned(const call_name& call);

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
  };
  using key = std::pair<domain::service, std::uint64_t>;

  static key key_of(const call_name& call) { return {call.service, call.number}; }

  mutable std::mutex mutex_;
  call_counts counts_; ///< guarded, as all below
  std::map<key, open_call> open_;
  std::vector<double> times_;
};

} // namespace pickup::ctl
