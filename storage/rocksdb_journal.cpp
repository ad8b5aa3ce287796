#include "storage/rocksdb_journal.hpp"

#include "storage/journal_writer.hpp"
#include "storage/rocksdb_rows.hpp"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace pickup::storage {

namespace {

class rocksdb_journal final : public journal {
public:
  rocksdb_journal(std::unique_ptr<rows> database, std::unique_ptr<views> shown,
                  const options& o)
      : rows_(std::move(database)),
        views_(std::move(shown)),
        writer_(*rows_, *views_, o.max_group),
        group_(o.max_group),
        limit_(o.queue),
        thread_([this] { run(); }) {}

  ~rocksdb_journal() override {
    {
      const std::lock_guard guard{mutex_};
      closing_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void submit(operation op) override {
    {
      const std::lock_guard guard{mutex_};
      if (waiting_.size() < limit_ || !std::holds_alternative<append_op>(op)) {
        waiting_.push_back(std::move(op));
        if (waiting_.size() == 1)
          wake_.notify_one();
        return;
      }
    }
    std::get<append_op>(op).done(too_many(limit_));
  }

  const views& view() const override { return *views_; }
  std::vector<std::optional<before_sighting>> see(std::span<const sighted> all) override {
    return views_->see(all);
  }
  bool lose(domain::courier_id id, domain::timestamp since) override {
    return views_->lose(id, since);
  }
  journal_stats stats() const override { return writer_.stats(); }
  domain::status_result copy_to(const std::filesystem::path& directory) const override {
    return rows_->copy_to(directory);
  }
  std::optional<domain::error> failure() const override { return writer_.failure(); }

private:
  void run() {
    ::pthread_setname_np(::pthread_self(), "journal");
    for (;;) {
      std::vector<operation> ops;
      {
        std::unique_lock guard{mutex_};
        wake_.wait(guard, [this] { return closing_ || !waiting_.empty(); });
        if (waiting_.empty())
          return;
        // No more than a group: what arrives while it is written fills up the next one.
        const auto many = std::min(waiting_.size(), group_);
        const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(many);
        ops.assign(std::move_iterator{waiting_.begin()}, std::move_iterator{end});
        waiting_.erase(waiting_.begin(), end);
      }
      writer_.process(std::move(ops));
    }
  }

  std::unique_ptr<rows> rows_;
  std::unique_ptr<views> views_;
  journal_writer writer_;
  const std::size_t group_;
  const std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<operation> waiting_;
  bool closing_ = false;
  std::thread thread_;
};

} // namespace

domain::result<std::unique_ptr<journal>> open_journal(const options& o, rocksdb::Env* files) {
  auto database = open_rocksdb_rows(o, files);
  if (!database)
    return database.error();
  auto shown = std::make_unique<views>(**database);
  if (auto loaded = shown->load(); !loaded)
    return loaded.error();
  return std::unique_ptr<journal>{
      std::make_unique<rocksdb_journal>(std::move(*database), std::move(shown), o)};
}

} // namespace pickup::storage
