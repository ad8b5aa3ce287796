// A number that is not just a number. As thread-safe as an integer.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>

namespace pickup::domain {

/// Wraps a Rep so that two identities of different kinds never mix; `Tag` tells them apart.
template <class Tag, class Rep>
class strong {
public:
  constexpr strong() = default;
  constexpr explicit strong(Rep value) : value_(value) {}

  constexpr Rep value() const { return value_; }

  friend constexpr auto operator<=>(strong, strong) = default;

  template <class Inspector>
  friend auto inspect(Inspector& f, strong& x) {
    return f(x.value_);
  }

private:
  Rep value_{};
};

} // namespace pickup::domain

template <class Tag, class Rep>
struct std::hash<pickup::domain::strong<Tag, Rep>> {
  std::size_t operator()(pickup::domain::strong<Tag, Rep> x) const {
    return std::hash<Rep>{}(x.value());
  }
};
