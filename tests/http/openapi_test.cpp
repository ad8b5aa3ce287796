// The API's description against the routes of this server: each has the other's paths and
// methods. What is answered there, tests/system/test_openapi.py checks.
#include "http/collection.hpp"
#include "http/openapi.hpp"
#include "http/route.hpp"
#include "http/text.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

using namespace pickup::http;

namespace {

/// The methods of every path of the document. A path is a line of two spaces, and its methods
/// are lines of four, each up to a colon.
std::map<std::string, std::set<std::string>> described() {
  std::map<std::string, std::set<std::string>> paths;
  auto rest = openapi_document();
  rest.remove_prefix(rest.find("\npaths:\n") + 8);
  auto* methods = &paths[""];
  for (auto line = rest.substr(0, rest.find('\n')); line.empty() || line.front() == ' ';
       line = rest.substr(0, rest.find('\n'))) {
    if (line.starts_with("  /"))
      methods = &paths[std::string{line.substr(2, line.find(':') - 2)}];
    else
      for (const auto* method : {"get", "post", "put", "patch", "delete"})
        if (line == std::string{"    "} + method + ":")
          methods->insert(method);
    rest.remove_prefix(line.size() + 1);
  }
  paths.erase("");
  return paths;
}

/// The segments of a path, with something in the place of each parameter.
std::vector<std::string> filled(std::string path) {
  for (auto [parameter, value] :
       {std::pair{"{id}", "1"}, std::pair{"{callId}", "1"}, std::pair{"{step}", "arrived"}})
    if (const auto at = path.find(parameter); at != path.npos)
      path.replace(at, std::string_view{parameter}.size(), value);
  std::vector<std::string> segments;
  std::string_view rest{path};
  rest.remove_prefix(1);
  while (const auto segment = take_item(rest, '/'))
    segments.emplace_back(*segment);
  return segments;
}

/// Without HEAD, which goes with GET, and OPTIONS, which all have.
std::set<std::string> methods_of(const route& r) {
  std::set<std::string> methods;
  auto list = allowed(r);
  while (const auto method = take_item(list, ','))
    if (*method != "HEAD" && *method != "OPTIONS") {
      std::string lower{*method};
      for (auto& c : lower)
        c = static_cast<char>(c | 0x20);
      methods.insert(lower);
    }
  return methods;
}

} // namespace

TEST_CASE("every path described is a route, with the very methods described") {
  for (const auto& [path, methods] : described()) {
    CAPTURE(path);
    const auto found = find_route(filled(path));
    REQUIRE(found);
    CHECK(methods_of(*found) == methods);
  }
}

TEST_CASE("every kind of route, and every collection, is described") {
  std::set<std::size_t> kinds;
  std::set<std::string> first_segments;
  for (const auto& [path, methods] : described()) {
    const auto segments = filled(path);
    kinds.insert(find_route(segments).value().index());
    first_segments.insert(segments.front());
  }
  CHECK(kinds.size() == std::variant_size_v<route>);
  for (const auto& c : collections()) {
    CAPTURE(c.name);
    CHECK(first_segments.contains(c.name));
  }
}
