#include "config/settings.hpp"

#include "config/option_table.hpp"
#include "config/text_file.hpp"
#include "config/toml_values.hpp"
#include "domain/options.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pickup::config {

namespace {

using domain::done;
using domain::error;
using domain::status_result;

error at(std::string_view origin, error problem) {
  problem.text = std::string{origin} + ": " + problem.text;
  return problem;
}

error refusal(std::string_view origin, std::string reason) {
  return at(origin, {domain::errc::invalid_argument, std::move(reason), {}});
}

/// Kubernetes tells every pod of a Service by variables named after it: a Service "pickupd"
/// makes PICKUPD_SERVICE_HOST, PICKUPD_PORT_8080_TCP and their like. They are nobody's mistake.
bool announces_a_service(std::string_view variable) {
  return variable.starts_with("PICKUPD_SERVICE_") || variable == "PICKUPD_PORT"
         || variable.starts_with("PICKUPD_PORT_");
}

/// Applies sources one after the other and remembers where each value came from.
class loader {
public:
  loader() = default;
  loader(const loader&) = delete; // table_ points into settings_
  loader& operator=(const loader&) = delete;

  status_result read_file(const std::filesystem::path& file);
  status_result read_environment(const std::map<std::string, std::string>& environment);
  status_result read_flag(std::string_view flag, std::string_view option_name,
                          const std::optional<std::string>& value);
  /// Checks the whole and gives it away.
  domain::result<settings> finish() const;

private:
  const option* find(std::string_view name) const;
  bool has_section(std::string_view name) const;
  status_result set(const option& o, std::string_view text, const std::string& origin);
  status_result read_section(const std::filesystem::path& file, std::string_view section,
                             const toml::node& value);
  status_result read_value(const std::filesystem::path& file, const std::string& name,
                           const toml::node& value);

  settings settings_;
  std::vector<option> table_ = options_of(settings_);
  std::map<std::string, std::string> origins_; // by option name
};

std::string place(const std::filesystem::path& file, const toml::source_region& where) {
  return file.string() + ':' + std::to_string(where.begin.line);
}

const option* loader::find(std::string_view name) const {
  const auto o = std::ranges::find(table_, name, &option::name);
  return o == table_.end() ? nullptr : &*o;
}

bool loader::has_section(std::string_view name) const {
  return std::ranges::find(table_, name, &option::section) != table_.end();
}

status_result loader::set(const option& o, std::string_view text, const std::string& origin) {
  auto assigned = assign(o, text);
  if (!assigned)
    return at(origin, std::move(assigned.error()));
  origins_[o.name()] = origin;
  return done{};
}

status_result loader::read_file(const std::filesystem::path& file) {
  const auto text = read_text_file(file);
  if (!text)
    return text.error();
  try {
    const auto root = toml::parse(*text);
    for (const auto& [section, value] : root)
      if (auto read = read_section(file, section.str(), value); !read)
        return read;
  } catch (const toml::parse_error& problem) {
    return refusal(place(file, problem.source()), std::string{problem.description()});
  }
  return done{};
}

status_result loader::read_section(const std::filesystem::path& file, std::string_view section,
                                   const toml::node& value) {
  const std::string name{section};
  const auto* keys = value.as_table();
  if (!has_section(name))
    return refusal(place(file, value.source()),
                   name + (keys ? ": no such section" : ": no such option"));
  if (!keys)
    return refusal(place(file, value.source()),
                   name + ": must be a section, got " + shown(value));
  for (const auto& [key, inner] : *keys)
    if (auto read = read_value(file, name + '.' + std::string{key.str()}, inner); !read)
      return read;
  return done{};
}

status_result loader::read_value(const std::filesystem::path& file, const std::string& name,
                                 const toml::node& value) {
  const auto origin = place(file, value.source());
  const auto* o = find(name);
  if (!o)
    return refusal(origin, name + ": no such option");
  auto text = text_for(o->value, value);
  if (!text)
    return at(origin, unfit(*o, shown(value)));
  if (std::holds_alternative<path_field>(o->value) && !text->empty())
    text = (file.parent_path() / *text).lexically_normal().string();
  return set(*o, *text, origin);
}

status_result loader::read_environment(const std::map<std::string, std::string>& environment) {
  for (const auto& [variable, text] : environment) {
    if (!variable.starts_with("PICKUPD_") || announces_a_service(variable))
      continue;
    const auto o = std::ranges::find(table_, variable, &option::environment_name);
    if (o == table_.end())
      return refusal(variable, "no such option");
    if (auto assigned = set(*o, text, variable); !assigned)
      return assigned;
  }
  return done{};
}

status_result loader::read_flag(std::string_view flag, std::string_view option_name,
                                const std::optional<std::string>& value) {
  return value ? set(*find(option_name), *value, std::string{flag}) : done{};
}

domain::result<settings> loader::finish() const {
  auto valid = validate(settings_);
  if (valid)
    return settings_;
  for (const auto& [fact, name] : valid.error().facts)
    if (const auto origin = origins_.find(name); fact == "option" && origin != origins_.end())
      return at(origin->second, valid.error());
  return valid.error();
}

status_result validate_log(const settings& s) {
  constexpr std::array levels{"trace", "debug", "info", "warn", "error", "off"};
  return domain::option_checks{}
      .require(std::ranges::find(levels, s.log_level) != levels.end(), "log.level",
               "be one of trace, debug, info, warn, error, off", '"' + s.log_level + '"')
      .require(s.log_format == "text" || s.log_format == "json", "log.format",
               "be text or json", '"' + s.log_format + '"')
      .first_refusal();
}

} // namespace

status_result validate(const settings& s) {
  for (const auto& checked :
       {http::validate(s.http), storage::validate(s.storage), actors::validate(s.actors),
        notify::validate(s.actors.notify), validate_log(s)})
    if (!checked)
      return checked;
  return done{};
}

domain::result<settings> load(const sources& from) {
  loader all;
  if (from.file)
    if (auto read = all.read_file(*from.file); !read)
      return read.error();
  if (auto read = all.read_environment(from.environment); !read)
    return read.error();
  if (auto read = all.read_flag("--listen", "http.listen", from.listen); !read)
    return read.error();
  if (auto read = all.read_flag("--admin-listen", "operator.listen", from.operator_listen);
      !read)
    return read.error();
  if (auto read = all.read_flag("--data-dir", "storage.data_dir", from.data_dir); !read)
    return read.error();
  return all.finish();
}

} // namespace pickup::config
