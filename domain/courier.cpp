#include "domain/courier.hpp"

namespace pickup::domain {

bool can_take_job(const courier& c, std::uint32_t load, const std::optional<position>& where,
                  bool lost) {
  return c.on_shift && !c.deleted && !lost && where && load < c.capacity;
}

std::string_view standing(const courier& c, std::uint32_t load,
                          const std::optional<position>& where, bool lost) {
  if (!c.on_shift)
    return "off_shift";
  if (lost)
    return "lost";
  if (!where)
    return "unplaced";
  if (load >= c.capacity)
    return "full";
  return load > 0 ? "busy" : "free";
}

courier changed(courier before, const courier_change& change) {
  auto after = std::move(before);
  after.name = change.name.value_or(after.name);
  after.tel = change.tel.value_or(after.tel);
  after.vehicle = change.vehicle.value_or(after.vehicle);
  after.classes = change.classes.value_or(after.classes);
  after.capacity = change.capacity.value_or(after.capacity);
  after.on_shift = change.on_shift.value_or(after.on_shift);
  after.deleted = change.remove;
  return after;
}

status_result admissible(const courier& after, const std::vector<service_class>& jobs) {
  const auto refuse = [&](std::string reason) {
    return error{errc::conflict,
                 (after.deleted ? "delete courier " : "change courier ")
                     + std::to_string(after.id.value()) + ": " + std::move(reason),
                 {{"load", std::to_string(jobs.size())}}};
  };
  if (after.deleted && !jobs.empty())
    return refuse("has " + std::to_string(jobs.size()) + " live jobs");
  if (jobs.size() > after.capacity)
    return refuse("capacity " + std::to_string(after.capacity) + " is below its "
                  + std::to_string(jobs.size()) + " live jobs");
  for (auto job : jobs)
    if (!after.classes.contains(job))
      return refuse("has a live job of class " + std::string{name(job)});
  return done{};
}

} // namespace pickup::domain
