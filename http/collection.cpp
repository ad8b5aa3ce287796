#include "http/collection.hpp"

#include "http/target.hpp"

#include <algorithm>

namespace pickup::http {

namespace {

constexpr field_names english{"tel",       "tel",        "location",  "status",
                              "cost",      "parcelType", "taxiClass", "driver",
                              "drivertel", "taxiid",     "pickupAt"};

constexpr field_names korean{"휴대폰번호",     "고객휴대폰번호", "호출위치", "호출상태",
                             "예상요금",       "택배유형",       "택시등급", "기사",
                             "기사휴대폰번호", "차량번호",       "예약일시"};

} // namespace

const std::vector<collection>& collections() {
  static const auto all = [] {
    using domain::service;
    std::vector<collection> list;
    const auto add = [&list](std::string_view name, service s, view v, language l) {
      list.push_back(
          {std::string{name}, std::string{"/"}.append(percent_encoded(name)), s, v, l});
    };
    add("pickupcalls", service::pickup, view::calls, language::english);
    add("taxicalls", service::taxi, view::calls, language::english);
    add("픽업호출s", service::pickup, view::calls, language::korean);
    add("택시호출s", service::taxi, view::calls, language::korean);
    add("pickupmanages", service::pickup, view::manages, language::english);
    add("taximanages", service::taxi, view::manages, language::english);
    add("taximanags", service::taxi, view::manages, language::english);
    add("픽업관리s", service::pickup, view::manages, language::korean);
    add("택시관리s", service::taxi, view::manages, language::korean);
    add("pickupassigns", service::pickup, view::assigns, language::english);
    add("taxiassigns", service::taxi, view::assigns, language::english);
    add("픽업할당s", service::pickup, view::assigns, language::korean);
    add("택시할당s", service::taxi, view::assigns, language::korean);
    return list;
  }();
  return all;
}

const field_names& names(language l) {
  return l == language::korean ? korean : english;
}

const collection* find_collection(std::string_view name) {
  const auto& all = collections();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [name](const collection& c) { return c.name == name; });
  return found == all.end() ? nullptr : &*found;
}

const collection& calls_of(const collection& c) {
  const auto& all = collections();
  return *std::find_if(all.begin(), all.end(), [&c](const collection& other) {
    return other.view == view::calls && other.service == c.service
           && other.language == c.language;
  });
}

} // namespace pickup::http
