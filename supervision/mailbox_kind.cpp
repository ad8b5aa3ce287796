#include "supervision/mailbox_kind.hpp"

#include <caf/atom.hpp>
#include <caf/message.hpp>
#include <caf/system_messages.hpp>
#include <caf/timespan.hpp>

#include <stdexcept>

namespace pickup::supervision {

namespace {

constexpr auto category = caf::atom("mailbox");

const mailbox_kind::rule never_refused = [] {
  mailbox_kind::rule r;
  r.what = mailbox_kind::policy::control;
  r.counts = false;
  return r;
}();

template <class... Ts>
bool is_one_of(std::uint16_t type) {
  return ((type == caf::type_nr<Ts>::value) || ...);
}

bool is_same_type(const caf::rtti_pair& a, const caf::rtti_pair& b) {
  return a.first == b.first && (a.first != 0 || *a.second == *b.second);
}

} // namespace

caf::error make_error(mailbox_errc code, std::chrono::milliseconds retry_after) {
  return {static_cast<std::uint8_t>(code), category,
          caf::make_message(caf::timespan{retry_after})};
}

bool operator==(const caf::error& e, mailbox_errc code) {
  return e.category() == category && e.code() == static_cast<std::uint8_t>(code);
}

std::optional<std::chrono::milliseconds> retry_after(const caf::error& e) {
  if (!(e == mailbox_errc::mailbox_full) || !e.context().match_elements<caf::timespan>())
    return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      e.context().get_as<caf::timespan>(0));
}

mailbox_kind::mailbox_kind(mailbox_options o) : options_(std::move(o)) {
  const auto positive = [&](const char* field, std::uint32_t value) {
    if (value == 0)
      throw std::invalid_argument{"mailbox \"" + options_.name + "\": " + field
                                  + ": must be at least 1, got 0"};
  };
  positive("capacity", options_.capacity);
  positive("latest", options_.latest);
  positive("keys", options_.keys);
}

mailbox_kind& mailbox_kind::add(rule r) {
  drops_ = drops_ || r.what == policy::drop_oldest;
  rules_.push_back(std::move(r));
  return *this;
}

std::map<std::string, std::uint64_t> mailbox_kind::losses() const {
  std::map<std::string, std::uint64_t> all;
  const auto add = [&](const std::string& what, const rule& r) {
    if (const auto n = r.losses->load(std::memory_order_relaxed))
      all[what] += n;
  };
  for (const auto& r : rules_)
    add(short_type_name(r.type.second), r);
  add("other", unnamed_);
  return all;
}

bool mailbox_kind::is_of_the_system(const caf::mailbox_element& x) {
  if (x.mid.is_response() || x.mid.is_urgent_message() || x.mid.is_stream_message())
    return true;
  const auto& content = x.content();
  return !content.empty()
         && is_one_of<caf::exit_msg, caf::down_msg, caf::timeout_msg, caf::error,
                      caf::group_down_msg, caf::open_stream_msg>(content.type_nr(0));
}

const mailbox_kind::rule& mailbox_kind::rule_of(const caf::mailbox_element& x) const {
  if (is_of_the_system(x))
    return never_refused;
  const auto& content = x.content();
  if (content.empty())
    return unnamed_;
  const auto type = content.type(0);
  const auto fits = [&](const rule& r) { return !r.when || r.when(content); };
  // Types are nearly always one object each, and then their names need not be compared.
  for (const auto& r : rules_)
    if (r.type == type && fits(r))
      return r;
  for (const auto& r : rules_)
    if (is_same_type(r.type, type) && fits(r))
      return r;
  return unnamed_;
}

} // namespace pickup::supervision
