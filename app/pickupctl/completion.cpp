#include "app/pickupctl/completion.hpp"

#include "app/pickupctl/program.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string_view>
#include <sysexits.h>
#include <vector>

namespace pickup::ctl {

namespace {

/// What may be written somewhere: a command's name, an option's, or what an argument may be.
struct word {
  std::string text;
  std::string help;
  bool is_option = false;
  bool takes_value = false;
  std::vector<std::string> values{}; ///< of an option, when they are known
};

/// The words that go on from a command, "" being the tool itself: "journal dump".
struct place {
  std::string path;
  std::vector<word> words;
};

// What is checked, or only offered, stands in the name of the type: "TEXT:{pickup,taxi}".
std::vector<std::string> values_of(const CLI::Option& option) {
  const auto type = option.get_type_name();
  std::string_view text{type};
  text = text.substr(std::min(text.find('{'), text.size()));
  text = text.substr(0, text.find('}'));
  std::vector<std::string> all;
  while (text.size() > 1) {
    text.remove_prefix(1); // the brace, then the commas
    all.emplace_back(text.substr(0, text.find(',')));
    text.remove_prefix(all.back().size());
  }
  return all;
}

std::vector<word> words_of(const CLI::App& app) {
  std::vector<word> all;
  for (const auto* option : app.get_options()) {
    const auto values = values_of(*option);
    const auto help = option->get_description();
    for (const auto& name : option->get_lnames())
      all.push_back({"--" + name, help, true, option->get_items_expected_max() > 0, values});
    if (option->get_positional())
      for (const auto& value : values)
        all.push_back({value, help});
  }
  return all;
}

// The tool's own options may stand behind every command.
void collect(std::vector<place>& into, const CLI::App& app, const std::string& path,
             const std::vector<word>& everywhere) {
  const auto here = into.size();
  into.push_back({path, words_of(app)});
  if (!path.empty())
    into[here].words.insert(into[here].words.end(), everywhere.begin(), everywhere.end());
  for (const auto* sub : app.get_subcommands({})) {
    into[here].words.push_back({sub->get_name(), sub->get_description()});
    collect(into, *sub, path.empty() ? sub->get_name() : path + ' ' + sub->get_name(),
            everywhere);
  }
}

std::vector<place> places_in(const CLI::App& tool) {
  std::vector<place> all;
  auto everywhere = words_of(tool);
  std::erase_if(everywhere, [](const word& w) { return w.text == "--help"; });
  collect(all, tool, "", everywhere);
  return all;
}

// In single quotes, as all three shells read them; backslashes too, as fish does.
std::string in_quotes(std::string_view text) {
  std::string out{"'"};
  for (const auto c : text)
    if (c == '\'')
      out += R"('\'')";
    else
      out += c;
  return out + '\'';
}

std::string pattern_of_commands(const std::vector<place>& all) {
  std::string pattern;
  for (const auto& p : all)
    if (!p.path.empty())
      pattern += (pattern.empty() ? "" : "|") + in_quotes(p.path);
  return pattern;
}

// What finds the command that stands before the cursor, for bash and zsh.
std::string finder(const std::vector<place>& all, std::string_view words) {
  return "  local at= word\n  for word in " + std::string{words} + "; do\n"
         + "    case \"${at:+$at }$word\" in\n      " + pattern_of_commands(all)
         + ") at=\"${at:+$at }$word\" ;;\n    esac\n  done\n";
}

// What takes the place of all words behind an option whose values are known, for bash and zsh.
std::string values_behind(const std::vector<place>& all, std::string_view before,
                          std::string_view open, std::string_view close) {
  auto script = "  case \"$at " + std::string{before} + "\" in\n";
  for (const auto& p : all)
    for (const auto& w : p.words)
      if (w.is_option && !w.values.empty()) {
        script.append("    ")
            .append(in_quotes(p.path + ' ' + w.text))
            .append(") ")
            .append(open);
        script.append(CLI::detail::join(w.values, " ")).append(close).append(" ;;\n");
      }
  return script + "  esac\n";
}

// "NAME:HELP", without further colons.
std::string described(const word& w) {
  std::string help;
  for (const auto c : w.help)
    help += c == ':' ? std::string{"\\:"} : std::string(1, c);
  return in_quotes(w.text + ':' + help);
}

} // namespace

std::string bash_completion(const CLI::App& tool) {
  const auto all = places_in(tool);
  auto script = "_pickupctl() {\n" + finder(all, R"("${COMP_WORDS[@]:1:COMP_CWORD-1}")")
                + "  local words=\n  case \"$at\" in\n";
  for (const auto& p : all) {
    script += "    " + in_quotes(p.path) + ") words='";
    auto separator = "";
    for (const auto& w : p.words) {
      script += separator + w.text;
      separator = " ";
    }
    script += "' ;;\n";
  }
  script += "  esac\n" + values_behind(all, "${COMP_WORDS[COMP_CWORD-1]}", "words='", "'");
  return script
         + "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
           "}\ncomplete -o default -F _pickupctl pickupctl\n";
}

std::string zsh_completion(const CLI::App& tool) {
  const auto all = places_in(tool);
  auto script = "#compdef pickupctl\n_pickupctl() {\n"
                + finder(all, "\"${(@)words[2,CURRENT-1]}\"")
                + "  local -a choices\n  case \"$at\" in\n";
  for (const auto& p : all) {
    script += "    " + in_quotes(p.path) + ") choices=(\n";
    for (const auto& w : p.words)
      script += "      " + described(w) + '\n';
    script += "    ) ;;\n";
  }
  script += "  esac\n" + values_behind(all, "${words[CURRENT-1]}", "choices=(", ")");
  return script
         + "  _describe pickupctl choices || _files\n}\n"
           "if [[ $funcstack[1] = _pickupctl ]]; then _pickupctl \"$@\"; else compdef "
           "_pickupctl "
           "pickupctl; fi\n";
}

std::string fish_completion(const CLI::App& tool) {
  const auto all = places_in(tool);
  std::string script = "function __pickupctl_at\n  set -l at ''\n"
                       "  for word in (commandline -opc)[2..-1]\n"
                       "    set -l next (string trim \"$at $word\")\n"
                       "    if contains -- \"$next\"";
  for (const auto& p : all)
    if (!p.path.empty())
      script += ' ' + in_quotes(p.path);
  script += "\n      set at $next\n    end\n  end\n  test \"$at\" = \"$argv[1]\"\nend\n";
  for (const auto& p : all)
    for (const auto& w : p.words) {
      script += "complete -c pickupctl -n \"__pickupctl_at " + in_quotes(p.path) + '"';
      script += w.is_option ? " -l " + w.text.substr(2) + (w.takes_value ? " -r" : "")
                            : " -f -a " + w.text;
      if (!w.values.empty())
        script += " -f -a " + in_quotes(CLI::detail::join(w.values, " "));
      script += " -d " + in_quotes(w.help) + '\n';
    }
  return script;
}

void add_completion(program& p) {
  auto shell = std::make_shared<std::string>();
  const auto& tool = p.tool;
  auto& added = add_command(p, p.tool, "completion",
                            "what lets a shell complete these commands; see its manual",
                            [shell, &tool](const settings&) -> domain::result<int> {
                              std::cout << (*shell == "bash"  ? bash_completion(tool)
                                            : *shell == "zsh" ? zsh_completion(tool)
                                                              : fish_completion(tool));
                              return EX_OK;
                            });
  added.add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

} // namespace pickup::ctl
