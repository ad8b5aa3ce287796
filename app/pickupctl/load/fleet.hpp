// The simulated couriers at the server: registered once, told where they are, given jobs.
// Not thread-safe. Owned by the command, used by the thread that moves them; refers to the
// client and the book.
#pragma once

#include "app/pickupctl/client.hpp"
#include "app/pickupctl/load/call_book.hpp"
#include "app/pickupctl/load/driver.hpp"
#include "app/pickupctl/load/options.hpp"
#include "domain/result.hpp"
#include "domain/service.hpp"

#include <cstdint>
#include <map>

namespace pickup::ctl {

class fleet {
public:
  fleet(client& to, call_book& book, const load_options& o);

  /// Takes up the couriers of an earlier run, and registers those that are missing. Errors: of
  /// the server.
  domain::status_result gather();

  /// Time goes on: new jobs are learnt of, everybody lives and tells. What the server refuses
  /// or does not answer is tried again.
  void live(stretch t);

  /// What is under way is reported as done, and everybody goes off shift. Errors: unavailable
  /// (no answer, after which nothing more is asked).
  domain::status_result end();

private:
  struct member {
    domain::service service;
    driver who;
    bool is_ours = true; ///< else one that somebody else registered and we only report for
    bool is_on_shift = true;
  };

  domain::status_result take_up(domain::service s, std::uint32_t wanted);
  domain::status_result enlist(domain::service s, std::uint32_t number);

  // A refusal of one of these is no error: it concerns one call or courier only.
  domain::status_result learn_jobs();
  domain::status_result learn_jobs(domain::service s);
  domain::status_result give_job(std::uint64_t courier, const call_name& call);
  domain::result<domain::position> place_of(const call_name& call);
  domain::status_result look_after_calls();
  domain::status_result look_after(const call_name& call);
  domain::status_result tell();
  domain::status_result tell_places();
  domain::status_result tell_news(std::uint64_t courier, member& m);
  domain::status_result tell_shift(std::uint64_t courier, member& m, bool on);

  client& server_;
  call_book& book_;
  const load_options options_;
  chance chance_;
  std::map<std::uint64_t, member> members_;
  std::map<domain::service, std::uint64_t> last_assignment_; ///< we know of
  bool complained_ = false;                                  ///< that places are refused
};

} // namespace pickup::ctl
