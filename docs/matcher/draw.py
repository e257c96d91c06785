#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the shares of the explanations of two payments from what the tool says of them: the same amount without and with a reference."""
import json
import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ["O2C_BUILD"])
TOOL = next(path for path in (BUILD / "examples/o2c/o2c", BUILD / "o2c") if path.exists())
AMOUNTS = {row.split(",")[1]: row.split(",")[3] for row in (TOP / "docs/matcher/items.csv").read_text().splitlines()[1:]}
STYLE = """<style>
text{font:13px system-ui,sans-serif;fill:#1f2933}.h{font-weight:600}.s{fill:#52606d}.w{fill:#0b6e4f}.r{fill:#b9c3cd}.o{fill:#e4e7eb}
@media(prefers-color-scheme:dark){text{fill:#e4e7eb}.s{fill:#a9b4bf}.w{fill:#3bb18a}.r{fill:#5f6c79}.o{fill:#39434d}}
</style>"""


def answer(name):
    words = [str(TOOL), "match", "--items", "docs/matcher/items.csv", "--customers", "docs/matcher/customers.csv", "--statement",
             f"docs/matcher/{name}.csv", "--format", "json"]
    return json.loads(subprocess.run(words, cwd=TOP, capture_output=True, check=True, text=True).stdout.splitlines()[0])


def label(items):
    return " + ".join(AMOUNTS[item] for item in items)


def shares(said):
    """(words, ppm, class) of every explanation, the winner first, and what is left."""
    rows = [(label([line["document"] for line in said["lines"]]), 0, "w")]
    rows += [(label(row["items"]), row["posterior_ppm"], "r") for row in said["alternatives"]]
    winner = 1000000 - max(line["error_ppb"] // 1000 + (line["error_ppb"] % 1000 > 0) for line in said["lines"])
    rows[0] = (rows[0][0], winner, "w")
    rest = 1000000 - sum(row[1] for row in rows)
    return rows + [("short, over, on account, someone else", max(rest, 0), "o")]


def panel(x, title, text, rows):
    out = [f'<text x="{x}" y="28" class="h">{title}</text><text x="{x}" y="48" class="s">{text}</text>']
    for i, (words, ppm, kind) in enumerate(rows):
        y = 70 + 46 * i
        out.append(f'<text x="{x}" y="{y + 8}">{words}</text>')
        out.append(f'<rect class="{kind}" x="{x}" y="{y + 14}" width="{max(ppm * 260 // 1000000, 1)}" height="14" rx="2"/>')
        out.append(f'<text x="{x + max(ppm * 260 // 1000000, 1) + 6}" y="{y + 26}" class="s">{ppm // 10000}.{ppm // 100 % 100:02} %</text>')
    return "".join(out)


naked, damaged = shares(answer("naked")), shares(answer("damaged"))
height = 70 + 46 * max(len(naked), len(damaged)) + 6
print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {height}" role="img" aria-label="Shares of the explanations of two payments">{STYLE}'
      + panel(16, "2,160.00, no text", "two pairs of neighbors hold the same", naked)
      + panel(400, "2,160.00, “INV 193043849 THANKS”", "the last digit of a number is missing", damaged) + "</svg>")
