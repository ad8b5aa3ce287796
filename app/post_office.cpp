#include "app/post_office.hpp"

#include "storage/identity.hpp"

#include <random>
#include <utility>

namespace pickup::app {

domain::result<post_office> open_post_office(const config::settings& s,
                                             const notify::template_set& templates) {
  post_office office;
  if (!s.actors.notify.sends())
    return office;
  auto id = storage::identity_of(s.storage.data_dir);
  if (!id)
    return id.error();
  auto transport = notify::make_http_transport(s.actors.notify);
  if (!transport)
    return transport.error();
  office.transport = std::move(*transport);
  office.messaging = {templates, std::move(*id), office.transport.get(),
                      std::random_device{}()};
  return office;
}

} // namespace pickup::app
