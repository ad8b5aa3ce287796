// A table for people. Not thread-safe. A value of the function that fills it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pickup::ctl {

class table {
public:
  explicit table(std::vector<std::string> titles);

  /// A row; the cells are printable already.
  void add(std::vector<std::string> cells);

  bool empty() const { return rows_.empty(); }

  /// Its lines, the titles first. Columns of numbers are aligned on the right.
  /// @param most the columns a line may take; what is longer is cut. 0: as many as it needs
  std::vector<std::string> lines(std::size_t most = 0) const;

private:
  std::vector<std::string> titles_;
  std::vector<std::vector<std::string>> rows_;
};

/// Prints it to standard output, titles emphasised on a terminal.
void print(const table& t);

} // namespace pickup::ctl
