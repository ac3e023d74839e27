"""verify, log checkpoint | export | prove and explain --payload on a real project: the one that `tieout demo` leaves."""
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile

TIEOUT = sys.argv[1]
ROOT = pathlib.Path(__file__).resolve().parents[2]
VERIFIER = ROOT / "tools/verify/tieout_verify.py"
wrong = []


def run(*words, expect=0, program=TIEOUT):
    words = [program, *map(str, words)] if program == TIEOUT else [sys.executable, str(program), *map(str, words)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=240)
    if done.returncode != expect:
        wrong.append(f"{' '.join(words[1:])}: exit {done.returncode}, expected {expect}\n{done.stdout}{done.stderr}")
    return done.stdout


def check(holds, what):
    if not holds:
        wrong.append(what)


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    project = folder / "project"
    run("demo", "--keep", project)
    config = project / "tieout.yaml"
    config.write_text(config.read_text() + f"\naudit:\n  checkpoints: {folder}/checkpoints\n")
    on = ("-C", project)

    key = run(*on, "verify", "--key").strip()
    (folder / "key").write_text(key + "\n")
    check(key.startswith("tieout.log/") and key.count("+") >= 2, f"no verifier key: {key}")

    # The disk is full in the middle of a note: no half of it stays, which would swallow the next one. The file is made
    # longer than the store, so that it alone meets the limit.
    longest = 256 << 20

    def limited():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (longest + 10, longest + 10))

    (folder / "checkpoints").touch()
    os.truncate(folder / "checkpoints", longest)
    full = subprocess.run([TIEOUT, *map(str, on), "log", "checkpoint"], capture_output=True, text=True, preexec_fn=limited)
    check(full.returncode != 0 and "log.export.io" in full.stdout + full.stderr, f"a full disk is no error: {full.stderr}")
    check((folder / "checkpoints").stat().st_size == longest, "half a checkpoint was left behind")
    (folder / "checkpoints").unlink()

    note = run(*on, "log", "checkpoint")
    check("\n\n\u2014 tieout.log/" in note, f"no signed note: {note}")
    check((folder / "checkpoints").read_text() == note + "\n", "the checkpoint was not added to its file")
    check("good" in run(*on, "verify"), "a fresh project does not verify")
    check("good" in run(*on, "verify", "--checkpoint", folder / "checkpoints"), "nor against its checkpoints")

    run(*on, "log", "export", "--out", folder / "export")
    check("good" in run("verify", "--export", folder / "export", "--trust", folder / "key"), "an export does not verify")
    run("--key", folder / "key", "export", folder / "export", "--older", folder / "checkpoints", program=VERIFIER)
    lines = (folder / "export/leaves.jsonl").read_text().splitlines()
    written = next(json.loads(line) for line in lines
                   if '"act":"write.confirmed"' in line and '"partner":"books:invoice:' in line)
    invoice = "books invoice " + written["partner"].split(":")[2]

    run(*on, "log", "prove", invoice, "--out", folder / "proof.json")
    run("--key", folder / "key", "proof", folder / "proof.json", program=VERIFIER)
    check("good" in run("verify", "--proof", folder / "proof.json", "--trust", folder / "key"), "a proof does not verify")
    run(*on, "log", "prove", "--since", folder / "checkpoints", "--out", folder / "grown.json")
    run("--key", folder / "key", "consistency", folder / "grown.json", program=VERIFIER)

    story = json.loads(run(*on, "--json", "explain", invoice, "--payload"))
    pieces = {piece["action"]: piece for piece in reversed(story["evidence"])}  # the first of each: the invoice was made
    check("dealname" in pieces["write.asked"]["source"], "explain does not show the CRM's words")
    check('"Line"' in pieces["write.asked"]["request"], "explain does not show the request")
    check('"Id"' in pieces["write.confirmed"]["answer"], "explain does not show the answer")
    check("In the audit log" in run(*on, "explain", invoice), "explain does not name the lines")

    (folder / "export/leaves.jsonl").write_text("\n".join(lines[:-1]) + "\n")
    check("log.shorter" in run("verify", "--export", folder / "export", "--trust", folder / "key", expect=1),
          "a cut export is not found")
    run("--key", folder / "key", "export", folder / "export", expect=1, program=VERIFIER)

print("\n".join(wrong) or "verify, log and explain do what their pages say")
sys.exit(1 if wrong else 0)
