// What is logged while it lives. Made before the servers that log, and outlives them: the
// logger is changed without a lock. Otherwise thread-safe.
#pragma once

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>
#include <string>

namespace pickup::test {

class log_capture {
public:
  log_capture() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", lines_));
  }
  ~log_capture() { spdlog::set_default_logger(before_); }
  log_capture(const log_capture&) = delete;
  log_capture& operator=(const log_capture&) = delete;

  bool has(const std::string& text) const { return lines_->all().find(text) != text.npos; }

private:
  class memory_sink final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    std::string all() {
      const std::lock_guard guard{mutex_};
      return all_;
    }

  protected:
    void sink_it_(const spdlog::details::log_msg& m) override {
      all_.append(m.payload.data(), m.payload.size()).append("\n");
    }
    void flush_() override {}

  private:
    std::string all_;
  };

  const std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  const std::shared_ptr<memory_sink> lines_ = std::make_shared<memory_sink>();
};

} // namespace pickup::test
