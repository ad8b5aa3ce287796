// A file descriptor that is closed with its owner. Not thread-safe.
#pragma once

#include <unistd.h>

#include <utility>

namespace pickup::http {

class unique_socket {
public:
  unique_socket() = default;
  explicit unique_socket(int fd) : fd_(fd) {}
  unique_socket(unique_socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  unique_socket& operator=(unique_socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~unique_socket() {
    if (fd_ >= 0)
      ::close(fd_);
  }

  int fd() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

private:
  int fd_ = -1;
};

} // namespace pickup::http
