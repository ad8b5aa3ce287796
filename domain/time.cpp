#include "domain/time.hpp"

namespace pickup::domain {

namespace {

using namespace std::chrono_literals;

// Writes `value` right-aligned into `width` characters that end before `end`.
void digits(char* end, int width, long value) {
  for (int i = 0; i < width; ++i, value /= 10)
    *--end = static_cast<char>('0' + value % 10);
}

// Takes things off the front of a text; after the first that is not there it has failed.
class taker {
public:
  explicit taker(std::string_view text) : rest_(text) {}

  /// A number of exactly so many digits.
  int number(std::size_t width) {
    int value = 0;
    for (; width > 0; --width) {
      if (is_digit())
        value = value * 10 + (rest_.front() - '0');
      else
        ok_ = false;
      advance();
    }
    return value;
  }

  /// One of these characters, which is answered.
  char one_of(std::string_view allowed) {
    const char c = rest_.empty() ? '\0' : rest_.front();
    if (rest_.empty() || allowed.find(c) == allowed.npos)
      ok_ = false;
    advance();
    return c;
  }

  bool is_digit() const {
    return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
  }
  bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }
  bool finished() const { return ok_ && rest_.empty(); }

private:
  void advance() { rest_.remove_prefix(rest_.empty() ? 0 : 1); }

  std::string_view rest_;
  bool ok_ = true;
};

// ".25": at least one digit, the first three of which count.
duration take_fraction(taker& in) {
  if (!in.next_is('.'))
    return duration{0};
  in.one_of(".");
  int milliseconds = in.number(1) * 100;
  for (int worth = 10; in.is_digit(); worth /= 10)
    milliseconds += in.number(1) * worth;
  return duration{milliseconds};
}

} // namespace

std::optional<timestamp> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  taker in{text};
  const year y{in.number(4)};
  in.one_of("-");
  const month m{static_cast<unsigned>(in.number(2))};
  in.one_of("-");
  const year_month_day date{y, m, day{static_cast<unsigned>(in.number(2))}};
  in.one_of("Tt");
  const hours hour{in.number(2)};
  in.one_of(":");
  const minutes minute{in.number(2)};
  in.one_of(":");
  const seconds second{in.number(2)};
  const auto fraction = take_fraction(in);
  const char zone = in.one_of("Zz+-");
  minutes offset{0};
  bool offset_exists = true;
  if (zone == '+' || zone == '-') {
    const hours ahead{in.number(2)};
    in.one_of(":");
    const minutes more{in.number(2)};
    offset_exists = ahead < 24h && more < 60min;
    offset = zone == '+' ? ahead + more : -(ahead + more);
  }
  if (!in.finished() || !date.ok() || hour >= 24h || minute >= 60min || second > 60s
      || !offset_exists)
    return std::nullopt;
  return sys_days{date} + hour + minute + second + (second == 60s ? 0ms : fraction) - offset;
}

std::string to_rfc3339(timestamp t) {
  using namespace std::chrono;
  const auto day = floor<days>(t);
  const year_month_day date{day};
  const hh_mm_ss time{t - day};
  std::string text = "0000-00-00T00:00:00.000Z";
  digits(text.data() + 4, 4, static_cast<int>(date.year()));
  digits(text.data() + 7, 2, static_cast<long>(static_cast<unsigned>(date.month())));
  digits(text.data() + 10, 2, static_cast<long>(static_cast<unsigned>(date.day())));
  digits(text.data() + 13, 2, time.hours().count());
  digits(text.data() + 16, 2, time.minutes().count());
  digits(text.data() + 19, 2, time.seconds().count());
  digits(text.data() + 23, 3, time.subseconds().count());
  return text;
}

} // namespace pickup::domain
