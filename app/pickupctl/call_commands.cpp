// The commands about calls: looking at one, following it, making and ending them.

#include "app/pickupctl/follow.hpp"
#include "app/pickupctl/names.hpp"
#include "app/pickupctl/orders.hpp"
#include "app/pickupctl/program.hpp"
#include "app/pickupctl/show.hpp"
#include "http/json_writer.hpp"

#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>

namespace pickup::ctl {

namespace {

/// One for "call" and what stands below it, so that it counts wherever it is given.
using shared_service = std::shared_ptr<std::string>;

shared_service default_service() {
  return std::make_shared<std::string>("pickup");
}

/// Which call is meant, and what is to be shown or done.
struct call_options {
  std::string id;
  shared_service service;
  std::string reason;
  bool follow = false;
  bool explain = false;
  care how;

  domain::result<call_name> call() const {
    return parse_call(id, *domain::parse_service(*service));
  }
};

void add_service(CLI::App& to, std::string& service) {
  to.add_option("--service", service, "pickup or taxi")
      ->check(CLI::IsMember({"pickup", "taxi"}))
      ->capture_default_str();
}

void add_which(CLI::App& to, call_options& o) {
  to.add_option("ID", o.id, "17, or taxi:17")->required();
  add_service(to, *o.service);
}

std::string path_of(const call_name& call) {
  return "/admin/calls/" + std::string{name(call.service)} + '/' + std::to_string(call.number);
}

void print_timeline(const json_document& answer) {
  print_members(answer["call"], {"_links"});
  std::cout << '\n';
  print(table_of(answer["events"].items(), {{"at", "at"},
                                            {"source", "source"},
                                            {"what", "title"},
                                            {"detail", "detail"},
                                            {"correlation", "correlationId"}}));
}

void print_explanation(const json_value& e) {
  std::cout << e["at"].shown() << "  assignment " << e["assignment"].shown() << ": courier "
            << e["courierId"].shown() << ", " << e["how"].shown() << ", "
            << e["distance"].shown() << " m\n";
  print(table_of(e["considered"].items(), {{"courier", "courierId"},
                                           {"distance", "distance"},
                                           {"load", "load"},
                                           {"capacity", "capacity"},
                                           {"idle since", "idleSince"},
                                           {"verdict", "verdict"},
                                           {"why", "why"}}));
}

void print_explanations(const json_document& answer) {
  const auto all = answer["explanations"].items();
  if (all.empty())
    std::cout << "nobody was assigned yet\n";
  for (const auto& e : all)
    print_explanation(e);
}

domain::result<int> look_at_call(const settings& s, const call_options& o) {
  if (o.id.empty())
    return domain::error{
        domain::errc::invalid_argument, "read command line: ID: is required", {}};
  const auto call = o.call();
  if (!call)
    return call.error();
  if (o.explain)
    return look(s,
                '/' + std::string{name(call->service)} + "calls/" + std::to_string(call->number)
                    + "/explain",
                print_explanations);
  const auto timeline = path_of(*call) + "/timeline";
  return o.follow ? follow_call(s, timeline) : look(s, timeline, print_timeline);
}

domain::result<int> end_or_reassign(const settings& s, const call_options& o,
                                    const std::string& verb) {
  const auto call = o.call();
  if (!call)
    return call.error();
  return give(s, o.how,
              {verb + " call " + to_text(*call),
               with_query(path_of(*call) + '/' + verb, {{"reason", o.reason}})});
}

/// What a customer asks for.
struct new_call {
  shared_service service;
  std::string tel;
  std::string location;
  std::string wanted;
  std::string memo;
  std::string pickup_at;
  std::optional<std::int64_t> cost;
};

std::string body_of(const new_call& c) {
  http::json_writer out;
  out.begin_object().field("tel", c.tel);
  const auto* wanted = *c.service == "pickup" ? "parcelType" : "taxiClass";
  for (const auto& [name, value] :
       {std::pair<const char*, const std::string&>{"location", c.location},
        {wanted, c.wanted},
        {"memo", c.memo},
        {"pickupAt", c.pickup_at}})
    if (!value.empty())
      out.field(name, value);
  if (c.cost)
    out.field("cost", *c.cost);
  out.end_object();
  return out.take();
}

void add_new(program& p, CLI::App& under, const shared_service& service) {
  auto given = std::make_shared<new_call>();
  given->service = service;
  auto& added = add_command(
      p, under, "new", "makes a call, as a customer does", [given](const settings& s) {
        return create(s, '/' + *given->service + "calls", body_of(*given));
      });
  added.add_option("--tel", given->tel, "the customer's number")->required();
  added.add_option("--location", given->location, "a place's name, such as 이수");
  added.add_option("--class", given->wanted,
                   "under10kg, over10kg; standard, deluxe or van for a taxi");
  added.add_option("--cost", given->cost, "in won");
  added.add_option("--memo", given->memo, "for the courier");
  added.add_option("--pickup-at", given->pickup_at, "when, e.g. 2026-11-23T09:30:00+09:00");
  add_service(added, *given->service);
}

} // namespace

void add_calls(program& p) {
  auto given = std::make_shared<call_options>();
  given->service = default_service();
  auto& one = add_command(p, p.tool, "call", "one call and its steps; makes and cancels them",
                          [given](const settings& s) { return look_at_call(s, *given); });
  one.add_option("ID", given->id, "17, or taxi:17");
  add_service(one, *given->service);
  one.add_flag("--follow", given->follow, "show new steps until it ends");
  one.add_flag("--explain", given->explain, "whom the dispatcher considered, and why not");
  add_new(p, one, given->service);

  auto canceled = std::make_shared<call_options>();
  canceled->service = given->service;
  auto& cancel = add_command(
      p, one, "cancel", "cancels a call, as an operator",
      [canceled](const settings& s) { return end_or_reassign(s, *canceled, "cancel"); });
  add_which(cancel, *canceled);
  cancel.add_option("--reason", canceled->reason, "for its history");
  add_care(cancel, canceled->how);

  auto moved = std::make_shared<call_options>();
  moved->service = default_service();
  auto& reassign = add_command(
      p, p.tool, "reassign", "takes a call from its courier and dispatches it anew",
      [moved](const settings& s) { return end_or_reassign(s, *moved, "reassign"); });
  add_which(reassign, *moved);
  reassign.add_option("--reason", moved->reason, "for its history");
  add_care(reassign, moved->how);
}

} // namespace pickup::ctl
