#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Layouts of public structs against tests/house/frozen.txt: records never change, options only grow at their end.

  python3 tests/house/test_frozen.py --write     lists new structs and rewrites frozen.c; a release never changes an old line
"""
import sys

import house
from layout import code_changes, codes, measure, structs

HEAD = ("/* SPDX-License-Identifier: Apache-2.0 */\n/* Written by tests/house/test_frozen.py from frozen.txt: the build breaks when a frozen layout "
        "changes. */\n#include <stddef.h>\n\n")


def tables(lines):
    """{struct: (kind, size, {field: (offset, size)})}"""
    found, name = {}, None
    for line in lines:
        words = line.split()
        if line.startswith("  "):
            found[name][2][words[0]] = (int(words[1]), int(words[2]))
        elif words and words[0] in ("record", "options"):
            name = words[1]
            found[name] = (words[0], int(words[2]), {})
    return found


def changes(old, new):
    """What a newer layout may not do to an older one."""
    wrong = [f"{name} is gone" for name in old if name not in new]
    for name, (kind, size, fields) in ((n, t) for n, t in old.items() if n in new):
        now_kind, now_size, now = new[name]
        if kind != now_kind or (now_size != size if kind == "record" else now_size < size):
            wrong.append(f"{kind} {name}: {size} bytes became {now_kind} of {now_size}")
        wrong += [f"{name}.{f}: offset and size {at} became {now.get(f)}" for f, at in fields.items() if now.get(f) != at]
        fresh = [f for f in now if f not in fields]
        # Padding that an old caller never wrote holds anything: a new field stands behind all he knew.
        wrong += [f"{name}.{f} is new in a record" if kind == "record" else f"{name}.{f} is new before the old end" for f in fresh
                  if kind == "record" or now[f][0] < size]
    return wrong


def asserts(lines):
    out = [HEAD] + [f"#include <o2c/{p.name}>\n" for p in sorted((house.TOP / "include/o2c").glob("*.h"))]
    out.append("\n/* Pointers and size_t of 64 bits; other machines lay out what holds a pointer in their own way. */\n#if UINTPTR_MAX == UINT64_MAX\n")
    for name, (kind, size, fields) in tables(lines).items():
        out.append(f'_Static_assert(sizeof({name}) {"==" if kind == "record" else ">="} {size}, "{name}");\n')
        out += [f'_Static_assert(offsetof({name}, {f}) == {at[0]}, "{name}.{f}");\n' for f, at in fields.items()]
        out += [f'_Static_assert(sizeof((({name} *)0)->{f}) == {at[1]}, "{name}.{f}");\n' for f, at in fields.items()]
    return "".join(out) + "#endif\n\nint\nmain(void)\n{\n    return 0;\n}\n"


CODES = house.TOP / "tests/house/frozen_codes.txt"
LIST = house.TOP / "tests/house/frozen.txt"


def frozen__no_layout_has_changed():
    if sys.maxsize < 2**32:
        raise house.Skip("the list holds layouts of 64-bit machines")
    return changes(tables(LIST.read_text().splitlines()), tables(measure(house.TOP)))


def frozen__every_public_struct_is_listed():
    listed = tables(LIST.read_text().splitlines())
    return [f"{name} is not in frozen.txt: run tests/house/test_frozen.py --write" for name in structs(house.TOP) if name not in listed]


def frozen__the_assertions_are_those_of_the_list():
    same = (house.TOP / "tests/house/frozen.c").read_text() == asserts(LIST.read_text().splitlines())
    return [] if same else ["frozen.c is not what frozen.txt says: run tests/house/test_frozen.py --write"]


def frozen__no_code_was_renumbered():
    old, new = dict(line.split() for line in CODES.read_text().splitlines() if not line.startswith("#")), codes(house.TOP)
    return code_changes(old, new) if new else ["no code was found in the headers"]


if __name__ == "__main__":
    if "--write" in sys.argv:
        LIST.write_text("# Layouts of public structs on 64-bit machines: kind, name, bytes; then field, offset, bytes.\n" +
                        "\n".join(measure(house.TOP)) + "\n")
        CODES.write_text("# Codes of the last release and their numbers; newer ones join when a release lists them.\n" +
                         "".join(f"{name} {value}\n" for name, value in codes(house.TOP).items()))
        (house.TOP / "tests/house/frozen.c").write_text(asserts(LIST.read_text().splitlines()))
    else:
        house.run(frozen__no_layout_has_changed, frozen__every_public_struct_is_listed, frozen__the_assertions_are_those_of_the_list,
                  frozen__no_code_was_renumbered)
