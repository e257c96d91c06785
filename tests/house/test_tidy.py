#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sizes of files, functions and lines; the license line; words that have no place in the library."""
import re

import house

FILE_MAX, FUNCTION_MAX, LINE_MAX = 700, 70, 140
FOLDERS = ["lib", "include", "examples", "tests", "bench", "bindings", ".ci"]
CODE = {".c", ".h", ".py", ".sh"}
# Memory comes from the env; text goes where its end is known; numbers are read by our own readers, whatever the locale.
BANNED = re.compile(r"\b(malloc|calloc|realloc|free|strdup|strndup|strcpy|strcat|sprintf|vsprintf|gets|alloca|strtok|setlocale|atoi|atol|atof|"
                    r"strtod|strtof|strtold|getenv|time|localtime|gmtime|rand|abort|exit|printf|xmlMemSetup|xmlSetGenericErrorFunc|"
                    r"xmlCleanupParser|xmlSetExternalEntityLoader)\s*\(")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|HA" r"CK)\b")


def generated(path):
    """Tables that a script writes do not count in length."""
    return "generated" in path.parts or path.name == "frozen.c" or path.stem.endswith("_table") or "tables" in path.stem


def files(top, suffixes=CODE):
    yield from house.sources(top, FOLDERS, suffixes)
    yield from (path for path in top.rglob("meson.build") if not any(part.startswith((".", "build")) for part in path.relative_to(top).parts[:-1]))


def text_of(path):
    return path.read_text(encoding="utf-8", errors="replace")


def tidy__every_file_begins_with_its_license(top=house.TOP):
    return [str(p.relative_to(top)) for p in files(top) if "SPDX-License-Identifier: Apache-2.0" not in "".join(text_of(p).splitlines()[:2])]


def tidy__no_file_is_longer_than_700_lines(top=house.TOP):
    lengths = ((path, len(text_of(path).splitlines())) for path in files(top) if not generated(path))
    return [f"{path.relative_to(top)}: {lines} lines" for path, lines in lengths if lines > FILE_MAX]


def tidy__no_line_is_longer_than_140(top=house.TOP):
    return [f"{path.relative_to(top)}:{number}: {len(line)}" for path in files(top) if not generated(path)
            for number, line in enumerate(text_of(path).splitlines(), 1) if len(line) > LINE_MAX]


def tidy__no_function_is_longer_than_70_lines(top=house.TOP):
    wrong = []
    for path in files(top, {".c", ".h"}):
        start = None
        for number, line in enumerate(text_of(path).splitlines(), 1):
            if line == "{":
                start = number
            elif line == "}" and start:
                if number - start + 1 > FUNCTION_MAX:
                    wrong.append(f"{path.relative_to(top)}:{start}: {number - start + 1} lines")
                start = None
    return wrong


def tidy__no_banned_function_is_called_in_lib(top=house.TOP):
    wrong = []
    for path in house.sources(top, ["lib"], {".c", ".h", ".inc"}):
        for number, line in enumerate(house.code_only(text_of(path)).splitlines(), 1):
            for name in BANNED.findall(line):
                if path != top / "lib/base/memory.c" or name not in ("malloc", "realloc", "free"):
                    wrong.append(f"{path.relative_to(top)}:{number}: {name}")
    return wrong


def tidy__no_work_is_marked_as_unfinished(top=house.TOP):
    return [f"{path.relative_to(top)}:{number}: {line.strip()}" for path in files(top)
            for number, line in enumerate(text_of(path).splitlines(), 1) if UNFINISHED.search(line)]


if __name__ == "__main__":
    house.run(tidy__every_file_begins_with_its_license, tidy__no_file_is_longer_than_700_lines, tidy__no_line_is_longer_than_140,
              tidy__no_function_is_longer_than_70_lines, tidy__no_banned_function_is_called_in_lib, tidy__no_work_is_marked_as_unfinished)
