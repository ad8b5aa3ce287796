// Load that does not wait for answers: POST /pickupcalls at fixed times over many connections,
// whatever became of the earlier ones. Latency counts from the time a request was meant to be
// sent, so that waiting for a free connection is not left out.
//   bench_open_loop PORT CONNECTIONS SEED RATE SECONDS [RATE SECONDS]...
// Prints a line for each request: when it was meant to be sent (microseconds from the start),
// its latency (microseconds), and its status; 0 when the connection broke or no answer came, -1
// when no connection was free within a second.

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <iostream>
#include <netinet/tcp.h>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr auto patience_for_connection = 1s;
constexpr auto patience_for_answers = 10s;
constexpr int broken = 0;
constexpr int not_sent = -1;

struct outcome {
  steady::duration meant; ///< from the start
  steady::duration latency;
  int status;
};

struct phase {
  double rate; ///< a second
  double seconds;
};

std::vector<steady::duration> arrivals(const std::vector<phase>& phases) {
  std::vector<steady::duration> all;
  double start = 0;
  for (const auto& p : phases) {
    const auto count = static_cast<std::size_t>(p.rate * p.seconds);
    for (std::size_t n = 0; n < count; ++n)
      all.push_back(std::chrono::duration_cast<steady::duration>(
          std::chrono::duration<double>{start + static_cast<double>(n) / p.rate}));
    start += p.seconds;
  }
  return all;
}

// Written before the clock starts, so that a request costs a look-up.
std::vector<std::string> requests(std::uint32_t seed) {
  std::mt19937 random{seed};
  std::uniform_real_distribution<double> lat{37.45, 37.65};
  std::uniform_real_distribution<double> lng{126.85, 127.15};
  std::vector<std::string> all;
  for (int n = 0; n < 10'000; ++n) {
    const auto body = R"({"tel":"01012345678","lat":)" + std::to_string(lat(random))
                      + R"(,"lng":)" + std::to_string(lng(random))
                      + R"(,"parcelType":"under10kg","cost":10000})";
    all.push_back("POST /pickupcalls HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                  "Content-Type: application/json\r\nContent-Length: "
                  + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  return all;
}

// The status of a whole answer; 0 while some of it is missing. As our server writes it: with a
// Content-Length.
int status_of(std::string_view answer) {
  const auto head_end = answer.find("\r\n\r\n");
  if (head_end == std::string_view::npos)
    return 0;
  const auto number_at = [&](std::size_t at) {
    std::size_t number = 0;
    std::from_chars(answer.data() + at, answer.data() + answer.size(), number);
    return number;
  };
  constexpr std::string_view length = "Content-Length: ";
  const auto length_at = answer.find(length);
  const auto body = length_at < head_end ? number_at(length_at + length.size()) : 0;
  constexpr std::size_t status_at = 9; // after "HTTP/1.1 "
  return answer.size() < head_end + 4 + body ? 0 : static_cast<int>(number_at(status_at));
}

class load {
public:
  load(std::uint16_t port, std::size_t connections, std::uint32_t seed,
       std::vector<steady::duration> due)
      : port_(port),
        poll_(::epoll_create1(0)),
        requests_(requests(seed)),
        due_(std::move(due)),
        connections_(connections) {
    for (std::size_t n = 0; n < connections; ++n) {
      connect(n);
      idle_.push_back(n);
    }
  }
  load(const load&) = delete;
  load& operator=(const load&) = delete;
  ~load() {
    for (const auto& c : connections_)
      ::close(c.fd);
    ::close(poll_);
  }

  std::vector<outcome> run() {
    start_ = steady::now();
    const auto end =
        start_ + (due_.empty() ? steady::duration{} : due_.back()) + patience_for_answers;
    while (outcomes_.size() < due_.size() && steady::now() < end) {
      send_due();
      receive();
    }
    for (const auto& c : connections_)
      if (c.busy)
        outcomes_.push_back({c.meant, steady::now() - start_ - c.meant, broken});
    return std::move(outcomes_);
  }

private:
  struct connection {
    int fd = -1;
    bool busy = false;
    steady::duration meant{};
    std::string answer;
  };

  void connect(std::size_t n) {
    auto& c = connections_[n];
    c.fd = ::socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    ::setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port_);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (c.fd < 0 || ::connect(c.fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
      throw std::runtime_error{"connect: 127.0.0.1:" + std::to_string(port_) + ": refused"};
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = n;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, c.fd, &event);
  }

  void send_due() {
    const auto now = steady::now() - start_;
    for (; arrived_ < due_.size() && due_[arrived_] <= now; ++arrived_)
      waiting_.push_back(due_[arrived_]);
    while (!waiting_.empty() && now - waiting_.front() > patience_for_connection) {
      outcomes_.push_back({waiting_.front(), now - waiting_.front(), not_sent});
      waiting_.pop_front();
    }
    while (!waiting_.empty() && !idle_.empty()) {
      const auto n = idle_.back();
      idle_.pop_back();
      auto& c = connections_[n];
      c.meant = waiting_.front();
      c.busy = true;
      waiting_.pop_front();
      const auto& request = requests_[next_request_++ % requests_.size()];
      // A request fits into the socket's buffer, for only one at a time is under way.
      if (::send(c.fd, request.data(), request.size(), MSG_NOSIGNAL)
          != static_cast<ssize_t>(request.size()))
        lose(n);
    }
  }

  void receive() {
    std::array<epoll_event, 256> events;
    const auto now = steady::now() - start_;
    const bool due_soon = arrived_ < due_.size() && due_[arrived_] - now < 1ms;
    const int count =
        ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), due_soon ? 0 : 1);
    for (int i = 0; i < count; ++i)
      read(events[static_cast<std::size_t>(i)].data.u64);
  }

  void read(std::size_t n) {
    auto& c = connections_[n];
    std::array<char, 8192> bytes;
    const auto got = ::recv(c.fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
      return;
    if (got <= 0)
      return lose(n);
    c.answer.append(bytes.data(), static_cast<std::size_t>(got));
    const int status = status_of(c.answer);
    if (status == 0 || !c.busy)
      return;
    const bool last = c.answer.find("\r\nConnection: close\r\n") != std::string::npos;
    finish(n, status);
    if (last)
      reconnect(n);
  }

  void finish(std::size_t n, int status) {
    auto& c = connections_[n];
    outcomes_.push_back({c.meant, steady::now() - start_ - c.meant, status});
    c.busy = false;
    c.answer.clear();
    idle_.push_back(n);
  }

  // The server closed the connection; one that was idle lost nothing.
  void lose(std::size_t n) {
    if (connections_[n].busy)
      finish(n, broken);
    reconnect(n);
  }

  void reconnect(std::size_t n) {
    ::close(connections_[n].fd);
    connections_[n].answer.clear();
    connect(n);
  }

  const std::uint16_t port_;
  const int poll_;
  const std::vector<std::string> requests_;
  const std::vector<steady::duration> due_;
  std::vector<connection> connections_;
  std::vector<std::size_t> idle_;
  std::deque<steady::duration> waiting_;
  std::vector<outcome> outcomes_;
  std::size_t arrived_ = 0;
  std::size_t next_request_ = 0;
  steady::time_point start_;
};

} // namespace

int main(int argc, char** argv) {
  if (argc < 6 || argc % 2 != 0) {
    std::cerr
        << "usage: bench_open_loop PORT CONNECTIONS SEED RATE SECONDS [RATE SECONDS]...\n";
    return 2;
  }
  std::vector<phase> phases;
  for (int i = 4; i < argc; i += 2)
    phases.push_back({std::atof(argv[i]), std::atof(argv[i + 1])});
  try {
    load all{static_cast<std::uint16_t>(std::atoi(argv[1])),
             static_cast<std::size_t>(std::atoi(argv[2])),
             static_cast<std::uint32_t>(std::atoi(argv[3])), arrivals(phases)};
    const auto in_us = [](steady::duration d) {
      return static_cast<long long>(
          std::chrono::duration_cast<std::chrono::microseconds>(d).count());
    };
    for (const auto& o : all.run())
      std::printf("%lld %lld %d\n", in_us(o.meant), in_us(o.latency), o.status);
  } catch (const std::exception& e) {
    std::cerr << "bench_open_loop: " << e.what() << '\n';
    return 1;
  }
}
