// What request headers ask for beside the body. parse functions are pure; wait_budget is
// thread-safe.
#pragma once

#include "domain/result.hpp"
#include "http/message.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace pickup::http {

/// No answer is held longer than this.
inline constexpr std::chrono::seconds max_wait{30};

/// How long `Prefer: wait=N` (RFC 7240) asks the answer to be held, at most max_wait; zero when
/// it does not or cannot be read.
std::chrono::seconds parse_wait(std::string_view prefer);

/// The request's idempotency key: 1 to 255 visible ASCII characters. Errors: invalid_argument.
domain::result<std::optional<std::string>> read_idempotency_key(const request& r);

/// How many answers may be held at once, so that waiting clients leave room for the others.
class wait_budget {
public:
  explicit wait_budget(std::uint32_t most) : left_(most) {}

  /// A place among them, given back when it goes out of scope.
  class place {
  public:
    explicit place(wait_budget* from) : from_(from) {}
    place(place&& other) noexcept : from_(std::exchange(other.from_, nullptr)) {}
    place& operator=(place&&) = delete;
    ~place() {
      if (from_)
        ++from_->left_;
    }

  private:
    wait_budget* from_;
  };

  /// Nothing when all places are taken.
  std::optional<place> take();

private:
  std::atomic<std::int64_t> left_;
};

} // namespace pickup::http
