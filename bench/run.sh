#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds and runs the benchmarks: JSON lines with commit and machine to bench/results/, a Markdown table beside them, and the pictures.
#     sh bench/run.sh [small] [pictures FOLDER]
# small: under five minutes, into bench/results/small. Pictures go to bench/results/pictures unless a folder (docs/pictures) is named.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build/bench
results=$root/bench/results
size=full
if [ "${1:-}" = small ]; then
    size=small
    results=$results/small
    shift
fi
pictures=$results/pictures
[ "${1:-}" = pictures ] && pictures=$2
commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
machine=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -1 | tr -d '"\\')
machine="${machine:-$(uname -m)}, $(getconf _NPROCESSORS_ONLN) cores"

mkdir -p "$results"
[ -f "$build/build.ninja" ] || meson setup "$build" "$root" --buildtype=release -Dbench=true -Dtests=false >/dev/null
ninja -C "$build" >/dev/null

# Runs a program, shows its lines (the long tables of a line are kept, not shown), and keeps them with commit and machine.
keep() {
    name=$1
    shift
    echo "== $name: $(basename "$1") $(shift; echo "$*")" >&2
    "$@" | while IFS= read -r line; do
        printf '%.600s\n' "$line"
        case $line in
        '{'*) printf '{"commit":"%s","machine":"%s","bench":"%s",%s\n' "$commit" "$machine" "$name" "${line#?}" >>"$results/$name.jsonl" ;;
        esac
    done
}
match=$build/bench/match

if [ "$size" = small ]; then
    megabytes=20 sizes="1000 10000 100000" count=100000 market=30000 seeds=1 year=20000 alone=
else
    megabytes=200 sizes="1000 10000 100000 1000000 10000000" count=1000000 market=1000000 seeds="9001 9002 9003" year=200000
    alone="S01 S02 S03 S04 S05 S06 S07 S08 S09 S10 S12 S13 S14 S15 S16 S17 S21 S24 S27"
fi
if [ -x "$build/bench/formats/camt_bench" ]; then
    keep camt "$build/bench/formats/camt_bench" "$megabytes"
    keep hostile "$build/bench/formats/hostile_bench"
    keep mt940 "$build/bench/formats/mt940_bench"
fi
for items in $sizes; do
    payments=$items
    [ "$payments" -gt "$count" ] && payments=$count
    for scenario in exact free; do
        keep match "$match/match_bench" --scenario "$scenario" --items "$items" --payments "$payments" --exact-stage --json
    done
done
keep match "$match/match_bench" --scenario free --items "$count" --payments "$count" --threads 2 --json
for seed in $seeds; do
    keep mix "$match/match_bench" --scenario mix --items "$market" --seed "$seed" --json
    keep mix_shipped "$match/match_bench" --scenario mix --items "$market" --seed "$seed" --history 0 --json
done
for scenario in $alone; do
    keep alone "$match/match_bench" --scenario "$scenario" --items 100000 --seed 9001 --json
done
for bench in naked_bench remit_bench subset_bench portfolio_bench names_bench pool_bench; do
    [ -x "$match/$bench" ] && keep "${bench%_bench}" "$match/$bench"
done
if [ -x "$match/backtest_bench" ]; then
    lists=$(mktemp -d)
    trap 'rm -rf "$lists"' EXIT
    "$match/o2c-match-gen" --seed 9001 --items "$year" --out "$lists" >/dev/null
    keep backtest "$match/backtest_bench" "$lists"
    keep backtest "$match/backtest_bench" "$lists" --threads 2
fi
[ -x "$root/bench/match/peers/run.sh" ] || [ -f "$root/bench/match/peers/run.sh" ] && keep peers sh "$root/bench/match/peers/run.sh" "$build" "$size"
python3 "$root/bench/pictures.py" "$results" "$pictures" | tee "$results/table.md"
