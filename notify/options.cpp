#include "notify/options.hpp"

#include "domain/options.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace pickup::notify {

namespace {

// Each is a thread.
constexpr std::uint32_t most_in_flight = 512;
constexpr std::uint32_t most_backlog = 1'000'000;
constexpr std::uint32_t most_rate = 100'000;
// The provider searches no more than 30 days at once.
constexpr domain::duration longest_life = std::chrono::days{7};

// What a data directory holds beside the message file; see storage/data_dir.hpp.
bool belongs_to_storage(const std::string& file) {
  const auto path = std::filesystem::path{file}.lexically_normal();
  const auto first = path.begin()->string();
  return first == "db" || first == "db.new" || path == "LOCK" || path == "FORMAT"
         || path == "TRIAL" || path == "ID";
}

// "https://host", "http://127.0.0.1:8080": what a path can be put after.
bool is_address(std::string_view url) {
  const auto host = url.substr(std::min(url.find("://"), url.size() - 3) + 3);
  return (url.starts_with("http://") || url.starts_with("https://")) && !host.empty()
         && host.find_first_of("/?# \t") == host.npos;
}

std::string at_least(std::string_view other, domain::duration value) {
  return "be at least " + std::string{other} + " (" + domain::to_text(value) + ")";
}

// A secret is not shown; only whether there is one.
void check_account(domain::option_checks& checks, const std::string& section,
                   const provider_options& o) {
  checks
      .require(o.base_url.size() > 3 && is_address(o.base_url), section + ".base_url",
               "be http:// or https://, a host and perhaps a port", '"' + o.base_url + '"')
      .not_empty(section + ".app_key", o.app_key)
      .not_empty(section + ".secret_key", o.secret_key)
      .between(section + ".rate", o.rate, 1, most_rate)
      .positive(section + ".connect_timeout", o.connect_timeout)
      .positive(section + ".request_timeout", o.request_timeout)
      .positive(section + ".retry_first", o.retry_first)
      .require(o.retry_most >= o.retry_first, section + ".retry_most",
               at_least(section + ".retry_first", o.retry_first), domain::to_text(o.retry_most))
      .positive(section + ".poll_first", o.poll_first)
      .require(o.poll_most >= o.poll_first, section + ".poll_most",
               at_least(section + ".poll_first", o.poll_first), domain::to_text(o.poll_most))
      // What is still on its way when it is looked for would be sent again.
      .require(o.settle >= o.request_timeout, section + ".settle",
               at_least(section + ".request_timeout", o.request_timeout),
               domain::to_text(o.settle))
      .positive(section + ".give_up_after", o.give_up_after)
      .positive(section + ".delivery_limit", o.delivery_limit);
}

} // namespace

domain::status_result validate(const options& o) {
  domain::option_checks checks;
  checks
      .require(o.channel == "log" || o.channel == "alimtalk", "notify.channel",
               "be log or alimtalk", '"' + o.channel + '"')
      .not_empty("notify.message_file", o.message_file)
      .require(!belongs_to_storage(o.message_file), "notify.message_file",
               "not be one of the database's own files", '"' + o.message_file + '"')
      .between("notify.in_flight", o.in_flight, 1, most_in_flight)
      .between("notify.backlog", o.backlog, 1, most_backlog)
      .positive("notify.dead_after", o.dead_after)
      .require(o.dead_after <= longest_life, "notify.dead_after", "be at most 168h",
               domain::to_text(o.dead_after))
      .positive("notify.breaker_wait", o.breaker_wait)
      .require(o.breaker_max_wait >= o.breaker_wait, "notify.breaker_max_wait",
               at_least("notify.breaker_wait", o.breaker_wait),
               domain::to_text(o.breaker_max_wait));
  if (o.sends()) {
    check_account(checks, "alimtalk", o.alimtalk);
    checks
        .require(!o.alimtalk.sender_key.empty() && o.alimtalk.sender_key.size() <= 40,
                 "alimtalk.sender_key", "be 1 to 40 characters",
                 std::to_string(o.alimtalk.sender_key.size()))
        .require(o.alimtalk.key_window > o.alimtalk.request_timeout, "alimtalk.key_window",
                 "be longer than alimtalk.request_timeout ("
                     + domain::to_text(o.alimtalk.request_timeout) + ")",
                 domain::to_text(o.alimtalk.key_window));
  }
  if (o.sends() && o.has_sms()) {
    check_account(checks, "sms", o.sms);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    checks.require(!o.sms.send_no.empty() && o.sms.send_no.size() <= 13
                       && std::ranges::all_of(o.sms.send_no, is_digit),
                   "sms.send_no", "be 1 to 13 digits", '"' + o.sms.send_no + '"');
  }
  return checks.first_refusal();
}

} // namespace pickup::notify
