#include "app/demo_couriers.hpp"

#include <array>
#include <string>

namespace pickup::app {

namespace {

struct stand {
  double lat;
  double lng;
};

// City Hall, Gangnam, Hongdae, Jamsil, Yeouido, Sadang.
constexpr std::array<stand, 6> stands{{{37.5657, 126.9769},
                                       {37.4979, 127.0276},
                                       {37.5572, 126.9245},
                                       {37.5133, 127.1001},
                                       {37.5217, 126.9243},
                                       {37.4766, 126.9816}}};

actors::create_courier demo_courier(domain::service s, std::size_t i) {
  const bool parcel = s == domain::service::pickup;
  const auto number = std::to_string(i + 1);
  actors::create_courier demo;
  demo.record.service = s;
  demo.record.name = (parcel ? "택배기사 " : "택시기사 ") + number + "호";
  demo.record.tel = (parcel ? "010-0000-100" : "010-0000-200") + number;
  demo.record.vehicle = (parcel ? "서울80바100" : "서울30아200") + number;
  demo.record.classes = domain::class_set::all_of(s);
  demo.record.capacity = domain::max_capacity;
  demo.record.demo = true;
  demo.where = domain::position::at(stands[i].lat, stands[i].lng);
  demo.correlation_id = "demo";
  return demo;
}

} // namespace

std::vector<actors::create_courier> demo_couriers() {
  std::vector<actors::create_courier> all;
  for (auto s : domain::services)
    for (std::size_t i = 0; i < stands.size(); ++i)
      all.push_back(demo_courier(s, i));
  return all;
}

} // namespace pickup::app
