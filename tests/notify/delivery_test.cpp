// What becomes of one message, step by step.
#include "notify/delivery.hpp"
#include "tests/notify/letters.hpp"

#include <catch2/catch.hpp>

using namespace pickup;
using namespace pickup::notify;
using namespace pickup::testing;
using state = delivery_state;

namespace {

const rules with_sms = test_rules();
const rules without_sms = test_rules(false);

delivery sent(domain::timestamp now = noon) {
  return sending(fresh_delivery(), with_sms, now);
}

stepped after_send(delivery d, const outcome& o, const rules& r = with_sms,
                   domain::timestamp now = noon) {
  return step(std::move(d), work::send, o, r, now, 0);
}

delivery taken_at(domain::timestamp now) {
  return after_send(sent(now), accepted{"R1", 1}, with_sms, now).next;
}

stepped after_poll(delivery d, report_status status, int code = 0, const rules& r = with_sms,
                   domain::timestamp now = noon + 1s) {
  return step(std::move(d), work::poll, reported{status, code, "R1", 1, 0}, r, now, 0);
}

} // namespace

TEST_CASE("accepted is not delivered: the provider is asked until it says so") {
  auto d = taken_at(noon);
  CHECK(d.state == state::accepted);
  CHECK(d.request_id == "R1");
  CHECK(next_work(d, with_sms, noon) == work::poll);
  CHECK(d.due == noon + 1s);
  d = after_poll(d, report_status::pending).next;
  CHECK(d.state == state::accepted);
  CHECK(after_poll(d, report_status::completed).next.state == state::delivered);
}

TEST_CASE("while the key protects it, an unanswered send is repeated, later and later") {
  auto d = sent();
  const auto key_used = *d.key_used;
  for (const auto wait : {1s, 2s, 4s, 8s}) {
    d = after_send(d, no_answer{}).next;
    CHECK(d.state == state::unanswered);
    CHECK(d.due == noon + wait);
    CHECK(next_work(d, with_sms, noon) == work::send);
    d = sending(d, with_sms, noon);
    CHECK(d.key_used == key_used);
  }
}

TEST_CASE("when the key has expired, the provider is asked before anything is sent") {
  const auto d = after_send(sent(), no_answer{}).next;
  CHECK(next_work(d, with_sms, noon + 9min) == work::send);
  // A request may take as long as its time-out: the key must hold until it is there.
  CHECK(next_work(d, with_sms, noon + 10min - 10s) == work::search);
}

TEST_CASE("a key that the provider has seen before says nothing: it is asked") {
  auto d = after_send(sent(), no_answer{}).next;
  d = after_send(sending(d, with_sms, noon), refused{-1005}).next;
  CHECK(d.state == state::unknown);
  CHECK(next_work(d, with_sms, noon) == work::search);
  const auto found = step(d, work::search, reported{report_status::completed, 1000, "R9", 1, 0},
                          with_sms, noon, 0);
  CHECK(found.next.state == state::delivered);
  // Not there, and the key blocks every repeat until it has expired.
  d = step(d, work::search, absent{}, with_sms, noon + 1min, 0).next;
  CHECK(d.state == state::unknown);
  d = step(d, work::search, absent{}, with_sms, noon + 10min, 0).next;
  CHECK(d.state == state::waiting);
  CHECK(sending(d, with_sms, noon + 10min).key_used == noon + 10min);
}

TEST_CASE("an SMS has no key: after a time-out it is looked for, and not sent until it had "
          "time to arrive") {
  auto d = hand_over(fresh_delivery(), with_sms, noon, "");
  REQUIRE(d.via == carrier::sms);
  d = after_send(sending(d, with_sms, noon), no_answer{}).next;
  CHECK(next_work(d, with_sms, noon + 1s) == work::search);
  d = step(d, work::search, absent{}, with_sms, noon + 1s, 0).next;
  CHECK(d.state == state::unknown);
  d = step(d, work::search, absent{}, with_sms, noon + 30s, 0).next;
  CHECK(d.state == state::waiting);
}

TEST_CASE("without a connection nothing was sent") {
  auto d = after_send(sent(), unreachable{}).next;
  CHECK(d.state == state::waiting);
  // But for what was sent before.
  d = after_send(sending(d, with_sms, noon), no_answer{}).next;
  d = after_send(sending(d, with_sms, noon), unreachable{}).next;
  CHECK(d.state == state::unanswered);
}

TEST_CASE("what one send is refused for says nothing of an unanswered one before it") {
  auto d = after_send(sent(), no_answer{}).next;
  d = after_send(sending(d, with_sms, noon), refused{-3003}).next;
  CHECK(d.state == state::unknown);
  // Surely not there: now the refusal counts.
  d = step(d, work::search, absent{}, with_sms, noon + 1min, 0).next;
  REQUIRE(d.state == state::waiting);
  d = after_send(sending(d, with_sms, noon + 1min), refused{-3003}).next;
  CHECK(d.state == state::dead);
}

TEST_CASE("429 is followed as it says, and is no failure of the provider") {
  CHECK(after_send(sent(), throttled{5s}).next.due == noon + 5s);
  CHECK(after_send(sent(), throttled{}).next.due == noon + 1s);
  CHECK(after_send(sent(), throttled{}).next.state == state::waiting);
  CHECK(health_of(throttled{}, carrier::alimtalk) == health::says_nothing);
  CHECK(health_of(no_answer{}, carrier::alimtalk) == health::bad);
  CHECK(health_of(refused{-9999}, carrier::alimtalk) == health::bad);
  CHECK(health_of(refused{-3003}, carrier::alimtalk) == health::good);
}

TEST_CASE("each class of refusal has its consequence") {
  const auto bad_number = after_send(sent(), refused{-5000});
  CHECK(bad_number.next.state == state::failed);
  CHECK_FALSE(bad_number.alarm);
  const auto bad_template = after_send(sent(), refused{-3003});
  CHECK(bad_template.next.state == state::dead);
  CHECK(bad_template.next.reason == "bad message: code -3003");
  CHECK(bad_template.alarm);
  const auto bad_account = after_send(sent(), refused{-1000});
  CHECK(bad_account.next.via == carrier::sms);
  CHECK(bad_account.next.state == state::waiting);
  CHECK(bad_account.stop_channel);
  CHECK(bad_account.alarm);
  CHECK(after_send(sent(), refused{-9999}).next.state == state::unanswered);
}

TEST_CASE("each class of failed delivery has its consequence") {
  const auto d = taken_at(noon);
  CHECK(after_poll(d, report_status::failed, 3018).next.via == carrier::sms);
  CHECK(after_poll(d, report_status::failed, 3008).next.state == state::failed);
  CHECK(after_poll(d, report_status::failed, 3015).next.state == state::dead);
  CHECK(after_poll(d, report_status::failed, 3015).alarm);
  CHECK(after_poll(d, report_status::failed, 1021).stop_channel);
  CHECK(after_poll(d, report_status::canceled).next.state == state::dead);
  const auto again = after_poll(d, report_status::failed, 3006).next;
  CHECK(again.state == state::waiting);
  CHECK(again.rounds == 1);
  CHECK(again.via == carrier::alimtalk);
}

TEST_CASE(
    "what fails for a passing reason is sent twice more, each with a key of its own, then "
    "by SMS") {
  auto d = fresh_delivery();
  for (std::uint32_t round = 0; round <= brief_retries; ++round) {
    REQUIRE(d.via == carrier::alimtalk);
    CHECK(d.rounds == round);
    CHECK_FALSE(d.key_used);
    d = after_send(sending(d, with_sms, noon), accepted{"R1", 1}).next;
    d = after_poll(d, report_status::failed, 3000).next;
  }
  CHECK(d.via == carrier::sms);
  CHECK(d.reason == "not delivered: code 3000");
}

TEST_CASE(
    "what fails for a reason of the provider's own is sent again ever later, then by SMS") {
  auto d = fresh_delivery();
  auto now = noon;
  for (std::uint32_t round = 0; round <= patient_retries; ++round) {
    REQUIRE(d.via == carrier::alimtalk);
    d = step(sending(d, with_sms, now), work::send, accepted{"R1", 1}, with_sms, now, 0).next;
    now += 1s;
    d = step(d, work::poll, reported{report_status::failed, 3006, "R1", 1, 0}, with_sms, now, 0)
            .next;
    CHECK(d.due - now <= with_sms.alimtalk.retry_most);
    if (round > 0 && d.via == carrier::alimtalk)
      CHECK(d.due - now
            == std::min<domain::duration>(with_sms.alimtalk.retry_first * (1 << round),
                                          with_sms.alimtalk.retry_most));
    now = d.due;
  }
  CHECK(d.via == carrier::sms);
  CHECK(d.reason == "not delivered: code 3006");
  CHECK(health_of(reported{report_status::failed, 3006, "R1", 1, 0}, carrier::alimtalk)
        == health::bad);
  CHECK(health_of(reported{report_status::failed, 3018, "R1", 1, 0}, carrier::alimtalk)
        == health::good);
}

TEST_CASE("an accepted message that cannot even be asked for is dead after its limit") {
  const auto d = taken_at(noon);
  const auto limit = with_sms.alimtalk.delivery_limit + with_sms.alimtalk.settle;
  CHECK_FALSE(expire(d, with_sms, noon + limit - 1ms));
  const auto late = expire(d, with_sms, noon + limit);
  REQUIRE(late);
  CHECK(late->next.state == state::dead);
  CHECK(late->next.reason == "no delivery report");
}

TEST_CASE("a delivery nobody knows the end of is asked for, never sent again, and then dead") {
  auto d = taken_at(noon);
  d = after_poll(d, report_status::failed, 3005).next;
  CHECK(d.state == state::accepted);
  const auto late = noon + 31min;
  CHECK(next_work(d, with_sms, late) == work::search);
  const auto end = step(d, work::search, reported{report_status::failed, 3005, "R1", 1, 0},
                        with_sms, late, 0);
  CHECK(end.next.state == state::dead);
  CHECK(end.next.reason == "outcome unknown: code 3005");
}

TEST_CASE("without SMS what would be handed over is a dead letter with its reason") {
  const auto end = after_poll(taken_at(noon), report_status::failed, 3018, without_sms).next;
  CHECK(end.state == state::dead);
  CHECK(end.reason == "not reachable: code 3018");
}

TEST_CASE("what is not accepted in time goes by SMS, if it was surely not accepted") {
  auto d = after_send(sent(), unreachable{}).next;
  CHECK_FALSE(expire(d, with_sms, noon + 9min));
  CHECK(expire(d, with_sms, noon + 10min)->next.via == carrier::sms);
  d = after_send(sent(), no_answer{}).next;
  CHECK_FALSE(expire(d, with_sms, noon + 10min));
  CHECK(expire(d, with_sms, noon + 24h)->next.state == state::dead);
}

TEST_CASE("what an earlier process left is asked for before it is sent, by every carrier") {
  auto d = recovered(fresh_delivery(), noon);
  CHECK(next_work(d, with_sms, noon) == work::search);
  const auto found = step(d, work::search, reported{report_status::failed, 3018, "R1", 1, 0},
                          with_sms, noon, 0);
  CHECK(found.next.via == carrier::sms);
  CHECK(next_work(found.next, with_sms, noon) == work::search);
  d = step(d, work::search, absent{}, with_sms, noon, 0).next;
  CHECK(next_work(d, with_sms, noon) == work::send);
  // What was accepted is asked for as before.
  CHECK(next_work(recovered(taken_at(noon), noon), with_sms, noon) == work::poll);
}

TEST_CASE("what an earlier process had just sent is given time to arrive") {
  auto d = recovered(sent(noon - 1s), noon);
  d = step(d, work::search, absent{}, with_sms, noon, 0).next;
  CHECK(d.state == state::unknown);
  d = step(d, work::search, absent{}, with_sms, noon + 29s, 0).next;
  CHECK(d.state == state::waiting);
}

TEST_CASE("a question that fails changes nothing that is known") {
  const auto d = taken_at(noon);
  for (const outcome& lost : {outcome{no_answer{}}, outcome{unreachable{}},
                              outcome{throttled{}}, outcome{refused{-9999}}}) {
    const auto after = step(d, work::poll, lost, with_sms, noon, 0);
    CHECK(after.next.state == state::accepted);
    CHECK(after.next.due > noon);
  }
  CHECK(step(d, work::poll, refused{-1000}, with_sms, noon, 0).stop_channel);
}

TEST_CASE("waits double up to the most, and chance takes at most half off") {
  CHECK(wait_after(0, 1s, 30s, 0) == 1s);
  CHECK(wait_after(3, 1s, 30s, 0) == 8s);
  CHECK(wait_after(100, 1s, 30s, 0) == 30s);
  CHECK(wait_after(3, 1s, 30s, 0.999) < 4100ms);
}
