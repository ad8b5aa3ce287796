#include "http/console_files.hpp"

#include "http/problem.hpp"

#include <array>
#include <fstream>
#include <functional>
#include <sstream>
#include <system_error>
#include <utility>

namespace pickup::http {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = 16 << 20;
constexpr std::string_view page = "index.html";

// The page asks nobody but this server, and runs nothing that is not a file of it.
constexpr auto policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; "
                        "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

constexpr std::string_view not_built = R"(<!doctype html>
<meta charset="utf-8"><title>pickupd console</title>
<body style="font: 16px/1.5 sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
<h1>The console is not built</h1>
<p>The server runs without it. To get it, install Node.js 18 or newer with npm and start the server
with <code>scripts/run</code> again, which builds it. <code>pickupctl</code> shows the same in a terminal.</p>
)";

std::string_view type_of(const fs::path& file) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> types{
      {{".html", "text/html; charset=utf-8"},
       {".js", "text/javascript; charset=utf-8"},
       {".css", "text/css; charset=utf-8"},
       {".json", "application/json"},
       {".svg", "image/svg+xml"},
       {".png", "image/png"},
       {".woff2", "font/woff2"}}};
  for (const auto& [extension, type] : types)
    if (file.extension() == extension)
      return type;
  return "application/octet-stream";
}

domain::error unreadable(const fs::path& where, const std::string& why) {
  return {domain::errc::io, "read console: " + where.string() + ": " + why, {}};
}

std::vector<header> headers(std::string tag, bool lasting) {
  // The names of all files but the page tell their content.
  return {{"ETag", std::move(tag)},
          {"Cache-Control", lasting ? "public, max-age=31536000, immutable" : "no-cache"},
          {"Content-Security-Policy", policy},
          {"X-Content-Type-Options", "nosniff"},
          {"Referrer-Policy", "no-referrer"}};
}

} // namespace

domain::result<console_files> console_files::read(const fs::path& directory) {
  console_files all;
  std::uintmax_t total = 0;
  std::error_code failed;
  for (auto next = fs::recursive_directory_iterator{directory, failed};
       !failed && next != fs::recursive_directory_iterator{}; next.increment(failed)) {
    const auto& found = *next;
    std::error_code of_file; // a link to nothing is no failure of the directory
    if (!found.is_regular_file(of_file))
      continue;
    total += found.file_size(of_file);
    if (of_file)
      return unreadable(found.path(), of_file.message());
    if (total > most_bytes)
      return unreadable(directory, "is larger than 16 MiB");
    std::ifstream in{found.path(), std::ios::binary};
    std::ostringstream bytes;
    bytes << in.rdbuf();
    if (!in)
      return unreadable(found.path(), "cannot be read");
    file f{type_of(found.path()), std::move(bytes).str(), {}};
    f.tag = '"' + std::to_string(std::hash<std::string>{}(f.bytes)) + '"';
    all.files_.emplace(found.path().lexically_relative(directory).generic_string(),
                       std::move(f));
  }
  if (failed)
    return unreadable(directory, failed.message());
  if (!all.files_.contains(page))
    return unreadable(directory, "has no index.html");
  return all;
}

response console_files::answer(const request& r, std::string_view path) const {
  if (files_.empty())
    return {200, "text/html; charset=utf-8", std::string{not_built},
            headers("\"none\"", false)};
  const bool is_page = path.empty() || path == page;
  const auto found = files_.find(is_page ? page : path);
  if (found == files_.end())
    return to_response(http_problem(404, "find file: the console has none of that name"),
                       r.correlation_id);
  const auto& f = found->second;
  if (r.if_none_match == f.tag)
    return {304, {}, {}, headers(f.tag, !is_page)};
  return {200, f.type, f.bytes, headers(f.tag, !is_page)};
}

} // namespace pickup::http
