#include "app/pickupctl/show.hpp"

#include "app/pickupctl/width.hpp"
#include "http/text.hpp"

#include <algorithm>
#include <iostream>
#include <sysexits.h>

namespace pickup::ctl {

namespace {

using named = std::vector<std::pair<std::string, std::string>>;

void collect(named& into, const json_value& object, const std::string& before,
             const std::vector<std::string_view>& except) {
  for (const auto& [name, value] : object.members()) {
    if (std::ranges::count(except, name) > 0)
      continue;
    if (value.members().empty())
      into.emplace_back(before + printable(name), value.shown());
    else
      collect(into, value, before + printable(name) + '.', {});
  }
}

} // namespace

std::string shown(const json_value& of, std::string_view paths) {
  std::string text;
  while (const auto path = http::take_item(paths, ' '))
    if (const auto member = of[*path])
      text.append(text.empty() ? "" : " ").append(member.shown());
  return text.empty() ? "-" : text;
}

table table_of(const std::vector<json_value>& items, const std::vector<column>& columns) {
  std::vector<std::string> titles;
  for (const auto& c : columns)
    titles.emplace_back(c.title);
  table t{titles};
  for (const auto& item : items) {
    std::vector<std::string> cells;
    for (const auto& c : columns)
      cells.push_back(shown(item, c.paths));
    t.add(std::move(cells));
  }
  return t;
}

void print_members(const json_value& object, const std::vector<std::string_view>& except) {
  named lines;
  collect(lines, object, "", except);
  std::size_t columns = 0;
  for (const auto& [name, value] : lines)
    columns = std::max(columns, width(name));
  for (const auto& [name, value] : lines)
    std::cout << padded(name, columns) << "  " << value << '\n';
}

domain::result<int> show_answer(const settings& s, const domain::result<std::string>& answer,
                                const std::function<void(const json_document&)>& show) {
  if (!answer)
    return answer.error();
  if (s.json) {
    std::cout << *answer << '\n';
    return EX_OK;
  }
  const auto document = json_document::parse(*answer);
  if (!document)
    return document.error();
  show(*document);
  return EX_OK;
}

domain::result<int> look(const settings& s, const std::string& target,
                         const std::function<void(const json_document&)>& show) {
  return show_answer(s, to_operators(s).send("GET", target), show);
}

domain::result<int> create(const settings& s, const std::string& target,
                           const std::string& body) {
  return show_answer(s, to_customers(s).send("POST", target, body),
                     [](const json_document& made) { print_members(made.root(), {"_links"}); });
}

} // namespace pickup::ctl
