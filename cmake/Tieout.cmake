# Compiler settings and the one helper that makes a folder a library: a wrong include does not link.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS ON)  # __int128 is the mantissa of Decimal
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE ccache)
if(CCACHE)
  # Without these words ccache passes by every file that uses a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -fno-omit-frame-pointer)
if(TIEOUT_FUZZ)
  # Only clang brings libFuzzer. Its check of function types cannot stand in a coroutine (clang 14).
  set(fuzz_checks -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=function -fno-sanitize-recover=all)
  add_compile_options(${fuzz_checks})
  add_link_options(${fuzz_checks})
elseif(TIEOUT_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)  # fences are not seen; they are rare
  add_link_options(-fsanitize=thread)
elseif(TIEOUT_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
else()
  add_compile_options($<$<CONFIG:Release>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2> -fstack-protector-strong)
endif()
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  add_compile_options(-march=x86-64-v2 -mpclmul)  # every server since 2010; lets simdjson use its vector kernel
endif()

find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(fmt REQUIRED)
find_package(simdjson REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(GTest REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)

# tieout_library(NAME [DEPENDS folder-libraries...] [LINKS outside-libraries...])
# Every .cpp of the folder is in it. Includes are written from src/: #include "money/decimal.hpp".
function(tieout_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    add_library(tieout_${name} STATIC ${sources})
    target_include_directories(tieout_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    set(scope PUBLIC)
    target_precompile_headers(tieout_${name} PRIVATE
      <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <optional> <span>
      <string> <string_view> <unordered_map> <utility> <variant> <vector> <fmt/core.h>)
  else()
    add_library(tieout_${name} INTERFACE)
    target_include_directories(tieout_${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    set(scope INTERFACE)
  endif()
  foreach(dependency ${ARG_DEPENDS})
    target_link_libraries(tieout_${name} ${scope} tieout_${dependency})
  endforeach()
  target_link_libraries(tieout_${name} ${scope} ${ARG_LINKS})
endfunction()

# tieout_test(NAME [SLOW] [SOURCES a.cpp ...] [DEPENDS folder-libraries...] [LINKS ...]): one GoogleTest program, run by
# ctest. Without SLOW it is also one of the unit tests that ./dev check repeats under the sanitizers.
add_custom_target(unit_tests)
function(tieout_test name)
  cmake_parse_arguments(ARG "SLOW" "" "SOURCES;DEPENDS;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  foreach(dependency ${ARG_DEPENDS})
    target_link_libraries(${name} PRIVATE tieout_${dependency})
  endforeach()
  target_link_libraries(${name} PRIVATE GTest::gtest GTest::gtest_main ${ARG_LINKS})
  target_compile_definitions(${name} PRIVATE TIEOUT_SOURCE_DIR="${CMAKE_SOURCE_DIR}" TIEOUT_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_SLOW)
    add_dependencies(unit_tests ${name})
    set_tests_properties(${name} PROPERTIES LABELS unit)
  endif()
endfunction()

# tieout_embed(NAME root-folder patterns...): compiles data files into library tieout_NAME, so that
# tieout::embedded_file("path below the root") finds them. Patterns are below the root; "packs/**/*.yaml" looks in all
# sub-folders. The assembler reads the files as they are (.incbin): a megabyte costs milliseconds. Whoever links the
# library gets the registration too, although nothing calls it: --undefined makes the linker keep it.
function(tieout_embed name root)
  cmake_path(ABSOLUTE_PATH root BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
  set(files)
  foreach(pattern ${ARGN})
    if(pattern MATCHES "\\*\\*/")
      string(REPLACE "**/" "" flat "${pattern}")
      file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE ${root} ${root}/${flat})
    else()
      file(GLOB found CONFIGURE_DEPENDS RELATIVE ${root} ${root}/${pattern})
    endif()
    list(APPEND files ${found})
  endforeach()
  list(SORT files)
  list(REMOVE_DUPLICATES files)

  set(bytes "")
  set(declarations "")
  set(entries "")
  set(paths)
  set(number 0)
  foreach(file ${files})
    set(symbol "tieout_${name}_${number}")
    string(APPEND bytes "asm(\".pushsection .rodata,\\\"a\\\"\\n.global ${symbol}_begin, ${symbol}_end\\n\"\n"
                        "    \"${symbol}_begin: .incbin \\\"${root}/${file}\\\"\\n${symbol}_end: .byte 0\\n.popsection\\n\");\n")
    string(APPEND declarations "extern const char ${symbol}_begin[], ${symbol}_end[];\n")
    string(APPEND entries "    {\"${file}\", between(${symbol}_begin, ${symbol}_end)},\n")
    list(APPEND paths ${root}/${file})
    math(EXPR number "${number} + 1")
  endforeach()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}.embedded.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [==[
// Generated by tieout_embed.
#include "base/embedded.hpp"
@bytes@extern "C" {
@declarations@extern int tieout_keep_@name@;
}
namespace {
[[maybe_unused]] std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}
}  // namespace
int tieout_keep_@name@ = tieout::register_embedded({
@entries@});
]==])
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${paths}")
  add_library(tieout_${name} STATIC ${source})
  target_link_libraries(tieout_${name} PUBLIC tieout_base)
  target_link_options(tieout_${name} INTERFACE LINKER:--undefined=tieout_keep_${name})
endfunction()
