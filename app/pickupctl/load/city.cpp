#include "app/pickupctl/load/city.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace pickup::ctl {

namespace {

struct centre {
  double lat;
  double lng;
  double weight;
};

// City Hall, Gangnam, Hongdae, Jamsil, Yeouido, Sadang, Seongsu.
constexpr std::array<centre, 7> centres{{{37.5657, 126.9769, 3},
                                         {37.4979, 127.0276, 4},
                                         {37.5572, 126.9245, 2},
                                         {37.5133, 127.1001, 2},
                                         {37.5217, 126.9243, 2},
                                         {37.4766, 126.9816, 1},
                                         {37.5446, 127.0557, 1}}};

// In degrees: most are within 3 km of a centre.
constexpr double spread = 0.016;

// Hour by hour: a quiet night, a peak at noon and a higher one in the evening.
constexpr std::array<double, 24> hours{4,  2,  1,  1,  1,  2,  4,  8,  12, 11, 10, 12,
                                       14, 12, 10, 10, 11, 14, 18, 18, 15, 12, 10, 7};

} // namespace

double share(chance& c) {
  return std::uniform_real_distribution<double>{0, 1}(c);
}

domain::position somewhere(chance& c) {
  std::array<double, centres.size()> weights{};
  std::ranges::transform(centres, weights.begin(), &centre::weight);
  const auto& near =
      centres[std::discrete_distribution<std::size_t>{weights.begin(), weights.end()}(c)];
  std::normal_distribution<double> off{0, spread};
  const auto lat = near.lat + off(c);
  const auto lng = near.lng + off(c);
  return *domain::position::at(lat, lng);
}

domain::position on_the_way(domain::position from, domain::position goal, domain::metres far) {
  const auto left = domain::distance(from, goal);
  if (far >= left)
    return goal;
  const auto part = far.value() / left.value();
  return *domain::position::at(std::lerp(from.lat(), goal.lat(), part),
                               std::lerp(from.lng(), goal.lng(), part));
}

double demand(double time_of_day) {
  constexpr auto sum = std::accumulate(hours.begin(), hours.end(), 0.0);
  const auto hour = (time_of_day - std::floor(time_of_day)) * hours.size();
  const auto begun = static_cast<std::size_t>(hour) % hours.size();
  const auto here = std::lerp(hours[begun], hours[(begun + 1) % hours.size()],
                              hour - static_cast<double>(begun));
  return here * hours.size() / sum;
}

} // namespace pickup::ctl
