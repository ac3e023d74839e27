#!/usr/bin/python3
"""The real program, as a user or a script meets it: exit codes, JSON, pipes, completions, and the demo's whole round.
Usage: command_line_test.py PATH_TO_tieout"""

import contextlib
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


@contextlib.contextmanager
def sandbox(vendor):
    """A pretended vendor on a free port: its address and a token."""
    server = subprocess.Popen([PROGRAM, "sandbox", vendor, "--port", "0", "--seed", "generated:3" if vendor == "hubspot" else
                               "generated", "--no-limits"], stdout=subprocess.PIPE, text=True)
    try:
        token = ""
        for line in server.stdout:
            if "printf " in line:
                token = line.split("printf ")[1].split()[0]
            if "listening on " in line:
                yield line.split("listening on ")[1].strip(), token
                break
    finally:
        server.terminate()
        server.wait(timeout=30)
        server.stdout.close()


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

    def test_an_undo_from_the_list_of_runs_to_a_new_invoice(self):
        with tempfile.TemporaryDirectory() as folder, sandbox("hubspot") as crm, sandbox("quickbooks") as books:
            environment = {**os.environ, "CRM_TOKEN": crm[1], "BOOKS_TOKEN": books[1], "USER": "ana"}

            def run(*words, code=0):
                answer = tieout("-C", folder, *words, env=environment)
                self.assertEqual(answer.returncode, code, (words, answer.stdout, answer.stderr))
                return answer.stdout + answer.stderr

            run("init", "--crm-url", crm[0], "--books-url", books[0], "--books-account", "9130357849", "--crm-token-env",
                "CRM_TOKEN", "--books-token-env", "BOOKS_TOKEN")
            run("connect", "crm")
            run("connect", "books")
            self.assertIn("Nothing was written yet", run("undo"))
            run("sync")
            run("sync")
            self.assertIn("run-", run("undo", "--list"))
            written = json.loads(run("--json", "undo"))
            everything = json.loads(run("--json", "undo", written[-1]["run"]))
            voids = [one for one in everything["changes"] if one["kind"] == "void"]
            self.assertEqual(len(voids), 3)
            plan = run("undo", "invoice " + voids[0]["target"])
            self.assertIn("void: unpaid, not sent, period open", plan)
            self.assertIn("Undo of invoice " + voids[0]["target"] + ": 1 to void, 0 to credit, 1 to change back, 0 can not", plan)
            self.assertIn("receivables reversed", plan)
            name = plan[plan.index("tieout apply ") + 13:].split()[0]
            self.assertIn("1 voided", run("apply", name))
            self.assertIn("There is nothing left to undo", run("undo", "invoice " + voids[0]["target"]))
            self.assertIn("Both sides tie out", run("reconcile"))
            self.assertIn("[undo.nothing]", run("undo", "plan-00000000", code=1))
            sale = [one["record"] for one in json.loads(run("--json", "reconcile"))["differences"] if one["cause"] == "undone"][0]
            self.assertIn("ana asked for a new invoice", run("reissue", sale))
            self.assertIn("1 created", run("sync"))
            self.assertIn("[reissue.document_stands]", run("reissue", sale, code=1))
            self.assertIn("Nothing was changed yet", run("link", "unlink", sale))
            self.assertIn("Take it back: tieout link repoint", run("link", "unlink", sale, "--yes"))
            self.assertIn("linked to nothing", run("link", "history", sale))
            self.assertIn("ana took", run("link", "history", sale))

    def test_completions_know_every_command_and_bash_can_read_them(self):
        text = tieout("completions", "bash").stdout
        subprocess.run(["bash", "-n"], input=text, text=True, check=True, timeout=60)
        offered = subprocess.run(["bash", "-c", text + "\nCOMP_WORDS=(tieout re); COMP_CWORD=1; _tieout; echo ${COMPREPLY[@]}"],
                                 capture_output=True, text=True, check=True, timeout=60).stdout.split()
        self.assertLessEqual({"reconcile", "reissue", "review"}, set(offered))
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
