#include "supervision/management.hpp"

#include <caf/message.hpp>

#include <utility>

namespace pickup::supervision {

std::string to_string(supervision_errc code) {
  switch (code) {
  case supervision_errc::too_many_restarts: return "too_many_restarts";
  case supervision_errc::start_failed: return "start_failed";
  case supervision_errc::already_started: return "already_started";
  case supervision_errc::already_present: return "already_present";
  case supervision_errc::running: return "running";
  case supervision_errc::restarting: return "restarting";
  case supervision_errc::not_found: return "not_found";
  case supervision_errc::simple_one_for_one: return "simple_one_for_one";
  case supervision_errc::not_dynamic: return "not_dynamic";
  case supervision_errc::bad_spec: return "bad_spec";
  case supervision_errc::stopping: return "stopping";
  case supervision_errc::not_running: return "not_running";
  case supervision_errc::quarantined: return "quarantined";
  }
  return "unknown";
}

caf::error make_error(supervision_errc code, std::string text) {
  return {static_cast<std::uint8_t>(code), caf::atom("supervise"),
          caf::make_message(text.empty() ? to_string(code) : std::move(text))};
}

std::string to_string(const child_id& id) {
  if (const auto* name = std::get_if<std::string>(&id))
    return *name;
  return std::to_string(std::get<child_key>(id));
}

std::string to_string(child_state s) {
  switch (s) {
  case child_state::running: return "running";
  case child_state::restarting: return "restarting";
  case child_state::ending: return "ending";
  case child_state::stopped: return "stopped";
  case child_state::quarantined: return "quarantined";
  }
  return "unknown";
}

std::string to_string(strategy s) {
  switch (s) {
  case strategy::one_for_one: return "one_for_one";
  case strategy::one_for_all: return "one_for_all";
  case strategy::rest_for_one: return "rest_for_one";
  }
  return "unknown";
}

std::string to_string(verdict v) {
  switch (v) {
  case verdict::restarts: return "restarts";
  case verdict::drops: return "drops";
  case verdict::quarantines: return "quarantines";
  case verdict::escalates: return "escalates";
  case verdict::fences: return "fences";
  }
  return "unknown";
}

} // namespace pickup::supervision
