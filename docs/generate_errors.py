#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what the pages say of the registry: docs/errors.md, and the table of policy fields in docs/rooms/match.md.

  python3 docs/generate_errors.py            writes
  python3 docs/generate_errors.py --check    compares, exit 1 when a page differs

Source: lib/registry/<room>.toml and lib/registry/policy/match.toml. The pages are committed; tests/house/test_docs.py compares them.
"""
import pathlib
import sys
import tomllib

TOP = pathlib.Path(__file__).resolve().parent.parent
PAGE = TOP / "docs/errors.md"
MATCH = TOP / "docs/rooms/match.md"
BEGIN, END = "<!-- policy: written by docs/generate_errors.py -->\n", "<!-- end of policy -->\n"
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


def shown(number):
    return "10^15" if number == 10**15 else f"{number:,}"


def policy_table():
    with open(TOP / "lib/registry/policy/match.toml", "rb") as file:
        policy = tomllib.load(file)
    out = ["| field | default | range | what it allows |\n|---|--:|---|---|\n"]
    for field in policy["field"]:
        out.append(f"| `{field['name']}` | {shown(field['default'])} | {shown(field['min'])} … {shown(field['max'])} | {field['doc']} |\n")
    for field in policy.get("list", []):
        spread = f"each {shown(field['min'])} … {shown(field['max'])}, at most {field['count_max']}"
        out.append(f"| `{field['name']}` | none | {spread} | {field['doc']} |\n")
    return "".join(out)


def match_page():
    text = MATCH.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    return before + BEGIN + policy_table() + END + rest.split(END)[1]


def main():
    wrong = 0
    for path, text in ((PAGE, page()), (MATCH, match_page())):
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{path.relative_to(TOP)} is not what the registry says: run python3 docs/generate_errors.py")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
