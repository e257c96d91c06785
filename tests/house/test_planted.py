#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A check that cannot fail proves nothing: each mistake is planted in a small tree of three rooms, and must be found there."""
import pathlib
import subprocess

import house
import layout
import test_floors
import test_frozen
import test_no_float
import test_symbols
import test_tidy
from miniature import SPDX, expect, miniature


def planted__floors_sees_upward_sideways_and_foreign_includes():
    include = '#include "base/base.h"'
    return expect(test_floors.wrong_includes, ("lib/base/base.c", include, '#include "left/left.h"', "not strictly below"),
                  ("lib/right/right.c", include, '#include "left/left.h"', "not strictly below"),
                  ("lib/right/right.c", include, "#include <o2c/left.h>", "not strictly below"),
                  ("lib/right/right.c", include, "#include <libxml/parser.h>", "only lib/formats"),
                  ("lib/right/right.c", include, '#include "base.h"', "does not say its room"),
                  ("lib/FLOORS", "1 right\n", "", "no line in lib/FLOORS"))


def archive_check(top):
    subprocess.run(["cc", "-c", "-I", top / "lib", "-I", top / "include", "lib/left/left.c", "-o", "left.o"], cwd=top, check=True)
    subprocess.run(["ar", "rc", "libleft.a", "left.o"], cwd=top, check=True)
    return test_symbols.compare_map(top) + test_symbols.foreign_globals(top / "libleft.a")


def planted__symbols_sees_a_lost_a_forgotten_and_a_foreign_name():
    return expect(archive_check, ("lib/o2c.map", "o2c_left;", "o2c_late;", "in o2c.map but not declared: o2c_late"),
                  ("include/o2c/base.h", "O2C_API int o2c_left(void);", "O2C_API int o2c_left(void);\nO2C_API int *o2c_more(void);", "o2c_more"),
                  ("lib/left/left.c", "int o2c_left", "int helper;\nint o2c_left", "helper does not begin"))


def planted__frozen_sees_every_change_of_a_layout():
    with miniature() as top:
        before = test_frozen.tables(layout.measure(pathlib.Path(top)))
    header = "include/o2c/base.h"
    return expect(lambda top: test_frozen.changes(before, test_frozen.tables(layout.measure(top))),
                  (header, "third;", "third, fourth;", "fourth is new in a record"), (header, "second[2]", "second[3]", "o2c_row: 16 bytes"),
                  (header, "int first", "char first", "o2c_row.first"), (header, "o2c_row", "o2c_line", "o2c_row is gone"),
                  (header, "int (*call)", "int early;\n    int (*call)", "o2c_wish.early"), (header, "    int (*call)(void *self);\n", "", "o2c_wish: 16 bytes"))


def planted__frozen_sees_a_code_that_is_gone_or_renumbered():
    old = {"O2C_E_ONE": "-1", "O2C_E_TWO": "-2"}
    said = layout.code_changes(old, {"O2C_E_ONE": "-3", "O2C_E_NEW": "-1"})
    return [] if len(said) == 2 and not layout.code_changes(old, {**old, "O2C_E_NEW": "-3"}) else said or ["nothing was seen"]


def planted__no_float_and_tidy_see_what_has_no_place():
    return (expect(test_no_float.floats, ("lib/base/base.c", "return 1", "return (int)1.5", "1.5"),
                   ("lib/base/base.h", "int o2c__base", "double o2c__base", "double")) +
            expect(test_tidy.tidy__no_banned_function_is_called_in_lib, ("lib/base/base.c", "return 1", "return atoi(\"1\")", "atoi"),
                   ("lib/base/base.c", "return 1", "__builtin_prefetch(0); return 1", "__builtin_prefetch")) +
            expect(test_tidy.tidy__no_function_is_longer_than_70_lines, ("lib/base/base.c", "return 1", "\n" * 70 + "return 1", "73 lines")) +
            expect(test_tidy.tidy__no_line_is_longer_than_140_or_160_in_tests, ("lib/base/base.c", "return 1", "return 1" + " " * 140, "base.c:7:")) +
            expect(test_tidy.tidy__every_file_begins_with_its_license, ("lib/left/left.c", SPDX, "", "left.c")) +
            expect(test_tidy.tidy__no_work_is_marked_as_unfinished, ("lib/left/left.c", "int", "/* TO" "DO */ int", "left.c")))


if __name__ == "__main__":
    house.run(planted__floors_sees_upward_sideways_and_foreign_includes, planted__symbols_sees_a_lost_a_forgotten_and_a_foreign_name,
              planted__frozen_sees_every_change_of_a_layout, planted__frozen_sees_a_code_that_is_gone_or_renumbered,
              planted__no_float_and_tidy_see_what_has_no_place)
