// The terminal, if there is one. A raw_terminal is for one thread; the others only look.
#pragma once

#include "domain/result.hpp"

#include <termios.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace pickup::ctl {

/// Whether somebody sees the output and can press keys.
bool is_terminal();

/// Whether a person types here.
bool is_at_hand();
/// Whether they see a question, even when the output goes elsewhere.
bool can_ask();

/// Asks on standard error; anything but y or yes is no.
bool agrees(std::string_view question);

/// Writes out what was printed. Nobody misses what a reader who has left did not read. Errors:
/// io when some of it is lost.
domain::status_result finish_output();

/// In bold on a terminal, unless NO_COLOR is set; else as it is.
std::string emphasised(std::string_view text);
/// The same in the colour of what is wrong.
std::string alarming(std::string_view text);

struct terminal_size {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

terminal_size size_of_terminal();

/// Keys arrive at once and unseen, on a screen of its own, until it is destroyed.
class raw_terminal {
public:
  raw_terminal();
  ~raw_terminal();
  raw_terminal(const raw_terminal&) = delete;
  raw_terminal& operator=(const raw_terminal&) = delete;

private:
  termios before_{};
};

} // namespace pickup::ctl
