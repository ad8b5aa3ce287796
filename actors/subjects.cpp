#include "actors/subjects.hpp"

#include "actors/actor_names.hpp"
#include "actors/messages.hpp"

#include <caf/type_erased_tuple.hpp>

#include <functional>
#include <map>
#include <typeindex>

namespace pickup::actors {

namespace {

using subjects = std::vector<actor_view>;

// What a message names. One that names nobody is about its receiver alone.
subjects of(const auto&) {
  return {};
}
subjects of(const dispatched& m) {
  return m.reserved ? subjects{name_of(m.reserved->call), name_of(m.reserved->courier)}
                    : subjects{};
}
subjects of(const report_job& m) {
  return {name_of(m.what.courier)};
}
subjects of(const courier_gone& m) {
  return {name_of(m.courier)};
}
subjects of(const enter_call& m) {
  return {name_of(m.ticket.call)};
}
subjects of(const announce_call& m) {
  return {name_of(m.call)};
}
subjects of(const hold_job& m) {
  return {name_of(m.ticket.call), name_of(m.courier)};
}
subjects of(const leave_call& m) {
  return {name_of(m.call)};
}
subjects of(const register_courier& m) {
  return {name_of(m.record.id)};
}
subjects of(const propose_change& m) {
  return {name_of(m.after.id)};
}
subjects of(const courier_stored& m) {
  return {name_of(m.record.id)};
}

using reader = std::function<subjects(const caf::type_erased_tuple&)>;

const std::map<std::type_index, reader>& readers() {
#define PICKUP_READER(name)                                                                    \
  {typeid(name), [](const caf::type_erased_tuple& x) { return of(x.get_as<name>(0)); }},
  static const std::map<std::type_index, reader> all{PICKUP_ACTOR_MESSAGES(PICKUP_READER)};
#undef PICKUP_READER
  return all;
}

} // namespace

std::vector<actor_view> subjects_of(const caf::mailbox_element& message) {
  const auto& content = message.content();
  if (content.empty() || content.type(0).second == nullptr)
    return {};
  const auto known = readers().find(*content.type(0).second);
  return known == readers().end() ? subjects{} : known->second(content);
}

} // namespace pickup::actors
