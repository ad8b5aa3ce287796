// Templates are checked against the provider's limits, and filled within them.
#include "notify/templates.hpp"

#include <catch2/catch.hpp>

using namespace pickup;
using namespace pickup::notify;

namespace {

template_set plain_set() {
  template_set all;
  for (int kind = 1; kind <= 9; ++kind)
    all[static_cast<domain::message>(kind)] = {"CODE", "호출 #{호출번호}번"};
  return all;
}

std::string refusal(domain::message kind, message_template t) {
  auto all = plain_set();
  all[kind] = std::move(t);
  const auto checked = check(all);
  return checked ? "" : checked.error().text;
}

std::string repeated(std::string_view what, int times) {
  std::string text;
  for (; times > 0; --times)
    text += what;
  return text;
}

storage::call_entry confirmed(double metres) {
  storage::call_entry what;
  what.call = {{domain::service::taxi, {}}, 12};
  what.owed = storage::intent{domain::message::confirmed, "01012345678"};
  domain::transition t;
  t.event = domain::event::assigned;
  t.distance = domain::metres{metres};
  what.transitions.push_back(t);
  return what;
}

domain::courier driver(std::string name) {
  domain::courier c;
  c.name = std::move(name);
  c.tel = "010-0000-1006";
  return c;
}

} // namespace

TEST_CASE("templates keep to the provider's limits") {
  using enum domain::message;
  CHECK(check(plain_set()));
  CHECK(refusal(received, {"", "text"})
        == "check template: RECEIVED: code: must be 1 to 20 characters, got 0");
  CHECK(refusal(received, {std::string(21, 'C'), "text"})
        == "check template: RECEIVED: code: must be 1 to 20 characters, got 21");
  CHECK(refusal(canceled, {"C", repeated("가", 1000)}) == "");
  CHECK(refusal(canceled, {"C", repeated("가", 1001)})
        == "check template: CANCELED: text: must be 1 to 1000 characters, got 1001");
  CHECK(refusal(canceled, {"C", repeated("#{서비스}", 39)}) == "");
  CHECK(refusal(canceled, {"C", repeated("#{서비스}", 40)})
        == "check template: CANCELED: text: must have fewer than 40 variables, got 40");
}

TEST_CASE("a template names only what its kind fills") {
  using enum domain::message;
  CHECK(refusal(confirmed, {"C", "#{기사} #{연락처} #{차량} #{거리}"}) == "");
  CHECK(refusal(arrived, {"C", "#{기사}"})
        == "check template: ARRIVED: text: nothing fills #{기사}");
}

TEST_CASE("every kind of message has a template") {
  auto all = plain_set();
  all.erase(domain::message::failed);
  CHECK(check(all).error().text == "check template: FAILED: there is none");
}

TEST_CASE("variables are filled with what the message is about") {
  const auto values = variables_of(confirmed(1079), driver("김기사"));
  CHECK(filled("[#{서비스}] #{호출번호}: #{기사} #{연락처} #{차량} #{거리} #{누구} #{", values)
        == "[택시] 12: 김기사 010-0000-1006 - 1.0km  #{");
  CHECK(used_by("#{기사} #{거리}", values) == variables{{"거리", "1.0km"}, {"기사", "김기사"}});
}

TEST_CASE("no value is longer than its variable by more than 14 characters") {
  const auto values = variables_of(confirmed(1), driver(repeated("긴", 40)));
  CHECK(values.at("기사") == repeated("긴", 18) + "…"); // 5 for "#{기사}", and 14
  CHECK(variables_of(confirmed(1), driver(repeated("긴", 19))).at("기사")
        == repeated("긴", 19));
}

TEST_CASE("what a stranger wrote cannot break a line") {
  CHECK(variables_of(confirmed(1), driver("a\nb\tc")).at("기사") == "a b c");
}

TEST_CASE("the length of an SMS is measured in EUC-KR") {
  CHECK(sms_size("abc") == 3);
  CHECK(sms_size("픽업 1") == 6);
}
