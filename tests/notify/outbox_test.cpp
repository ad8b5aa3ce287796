// All messages together: per call in order, calls side by side, nothing twice.
#include "notify/outbox.hpp"
#include "tests/notify/letters.hpp"
#include "tests/support/seeded.hpp"

#include <catch2/catch.hpp>

using namespace pickup;
using namespace pickup::notify;
using namespace pickup::testing;
using domain::message;
using state = delivery_state;

namespace {

const domain::shard_id taxi{domain::service::taxi, {}};

delivery_id at(std::uint64_t n) {
  return {taxi, domain::seq_no{n}};
}

outgoing message_of(std::uint64_t call, std::uint64_t n, message kind) {
  outgoing m;
  m.id = at(n);
  m.born = noon;
  m.call = {taxi, call};
  m.kind = kind;
  m.what = {
      "key." + std::to_string(n), "0101234" + std::to_string(1000 + call), "T", {}, "text"};
  return m;
}

struct desk {
  outbox box{test_rules(), {"sender", "02"}, 7};
  domain::timestamp now = noon;

  void add(std::uint64_t call, std::uint64_t n, message kind, bool doubted = false) {
    box.add(message_of(call, n, kind), now, doubted);
  }
  std::optional<task> next(provider p = provider::alimtalk) {
    box.tend(now, false);
    return box.next(p, now);
  }
  /// The next task must be this, for this message.
  task must(work what, std::uint64_t n, provider p = provider::alimtalk) {
    auto t = next(p);
    REQUIRE(t);
    REQUIRE(t->what == what);
    REQUIRE(t->id == at(n));
    return *t;
  }
  void answer(const task& t, const outcome& o) { box.answered(t.id, t.what, o, now); }
  /// Sends and delivers the next message, which must be this.
  void deliver(std::uint64_t n) {
    answer(must(work::send, n), accepted{"R", 1});
    now += 1s;
    answer(must(work::poll, n), reported{report_status::completed, 0, "R", 1, 0});
  }
  std::map<std::uint64_t, state> changes() {
    std::map<std::uint64_t, state> all;
    for (const auto& c : box.take_changes())
      all[c.now.id.n.value()] = c.now.state;
    return all;
  }
};

} // namespace

TEST_CASE("the next message of a call waits for the one before it to be delivered") {
  desk d;
  d.add(1, 1, message::arrived);
  d.add(1, 2, message::picked_up);
  const auto first = d.must(work::send, 1);
  CHECK_FALSE(d.next());
  d.answer(first, accepted{"R", 1});
  d.now += 1s;
  const auto poll = d.must(work::poll, 1);
  CHECK_FALSE(d.next());
  d.answer(poll, reported{report_status::completed, 0, "R", 1, 0});
  d.deliver(2);
  CHECK(d.box.size() == 0);
  CHECK(d.changes()
        == std::map<std::uint64_t, state>{{1, state::delivered}, {2, state::delivered}});
}

TEST_CASE("different calls do not wait for each other") {
  desk d;
  for (std::uint64_t n = 1; n <= 5; ++n)
    d.add(n, n, message::received);
  for (std::uint64_t n = 1; n <= 5; ++n)
    d.must(work::send, n);
}

TEST_CASE("an SMS that was accepted lets the next message go") {
  desk d;
  d.add(1, 1, message::arrived);
  d.add(1, 2, message::picked_up);
  d.answer(d.must(work::send, 1), accepted{"R", 1});
  d.now += 1s;
  d.answer(d.must(work::poll, 1), reported{report_status::failed, 3018, "R", 1, 0});
  CHECK_FALSE(d.next());
  d.answer(d.must(work::send, 1, provider::sms), accepted{"S", 1});
  d.must(work::send, 2);
}

TEST_CASE("an unsent courier's message is superseded by a newer one, and by the call's end") {
  desk d;
  d.add(1, 1, message::received);
  const auto first = d.must(work::send, 1);
  d.add(1, 2, message::confirmed);
  d.add(1, 3, message::reassigned);
  d.add(1, 4, message::arrived);
  CHECK(d.changes().at(2) == state::superseded);
  d.add(1, 5, message::canceled);
  const auto changes = d.changes();
  CHECK(changes.at(3) == state::superseded);
  CHECK_FALSE(changes.contains(1)); // it is under way
  CHECK(d.box.state(at(4)).state == state::waiting);
  // It comes back, surely unsent: now it is pointless.
  d.answer(first, unreachable{});
  CHECK(d.changes().at(1) == state::superseded);
  d.deliver(4);
  d.deliver(5);
}

TEST_CASE("what may have been sent is not superseded") {
  desk d;
  d.add(1, 1, message::confirmed, true);
  d.add(1, 2, message::canceled);
  const auto t = d.must(work::search, 1);
  d.answer(t, reported{report_status::completed, 0, "R", 1, 0});
  CHECK(d.changes().at(1) == state::delivered);
}

TEST_CASE("news supersede nothing that they do not make pointless") {
  desk d;
  d.add(1, 1, message::confirmed);
  d.add(1, 2, message::arrived);
  d.add(1, 3, message::picked_up);
  CHECK(d.changes()
        == std::map<std::uint64_t, state>{
            {1, state::waiting}, {2, state::waiting}, {3, state::waiting}});
}

TEST_CASE("a bad number is not tried again") {
  desk d;
  d.add(1, 1, message::received);
  d.answer(d.must(work::send, 1), refused{-5000});
  d.add(1, 2, message::arrived);
  CHECK_FALSE(d.next());
  CHECK(d.changes() == std::map<std::uint64_t, state>{{1, state::failed}, {2, state::failed}});
  d.now += 25h;
  d.add(1, 3, message::completed);
  d.box.tend(noon, false);
  CHECK(d.box.holds(at(3)));
}

TEST_CASE("when the channel is stopped, what was not sent goes by SMS") {
  desk d;
  d.add(1, 1, message::arrived);
  d.add(2, 2, message::arrived);
  d.box.tend(d.now, true);
  d.must(work::send, 1, provider::sms);
  d.must(work::send, 2, provider::sms);
  CHECK(d.box.done_with(provider::alimtalk).handed_over == 2);
}

TEST_CASE("a long text goes by LMS") {
  desk d;
  auto m = message_of(1, 1, message::arrived);
  m.what.text = std::string(91, 'x');
  d.box.add(std::move(m), d.now, false);
  d.box.tend(d.now, true);
  CHECK(d.must(work::send, 1, provider::sms).ask.path == "/sender/mms");
}

TEST_CASE("what has ended is not on its way, and the oldest that is bounds the journal") {
  desk d;
  d.add(1, 3, message::arrived);
  d.add(2, 5, message::arrived);
  CHECK(d.box.oldest(taxi) == domain::seq_no{3});
  d.answer(d.must(work::send, 3), accepted{"R", 1});
  d.answer(d.must(work::send, 5), accepted{"R", 1});
  d.now += 1s;
  d.answer(d.must(work::poll, 3), reported{report_status::completed, 0, "R", 1, 0});
  CHECK(d.box.oldest(taxi) == domain::seq_no{5});
  CHECK_FALSE(d.box.oldest({domain::service::pickup, {}}));
}

TEST_CASE("a clock that is set back holds nothing up, and makes no old key young") {
  desk d;
  d.add(1, 1, message::arrived);
  d.answer(d.must(work::send, 1), no_answer{});
  d.now -= 1h;
  d.must(work::search, 1);
}

namespace {

// A provider of its own: what it has, and what it says of it, faults included.
class random_provider {
public:
  explicit random_provider(seeded& random) : random_(random) {}

  struct sent {
    std::uint64_t n;
    int code; ///< of the delivery; 0 when it succeeds
  };

  outcome answer(const task& t, const delivery& d, domain::timestamp now) {
    const auto n = t.id.n.value();
    auto& all = d.via == carrier::alimtalk ? alimtalk_ : sms_;
    if (t.what != work::send) {
      if (random_.one_in(5))
        return no_answer{};
      std::vector<sent> mine;
      for (const auto& s : all)
        if (s.n == n)
          mine.push_back(s);
      if (t.what == work::search && mine.size() <= d.rounds)
        return absent{};
      return reported{mine.back().code == 0 ? report_status::completed : report_status::failed,
                      mine.back().code, "R", 1,
                      t.what == work::search ? static_cast<std::uint32_t>(mine.size() - 1) : 0};
    }
    switch (random_.below(10)) {
    case 0: return unreachable{};
    case 1: return no_answer{};
    case 2: return throttled{};
    case 3: return refused{random_.one_in(2) ? -3003 : -9999};
    default: break;
    }
    if (!t.ask.idempotency_key.empty()) {
      const auto used = keys_.find(t.ask.idempotency_key);
      if (used != keys_.end() && now < used->second + 10min)
        return refused{-1005};
      keys_[t.ask.idempotency_key] = now;
    }
    const std::vector<int> codes = d.via == carrier::alimtalk
                                       ? std::vector<int>{0, 0, 0, 0, 3006, 3018, 3000}
                                       : std::vector<int>{0, 0, 0, 2003};
    all.push_back({n, codes.at(random_.below(codes.size()))});
    if (random_.one_in(4))
      return no_answer{}; // accepted, and nobody heard it
    return accepted{"R", 1};
  }

  std::size_t delivered(std::uint64_t n) const {
    std::size_t count = 0;
    for (const auto* all : {&alimtalk_, &sms_})
      for (const auto& s : *all)
        count += s.n == n && s.code == 0 ? 1 : 0;
    return count;
  }

private:
  seeded& random_;
  std::vector<sent> alimtalk_;
  std::vector<sent> sms_;
  std::map<std::string, domain::timestamp> keys_;
};

} // namespace

TEST_CASE(
    "whatever the provider does, and however often a process dies, every message ends and "
    "none is delivered twice") {
  seeded random;
  INFO(random.show());
  for (int round = 0; round < 30; ++round) {
    random_provider provider_side{random};
    std::map<std::uint64_t, delivery> rows;
    std::map<std::uint64_t, outgoing> all;
    for (std::uint64_t n = 1; n <= 12; ++n)
      all[n] = message_of(1 + n % 3, n, message::arrived);
    domain::timestamp now = noon;
    auto box =
        std::make_unique<outbox>(test_rules(), senders{"s", "02"}, random.number(1, 1000));
    for (auto& [n, m] : all)
      box->add(m, now, false);
    const auto save = [&] {
      for (const auto& c : box->take_changes())
        rows[c.now.id.n.value()] = c.now;
    };
    save();
    for (int turn = 0; box->size() > 0 && turn < 5000; ++turn) {
      now += std::chrono::seconds{random.number(0, 5)};
      box->tend(now, false);
      for (auto p : {provider::alimtalk, provider::sms})
        while (auto t = box->next(p, now)) {
          save(); // before it leaves
          const auto said = provider_side.answer(*t, box->state(t->id), now);
          if (random.one_in(40)) { // killed: the answer is lost, and all but the rows
            box = std::make_unique<outbox>(test_rules(), senders{"s", "02"}, 1);
            for (auto& [n, row] : rows)
              box->recover(all.at(n), row, now);
            break;
          }
          box->answered(t->id, t->what, said, now);
          save();
        }
    }
    REQUIRE(box->size() == 0);
    for (const auto& [n, row] : rows) {
      INFO(n << " " << row.reason);
      CHECK(has_ended(row.state));
      CHECK(provider_side.delivered(n) == (row.state == state::delivered ? 1 : 0));
    }
  }
}
