#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds and runs the benchmarks; JSON lines go to the screen and, with the commit, to bench/results/.
#     sh bench/run.sh [small]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build/bench
results=$root/bench/results
megabytes=200 count=1000000
[ "${1:-}" = small ] && megabytes=20 count=100000
commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)

mkdir -p "$results"
[ -f "$build/build.ninja" ] || meson setup "$build" "$root" --buildtype=release -Dbench=true -Dtests=false >/dev/null
ninja -C "$build" >/dev/null

# Runs a program, shows its lines, and keeps them with the commit.
keep() {
    name=$1
    shift
    echo "== $name" >&2
    "$@" | while IFS= read -r line; do
        printf '%s\n' "$line"
        case $line in
        '{'*) printf '{"commit":"%s","bench":"%s",%s\n' "$commit" "$name" "${line#?}" >>"$results/$name.jsonl" ;;
        esac
    done
}
keep camt "$build/bench/formats/camt_bench" "$megabytes"
keep hostile "$build/bench/formats/hostile_bench"
keep mt940 "$build/bench/formats/mt940_bench"
keep match sh "$root/bench/match/run.sh" "$build" "$count"
