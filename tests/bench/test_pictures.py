#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The pictures come from the JSON lines and from nothing else (TAP). The lines here are a sample for this test, not a result."""
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.dom.minidom

TOP = pathlib.Path(os.environ.get("O2C_SOURCE") or pathlib.Path(__file__).resolve().parent.parent.parent)
SAMPLE = TOP / "tests/bench/sample"
NAMES = ["peers.svg", "precision.svg", "scaling.svg"]


def draw(results, out):
    done = subprocess.run([sys.executable, str(TOP / "bench/pictures.py"), str(results), str(out)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def check_same_bytes(folder):
    status, table = draw(SAMPLE, folder)
    wrong = [] if status == 0 else [f"pictures.py answers {status}"]
    for name in NAMES:
        path = folder / name
        if not path.exists():
            wrong.append(f"{name} was not drawn")
        elif path.read_bytes() != (SAMPLE / name).read_bytes():
            wrong.append(f"{name} differs from tests/bench/sample: look at it, then copy it")
        else:
            xml.dom.minidom.parse(str(path))
    if table != (SAMPLE / "table.md").read_text(encoding="utf-8"):
        wrong.append("the table differs")
    return wrong


def check_follow_the_figures(folder):
    """A picture that did not change with its figures would be painted."""
    lines = (SAMPLE / "match.jsonl").read_text(encoding="utf-8")
    other = folder / "other"
    other.mkdir()
    (other / "match.jsonl").write_text(lines.replace('"ns_per_payment":4500', '"ns_per_payment":9500').replace('"auto_wrong":90,', '"auto_wrong":91,')
                                       .replace('"bar_ppm":995000,"auto":', '"bar_ppm":995000,"auto":1'), encoding="utf-8")
    draw(other, folder / "drawn")
    return [f"{name} does not follow its figures" for name in NAMES if (folder / "drawn" / name).read_bytes() == (SAMPLE / name).read_bytes()]


def crowd():
    """Peers side by side and curves upon each other: as close as figures come."""
    peers = [("Odoo greedy", 400, 620000), ("ERPNext rank", 380, 625000), ("Business Central", 395, 628000), ("Oracle AutoMatch", 900, 990000),
             ("libo2c", 0, 985000), ("libo2c, shipped list", 0, 980000), ("SQLite", 0, 300000), ("regular expressions", 0, 301000)]
    rows = [{"what": "peer_score", "peer": name, "payments": 11000, "auto": 9000, "auto_wrong": wrong, "auto_rate_ppm": rate} for name, wrong, rate in peers]
    for power in range(3, 8):
        rows += [{"scenario": scenario, "items": 10 ** power, "threads": 1, "ns_per_payment": spent + power} for scenario, spent in (("exact", 450), ("free", 452))]
    return rows + [{"scenario": "mix", "items": 60019, "threads": 1, "ns_per_payment": 460, "history_ppm": 300000}]


def boxes(path):
    """Where the labels of points stand: (left, top, right, bottom, text), letters taken as 6.4 wide."""
    found = []
    for node in xml.dom.minidom.parse(str(path)).getElementsByTagName("text"):
        kinds, text = node.getAttribute("class").split(), node.firstChild.data
        if not {"one", "two", "three"} & set(kinds):
            continue
        x, y, width = float(node.getAttribute("x")), float(node.getAttribute("y")), 6.4 * len(text)
        left = x - (width if "end" in kinds else width / 2 if "middle" in kinds else 0)
        found.append((left, y - 11, left + width, y + 3, text))
    return found


def check_labels_stand_apart(folder):
    (folder / "crowd.jsonl").write_text("".join(json.dumps(row) + "\n" for row in crowd()), encoding="utf-8")
    draw(folder, folder)
    wrong, labels = [], 0
    for name in ("peers.svg", "scaling.svg"):
        found = boxes(folder / name)
        labels += len(found)
        wrong += [f"{name}: {a[4]} covers {b[4]}" for a, b in itertools.combinations(found, 2)
                  if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]]
        wrong += [f"{name}: {box[4]} leaves the picture" for box in found if box[0] < 0 or box[2] > 760]
    return wrong if labels == 11 else wrong + [f"{labels} labels were seen, not 11"]


def check_points_stand_at_their_size(folder):
    """A run of 60,019 items stands at 60,019, not at the next power of ten."""
    (folder / "crowd.jsonl").write_text("".join(json.dumps(row) + "\n" for row in crowd()), encoding="utf-8")
    draw(folder, folder)
    places = [node.getAttribute("cx") for node in xml.dom.minidom.parse(str(folder / "scaling.svg")).getElementsByTagName("circle")
              if node.getAttribute("class") == "two"]
    return [] if places == ["365.9"] else [f"the mix stands at {places}"]


def check_committed_pictures(folder):
    """What stands in docs/pictures is what pictures.py draws of the figures committed beside it."""
    docs = TOP / "docs/pictures"
    ours = [name for name in NAMES if (docs / name).exists()]
    if not ours:
        return []
    if not (docs / "figures.jsonl").exists():
        return ["docs/pictures has no figures.jsonl: sh bench/run.sh pictures docs/pictures"]
    shutil.copy(docs / "figures.jsonl", folder)
    draw(folder, folder / "drawn")
    drawn = [name for name in NAMES if (folder / "drawn" / name).exists()]
    return ([f"{name} is not drawn from figures.jsonl" for name in ours if name not in drawn or (docs / name).read_bytes() != (folder / "drawn" / name).read_bytes()]
            + [f"{name} is not there, its figures are" for name in drawn if name not in ours and name == "precision.svg"])


def main():
    checks = [("pictures__the_same_lines_give_the_same_bytes", check_same_bytes), ("pictures__follow_the_figures", check_follow_the_figures),
              ("pictures__labels_stand_apart", check_labels_stand_apart), ("pictures__points_stand_at_their_size", check_points_stand_at_their_size),
              ("pictures__of_the_documentation_are_drawn_from_their_figures", check_committed_pictures)]
    print(f"1..{len(checks)}")
    failed = 0
    for number, (name, check) in enumerate(checks, 1):
        with tempfile.TemporaryDirectory() as folder:
            wrong = check(pathlib.Path(folder))
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
        for line in wrong:
            print(f"# {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
