#include "app/pickupctl/load/fleet.hpp"

#include "app/pickupctl/phase.hpp"
#include "http/json_writer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pickup::ctl {

namespace {

using clock = std::chrono::steady_clock;
using domain::status_result;
using namespace std::chrono_literals;

// By this those of an earlier run are found again.
constexpr std::string_view name_prefix = "모의기사 ";
constexpr int page_size = 200;
/// How far back one looks for assignments at once.
constexpr int most_pages = 20;
/// Half of what a server takes at once unless it is told otherwise (http.max_bulk_items).
constexpr std::size_t places_at_once = 5'000;
/// A call of which nothing is heard for so long is asked about, so many of them at once.
constexpr auto longest_unheard = 1min;
constexpr std::size_t calls_at_once = 20;
/// Of the parcels a courier carries at once; a taxi has one customer.
constexpr int parcels = 3;

std::string name_of(std::uint32_t number) {
  return std::string{name_prefix} + std::to_string(number) + "호";
}

std::string registration(domain::service s, std::uint32_t number, domain::position where) {
  const auto digits = std::to_string(10'000 + number % 10'000).substr(1);
  http::json_writer out;
  out.begin_object().field("service", name(s)).field("name", name_of(number));
  out.field("tel", (s == domain::service::pickup ? "010-0001-" : "010-0002-") + digits);
  out.field("capacity", s == domain::service::pickup ? parcels : 1);
  out.field("lat", where.lat()).field("lng", where.lng());
  out.end_object();
  return out.take();
}

// Who was refused may ask for something else; who was not answered would only wait again.
status_result unless_unanswered(const domain::error& why) {
  if (status_of(why).empty())
    return why;
  return domain::done{};
}

} // namespace

fleet::fleet(client& to, call_book& book, const load_options& o)
    : server_(to), book_(book), options_(o), chance_(o.seed) {}

status_result fleet::gather() {
  const auto taxis =
      static_cast<std::uint32_t>(std::lround(options_.couriers * options_.taxis));
  for (const auto& [service, wanted] :
       {std::pair{domain::service::pickup, options_.couriers - taxis},
        std::pair{domain::service::taxi, taxis}}) {
    if (auto known = take_up(service, wanted); !known)
      return known;
    if (auto learnt = learn_jobs(service); !learnt)
      return learnt;
  }
  for (auto& [id, m] : members_)
    if (auto told = tell_shift(id, m, true); !told)
      return told;
  return tell_places();
}

status_result fleet::take_up(domain::service s, std::uint32_t wanted) {
  std::uint32_t found = 0;
  for (auto page = 0;; ++page) {
    const auto answer =
        server_.ask("GET", with_query("/couriers", {{"service", std::string{name(s)}},
                                                    {"page", std::to_string(page)},
                                                    {"size", std::to_string(page_size)}}));
    if (!answer)
      return answer.error();
    const auto couriers = (*answer)["_embedded.couriers"].items();
    for (const auto& c : couriers)
      if (found < wanted && c["service"].text() == name(s)
          && c["name"].text().value_or("").starts_with(name_prefix)) {
        ++found;
        members_.insert_or_assign(
            c["id"].whole().value_or(0),
            member{s, driver{somewhere(chance_), true}, true, c["onShift"].is_true()});
      }
    if (couriers.size() < page_size)
      break;
  }
  for (; found < wanted; ++found)
    if (auto made = enlist(s, found + 1); !made)
      return made;
  return domain::done{};
}

status_result fleet::enlist(domain::service s, std::uint32_t number) {
  const auto where = somewhere(chance_);
  const auto made = server_.ask("POST", "/couriers", registration(s, number, where));
  if (!made)
    return made.error();
  members_.insert_or_assign((*made)["id"].whole().value_or(0),
                            member{s, driver{where, true}, true, true});
  return domain::done{};
}

status_result fleet::learn_jobs() {
  for (const auto s : domain::services)
    if (auto learnt = learn_jobs(s); !learnt)
      return learnt;
  return domain::done{};
}

status_result fleet::learn_jobs(domain::service s) {
  auto& known = last_assignment_[s];
  auto newest = known;
  struct assignment {
    std::uint64_t id;
    std::uint64_t courier;
    std::uint64_t call;
  };
  std::vector<assignment> jobs; // newest first
  auto goes_on = true;
  for (auto page = 0; goes_on && page < most_pages; ++page) {
    const auto answer = server_.ask("GET", with_query('/' + std::string{name(s)} + "assigns",
                                                      {{"status", "할당확정"},
                                                       {"page", std::to_string(page)},
                                                       {"size", std::to_string(page_size)}}));
    if (!answer)
      return unless_unanswered(answer.error());
    const auto items = (*answer)["_embedded." + std::string{name(s)} + "assigns"].items();
    goes_on = items.size() == page_size;
    for (const auto& a : items) {
      const auto id = a["id"].whole().value_or(0);
      goes_on = goes_on && id > known;
      newest = std::max(newest, id);
      if (id > known && a["live"].is_true())
        jobs.push_back(
            {id, a["courier.id"].whole().value_or(0), a["callId"].whole().value_or(0)});
    }
  }
  std::ranges::reverse(jobs);
  for (const auto& [id, courier, call] : jobs) {
    if (auto given = give_job(courier, {s, call}); !given)
      return given; // this one and those behind it are learnt of again
    known = id;
  }
  known = newest;
  return domain::done{};
}

status_result fleet::give_job(std::uint64_t courier, const call_name& call) {
  auto where = book_.assigned(call, clock::now());
  auto who = members_.find(courier);
  if (who == members_.end()) {
    if (!where)
      return domain::done{}; // not our courier, not our call
    who = members_.emplace(courier, member{call.service, driver{*where, false}, false, true})
              .first;
  }
  if (!where) {
    const auto asked = place_of(call);
    if (!asked)
      return unless_unanswered(asked.error());
    where = *asked;
  }
  who->second.who.take({call.number, *where}, chance_);
  return domain::done{};
}

domain::result<domain::position> fleet::place_of(const call_name& call) {
  const auto answer = server_.ask("GET", '/' + std::string{name(call.service)} + "calls/"
                                             + std::to_string(call.number));
  if (!answer)
    return answer.error();
  return domain::position::at((*answer)["lat"].number().value_or(0),
                              (*answer)["lng"].number().value_or(0))
      .value_or(domain::position{});
}

status_result fleet::look_after_calls() {
  const auto now = clock::now();
  for (const auto& call : book_.unheard_of(now - longest_unheard, now, calls_at_once))
    if (auto asked = look_after(call); !asked)
      return asked;
  return domain::done{};
}

status_result fleet::look_after(const call_name& call) {
  const auto answer = server_.ask("GET", '/' + std::string{name(call.service)} + "calls/"
                                             + std::to_string(call.number));
  if (!answer && is_gone(answer.error()))
    book_.ended_otherwise(call);
  if (!answer)
    return unless_unanswered(answer.error());
  const auto phase = phase_of(answer->root());
  if (phase == domain::phase::completed)
    book_.completed(call);
  else if (phase && ended(*phase))
    book_.ended_otherwise(call);
  return domain::done{};
}

void fleet::live(stretch t) {
  auto answered = learn_jobs();
  for (auto& [id, m] : members_)
    m.who.live(t, chance_);
  if (answered)
    answered = tell();
  // Without an answer the next round tries again.
}

status_result fleet::tell() {
  if (auto told = tell_places(); !told)
    return told;
  for (auto& [id, m] : members_) {
    if (auto told = tell_news(id, m); !told)
      return told;
    if (!m.is_ours)
      continue;
    if (auto told = tell_shift(id, m, m.who.wants_shift()); !told)
      return told;
  }
  return look_after_calls();
}

status_result fleet::tell_places() {
  std::vector<std::pair<std::uint64_t, domain::position>> places;
  for (const auto& [id, m] : members_)
    if (m.is_ours && !m.who.is_silent() && m.is_on_shift)
      places.emplace_back(id, m.who.where());
  for (std::span left{places}; !left.empty();) {
    const auto some = left.first(std::min(left.size(), places_at_once));
    left = left.subspan(some.size());
    http::json_writer out;
    out.begin_array();
    for (const auto& [id, where] : some)
      out.begin_object()
          .field("id", id)
          .field("lat", where.lat())
          .field("lng", where.lng())
          .end_object();
    out.end_array();
    const auto told = server_.send("POST", "/couriers/locations", out.take());
    if (told)
      continue;
    if (!std::exchange(complained_, true))
      std::cerr << told.error().text << '\n';
    if (auto refused = unless_unanswered(told.error()); !refused)
      return refused;
  }
  return domain::done{};
}

status_result fleet::tell_news(std::uint64_t courier, member& m) {
  const auto news = m.who.news();
  if (!news)
    return domain::done{};
  const auto told = server_.send("POST", "/couriers/" + std::to_string(courier) + "/jobs/"
                                             + std::to_string(news->call) + '/'
                                             + std::string{name(news->step)});
  if (!told && is_gone(told.error())) {
    m.who.drop(news->call);
    return look_after({m.service, news->call});
  }
  if (!told)
    return unless_unanswered(told.error());
  m.who.told(chance_);
  if (news->step == domain::job_step::completed)
    book_.completed({m.service, news->call});
  if (news->step == domain::job_step::decline)
    book_.declined();
  return domain::done{};
}

status_result fleet::tell_shift(std::uint64_t courier, member& m, bool on) {
  if (m.is_on_shift == on)
    return domain::done{};
  http::json_writer out;
  out.begin_object().field("onShift", on).end_object();
  const auto told = server_.send("PATCH", "/couriers/" + std::to_string(courier), out.take());
  if (!told)
    return unless_unanswered(told.error());
  m.is_on_shift = on;
  return domain::done{};
}

status_result fleet::end() {
  constexpr int most_reports =
      1000; // of one courier: what is refused for good must not hold us
  if (auto learnt = learn_jobs(); !learnt)
    return learnt;
  for (auto& [id, m] : members_) {
    if (m.is_ours)
      if (auto told = tell_shift(id, m, false); !told)
        return told;
    m.who.hurry();
    for (auto i = 0; i < most_reports && m.who.has_job(); ++i)
      if (auto told = tell_news(id, m); !told)
        return told;
  }
  return domain::done{};
}

} // namespace pickup::ctl
