// The manners all our actors share.
#pragma once

#include "domain/time.hpp"
#include "supervision/crash_error.hpp"

#include <caf/scheduled_actor.hpp>

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace pickup::actors {

/// An exception ends the actor with its text, and what it was handling, as the reason (its
/// supervisor hears it and restarts it); what nobody expects is dropped, not answered.
inline void behave(caf::scheduled_actor* self) {
  self->set_exception_handler([self](std::exception_ptr& thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      return supervision::crash_error(*self, e.what());
    } catch (...) {
      return supervision::crash_error(*self, "unknown exception");
    }
  });
  self->set_default_handler(caf::drop);
}

// -- faults made on purpose

inline constexpr std::string_view told_to_crash = "fault: told to crash";

inline void crash() {
  throw std::runtime_error{std::string{told_to_crash}};
}

/// Keeps the thread for a while.
inline auto hang(domain::duration time) {
  return [time] { std::this_thread::sleep_for(time); };
}

} // namespace pickup::actors
