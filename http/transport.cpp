#include "http/transport.hpp"

#include "http/correlation.hpp"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <thread>

namespace pickup::http {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

// A client that is still sending when it is refused gets this much more attention.
constexpr std::chrono::milliseconds polite_time = 1s;

// Orchestrators must get through when nobody else does.
bool asks_for_health(std::string_view head) {
  return head.starts_with("GET /livez ") || head.starts_with("GET /readyz ");
}

// Connections beyond the limit that are served if it is health they ask for.
constexpr std::size_t health_reserve = 16;
// They have this long to do so.
constexpr std::chrono::milliseconds health_patience = 1s;

std::string early_refusal(std::string_view head, bool stays) {
  const auto id = correlation_id_of({}, {});
  const auto r = to_response(
      http_problem(503, "admit request: as many as can be decided at once are in flight"), id);
  const bool wants_body = !head.starts_with("HEAD ");
  std::string text = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: ";
  text.append(r.content_type)
      .append("\r\nContent-Length: ")
      .append(std::to_string(r.body.size()));
  for (const auto& [name, value] : r.headers)
    text.append("\r\n").append(name).append(": ").append(value);
  text.append("\r\nX-Correlation-Id: ").append(id);
  text.append(stays ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n");
  return wants_body ? text.append(r.body) : text;
}

problem too_many_connections() {
  return http_problem(503, "accept connection: too many are waiting");
}

std::size_t threads_of(const options& o) {
  return o.threads != 0 ? o.threads : std::max(1U, std::thread::hardware_concurrency());
}

} // namespace

transport::transport(const options& o, traffic& counts, const budget& in_flight,
                     protocol::application answer)
    : options_(o),
      head_limits_{o.max_headers, o.max_header_bytes, o.max_body, o.max_bulk_body},
      counts_(counts),
      in_flight_(in_flight),
      bulk_(o.bulk_in_flight),
      protocol_(
          std::move(answer), [this] { return after_answer(); }, counts),
      pool_(threads_of(o), [this](unique_socket s) { serve(std::move(s)); }) {}

transport::~transport() {
  draining_ = true;
  connections_.abort_all();
}

domain::result<int> transport::bind(const endpoint& at) {
  wake_ = unique_socket{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  if (!wake_)
    return domain::error{
        domain::errc::io, std::string{"listen: eventfd: "} + std::strerror(errno), {}};
  auto made = listen_at(at);
  if (!made)
    return made.error();
  listener_ = std::move(*made);
  return listener_.port;
}

void transport::run() {
  while (!draining_) {
    wait_for_clients();
    accept_all();
  }
  accept_all(); // who has connected is still served
  listener_ = {};
  connections_.close_idle();
  const steady_time deadline{clock::duration{drain_deadline_.load()}};
  if (pool_.await_idle(deadline) == worker_pool::rest::busy) {
    spdlog::warn("http.drain_incomplete");
    connections_.abort_all();
  }
}

void transport::drain(std::chrono::milliseconds limit) {
  drain_deadline_ = (clock::now() + limit).time_since_epoch().count();
  draining_ = true;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto n = ::write(wake_.fd(), &one, sizeof one);
}

void transport::wait_for_clients() {
  std::array<pollfd, 2> fds{{{listener_.socket.fd(), POLLIN, 0}, {wake_.fd(), POLLIN, 0}}};
  ::poll(fds.data(), fds.size(), -1);
}

void transport::accept_all() {
  while (true) {
    unique_socket s{::accept4(listener_.socket.fd(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (s) {
      take(std::move(s));
      continue;
    }
    switch (errno) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM: {
      // The client stays in the backlog while an idle connection makes room.
      connections_.close_longest_idle();
      pollfd wake{wake_.fd(), POLLIN, 0};
      ::poll(&wake, 1, 10);
      return;
    }
    case EINTR:
    case ECONNABORTED: break; // this client has gone again
    default: return;
    }
  }
}

void transport::take(unique_socket s) {
  const bool room = pool_.open() < options_.connections || connections_.close_longest_idle()
                    || pool_.open() < options_.connections + health_reserve;
  if (!room || !pool_.offer(s))
    refuse_unserved(std::move(s));
}

// Nobody may hold up the door: the buffer of a new socket takes the answer at once.
void transport::refuse_unserved(unique_socket s) {
  counts_.count_refused_connection();
  connection c{std::move(s), {}};
  exchange x{c, too_many_connections()};
  protocol_.answer(x);
  if (x.flush() == delivery::sent)
    c.finish_politely(0ms);
}

void transport::serve(unique_socket s) noexcept {
  counts_.connection_opened();
  const auto guest =
      pool_.open() > options_.connections ? standing::reserve : standing::regular;
  try {
    connection c{
        std::move(s),
        {max_line + head_limits_.bytes + 1024, options_.keep_alive, options_.write_limit}};
    const connection_list::entry listed{connections_, c};
    // A client that has sent many requests at once gets its turns like everybody else.
    while (serve_request(c, guest) == next::another)
      poller::of_this_thread()->give_way();
  } catch (const std::exception& e) {
    spdlog::error("http.exception reason={:?}", e.what());
  }
  counts_.connection_closed();
}

transport::next transport::serve_request(connection& c, standing guest) {
  const bool reserve = guest == standing::reserve;
  if (!reserve && c.buffered().empty() && c.await_request(draining_) != arrival::data)
    return next::close;
  const auto deadline =
      clock::now() + (reserve ? health_patience : options_.request_read_limit);
  while (true) {
    while (c.buffered().substr(0, 2) == "\r\n") // some clients send one more after a body
      c.consume(2);
    const auto head = check_head(c.buffered(), head_limits_);
    if (const auto* wrong = std::get_if<problem>(&head))
      return answer(exchange{c, *wrong});
    const auto* extent = std::get_if<request_extent>(&head);
    if (extent && (reserve || in_flight_.is_spent()) && !asks_for_health(c.buffered()))
      return refuse_early(c, *extent, guest);
    if (extent) {
      auto place = extent->bulk ? bulk_.take() : std::nullopt;
      if (extent->bulk && !place)
        return refuse_early(c, *extent, guest);
      const auto then = answer(exchange{c, *extent, deadline}, std::move(place));
      return reserve ? next::close : then;
    }
    const auto more = c.fill(deadline);
    if (more == arrival::late && reserve)
      return answer(exchange{c, too_many_connections()});
    if (more == arrival::late && !c.buffered().empty())
      return answer(exchange{c, http_problem(408, "read request: did not arrive in time")});
    if (more != arrival::data)
      return next::close;
  }
}

transport::next transport::answer(exchange&& x, std::optional<budget::place> of_body) {
  protocol_.answer(x);
  of_body.reset(); // who has the answer finds the place free
  if (x.flush() == delivery::failed)
    return next::close;
  if (x.feed) {
    stream(x);
    return next::close;
  }
  if (x.then == exchange::afterwards::stays_open)
    return next::another;
  if (x.has_unread())
    x.on().finish_politely(polite_time);
  return next::close;
}

void transport::stream(exchange& x) {
  struct channel final : feed_channel {
    channel(connection& to, const std::atomic<bool>& draining) : to_(to), draining_(draining) {}

    client send(std::string_view bytes) override {
      return !draining_ && to_.send(bytes) == delivery::sent ? client::listens : client::gone;
    }
    client wait(std::chrono::milliseconds time) override {
      const auto ended = to_.await_end(clock::now() + time) == arrival::closed;
      return ended || draining_ ? client::gone : client::listens;
    }

    connection& to_;
    const std::atomic<bool>& draining_;
  };
  channel to{x.on(), draining_};
  x.feed(to);
}

// Without a look at what is asked: under overload a refusal must cost next to nothing.
transport::next transport::refuse_early(connection& c, const request_extent& extent,
                                        standing guest) {
  counts_.count_refused_request();
  const auto size = extent.head + extent.body.value_or(0);
  const bool whole = !extent.chunked && c.buffered().size() >= size;
  const auto stays = whole && !extent.closes && guest == standing::regular && !draining_;
  if (c.send(early_refusal(c.buffered(), stays)) == delivery::failed)
    return next::close;
  if (!stays) {
    c.finish_politely(polite_time);
    return next::close;
  }
  c.consume(static_cast<std::size_t>(size));
  return next::another;
}

exchange::afterwards transport::after_answer() const {
  return draining_ ? exchange::afterwards::closes : exchange::afterwards::stays_open;
}

} // namespace pickup::http
