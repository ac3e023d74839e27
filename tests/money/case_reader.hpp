// Reads and runs the golden cases of tests/cases/money: figures in the notation of accountants, above a line of dashes
// what is given, below it what comes out. The words a case can use are the ones in case_reader.cpp's table.
#pragma once

#include <string>

namespace tieout::test {

/// The whole file with everything below each line of dashes computed anew. Several cases may stand in one file.
std::string run_cases(const std::string& text);

}  // namespace tieout::test
