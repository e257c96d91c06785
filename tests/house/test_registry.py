#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a generator writes is what is committed: the registry's headers and tables, currencies, folding, logarithms, the page of errors."""
import subprocess
import sys

import house

GENERATORS = ["lib/registry/generate.py", "lib/record/generate_currency.py", "lib/record/generate_fold.py", "lib/match/generate_tables.py",
              "docs/generate_errors.py"]


def check(name):
    done = subprocess.run([sys.executable, str(house.TOP / name), "--check"], capture_output=True, text=True)
    said = (done.stdout + done.stderr).strip()
    if done.returncode == 77:
        raise house.Skip(said.removeprefix("SKIP: "))
    return [] if done.returncode == 0 else said.splitlines() or [f"{name} answered {done.returncode}"]


def registry__every_generator_is_known():
    found = {str(path.relative_to(house.TOP)) for folder in ("lib", "docs") for path in (house.TOP / folder).rglob("generate*.py")}
    return [f"{name} is not checked here" for name in sorted(found - set(GENERATORS))]


def registry__headers_and_tables_are_what_the_registry_says():
    return check(GENERATORS[0])


def registry__currency_table_is_what_its_list_says():
    return check(GENERATORS[1])


def registry__fold_table_is_what_unicode_says():
    return check(GENERATORS[2])


def registry__match_tables_are_what_their_formulas_say():
    return check(GENERATORS[3])


def registry__errors_page_is_what_the_registry_says():
    return check(GENERATORS[4])


if __name__ == "__main__":
    house.run(registry__every_generator_is_known, registry__headers_and_tables_are_what_the_registry_says,
              registry__currency_table_is_what_its_list_says, registry__fold_table_is_what_unicode_says,
              registry__match_tables_are_what_their_formulas_say, registry__errors_page_is_what_the_registry_says)
