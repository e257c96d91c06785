#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs every fuzz target for some seconds (default 30): sh tests/fuzz/run.sh [seconds] [target …]
# Builds with clang, libFuzzer, ASan and UBSan; installs clang from Debian when it is missing. New inputs stay in build/fuzz/corpus,
# what breaks a target in build/fuzz/broken.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-30}
[ $# -gt 0 ] && shift
case $seconds in
'' | *[!0-9]*) echo "usage: sh tests/fuzz/run.sh [seconds] [target …]" >&2; exit 2 ;;
esac
build=${O2C_FUZZ_BUILD:-build/fuzz}

install_packages() {
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    command -v apt-get >/dev/null || { echo "run.sh: needs $* and cannot install it here" >&2; exit 2; }
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

has_fuzzer() {
    command -v clang >/dev/null && ls "$(clang -print-resource-dir)"/lib/linux/libclang_rt.fuzzer-*.a >/dev/null 2>&1
}

has_fuzzer || install_packages clang libclang-rt-14-dev
for tool in meson ninja pkg-config; do
    command -v "$tool" >/dev/null || install_packages meson ninja-build pkg-config libcunit1-dev libxml2-dev zlib1g-dev libjansson-dev
done
pkg-config --exists cunit libxml-2.0 zlib jansson || install_packages libcunit1-dev libxml2-dev zlib1g-dev libjansson-dev

mkdir -p "$build/broken"
if [ ! -f "$build/build.ninja" ]; then
    CC=clang meson setup "$build" -Dtests=true -Dfuzz=true -Dtool=false -Dbench=false -Db_sanitize=address,undefined -Db_lundef=false \
        -Dc_args='-fsanitize=fuzzer-no-link -fno-sanitize-recover=undefined' >"$build/setup.log" 2>&1 || { cat "$build/setup.log" >&2; exit 1; }
fi
targets=$*
if [ -z "$targets" ]; then
    targets=$(ninja -C "$build" -t targets all | sed -n 's|^tests/fuzz/libfuzzer_\([a-z0-9_]*\): .*|\1|p' | sort)
fi
programs=
for target in $targets; do programs="$programs tests/fuzz/libfuzzer_$target"; done
# shellcheck disable=SC2086
ninja -C "$build" $programs >"$build/ninja.log" 2>&1 || { tail -40 "$build/ninja.log" >&2; exit 1; }

passed=0 failed=0 table=
for target in $targets; do
    corpus=$build/corpus/$target log=$build/$target.log words=
    mkdir -p "$corpus"
    [ -f "tests/fuzz/$target/dictionary" ] && words="-dict=tests/fuzz/$target/dictionary"
    echo "fuzz/$target: $seconds s"
    # shellcheck disable=SC2086
    if "$build/tests/fuzz/libfuzzer_$target" "$corpus" "tests/fuzz/$target/seeds" $words -max_total_time="$seconds" -timeout=10 \
        -rss_limit_mb=1024 -artifact_prefix="$build/broken/$target-" -print_final_stats=1 >"$log" 2>&1; then
        word=ok passed=$((passed + 1))
    else
        word=BROKEN failed=$((failed + 1))
        tail -30 "$log"
    fi
    execs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
    table="$table$(printf '%-20s %12s %10s  %s' "$target" "${execs:-?}" "${rate:-?}" "$word")
"
done
printf '\n%-20s %12s %10s\n%s' target execs execs/s "$table"
echo "fuzz: $passed passed, $failed failed, $seconds s each"
[ "$failed" = 0 ]
