// The services, the classes of work each offers, and their names. Pure values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace pickup::domain {

/// On disk: append, never renumber.
enum class service : std::uint8_t { pickup = 1, taxi = 2 };

inline constexpr std::array services{service::pickup, service::taxi};

/// What a call asks a courier to be able to do. On disk: append, never renumber.
enum class service_class : std::uint8_t {
  under10kg = 1,
  over10kg = 2,
  standard = 3,
  deluxe = 4,
  van = 5,
};

inline constexpr std::array service_classes{service_class::under10kg, service_class::over10kg,
                                            service_class::standard, service_class::deluxe,
                                            service_class::van};

constexpr service service_of(service_class c) {
  return c <= service_class::over10kg ? service::pickup : service::taxi;
}

/// "pickup", "taxi".
std::string_view name(service s);
/// "under10kg", "standard", …
std::string_view name(service_class c);

std::optional<service> parse_service(std::string_view text);
/// Also reads the Korean "10kg이하" and "10kg이상".
std::optional<service_class> parse_service_class(std::string_view text);

/// The class of a call that names none.
constexpr service_class default_class(service s) {
  return s == service::pickup ? service_class::under10kg : service_class::standard;
}

/// A small set of classes.
class class_set {
public:
  constexpr class_set() = default;

  /// Every class of `s`.
  static class_set all_of(service s);
  /// The set of a stored bit pattern.
  static constexpr class_set from_bits(std::uint8_t bits) {
    class_set set;
    set.bits_ = bits;
    return set;
  }

  constexpr void insert(service_class c) { bits_ |= bit(c); }
  constexpr bool contains(service_class c) const { return (bits_ & bit(c)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr std::uint8_t bits() const { return bits_; }
  std::vector<service_class> items() const;

  friend constexpr bool operator==(class_set, class_set) = default;

private:
  static constexpr std::uint8_t bit(service_class c) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(c));
  }

  std::uint8_t bits_ = 0;
};

} // namespace pickup::domain
