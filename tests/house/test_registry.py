#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is generated from the registry is what is committed."""
import subprocess
import sys

import house


def registry__generated_files_are_what_the_registry_says():
    done = subprocess.run([sys.executable, str(house.TOP / "lib/registry/generate.py"), "--check"], capture_output=True, text=True)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).strip().splitlines()


if __name__ == "__main__":
    house.run(registry__generated_files_are_what_the_registry_says)
