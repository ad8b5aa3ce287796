// The provider contract's table, row by row.
#include "notify/codes.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace pickup::notify;
using enum pickup::notify::consequence;

namespace {

struct row {
  consequence then;
  std::vector<int> refusals;
  std::vector<int> failures;
};

} // namespace

TEST_CASE("AlimTalk's codes are of the classes the contract says") {
  const std::vector<row> table{
      {retry, {-9999, -7000}, {3006, 3012}},
      {retry_briefly, {}, {2001, 3000, 3010}},
      {consequence::unknown, {-1005}, {3005, 4000, 4001}},
      {sms_at_once, {}, {3018, 3019, 3020, 3021}},
      {bad_recipient, {-5000, -4019}, {3008}},
      {bad_message, {-3003, -3004, -3005, -3010, -3049, -2019}, {3015, 3016, 3025}},
      {bad_account,
       {-1000, -1001, -1014, -1027, -1028, -2017},
       {1003, 1006, 1007, 1021, 1022, 1023, 1024, 1025, 1027}},
      {none, {0}, {}},
  };
  for (const auto& r : table) {
    for (const int code : r.refusals) {
      INFO(code);
      CHECK(when_refused(carrier::alimtalk, code) == r.then);
    }
    for (const int code : r.failures) {
      INFO(code);
      CHECK(when_failed(carrier::alimtalk, code) == r.then);
    }
  }
}

TEST_CASE("a code that no table has concerns its message alone") {
  CHECK(when_refused(carrier::alimtalk, -4711) == bad_message);
  CHECK(when_failed(carrier::alimtalk, 4711) == sms_at_once);
  CHECK(when_refused(carrier::sms, -4711) == bad_message);
  CHECK(when_failed(carrier::lms, 4711) == undeliverable);
}

TEST_CASE("SMS has codes of its own") {
  CHECK(when_refused(carrier::sms, -2019) == bad_recipient);
  CHECK(when_refused(carrier::lms, -2312) == bad_account);
  CHECK(when_refused(carrier::sms, -9999) == retry);
  CHECK(when_failed(carrier::sms, 3001) == bad_recipient);
  CHECK(when_failed(carrier::sms, 3019) == bad_account);
  CHECK(when_failed(carrier::sms, 2003) == undeliverable);
}

TEST_CASE("every consequence has a name") {
  for (auto c = none; c <= undeliverable; c = static_cast<consequence>(static_cast<int>(c) + 1))
    CHECK_FALSE(name(c).empty());
}
