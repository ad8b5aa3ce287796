#include "app/pickupctl/orders.hpp"

#include "app/pickupctl/client.hpp"
#include "app/pickupctl/show.hpp"
#include "app/pickupctl/terminal.hpp"

#include <iostream>
#include <string_view>
#include <utility>

namespace pickup::ctl {

namespace {

void print_effects(std::ostream& out, const json_document& answer) {
  for (const auto& effect : answer["effects"].items())
    out << "  " << effect["text"].shown() << '\n';
  for (const auto& [member, words] : {std::pair{"actorsStopped", "actors stopped: "},
                                      {"callsRedispatched", "calls dispatched again: "}})
    if (answer[member].whole().value_or(0) > 0)
      out << "  " << words << answer[member].shown() << '\n';
}

// What was done, or would be.
void print_done(const order& what, const json_document& answer) {
  std::cout << what.words << (answer["dryRun"].is_true() ? ": would be done" : ": done")
            << '\n';
  print_effects(std::cout, answer);
  for (const auto* member : {"path", "tel", "audit"})
    if (const auto value = answer[member])
      std::cout << "  " << member << ": " << value.shown() << '\n';
}

domain::result<std::string> rehearse(client& server, const order& what) {
  auto answer =
      server.send("POST", what.target + (what.target.find('?') == std::string::npos ? '?' : '&')
                              + "dry-run=true");
  if (!answer)
    return answer;
  const auto document = json_document::parse(*answer);
  if (!document || !(*document)["dryRun"].is_true())
    return domain::error{domain::errc::unknown_outcome,
                         what.words + ": dry run: the server does not know this and did it",
                         {}};
  return answer;
}

domain::result<bool> confirmed(client& server, const order& what) {
  const auto answer = rehearse(server, what);
  if (!answer)
    return answer.error();
  const auto document = json_document::parse(*answer);
  if (!document)
    return document.error();
  print_effects(std::cerr, *document);
  return agrees(what.words + '?');
}

} // namespace

void add_care(CLI::App& to, care& c) {
  to.add_flag("--dry-run", c.dry_run, "only say what would be done");
  to.add_flag("--yes", c.yes, "do not ask");
}

domain::result<int> give(const settings& s, const care& how, const order& what) {
  auto server = to_operators(s);
  // A person whose errors go to a file sees no question, and has said nothing either.
  if (!how.dry_run && !how.yes && is_at_hand() && !can_ask())
    return domain::error{domain::errc::invalid_argument,
                         what.words + ": nobody sees the question: say --yes or --dry-run",
                         {}};
  if (!how.dry_run && !how.yes && can_ask()) {
    const auto agreed = confirmed(server, what);
    if (!agreed)
      return agreed.error();
    if (!*agreed)
      return EXIT_FAILURE;
  }
  const auto answer = how.dry_run ? rehearse(server, what) : server.send("POST", what.target);
  return show_answer(s, answer, [&](const json_document& done) { print_done(what, done); });
}

} // namespace pickup::ctl
