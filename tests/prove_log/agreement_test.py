"""The stand-alone verifier (tools/verify) judges a sample of changed exports, and the proofs, as the program does."""
import importlib.util
import io
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = 120

spec = importlib.util.spec_from_file_location("tieout_verify", ROOT / "tools/verify/tieout_verify.py")
verifier = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verifier)


def verdict(*arguments):
    """True: the verifier found nothing. Runs its main() as the command line would."""
    kept, sys.argv, sys.stdout = (sys.argv, sys.stdout), ["tieout_verify.py", *map(str, arguments)], io.StringIO()
    try:
        return verifier.main() == 0
    finally:
        sys.argv, sys.stdout = kept


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.argv[1], "--count", str(SAMPLE), "--proofs", "0", "--seed", "7", "--keep", name], check=True)
        key = folder / "key"
        cases = sorted(path.parent for path in folder.glob("*/verdict"))
        for case in cases:
            expected = (case / "verdict").read_text() == "good\n"
            if verdict("--key", key, "export", case, "--older", case / "older") != expected:
                wrong.append(f"{case.name}: the program says {'good' if expected else 'changed'}")
        proofs = sorted(folder.glob("proof-*.json"))
        for proof in proofs[:20]:
            if not verdict("--key", key, "proof", proof):
                wrong.append(f"{proof.name} is refused")
            text = proof.read_text()
            proof.write_text(text.replace("crm:deal:9", "crm:deal:8", 1))
            if verdict("--key", key, "proof", proof):
                wrong.append(f"{proof.name} is accepted although it was changed")
        lines = len((ROOT / "tools/verify/tieout_verify.py").read_text().splitlines())
        if lines > 300:
            wrong.append(f"the verifier has {lines} lines, 300 are promised")
    print("\n".join(wrong) or f"agreed on {len(cases)} exports and {2 * len(proofs[:20])} proofs")
    return 1 if wrong else 0


sys.exit(main())
