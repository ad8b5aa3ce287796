#include "notify/message_text.hpp"

#include "domain/telephone.hpp"

#include <algorithm>
#include <cmath>

namespace pickup::notify {

std::string about(domain::metres distance) {
  const auto m = static_cast<long>(std::lround(distance.value()));
  if (m < 1000)
    return std::to_string(m) + "m";
  return std::to_string(m / 1000) + "." + std::to_string(m % 1000 / 100) + "km";
}

domain::metres assigned_distance(const storage::call_entry& what) {
  for (const auto& t : what.transitions)
    if (t.event == domain::event::assigned)
      return t.distance;
  return {};
}

std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return text;
}

namespace {

std::string who(const domain::courier& c, domain::metres distance) {
  std::string text = c.name + " 기사님(연락처 " + c.tel;
  if (!c.vehicle.empty())
    text += ", 차량 " + c.vehicle;
  return text + ", 약 " + about(distance) + " 거리)";
}

} // namespace

std::string message_text(const storage::call_entry& what,
                         const std::optional<domain::courier>& courier) {
  const auto service = what.call.service() == domain::service::pickup ? "[픽업] " : "[택시] ";
  const auto opening = service + ("호출 " + std::to_string(what.call.number()));
  const auto name = courier ? who(*courier, assigned_distance(what)) : std::string{"기사님"};
  const auto rest = [&]() -> std::string {
    switch (what.owed->kind) {
    case domain::message::received:
      return "번이 접수되었습니다. 가까운 기사님을 찾고 있습니다.";
    case domain::message::confirmed: return "번에 " + name + "이 배정되었습니다.";
    case domain::message::reassigned:
      return "번의 기사님이 바뀌었습니다. " + name + "이 갑니다.";
    case domain::message::arrived: return "번 기사님이 도착했습니다.";
    case domain::message::picked_up: return "번 기사님이 출발했습니다.";
    case domain::message::completed: return "번이 완료되었습니다. 이용해 주셔서 감사합니다.";
    case domain::message::canceled: return "번이 취소되었습니다.";
    case domain::message::unfulfilled:
      return "번에 갈 수 있는 기사님을 찾지 못했습니다. 죄송합니다.";
    case domain::message::failed: return "번을 기사님이 처리하지 못했습니다. 죄송합니다.";
    }
    return "";
  };
  return one_line(opening + rest());
}

std::string masked(std::string text, std::string_view tel) {
  const auto shown = domain::masked(tel);
  // A name may be the number too.
  for (auto at = text.find(tel); !tel.empty() && at != text.npos;
       at = text.find(tel, at + shown.size()))
    text.replace(at, tel.size(), shown);
  return text;
}

std::string intent_id(const storage::entry& e) {
  return std::string{domain::name(e.shard.service)} + "/" + std::to_string(e.shard.zone.value())
         + ":" + std::to_string(e.n.value());
}

} // namespace pickup::notify
