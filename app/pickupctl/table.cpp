#include "app/pickupctl/table.hpp"

#include "app/pickupctl/terminal.hpp"
#include "app/pickupctl/width.hpp"

#include <algorithm>
#include <iostream>
#include <string_view>
#include <utility>

namespace pickup::ctl {

namespace {

constexpr std::string_view gap = "  ";

bool looks_like_number(std::string_view cell) {
  return cell == "-"
         || (!cell.empty() && cell.find_first_not_of("0123456789.,-") == cell.npos
             && cell.find_first_of("0123456789") != cell.npos);
}

} // namespace

table::table(std::vector<std::string> titles) : titles_(std::move(titles)) {}

void table::add(std::vector<std::string> cells) {
  cells.resize(titles_.size());
  rows_.push_back(std::move(cells));
}

std::vector<std::string> table::lines(std::size_t most) const {
  std::vector<std::string> result(rows_.size() + 1);
  for (std::size_t c = 0; c < titles_.size(); ++c) {
    auto columns = width(titles_[c]);
    for (const auto& row : rows_)
      columns = std::max(columns, width(row[c]));
    const auto numbers =
        std::ranges::all_of(rows_, [c](const auto& row) { return looks_like_number(row[c]); });
    const auto append = [&, c](std::string& line, const std::string& cell) {
      if (c > 0)
        line += gap;
      line += padded(cell, columns, numbers && !rows_.empty());
    };
    append(result[0], titles_[c]);
    for (std::size_t r = 0; r < rows_.size(); ++r)
      append(result[r + 1], rows_[r][c]);
  }
  for (auto& line : result) {
    line.erase(line.find_last_not_of(' ') + 1);
    if (most > 0)
      line = fitted(line, most);
  }
  return result;
}

void print(const table& t) {
  const auto lines = t.lines();
  std::cout << emphasised(lines.front()) << '\n';
  for (std::size_t i = 1; i < lines.size(); ++i)
    std::cout << lines[i] << '\n';
}

} // namespace pickup::ctl
