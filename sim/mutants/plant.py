#!/usr/bin/env python3
"""Makes a copy of the sources with every bug of planted.txt behind a switch.

usage: plant.py list | check | FOLDER

list    prints the names.
check   says whether every bug still finds its place in the sources (exit 1 when one does not).
FOLDER  writes the copy there. Files that would be the same are left alone, so that a second build is short.
"""
import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COPIED = ["CMakeLists.txt", "CMakePresets.json", "cmake", "src", "sandbox", "sim", "packs", "docs/reference/errors"]


def bugs():
    """[(name, sentence, [(file, before, after)])] in the order of the file."""
    found = []
    part = None
    for number, line in enumerate((HERE / "planted.txt").read_text().splitlines(), 1):
        if line.startswith("## "):
            found.append((line[3:].strip(), [], []))
            part = None
        elif not found or line.startswith("# "):
            continue
        elif line.startswith("file: "):
            found[-1][2].append([line[6:].strip(), [], []])
            part = None
        elif line.startswith("- "):
            part = found[-1][2][-1][1]
            part.append(line[2:])
        elif line.startswith("+ "):
            part = found[-1][2][-1][2]
            part.append(line[2:])
        elif part is not None and line.strip():
            part.append(line)
        elif line.strip():
            found[-1][1].append(line.strip())
    for name, sentence, changes in found:
        if not sentence or not changes or any(not before or not after for _, before, after in changes):
            sys.exit(f"planted.txt: {name} is incomplete")
    return [(name, " ".join(sentence), [(file, "\n".join(before), "\n".join(after)) for file, before, after in changes])
            for name, sentence, changes in found]


def as_pattern(text):
    """The text, wherever its blanks and line ends lie."""
    return re.compile(r"\s+".join(re.escape(word) for word in text.split()))


def planted_sources():
    texts, wrong = {}, []
    for name, _, changes in bugs():
        for file, before, after in changes:
            text = texts.get(file) or (ROOT / file).read_text()
            pattern = as_pattern(before)
            hits = len(pattern.findall(text))
            if hits != 1:
                wrong.append(f"{name}: {file} holds its place {hits} times: {before.splitlines()[0].strip()}")
                continue
            code = after.replace("PLANTED", f'::tieout::planted::is("{name}")')
            texts[file] = pattern.sub(lambda _, code=code: code, text)
    if wrong:
        sys.exit("\n".join(wrong))
    return {file: '#include "base/planted.hpp"\n' + text for file, text in texts.items()}


def write(path, text):
    if path.exists() and path.read_bytes() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)


def copy_to(folder):
    planted = planted_sources()
    wanted = {}
    for name in COPIED:
        top = ROOT / name
        for path in [top] if top.is_file() else sorted(p for p in top.rglob("*") if p.is_file()):
            wanted[path.relative_to(ROOT).as_posix()] = path
    for name, path in wanted.items():
        write(folder / name, planted[name].encode() if name in planted else path.read_bytes())
    write(folder / "src/base/planted.hpp", (HERE / "planted.hpp").read_bytes())
    for top in ("src", "sandbox", "sim", "packs"):
        for path in (folder / top).rglob("*"):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and name not in wanted and name != "src/base/planted.hpp":
                path.unlink()


def main():
    if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    if sys.argv[1] == "list":
        for name, sentence, _ in bugs():
            print(f"{name:24} {sentence}")
    elif sys.argv[1] == "check":
        planted_sources()
        print(f"{len(bugs())} planted bugs, each in its place")
    else:
        copy_to(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
