#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A check that cannot fail proves nothing: each mistake is planted in a small tree of three rooms, and must be found there."""
import pathlib
import subprocess
import tempfile

import house
import layout
import test_floors
import test_frozen
import test_no_float
import test_symbols
import test_tidy

SPDX = "/* SPDX-License-Identifier: Apache-2.0 */\n"
TREE = {
    "lib/FLOORS": "0 base\n1 left\n1 right\n",
    "lib/base/base.h": SPDX + "int o2c__base(void);\n",
    "lib/base/base.c": SPDX + '#include "base/base.h"\n\nint\no2c__base(void)\n{\n    return 1;\n}\n',
    "lib/left/left.c": SPDX + '#include <o2c/base.h>\n#include "base/base.h"\nint o2c_left(void) { return o2c__base(); }\n',
    "lib/right/right.c": SPDX + '#include "base/base.h"\nint o2c__right(void) { return 2; }\n',
    "lib/o2c.map": "O2C_0.1 {\nglobal:\n    o2c_left;\nlocal:\n    *;\n};\n",
    "lib/o2c-formats.map": "O2C_0.1 {\nlocal:\n    *;\n};\n",
    "include/o2c/base.h": SPDX + "#define O2C_API\nO2C_API int o2c_left(void);\n"
    "typedef struct o2c_row {\n    int first;\n    int second[2], third;\n} o2c_row;\n"
    "typedef struct o2c_wish {\n    unsigned struct_size;\n    int (*call)(void *self);\n} o2c_wish;\n",
}


def miniature(path=None, old="", new=""):
    """The tree with one replacement planted, in a folder that goes with its last user."""
    folder = tempfile.TemporaryDirectory()
    for name, text in TREE.items():
        target = pathlib.Path(folder.name, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        assert name != path or old in text
        target.write_text(text.replace(old, new) if name == path else text)
    return folder


def expect(check, *plants):
    """Nothing is wrong in the clean tree, and with each plant the words are in what the check says."""
    with miniature() as top:
        wrong = [f"in the clean tree: {line}" for line in check(pathlib.Path(top))]
    for path, old, new, words in plants:
        with miniature(path, old, new) as top:
            said = check(pathlib.Path(top))
        if not any(words in line for line in said):
            wrong.append(f"planted {new!r} in {path}, and the check said {said}")
    return wrong


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


def planted__no_float_and_tidy_see_what_has_no_place():
    return (expect(test_no_float.floats, ("lib/base/base.c", "return 1", "return (int)1.5", "1.5"),
                   ("lib/base/base.h", "int o2c__base", "double o2c__base", "double")) +
            expect(test_tidy.tidy__no_banned_function_is_called_in_lib, ("lib/base/base.c", "return 1", "return atoi(\"1\")", "atoi")) +
            expect(test_tidy.tidy__no_function_is_longer_than_70_lines, ("lib/base/base.c", "return 1", "\n" * 70 + "return 1", "73 lines")) +
            expect(test_tidy.tidy__no_line_is_longer_than_140, ("lib/base/base.c", "return 1", "return 1" + " " * 140, "base.c:7:")) +
            expect(test_tidy.tidy__every_file_begins_with_its_license, ("lib/left/left.c", SPDX, "", "left.c")) +
            expect(test_tidy.tidy__no_work_is_marked_as_unfinished, ("lib/left/left.c", "int", "/* TO" "DO */ int", "left.c")))


if __name__ == "__main__":
    house.run(planted__floors_sees_upward_sideways_and_foreign_includes, planted__symbols_sees_a_lost_a_forgotten_and_a_foreign_name,
              planted__frozen_sees_every_change_of_a_layout, planted__no_float_and_tidy_see_what_has_no_place)
