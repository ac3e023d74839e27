#include "cli/completions.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

namespace tieout::cli {
namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> out;
  for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; }))
    for (const std::string& name : option->get_lnames()) out.push_back("--" + name);
  return out;
}

/// What may follow a command: its own options, the ones of every command, and its sub-commands.
std::string words_after(const CLI::App& root, const CLI::App& command) {
  std::string out;
  for (const CLI::App* sub : commands_of(command)) out += sub->get_name() + " ";
  for (const std::string& flag : flags_of(command)) out += flag + " ";
  for (const std::string& flag : flags_of(root))
    if (flag != "--help") out += flag + " ";
  for (const CLI::Option* option : command.get_options([](const CLI::Option*) { return true; })) {
    if (!option->get_positional()) continue;
    // The words of a choice stand in CLI11's own description of the check: "{bash,zsh,fish}".
    const std::string choices = option->get_type_name();
    const auto open = choices.find('{');
    const auto close = choices.find('}');
    if (open == std::string::npos || close == std::string::npos) continue;
    for (const char c : choices.substr(open + 1, close - open - 1)) out += c == ',' ? ' ' : c;
    out += " ";
  }
  if (!out.empty()) out.pop_back();
  return out;
}

std::string bash(const CLI::App& app) {
  std::string names, cases;
  for (const CLI::App* command : commands_of(app)) {
    names += command->get_name() + " ";
    cases += fmt::format("    {}) words=\"{}\" ;;\n", command->get_name(), words_after(app, *command));
  }
  return fmt::format(
      "_tieout() {{\n"
      "  local word command=\"\" words\n"
      "  for word in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do [[ $word != -* ]] && {{ command=$word; break; }}; done\n"
      "  case \"$command\" in\n"
      "    \"\") words=\"{}--json --project --help\" ;;\n{}"
      "  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"${{COMP_WORDS[COMP_CWORD]}}\"))\n"
      "  ((${{#COMPREPLY[@]}})) || COMPREPLY=($(compgen -f -- \"${{COMP_WORDS[COMP_CWORD]}}\"))\n"
      "}}\n"
      "complete -F _tieout tieout\n",
      names, cases);
}

std::string zsh_quoted(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : c == ':' ? std::string("\\:") : std::string(1, c);
  return out;
}

std::string zsh(const CLI::App& app) {
  std::string names, cases;
  for (const CLI::App* command : commands_of(app)) {
    names += fmt::format("    '{}:{}'\n", command->get_name(), zsh_quoted(command->get_description()));
    cases += fmt::format("    {}) compadd -- {} ;;\n", command->get_name(), words_after(app, *command));
  }
  return fmt::format(
      "#compdef tieout\n"
      "_tieout() {{\n"
      "  local -a commands=(\n{}  )\n"
      "  if ((CURRENT == 2)); then _describe 'command' commands; return; fi\n"
      "  case $words[2] in\n{}  esac\n"
      "  _files\n"
      "}}\n"
      "compdef _tieout tieout\n",
      names, cases);
}

std::string fish_quoted(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out;
}

std::string fish(const CLI::App& app) {
  std::string out = "complete -c tieout -n __fish_use_subcommand -l json -d 'answer in JSON'\n";
  for (const CLI::App* command : commands_of(app)) {
    out += fmt::format("complete -c tieout -f -n __fish_use_subcommand -a {} -d '{}'\n", command->get_name(),
                       fish_quoted(command->get_description()));
    for (const CLI::App* sub : commands_of(*command))
      out += fmt::format("complete -c tieout -f -n '__fish_seen_subcommand_from {}' -a {} -d '{}'\n",
                         command->get_name(), sub->get_name(), fish_quoted(sub->get_description()));
    for (const CLI::Option* option : command->get_options([](const CLI::Option*) { return true; }))
      for (const std::string& name : option->get_lnames())
        out += fmt::format("complete -c tieout -n '__fish_seen_subcommand_from {}' -l {} -d '{}'\n",
                           command->get_name(), name, fish_quoted(option->get_description()));
  }
  return out;
}

}  // namespace

std::string completions(const CLI::App& app, const std::string& shell) {
  if (shell == "bash") return bash(app);
  return shell == "zsh" ? zsh(app) : fish(app);
}

}  // namespace tieout::cli
