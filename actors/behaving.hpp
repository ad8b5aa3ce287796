// The manners all our actors share.
#pragma once

#include <caf/error.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/sec.hpp>

#include <exception>
#include <string>

namespace pickup::actors {

/// An exception ends the actor with its text as the reason (its supervisor hears it and
/// restarts it); what nobody expects is dropped, not answered.
inline void behave(caf::scheduled_actor* self) {
  self->set_exception_handler([](std::exception_ptr& thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      return caf::make_error(caf::sec::runtime_error, std::string{e.what()});
    } catch (...) {
      return caf::make_error(caf::sec::runtime_error, std::string{"unknown exception"});
    }
  });
  self->set_default_handler(caf::drop);
}

} // namespace pickup::actors
