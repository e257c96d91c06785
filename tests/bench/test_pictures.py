#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The pictures come from the JSON lines and from nothing else (TAP). The lines here are a sample for this test, not a result."""
import os
import pathlib
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


def main():
    checks = [("pictures__the_same_lines_give_the_same_bytes", check_same_bytes), ("pictures__follow_the_figures", check_follow_the_figures)]
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
