// Requests as the providers want them, and their answers.
#include "notify/wire.hpp"
#include "tests/notify/letters.hpp"

#include <catch2/catch.hpp>

using namespace pickup;
using namespace pickup::notify;
using namespace pickup::testing;

namespace {

const letter hello{"id.taxi.0.17.5", "010-1234-5678", "T1", {{"기사", "김 \"기사\""}}, "본문"};
const senders us{"sender", "0212345678"};

delivery via(carrier c) {
  auto d = fresh_delivery();
  d.via = c;
  d.request_id = "R 1";
  d.recipient_seq = 3;
  return d;
}

template <class T>
T read(const answer& a, work done, const delivery& d = via(carrier::alimtalk)) {
  const auto o = read_answer(a, done, d);
  REQUIRE(std::holds_alternative<T>(o));
  return std::get<T>(o);
}

} // namespace

TEST_CASE("a message is sent by AlimTalk under its key, and never resent by the provider") {
  const auto r = send_request(hello, via(carrier::alimtalk), us);
  CHECK(r.to == provider::alimtalk);
  CHECK(r.method == "POST");
  CHECK(r.path == "/messages");
  CHECK(r.idempotency_key == "id.taxi.0.17.5");
  CHECK(
      r.body
      == R"({"senderKey":"sender","templateCode":"T1","recipientList":[{)"
         R"("recipientNo":"01012345678","templateParameter":{"기사":"김 \"기사\""},)"
         R"("recipientGroupingKey":"id.taxi.0.17.5","resendParameter":{"isResend":false}}]})");
  auto again = via(carrier::alimtalk);
  again.rounds = 2;
  CHECK(send_request(hello, again, us).idempotency_key == "id.taxi.0.17.5.2");
}

TEST_CASE("a message is sent by SMS, a long one with a title") {
  const auto r = send_request(hello, via(carrier::sms), us);
  CHECK(r.path == "/sender/sms");
  CHECK(r.idempotency_key.empty());
  CHECK(r.body
        == R"({"body":"본문","sendNo":"0212345678","recipientList":[{)"
           R"("recipientNo":"01012345678","recipientGroupingKey":"id.taxi.0.17.5"}]})");
  const auto l = send_request(hello, via(carrier::lms), us);
  CHECK(l.path == "/sender/mms");
  CHECK(l.body.starts_with(R"({"title":)"));
}

TEST_CASE("a message is looked for by its key, from before it was born, in Korean time") {
  CHECK(search_request(hello, via(carrier::alimtalk), noon + 1h).path
        == "/messages?startRequestDate=2026-11-21%2021%3A00&endRequestDate=2026-11-23%2022%3A00"
           "&recipientGroupingKey=id.taxi.0.17.5&pageSize=100");
  CHECK(search_request(hello, via(carrier::sms), noon)
            .path.starts_with("/sender/sms?startRequestDate=2026-11-21%2021%3A00%3A00&"));
}

TEST_CASE("a report is asked for by the provider's own name") {
  CHECK(poll_request(via(carrier::alimtalk)).path == "/messages/R%201/3");
  CHECK(poll_request(via(carrier::lms)).path == "/sender/mms/R%201?recipientSeq=3");
}

TEST_CASE("accepted is what both the header and the recipient accept") {
  const auto yes = read<accepted>(taken("R7"), work::send);
  CHECK(yes.request_id == "R7");
  CHECK(yes.recipient_seq == 1);
  CHECK(read<accepted>(sms_taken("R8"), work::send, via(carrier::sms)).request_id == "R8");
  CHECK(read<refused>(refusal(-1005), work::send).code == -1005);
  CHECK(read<refused>(
            ok("{" + header(0)
               + R"(,"message":{"requestId":"R","sendResults":[{"resultCode":-5000}]}})"),
            work::send)
            .code
        == -5000);
}

TEST_CASE("an answer that makes no sense is no answer") {
  for (const auto* body :
       {"", "<html>", "{}", R"({"header":{}})", R"({"header":{"resultCode":0}})",
        R"({"header":{"resultCode":0,"isSuccessful":true}})",
        R"({"header":{"resultCode":0,"isSuccessful":false}})", "[1]"}) {
    INFO(body);
    read<no_answer>(ok(body), work::send);
    read<no_answer>(ok(body), work::search);
    read<no_answer>(ok(body), work::poll);
  }
}

TEST_CASE("the status of the answer comes first") {
  auto a = taken("R1");
  a.status = 500;
  read<no_answer>(a, work::send);
  a.status = 429;
  a.retry_after = 2s;
  CHECK(read<throttled>(a, work::send).retry_after == 2s);
  read<no_answer>(no_reply(), work::send);
  auto unheard = no_reply();
  unheard.may_have_arrived = false;
  read<unreachable>(unheard, work::send);
}

TEST_CASE("a report says what became of a message") {
  CHECK(read<reported>(poll_says("COMPLETED", "1000"), work::poll).status
        == report_status::completed);
  const auto failure = read<reported>(poll_says("FAILED", "3018"), work::poll);
  CHECK(failure.status == report_status::failed);
  CHECK(failure.code == 3018);
  CHECK(read<reported>(poll_says("CANCEL", ""), work::poll).status == report_status::canceled);
  CHECK(read<reported>(poll_says("REQUESTED", ""), work::poll).status
        == report_status::pending);
  const auto sms = via(carrier::sms);
  CHECK(read<reported>(sms_poll_says("3", "1000"), work::poll, sms).status
        == report_status::completed);
  CHECK(read<reported>(sms_poll_says("0", "3001"), work::poll, sms).code == 3001);
  CHECK(read<reported>(sms_poll_says("2", ""), work::poll, sms).status
        == report_status::pending);
}

TEST_CASE("a search finds what was sent, beyond the rounds that are known to have failed") {
  const std::string failure =
      R"({"requestId":"R1","recipientSeq":1,"messageStatus":"FAILED","resultCode":"3006"})";
  const std::string success =
      R"({"requestId":"R2","recipientSeq":1,"messageStatus":"COMPLETED","resultCode":"1000"})";
  auto d = via(carrier::alimtalk);
  read<absent>(search_says(""), work::search);
  CHECK(read<reported>(search_says(failure), work::search).code == 3006);
  d.rounds = 1;
  read<absent>(search_says(failure), work::search, d);
  const auto found = read<reported>(search_says(success + "," + failure), work::search, d);
  CHECK(found.status == report_status::completed);
  CHECK(found.request_id == "R2");
  CHECK(found.rounds == 1);
}
