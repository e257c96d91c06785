#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A clean build with gcc and every option, optimized as a distribution does, warnings as errors; then the suites.
set -eu
cd "$(dirname "$0")/.."
rm -rf build/ci-gcc
CC=gcc meson setup build/ci-gcc --buildtype=release -Dwerror=true -Dtests=true -Dbench=true -Ddefault_library=both
ninja -C build/ci-gcc
meson test -C build/ci-gcc --no-rebuild --print-errorlogs --timeout-multiplier 2
