// The commands that change couriers.

#include "app/pickupctl/client.hpp"
#include "app/pickupctl/orders.hpp"
#include "app/pickupctl/program.hpp"
#include "app/pickupctl/show.hpp"
#include "http/json_writer.hpp"
#include "http/text.hpp"

#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <vector>

namespace pickup::ctl {

namespace {

struct new_courier {
  std::string service = "pickup";
  std::string name;
  std::string tel;
  std::string at;
  std::string vehicle;
  std::vector<std::string> classes;
  std::optional<std::uint32_t> capacity;
};

domain::result<std::string> body_of(const new_courier& c) {
  http::json_writer out;
  out.begin_object();
  out.field("service", c.service).field("name", c.name).field("tel", c.tel);
  if (!c.vehicle.empty())
    out.field("vehicle", c.vehicle);
  if (!c.at.empty()) {
    std::string_view rest{c.at};
    const auto lat = http::parse_number(http::take_item(rest, ',').value_or(""));
    const auto lng = http::parse_number(http::take_item(rest, ',').value_or(""));
    if (!lat || !lng)
      return domain::error{domain::errc::invalid_argument,
                           "read command line: --at: must be LAT,LNG, got \"" + c.at + '"',
                           {}};
    out.field("lat", *lat).field("lng", *lng);
  }
  if (!c.classes.empty()) {
    out.key("classes").begin_array();
    for (const auto& one : c.classes)
      out.value(std::string_view{one});
    out.end_array();
  }
  if (c.capacity)
    out.field("capacity", *c.capacity);
  out.end_object();
  return out.take();
}

domain::result<int> register_courier(const settings& s, const new_courier& c) {
  const auto body = body_of(c);
  if (!body)
    return body.error();
  return create(s, "/couriers", *body);
}

void add_new(program& p, CLI::App& under) {
  auto given = std::make_shared<new_courier>();
  auto& added = add_command(p, under, "add", "registers a courier",
                            [given](const settings& s) { return register_courier(s, *given); });
  added.add_option("--name", given->name, "as customers read it")->required();
  added.add_option("--tel", given->tel, "the courier's number")->required();
  added.add_option("--at", given->at, "where they are, as LAT,LNG");
  added.add_option("--vehicle", given->vehicle, "the number plate");
  added
      .add_option("--class", given->classes,
                  "what they can do, once for each; all the service has unless given")
      ->allow_extra_args(false);
  added.add_option("--capacity", given->capacity, "jobs at once");
  added.add_option("--service", given->service, "pickup or taxi")
      ->check(CLI::IsMember({"pickup", "taxi"}))
      ->capture_default_str();
}

struct shift_order {
  std::uint64_t id = 0;
  care how;
};

void add_shift(program& p, CLI::App& under, const std::string& verb, const std::string& help) {
  auto given = std::make_shared<shift_order>();
  auto& added = add_command(p, under, verb, help, [given, verb](const settings& s) {
    const auto id = std::to_string(given->id);
    return give(s, given->how,
                {"courier " + id + ' ' + verb, "/admin/couriers/" + id + '/' + verb});
  });
  added.add_option("ID", given->id, "the courier's number")->required();
  add_care(added, given->how);
}

} // namespace

void add_couriers(program& p) {
  auto* courier = p.tool.add_subcommand("courier", "registers couriers, takes them off shift");
  courier->require_subcommand(1);
  add_new(p, *courier);
  add_shift(p, *courier, "off-shift", "no new jobs for them");
  add_shift(p, *courier, "on-shift", "jobs for them again");
}

} // namespace pickup::ctl
