// Answers of a server as people read them. Not thread-safe: they print to standard output.
#pragma once

#include "app/pickupctl/client.hpp"
#include "app/pickupctl/json.hpp"
#include "app/pickupctl/settings.hpp"
#include "app/pickupctl/table.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pickup::ctl {

/// A column and the members it shows, e.g. {"actor", "actor.kind actor.id"}.
struct column {
  std::string_view title;
  std::string_view paths;
};

/// A table with a row for each of `items`.
table table_of(const std::vector<json_value>& items, const std::vector<column>& columns);

/// What several members say, those that say something.
std::string shown(const json_value& of, std::string_view paths);

/// Each member of an object on a line of its own; objects within it member by member.
/// @param except members that are shown otherwise
void print_members(const json_value& object, const std::vector<std::string_view>& except = {});

/// An answer as it came, for scripts, or for people.
domain::result<int> show_answer(const settings& s, const domain::result<std::string>& answer,
                                const std::function<void(const json_document&)>& show);

/// Asks an operators' question and shows the answer.
domain::result<int> look(const settings& s, const std::string& target,
                         const std::function<void(const json_document&)>& show);

/// Sends what a customer would and shows what came of it in the same way.
domain::result<int> create(const settings& s, const std::string& target,
                           const std::string& body);

} // namespace pickup::ctl
