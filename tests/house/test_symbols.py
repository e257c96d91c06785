#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Headers = map = what the shared library exports; every global of an archive, internal ones too, begins with o2c_."""
import re
import subprocess

import house

FORMATS = {"formats.h"}
# What a sanitizer adds to an object is not ours.
RUNTIME = re.compile(r"^__(odr_asan\.|asan_|ubsan_|sancov_|start_|stop_|llvm_|gcov|profc_)")


def declared(top, formats):
    names = set()
    for path in sorted((top / "include/o2c").glob("*.h")):
        if (path.name in FORMATS) == formats:
            text = re.sub(r"^\s*#.*$", "", house.code_only(path.read_text()), flags=re.MULTILINE)
            names.update(re.findall(r"\bO2C_API\b[^;(]*?\b(\w+)\s*\(", text))
    return names


def mapped(path):
    text = re.sub(r"/\*.*?\*/|#[^\n]*", "", path.read_text(), flags=re.DOTALL)
    return set(re.findall(r"\b(o2c_\w+);", text))


def nm(*args):
    done = subprocess.run(["nm", *map(str, args)], check=True, capture_output=True, text=True)
    return [line.split() for line in done.stdout.splitlines() if line and not line.endswith(":")]


def exported(library):
    names = (row[-1].split("@")[0] for row in nm("-D", "--defined-only", library) if row[-2] not in ("A", "a"))
    return {name for name in names if not RUNTIME.match(name)}


def differences(what, left, right):
    wrong = [f"{what[0]} but not {what[1]}: {name}" for name in sorted(left - right)]
    return wrong + [f"{what[1]} but not {what[0]}: {name}" for name in sorted(right - left)]


def compare_map(top):
    wrong = [] if declared(top, False) else ["no declaration was found at all"]
    for formats, name in ((False, "o2c.map"), (True, "o2c-formats.map")):
        wrong += differences(("declared", f"in {name}"), declared(top, formats), mapped(top / "lib" / name))
    return wrong


def foreign_globals(archive):
    rows = nm("-g", "--defined-only", archive)
    names = {row[-1] for row in rows if len(row) >= 2 and not RUNTIME.match(row[-1])}
    wrong = [f"{archive.name}: {name} does not begin with o2c_" for name in sorted(names) if not name.startswith("o2c_")]
    return wrong if names else [f"{archive.name} has no global at all"]


def symbols__headers_and_maps_name_the_same():
    return compare_map(house.TOP)


def symbols__libraries_export_what_the_maps_name():
    found, wrong = sorted((house.BUILD / "lib").glob("libo2c*.so")), []
    if not found:
        raise house.Skip("no shared library in this build")
    for library in found:
        wrong += differences(("exported", "in its map"), exported(library), mapped(house.TOP / "lib" / (library.stem[3:] + ".map")))
    return wrong


def symbols__every_global_of_an_archive_begins_with_o2c():
    archives = sorted((house.BUILD / "lib").glob("libo2c*.a"))
    if len(archives) < 3:
        return [f"archives of the rooms are missing: {archives}"]
    return [line for archive in archives for line in foreign_globals(archive)]


if __name__ == "__main__":
    house.run(symbols__headers_and_maps_name_the_same, symbols__libraries_export_what_the_maps_name,
              symbols__every_global_of_an_archive_begins_with_o2c)
