#include "config/option_table.hpp"

#include "domain/options.hpp"
#include "domain/overloaded.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>

namespace pickup::config {

namespace {

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc{} || rest != end)
    return std::nullopt;
  return value;
}

std::optional<bool> parse_flag(std::string_view text) {
  if (text == "true")
    return true;
  if (text == "false")
    return false;
  return std::nullopt;
}

/// Whether there was a value, which is then in `target`.
template <class T>
bool store(T* target, const std::optional<T>& parsed) {
  if (parsed)
    *target = *parsed;
  return parsed.has_value();
}

std::string_view expected(const field& value) {
  return std::visit(domain::overloaded{
                        [](std::string*) { return "a text in quotes"; },
                        [](path_field) { return "a path in quotes"; },
                        [](domain::duration*) {
                          return "a length of time such as \"30min\" (ms, s, min, h)";
                        },
                        [](std::uint32_t*) { return "a whole number from 0 to 4294967295"; },
                        [](double*) { return "a number"; },
                        [](bool*) { return "true or false"; },
                    },
                    value);
}

std::string text_of(const field& value) {
  return std::visit(
      domain::overloaded{
          [](std::string* s) { return *s; },
          [](path_field p) { return *p.path; },
          [](domain::duration* d) { return domain::to_text(*d); },
          [](std::uint32_t* n) { return std::to_string(*n); },
          [](double* x) {
            std::array<char, 32> buffer;
            const auto end = buffer.data() + buffer.size();
            return std::string{buffer.data(), std::to_chars(buffer.data(), end, *x).ptr};
          },
          [](bool* b) { return std::string{*b ? "true" : "false"}; },
      },
      value);
}

} // namespace

std::string option::environment_name() const {
  auto variable = "PICKUPD_" + section + '_' + key;
  std::ranges::transform(variable, variable.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return variable;
}

std::vector<option> options_of(settings& s) {
  auto& [dispatch, limits, supervision, mailboxes, breaker, notify, retention, faults] =
      s.actors;
  auto& alimtalk = notify.alimtalk;
  auto& sms = notify.sms;
  return {
      {"http", "listen", &s.http.listen},
      {"http", "threads", &s.http.threads},
      {"http", "connections", &s.http.connections},
      {"http", "in_flight", &s.http.in_flight},
      {"http", "max_body", &s.http.max_body},
      {"http", "max_bulk_body", &s.http.max_bulk_body},
      {"http", "max_bulk_items", &s.http.max_bulk_items},
      {"http", "bulk_in_flight", &s.http.bulk_in_flight},
      {"http", "max_headers", &s.http.max_headers},
      {"http", "max_header_bytes", &s.http.max_header_bytes},
      {"http", "keep_alive", &s.http.keep_alive},
      {"http", "request_read_limit", &s.http.request_read_limit},
      {"http", "write_limit", &s.http.write_limit},
      {"http", "default_place_pickup", &s.http.default_place_pickup},
      {"http", "default_place_taxi", &s.http.default_place_taxi},
      {"operator", "listen", &s.http.operator_listen},
      {"operator", "token", &s.http.operator_token},
      {"operator", "console_dir", path_field{&s.http.console_dir}},
      {"storage", "data_dir", path_field{&s.storage.data_dir}},
      {"storage", "max_group", &s.storage.max_group},
      {"storage", "queue", &s.storage.queue},
      {"storage", "write_buffer_mb", &s.storage.write_buffer_mb},
      {"storage", "block_cache_mb", &s.storage.block_cache_mb},
      {"storage", "retry", &s.storage.retry},
      {"storage", "min_free_mb", &s.storage.min_free_mb},
      {"dispatch", "max_pickup_distance_m", &dispatch.max_pickup_distance_m},
      {"dispatch", "max_wait", &dispatch.max_wait},
      {"dispatch", "lead_time", &dispatch.lead_time},
      {"dispatch", "max_ahead", &dispatch.max_ahead},
      {"dispatch", "courier_lost_after", &dispatch.courier_lost_after},
      {"dispatch", "manage_timeout", &dispatch.manage_timeout},
      {"dispatch", "idempotency_window", &dispatch.idempotency_window},
      {"dispatch", "assign_pause_min", &dispatch.assign_pause_min},
      {"dispatch", "assign_pause_max", &dispatch.assign_pause_max},
      {"limits", "request_timeout", &limits.request_timeout},
      {"limits", "call_queue", &limits.call_queue},
      {"limits", "scheduler_threads", &limits.scheduler_threads},
      {"supervision", "intensity", &supervision.intensity},
      {"supervision", "period", &supervision.period},
      {"supervision", "call_intensity", &supervision.call_intensity},
      {"supervision", "courier_intensity", &supervision.courier_intensity},
      {"supervision", "child_intensity", &supervision.child_intensity},
      {"supervision", "hang_limit", &supervision.hang_limit},
      {"supervision", "measure", &supervision.measure},
      {"mailboxes", "new_calls", &mailboxes.new_calls},
      {"mailboxes", "call", &mailboxes.call},
      {"mailboxes", "dispatcher", &mailboxes.dispatcher},
      {"mailboxes", "courier", &mailboxes.courier},
      {"mailboxes", "ledger", &mailboxes.ledger},
      {"mailboxes", "notifier", &mailboxes.notifier},
      {"breaker", "window", &breaker.window},
      {"breaker", "minimum_calls", &breaker.minimum_calls},
      {"breaker", "failure_rate", &breaker.failure_rate},
      {"breaker", "slow_rate", &breaker.slow_rate},
      {"breaker", "slow_call", &breaker.slow_call},
      {"breaker", "trial_calls", &breaker.trial_calls},
      {"breaker", "wait", &breaker.wait},
      {"breaker", "max_wait", &breaker.max_wait},
      {"notify", "channel", &notify.channel},
      {"notify", "message_file", &notify.message_file},
      {"notify", "in_flight", &notify.in_flight},
      {"notify", "backlog", &notify.backlog},
      {"notify", "dead_after", &notify.dead_after},
      {"notify", "breaker_wait", &notify.breaker_wait},
      {"notify", "breaker_max_wait", &notify.breaker_max_wait},
      {"alimtalk", "base_url", &alimtalk.base_url},
      {"alimtalk", "app_key", &alimtalk.app_key},
      {"alimtalk", "secret_key", &alimtalk.secret_key},
      {"alimtalk", "sender_key", &alimtalk.sender_key},
      {"alimtalk", "ca_file", path_field{&alimtalk.ca_file}},
      {"alimtalk", "templates", path_field{&alimtalk.templates}},
      {"alimtalk", "key_window", &alimtalk.key_window},
      {"alimtalk", "rate", &alimtalk.rate},
      {"alimtalk", "connect_timeout", &alimtalk.connect_timeout},
      {"alimtalk", "request_timeout", &alimtalk.request_timeout},
      {"alimtalk", "retry_first", &alimtalk.retry_first},
      {"alimtalk", "retry_most", &alimtalk.retry_most},
      {"alimtalk", "poll_first", &alimtalk.poll_first},
      {"alimtalk", "poll_most", &alimtalk.poll_most},
      {"alimtalk", "settle", &alimtalk.settle},
      {"alimtalk", "give_up_after", &alimtalk.give_up_after},
      {"alimtalk", "delivery_limit", &alimtalk.delivery_limit},
      {"sms", "base_url", &sms.base_url},
      {"sms", "app_key", &sms.app_key},
      {"sms", "secret_key", &sms.secret_key},
      {"sms", "send_no", &sms.send_no},
      {"sms", "ca_file", path_field{&sms.ca_file}},
      {"sms", "rate", &sms.rate},
      {"sms", "connect_timeout", &sms.connect_timeout},
      {"sms", "request_timeout", &sms.request_timeout},
      {"sms", "retry_first", &sms.retry_first},
      {"sms", "retry_most", &sms.retry_most},
      {"sms", "poll_first", &sms.poll_first},
      {"sms", "poll_most", &sms.poll_most},
      {"sms", "settle", &sms.settle},
      {"sms", "give_up_after", &sms.give_up_after},
      {"sms", "delivery_limit", &sms.delivery_limit},
      {"retention", "ended_calls", &retention.ended_calls},
      {"faults", "fail_matching_for", &faults.fail_matching_for},
      {"faults", "commit_delay", &s.storage.fault_commit_delay},
      {"faults", "clock_file", &s.fault_clock_file},
      {"faults", "crash_call_every", &faults.crash_call_every},
      {"faults", "crash_dispatcher_every", &faults.crash_dispatcher_every},
      {"demo", "couriers", &s.demo_couriers},
      {"places", "file", path_field{&s.places_file}},
      {"areas", "file", path_field{&s.areas_file}},
      {"log", "level", &s.log_level},
      {"log", "format", &s.log_format},
  };
}

domain::status_result assign(const option& o, std::string_view text) {
  const bool fits = std::visit(
      domain::overloaded{
          [&](std::string* s) { return store(s, std::optional{std::string{text}}); },
          [&](path_field p) { return store(p.path, std::optional{std::string{text}}); },
          [&](domain::duration* d) { return store(d, domain::parse_duration(text)); },
          [&](bool* b) { return store(b, parse_flag(text)); },
          [&]<class Number>(Number* n) { return store(n, parse_number<Number>(text)); },
      },
      o.value);
  if (!fits)
    return unfit(o, '"' + std::string{text} + '"');
  return domain::done{};
}

domain::error unfit(const option& o, std::string_view got) {
  auto text = o.name() + ": must be ";
  text.append(expected(o.value)).append(", got ").append(got);
  return {domain::errc::invalid_argument, std::move(text), {{"option", o.name()}}};
}

std::vector<listed_option> list_options(settings s) {
  std::vector<listed_option> listed;
  for (const auto& o : options_of(s))
    listed.push_back({o.name(), text_of(o.value)});
  return listed;
}

} // namespace pickup::config
