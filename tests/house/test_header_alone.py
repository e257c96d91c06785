#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each public header stands alone, in every language a user may compile it with, without one warning."""
import os
import shutil
import subprocess

import house

CC = os.environ.get("CC", "cc").split()
CXX = os.environ.get("CXX", "c++").split()
WARN = ["-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", str(house.TOP / "include")]


def compile_alone(command, language, standard):
    if not shutil.which(command[0]):
        raise house.Skip(f"there is no compiler {command[0]}")
    wrong = []
    headers = sorted((house.TOP / "include/o2c").glob("*.h"))
    for header in headers:
        # Twice: the second time the include guard must hold.
        text = f"#include <o2c/{header.name}>\n#include <o2c/{header.name}>\nextern int end;\n"
        done = subprocess.run([*command, f"-std={standard}", *WARN, "-x", language, "-"], input=text, capture_output=True, text=True)
        if done.returncode:
            wrong.append(f"{header.name} as {standard}: {done.stderr.strip().splitlines()[0]}")
    return wrong if headers else ["no header was found"]


def header_alone__compiles_as_c11():
    return compile_alone(CC, "c", "c11")


def header_alone__compiles_as_c17():
    return compile_alone(CC, "c", "c17")


def header_alone__compiles_as_cpp17():
    return compile_alone(CXX, "c++", "c++17")


if __name__ == "__main__":
    house.run(header_alone__compiles_as_c11, header_alone__compiles_as_c17, header_alone__compiles_as_cpp17)
