// A bounded number of places, e.g. of requests inside the application at once. Thread-safe.
// Owned by the server; outlives its places.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <utility>

namespace pickup::http {

class budget {
public:
  explicit budget(std::uint32_t most) : left_(most) {}
  budget(const budget&) = delete;
  budget& operator=(const budget&) = delete;

  /// A place, given back when it goes out of scope.
  class place {
  public:
    explicit place(budget* from) : from_(from) {}
    place(place&& other) noexcept : from_(std::exchange(other.from_, nullptr)) {}
    place& operator=(place&&) = delete;
    ~place() {
      if (from_)
        ++from_->left_;
    }

  private:
    budget* from_;
  };

  /// Nothing when all places are taken.
  std::optional<place> take() {
    if (left_.fetch_sub(1) > 0)
      return place{this};
    ++left_;
    return std::nullopt;
  }

  bool is_spent() const { return left_ <= 0; }

  /// Lends one's own place to others while one only waits. Coming back is never refused, so
  /// that for a moment there may be one more than the most.
  class loan {
  public:
    explicit loan(budget& of) : of_(of) { ++of_.left_; }
    loan(const loan&) = delete;
    loan& operator=(const loan&) = delete;
    ~loan() { --of_.left_; }

  private:
    budget& of_;
  };

private:
  std::atomic<std::int64_t> left_;
};

} // namespace pickup::http
