#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The same with clang, whose warnings differ.
set -eu
cd "$(dirname "$0")/.."
rm -rf build/ci-clang
CC=clang CXX=clang++ meson setup build/ci-clang -Dwerror=true -Dtests=true -Dbench=true
ninja -C build/ci-clang
meson test -C build/ci-clang --no-rebuild --print-errorlogs --timeout-multiplier 2
