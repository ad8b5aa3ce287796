#include "domain/time.hpp"

namespace pickup::domain {

namespace {

// Writes `value` right-aligned into `width` characters that end before `end`.
void digits(char* end, int width, long value) {
  for (int i = 0; i < width; ++i, value /= 10)
    *--end = static_cast<char>('0' + value % 10);
}

} // namespace

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
