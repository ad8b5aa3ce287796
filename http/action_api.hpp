// What operators do: each action can be tried dry, and what is done is written to the journal
// before it is done, and again when it fails. Thread-safe. Owned by the operators' API; refers
// to the gateway and the operation, which outlive it.
#pragma once

#include "actors/gateway.hpp"
#include "actors/operation.hpp"
#include "http/foresight.hpp"
#include "http/message.hpp"
#include "http/target.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pickup::http {

/// Something an operator may do.
struct action {
  std::string verb;
  std::string object;
  std::string detail;                     ///< for the audit
  std::optional<domain::service> service; ///< of the object, when it is of one
  /// Why it cannot be done, or what it would do.
  std::function<domain::result<foresight>()> foresee;
  std::function<domain::status_result(const actors::orderer&)> carry_out;
  bool without_record = false; ///< it may be done though the journal takes nothing
  /// A member of the answer for who has done it: name, and what carry_out found.
  std::string_view found_name;
  std::shared_ptr<std::string> found = std::make_shared<std::string>();
};

class action_api {
public:
  action_api(actors::gateway& of, actors::operation& on, actors::process_control& process)
      : gateway_(&of), operation_(&on), process_(&process) {}

  response disturb(const request& r, const target& t, const actors::actor_view& who,
                   actors::fault what);
  response pause(const request& r, const target& t, actors::stage which, bool paused);
  response command(const request& r, const target& t, const std::string& breaker,
                   actors::breaker_command what);
  response cancel(const request& r, const target& t, domain::call_id call);
  response reassign(const request& r, const target& t, domain::call_id call);
  response set_shift(const request& r, const target& t, domain::courier_id courier, bool on);
  response unmask(const request& r, const target& t, domain::call_id call);
  response unmask(const request& r, const target& t, domain::courier_id courier);
  response drain(const request& r, const target& t);
  response back_up(const request& r, const target& t);
  response list_audit(const request& r, const target& t);

private:
  response perform(const request& r, const target& t, action what);
  response failed(const request& r, const std::string& who, const action& what,
                  const std::optional<std::string>& recorded, domain::error why);
  response command_call(const request& r, const target& t, domain::call_id call,
                        const std::string& verb, const domain::command& what,
                        std::function<domain::result<actors::call_view>()> carry_out);
  domain::result<actors::call_view> look_up(domain::call_id call);
  domain::result<actors::courier_view> look_up(domain::courier_id courier);
  domain::result<foresight> foresee(const actors::actor_view& who, actors::fault what,
                                    domain::duration time);

  actors::gateway* gateway_;
  actors::operation* operation_;
  actors::process_control* process_;
};

} // namespace pickup::http
