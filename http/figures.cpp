#include "http/figures.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace pickup::http {

namespace {

// `a="b",c="d"` as members; no label of ours has a quotation mark in it.
void write_labels(json_writer& out, std::string_view labels) {
  out.begin_object();
  while (!labels.empty()) {
    const auto equals = labels.find("=\"");
    const auto end = labels.find('"', equals + 2);
    if (equals == labels.npos || end == labels.npos)
      break;
    out.field(labels.substr(0, equals), labels.substr(equals + 2, end - equals - 2));
    labels.remove_prefix(std::min(end + 2, labels.size()));
  }
  out.end_object();
}

const actors::metric* find(const std::vector<actors::metric>& in, std::string_view name) {
  const auto found = std::ranges::find(in, name, &actors::metric::name);
  return found == in.end() ? nullptr : &*found;
}

// The one label of `version="0.1.0"`.
std::string_view version_in(const std::vector<actors::metric>& samples) {
  const auto* info = find(samples, "pickupd_build_info");
  if (info == nullptr)
    return {};
  const std::string_view labels{info->labels};
  const auto begin = std::min(labels.find('"') + 1, labels.size());
  return labels.substr(begin, labels.rfind('"') - begin);
}

std::optional<std::string> start_in(const std::vector<actors::metric>& samples) {
  const auto* start = find(samples, "pickupd_start_time_seconds");
  if (start == nullptr)
    return std::nullopt;
  return domain::to_rfc3339(domain::timestamp{
      std::chrono::round<domain::duration>(std::chrono::duration<double>{start->value})});
}

} // namespace

void write_figures(json_writer& out, const std::vector<actors::metric>& samples,
                   domain::timestamp at, const std::vector<std::string>& not_ready) {
  out.begin_object();
  out.field("at", domain::to_rfc3339(at));
  out.field("version", version_in(samples));
  out.field("startedAt", start_in(samples));
  out.field("ready", not_ready.empty());
  out.key("notReady").begin_array();
  for (const auto& why : not_ready)
    out.value(why);
  out.end_array().key("metrics").begin_array();
  for (const auto& m : samples) {
    out.begin_object();
    out.field("name", m.name + m.suffix);
    out.key("labels");
    write_labels(out, m.labels);
    out.field("value", m.value);
    out.end_object();
  }
  out.end_array().end_object();
}

} // namespace pickup::http
