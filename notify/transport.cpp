#include "notify/transport.hpp"

#include <httplib.h>
#include <pthread.h>

#include <array>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace pickup::notify {

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// An answer is about one message; a search lists a hundred at most.
constexpr std::size_t largest_answer = 1 << 20;

struct job {
  request what;
  std::function<void(answer)> done;
};

std::string root_of(provider p, const options& o) {
  return p == provider::alimtalk ? "/alimtalk/v2.3/appkeys/" + o.alimtalk.app_key
                                 : "/sms/v3.0/appKeys/" + o.sms.app_key;
}

const provider_options& account_of(provider p, const options& o) {
  if (p == provider::alimtalk)
    return o.alimtalk;
  return o.sms;
}

std::optional<domain::duration> seconds(const std::string& text) {
  std::uint32_t n = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, n);
  if (text.empty() || read.ec != std::errc{} || read.ptr != end)
    return std::nullopt;
  return std::chrono::seconds{n};
}

// Whether the provider may have the request although there is no answer.
bool may_have_arrived(httplib::Error e) {
  switch (e) {
  case httplib::Error::Connection:
  case httplib::Error::ConnectionTimeout:
  case httplib::Error::BindIPAddress:
  case httplib::Error::SSLConnection:
  case httplib::Error::SSLLoadingCerts:
  case httplib::Error::SSLServerVerification: return false;
  default: return true;
  }
}

/// One thread's connection to one provider. Used by that thread, but for stop().
class connection {
public:
  connection(provider p, const options& o)
      : account_(account_of(p, o)), root_(root_of(p, o)), client_(account_.base_url) {
    client_.set_keep_alive(true);
    client_.set_tcp_nodelay(true);
    client_.set_url_encode(false); // paths come escaped
    client_.set_connection_timeout(account_.connect_timeout);
    client_.set_read_timeout(account_.request_timeout);
    client_.set_write_timeout(account_.request_timeout);
    client_.enable_server_certificate_verification(true);
    if (!account_.ca_file.empty())
      client_.set_ca_cert_path(account_.ca_file);
  }

  answer exchange(const request& what) {
    const auto deadline = steady_clock::now() + account_.request_timeout;
    answer result;
    bool too_large = false;
    httplib::Request r;
    r.method = what.method;
    r.path = root_ + what.path;
    r.headers.emplace("X-Secret-Key", account_.secret_key);
    if (what.method == "POST") {
      r.headers.emplace("Content-Type", "application/json;charset=UTF-8");
      r.body = what.body;
    }
    if (!what.idempotency_key.empty())
      r.headers.emplace("X-NC-API-IDEMPOTENCY-KEY", what.idempotency_key);
    r.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
      too_large = result.body.size() + size > largest_answer;
      if (too_large || steady_clock::now() > deadline)
        return false;
      result.body.append(data, size);
      return true;
    };
    const auto got = client_.send(r);
    if (!got) {
      result.may_have_arrived = may_have_arrived(got.error());
      result.error = too_large ? "the answer is too large" : httplib::to_string(got.error());
      return result;
    }
    result.status = got->status;
    result.retry_after = seconds(got->get_header_value("Retry-After"));
    return result;
  }

  void stop() { client_.stop(); }

private:
  const provider_options& account_;
  const std::string root_;
  httplib::Client client_;
};

class http_transport final : public transport {
public:
  explicit http_transport(const options& o)
      : options_(o), workers_(o.in_flight), running_(workers_.size()) {
    for (auto& w : workers_)
      w.thread = std::thread{[this, &w] { run(w); }};
  }

  ~http_transport() override { stop(); }

  void submit(request what, std::function<void(answer)> done) override {
    {
      const std::lock_guard guard{mutex_};
      if (!closing_) {
        waiting_.push_back({std::move(what), std::move(done)});
        wake_.notify_one();
        return;
      }
    }
    done(stopped());
  }

  void stop() override {
    {
      const std::lock_guard guard{mutex_};
      if (std::exchange(closing_, true))
        return;
    }
    wake_.notify_all();
    // Again and again: a thread may be just before its request.
    for (std::unique_lock guard{mutex_}; running_ > 0; ended_.wait_for(guard, 10ms)) {
      guard.unlock();
      cut_off();
      guard.lock();
    }
    for (auto& w : workers_)
      w.thread.join();
    for (auto& j : std::exchange(waiting_, {}))
      j.done(stopped());
  }

private:
  struct worker {
    std::thread thread;
    std::mutex mutex; ///< of making the connections
    std::array<std::unique_ptr<connection>, 2> connections;
  };

  static answer stopped() {
    answer a;
    a.may_have_arrived = false;
    a.error = "stopping";
    return a;
  }

  void run(worker& w) {
    ::pthread_setname_np(::pthread_self(), "notify");
    while (auto next = take())
      next->done(connected(w, next->what.to).exchange(next->what));
    const std::lock_guard guard{mutex_};
    --running_;
    ended_.notify_one();
  }

  void cut_off() {
    for (auto& w : workers_) {
      const std::lock_guard guard{w.mutex};
      for (auto& c : w.connections)
        if (c)
          c->stop();
    }
  }

  std::optional<job> take() {
    std::unique_lock guard{mutex_};
    wake_.wait(guard, [this] { return closing_ || !waiting_.empty(); });
    if (closing_)
      return std::nullopt;
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    return next;
  }

  connection& connected(worker& w, provider to) {
    auto& mine = w.connections.at(static_cast<std::size_t>(to));
    if (!mine) {
      const std::lock_guard guard{w.mutex};
      mine = std::make_unique<connection>(to, options_);
    }
    return *mine;
  }

  const options options_;
  std::vector<worker> workers_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable ended_;
  std::size_t running_; ///< threads
  std::deque<job> waiting_;
  bool closing_ = false;
};

// A file that cannot be used would look like a provider that cannot be reached.
domain::status_result check_ca(const std::string& option, const std::string& file) {
  if (file.empty())
    return domain::done{};
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> tls{SSL_CTX_new(TLS_client_method()),
                                                              &SSL_CTX_free};
  if (SSL_CTX_load_verify_locations(tls.get(), file.c_str(), nullptr) == 1)
    return domain::done{};
  return domain::error{domain::errc::invalid_argument,
                       option + ": must be a file of certificates (PEM), got \"" + file + '"',
                       {{"option", option}}};
}

} // namespace

domain::result<std::unique_ptr<transport>> make_http_transport(const options& o) {
  for (const auto& checked : {check_ca("alimtalk.ca_file", o.alimtalk.ca_file),
                              check_ca("sms.ca_file", o.sms.ca_file)})
    if (!checked)
      return checked.error();
  return std::unique_ptr<transport>{std::make_unique<http_transport>(o)};
}

} // namespace pickup::notify
