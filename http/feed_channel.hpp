// The way to a client whose answer has no end. Belongs to the fiber that serves the client.
#pragma once

#include <chrono>
#include <string_view>

namespace pickup::http {

class feed_channel {
public:
  virtual ~feed_channel() = default;

  enum class client { listens, gone };

  virtual client send(std::string_view bytes) = 0;
  /// Lets time pass, and others of the same thread run.
  virtual client wait(std::chrono::milliseconds time) = 0;
};

} // namespace pickup::http
