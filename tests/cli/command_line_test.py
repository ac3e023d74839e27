#!/usr/bin/python3
"""The real program, as a user or a script meets it: exit codes, JSON, pipes, completions, and the demo's whole round.
Usage: command_line_test.py PATH_TO_tieout"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)


def tieout(*words, **options):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=240, stdin=subprocess.DEVNULL, **options)


class CommandLine(unittest.TestCase):
    def test_exit_codes_of_what_is_not_understood(self):
        self.assertEqual(tieout().returncode, 2)
        self.assertEqual(tieout("nonsense").returncode, 2)
        self.assertEqual(tieout("review", "skip", "deal 1").returncode, 2)  # without a reason
        with tempfile.TemporaryDirectory() as folder:
            missing = tieout("-C", folder, "status")
            self.assertEqual(missing.returncode, 2)
            self.assertIn("[project.absent]", missing.stderr)
            pathlib.Path(folder, "tieout.yaml").write_text("entity: x\nconections: {}\n")
            misspelt = tieout("-C", folder, "plan")
            self.assertEqual(misspelt.returncode, 2)
            self.assertIn("tieout.yaml:2", misspelt.stderr)

    def test_an_unreachable_vendor_means_try_again_and_a_missing_sign_in_says_so(self):
        with tempfile.TemporaryDirectory() as folder:
            made = tieout("-C", folder, "init", "--crm-url", "http://127.0.0.1:9", "--books-url", "http://127.0.0.1:9",
                          "--books-account", "1", "--crm-token-env", "TIEOUT_TEST_TOKEN", "--books-token-env", "TIEOUT_TEST_TOKEN")
            self.assertEqual(made.returncode, 0, made.stderr)
            environment = {**os.environ, "TIEOUT_TEST_TOKEN": "x"}
            self.assertEqual(tieout("-C", folder, "connect", "crm", env=environment).returncode, 75)
            self.assertEqual(tieout("-C", folder, "connect", "crm").returncode, 4)

    def test_errors_come_as_json_when_json_is_asked(self):
        with tempfile.TemporaryDirectory() as folder:
            answer = tieout("-C", folder, "--json", "status")
            self.assertEqual(json.loads(answer.stdout)["error"]["code"], "project.absent")

    def test_reference_commands_answer_in_json(self):
        for words in (["version"], ["schema"], ["schema", "invoice"], ["fields"], ["errors"], ["test"], ["test", "--settings"],
                      ["eval", "1 + 1"]):
            answer = tieout("--json", *words)
            self.assertEqual(answer.returncode, 0, (words, answer.stderr))
            json.loads(answer.stdout)

    def test_expressions_are_evaluated_with_exact_bindings(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as bindings:
            bindings.write('{"amount": 0.1, "name": "Ana"}')
            bindings.flush()
            answer = tieout("eval", "amount + decimal('0.2') == decimal('0.3') && name.startsWith('A')", "--bindings", bindings.name)
            self.assertEqual(answer.stdout.strip(), "true", answer.stderr)
        wrong = tieout("eval", "1 +")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("[expr.", wrong.stderr)

    def test_a_pipe_gets_no_colours_and_may_close_early(self):
        self.assertNotIn("\x1b", tieout("errors").stdout)
        early = subprocess.run(f"{PROGRAM} schema | head -n 1", shell=True, capture_output=True, text=True, timeout=60)
        self.assertEqual(early.stderr, "")

    def test_completions_know_every_command_and_bash_can_read_them(self):
        text = tieout("completions", "bash").stdout
        subprocess.run(["bash", "-n"], input=text, text=True, check=True, timeout=60)
        offered = subprocess.run(["bash", "-c", text + "\nCOMP_WORDS=(tieout re); COMP_CWORD=1; _tieout; echo ${COMPREPLY[@]}"],
                                 capture_output=True, text=True, check=True, timeout=60).stdout.split()
        self.assertEqual(sorted(offered), ["reconcile", "review"])
        for shell in ("zsh", "fish"):
            self.assertIn("reconcile", tieout("completions", shell).stdout)

    def test_the_demo_ends_by_itself_with_both_sides_tied_out(self):
        demo = tieout("demo")
        self.assertEqual(demo.returncode, 0, demo.stdout + demo.stderr)
        # Net of 830 orders rounded per line, half up, 1,265,793.29, and freight 64,942.69: said by the plan, then confirmed.
        self.assertIn("USD 1,330,735.98 new receivables", demo.stdout)
        self.assertIn("830 invoices  USD  1,330,735.98  1,330,735.98           0", demo.stdout)
        self.assertIn("nothing: both sides were as they should be", demo.stdout)
        self.assertIn("deal.lines.missing", demo.stdout)
        self.assertIn("Both sides tie out, to the cent: 830 of 831 won deals are invoiced", demo.stdout)

    def test_the_journal_of_the_demo_is_exported_for_both_programs(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(tieout("demo", "--keep", folder).returncode, 0)
            journal = tieout("-C", folder, "export", "journal")
            self.assertEqual(journal.returncode, 0, journal.stderr)
            self.assertIn("commodity 1000.00 USD\n", journal.stdout)
            self.assertIn("Assets:Receivable:Alfreds Futterkiste", journal.stdout)
            file = pathlib.Path(folder, "books.ledger")
            written = tieout("-C", folder, "export", "journal", "--format", "ledger", "--out", str(file))
            self.assertEqual(written.returncode, 0, written.stderr)
            self.assertTrue(file.read_text().splitlines()[2].startswith("commodity USD"))
            self.assertEqual(tieout("-C", folder, "export", "journal", "--out", folder).returncode, 2)
        self.assertEqual(tieout("export", "journal", "--side", "crm").returncode, 2)
        self.assertEqual(tieout("export", "journal", "--format", "csv").returncode, 2)


if __name__ == "__main__":
    unittest.main()
