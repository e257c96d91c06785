#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""o2c check-policy: layers, findings with their lines, refusals with their reasons; and the schema says what the reader does."""
import json
import sys

from tool import SOURCE, Folder, holds, main, run, same

folder = Folder()


def check_policy__says_line_severity_and_field_of_each_finding():
    path = folder.write("policy.json", '{\n  "match": {\n    "auto_ppm": 980000,\n    "fees": [1500, 1500]\n  }\n}\n')
    result = run("check-policy", path)
    same(result.code, 0, result.err)
    holds("policy.json:3: warning: auto_ppm: " in result.out, result.out)
    holds("policy.json:4: warning: fees: A value stands twice." in result.out, result.out)
    holds(result.out.endswith("1 file, 2 findings: the policy is accepted\n"), result.out)


def check_policy__a_later_layer_wins_and_crossing_bars_are_refused():
    first, second = folder.write("a.json", '{"match": {"auto_ppm": 991000}}'), folder.write("b.json", '{"match": {"show_ppm": 992000}}')
    both, turned = run("check-policy", first, second, "--format", "json"), run("check-policy", first)
    same(both.code, 3)
    holds("show_ppm 992000 must be below auto_ppm 991000" in both.err, both.err)
    same(both.objects()[-1], {"files": 2, "findings": 0, "accepted": False})
    same((turned.code, turned.out), (0, "1 file, 0 findings: the policy is accepted\n"))


def check_policy__refuses_with_the_name_that_was_meant():
    result = run("check-policy", "-", stdin=b'{"match": {"tolerence_minor": 5}}')
    same((result.code, result.out), (3, ""))
    for word in ("line 1, byte 11", "tolerence_minor", "is tolerance_minor meant?", "remedy"):
        holds(word in result.err, result.err)


def schema__says_what_the_reader_takes():
    """Every field of the schema: its bounds are taken, what lies outside is refused."""
    fields = json.loads((SOURCE / "docs/formats/policy.schema.json").read_text())["properties"]["match"]["properties"]
    holds(len(fields) > 18, "the schema has lost fields")
    for name, row in fields.items():
        inner = row.get("items", row)
        good, bad = [], ["nonsense", {}]
        if inner.get("type") == "integer":
            good, bad = [inner["minimum"], inner["maximum"]], bad + [inner["minimum"] - 1, inner["maximum"] + 1, 1.5, True]
        elif inner.get("type") == "boolean":
            good, bad = [True, False], bad + [0, 1]
        elif "enum" in inner:
            good, bad = inner["enum"], bad + [1]
        elif "pattern" in inner:
            good, bad = [["M13/KNOWN/OWN/ONLY_FIT", "00" * 16]["0-9a-f" in inner["pattern"]]], bad + [1, "M13"]
        for taken, values in ((True, good), (False, bad)):
            for value in values:
                text = json.dumps({"match": {name: [value] if row.get("type") == "array" else value}})
                result = run("check-policy", "-", stdin=text.encode())
                # bars that cross are a matter of the layers together
                holds((result.code == 0 or "must be below" in result.err) == taken, f"{text}: {result.code} {result.err}")


if __name__ == "__main__":
    sys.exit(main([row for name, row in list(globals().items()) if "__" in name and not name.startswith("__")]))
