// The command line's grammar: which commands and options there are. What they do is in commands.hpp.
#pragma once

namespace tieout::cli {

int run_program(int argc, const char* const* argv);

}  // namespace tieout::cli
