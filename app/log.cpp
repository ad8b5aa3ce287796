#include "app/log.hpp"

#include "app/log_line.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <iostream>
#include <memory>

namespace pickup::app {

namespace {

class json_formatter final : public spdlog::formatter {
public:
  void format(const spdlog::details::log_msg& m, spdlog::memory_buf_t& to) override {
    const auto level = spdlog::level::to_string_view(m.level);
    auto line =
        to_json_line(std::chrono::floor<domain::duration>(m.time), {level.data(), level.size()},
                     {m.payload.data(), m.payload.size()});
    line += '\n';
    to.append(line);
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<json_formatter>();
  }
};

} // namespace

void start_log(const config::settings& s) {
  // Lines are written together, at the latest after a second, or at once when one is a warning.
  std::ios::sync_with_stdio(false);
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "pickupd", std::make_shared<spdlog::sinks::ostream_sink_mt>(std::clog)));
  spdlog::flush_on(spdlog::level::warn);
  spdlog::flush_every(std::chrono::seconds{1});
  if (s.log_format == "json")
    spdlog::set_formatter(std::make_unique<json_formatter>());
  else
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  spdlog::set_level(spdlog::level::from_str(s.log_level));
}

} // namespace pickup::app
