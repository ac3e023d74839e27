#include "cli/program.hpp"

int main(int argc, char** argv) { return tieout::cli::run_program(argc, argv); }
