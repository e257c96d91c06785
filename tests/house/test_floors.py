#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An include goes strictly downward by lib/FLOORS; rooms on one floor are blind to each other."""
import re

import house

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
# Headers every room may include: the shapes of base, and the tables the registry generates.
GROUND = {"base.h", "status.h", "codes.h", "policy.h"}
# A room with more than one public header.
PARTS = {"backtest": "match"}
OUTSIDE = {"libxml/": "formats", "zlib.h": "formats", "zconf.h": "formats", "jansson.h": "formats"}


def floors(top):
    rows = (line.split() for line in (top / "lib/FLOORS").read_text().splitlines())
    return {row[1]: int(row[0]) for row in rows if len(row) == 2 and row[0].isdigit()}


def judge(room, quoted, name, floor):
    """What is wrong with this include in this room, or None."""
    for begin, owner in OUTSIDE.items():
        if name.startswith(begin) and room != owner:
            return f"only lib/{owner} includes <{name}>"
    if name.startswith("o2c/"):
        other = name[4:]
        if other in GROUND:
            return None
        other = PARTS.get(other[:-2], other[:-2])
    elif quoted:
        other = name.split("/")[0]
        if "/" not in name:
            return f'"{name}" does not say its room'
    else:
        return None
    if other == room:
        return None
    if other not in floor:
        return f"{name} is of no room in lib/FLOORS"
    return None if floor[other] < floor[room] else f"{name} is not strictly below {room}"


def wrong_includes(top):
    floor, wrong, seen = floors(top), [], 0
    for path in house.sources(top, ["lib"], {".c", ".h", ".inc"}):
        room = path.relative_to(top / "lib").parts[0]
        if room not in floor:
            wrong.append(f"{path.relative_to(top)}: {room} has no line in lib/FLOORS")
            continue
        text = house.code_only(path.read_text(), strings=False)
        for mark, name in INCLUDE.findall(text):
            seen += 1
            fault = judge(room, mark == '"', name, floor)
            if fault:
                wrong.append(f"{path.relative_to(top)}: {fault}")
    return wrong if seen else ["no include was found at all"]


def floors__every_include_goes_strictly_downward():
    return wrong_includes(house.TOP)


def floors__public_headers_include_each_other_downward():
    floor, wrong = floors(house.TOP), []
    for path in house.sources(house.TOP, ["include/o2c"], {".h"}):
        room = PARTS.get(path.stem, path.stem)
        if path.name in GROUND or room == "o2c":
            floor = {**floor, room: 0 if path.name in GROUND else 99}
        for _, name in INCLUDE.findall(path.read_text()):
            fault = judge(room, False, name, floor)
            if fault or (name.startswith("o2c/") and path.name == "base.h"):
                wrong.append(f"{path.name}: {fault or 'base stands on nothing'}")
    return wrong


def floors__the_tool_includes_public_headers_only():
    wrong = []
    for path in house.sources(house.TOP, ["examples"], {".c", ".h"}):
        for mark, name in INCLUDE.findall(path.read_text()):
            if name.split("/")[0] in floors(house.TOP) or (mark == "<" and name.startswith("o2c/sys")):
                wrong.append(f"{path.relative_to(house.TOP)} includes {name}")
    return wrong


# What makes a weight, and the words of the record that is kept of labels: one must not see the other.
WEIGHS = ("explain", "sets", "bound", "prior", "weight", "text", "retrieve", "payer", "probe", "damage", "discount", "habit")
LABELS = re.compile(r"O2C_LABEL_|o2c__label|o2c__class_error|o2c__class_open|o2c__weigh_part|o2c__released")


def l1__no_weight_sees_a_label():
    wrong, weighed, labeled = [], 0, 0
    for path in house.sources(house.TOP, ["lib/match"], {".c"}):
        names = LABELS.findall(house.code_only(path.read_text()))
        weighs = path.stem.split("_")[0] in WEIGHS
        weighed += weighs
        labeled += bool(names)
        if weighs and names:
            wrong.append(f"{path.name} weighs, and names {names[0]}")
    return wrong if weighed > 30 and labeled > 5 else wrong + [f"{weighed} files that weigh and {labeled} that label: the lists are old"]


if __name__ == "__main__":
    house.run(floors__every_include_goes_strictly_downward, floors__public_headers_include_each_other_downward,
              floors__the_tool_includes_public_headers_only, l1__no_weight_sees_a_label)
