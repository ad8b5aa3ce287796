#include "notify/delivery.hpp"

#include "domain/overloaded.hpp"

#include <algorithm>
#include <cmath>

namespace pickup::notify {

namespace {

using state = delivery_state;
using domain::duration;
using domain::timestamp;

delivery end(delivery d, state how, timestamp now, std::string reason) {
  d.state = how;
  d.due = now;
  d.reason = std::move(reason);
  return d;
}

stepped dead(delivery d, timestamp now, std::string reason) {
  return {end(std::move(d), state::dead, now, std::move(reason))};
}

delivery try_later(delivery d, const policy& p, timestamp now, double chance) {
  d.due = now + wait_after(d.attempts++, p.retry_first, p.retry_most, chance);
  return d;
}

std::string because(const char* what, std::int32_t code) {
  return std::string{what} + ": code " + std::to_string(code);
}

bool key_is_fresh(const delivery& d, const policy& p, timestamp now) {
  // From a clock that was set back nobody knows how old it is.
  return p.idempotent && d.key_used && *d.key_used <= now
         && now + p.request_timeout < *d.key_used + p.key_window;
}

// Until when what was sent may be on its way, or protected by a key that blocks every repeat.
timestamp quiet_until(const delivery& d, const policy& p) {
  auto until = d.last_sent + p.settle;
  if (d.key_refused && d.key_used)
    until = std::max(until, *d.key_used + p.key_window);
  return until;
}

// Surely not there: as if it had never been sent.
delivery unsent(delivery d) {
  d.unresolved = 0;
  d.key_refused = false;
  d.state = state::waiting;
  return d;
}

// One of its sends came to nothing; an earlier one may still have come to something.
delivery resolved(delivery d) {
  if (d.unresolved > 0)
    --d.unresolved;
  d.state = d.unresolved == 0 ? state::waiting : state::unanswered;
  return d;
}

delivery taken(delivery d, const policy& p, timestamp now, std::string request_id,
               std::uint64_t recipient_seq) {
  d.state = state::accepted;
  d.request_id = std::move(request_id);
  d.recipient_seq = recipient_seq;
  d.unresolved = 0;
  d.attempts = 0;
  d.since = now;
  d.due = now + p.poll_first;
  return d;
}

// What the provider does not take or could not deliver, and surely so.
stepped follow(consequence what, delivery d, const rules& r, timestamp now, double chance) {
  const auto& p = r.of(d.via);
  const auto code = d.code;
  switch (what) {
  case consequence::retry_briefly:
  case consequence::retry:
    if (d.rounds > (what == consequence::retry ? patient_retries : brief_retries))
      return {hand_over(std::move(d), r, now, because("not delivered", code))};
    // Each was accepted, which says nothing of the next.
    d.attempts = std::max(d.attempts, d.rounds > 0 ? d.rounds - 1 : 0);
    return {try_later(unsent(std::move(d)), p, now, chance)};
  case consequence::sms_at_once:
    return {hand_over(std::move(d), r, now, because("not reachable", code))};
  case consequence::bad_recipient:
    return {end(std::move(d), state::failed, now, because("bad number", code))};
  case consequence::bad_message:
    return {end(std::move(d), state::dead, now, because("bad message", code)), false, true};
  case consequence::bad_account:
    return {hand_over(std::move(d), r, now, because("bad account", code)), true, true};
  case consequence::none:
  case consequence::unknown:
  case consequence::undeliverable: break;
  }
  return dead(std::move(d), now, because("not delivered", code));
}

class machine {
public:
  machine(delivery d, work done, const rules& r, timestamp now, double chance)
      : d_(std::move(d)), done_(done), r_(r), p_(r.of(d_.via)), now_(now), chance_(chance) {}

  stepped operator()(const accepted& a) {
    return {taken(std::move(d_), p_, now_, a.request_id, a.recipient_seq)};
  }

  stepped operator()(const refused& x) {
    const auto what = when_refused(d_.via, x.code);
    d_.code = x.code;
    if (done_ != work::send) { // a question; what is true of the message has not changed
      const bool account = what == consequence::bad_account;
      return {later(), account, account};
    }
    if (what == consequence::retry) // it does not say whether it took the message
      return {later()};
    if (what == consequence::unknown) {
      d_.key_refused = true;
      d_.state = state::unknown;
      d_.due = now_;
      return {std::move(d_)};
    }
    d_ = resolved(std::move(d_));
    if (d_.unresolved > 0) { // an earlier send may have been taken
      d_.state = state::unknown;
      d_.due = now_;
      return {std::move(d_)};
    }
    return follow(what, std::move(d_), r_, now_, chance_);
  }

  stepped operator()(const throttled& t) {
    if (done_ == work::send)
      d_ = resolved(std::move(d_));
    d_ = later();
    if (t.retry_after)
      d_.due = now_ + std::min(*t.retry_after, longest_rest);
    return {std::move(d_)};
  }

  stepped operator()(const unreachable&) {
    if (done_ == work::send)
      d_ = resolved(std::move(d_));
    return {later()};
  }

  stepped operator()(const no_answer&) { return {later()}; }

  stepped operator()(const reported& x) {
    d_.rounds = std::max(d_.rounds, x.rounds);
    if (d_.state != state::accepted)
      d_ = taken(std::move(d_), p_, now_, x.request_id, x.recipient_seq);
    switch (x.status) {
    case report_status::pending:
      return past_limit() ? dead(std::move(d_), now_, "no delivery report")
                          : stepped{ask_again()};
    case report_status::completed: return {end(std::move(d_), state::delivered, now_, "")};
    case report_status::canceled: return dead(std::move(d_), now_, "canceled at the provider");
    case report_status::failed: break;
    }
    d_.code = x.code;
    const auto what = when_failed(d_.via, x.code);
    if (what == consequence::unknown)
      return past_limit() ? dead(std::move(d_), now_, because("outcome unknown", x.code))
                          : stepped{ask_again()};
    ++d_.rounds;
    d_.since = now_;
    // A message of its own, with a key of its own.
    d_.key_used.reset();
    return follow(what, std::move(d_), r_, now_, chance_);
  }

  stepped operator()(const absent&) {
    if (d_.state == state::accepted)
      return past_limit() ? dead(std::move(d_), now_, "accepted, and then lost")
                          : stepped{ask_again()};
    const auto quiet = quiet_until(d_, p_);
    if (now_ < quiet) {
      d_.state = state::unknown;
      d_ = later();
      d_.due = std::min(d_.due, quiet);
      return {std::move(d_)};
    }
    d_ = unsent(std::move(d_));
    d_.due = now_;
    return {std::move(d_)};
  }

private:
  delivery later() { return try_later(std::move(d_), p_, now_, chance_); }

  // The provider's last word is still to come.
  delivery ask_again() {
    d_.due = now_ + wait_after(d_.attempts++, p_.poll_first, p_.poll_most, chance_);
    return std::move(d_);
  }

  bool past_limit() const { return now_ >= d_.since + p_.delivery_limit; }

  delivery d_;
  const work done_;
  const rules& r_;
  const policy& p_;
  const timestamp now_;
  const double chance_;
};

} // namespace

health health_of(const outcome& o, carrier via) {
  return std::visit(domain::overloaded{
                        [](const unreachable&) { return health::bad; },
                        [](const no_answer&) { return health::bad; },
                        [](const throttled&) { return health::says_nothing; },
                        [&](const refused& x) {
                          return when_refused(via, x.code) == consequence::retry ? health::bad
                                                                                 : health::good;
                        },
                        [&](const reported& x) {
                          return x.status == report_status::failed
                                         && when_failed(via, x.code) == consequence::retry
                                     ? health::bad
                                     : health::good;
                        },
                        [](const auto&) { return health::good; },
                    },
                    o);
}

work next_work(const delivery& d, const rules& r, timestamp now) {
  const auto& p = r.of(d.via);
  switch (d.state) {
  case state::waiting: return work::send;
  case state::unanswered: return key_is_fresh(d, p, now) ? work::send : work::search;
  case state::unknown: return work::search;
  case state::accepted: return now < d.since + p.delivery_limit ? work::poll : work::search;
  case state::delivered:
  case state::superseded:
  case state::failed:
  case state::dead: break;
  }
  return work::none;
}

delivery sending(delivery d, const rules& r, timestamp now) {
  if (!key_is_fresh(d, r.of(d.via), now)) {
    d.key_used = now;
    d.key_refused = false;
  }
  d.state = state::unanswered;
  d.last_sent = now;
  ++d.unresolved;
  return d;
}

stepped step(delivery d, work done, const outcome& o, const rules& r, timestamp now,
             double chance) {
  return std::visit(machine{std::move(d), done, r, now, chance}, o);
}

std::optional<stepped> expire(const delivery& d, const rules& r, timestamp now) {
  if (has_ended(d.state))
    return std::nullopt;
  if (now >= d.born + r.dead_after)
    return dead(d, now, d.state == state::waiting ? "not accepted in time" : "outcome unknown");
  if (d.state == state::waiting && now >= d.since + r.of(d.via).give_up_after)
    return stepped{hand_over(d, r, now, because("not accepted in time", d.code))};
  // Asking gave no answer in time, or could not even be done.
  const auto& p = r.of(d.via);
  if (d.state == state::accepted && now >= d.since + p.delivery_limit + p.settle)
    return dead(d, now, "no delivery report");
  return std::nullopt;
}

delivery hand_over(delivery d, const rules& r, timestamp now, std::string reason) {
  if (d.via != carrier::alimtalk || !r.has_sms)
    return end(std::move(d), state::dead, now, std::move(reason));
  delivery by_sms;
  by_sms.id = d.id;
  by_sms.born = d.born;
  by_sms.via = carrier::sms;
  by_sms.doubted = d.doubted;
  by_sms.code = d.code;
  by_sms.reason = std::move(reason);
  by_sms.since = by_sms.due = now;
  if (d.doubted) // an earlier process may have come this far, too
    by_sms.state = state::unknown;
  return by_sms;
}

delivery recovered(delivery d, timestamp now) {
  d.doubted = true;
  if (has_ended(d.state))
    return d;
  d.due = now;
  if (d.state == state::accepted)
    return d;
  d.state = state::unknown;
  d.unresolved = std::max(d.unresolved, std::uint32_t{1});
  d.since = now;
  return d;
}

duration wait_after(std::uint32_t failures, duration first, duration most, double chance) {
  const auto doubled = static_cast<double>(first.count()) * std::exp2(std::min(failures, 40U));
  const auto full = std::min(doubled, static_cast<double>(most.count()));
  return duration{static_cast<duration::rep>(full * (1 - chance / 2))};
}

} // namespace pickup::notify
