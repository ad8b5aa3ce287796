// How messages reach a provider. Owned by one life of the node, whose actors it serves.
#pragma once

#include "actors/messaging.hpp"
#include "config/settings.hpp"
#include "domain/result.hpp"
#include "notify/templates.hpp"
#include "notify/transport.hpp"

#include <memory>

namespace pickup::app {

struct post_office {
  std::unique_ptr<notify::transport>
      transport;               ///< nothing when the options say that none is sent
  actors::messaging messaging; ///< refers to the transport
};

/// After the journal is open: the data directory names the messages. Errors: io,
/// invalid_argument.
domain::result<post_office> open_post_office(const config::settings& s,
                                             const notify::template_set& templates);

} // namespace pickup::app
