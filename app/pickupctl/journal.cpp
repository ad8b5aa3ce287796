// The commands that read the journal of a server that is not running.

#include "app/exit_codes.hpp"
#include "app/pickupctl/database.hpp"
#include "app/pickupctl/entry_text.hpp"
#include "app/pickupctl/names.hpp"
#include "app/pickupctl/program.hpp"
#include "http/json_writer.hpp"
#include "http/text.hpp"
#include "storage/codec.hpp"
#include "storage/verify.hpp"

#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string_view>

namespace pickup::ctl {

namespace {

using domain::errc;
using domain::error;
using domain::result;

result<storage::verification> replay(const std::string& dir) {
  const auto database = open_database(dir);
  if (!database)
    return database.error();
  return storage::verify(**database);
}

int code_of(const storage::verification& report) {
  return report.violations.empty() ? EX_OK : EX_DATAERR;
}

std::string as_json(const storage::verification& report) {
  http::json_writer out;
  out.begin_object().key("violations").begin_array();
  for (const auto& line : report.violations)
    out.value(line);
  out.end_array();
  out.key("completeFrom").begin_object();
  for (const auto& [shard, first] : report.complete_from)
    out.field(std::string{domain::name(shard.service)} + '/'
                  + std::to_string(shard.zone.value()),
              first.value());
  out.end_object();
  out.field("entries", report.entries).field("calls", report.calls);
  out.field("couriers", report.couriers).field("liveAssignments", report.live_assignments);
  out.field("assignments", report.assignments).field("explanations", report.explanations);
  out.field("intents", report.intents).end_object();
  return out.take();
}

void print_violations(const storage::verification& report) {
  for (const auto& line : report.violations)
    std::cout << line << '\n';
}

void print_counts(const storage::verification& report) {
  for (const auto& [shard, first] : report.complete_from)
    std::cout << domain::name(shard.service) << '/' << shard.zone.value()
              << ": complete from entry " << first.value() << " on\n";
  std::cout << report.entries << " entries, " << report.calls << " calls, " << report.couriers
            << " couriers, " << report.live_assignments << " live assignments, "
            << report.intents << " intents: " << report.violations.size() << " violations\n";
}

void print_explained(const storage::verification& report) {
  std::cout << report.assignments << " assignments, " << report.explanations
            << " explanations: " << report.violations.size() << " violations\n";
}

/// @param print_summary what a person is told behind the violations
result<int> verify(const std::string& dir, bool in_json,
                   void (*print_summary)(const storage::verification&)) {
  const auto report = replay(dir);
  if (!report)
    return report.error();
  if (in_json) {
    std::cout << as_json(*report) << '\n';
  } else {
    print_violations(*report);
    print_summary(*report);
  }
  return code_of(*report);
}

/// Which entries are wanted.
struct dump_options {
  std::string dir;
  std::uint64_t from = 1;
  std::string shard;
  std::string call;
  bool unmask = false;
};

struct filter {
  domain::seq_no from;
  std::optional<domain::shard_id> shard;
  std::optional<domain::call_id> call;

  bool takes(const storage::entry& e) const {
    if (e.n < from || (shard && e.shard != *shard))
      return false;
    const auto* what = std::get_if<storage::call_entry>(&e.what);
    return !call || (what != nullptr && what->call == *call);
  }
};

result<domain::shard_id> parse_shard(std::string_view text) {
  const auto slash = text.find('/');
  const auto service = domain::parse_service(text.substr(0, slash));
  const auto zone = http::parse_decimal(slash == text.npos ? "0" : text.substr(slash + 1));
  if (!service || !zone || *zone > UINT16_MAX)
    return error{errc::invalid_argument,
                 "read command line: --shard: must be like pickup/0, got \"" + std::string{text}
                     + '"',
                 {}};
  return domain::shard_id{*service, domain::zone_no{static_cast<std::uint16_t>(*zone)}};
}

result<filter> filter_of(const dump_options& o) {
  filter f{domain::seq_no{o.from}, {}, {}};
  if (!o.shard.empty()) {
    const auto shard = parse_shard(o.shard);
    if (!shard)
      return shard.error();
    f.shard = *shard;
  }
  if (!o.call.empty()) {
    const auto call = parse_call(o.call, f.shard ? f.shard->service : domain::service::pickup);
    if (!call)
      return call.error();
    f.call = domain::call_id::of_number(call->service, call->number);
  }
  return f;
}

result<int> dump(const dump_options& o, bool as_json) {
  const auto wanted = filter_of(o);
  if (!wanted)
    return wanted.error();
  const auto database = open_database(o.dir);
  if (!database)
    return database.error();
  const auto show = o.unmask ? numbers::in_full : numbers::masked;
  const auto first =
      wanted->shard ? storage::entry_key(*wanted->shard, wanted->from) : std::string{};
  const auto read =
      (*database)->scan(storage::table::journal, {}, first,
                        [&](std::string_view, std::string_view row) -> result<bool> {
                          const auto e = storage::decode_entry(row);
                          if (!e)
                            return e.error();
                          if (wanted->takes(*e))
                            std::cout << (as_json ? to_json(*e, show) : to_line(*e, show))
                                      << '\n';
                          return !wanted->shard || e->shard == *wanted->shard;
                        });
  return read ? result<int>{EX_OK} : read.error();
}

CLI::Option& add_dir(CLI::App& to, std::string& dir) {
  return *to.add_option("DIR", dir, "the server's data directory")
              ->required()
              ->check(CLI::ExistingDirectory);
}

void add_dump(program& p, CLI::App& under) {
  auto given = std::make_shared<dump_options>();
  auto& added = add_command(p, under, "dump", "every entry, readable; numbers masked",
                            [given](const settings& s) { return dump(*given, s.json); });
  add_dir(added, given->dir);
  added.add_option("--from", given->from, "from this position of each shard on");
  added.add_option("--shard", given->shard, "only this one, such as pickup/0");
  added.add_option("--call", given->call, "only this one, such as 17 or taxi:17");
  added.add_flag("--unmask", given->unmask, "phone numbers in full");
}

} // namespace

void add_journal(program& p) {
  auto* journal =
      p.tool.add_subcommand("journal", "the journal of a server that is not running");
  journal->require_subcommand(1);
  auto verified = std::make_shared<std::string>();
  auto& check = add_command(
      p, *journal, "verify", "replay it and check every promise",
      [verified](const settings& s) { return verify(*verified, s.json, print_counts); });
  add_dir(check, *verified);
  add_dump(p, *journal);

  auto explained = std::make_shared<std::string>();
  auto& explain = add_command(
      p, p.tool, "explain", "computes anew why each courier was chosen, from the journal alone",
      [explained](const settings& s) { return verify(*explained, s.json, print_explained); });
  explain
      .add_option("--verify", *explained, "the data directory of a server that is not running")
      ->required()
      ->check(CLI::ExistingDirectory);
}

} // namespace pickup::ctl
