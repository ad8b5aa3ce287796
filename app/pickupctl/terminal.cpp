#include "app/pickupctl/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>

namespace pickup::ctl {

namespace {

constexpr std::string_view own_screen = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view usual_screen = "\x1b[?25h\x1b[?1049l";

std::string rendered(std::string_view text, std::string_view how) {
  const auto* plain = std::getenv("NO_COLOR");
  if (::isatty(STDOUT_FILENO) != 1 || (plain != nullptr && *plain != '\0'))
    return std::string{text};
  return std::string{how}.append(text) + "\x1b[0m";
}

} // namespace

bool is_terminal() {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

bool is_at_hand() {
  return ::isatty(STDIN_FILENO) == 1;
}

bool can_ask() {
  return is_at_hand() && ::isatty(STDERR_FILENO) == 1;
}

bool agrees(std::string_view question) {
  std::cerr << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "yes";
}

domain::status_result finish_output() {
  errno = 0;
  if (std::cout.flush())
    return domain::done{};
  const auto why = errno; // of an earlier write nobody knows
  pollfd output{STDOUT_FILENO, 0, 0};
  const bool reader_left = ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
  if (why == EPIPE || reader_left)
    return domain::done{};
  return domain::error{domain::errc::io,
                       std::string{"write: standard output: "}
                           + (why == 0 ? "some of it was lost" : std::strerror(why)),
                       {}};
}

std::string emphasised(std::string_view text) {
  return rendered(text, "\x1b[1m");
}

std::string alarming(std::string_view text) {
  return rendered(text, "\x1b[1;31m");
}

terminal_size size_of_terminal() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
    return {};
  return {size.ws_col, size.ws_row};
}

raw_terminal::raw_terminal() {
  ::tcgetattr(STDIN_FILENO, &before_);
  auto raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  std::cout << own_screen << std::flush;
}

raw_terminal::~raw_terminal() {
  std::cout << usual_screen << std::flush;
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

} // namespace pickup::ctl
