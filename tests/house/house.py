# SPDX-License-Identifier: Apache-2.0
"""What the house tests share: TAP, the source tree, and C without its comments."""
import os
import pathlib
import re
import sys

TOP = pathlib.Path(os.environ.get("O2C_SOURCE") or pathlib.Path(__file__).resolve().parent.parent.parent)
BUILD = pathlib.Path(os.environ.get("O2C_BUILD") or TOP / "build")


class Skip(Exception):
    """Raised by a check that cannot run here; its text says why."""


def sources(top, folders, suffixes):
    """Every source file below the folders, in a fixed order, build folders left out."""
    for folder in folders:
        for path in sorted((top / folder).rglob("*")):
            if path.is_file() and path.suffix in suffixes and "__pycache__" not in path.parts:
                yield path


def code_only(text, strings=True):
    """C text with comments (and the inside of strings) blanked, lines kept."""
    def blank(match):
        word = match.group(0)
        if word[0] == "/":
            return re.sub(r"[^\n]", " ", word)
        return word[0] + re.sub(r"[^\n]", " ", word[1:-1]) + word[-1] if strings else word
    return re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", blank, text, flags=re.DOTALL)


def run(*checks):
    """Runs checks; each answers the list of what is wrong. The name of the function is the sentence it proves."""
    print(f"1..{len(checks)}")
    failed = 0
    for number, check in enumerate(checks, 1):
        try:
            wrong, note = check(), ""
        except Skip as why:
            wrong, note = [], f" # SKIP {why}"
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {check.__name__}{note}")
        for line in wrong[:40]:
            print(f"# {line}")
        if len(wrong) > 40:
            print(f"# and {len(wrong) - 40} more")
    sys.exit(1 if failed else 0)
