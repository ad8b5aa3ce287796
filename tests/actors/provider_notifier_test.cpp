// The notifier with a provider behind it: whatever becomes of notifier, node and provider,
// every message ends, in the order of its call.
#include "actors/node_metrics.hpp"
#include "actors/provider_notifier.hpp"
#include "tests/actors/test_node.hpp"
#include "tests/notify/letters.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <vector>

using namespace pickup;
using namespace pickup::testing;
using domain::job_step;

namespace {

/// Answers requests when a test says so: as a provider would, or as the test wants.
class scripted_provider final : public notify::transport {
public:
  struct post {
    std::string key;
    std::string template_code;
    std::string path;
    int fails_with = 0; ///< 0: it is delivered
  };

  void submit(notify::request what, std::function<void(notify::answer)> done) override {
    waiting_.push_back({std::move(what), std::move(done)});
  }
  void stop() override {}

  /// Answers what waits, once each.
  bool answer_all() {
    auto all = std::exchange(waiting_, {});
    for (auto& [what, done] : all)
      done(answer_to(what));
    return !all.empty();
  }

  /// What the next requests to send are answered, in turn; an empty body: what one would
  /// expect.
  std::deque<notify::answer> next;
  /// Whether those answers come although the message was accepted.
  bool accepts_all_the_same = false;
  /// What happens to the next that are accepted.
  std::deque<int> fates;

  std::vector<std::string> codes() const {
    std::vector<std::string> all;
    for (const auto& p : posts)
      all.push_back(p.template_code.empty() ? "SMS" : p.template_code);
    return all;
  }
  std::size_t waiting() const { return waiting_.size(); }

  std::vector<post> posts; ///< accepted
  std::size_t searches = 0;

private:
  static std::string part(const std::string& text, const std::string& before) {
    const auto at = text.find(before);
    if (at == text.npos)
      return "";
    const auto start = at + before.size();
    return text.substr(start, text.find_first_of("\"&", start) - start);
  }

  notify::answer answer_to(const notify::request& what) {
    const bool sms = what.to == notify::provider::sms;
    if (what.method == "POST") {
      notify::answer said;
      if (!next.empty()) {
        said = next.front();
        next.pop_front();
        if (!accepts_all_the_same)
          return said;
      }
      const auto key = part(what.body, R"("recipientGroupingKey":")");
      const bool used = std::ranges::any_of(posts, [&](const post& p) { return p.key == key; });
      if (!sms && used)
        return refusal(-1005);
      posts.push_back({key, part(what.body, R"("templateCode":")"), what.path, 0});
      if (!fates.empty()) {
        posts.back().fails_with = fates.front();
        fates.pop_front();
      }
      const auto id = "R" + std::to_string(posts.size());
      if (!said.error.empty())
        return said;
      return sms ? sms_taken(id) : taken(id);
    }
    if (const auto key = part(what.path, "recipientGroupingKey="); !key.empty()) {
      ++searches;
      std::string found;
      for (std::size_t i = 0; i < posts.size(); ++i)
        if (posts[i].key == key && (posts[i].template_code.empty() == sms))
          found += (found.empty() ? "" : ",") + report(i, sms);
      return sms ? ok("{" + header(0) + R"(,"body":{"data":[)" + found + "]}}")
                 : search_says(found);
    }
    const auto id = what.path.substr(what.path.rfind('R') + 1);
    const auto i = static_cast<std::size_t>(std::stoul(id) - 1);
    return ok("{" + header(0)
              + (sms ? R"(,"body":{"data":)" + report(i, sms) + "}}"
                     : R"(,"message":)" + report(i, sms) + "}"));
  }

  std::string report(std::size_t i, bool sms) const {
    const auto code = posts[i].fails_with;
    const std::string status =
        sms ? (code == 0 ? "3" : "0") : (code == 0 ? "COMPLETED" : "FAILED");
    return R"({"requestId":"R)" + std::to_string(i + 1) + R"(","recipientSeq":1,")"
           + (sms ? "msgStatus" : "messageStatus") + R"(":")" + status + R"(","resultCode":")"
           + std::to_string(code == 0 ? 1000 : code) + R"("})";
  }

  std::deque<std::pair<notify::request, std::function<void(notify::answer)>>> waiting_;
};

actors::options options_with(bool sms) {
  actors::options o;
  o.notify.channel = "alimtalk";
  o.notify.alimtalk.sender_key = "sender";
  o.notify.alimtalk.settle = 10s;
  if (sms)
    o.notify.sms.base_url = "http://sms";
  o.notify.sms.send_no = "02";
  o.notify.sms.settle = 10s;
  return o;
}

notify::template_set short_templates() {
  notify::template_set all;
  for (int kind = 1; kind <= 9; ++kind) {
    const auto m = static_cast<domain::message>(kind);
    all[m] = {std::string{domain::name(m)}, "text"};
  }
  return all;
}

struct company {
  explicit company(bool sms = true)
      : node{options_with(sms), {short_templates(), "0123456789abcdef", &provider, 1}} {}

  /// Lets time go by, the provider answering as it does.
  void pass(domain::duration time) {
    for (; time > 0ms; time -= 100ms) {
      node.pass(100ms, 20ms);
      while (provider.answer_all())
        node.run();
    }
  }

  std::vector<actors::dead_letter_view> dead() {
    auto all = actors::list_dead_letters(*node, 100);
    REQUIRE(all);
    CHECK(all->total == all->newest.size());
    return all->newest;
  }

  std::uint64_t counted(const std::string& provider_name,
                        std::atomic<std::uint64_t> actors::channel_counters::*what) {
    return node->carried.at(provider_name).*what;
  }

  void do_everything(domain::courier_id courier) {
    const auto id = node.order();
    for (auto step : {job_step::arrived, job_step::picked_up, job_step::completed})
      node.do_job(id, courier, step);
  }

  scripted_provider provider;
  test_node node;
};

using codes = std::vector<std::string>;
using counters = actors::channel_counters;
const codes whole_story{"CONFIRMED", "ARRIVED", "PICKED_UP", "COMPLETED"};

notify::answer lost() {
  return no_reply();
}

notify::answer unheard() {
  auto a = no_reply();
  a.may_have_arrived = false;
  return a;
}

} // namespace

TEST_CASE("a call's messages are delivered one after the other, under keys of their own") {
  company c;
  const auto courier = c.node.hire();
  const auto id = c.node.order();
  c.pass(3s);
  for (auto step : {job_step::arrived, job_step::picked_up, job_step::completed})
    c.node.do_job(id, courier, step);
  c.pass(200ms);
  CHECK(c.provider.posts.size() == 2);
  c.pass(10s);
  CHECK(c.provider.codes() == whole_story);
  CHECK(c.provider.posts[0].key.starts_with("0123456789abcdef.taxi.0.2.17"));
  CHECK(c.counted("alimtalk", &counters::delivered) == 4);
  CHECK(c.node->messages_waiting == 0);
}

TEST_CASE("nothing is kept of what was delivered but the cursors") {
  company c;
  c.do_everything(c.node.hire());
  c.pass(20s);
  const auto& view = c.node.journal().view();
  const domain::shard_id taxi{domain::service::taxi, {}};
  std::size_t rows = 0;
  CHECK(view.visit_deliveries("alimtalk", taxi, [&](const auto& d) {
    rows += d.state == storage::delivery_state::superseded ? 0 : 1;
    return true;
  }));
  CHECK(rows == 0);
  CHECK(*view.cursor("alimtalk", taxi) == view.head(taxi));
  CHECK(*view.cursor("alimtalk.ended", taxi) == view.head(taxi));
}

TEST_CASE("what is on its way holds the journal's end back") {
  company c;
  c.node.order();
  c.node.pass(100ms, 20ms); // and the provider does not answer
  const domain::shard_id taxi{domain::service::taxi, {}};
  const auto& view = c.node.journal().view();
  CHECK(*view.cursor("alimtalk", taxi) == domain::seq_no{1});
  CHECK(*view.cursor("alimtalk.ended", taxi) == domain::seq_no{0});
}

TEST_CASE("what was accepted although nobody heard it is not sent again") {
  company c;
  c.provider.next = {lost()};
  c.provider.accepts_all_the_same = true;
  c.node.order();
  c.pass(30s);
  CHECK(c.provider.codes() == codes{"RECEIVED"});
  CHECK(c.provider.searches > 0); // the key was refused, and the provider asked
  CHECK(c.counted("alimtalk", &counters::reconciled) == 1);
  CHECK(c.counted("alimtalk", &counters::delivered) == 1);
}

TEST_CASE("a node that dies at any moment sends nothing twice and forgets nothing") {
  for (int moment = 0; moment < 6; ++moment) {
    company c;
    const auto courier = c.node.hire();
    c.do_everything(courier);
    for (int i = 0; i < moment; ++i) {
      c.node.pass(20ms, 20ms);
      if (i == 2)
        c.provider.answer_all();
    }
    c.node.crash();
    c.provider.answer_all(); // to nobody
    c.node.start();
    c.pass(60s);
    auto expected = whole_story;
    if (c.provider.posts.size() == 3) // superseded before it was sent
      expected.erase(expected.begin());
    CHECK(c.provider.codes() == expected);
    CHECK(c.node->messages_waiting == 0);
  }
}

TEST_CASE("a notifier that is killed with requests under way goes on where they are") {
  company c;
  c.do_everything(c.node.hire());
  for (int i = 0; i < 20; ++i) {
    c.pass(500ms);
    kill(c.node.notifier());
  }
  c.pass(60s);
  CHECK(c.provider.posts.size() <= 4);
  CHECK(c.provider.codes().back() == "COMPLETED");
  CHECK(c.node->messages_waiting == 0);
}

TEST_CASE("who cannot be reached by KakaoTalk gets an SMS") {
  company c;
  c.provider.fates = {3018};
  c.node.order();
  c.pass(10s);
  CHECK(c.provider.codes() == codes{"RECEIVED", "SMS"});
  CHECK(c.counted("alimtalk", &counters::handed_over) == 1);
  CHECK(c.counted("sms", &counters::delivered) == 1);
}

TEST_CASE("without SMS it is a dead letter, which an operator finds") {
  company c{false};
  c.provider.fates = {3018};
  const auto id = c.node.order();
  c.pass(10s);
  const auto dead = c.dead();
  REQUIRE(dead.size() == 1);
  CHECK(dead[0].intent == "taxi/0:1");
  CHECK(dead[0].service == domain::service::taxi);
  CHECK(dead[0].call == id.number());
  CHECK(dead[0].kind == "RECEIVED");
  CHECK(dead[0].tel == "010******78");
  CHECK(dead[0].via == "alimtalk");
  CHECK(dead[0].code == 3018);
  CHECK(dead[0].reason == "not reachable: code 3018");
  c.node.crash();
  c.node.start();
  CHECK(c.dead().size() == 1);
}

TEST_CASE("the dead letter that ended last is the first in the list, and all are counted") {
  company c{false};
  c.provider.fates = {3018, 3018, 3018};
  std::vector<std::uint64_t> calls;
  for (int i = 0; i < 3; ++i) {
    calls.push_back(c.node.order().number());
    c.pass(10s);
  }
  const auto dead = c.dead();
  REQUIRE(dead.size() == 3);
  CHECK(dead[0].call == calls[2]);
  CHECK(dead[2].call == calls[0]);
  const auto last = actors::list_dead_letters(*c.node, 1);
  REQUIRE((last && last->newest.size() == 1));
  CHECK(last->newest[0].call == calls[2]);
  CHECK(last->total == 3);
  const auto all = actors::metrics_of(*c.node);
  CHECK(
      std::ranges::find(all, std::string{"pickupd_dead_letters"}, &actors::metric::name)->value
      == 3);
}

TEST_CASE("a template that the provider does not know is a dead letter and an alarm") {
  company c;
  c.provider.next = {refusal(-3003)};
  c.node.order();
  c.pass(10s);
  CHECK(c.provider.posts.empty());
  CHECK(c.dead().size() == 1);
  CHECK(c.counted("alimtalk", &counters::alarms) == 1);
}

TEST_CASE(
    "an account that is closed stops the channel: all goes by SMS until an operator mends "
    "it") {
  company c;
  c.provider.next = {refusal(-1000)};
  c.node.order();
  c.pass(10s);
  c.node.order();
  c.pass(10s);
  CHECK(c.provider.codes() == codes{"SMS", "SMS"});
  auto& breaker = c.node->channels.at("alimtalk");
  CHECK(breaker.snapshot().state == supervision::breaker_state::forced_open);
  c.node.order();
  c.pass(10s);
  CHECK(c.provider.codes().back() == "SMS");
  breaker.reset();
  c.node.order();
  c.pass(10s);
  CHECK(c.provider.codes().back() == "RECEIVED");
}

TEST_CASE("a provider that is down is left alone, and loses nothing") {
  company c;
  for (int i = 0; i < 200; ++i)
    c.provider.next.push_back(unheard());
  for (int i = 0; i < 10; ++i)
    c.node.order();
  c.pass(5s);
  CHECK(c.node->channels.at("alimtalk").snapshot().rejected > 0);
  const auto asked = 200 - c.provider.next.size();
  CHECK(asked < 30);
  c.provider.next.clear();
  c.pass(120s);
  CHECK(c.provider.posts.size() == 10);
  CHECK(c.counted("alimtalk", &counters::delivered) == 10);
}

TEST_CASE("429 makes everything wait, and is no failure") {
  company c;
  auto slow_down = no_reply();
  slow_down.status = 429;
  slow_down.retry_after = 5s;
  c.provider.next = {slow_down};
  c.node.order();
  c.pass(1s);
  c.node.order();
  c.pass(3s);
  CHECK(c.provider.posts.empty());
  c.pass(5s);
  CHECK(c.provider.posts.size() == 2);
  CHECK(c.node->channels.at("alimtalk").snapshot().counts.failed == 0);
}

TEST_CASE("no more requests are under way than the options say") {
  auto o = options_with(false);
  o.notify.in_flight = 3;
  scripted_provider provider;
  test_node node{o, {short_templates(), "id", &provider, 1}};
  for (int i = 0; i < 10; ++i)
    node.order();
  node.pass(1s, 20ms);
  CHECK(provider.waiting() == 3);
}

TEST_CASE("what the log channel told is not told again by another") {
  // The log's cursor stands in the storage that the next node finds.
  company c;
  c.node.journal().submit(
      storage::cursor_op{{{"log", {domain::service::taxi, {}}, domain::seq_no{1}}}});
  kill(c.node.notifier());
  c.node.order();
  c.node.order();
  c.pass(10s);
  CHECK(c.provider.posts.size() == 1);
}
