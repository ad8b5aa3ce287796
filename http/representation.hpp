// Calls, assignments and couriers as JSON, in the words of the collection asked. Unset fields
// are null, never missing. Thread-safe: they only read what they are given.
#pragma once

#include "actors/gateway.hpp"
#include "http/collection.hpp"
#include "http/json_writer.hpp"

#include <vector>

namespace pickup::http {

/// A call as the customer sees it; its members alone, in an object that has begun.
void write_call(json_writer& out, const actors::call_view& v, const collection& in);
void write_call_members(json_writer& out, const actors::call_view& v, const collection& in);
/// A call as the dispatcher manages it: the last courier stays named when it was cancelled.
void write_managed(json_writer& out, const actors::call_view& v, const collection& in);
void write_assignment(json_writer& out, const actors::assignment_view& v, const collection& in);
void write_courier(json_writer& out, const actors::courier_view& v);
void write_courier_members(json_writer& out, const actors::courier_view& v);
/// Who would come, in the order given.
void write_nearest(json_writer& out, domain::service_class wanted, domain::position from,
                   const std::vector<actors::nearby_courier>& found);
/// All steps of a call, oldest first; as items of an array that has begun.
void write_steps(json_writer& out, domain::call_id call,
                 const std::vector<actors::history_item>& steps, const collection& in);
void write_history(json_writer& out, domain::call_id call,
                   const std::vector<actors::history_item>& steps, const collection& in);

/// To the decimetre: more is noise, and long.
double rounded(domain::metres m);

/// Where a call is found in `in`, percent-encoded.
std::string call_path(const collection& in, domain::call_id call);
std::string courier_path(domain::courier_id courier);

} // namespace pickup::http
