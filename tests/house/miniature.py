# SPDX-License-Identifier: Apache-2.0
"""A small tree of three rooms, and mistakes planted in it one at a time."""
import pathlib
import tempfile

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
