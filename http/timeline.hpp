// All that is known of how a call went, in one list by time. Pure.
#pragma once

#include "actors/gateway.hpp"
#include "actors/inspection.hpp"
#include "domain/result.hpp"
#include "http/json_writer.hpp"
#include "http/request_log.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pickup::http {

/// `title` and `detail` say it in English, from the facts; a fact that says nothing is left
/// out.
struct timeline_event {
  domain::timestamp at;
  std::string_view source; ///< http, journal, actor or message
  std::string title;
  std::string detail;
  std::string correlation_id; ///< empty when it is not known
  std::vector<domain::fact> facts;
};

/// Those of some requests with its correlation ids that were about the call: their path names
/// it, or they are the last before its first commit that ask for a call of the service. A
/// client may give requests about other calls the same id.
std::vector<logged_request> requests_about(domain::call_id call,
                                           const std::vector<actors::history_item>& history,
                                           std::vector<logged_request> found);

/// What is known of a call.
struct call_records {
  domain::call_id call;
  std::vector<actors::history_item> history;
  std::vector<logged_request> requests;
  std::vector<actors::message_attempt> messages;
  std::vector<actors::traced_message> traced; ///< to this call, and about it
};

/// Oldest first; what happened at one time in the order of sources: http, journal, actor,
/// message.
std::vector<timeline_event> timeline_of(const call_records& all);

void write_events(json_writer& out, const std::vector<timeline_event>& events);

} // namespace pickup::http
