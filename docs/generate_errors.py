#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/errors.md from the registry.

  python3 docs/generate_errors.py            writes
  python3 docs/generate_errors.py --check    compares, exit 1 when the page differs

Source: lib/registry/<room>.toml. The page is committed; tests/house/test_docs.py compares it.
"""
import pathlib
import sys
import tomllib

TOP = pathlib.Path(__file__).resolve().parent.parent
PAGE = TOP / "docs/errors.md"
ROOMS = ["base", "record", "formats", "match"]
HEAD = """# Errors

<!-- Written by docs/generate_errors.py from lib/registry; do not edit. -->

Every call that can fail answers an `o2c_status`: 0 is done, negative means *this call changed nothing*. A caller who wants to know
more hands in an `o2c_error`: it is 512 bytes that the caller owns, it is filled only on failure, and it needs no release. It says
where: `offset` (byte of the input, after inflating), `line`, `row` (of an array), `field` (or the name of a limit), and one line of
`message`. A number is never reused; `o2c_status_class()` and `o2c_status_retry()` answer for any number, also for one that a newer
library returned.

In a program: `o2c_status_name()`, `o2c_status_text()`, `o2c_status_cause()` and `o2c_status_remedy()` give the columns below.
"""


def load(room):
    with open(TOP / "lib/registry" / f"{room}.toml", "rb") as file:
        return tomllib.load(file)


def name_of(status):
    return "O2C_OK" if status["name"] == "OK" else "O2C_" + status["name"]


def page():
    out = [HEAD]
    for room in ROOMS:
        rows = load(room).get("status", [])
        if not rows:
            continue
        out.append(f"\n## Room {room}\n\n| status | value | text | cause | remedy |\n|---|--:|---|---|---|\n")
        for s in rows:
            out.append(f"| `{name_of(s)}` | {s['value']} | {s['text']} | {s['cause']} | {s['remedy']} |\n")
    return "".join(out)


def main():
    text = page()
    if "--check" in sys.argv[1:]:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
            return 0
        print("docs/errors.md is not what the registry says: run python3 docs/generate_errors.py")
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
