#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts what meson's test logs hold, every TAP line one result, and ends with "N passed, N failed, N skipped".

  python3 tests/count.py [--broken N] BUILD…     N = steps that failed before any test could run
"""
import argparse
import json
import pathlib
import re

RESULT = re.compile(r"^(not )?ok\b(?:\s+\d+)?\s*(?:-\s*)?([^#]*)(?:#\s*(SKIP)\b\s*(.*))?", re.IGNORECASE)


def read(build):
    """Yields (name, kind, why) of every result: kind is passed, failed or skipped."""
    log = pathlib.Path(build, "meson-logs/testlog.json")
    if not log.exists():
        return
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        test = json.loads(line)
        yield from results(test, f"{pathlib.Path(build).name}: {test['name'].split(' / ')[-1]}")


def results(test, name):
    lines = test.get("stdout", "").splitlines()
    tap = any(re.match(r"1\.\.\d+", line) for line in lines)
    failed = 0
    for number, line in enumerate(lines if tap else []):
        match = RESULT.match(line)
        if match and match.group(3):
            yield f"{name}: {match.group(2).strip()}", "skipped", match.group(4).strip() or "no reason given"
        elif match:
            notes = []
            while len(notes) < 5 and number + 1 + len(notes) < len(lines) and lines[number + 1 + len(notes)].startswith("#"):
                notes.append(lines[number + 1 + len(notes)])
            failed += bool(match.group(1))
            yield f"{name}: {match.group(2).strip()}", "failed" if match.group(1) else "passed", "\n".join(notes)
    if tap and re.match(r"1\.\.0\b", next(line for line in lines if line.startswith("1.."))):
        yield name, "skipped", lines[0].partition("#")[2].replace("SKIP", "").strip() or "the plan is empty"
    outcome = test["result"]
    if outcome in ("OK", "EXPECTEDFAIL"):
        if not tap:
            yield name, "passed", ""
    elif outcome == "SKIP":
        if not tap:
            yield name, "skipped", test.get("stdout", "").strip() or "exit code 77"
    elif not failed:
        # A crash, a time-out, a plan that was not kept: no line says so, but it is a failure.
        yield name, "failed", f"{outcome}, exit code {test.get('returncode')}\n" + "\n".join((test.get("stderr") or "").splitlines()[:25])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--broken", type=int, default=0)
    parser.add_argument("builds", nargs="*")
    args = parser.parse_args()
    counts = {"passed": 0, "failed": args.broken, "skipped": 0}
    skipped = {}
    for build in args.builds:
        for name, kind, why in read(build):
            counts[kind] += 1
            if kind == "failed":
                print(f"FAILED {name}")
                print("".join(f"    {line}\n" for line in why.splitlines()), end="")
            elif kind == "skipped":
                skipped.setdefault(why, []).append(name)
    for why, names in skipped.items():
        print(f"skipped {len(names)}: {why} ({names[0]}{', …' if len(names) > 1 else ''})")
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
