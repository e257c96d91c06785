#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Replays the seeds of every fuzz target under the sanitizers; how to fuzz for longer: tests/fuzz/run.sh.
set -eu
cd "$(dirname "$0")/.."
rm -rf build/ci-fuzz
meson setup build/ci-fuzz -Dwerror=true -Dtests=true -Db_sanitize=address,undefined -Db_lundef=false
ninja -C build/ci-fuzz
UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 meson test -C build/ci-fuzz --no-rebuild --suite fuzz --print-errorlogs --timeout-multiplier 5
