// The commands that list what the server keeps: each is a path, its parameters and its columns.

#include "app/pickupctl/program.hpp"
#include "app/pickupctl/show.hpp"
#include "domain/courier.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pickup::ctl {

namespace {

/// One array of an answer.
struct section {
  std::string_view member;
  std::vector<column> columns;
};

struct parameter {
  std::string_view name;
  std::string_view help;
  std::vector<std::string> values{}; ///< those the server knows, if they are few
};

struct listing {
  std::string name;
  std::string help;
  std::string path;
  std::vector<parameter> parameters;
  std::vector<section> sections;
};

std::vector<listing> listings() {
  const parameter service{"service", "pickup or taxi", {"pickup", "taxi"}};
  const parameter page{"page", "which page, from 0"};
  const parameter page_size{"size", "rows on a page"};
  const parameter limit{"limit", "how many, the newest"};
  const parameter before{"before", "only what is older than this one, for the next page"};
  return {
      {"calls",
       "the calls, newest first, canceled ones too",
       "/admin/calls",
       {service,
        {"status",
         "호출, 호출중, 호출확정 or 호출취소",
         {"호출", "호출중", "호출확정", "호출취소"}},
        {"tel", "of the customer"},
        page,
        page_size},
       {{"calls",
         {{"id", "id"},
          {"status", "status"},
          {"phase", "phase"},
          {"tel", "tel"},
          {"location", "location"},
          {"class", "parcelType taxiClass"},
          {"courier", "courier.id courier.name"},
          {"distance", "courier.distance"},
          {"created", "createdAt"}}}}},
      {"couriers",
       "the couriers and what they do",
       "/admin/couriers",
       {service,
        {"state", "what they do", {domain::standings.begin(), domain::standings.end()}},
        {"q", "a number, or a part of the name"},
        page,
        page_size},
       {{"couriers",
         {{"id", "id"},
          {"name", "name"},
          {"state", "state"},
          {"load", "load"},
          {"capacity", "capacity"},
          {"classes", "classes"},
          {"lat", "lat"},
          {"lng", "lng"},
          {"last seen", "lastSeenAt"}}}}},
      {"restarts",
       "what crashed, and what its supervisor made of it",
       "/admin/restarts",
       {limit, before},
       {{"restarts",
         {{"n", "n"},
          {"at", "at"},
          {"actor", "actor.kind actor.id"},
          {"outcome", "outcome"},
          {"by", "by"},
          {"cause", "causedBy"},
          {"story", "story"}}}}},
      {"rejects",
       "what found no room, by cause",
       "/admin/rejects",
       {},
       {{"mailboxes",
         {{"full mailbox", "actor"}, {"message", "message"}, {"count", "rejected"}}},
        {"ended", {{"ended actor", "actor"}, {"count", "messages"}}},
        {"calls", {{"new call refused", "cause"}, {"count", "count"}}}}},
      {"dead-letters",
       "the messages that reached no customer",
       "/admin/dead-letters",
       {limit},
       {{"deadLetters",
         {{"message", "intent"},
          {"service", "service"},
          {"call", "call"},
          {"kind", "kind"},
          {"tel", "tel"},
          {"via", "via"},
          {"state", "state"},
          {"code", "code"},
          {"reason", "reason"},
          {"at", "at"}}}}},
      {"audit",
       "what operators did",
       "/admin/audit",
       {limit, before},
       {{"actions",
         {{"id", "id"},
          {"at", "at"},
          {"operator", "operator"},
          {"action", "action"},
          {"object", "object"},
          {"detail", "detail"},
          {"correlation", "correlationId"}}}}},
  };
}

void print(const listing& l, const json_document& answer) {
  auto first = true;
  for (const auto& s : l.sections) {
    if (!std::exchange(first, false))
      std::cout << '\n';
    const auto items = answer[s.member].items();
    print(table_of(items, s.columns));
    if (const auto total = answer["total"].whole(); total && *total > items.size())
      std::cout << items.size() << " of " << *total << '\n';
  }
}

using values = std::vector<std::pair<std::string, std::string>>;

void add(program& p, const listing& l) {
  auto given = std::make_shared<values>();
  for (const auto& one : l.parameters)
    given->emplace_back(one.name, "");
  auto& added = add_command(p, p.tool, l.name, l.help, [l, given](const settings& s) {
    return look(s, with_query(l.path, *given),
                [&l](const json_document& answer) { print(l, answer); });
  });
  for (std::size_t i = 0; i < l.parameters.size(); ++i) {
    const auto& one = l.parameters[i];
    auto* option =
        added.add_option("--" + (*given)[i].first, (*given)[i].second, std::string{one.help});
    if (!one.values.empty())
      option->check(offers(one.values));
  }
}

} // namespace

void add_lists(program& p) {
  for (const auto& l : listings())
    add(p, l);
}

} // namespace pickup::ctl
