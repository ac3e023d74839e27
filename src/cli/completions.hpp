// Completions for shells, made from the grammar itself, so that they know every command and option there is.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace tieout::cli {

/// shell: "bash", "zsh" or "fish". The text is to be sourced: source <(tieout completions bash)
std::string completions(const CLI::App& app, const std::string& shell);

}  // namespace tieout::cli
