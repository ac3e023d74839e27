#!/usr/bin/python3
"""The house rules must find what they are there for, and let good code pass."""

import pathlib
import runpy
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
tidy = runpy.run_path(str(ROOT / "tools" / "tidy"))


def rules(path, text):
    path, code = ROOT / path, tidy["code_of"](text)
    checks = (tidy["check_functions"](path, code), tidy["check_patterns"](path, code, text),
              tidy["check_arrows"](path, code), tidy["check_vendors"](path, code))
    return [(line, rule) for check in checks for line, rule, _ in check]


class Rules(unittest.TestCase):
    def test_a_function_of_70_lines_passes_and_one_of_71_does_not(self):
        def body(lines):
            return "int f(int a) {\n" + "  a += 1;\n" * (lines - 2) + "}\n"
        self.assertEqual(rules("src/cli/x.cpp", body(70)), [])
        self.assertEqual(rules("src/cli/x.cpp", "namespace n {\n" + body(71) + "}\n"), [(2, "long_function")])

    def test_lambdas_count_with_the_function_around_them_and_classes_do_not_count(self):
        method = "  void g() {\n" + "    h();\n" * 40 + "  }\n"
        self.assertEqual(rules("src/cli/x.cpp", "class C {\n" + method + method + "};\n"), [])
        lambda_ = "  auto l = [](int x) {\n" + "    h();\n" * 80 + "  };\n"
        self.assertEqual(rules("src/cli/x.cpp", "void f() {\n" + lambda_ + "}\n"), [(1, "long_function")])

    def test_braces_in_strings_and_comments_do_not_confuse(self):
        text = 'void f() {\n  g("}{{", \'{\');  // {{{\n  h(R"(\n{ ")");\n}\n' + "int a;\n" * 100
        self.assertEqual(rules("src/cli/x.cpp", text), [])

    def test_the_pure_core_has_no_clock_no_randomness_no_disk(self):
        text = "#include <fstream>\nauto t = std::chrono::system_clock::now();\nstd::random_device r;\n"
        self.assertEqual(sorted(rules("src/decide/x.cpp", text)), [(1, "disk"), (2, "clock"), (3, "random")])
        self.assertEqual(rules("src/net/x.cpp", text), [])

    def test_no_floating_point_near_money(self):
        self.assertEqual(rules("src/money/x.cpp", "// a double entry\ndouble price;\n"), [(2, "floating_point")])
        self.assertEqual(rules("src/expr/x.cpp", "double number;\n"), [])

    def test_arrows_point_one_way(self):
        self.assertEqual(rules("src/money/x.cpp", '#include "model/record.hpp"\n'), [(1, "arrow")])
        self.assertEqual(rules("src/decide/x.cpp", '#include "act/deliver.hpp"\n'), [(1, "arrow")])
        self.assertEqual(rules("src/engine/x.cpp", '#include "vendors/hubspot/api.hpp"\n'), [(1, "arrow")])
        self.assertEqual(rules("src/vendors/hubspot/x.cpp", '#include "vendors/quickbooks/api.hpp"\n'), [(1, "arrow")])
        self.assertEqual(rules("sandbox/hubspot/x.cpp", '#include "vendors/hubspot/api.hpp"\n'), [(1, "arrow")])
        self.assertEqual(rules("src/engine/x.cpp", '#include "act/deliver.hpp"\n#include "ports/store.hpp"\n'), [])

    def test_left_overs_are_found_in_comments_too(self):
        self.assertEqual(rules("src/cli/x.cpp", "// TO" + "DO: later\n"), [(1, "todo")])


if __name__ == "__main__":
    unittest.main()
