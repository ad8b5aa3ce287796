#include "supervision/crash_error.hpp"

#include <caf/actor_system.hpp>
#include <caf/detail/pretty_type_name.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>
#include <caf/uniform_type_info_map.hpp>

#include <utility>

namespace pickup::supervision {

namespace {

// CAF knows names of its own types and of announced ones; others are local to the process.
std::string type_name(const caf::type_erased_tuple& content, const caf::actor_system& sys) {
  const auto type = content.type(0);
  if (type.second == nullptr)
    return sys.types().portable_name(type);
  return caf::detail::pretty_type_name(*type.second);
}

} // namespace

caf::error crash_error(caf::local_actor& self, std::string what) {
  auto* element = self.current_mailbox_element();
  std::string type = element == nullptr || element->content().empty()
                         ? std::string{}
                         : type_name(element->content(), self.home_system());
  return caf::make_error(caf::sec::runtime_error, std::move(what), std::move(type));
}

std::string message_type_of(const caf::error& reason) {
  if (!reason || !reason.context().match_elements<std::string, std::string>())
    return {};
  return reason.context().get_as<std::string>(1);
}

} // namespace pickup::supervision
