# SPDX-License-Identifier: Apache-2.0
"""The public structs of the headers, and how the compiler lays them out."""
import os
import re
import subprocess
import tempfile

import house

CC = os.environ.get("CC", "cc").split()


def structs(top):
    """{name: [field, …]} of every public struct with a body, in the order of the headers."""
    found = {}
    for path in sorted((top / "include/o2c").glob("*.h")):
        text = house.code_only(path.read_text())
        for name, body in re.findall(r"typedef struct (\w+) \{(.*?)\n\} \1;", text, flags=re.DOTALL):
            fields = []
            for part in (p.strip() for p in body.split(";") if p.strip()):
                pointer = re.search(r"\(\*(\w+)\)\(", part)
                fields += [pointer.group(1)] if pointer else [re.search(r"(\w+)\s*(\[[^\]]*\])*$", one).group(1) for one in part.split(",")]
            found[name] = fields
    return found


def measure(top):
    """Lines "kind struct size" and "  field offset size", as the compiler lays them out here."""
    found = structs(top)
    out = ["#include <stdio.h>", "#include <stddef.h>"] + [f"#include <o2c/{p.name}>" for p in sorted((top / "include/o2c").glob("*.h"))]
    out.append("int main(void) {")
    for name, fields in found.items():
        kind = "options" if fields[0] == "struct_size" else "record"
        out.append(f'printf("{kind} {name} %zu\\n", sizeof({name}));')
        out += [f'printf("  {f} %zu %zu\\n", offsetof({name}, {f}), sizeof((({name} *)0)->{f}));' for f in fields]
    out.append("return 0; }")
    with tempfile.TemporaryDirectory() as folder:
        command = [*CC, "-std=c11", "-I", str(top / "include"), "-x", "c", "-", "-o", folder + "/layout"]
        subprocess.run(command, input="\n".join(out), text=True, check=True)
        return subprocess.run([folder + "/layout"], capture_output=True, text=True, check=True).stdout.splitlines()


def codes(top):
    """{name: number} of every enumerator of the public headers."""
    found = {}
    for path in sorted((top / "include/o2c").glob("*.h")):
        found.update(re.findall(r"^ +(O2C_\w+) = (-?\d+),?", house.code_only(path.read_text()), flags=re.MULTILINE))
    return found


def code_changes(old, new):
    return [f"{name} was {value} and is {new.get(name)}: a code is never reused" for name, value in old.items() if new.get(name) != value]
