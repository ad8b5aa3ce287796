#include "domain/explanation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <tuple>

namespace pickup::domain {

namespace {

// Why somebody could not come, whoever else there was.
std::optional<verdict> obstacle(const explanation& e, const considered& c) {
  if (!c.on_shift)
    return verdict::off_shift;
  if (c.lost)
    return verdict::lost;
  if (c.load >= c.capacity)
    return verdict::full;
  if (!c.classes.contains(e.wanted))
    return verdict::wrong_class;
  if (c.excluded)
    return verdict::excluded;
  if (c.changing)
    return verdict::changing;
  if (c.distance > e.reach)
    return verdict::out_of_reach;
  return std::nullopt;
}

bool could_come(const considered& c) {
  return c.verdict < verdict::off_shift;
}

bool nearer(const considered& a, const considered& b) {
  return std::tie(a.distance, a.load, a.idle_since, a.courier)
         < std::tie(b.distance, b.load, b.idle_since, b.courier);
}

// What put one who could come behind the one who was chosen.
verdict lost_by(matching how, const considered& c, const considered& to) {
  if (how == matching::oldest_call)
    return verdict::higher_id;
  if (c.distance != to.distance)
    return verdict::farther;
  if (c.load != to.load)
    return verdict::more_loaded;
  return c.idle_since != to.idle_since ? verdict::idle_shorter : verdict::higher_id;
}

std::string in_metres(metres m) {
  std::array<char, 32> text{}; // no way on earth has more digits
  const auto end = std::to_chars(text.data(), text.data() + text.size(), m.value(),
                                 std::chars_format::fixed, 1);
  return std::string{text.data(), end.ptr} + " m";
}

std::string jobs(std::uint32_t n) {
  return std::to_string(n) + (n == 1 ? " job" : " jobs");
}

} // namespace

std::string_view name(matching m) {
  switch (m) {
  case matching::nearest: return "nearest";
  case matching::oldest_call: return "oldest_call";
  }
  return "";
}

std::string_view name(verdict v) {
  switch (v) {
  case verdict::chosen: return "chosen";
  case verdict::farther: return "farther";
  case verdict::more_loaded: return "more_loaded";
  case verdict::idle_shorter: return "idle_shorter";
  case verdict::higher_id: return "higher_id";
  case verdict::off_shift: return "off_shift";
  case verdict::lost: return "lost";
  case verdict::full: return "full";
  case verdict::wrong_class: return "wrong_class";
  case verdict::excluded: return "excluded";
  case verdict::changing: return "changing";
  case verdict::out_of_reach: return "out_of_reach";
  }
  return "";
}

explanation explained(explanation e) {
  for (auto& c : e.couriers) {
    c.distance = distance(c.where, e.where);
    c.verdict = obstacle(e, c).value_or(verdict::chosen);
  }
  const auto able = std::ranges::partition(e.couriers, could_come);
  std::sort(able.begin(), able.end(), nearer);
  std::sort(e.couriers.begin(), able.begin(), nearer);
  if (e.how == matching::oldest_call && able.begin() != e.couriers.begin()) {
    const auto first = std::min_element(e.couriers.begin(), able.begin(),
                                        [](auto& a, auto& b) { return a.courier < b.courier; });
    std::rotate(e.couriers.begin(), first, first + 1);
  }
  for (auto c = e.couriers.begin(); c != able.begin(); ++c)
    if (c != e.couriers.begin())
      c->verdict = lost_by(e.how, *c, e.couriers.front());
  return e;
}

bool agree(const explanation& stored, const explanation& computed) {
  constexpr double hair = 1e-3;
  if (stored.couriers.size() != computed.couriers.size())
    return false;
  auto adjusted = stored;
  for (std::size_t i = 0; i < computed.couriers.size(); ++i) {
    auto& to = adjusted.couriers[i].distance;
    const auto from = computed.couriers[i].distance;
    if (std::abs(to.value() - from.value()) <= hair)
      to = from;
  }
  return adjusted == computed;
}

std::optional<considered> chosen(const explanation& e) {
  const auto found = std::ranges::find(e.couriers, verdict::chosen, &considered::verdict);
  return found == e.couriers.end() ? std::nullopt : std::optional{*found};
}

std::string why(const explanation& e, const considered& c) {
  const auto first = chosen(e).value_or(considered{});
  const auto who = "courier " + std::to_string(first.courier.value());
  const bool by_turns = e.how == matching::oldest_call;
  switch (c.verdict) {
  case verdict::chosen:
    return by_turns ? "became free, and no call within reach had waited longer"
                    : "the nearest who could come";
  case verdict::farther:
    return in_metres(metres{c.distance.value() - first.distance.value()}) + " farther than "
           + who;
  case verdict::more_loaded:
    return "as far as " + who + ", but with " + jobs(c.load) + " against "
           + std::to_string(first.load);
  case verdict::idle_shorter: return "as far as " + who + ", and idle for less time";
  case verdict::higher_id:
    return by_turns ? "became free as well, and is asked after " + who
                    : "equal to " + who + " in all but the number, which is higher";
  case verdict::off_shift: return "off shift";
  case verdict::lost: return "not heard of for too long";
  case verdict::full: return "had " + jobs(c.load) + " and may have no more";
  case verdict::wrong_class: return "cannot do " + std::string{name(e.wanted)};
  case verdict::excluded: return "had this call before";
  case verdict::changing: return "their record was being changed";
  case verdict::out_of_reach:
    return in_metres(c.distance) + " away, beyond the reach of " + in_metres(e.reach);
  }
  return {};
}

} // namespace pickup::domain
