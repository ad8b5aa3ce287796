// Writes and reads the primitives of the disk format. Not thread-safe; a value on the stack.
#pragma once

#include "domain/time.hpp"

#include <bit>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace pickup::storage {

/// Appends primitives to a string: integers as LEB128 varints, doubles as 8 bytes
/// little-endian, strings as length and bytes, optionals as 0, or 1 and the value.
class byte_writer {
public:
  explicit byte_writer(std::uint8_t format_version) { byte(format_version); }

  void byte(std::uint8_t x) { out_.push_back(static_cast<char>(x)); }

  void number(std::uint64_t x) {
    for (; x >= 0x80; x >>= 7)
      byte(static_cast<std::uint8_t>(x | 0x80));
    byte(static_cast<std::uint8_t>(x));
  }

  template <class Enum>
  requires std::is_enum_v<Enum>
  void code(Enum x) { byte(static_cast<std::uint8_t>(x)); }

  void real(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    for (unsigned shift = 0; shift < 64; shift += 8)
      byte(static_cast<std::uint8_t>(bits >> shift));
  }

  void text(std::string_view x) {
    number(x.size());
    out_.append(x);
  }

  void time(domain::timestamp t) {
    number(static_cast<std::uint64_t>(t.time_since_epoch().count()));
  }

  template <class T, class F>
  void maybe(const std::optional<T>& x, F write) {
    byte(x ? 1 : 0);
    if (x)
      write(*x);
  }

  std::string take() { return std::move(out_); }

private:
  std::string out_;
};

/// Reads what byte_writer wrote. After the first fault every read answers a zero value and ok()
/// is false, so a decoder checks once, at its end.
class byte_reader {
public:
  explicit byte_reader(std::string_view in) : in_(in) {}

  std::uint8_t byte() {
    if (in_.empty()) {
      ok_ = false;
      return 0;
    }
    const auto x = static_cast<std::uint8_t>(in_.front());
    in_.remove_prefix(1);
    return x;
  }

  std::uint64_t number() {
    std::uint64_t x = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto b = byte();
      x |= std::uint64_t{b & 0x7fU} << shift;
      if ((b & 0x80) == 0)
        return x;
    }
    ok_ = false;
    return 0;
  }

  /// A number that must fit; anything larger is a fault.
  template <std::unsigned_integral T>
  T number_of() {
    const auto x = number();
    if (x > std::uint64_t{static_cast<T>(-1)})
      ok_ = false;
    return static_cast<T>(x);
  }

  /// An enumerator between `first` and `last`; anything else is a fault.
  template <class Enum>
  Enum code(Enum first, Enum last) {
    const auto x = byte();
    if (x < static_cast<std::uint8_t>(first) || x > static_cast<std::uint8_t>(last)) {
      ok_ = false;
      return first;
    }
    return static_cast<Enum>(x);
  }

  bool flag() {
    const auto x = byte();
    if (x > 1)
      ok_ = false;
    return x == 1;
  }

  double real() {
    std::uint64_t bits = 0;
    for (unsigned shift = 0; shift < 64; shift += 8)
      bits |= std::uint64_t{byte()} << shift;
    return std::bit_cast<double>(bits);
  }

  std::string text() {
    const auto size = number();
    if (size > in_.size()) {
      ok_ = false;
      return {};
    }
    std::string x{in_.substr(0, size)};
    in_.remove_prefix(size);
    return x;
  }

  domain::timestamp time() {
    return domain::timestamp{domain::duration{static_cast<std::int64_t>(number())}};
  }

  template <class F>
  auto maybe(F read) -> std::optional<decltype(read())> {
    if (!flag() || !ok_)
      return std::nullopt;
    return read();
  }

  void fail() { ok_ = false; }
  bool ok() const { return ok_; }
  /// All bytes were read and none was missing.
  bool finished() const { return ok_ && in_.empty(); }

private:
  std::string_view in_;
  bool ok_ = true;
};

} // namespace pickup::storage
