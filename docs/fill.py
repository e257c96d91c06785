#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fills the ```console blocks of a page with what their commands print, and draws its pictures; --check compares instead.

    python3 docs/fill.py BUILD [--check]     BUILD: a build folder with the tool, for instance build/quickstart

A block begins with "$ command" and is followed by what the command prints. Only commands of this project that need no more than seconds are
run: o2c and python3 docs/…; others (benchmarks) stay as they are.
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
PAGES = ["docs/matcher.md"]
DRAWN = {"docs/pictures/explanations.svg": "docs/matcher/draw.py"}
BLOCK = re.compile(r"```console\n(\$ (?:o2c|python3 docs/)[^\n]*)\n(.*?)```", flags=re.DOTALL)


def said(build, words):
    """What a command prints, trailing blanks cut."""
    tool = build / "examples/o2c/o2c"
    words = [str(tool if tool.exists() else build / "o2c") if word == "o2c" else word for word in words]
    words[0] = sys.executable if words[0] == "python3" else words[0]
    folders = os.pathsep.join(filter(None, [str(build / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]))
    done = subprocess.run(words, cwd=TOP, capture_output=True, check=False, env={**os.environ, "LD_LIBRARY_PATH": folders, "O2C_BUILD": str(build)})
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: exit {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    return "".join(line.rstrip() + "\n" for line in done.stdout.decode().rstrip("\n").split("\n"))


def filled(build, text):
    return BLOCK.sub(lambda block: f"```console\n{block[1]}\n{said(build, shlex.split(block[1])[1:])}```", text)


def main():
    build, check = pathlib.Path(sys.argv[1]).resolve(), "--check" in sys.argv
    fresh = {page: filled(build, (TOP / page).read_text(encoding="utf-8")) for page in PAGES}
    fresh.update({picture: said(build, ["python3", program]) for picture, program in DRAWN.items()})
    wrong = [name for name, text in fresh.items() if not (TOP / name).exists() or (TOP / name).read_text(encoding="utf-8") != text]
    for name in wrong:
        if check:
            print(f"{name} is not what its commands print: run docs/fill.py")
        else:
            (TOP / name).parent.mkdir(exist_ok=True)
            (TOP / name).write_text(fresh[name], encoding="utf-8")
    return 1 if check and wrong else 0


if __name__ == "__main__":
    sys.exit(main())
