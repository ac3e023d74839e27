#!/usr/bin/env python3
"""Checks an export of Tieout's audit log without Tieout: Python 3.8 or later, standard library only.

    tieout_verify.py --key KEYFILE export FOLDER [--older CHECKPOINTS ...]
    tieout_verify.py --key KEYFILE proof FILE
    tieout_verify.py --key KEYFILE consistency FILE

KEYFILE holds the verifier key as `tieout verify --key` printed it, kept by you since: a key that came with the export
proves nothing. `export` reads leaves.jsonl and checkpoint of the folder, makes the Merkle tree (RFC 6962) again, checks
the signature (C2SP signed-note, Ed25519) and every older checkpoint that you held. `proof` checks a file of
`tieout log prove RECORD`, `consistency` one of `tieout log prove --since CHECKPOINT`. Exit 0: all is as signed;
1: it is not, with each finding on a line; 2: the command line is not understood.
"""
import argparse
import base64
import hashlib
import json
import pathlib
import re
import sys

# -- Ed25519 verification (RFC 8032, section 5.1.7) on extended coordinates
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e1, e2 = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    e3, e4 = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = e2 - e1, e4 - e3, e4 + e3, e2 + e1
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor, point):
    total = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = add(total, point)
        point = add(point, point)
        factor >>= 1
    return total


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def point_of(data):
    """The point of 32 bytes, or None when they are not the one encoding of a point."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - xx) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_fits(key, text, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    if any(same(times(8, point), (0, 1, 1, 0)) for point in (a, r)):
        return False  # points of small order: no honest signer has them
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % ORDER
    return same(times(s, BASE), add(r, times(h, a)))


# -- the tree (RFC 6962, section 2.1) and its proofs (RFC 9162, sections 2.1.3.2 and 2.1.4.2)


def sha256(data):
    return hashlib.sha256(data).digest()


def node_hash(left, right):
    return sha256(b"\1" + left + right)


class Tree:
    def __init__(self):
        self.size, self.peaks = 0, []

    def add(self, leaf):
        top, size = sha256(b"\0" + leaf), self.size
        while size & 1:
            top, size = node_hash(self.peaks.pop(), top), size >> 1
        self.peaks.append(top)
        self.size += 1

    def root(self):
        if not self.peaks:
            return sha256(b"")
        top = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            top = node_hash(peak, top)
        return top


def climb(at, last, proof, seeds):
    """Carries hashes to the root; seeds[0] is joined from both sides, seeds[1:] from the left only. None: misfit."""
    for sibling in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            seeds = [node_hash(sibling, one) for one in seeds]
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            seeds[0] = node_hash(seeds[0], sibling)
        at, last = at >> 1, last >> 1
    return seeds if last == 0 else None


def proves_inclusion(leaf, number, size, proof, root):
    return 0 <= number < size and climb(number, size - 1, proof, [leaf]) == [root]


def proves_consistency(older, newer, proof, old_root, new_root):
    if older == newer:
        return not proof and old_root == new_root
    if older == 0:
        return not proof and old_root == sha256(b"")
    if not 0 < older < newer or not proof:
        return False
    at, last = older - 1, newer - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first, rest = (old_root, proof) if at == 0 else (proof[0], proof[1:])
    return climb(at, last, rest, [first, first]) == [new_root, old_root]


# -- notes and lines


class Refused(Exception):
    pass


def unbase64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Refused(f"not base64: {error}")
    if base64.b64encode(data).decode() != text:
        raise Refused("not base64 in its one spelling")
    return data


def parse_key(text):
    match = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\n?", text)
    if not match:
        raise Refused("this is no verifier key (name+8 digits+base64)")
    name, key_id, data = match.group(1), bytes.fromhex(match.group(2)), unbase64(match.group(3))
    if len(data) != 33 or data[0] != 1 or sha256(name.encode() + b"\n" + data)[:4] != key_id:
        raise Refused("the verifier key does not fit its own check digits")
    return name, key_id, data[1:]


def open_checkpoint(note, key):
    """(size, root) of a note with a good signature of the key."""
    name, key_id, public = key
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise Refused("a checkpoint is not in its form")
    text, good = (text + "\n").encode(), False
    for line in signatures[:-1].split("\n"):
        match = re.fullmatch("\u2014 ([\\x21-\\x2a\\x2c-\\x7e]+) ([A-Za-z0-9+/=]+)", line)
        if not match:
            raise Refused("a signature line is not in its form")
        data = unbase64(match.group(2))
        if match.group(1) != name or data[:4] != key_id:
            continue  # of someone else
        if not signature_fits(public, text, data[4:]):
            raise Refused("the signature does not fit what the checkpoint says: it was changed")
        good = True
    if not good:
        raise Refused(f"the checkpoint carries no signature of {name}")
    fields = text.decode().split("\n")
    if len(fields) != 4 or fields[0] != name or not re.fullmatch("0|[1-9][0-9]{0,17}", fields[1]):
        raise Refused("the checkpoint is of another log, or not in its form")
    return int(fields[1]), unbase64(fields[2])


def notes_in(text):
    parts = text.split("\n\n")
    if parts and parts[-1] == "":
        parts.pop()
    return [parts[i] + "\n\n" + (parts[i + 1].rstrip("\n") if i + 1 < len(parts) else "") + "\n"
            for i in range(0, len(parts), 2)]


def number_of(line):
    try:
        leaf = json.loads(line)
        return leaf["n"] if leaf["v"] == 1 and isinstance(leaf["n"], int) else None
    except (ValueError, KeyError, TypeError):
        return None


# -- the three questions; each yields findings


def check_export(folder, key, older):
    checkpoints = []
    for note in [(folder / "checkpoint").read_bytes()] + older:
        try:
            checkpoints.append(open_checkpoint(note.decode("utf-8"), key))
        except (Refused, UnicodeDecodeError) as refused:
            yield f"log.checkpoint: {refused}"
    expected = {}
    for size, root in checkpoints:
        expected.setdefault(size, set()).add(root)
    exported = folder / "verifier.key"
    if exported.exists() and parse_key(exported.read_text("utf-8")) != key:
        yield "log.key.differs: the key in the export is not the one that you believe"
    lines, tree = (folder / "leaves.jsonl").read_bytes().split(b"\n"), Tree()
    if lines.pop() != b"":
        yield "log.line.malformed: the last line has no end"
    for number in range(len(lines) + 1):
        for root in expected.pop(number, ()):
            if root != tree.root():
                yield f"log.root.differs: the first {number} lines are not those that were signed"
        if number < len(lines):
            if number_of(lines[number]) != number:
                yield f"log.line.malformed: line {number} is no line, or stands in the wrong place"
            tree.add(lines[number])
    for size in sorted(expected):
        yield f"log.shorter: the log has {tree.size} lines, but a checkpoint was signed over {size}"
    if checkpoints and tree.size > max(size for size, _ in checkpoints):
        yield f"log.line.unsigned: there are {tree.size} lines, the checkpoint covers fewer"


def check_proof(path, key):
    file = json.loads(path.read_text("utf-8"))
    size, root = open_checkpoint(file["checkpoint"], key)
    named = set()
    for entry in file["lines"]:
        line, number = entry["line"].encode(), entry["number"]
        proof = [unbase64(one) for one in entry["proof"]]
        if number_of(line) != number or not proves_inclusion(sha256(b"\0" + line), number, size, proof, root):
            yield f"log.proof.refused: line {number} is not shown to be in the signed log"
        else:
            leaf = json.loads(line)
            named.update(leaf.get(name) for name in ("payload", "request", "answer", "answer_payload"))
    if not file["lines"]:
        yield "log.proof.malformed: it proves nothing"
    for piece in file["evidence"]:
        if hashlib.sha256(piece["text"].encode()).hexdigest() != piece["sha256"] or piece["sha256"] not in named:
            yield f"log.evidence.differs: {piece['sha256']} is not what a proven line tells of"


def check_consistency(path, key):
    file = json.loads(path.read_text("utf-8"))
    (older, old_root), (newer, new_root) = (open_checkpoint(file[name], key) for name in ("older", "newer"))
    if not proves_consistency(older, newer, [unbase64(one) for one in file["proof"]], old_root, new_root):
        yield f"log.proof.refused: the log of {newer} lines is not shown to begin with that of {older}"


def main():
    parser = argparse.ArgumentParser(description="Checks an export of Tieout's audit log.")
    parser.add_argument("--key", required=True, type=pathlib.Path, help="file with the verifier key that you kept")
    parser.add_argument("what", choices=("export", "proof", "consistency"))
    parser.add_argument("path", type=pathlib.Path)
    parser.add_argument("--older", type=pathlib.Path, action="append", default=[], help="checkpoints that you kept")
    options = parser.parse_args()
    try:
        key = parse_key(options.key.read_text("utf-8"))
        if options.what == "export":
            older = [note.encode() for path in options.older for note in notes_in(path.read_text("utf-8"))]
            findings = list(check_export(options.path, key, older))
        else:
            findings = list((check_proof if options.what == "proof" else check_consistency)(options.path, key))
    except (Refused, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        findings = [f"log.refused: {error}"]
    for finding in findings:
        print(finding)
    print(f"{'good' if not findings else 'NOT good'}: {options.path}, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
