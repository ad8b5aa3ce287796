// Journals for tests: one in memory, one in RocksDB, with the same face, and answers that a
// test can wait for. Not thread-safe; values on a test's stack.
#pragma once

#include "storage/codec.hpp"
#include "storage/journal.hpp"
#include "storage/memory_journal.hpp"
#include "storage/rocksdb_journal.hpp"
#include "storage/rocksdb_rows.hpp"
#include "storage/verify.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <future>
#include <memory>
#include <utility>

namespace pickup::testing {

// -- answers to wait for --

/// An operation on its way, and its answer to come.
template <class Answer>
struct in_flight {
  std::shared_ptr<std::promise<Answer>> promise = std::make_shared<std::promise<Answer>>();
  std::future<Answer> answer = promise->get_future();

  auto completion() {
    return [p = promise](Answer a) { p->set_value(std::move(a)); };
  }
};

using commit_answer = domain::result<storage::committed>;

inline std::future<commit_answer> submit(storage::journal& to, storage::batch b) {
  in_flight<commit_answer> op;
  to.submit(storage::append_op{std::move(b), op.completion()});
  return std::move(op.answer);
}

inline commit_answer append(storage::journal& to, storage::batch b) {
  return submit(to, std::move(b)).get();
}

inline domain::status_result barrier(storage::journal& to) {
  in_flight<domain::status_result> op;
  to.submit(storage::barrier_op{op.completion()});
  return op.answer.get();
}

/// Stores and removes deliveries; fails the test when that fails.
inline void remember(storage::journal& to, std::string channel,
                     std::vector<storage::delivery> stored,
                     std::vector<storage::delivery_id> removed,
                     std::vector<storage::cursor> cursors = {}) {
  in_flight<domain::status_result> op;
  to.submit(storage::deliveries_op{std::move(channel), std::move(stored), std::move(removed),
                                   std::move(cursors), op.completion()});
  REQUIRE(op.answer.get());
}

inline domain::result<domain::epoch_no> open_epoch(storage::journal& to,
                                                   domain::shard_id shard) {
  in_flight<domain::result<domain::epoch_no>> op;
  to.submit(storage::epoch_op{shard, op.completion()});
  return op.answer.get();
}

/// Holds a journal's own thread in an answer, so that what is submitted meanwhile is taken up
/// together. Constructed, it stands still; let go before it is destroyed.
class standstill {
public:
  explicit standstill(storage::journal& of) {
    of.submit(storage::barrier_op{[this](const domain::status_result&) {
      standing_.set_value();
      let_go_.get_future().wait();
    }});
    standing_.get_future().wait();
  }

  void let_go() { let_go_.set_value(); }

private:
  std::promise<void> standing_;
  std::promise<void> let_go_;
};

/// Small buffers, which cost less time to set up.
inline storage::options options_for(const std::filesystem::path& dir) {
  storage::options o;
  o.data_dir = dir.string();
  o.write_buffer_mb = 1;
  return o;
}

// -- stores --

class in_memory {
public:
  storage::journal& journal() { return *journal_; }
  const storage::views& view() const { return journal_->view(); }

  void restart() {
    journal_.reset();
    journal_ = std::make_unique<storage::memory_journal>(rows_);
  }

  domain::result<storage::verification> verify() { return storage::verify(*rows_); }

private:
  std::shared_ptr<storage::memory_rows> rows_ = std::make_shared<storage::memory_rows>();
  std::unique_ptr<storage::memory_journal> journal_ =
      std::make_unique<storage::memory_journal>(rows_);
};

class on_disk {
public:
  on_disk() { open(); }

  storage::journal& journal() { return *journal_; }
  const storage::views& view() const { return journal_->view(); }

  void restart() {
    journal_.reset();
    open();
  }

  domain::result<storage::verification> verify() {
    journal_.reset();
    auto report = [&]() -> domain::result<storage::verification> {
      auto rows = storage::open_rocksdb_rows(options_);
      if (!rows)
        return rows.error();
      return storage::verify(**rows);
    }();
    open();
    return report;
  }

private:
  void open() {
    auto opened = storage::open_journal(options_);
    if (!opened)
      FAIL(opened.error().text);
    journal_ = std::move(*opened);
  }

  temp_dir dir_;
  storage::options options_ = options_for(dir_.path());
  std::unique_ptr<storage::journal> journal_;
};

} // namespace pickup::testing
