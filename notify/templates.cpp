#include "notify/templates.hpp"

#include "notify/message_text.hpp"

#include <algorithm>
#include <array>

namespace pickup::notify {

namespace {

constexpr std::size_t longest_code = 20;
constexpr std::size_t longest_text = 1000;
constexpr std::size_t most_variables = 39;
constexpr std::size_t longest_growth = 14;

// What every message has, and what those have that are about a courier.
constexpr std::array call_names{"서비스", "호출번호"};
constexpr std::array courier_names{"기사", "연락처", "차량", "거리"};

bool fills(domain::message kind, std::string_view name) {
  const bool about_courier =
      kind == domain::message::confirmed || kind == domain::message::reassigned;
  return std::ranges::find(call_names, name) != call_names.end()
         || (about_courier && std::ranges::find(courier_names, name) != courier_names.end());
}

constexpr bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, begins_character));
}

std::string_view first_characters(std::string_view utf8, std::size_t most) {
  std::size_t end = 0;
  for (std::size_t seen = 0; end < utf8.size(); ++end)
    if (begins_character(utf8[end]) && ++seen > most)
      break;
  return utf8.substr(0, end);
}

std::string written(std::string_view name) {
  return "#{" + std::string{name} + "}";
}

// Calls `plain` with the stretches of text between variables, `variable` with their names.
template <class Plain, class Variable>
void read(std::string_view text, Plain plain, Variable variable) {
  while (!text.empty()) {
    const auto open = text.find("#{");
    const auto close = open == text.npos ? open : text.find('}', open);
    if (close == text.npos)
      return plain(text);
    plain(text.substr(0, open));
    variable(text.substr(open + 2, close - open - 2));
    text.remove_prefix(close + 1);
  }
}

domain::error wrong(domain::message kind, const std::string& why) {
  return {domain::errc::invalid_argument,
          "check template: " + std::string{domain::name(kind)} + ": " + why,
          {}};
}

domain::status_result check(domain::message kind, const message_template& t) {
  if (t.code.empty() || characters(t.code) > longest_code)
    return wrong(kind,
                 "code: must be 1 to 20 characters, got " + std::to_string(characters(t.code)));
  if (t.text.empty() || characters(t.text) > longest_text)
    return wrong(kind, "text: must be 1 to 1000 characters, got "
                           + std::to_string(characters(t.text)));
  std::size_t count = 0;
  std::optional<std::string> strange;
  read(
      t.text, [](std::string_view) {},
      [&](std::string_view name) {
        ++count;
        if (!fills(kind, name))
          strange = name;
      });
  if (strange)
    return wrong(kind, "text: nothing fills " + written(*strange));
  if (count > most_variables)
    return wrong(kind, "text: must have fewer than 40 variables, got " + std::to_string(count));
  return domain::done{};
}

} // namespace

domain::status_result check(const template_set& all) {
  for (auto kind = domain::message::received; kind <= domain::message::failed;
       kind = static_cast<domain::message>(static_cast<int>(kind) + 1)) {
    const auto t = all.find(kind);
    if (t == all.end())
      return wrong(kind, "there is none");
    if (auto checked = check(kind, t->second); !checked)
      return checked;
  }
  return domain::done{};
}

variables variables_of(const storage::call_entry& what,
                       const std::optional<domain::courier>& courier) {
  variables all;
  const auto put = [&](const char* name, std::string value) {
    const auto most = characters(written(name)) + longest_growth;
    if (characters(value) > most)
      value = std::string{first_characters(value, most - 1)} + "…";
    all[name] = one_line(std::move(value));
  };
  put("서비스", what.call.service() == domain::service::pickup ? "픽업" : "택시");
  put("호출번호", std::to_string(what.call.number()));
  put("기사", courier ? courier->name : "-");
  put("연락처", courier ? courier->tel : "-");
  put("차량", courier && !courier->vehicle.empty() ? courier->vehicle : "-");
  put("거리", courier ? about(assigned_distance(what)) : "-");
  return all;
}

std::string filled(std::string_view text, const variables& values) {
  std::string result;
  read(
      text, [&](std::string_view plain) { result += plain; },
      [&](std::string_view name) {
        if (const auto value = values.find(name); value != values.end())
          result += value->second;
      });
  return result;
}

variables used_by(std::string_view text, const variables& values) {
  variables used;
  read(
      text, [](std::string_view) {},
      [&](std::string_view name) {
        if (const auto value = values.find(name); value != values.end())
          used.insert(*value);
      });
  return used;
}

std::size_t sms_size(std::string_view text) {
  std::size_t bytes = 0;
  for (const char c : text)
    if (begins_character(c))
      bytes += static_cast<unsigned char>(c) < 0x80 ? 1 : 2;
  return bytes;
}

} // namespace pickup::notify
