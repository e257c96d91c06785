#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No float near money: the words float and double stand nowhere in lib or include, and no literal has a decimal point."""
import re

import house

# A dot with a digit beside it, or a decimal exponent; hexadecimal numbers have neither after this look-behind.
WORDS = re.compile(r"\b(float|double|_Float\d+|_Complex|_Decimal\d+)\b|(?<![\w.])(\d+\.\d*|\.\d+|\d+[eE][+-]?\d+)[fFlL]?\b|<(math|float|complex|fenv)\.h>")


def floats(top):
    wrong, seen = [], 0
    for path in house.sources(top, ["lib", "include"], {".c", ".h", ".inc"}):
        seen += 1
        for number, line in enumerate(house.code_only(path.read_text()).splitlines(), 1):
            if WORDS.search(line):
                wrong.append(f"{path.relative_to(top)}:{number}: {WORDS.search(line).group(0)}")
    return wrong if seen else ["no source was found at all"]


def no_float__stands_in_lib_or_include():
    return floats(house.TOP)


if __name__ == "__main__":
    house.run(no_float__stands_in_lib_or_include)
